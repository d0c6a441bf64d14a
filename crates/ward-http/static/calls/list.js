// @ts-check
// The call list, kept as it is now. A new red is said by the line at the top, as on every page.

import { keep, part } from './page.js';

const root = part('calls');

if (root) {
  root.dataset['script'] = 'on';
  keep(root, ['progress', 'list'], () => true);
}
