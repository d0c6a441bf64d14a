// @ts-check
// One alert: what it is, how it stands, who has it, and what can be done about it.

/** @import { Child } from './dom.js' */
/** @import { AlertView, PointView } from './wire.js' */
/** @import { View } from './view.js' */

import { h } from './dom.js';
import { tag } from './shapes.js';
import { isWaiting } from './state.js';
import { lasting, minute, until } from './time.js';
import { OUTCOMES, condition, confirmation, count, percent, problem } from './words.js';

/**
 * @param {View} view
 * @param {AlertView} alert
 * @param {PointView | null} newest
 * @param {Child} [about]  for kit: whose or what it is
 */
export function alertLine(view, alert, newest, about = null) {
  const waiting = isWaiting(alert);
  const words = [problem(alert), confirmation(alert)].filter(Boolean);
  const stands = condition(alert, newest);
  return h(
    'div',
    {
      class: `wl-alert wl-alert--${alert.severity}${waiting ? ' wl-alert--waiting' : ''}`,
      'data-key': `alert-${alert.number}`,
      'data-testid': 'alert',
      'data-alert': alert.number,
      'data-severity': alert.severity,
      'data-waiting': waiting,
      id: `alert-${alert.number}`,
      tabindex: -1,
    },
    h(
      'div',
      { class: 'wl-alert__text' },
      h(
        'p',
        { class: 'wl-alert__head' },
        tag(alert.severity, waiting && alert.severity !== 'low'),
        ' ',
        h('strong', { class: 'wl-alert__number' }, alert.spoken),
        ' ',
        words.flatMap((word, i) => [i > 0 && ' · ', h('span', { class: 'wl-phrase' }, word)]),
        alert.doubtful && ' · ',
        alert.doubtful && h('span', { class: 'wl-phrase wl-doubt' }, '? In doubt'),
      ),
      about,
      stands && h('p', { class: 'wl-alert__condition', 'data-testid': 'condition' }, stands),
      facts(view, alert),
      owner(view, alert),
    ),
    h('div', { class: 'wl-alert__actions', 'data-hold': true, 'data-key': `actions-${alert.number}` }, actions(view, alert)),
    message(view, alert),
    view.ui.resolving === alert.number && resolveForm(alert),
  );
}

/**
 * @param {View} view
 * @param {AlertView} alert
 */
function facts(view, alert) {
  const zone = view.state.ward.time_zone;
  /** @type {Child[][]} */
  const parts = [];
  if (alert.worst_percent !== null) parts.push([alert.problem === 'unknown_device' ? 'Lowest value ' : 'Worst ', h('strong', {}, `${percent(alert.worst_percent)} %`)]);
  if (alert.lows > 0 && alert.first_low_at) {
    const first = minute(Date.parse(alert.first_low_at), zone, view.now);
    const last = alert.last_low_at ? minute(Date.parse(alert.last_low_at), zone, view.now) : first;
    parts.push([`${count(alert.lows, 'low')} measured ${first === last ? `at ${first}` : `${first} to ${last}`}`]);
  }
  if (alert.recheck_by) {
    const by = Date.parse(alert.recheck_by);
    parts.push([`Recheck due ${minute(by, zone, view.now)}, `, h('span', { 'data-tick': 'until', 'data-at': by }, until(by, view.now))]);
  }
  if (alert.detail) parts.push([alert.detail]);
  if (alert.silent_since) parts.push([`Nothing since ${minute(Date.parse(alert.silent_since), zone, view.now)}`]);
  if (alert.heard_again_at) parts.push([`Heard again at ${minute(Date.parse(alert.heard_again_at), zone, view.now)}`]);
  if (parts.length === 0) return null;
  // A fact is broken between words only when it does not fit a line of its own.
  return h('p', { class: 'wl-alert__facts' }, parts.flatMap((part, i) => [i > 0 && ' · ', h('span', { class: 'wl-phrase' }, part)]));
}

/**
 * @param {View} view
 * @param {AlertView} alert
 */
function owner(view, alert) {
  const zone = view.state.ward.time_zone;
  if (alert.acknowledged) {
    const at = Date.parse(alert.acknowledged.at);
    const isYou = alert.acknowledged.clinician === view.state.you.clinician;
    const who = isYou ? 'You have it' : `${view.state.staff.get(alert.acknowledged.clinician) ?? 'A colleague'} has it`;
    return h('p', { class: 'wl-alert__owner', 'data-testid': 'owner' }, `${who}, since ${minute(at, zone, view.now)} (`, ticking('lasting', at, lasting(view.now - at)), ')');
  }
  // Not since it last spoke: a confirmation speaks again, and the wait began before it.
  const since = Date.parse(alert.severity_since);
  const word = alert.severity === 'low' ? 'open' : alert.severity;
  return h('p', { class: 'wl-alert__owner wl-alert__owner--nobody', 'data-testid': 'owner' }, h('strong', {}, 'Nobody has it'), `, ${word} since ${minute(since, zone, view.now)} (`, ticking('lasting', since, lasting(view.now - since)), ')');
}

