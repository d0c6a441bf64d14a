// @ts-check
// What stays on top of the page: is it live, is there sound, how many reds wait. And the banners, when there is trouble.

/** @import { Child } from './dom.js' */
/** @import { Strip } from './view.js' */

import { h } from './dom.js';
import { tag } from './shapes.js';
import { isStaffed, onDuty, postWord } from './shift.js';
import { unseen, waitingReds, whose } from './state.js';
import { clock, lasting } from './time.js';
import { count } from './words.js';

/** Past this, the computer's clock is not trusted and the page says so. */
export const CLOCK_DIFFERENCE_MS = 120_000;

/** @param {Strip} strip */
export const stripOf = (strip) =>
  h('div', { class: 'wl-strip', 'data-testid': 'strip' }, live(strip), reds(strip), duty(strip), sound(strip));

/** @param {Strip} strip */
function live({ status, state, lastGoodAt, zone }) {
  const [kind, text] = status.live
    ? ['on', 'Live']
    : status.notLive
      ? ['off', `NOT LIVE since ${clock(lastGoodAt, zone)}`]
      : ['waiting', state ? 'Catching up…' : 'Connecting…'];
  return h('p', { class: `wl-strip__live wl-strip__live--${kind}`, 'data-testid': 'live', 'data-live': status.live }, text);
}

/** @param {Strip} strip */
function reds({ state, status }) {
  if (!state) return h('p', { class: 'wl-strip__reds' });
  const waiting = waitingReds(state);
  const first = waiting[0];
  if (!first) return h('p', { class: 'wl-strip__reds', 'data-testid': 'waiting-reds', 'data-count': 0 }, status.notLive ? 'No red was waiting when it was last live' : 'No red is waiting');
  return h(
    'p',
    { class: 'wl-strip__reds wl-strip__reds--some', 'data-testid': 'waiting-reds', 'data-count': waiting.length },
    tag('red', true),
    ` ${waiting.length === 1 ? '1 waits for somebody' : `${waiting.length} wait for somebody`} `,
    h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'go', 'data-alert': first.number, 'data-testid': 'go-to-red' }, `Go to ${first.spoken}`),
  );
}

/**
 * Who is on duty; the whole of it stands on the handover page.
 * @param {Strip} strip
 */
function duty({ state }) {
  if (!state) return null;
  const there = onDuty(state);
  const names = there.slice(0, 3).map((one) => `${one.name} (${postWord(one.post)})`);
  const more = there.length > 3 ? ` and ${there.length - 3} more` : '';
  const text = there.length === 0 ? 'Nobody is on duty' : `On duty: ${names.join(', ')}${more}`;
  const path = `/wards/${encodeURIComponent(state.ward.id)}/handover`;
  const notes = state.shift.open_notes;
  const link = there.some((one) => one.clinician === state.you.clinician) ? 'Handover' : 'Take duty';
  return h(
    'p',
    { class: 'wl-strip__duty', 'data-testid': 'on-duty' },
    text,
    notes > 0 && h('span', { class: 'wl-phrase' }, `. Handed over: ${count(notes, 'note')}`),
    ' ',
    state.you.may_take_duty && h('a', { href: path }, link),
  );
}

/** @param {Strip} strip */
function sound(strip) {
  const isPaused = strip.pause !== null || (strip.pausedUntil !== null && strip.sound === 'on');
  return h('div', { class: 'wl-strip__sound', 'data-testid': 'sound', 'data-sound': isPaused ? 'paused' : strip.sound }, ...pauseParts(strip), ...soundParts(strip));
}

/**
 * The pause of all the ward's boards: whoever sees it can end it.
 * @param {Strip} strip
 * @returns {Child[]}
 */
function pauseParts({ pause, state, zone }) {
  if (!pause || !state) return [];
  const by = pause.by === state.you.clinician ? 'you' : (state.staff.get(pause.by) ?? 'a colleague');
  return [
    h('strong', { class: 'wl-strip__word wl-strip__word--warn', 'data-testid': 'audio-pause' }, `All boards are quiet until ${clock(Date.parse(pause.until), zone)}: paused by ${by}`),
    state.you.may_take_duty && h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'end-pause', 'data-key': 'end-pause', 'data-testid': 'end-pause' }, 'Sound on again'),
  ];
}

/**
 * @param {Strip} strip
 * @returns {Child[]}
 */
function soundParts({ sound, soundSince, pausedUntil, pause, zone, isTold }) {
  const start = (/** @type {string} */ words) =>
    h('button', { type: 'button', class: 'wl-button wl-button--act wl-button--small', 'data-action': 'arm', 'data-key': 'arm', 'data-testid': 'start-shift' }, words);
  /** @type {Child[]} */
  const untold = isTold ? [] : [h('span', { class: 'wl-strip__word wl-strip__word--warn', 'data-key': 'untold', 'data-testid': 'sound-untold' }, 'Your answer is not written down yet: trying again')];
  switch (sound) {
    case 'testing':
    case 'asking':
      return [h('strong', { class: 'wl-strip__word wl-strip__word--warn' }, 'Sound is not on yet')];
    case 'on':
      if (pause) return untold;
      if (pausedUntil !== null) {
        return [
          h('strong', { class: 'wl-strip__word wl-strip__word--warn' }, `Sound of this screen paused until ${clock(pausedUntil, zone)}`),
          h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'end-pause', 'data-key': 'end-pause', 'data-testid': 'end-pause' }, 'Sound on again'),
        ];
      }
      return [
        ...untold,
        h('span', { class: 'wl-strip__word', id: 'sound-on', tabindex: -1 }, `Sound on since ${soundSince === null ? '' : clock(soundSince, zone).slice(0, 5)}`),
        h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'arm', 'data-key': 'test', 'data-testid': 'test-sound' }, 'Test sound'),
        h('button', { type: 'button', class: 'wl-button wl-button--small', 'data-action': 'pause', 'data-key': 'pause', 'data-testid': 'pause-sound' }, 'Pause sound 2 min'),
      ];
    case 'stopped':
      return [h('strong', { class: 'wl-strip__word wl-strip__word--off' }, 'SOUND IS OFF – the browser has stopped it'), start('Start sound again')];
    default:
      return [...untold, h('strong', { class: 'wl-strip__word wl-strip__word--off' }, 'SOUND IS OFF'), start('Start shift')];
  }
}

