// @ts-check
// The question that a shift starts with, and what to try when the answer is no.

/** @import { Strip } from './view.js' */

import { h } from './dom.js';
import { FOCUS } from './sound_test.js';

const LARGE = 'wl-button wl-button--large';

const TRY = [
  'Turn up the volume of the computer, and of its speakers.',
  'See where its sound goes: a headset that is plugged in, or another screen, may have it.',
  'Unmute this tab: right-click it at the top of the browser.',
  'Still nothing? Use another computer, and tell whoever looks after this one.',
];

/**
 * @param {Strip} strip
 * @returns {HTMLElement[]}
 */
export function panelOf({ soundTest, console }) {
  if (soundTest === 'none') return [];
  const title = (/** @type {string} */ words) => h('h2', { class: 'wl-sound__title', id: FOCUS[soundTest], tabindex: -1 }, words);
  const button = (/** @type {string} */ action, /** @type {string} */ words, /** @type {string} */ looks) =>
    h('button', { type: 'button', class: `${LARGE} ${looks}`, 'data-action': action, 'data-testid': action }, words);
  const parts = {
    playing: () => [title('Listen: this is the sound of a red alert'), h('p', {}, 'Two times five quick notes.')],
    asking: () => [
      title('Did you hear it?'),
      h('p', {}, 'Two times five quick notes, the sound of a red alert.'),
      h('p', { class: 'wl-sound__answers' }, button('heard', 'Yes, I heard it', 'wl-button--act'), ' ', button('not-heard', 'No', '')),
    ],
    unheard: () => off('Sound is off on this screen'),
    mute: () => off('This browser did not play the sound'),
  };
  const off = (/** @type {string} */ words) => [
    title(words),
    h('p', {}, 'Reds make no sound here, and this screen does not count as watching the ward. Try this:'),
    h('ul', { class: 'wl-sound__try' }, TRY.map((line) => h('li', {}, line))),
    h('p', { class: 'wl-sound__answers' }, button('arm', 'Play it again', 'wl-button--act'), ' ', button('close-sound-test', 'Close', '')),
    h('p', { class: 'wl-dim wl-sound__screen' }, `This screen is ${console}.`),
  ];
  return [h('section', { class: 'wl-sound', 'aria-labelledby': FOCUS[soundTest], 'data-key': `sound-${soundTest}`, 'data-testid': 'sound-test', 'data-phase': soundTest }, parts[soundTest]())];
}
