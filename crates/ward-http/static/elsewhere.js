// @ts-check
// On every page of the ward but the board: what waits for somebody meanwhile. Whoever reads one patient's page must not miss
// the red of another. The board alone counts as watched: what no board shows goes on to the next person all the same.

/** @typedef {{ number: number, spoken: string, severity: 'red' | 'amber', spoke_seq: number, name: string, given_to_you: boolean }} WaitingAlert */
/** @typedef {{ you: string, server_time: string, alerts: WaitingAlert[], quiet_until: string | null }} Waiting */

import { Announcer } from './announce.js';
import { wasArmed } from './armed.js';
import { startTicking } from './beat.js';
import { byId, h } from './dom.js';
import { Service } from './service.js';
import { Sound } from './sound.js';
import { minute } from './time.js';

const ASK_EVERY_MS = 4_000;
/** Nothing heard for so long, and the page says so. */
const DEAF_AFTER_MS = 12_000;
/** Names that stand in the line; of more it says how many. */
const NAMED = 2;

const monotonic = () => performance.now();
const place = byId('elsewhere');
const line = byId('elsewhere-line');
const board = place.dataset.board ?? '/wards';
const TOLD = `wardlight-told ${place.dataset.ward}`;
const service = new Service(place.dataset.ward ?? '', place.dataset.csrf ?? '');
const announcer = new Announcer(byId('elsewhere-politely'), byId('elsewhere-now'), monotonic);
const sound = new Sound(monotonic, () => new AudioContext());

/** @type {Waiting | null} */
let waiting = null;
let heardAt = monotonic();
let heardTime = Date.now();
let askedAt = Number.NEGATIVE_INFINITY;
let isAsking = false;
/** Signed out, or not of this ward any more. */
let isRefused = false;
let drawn = '';

/** Whoever opened the page, until the service says who it is now. */
const you = () => waiting?.you ?? place.dataset.you ?? '';

/** @param {WaitingAlert} alert */
const word = (alert) => `${alert.number}/${alert.spoke_seq}`;

/** What was said aloud in this tab and still waits: a page that is opened does not say it again. @returns {string[]} */
function told() {
  try {
    return (sessionStorage.getItem(TOLD) ?? '').split(' ');
  } catch {
    return [];
  }
}

/** @param {string[]} words */
function keepTold(words) {
  try {
    sessionStorage.setItem(TOLD, words.join(' '));
  } catch {
    // Said again on the next page.
  }
}

/** @param {WaitingAlert} alert */
const named = (alert) => `${alert.name || 'Kit'} (${alert.spoken}${alert.given_to_you ? ', given to you' : ''})`;

/** @param {Waiting} next */
function became(next) {
  const before = waiting ? waiting.alerts.map(word) : told();
  const news = next.alerts.filter((alert) => !before.includes(word(alert)));
  for (const alert of news) {
    const words = `${alert.severity === 'red' ? 'Red' : 'Amber'}: ${named(alert)}.`;
    if (alert.severity === 'red') announcer.now(words, alert.number);
    else announcer.politely(words, alert.number);
    sound.hurry(alert.severity);
  }
  if (news.length > 0) sound.endPause();
  keepTold(next.alerts.map(word));
  waiting = next;
}

function soundAgain() {
  if (sound.state() === 'off' && wasArmed(service.ward, you())) void sound.again();
}

async function ask() {
  isAsking = true;
  askedAt = monotonic();
  try {
    const answer = await service.waiting(sound.isArmed() && document.visibilityState === 'visible');
    if (answer === null) {
      isRefused = true;
    } else {
      isRefused = false;
      // Heard when it stands on the page: what cannot be shown must not look live.
      became(answer);
      heardAt = monotonic();
      heardTime = Date.now();
    }
  } catch {
    // Said by the line when it lasts.
  } finally {
    isAsking = false;
  }
}

/** @param {'red' | 'amber'} severity */
const those = (severity) => (waiting?.alerts ?? []).filter((alert) => alert.severity === severity);

/** The boards' pause stands until something worsens; the service says which. */
const isQuiet = () => waiting !== null && waiting.quiet_until !== null && Date.parse(waiting.quiet_until) > Date.parse(waiting.server_time) + (monotonic() - heardAt);

/** @returns {'red' | 'amber' | null} */
function wanted() {
  if (those('red').length > 0) return 'red';
  return those('amber').length > 0 ? 'amber' : null;
}

/** @param {boolean} isDeaf @returns {(Node | string)[]} */
function words(isDeaf) {
  const link = h('a', { href: board }, 'Live view');
  if (isRefused) return [h('strong', {}, 'You are signed out: this page does not tell of new alerts. '), h('a', { href: '/sign-in' }, 'Sign in')];
  if (isDeaf) return [h('strong', {}, `NOT LIVE: nothing heard of new alerts since ${minute(heardTime, place.dataset.zone ?? 'UTC', Date.now())}. `), link];
  if (waiting === null) return [link];
  const [reds, ambers] = [those('red'), those('amber')];
  if (reds.length + ambers.length === 0) return ['Nothing waits for somebody. ', link];
  const first = reds.length > 0 ? reds : ambers;
  const more = first.length - NAMED;
  return [
    h('span', { class: `wl-tag wl-tag--${reds.length > 0 ? 'red' : 'amber'}` }, reds.length > 0 ? '▲ *** Red' : '◆ ** Amber'),
    ` ${first.length} ${first.length === 1 ? 'waits' : 'wait'}: ${first.slice(0, NAMED).map(named).join('; ')}${more > 0 ? `; and ${more} more` : ''}. `,
    reds.length > 0 && ambers.length > 0 ? `${ambers.length} amber. ` : '',
    link,
  ];
}

/** @param {boolean} isDeaf */
function draw(isDeaf) {
  const looks = isDeaf || isRefused ? 'deaf' : (wanted() ?? 'quiet');
  const mayPause = sound.isArmed() && !sound.isPaused() && !isQuiet() && wanted() !== null;
  const isMute = (waiting !== null || isDeaf) && !sound.isArmed() && wasArmed(service.ward, you());
  const content = words(isDeaf);
  if (sound.isPaused() || (isQuiet() && sound.isArmed())) content.push(' Sound is paused.');
  if (isMute) content.push(h('strong', {}, ' Sound is off on this page.'));
  const key = [looks, mayPause, ...content.map((one) => (one instanceof Node ? one.textContent : one))].join('|');
  if (key === drawn) return;
  drawn = key;
  place.dataset.state = looks;
  line.replaceChildren(...content);
  byId('elsewhere-pause').hidden = !mayPause;
}

function tick() {
  if (!isAsking && monotonic() - askedAt >= ASK_EVERY_MS) void ask();
  const isDeaf = isRefused || monotonic() - heardAt > DEAF_AFTER_MS;
  if (sound.mayRunAgain()) soundAgain();
  sound.tick(isQuiet() ? null : wanted(), isDeaf);
  announcer.tick();
  draw(isDeaf);
}

byId('elsewhere-pause').addEventListener('click', () => {
  sound.pause();
  void service.pauseAudio(true).then((answer) => {
    announcer.politely('done' in answer ? 'Sound is paused on all boards of the ward for 2 minutes.' : 'Sound is paused on this page only.');
  });
  tick();
});
for (const press of ['pointerdown', 'keydown']) {
  document.addEventListener(press, () => {
    sound.wake();
    soundAgain();
  });
}

startTicking(tick);
tick();
