// @ts-check
// The call list, kept as it is now.

import { keep, part, say } from './page.js';

const root = part('calls');

const reds = () => document.querySelectorAll('#list .wl-calls__row--red').length;

if (root) {
  let before = reds();
  root.dataset['script'] = 'on';
  keep(root, ['progress', 'list'], () => true, () => {
    const now = reds();
    if (now > before) say(`${now} with an open red on the call list`);
    before = now;
  });
}