/**
 * @param {'ago' | 'until' | 'lasting'} kind
 * @param {number} at
 * @param {string} text
 */
export const ticking = (kind, at, text) => h('span', { 'data-tick': kind, 'data-at': at }, text);

/**
 * @param {View} view
 * @param {AlertView} alert
 * @returns {Child}
 */
function actions(view, alert) {
  if (!view.state.you.may_act) return null;
  const busy = view.ui.busy.has(alert.number);
  if (isWaiting(alert)) {
    return h(
      'button',
      { type: 'button', class: 'wl-button wl-button--act', 'data-key': `acknowledge-${alert.number}`, 'data-action': 'acknowledge', 'data-alert': alert.number, 'data-testid': 'acknowledge', 'aria-disabled': busy },
      busy ? `Sending ${alert.spoken}…` : `Acknowledge ${alert.spoken}`,
    );
  }
  if (view.ui.resolving === alert.number) return null;
  return h(
    'button',
    { type: 'button', class: 'wl-button', 'data-key': `resolve-${alert.number}`, 'data-action': 'open-resolve', 'data-alert': alert.number, 'data-testid': 'open-resolve', 'aria-disabled': busy },
    busy ? `Sending ${alert.spoken}…` : `Resolve ${alert.spoken}`,
  );
}

/**
 * What came of the last press, said where it was made.
 * @param {View} view
 * @param {AlertView} alert
 */
function message(view, alert) {
  const said = view.ui.messages.get(alert.number);
  return said ? h('p', { class: `wl-alert__message${said.good ? ' wl-alert__message--good' : ''}`, 'data-testid': 'alert-message', 'data-key': `message-${alert.number}` }, said.text) : null;
}

/**
 * The form owns itself once it is on the page: what is being written is never drawn over.
 * @param {AlertView} alert
 */
function resolveForm(alert) {
  const id = `resolve-${alert.number}`;
  return h(
    'form',
    { class: 'wl-resolve', 'data-own': true, 'data-key': id, 'data-action': 'resolve', 'data-alert': alert.number, 'data-hold': true, 'data-testid': 'resolve-form', novalidate: true, 'aria-labelledby': `${id}-title` },
    h('h4', { class: 'wl-resolve__title', id: `${id}-title` }, `Resolve ${alert.spoken}`),
    alert.condition !== 'green' && !alert.technical && h('p', { class: 'wl-resolve__warning' }, 'The newest word is still low. The next low reading raises a new alert.'),
    h('p', { class: 'wl-resolve__error', id: `${id}-error`, 'data-testid': 'resolve-error', hidden: true }),
    h(
      'div',
      { class: 'wl-resolve__fields' },
      h('label', { for: `${id}-outcome`, class: 'wl-resolve__label' }, 'What did it lead to?'),
      h('select', { id: `${id}-outcome`, name: 'outcome', class: 'wl-resolve__select', 'data-testid': 'outcome' }, h('option', { value: '' }, 'Choose an outcome'), outcomes(alert)),
      h('label', { for: `${id}-note`, class: 'wl-resolve__label' }, 'Note (if there is more to say)'),
      h('textarea', { id: `${id}-note`, name: 'note', rows: 2, maxlength: 2000, class: 'wl-resolve__note', 'data-testid': 'note' }),
    ),
    h(
      'div',
      { class: 'wl-resolve__buttons' },
      h('button', { type: 'submit', class: 'wl-button wl-button--act', 'data-testid': 'resolve' }, `Resolve ${alert.spoken}`),
      h('button', { type: 'button', class: 'wl-button', 'data-action': 'close-resolve', 'data-alert': alert.number, 'data-testid': 'cancel-resolve' }, 'Cancel'),
    ),
  );
}

/**
 * The likely ones first: for kit, that it was seen to.
 * @param {AlertView} alert
 */
function outcomes(alert) {
  const all = [...OUTCOMES];
  if (alert.technical) all.unshift(...all.splice(-1));
  return all.map(([value, words]) => h('option', { value }, words));
}
