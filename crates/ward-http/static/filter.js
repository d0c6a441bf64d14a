// @ts-check
// What somebody has narrowed their board down to. It hides people and never an alarm: what it hides is counted.

/** @import { BoardFilter } from './wire.js' */
/** @import { Row, State } from './state.js' */

import { byAcuity, isWaiting, rows } from './state.js';

/** @typedef {BoardFilter & { text: string }} Filter */

/** @type {Filter} */
export const NO_FILTER = { text: '', team: '', language: '', state: '' };

/** @param {Filter} filter */
export const isFiltering = (filter) => filter.text.trim() !== '' || filter.team !== '' || filter.language !== '' || filter.state !== '';

/** The language in which a person is spoken to; nothing recorded is English. @param {string} language */
export const languageOf = (language) => language.trim() || 'English';

/** The states that the board can be narrowed down to, in the order of its buttons. @type {readonly (readonly [string, string])[]} */
export const STATES = [
  ['', 'Everybody'],
  ['alert', 'Any open alert'],
  ['clinical', 'Clinical'],
  ['silence', 'Silence'],
  ['technical', 'Kit'],
  ['nobody', 'Nobody has it'],
  ['mine', 'You have it'],
  ['away', 'In hospital or away'],
];

/**
 * @param {Row} row
 * @param {string} state
 * @param {string} you
 */
export function isIn(row, state, you) {
  switch (state) {
    case '':
      return true;
    case 'alert':
      return row.alerts.length > 0;
    case 'nobody':
      return row.alerts.some(isWaiting);
    case 'mine':
      return row.alerts.some((alert) => alert.acknowledged?.clinician === you);
    case 'away':
      return row.person?.away != null;
    default:
      return row.alerts.some((alert) => alert.kind === state);
  }
}

/**
 * @param {Row} row
 * @param {Filter} filter
 * @param {string} you
 */
export function matches(row, filter, you) {
  if (!isIn(row, filter.state, you)) return false;
  // Somebody who is not known yet cannot be ruled out by name, team or language.
  if (!row.person) return true;
  if (filter.team !== '' && row.person.team !== filter.team) return false;
  if (filter.language !== '' && languageOf(row.person.language) !== filter.language) return false;
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = plain(`${row.person.name} ${row.person.nhs_number.replaceAll(' ', '')} ${row.alerts.map((a) => a.spoken).join(' ')}`);
  return words.every((word) => text.includes(word));
}

/** @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * What the filter hides: reds count whoever has them, and what is less than red is counted too.
 * @param {State} state
 * @param {Filter} filter
 */
export function hidden(state, filter) {
  const alerts = rows(state)
    .filter((row) => !matches(row, filter, state.you.clinician))
    .flatMap((row) => row.alerts)
    .sort(byAcuity);
  const reds = alerts.filter((alert) => alert.severity === 'red');
  return { reds: reds.length, waiting: reds.filter(isWaiting).length, others: alerts.length - reds.length, first: reds[0] ?? alerts[0] ?? null };
}

/**
 * Teams and languages of the people on the board, for the choices: one alone is no choice.
 * @param {State} state
 */
export function choices(state) {
  const people = [...state.people.values()];
  const sorted = (/** @type {string[]} */ words) => [...new Set(words)].sort((a, b) => a.localeCompare(b));
  return { teams: sorted(people.map((one) => one.team).filter(Boolean)), languages: sorted(people.map((one) => languageOf(one.language))) };
}
