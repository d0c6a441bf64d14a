// @ts-check
// The forms of an alert. One that is open owns itself: what is being written is never drawn over.

/** @import { AlertView } from './wire.js' */
/** @import { State } from './state.js' */

import { h } from './dom.js';
import { onDuty, postWord } from './shift.js';
import { OUTCOMES } from './words.js';

/**
 * @param {AlertView} alert
 */
export function resolveForm(alert) {
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
      h('button', { type: 'button', class: 'wl-button', 'data-action': 'close-form', 'data-alert': alert.number, 'data-testid': 'cancel-resolve' }, 'Cancel'),
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

/**
 * Those on duty stand first: who is not there may not see it.
 * @param {State} state
 * @param {AlertView} alert
 */
export function giveForm(state, alert) {
  const id = `give-${alert.number}`;
  const there = new Map(onDuty(state).map((duty) => [duty.clinician, duty]));
  const others = state.shift.colleagues.filter((one) => one.clinician !== alert.acknowledged?.clinician && one.clinician !== state.you.clinician);
  const [on, off] = [others.filter((one) => there.has(one.clinician)), others.filter((one) => !there.has(one.clinician))];
  return h(
    'form',
    { class: 'wl-resolve', 'data-own': true, 'data-key': id, 'data-action': 'give', 'data-alert': alert.number, 'data-hold': true, 'data-testid': 'give-form', novalidate: true, 'aria-labelledby': `${id}-title` },
    h('h4', { class: 'wl-resolve__title', id: `${id}-title` }, `Give ${alert.spoken} to a colleague`),
    h('p', { class: 'wl-resolve__error', id: `${id}-error`, 'data-testid': 'give-error', hidden: true }),
    h(
      'div',
      { class: 'wl-resolve__fields' },
      h('label', { for: `${id}-to`, class: 'wl-resolve__label' }, 'Who takes it?'),
      h(
        'select',
        { id: `${id}-to`, name: 'to', class: 'wl-resolve__select', 'data-testid': 'give-to' },
        h('option', { value: '' }, 'Choose a colleague'),
        on.length > 0 && h('optgroup', { label: 'On duty' }, on.map((one) => h('option', { value: one.clinician }, `${one.name}, ${postWord(there.get(one.clinician)?.post ?? '')}`))),
        off.length > 0 && h('optgroup', { label: 'Not on duty: ring them' }, off.map((one) => h('option', { value: one.clinician }, one.name))),
      ),
    ),
    h(
      'div',
      { class: 'wl-resolve__buttons' },
      h('button', { type: 'submit', class: 'wl-button wl-button--act', 'data-testid': 'give' }, `Give ${alert.spoken}`),
      h('button', { type: 'button', class: 'wl-button', 'data-action': 'close-form', 'data-alert': alert.number, 'data-testid': 'cancel-give' }, 'Cancel'),
    ),
  );
}
