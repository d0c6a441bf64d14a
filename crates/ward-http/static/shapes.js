// @ts-check
// One shape for each level, so that nobody needs the colour: red a triangle, amber a diamond, low a square, green a disc.

/** @import { Level } from './words.js' */

import { h, svg } from './dom.js';
import { LEVEL_MARK, LEVEL_WORD } from './words.js';

/** @type {Record<Level, string>} */
const PATH = {
  red: 'M8 1 15.5 15H.5z',
  amber: 'M8 .5 15.5 8 8 15.5.5 8z',
  low: 'M2 2h12v12H2z',
  green: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
};

/** @param {Level} level */
export const shape = (level) =>
  svg('svg', { class: 'wl-shape', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: PATH[level], fill: 'currentColor' }));

/**
 * Shape, prefix and word, on the colour.
 * @param {Level} level
 * @param {boolean} flashes
 */
export const tag = (level, flashes = false) =>
  h('span', { class: `wl-tag wl-tag--${level}${flashes ? ' wl-flash' : ''}` }, shape(level), LEVEL_MARK[level] ? `${LEVEL_MARK[level]} ` : '', LEVEL_WORD[level]);

/** Three kinds, three outlines: a pulse, an ear that hears nothing, a plug. @type {Record<string, string>} */
const KIND_PATH = {
  clinical: 'M0 9h4l2-6 3 11 2.5-8 1.2 3H16',
  silence: 'M2 6h3l4-4v12l-4-4H2zM11 6l4 4M15 6l-4 4',
  technical: 'M5 1v4M11 1v4M3 5h10v3a5 5 0 0 1-10 0zM8 13v3',
};

/**
 * The kind of an alert, told by outline and word, never by colour.
 * @param {string} kind
 * @param {string} word
 */
export const kindTag = (kind, word) =>
  h(
    'span',
    { class: `wl-kind wl-kind--${kind}` },
    svg('svg', { class: 'wl-shape', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: KIND_PATH[kind] ?? '', fill: 'none', stroke: 'currentColor', 'stroke-width': 2 })),
    word,
  );
