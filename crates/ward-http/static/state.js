// @ts-check
// The board as a value, and what one frame makes of it. Pure: no clock, no page, no network.

/** @import { AlertView, Board, BoardRow, EventFrame, PointView, Shift, WardEvent, WardView, You } from './wire.js' */

/** Values kept for the trend. */
export const TREND_POINTS = 24;

/** Ended alerts kept on the page. */
export const OVER_KEPT = 50;

/** @typedef {Omit<BoardRow, 'alerts'>} Person */

/**
 * @typedef {object} Over  an alert that is no longer open, or a person who is no longer on the board
 * @property {string} key
 * @property {AlertView | null} alert
 * @property {string} who
 * @property {string} at  when it ended, or was found to have ended
 * @property {'resolved' | 'gone' | 'left'} how
 */

/**
 * @typedef {object} State
 * @property {WardView} ward
 * @property {You} you
 * @property {string} epoch
 * @property {number} asOf                     newest event applied
 * @property {ReadonlyMap<string, Person>} people       by stay
 * @property {ReadonlyMap<number, AlertView>} alerts    every open one, of people and of kit
 * @property {ReadonlyMap<string, string>} staff        names by clinician
 * @property {Shift} shift                     who is on duty, and whether the boards are quiet
 * @property {readonly Over[]} over            newest first
 * @property {{ items: number, reason: string, at: string } | null} setAside  since the page was opened
 * @property {boolean} wantsBoard              something is mentioned that only the board can tell
 */

/** @typedef {'applied' | 'repeat' | 'gap'} Verdict */

/**
 * The state as a board gives it. What `before` showed and the board no longer has moves to `over`: nothing vanishes.
 * @param {Board} board
 * @param {State | null} [before]
 * @returns {State}
 */
export function fromBoard(board, before = null) {
  const people = new Map(board.rows.map(({ alerts: _, ...person }) => [person.stay, person]));
  const listed = [...board.technical, ...board.rows.flatMap((row) => row.alerts)];
  const alerts = new Map(listed.filter((alert) => !alert.resolved).map((alert) => [alert.number, alert]));
  const staff = new Map([...(before?.staff ?? []), ...Object.entries(board.staff), [board.you.clinician, board.you.name]]);
  /** @type {Over[]} */
  const found = [];
  for (const alert of before?.alerts.values() ?? []) {
    if (before && !alerts.has(alert.number)) {
      found.push({ key: `alert-${alert.number}`, alert, who: whose(before, alert), at: board.server_time, how: 'gone' });
    }
  }
  for (const person of before?.people.values() ?? []) {
    if (!people.has(person.stay)) {
      found.push({ key: `stay-${person.stay}`, alert: null, who: person.name, at: board.server_time, how: 'left' });
    }
  }
  return {
    ward: board.ward,
    you: board.you,
    epoch: board.epoch,
    asOf: board.as_of,
    people,
    alerts,
    staff,
    shift: board.shift,
    over: kept([...found, ...(before?.over ?? [])]),
    setAside: before?.setAside ?? null,
    wantsBoard: false,
  };
}

/**
 * One event after the other: the next number is applied, an old one is known already, any other is a gap and refused.
 * @param {State} state
 * @param {EventFrame} frame
 * @returns {{ state: State, verdict: Verdict }}
 */
export function apply(state, frame) {
  if (frame.seq <= state.asOf) return { state, verdict: 'repeat' };
  if (frame.seq !== state.asOf + 1) return { state, verdict: 'gap' };
  return { state: { ...after(state, frame.event, frame.at), asOf: frame.seq }, verdict: 'applied' };
}

/**
 * @param {State} state
 * @param {WardEvent} event
 * @param {string} at
 * @returns {State}
 */
function after(state, event, at) {
  switch (event.kind) {
    case 'readings':
      return withReadings(state, event.stay, event.points, event.attempts, at);
    case 'alert':
      return withAlert(state, event.alert);
    case 'stay_admitted':
      return { ...state, wantsBoard: true };
    case 'device_assigned':
      return state.people.has(event.stay) ? state : { ...state, wantsBoard: true };
    case 'data_quarantined': {
      const items = (state.setAside?.items ?? 0) + event.items;
      return { ...state, setAside: { items, reason: event.reason, at } };
    }
    case 'noted':
      return state;
    default:
      // A kind that a newer service knows and this page does not: the board tells what came of it.
      return { ...state, wantsBoard: true };
  }
}

