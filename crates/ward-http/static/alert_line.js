// @ts-check
// One alert: what it is, how it stands, who has it, and what can be done about it.

/** @import { Child } from './dom.js' */
/** @import { AlertView, PointView } from './wire.js' */
/** @import { View } from './view.js' */

import { h } from './dom.js';
import { kindTag, tag } from './shapes.js';
import { giveForm, resolveForm } from './forms.js';
import { isAskedOf, isWaiting } from './state.js';
import { lasting, minute, until } from './time.js';
import { KIND_WORD, SNOOZE_WORD, condition, confirmation, count, percent, problem, toldWords } from './words.js';

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
      'data-kind': alert.kind,
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
        kindTag(alert.kind, KIND_WORD[alert.kind]),
        ' ',
        words.flatMap((word, i) => [i > 0 && ' · ', h('span', { class: 'wl-phrase' }, word)]),
        alert.doubtful && ' · ',
        alert.doubtful && h('span', { class: 'wl-phrase wl-doubt' }, '? In doubt'),
      ),
      about,
      stands && h('p', { class: 'wl-alert__condition', 'data-testid': 'condition' }, stands),
      facts(view, alert),
      owner(view, alert),
      snoozed(view, alert),
      told(view, alert),
    ),
    h('div', { class: 'wl-alert__actions', 'data-hold': true, 'data-key': `actions-${alert.number}` }, actions(view, alert)),
    message(view, alert),
    view.ui.form?.number === alert.number && (view.ui.form.what === 'resolve' ? resolveForm(alert) : giveForm(view.state, alert)),
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
    const name = view.state.staff.get(alert.acknowledged.clinician) ?? 'A colleague';
    const since = [`, since ${minute(at, zone, view.now)} (`, ticking('lasting', at, lasting(view.now - at)), ')'];
    if (alert.assigned_by != null) {
      const from = alert.assigned_by === view.state.you.clinician ? 'You have' : `${view.state.staff.get(alert.assigned_by) ?? 'A colleague'} has`;
      const asked = isYou ? `${from} given it to you` : `${from} given it to ${name}, who has not said so yet`;
      return h('p', { class: 'wl-alert__owner wl-alert__owner--asked', 'data-testid': 'owner' }, h('strong', {}, asked), since);
    }
    return h('p', { class: 'wl-alert__owner', 'data-testid': 'owner' }, isYou ? 'You have it' : `${name} has it`, since);
  }
  // Not since it last spoke: a confirmation speaks again, and the wait began before it.
  const since = Date.parse(alert.severity_since);
  const word = alert.severity === 'low' ? 'open' : alert.severity;
  return h('p', { class: 'wl-alert__owner wl-alert__owner--nobody', 'data-testid': 'owner' }, h('strong', {}, 'Nobody has it'), `, ${word} since ${minute(since, zone, view.now)} (`, ticking('lasting', since, lasting(view.now - since)), ')');
}

/**
 * What is quiet for a while never vanishes: until when, and why.
 * @param {View} view
 * @param {AlertView} alert
 */
function snoozed(view, alert) {
  if (!alert.snooze) return null;
  const until = minute(Date.parse(alert.snooze.until), view.state.ward.time_zone, view.now);
  const note = alert.snooze.note ? ` – ${alert.snooze.note}` : '';
  return h('p', { class: 'wl-alert__owner', 'data-testid': 'snoozed' }, h('strong', {}, `Snoozed until ${until}`), `: ${SNOOZE_WORD[alert.snooze.reason] ?? alert.snooze.reason}${note}`);
}

/**
 * How far it was passed on, and who was told.
 * @param {View} view
 * @param {AlertView} alert
 */
function told(view, alert) {
  const lines = alert.told ?? [];
  if (!alert.level && lines.length === 0) return null;
  const zone = view.state.ward.time_zone;
  const said = lines.slice(-4).map((line) => toldWords(line, (clinician) => view.state.staff.get(clinician) ?? 'a colleague', minute(Date.parse(line.at), zone, view.now)));
  const level = alert.level ? `Level ${alert.level}` : 'End of shift';
  return h('p', { class: 'wl-alert__facts', 'data-testid': 'told' }, h('strong', {}, level), said.length > 0 ? ` · told: ${said.join('; ')}` : ' · on the boards');
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
 * @returns {Child | Child[]}
 */
function actions(view, alert) {
  if (!view.state.you.may_act) return null;
  if (view.ui.form?.number === alert.number) return null;
  const { you } = view.state;
  if (view.ui.busy.has(alert.number)) return button(alert, 'acknowledge', 'acknowledge', `Sending ${alert.spoken}…`, 'wl-button--act', true);
  const more = h('a', { class: 'wl-button wl-button--small', href: `/wards/${view.state.ward.id}/alerts/${alert.number}`, 'data-key': `more-${alert.number}`, 'data-testid': 'more' }, alert.severity === 'red' ? 'Escalate…' : 'Escalate or snooze…', h('span', { class: 'nhsuk-u-visually-hidden' }, ` ${alert.spoken}`));
  if (isWaiting(alert)) return [button(alert, 'acknowledge', 'acknowledge', `Acknowledge ${alert.spoken}`, 'wl-button--act'), more];
  const isYours = alert.acknowledged?.clinician === you.clinician;
  const others = view.state.shift.colleagues.some((one) => one.clinician !== alert.acknowledged?.clinician && one.clinician !== you.clinician);
  return [
    isAskedOf(alert, you.clinician) && button(alert, 'acknowledge', 'acknowledge', `I have ${alert.spoken}`, 'wl-button--act'),
    button(alert, 'resolve', 'open-resolve', `Resolve ${alert.spoken}`, ''),
    !isYours && button(alert, 'take-over', 'take-over', 'Take over', 'wl-button--small'),
    others && button(alert, 'give', 'open-give', 'Give to a colleague', 'wl-button--small'),
    more,
  ];
}

/**
 * @param {AlertView} alert
 * @param {string} key
 * @param {string} action
 * @param {string} words
 * @param {string} look
 * @param {boolean} [busy]
 */
function button(alert, key, action, words, look, busy = false) {
  const says = words.includes(alert.spoken) ? words : [words, h('span', { class: 'nhsuk-u-visually-hidden' }, ` ${alert.spoken}`)];
  const attributes = { type: 'button', class: `wl-button ${look}`, 'data-key': `${key}-${alert.number}`, 'data-action': action, 'data-alert': alert.number, 'data-testid': action, 'aria-disabled': busy };
  return h('button', attributes, ...[says].flat());
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