/** @param {Strip} strip */
export function bannersOf(strip) {
  const { state } = strip;
  /** @type {Child[]} */
  const banners = [notLive(strip), nobodyWatches(strip)];
  for (const alert of state ? unseen(state) : []) {
    banners.push(
      h(
        'div',
        { class: 'wl-banner wl-banner--red', 'data-key': `unseen-${alert.number}`, 'data-testid': 'unseen', 'data-alert': alert.number },
        h('p', {}, h('strong', {}, `${alert.spoken} was shown on no console for 15 s: `), state && `${whose(state, alert)}. `, h('a', { href: `#alert-${alert.number}` }, `Go to ${alert.spoken}`)),
      ),
    );
  }
  const off = strip.computerAheadMs;
  if (Math.abs(off) > CLOCK_DIFFERENCE_MS) {
    const which = off > 0 ? 'ahead of' : 'behind';
    banners.push(
      h('div', { class: 'wl-banner', 'data-key': 'clock', 'data-testid': 'clock-difference' }, h('p', {}, `This computer’s clock is ${lasting(Math.abs(off))} ${which} the service’s. Times on this page are the service’s.`)),
    );
  }
  return banners;
}

/**
 * In staffed hours a ward that nobody hears, or that nobody has taken, is trouble by itself.
 * @param {Strip} strip
 */
function nobodyWatches({ state, status, zone, now, sound, watching }) {
  if (!state || !status.live) return null;
  if (!isStaffed(state.shift.staffed, zone, now)) {
    const text = 'Outside staffed hours: reds go to whoever is on call by each person’s plan.';
    return h('div', { class: 'wl-banner wl-banner--calm', 'data-key': 'unstaffed', 'data-testid': 'unstaffed' }, h('p', {}, text));
  }
  const unheard = watching === 0 && sound !== 'on';
  const isAsked = sound === 'testing' || sound === 'asking';
  if (!unheard && state.shift.on_duty.length > 0) return null;
  const words = unheard
    ? [h('strong', {}, 'Nobody is watching this ward with sound on. '), isAsked ? 'Answer above, or ring a colleague who can hear.' : 'Press Start shift, or ring a colleague who will.']
    : [h('strong', {}, 'Nobody is on duty on this ward. '), 'Take duty on the handover page.'];
  return h('div', { class: `wl-banner${unheard ? ' wl-banner--red' : ''}`, 'data-key': 'nobody', 'data-testid': 'nobody-watches' }, h('p', {}, words));
}

/** @param {Strip} strip */
function notLive({ status, lastGoodAt, zone, state, now }) {
  if (!status.notLive) return null;
  const phone = state ? `Work from the phone list; the ward’s phone is ${state.ward.phone}. ` : 'Work from the phone list. ';
  /** @type {Record<NonNullable<typeof status.notLive>, Child[]>} */
  const because = {
    silence: ['The service has gone silent. '],
    cut: ['The line to the service is down. '],
    database: ['The service cannot read its records. '],
    signed_out: ['Your sign-in has ended. ', h('a', { href: `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}` }, 'Sign in again'), '. '],
    forbidden: ['You may no longer look at this ward. ', h('a', { href: '/wards' }, 'Your wards'), '. '],
    fault: ['This page has a fault. ', h('a', { href: location.pathname + location.search }, 'Load it again'), '. '],
  };
  return h(
    'div',
    { class: 'wl-notlive', 'data-key': 'not-live', 'data-testid': 'not-live', 'data-why': status.notLive },
    h('h2', { class: 'wl-notlive__title' }, `NOT LIVE since ${clock(lastGoodAt, zone)}`),
    h(
      'p',
      {},
      'What you see may be old. ',
      ...because[status.notLive],
      phone,
      status.notLive === 'fault' || status.notLive === 'forbidden' ? '' : h('span', {}, 'Still trying, for ', h('span', { 'data-tick': 'lasting', 'data-at': lastGoodAt }, lasting(now - lastGoodAt)), '.'),
    ),
  );
}

/**
 * `(2 RED) Pendle ward – Wardlight`
 * @param {Strip} strip
 */
export function titleOf({ state, status }) {
  const waiting = state ? waitingReds(state).length : 0;
  const name = state ? `${state.ward.name} – Wardlight` : 'Wardlight';
  return `${status.notLive ? 'NOT LIVE ' : ''}${waiting > 0 ? `(${waiting} RED) ` : ''}${name}`;
}

/** @param {number} n */
export const redsWord = (n) => count(n, 'red');