/**
 * @param {State} state
 * @param {string} stay
 * @param {PointView[]} points
 * @param {number} attempts
 * @param {string} at
 * @returns {State}
 */
function withReadings(state, stay, points, attempts, at) {
  const person = state.people.get(stay);
  if (!person) return { ...state, wantsBoard: true };
  const trend = [...person.trend, ...points].sort((a, b) => millis(a.at) - millis(b.at)).slice(-TREND_POINTS);
  const tried = [person.last_tried_at, ...points.map((point) => point.at), ...(attempts > 0 ? [at] : [])];
  const last_tried_at = tried.reduce((a, b) => (millis(b) > millis(a) ? b : a), null);
  const people = new Map(state.people);
  people.set(stay, { ...person, trend, last_tried_at });
  return { ...state, people };
}

/**
 * @param {State} state
 * @param {AlertView} alert
 * @returns {State}
 */
function withAlert(state, alert) {
  const alerts = new Map(state.alerts);
  let over = state.over;
  if (alert.resolved) {
    alerts.delete(alert.number);
    const key = `alert-${alert.number}`;
    const ended = { key, alert, who: whose(state, alert), at: alert.resolved.at, how: /** @type {const} */ ('resolved') };
    over = kept([ended, ...over.filter((one) => one.key !== key)]);
  } else {
    alerts.set(alert.number, alert);
  }
  const mentioned = [alert.acknowledged?.clinician, alert.assigned_by, alert.resolved?.clinician].filter((one) => one != null);
  const strange = mentioned.some((clinician) => !state.staff.has(clinician));
  const nobodys = alert.stay !== null && !state.people.has(alert.stay);
  return { ...state, alerts, over, wantsBoard: state.wantsBoard || strange || nobodys };
}

/** @param {Over[]} over */
const kept = (over) => over.slice(0, OVER_KEPT);

/**
 * Whose alert it is, in words.
 * @param {State} state
 * @param {AlertView} alert
 */
export function whose(state, alert) {
  const person = alert.stay === null ? undefined : state.people.get(alert.stay);
  if (person) return person.name;
  if (alert.stay !== null) return 'Somebody whose details are being fetched';
  if (alert.device_address) return `Oximeter ${alert.device_address}`;
  return alert.bridge ? 'A bridge' : 'The whole ward';
}

/** @param {string | null | undefined} iso */
export const millis = (iso) => (iso ? Date.parse(iso) : Number.NEGATIVE_INFINITY);

/** @param {AlertView} alert */
export const isWaiting = (alert) => alert.acknowledged === null && alert.resolved === null;

/**
 * A colleague gave it to this person, who has not said yet that they have it.
 * @param {AlertView} alert
 * @param {string} you
 */
export const isAskedOf = (alert, you) => alert.assigned_by != null && alert.acknowledged?.clinician === you;

/** @param {AlertView} alert */
export const isConfirmed = (alert) => alert.confirmation === 'second_reading' || alert.confirmation === 'no_recheck';

/**
 * The more urgent first: rank, then confirmed, then the longest waiting. The same order as ward-core's acuity.rs.
 * @param {AlertView} a
 * @param {AlertView} b
 */
export function byAcuity(a, b) {
  return (
    b.rank - a.rank ||
    Number(isConfirmed(b)) - Number(isConfirmed(a)) ||
    millis(a.severity_since) - millis(b.severity_since) ||
    a.number - b.number
  );
}

/** @typedef {{ stay: string, person: Person | null, alerts: AlertView[] }} Row */

/**
 * Resolved while the newest value was still low: quiet, but not well.
 * @param {Row} row
 */
export const isStillLow = (row) => row.alerts.length === 0 && (newest(row.person)?.band ?? 'green') !== 'green';

