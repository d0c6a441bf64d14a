// @ts-check
// Everything that a drawing of the board depends on, in one value.

/** @import { Filter, State } from './state.js' */
/** @import { Status } from './feed.js' */
/** @import { SoundState } from './sound.js' */

/**
 * @typedef {object} Ui
 * @property {Filter} filter
 * @property {number | null} resolving                          the alert whose form is open
 * @property {ReadonlySet<number>} busy                         sent, no answer yet
 * @property {ReadonlyMap<number, { text: string, good: boolean }>} messages
 * @property {string | null} notice                             something that must be read and put away by hand
 */

/**
 * @typedef {object} View
 * @property {State} state
 * @property {Ui} ui
 * @property {number} now            by the service's clock
 */

/**
 * @typedef {object} Strip
 * @property {State | null} state
 * @property {Status} status
 * @property {number} now
 * @property {number} lastGoodAt     by the service's clock
 * @property {string} zone
 * @property {SoundState} sound
 * @property {number | null} soundSince
 * @property {number | null} pausedUntil
 * @property {number} computerAheadMs
 */

export {};
