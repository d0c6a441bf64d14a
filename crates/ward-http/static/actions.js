// @ts-check
// What a clinician does from the board: acknowledge, take over, give to a colleague, resolve. Every answer is said where the button was, and aloud.

/** @import { Answer, Service } from './service.js' */
/** @import { State } from './state.js' */
/** @import { Form } from './view.js' */

import { clock } from './time.js';

/**
 * @typedef {object} Hands
 * @property {Service} service
 * @property {() => State} state
 * @property {(number: number, isBusy: boolean) => void} busy
 * @property {(number: number, text: string, good: boolean) => void} say
 * @property {(form: Form | null) => void} openForm
 */

/**
 * @param {Hands} hands
 * @param {number} number
 */
export async function acknowledge(hands, number) {
  const state = hands.state();
  const alert = state.alerts.get(number);
  if (!alert) return;
  hands.busy(number, true);
  const answer = await hands.service.acknowledge(number, state.asOf);
  hands.busy(number, false);
  const [good, text] = answered(answer, state, alert.spoken, 'acknowledged');
  hands.say(number, text, good);
}

/**
 * A colleague has it; whoever sits here has it from now on.
 * @param {Hands} hands
 * @param {number} number
 */
export async function takeOver(hands, number) {
  const state = hands.state();
  const alert = state.alerts.get(number);
  if (!alert) return;
  hands.busy(number, true);
  const answer = await hands.service.assign(number, state.asOf, null);
  hands.busy(number, false);
  const [good, text] = answered(answer, state, alert.spoken, 'taken over');
  hands.say(number, text, good);
}

/**
 * @param {Hands} hands
 * @param {number} number
 * @param {HTMLFormElement} form
 */
export async function give(hands, number, form) {
  const state = hands.state();
  const alert = state.alerts.get(number);
  const to = form.elements.namedItem('to');
  if (!(to instanceof HTMLSelectElement)) return;
  if (!alert) {
    formError(form, null, 'This alert has ended meanwhile.');
    return;
  }
  if (to.value === '') {
    formError(form, to, 'Choose who takes it');
    return;
  }
  formError(form, null, '');
  hands.busy(number, true);
  const answer = await hands.service.assign(number, state.asOf, to.value);
  hands.busy(number, false);
  const [good, text] = answered(answer, state, alert.spoken, 'given');
  if (good) {
    hands.openForm(null);
    hands.say(number, text, true);
  } else {
    formError(form, null, text);
  }
}

/**
 * @param {Hands} hands
 * @param {number} number
 * @param {HTMLFormElement} form
 */
export async function resolve(hands, number, form) {
  const state = hands.state();
  const alert = state.alerts.get(number);
  const outcome = form.elements.namedItem('outcome');
  const note = form.elements.namedItem('note');
  if (!(outcome instanceof HTMLSelectElement) || !(note instanceof HTMLTextAreaElement)) return;
  if (!alert) {
    formError(form, null, 'This alert has ended meanwhile. What you wrote has not been sent.');
    return;
  }
  if (outcome.value === '') {
    formError(form, outcome, 'Choose an outcome: what did it lead to?');
    return;
  }
  formError(form, null, '');
  hands.busy(number, true);
  const answer = await hands.service.resolve(number, state.asOf, outcome.value, note.value.trim());
  hands.busy(number, false);
  const [good, text] = answered(answer, state, alert.spoken, 'resolved');
  if (good) {
    hands.openForm(null);
    hands.say(number, text, true);
  } else {
    formError(form, null, text);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} field
 * @param {string} text
 */
function formError(form, field, text) {
  const place = form.querySelector('.wl-resolve__error');
  if (!(place instanceof HTMLElement)) return;
  place.hidden = text === '';
  place.textContent = text;
  place.setAttribute('role', 'alert');
  for (const one of form.querySelectorAll('[aria-invalid]')) {
    one.removeAttribute('aria-invalid');
    one.removeAttribute('aria-describedby');
  }
  if (field) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', place.id);
    field.focus();
  }
}

/**
 * @param {Answer} answer
 * @param {State} state
 * @param {string} spoken
 * @param {'acknowledged' | 'resolved' | 'taken over' | 'given'} what
 * @returns {[good: boolean, text: string]}
 */
export function answered(answer, state, spoken, what) {
  const zone = state.ward.time_zone;
  if ('done' in answer) {
    const at = clock(Date.parse(answer.done.at), zone);
    if (what === 'resolved') return [true, `${spoken} is resolved, at ${at}.`];
    return [true, what === 'given' ? `${answer.done.name} has ${spoken}, since ${at}.` : `You have ${spoken}, since ${at}.`];
  }
  if ('unreachable' in answer) return [false, `Not sent: the service does not answer. Press again, or ring ${state.ward.phone}.`];
  const { type, first, status, title, detail } = answer.problem;
  if (first) {
    const who = first.clinician === state.you.clinician ? 'You were' : `${first.name} was`;
    const over = type.endsWith(':already-resolved') ? ` ${spoken} is resolved.` : '';
    return [false, `${who} first, at ${clock(Date.parse(first.at), zone)}.${over}`];
  }
  if (status === 401) return [false, 'Not sent: your sign-in has ended. Sign in again.'];
  return [false, `Not ${what}: ${detail || title}.`.replace(/\.\.$/, '.')];
}
