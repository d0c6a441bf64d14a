// @ts-check
// Everything that a drawing of the board depends on, in one value.

/** @import { Filter } from './filter.js' */
/** @import { State } from './state.js' */
/** @import { AudioPause, Present } from './wire.js' */
/** @import { Status } from './feed.js' */
/** @import { SoundState } from './sound.js' */
/** @import { Phase } from './sound_test.js' */

/** @typedef {{ number: number, what: 'resolve' | 'give' }} Form  of which alert, to do what */

/**
 * @typedef {object} Ui
 * @property {Filter} filter
 * @property {Form | null} form                                 the form that is open
 * @property {ReadonlySet<number>} busy                         sent, no answer yet
 * @property {ReadonlyMap<number, { text: string, good: boolean }>} messages
 * @property {string | null} notice                             something that must be read and put away by hand
 * @property {readonly Present[]} present                       who has which patient's page open
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
 * @property {Phase} soundTest
 * @property {string} console                   the code of this screen
 * @property {boolean} isTold                   what was said to the last test is written down
 * @property {number | null} soundSince
 * @property {number | null} pausedUntil        of this board alone
 * @property {AudioPause | null} pause          of all the ward's boards
 * @property {number} watching                  consoles that are visible and can be heard
 * @property {number} computerAheadMs
 */

export {};
