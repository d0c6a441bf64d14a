// @ts-check
// One person on the board.

/** @import { Person, Row } from './state.js' */
/** @import { View } from './view.js' */

import { alertLine, ticking } from './alert_line.js';
import { h } from './dom.js';
import { shape } from './shapes.js';
import { spark } from './spark.js';
import { lookingAt } from './shift.js';
import { isStillLow, isWaiting, lastEnded, millis, newest } from './state.js';
import { ago, day, minute } from './time.js';
import { LEVEL_MARK, LEVEL_WORD, awayWord, outcomeWord, percent, problem } from './words.js';

/**
 * @param {View} view
 * @param {Row} row
 */
export function rowOf(view, row) {
  const { person } = row;
  const worst = row.alerts[0];
  const level = worst?.severity ?? 'quiet';
  const waiting = row.alerts.some(isWaiting);
  return h(
    'li',
    {
      class: `wl-row wl-row--${level}${waiting ? ' wl-row--waiting' : ''}${isStillLow(row) ? ' wl-row--still-low' : ''}`,
      'data-key': row.stay,
      'data-testid': 'row',
      'data-stay': row.stay,
      'data-level': level,
      id: `row-${row.stay}`,
    },
    h('div', { class: 'wl-row__who' }, who(view, person)),
    h('div', { class: 'wl-row__value' }, value(view, person)),
    h('div', { class: 'wl-row__trend' }, trend(view, person)),
    h(
      'div',
      { class: 'wl-row__alerts' },
      row.alerts.length > 0 ? row.alerts.map((alert) => alertLine(view, alert, newest(person))) : quiet(view, row),
      kit(view, row.stay),
    ),
    person && row.alerts.length > 0 && toAct(person, row.alerts.some((alert) => alert.severity === 'red')),
  );
}

/**
 * @param {View} view
 * @param {Person | null} person
 */
function who(view, person) {
  if (!person) return [h('h3', { class: 'wl-row__name', tabindex: -1 }, 'Somebody new to this page'), h('p', {}, 'Details are being fetched.')];
  return [
    h('h3', { class: 'wl-row__name', tabindex: -1 }, view.state.you.may_take_duty ? h('a', { href: `${path(view)}/stays/${person.stay}`, class: 'wl-row__link', 'data-testid': 'patient-page' }, person.name) : person.name),
    h('p', { class: 'wl-row__ids' }, h('span', {}, h('span', { class: 'wl-dim' }, 'Born '), person.birth_date), ' ', h('span', {}, h('span', { class: 'wl-dim' }, 'NHS '), person.nhs_number)),
    h(
      'p',
      { class: 'wl-row__phone' },
      h('span', { class: 'nhsuk-u-visually-hidden' }, 'Phone '),
      person.phone,
      ' ',
      view.state.you.may_take_duty && h('a', { href: `${path(view)}/call-list/${person.stay}`, class: 'wl-row__call', 'data-testid': 'call' }, 'Call', h('span', { class: 'nhsuk-u-visually-hidden' }, ` ${person.name}`)),
    ),
    speech(person),
    looking(view, person.stay),
    person.away && h('p', {}, h('strong', { 'data-testid': 'away' }, `${awayWord(person.away.why)} since ${minute(Date.parse(person.away.since), view.state.ward.time_zone, view.now)}`)),
  ];
}

/** @param {View} view */
const path = (view) => `/wards/${encodeURIComponent(view.state.ward.id)}`;

/**
 * What whoever rings must know before they dial, and whose team they ask.
 * @param {Person} person
 */
function speech(person) {
  const parts = [person.call_needs || person.language, person.team && `Team ${person.team}`].filter(Boolean);
  return parts.length > 0 && h('p', { class: 'wl-row__needs', 'data-testid': 'needs' }, parts.map((part) => h('span', { class: 'wl-phrase' }, part)));
}

/**
 * @param {View} view
 * @param {string} stay
 */
function looking(view, stay) {
  const names = lookingAt(view.ui.present, view.state, stay);
  return names.length > 0 && h('p', { class: 'wl-row__looking', 'data-testid': 'looking' }, `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} looking at this`);
}

/**
 * @param {View} view
 * @param {Person | null} person
 */
function value(view, person) {
  const point = newest(person);
  if (!person) return null;
  const tried = millis(person.last_tried_at);
  if (!point) {
    return [
      h('p', { class: 'wl-row__novalue', 'data-testid': 'no-value' }, 'No value yet'),
      person.last_tried_at === null ? h('p', { class: 'wl-row__age' }, 'Nothing measured so far') : triedWithout(view, tried),
    ];
  }
  const at = Date.parse(point.at);
  // A doubtful normal reassures nobody.
  const unsure = point.doubtful && point.band === 'green';
  return [
    h(
      'p',
      { class: 'wl-value', 'data-testid': 'value' },
      h('span', { class: 'wl-value__number' }, percent(point.spo2_percent), h('span', { class: 'wl-value__unit' }, ' %')),
      ' ',
      h('span', { class: `wl-value__band wl-value__band--${unsure ? 'unsure' : point.band}` }, !unsure && shape(point.band), `${LEVEL_MARK[point.band]} ${LEVEL_WORD[point.band]}${unsure ? '?' : ''}`.trim()),
    ),
    point.doubtful && h('p', { class: 'wl-doubt' }, '? Doubtful value'),
    h('p', { class: 'wl-row__age' }, ticking('ago', at, ago(at, view.now)), point.pulse_bpm !== null && h('span', { class: 'wl-dim' }, ` · pulse ${Math.round(point.pulse_bpm)}`)),
    tried > at + 1_000 && triedWithout(view, tried),
  ];
}