/**
 * What was last ended for this person since the page was opened.
 * @param {State} state
 * @param {string} stay
 */
export const lastEnded = (state, stay) => state.over.find(({ alert, how }) => alert?.stay === stay && how === 'resolved')?.alert ?? null;

/**
 * People in the order of the board. An alert of somebody who is not known yet has a row of its own: it must be seen.
 * @param {State} state
 * @returns {Row[]}
 */
export function rows(state) {
  /** @type {Map<string, Row>} */
  const found = new Map();
  for (const person of state.people.values()) found.set(person.stay, { stay: person.stay, person, alerts: [] });
  for (const alert of state.alerts.values()) {
    if (alert.stay === null) continue;
    const row = found.get(alert.stay) ?? { stay: alert.stay, person: null, alerts: [] };
    row.alerts.push(alert);
    found.set(alert.stay, row);
  }
  const all = [...found.values()];
  for (const row of all) row.alerts.sort(byAcuity);
  return all.sort(compareRows);
}

/**
 * @param {Row} a
 * @param {Row} b
 */
function compareRows(a, b) {
  const [first, second] = [a.alerts[0], b.alerts[0]];
  if (first && second) return byAcuity(first, second);
  if (first || second) return first ? -1 : 1;
  const lower = Number(isStillLow(b)) - Number(isStillLow(a));
  if (lower !== 0) return lower;
  return (a.person?.name ?? '').localeCompare(b.person?.name ?? '') || (a.stay < b.stay ? -1 : 1);
}

/**
 * Open alerts about kit that is nobody's, the most urgent first. A person's own poor signal may hide a true low: it
 * stands in their row.
 * @param {State} state
 */
export const technical = (state) =>
  [...state.alerts.values()].filter((alert) => alert.stay === null).sort(byAcuity);

/**
 * Reds that are nobody's, of people and of kit.
 * @param {State} state
 */
export const waitingReds = (state) =>
  [...state.alerts.values()].filter((alert) => alert.severity === 'red' && isWaiting(alert)).sort(byAcuity);

/**
 * What the board has to sound like: for what is nobody's, and for what was given to whoever sits here.
 * @param {State} state
 * @returns {'red' | 'amber' | null}
 */
export function soundOf(state) {
  const waiting = [...state.alerts.values()].filter((alert) => isWaiting(alert) || isAskedOf(alert, state.you.clinician));
  if (waiting.some((alert) => alert.severity === 'red')) return 'red';
  return waiting.some((alert) => alert.severity === 'amber') ? 'amber' : null;
}

/**
 * Alerts of priority that have spoken between two states: raised, risen, confirmed or fallen further.
 * @param {State | null} before
 * @param {State} now
 */
export function spoken(before, now) {
  return [...now.alerts.values()]
    .filter((alert) => alert.severity !== 'low' && isWaiting(alert))
    .filter((alert) => alert.spoke_seq > (before?.alerts.get(alert.number)?.spoke_seq ?? -1))
    .sort(byAcuity);
}

/**
 * Alerts that were passed on between two states while they are nobody's.
 * @param {State | null} before
 * @param {State} now
 */
export const passedOn = (before, now) =>
  [...now.alerts.values()]
    .filter((alert) => isWaiting(alert) && (alert.passed_on_seq ?? -1) > (before?.alerts.get(alert.number)?.passed_on_seq ?? -1))
    .sort(byAcuity);

/**
 * Alerts that were given to whoever sits here between two states.
 * @param {State | null} before
 * @param {State} now
 */
export const givenToYou = (before, now) =>
  [...now.alerts.values()].filter((alert) => {
    const was = before?.alerts.get(alert.number);
    return isAskedOf(alert, now.you.clinician) && !(was && isAskedOf(was, now.you.clinician));
  });

/**
 * Alerts that no console showed in time.
 * @param {State} state
 */
export const unseen = (state) => [...state.alerts.values()].filter((alert) => alert.unseen).sort(byAcuity);

/**
 * @param {Person | null} person
 * @returns {PointView | null}
 */
export const newest = (person) => person?.trend.at(-1) ?? null;