/**
 * @param {View} view
 * @param {number} tried
 */
const triedWithout = (view, tried) => h('p', { class: 'wl-row__tried', 'data-testid': 'tried' }, 'Tried ', ticking('ago', tried, ago(tried, view.now)), ', no value');

/**
 * @param {View} view
 * @param {Person | null} person
 */
function trend(view, person) {
  if (!person || person.trend.length === 0) return null;
  const zone = view.state.ward.time_zone;
  const last = person.trend.slice(-3).map((point) => `${percent(point.spo2_percent)}${point.doubtful ? '?' : ''}`);
  const scale = person.plan.spo2_scale === 2 ? ' · scale 2' : '';
  const missed = person.plan.review_missed;
  return [
    spark(person.trend, person.plan, zone, view.now),
    h(
      'p',
      { class: 'wl-row__last' },
      h('span', { class: 'wl-row__last3' }, h('span', { class: 'wl-dim' }, 'Last '), last.join(' → '), ' '),
      h('span', { class: 'wl-dim' }, `Red ≤${person.plan.red_at_or_below} · amber ≤${person.plan.amber_at_or_below}${scale}`),
      missed ? h('strong', {}, ` Plan not reviewed by ${missed}`) : null,
    ),
  ];
}

/**
 * @param {View} view
 * @param {Row} row
 */
function quiet(view, row) {
  if (!newest(row.person)) return h('p', { class: 'wl-row__none' }, 'No open alert: there is no value to judge');
  if (!isStillLow(row)) return h('p', { class: 'wl-row__none' }, 'No open alert');
  const ended = lastEnded(view.state, row.stay);
  const at = ended?.resolved && minute(Date.parse(ended.resolved.at), view.state.ward.time_zone, view.now);
  return h('p', { class: 'wl-row__still', 'data-testid': 'still-low' }, h('strong', {}, 'Still low, no open alert.'), ended && ` ${ended.spoken} resolved ${at}: ${outcomeWord(ended.outcome)}.`, ' The next low raises a new one.');
}

/** More people than this, and a note on each of their rows would hide what is theirs for sure. */
const FEW = 4;

/**
 * Values of an unknown oximeter that may be this person's.
 * @param {View} view
 * @param {string} stay
 */
const mayBe = (view, stay) => [...view.state.alerts.values()].filter((alert) => alert.candidates.length <= FEW && alert.candidates.includes(stay));

/**
 * @param {View} view
 * @param {string} stay
 */
function kit(view, stay) {
  return mayBe(view, stay).map((alert) =>
    h('p', { class: 'wl-row__kit', 'data-key': `kit-${alert.number}` }, `May be this person’s: ${problem(alert).toLowerCase()}, `, h('a', { href: `#alert-${alert.number}` }, alert.spoken)),
  );
}

/**
 * @param {Person} person
 * @param {boolean} isOpen
 */
function toAct(person, isOpen) {
  /** @type {[string, string][]} */
  const facts = [
    ['Address', person.address],
    ['Door', person.door_access],
    ['Who else is there', person.others_at_home],
    ['Oxygen at home', person.oxygen_at_home],
    ['Treatment-escalation plan', person.escalation_plan],
  ];
  return h(
    'details',
    { class: 'wl-act', open: isOpen, 'data-default': isOpen ? 'open' : 'as-is', 'data-key': `act-${person.stay}`, 'data-testid': 'to-act' },
    h('summary', { class: 'wl-act__summary' }, 'Address, door, who is there, oxygen, escalation plan', h('span', { class: 'nhsuk-u-visually-hidden' }, ` of ${person.name}`)),
    h('dl', { class: 'wl-act__facts' }, facts.map(([word, text]) => h('div', {}, h('dt', {}, word), ' ', h('dd', {}, text || 'Not recorded')))),
  );
}

/**
 * What a row looks like depends on these alone, so a row whose list is the same need not be drawn again.
 * @param {View} view
 * @param {Row} row
 * @returns {unknown[]}
 */
export function dependsOn(view, row) {
  return [
    row.person,
    row.alerts.length,
    ...row.alerts.flatMap((alert) => [
      alert,
      view.ui.busy.has(alert.number),
      view.ui.form?.number === alert.number && view.ui.form.what,
      view.ui.messages.get(alert.number),
      alert.acknowledged && view.state.staff.get(alert.acknowledged.clinician),
      alert.assigned_by && view.state.staff.get(alert.assigned_by),
    ]),
    ...mayBe(view, row.stay),
    lastEnded(view.state, row.stay),
    view.state.you.may_act,
    view.state.you.may_take_duty,
    row.alerts.length > 0 && view.state.shift.colleagues.length > 1,
    lookingAt(view.ui.present, view.state, row.stay).join(),
    day(view.now, view.state.ward.time_zone),
  ];
}
