// @ts-check
// The live board: ties the feed, the state, the drawing, the sound and the hands together.

/** @import { Board, EventFrame, StillHereFrame } from './wire.js' */
/** @import { Filter } from './filter.js' */
/** @import { State, Verdict } from './state.js' */
/** @import { Status } from './feed.js' */
/** @import { Form, Strip, Ui, View } from './view.js' */

import { acknowledge, give, resolve, takeOver } from './actions.js';
import { Announcer } from './announce.js';
import { wasArmed } from './armed.js';
import { coalesced, startTicking } from './beat.js';
import { byId } from './dom.js';
import { Feed } from './feed.js';
import { NO_FILTER, isFiltering } from './filter.js';
import { Hold } from './hold.js';
import { Order } from './order.js';
import { listenTo } from './presses.js';
import { Quiet } from './quiet.js';
import { Screen, drawClock, sentenceOf } from './screen.js';
import { Service } from './service.js';
import { Sound } from './sound.js';
import { SoundRecord, consoleCode } from './sound_record.js';
import { SoundTest } from './sound_test.js';
import { apply, fromBoard, givenToYou, passedOn, soundOf, spoken, waitingReds, whose } from './state.js';
import { redsWord } from './strip.js';
import { ServiceClock } from './time.js';

const root = byId('board');
const monotonic = () => performance.now();
const wall = () => Date.now();

const clock = new ServiceClock(monotonic, wall);
const service = new Service(root.dataset.ward ?? '', root.dataset.csrf ?? '');
const order = new Order(monotonic);
const screen = new Screen(root, order);
const announcer = new Announcer(byId('say-politely'), byId('say-now'), monotonic);
const sound = new Sound(monotonic, () => new AudioContext());
const quiet = new Quiet(sound, service, announcer, () => state, () => clock.now());
const record = new SoundRecord(service, announcer, () => state, monotonic, wall);
const soundTest = new SoundTest(root, sound, record, announcer, () => state, () => {
  tick();
  drawTop();
});
const hold = new Hold(root, order, screen, monotonic);
/** A screen on the wall shows everybody: nobody stands at it to see what it hides. */
const isWall = root.dataset.wall === 'true';

/** @type {State | null} */
let state = null;
/** @type {Ui} */
let ui = { filter: NO_FILTER, form: null, busy: new Set(), messages: new Map(), notice: null, present: [] };
let watching = 0;
/** The newest event that is on the screen. */
let shown = 0;
let dirty = false;
let drawnAt = Number.NEGATIVE_INFINITY;
let drawTook = 0;
/** @type {number | null} */
let soundSince = null;
let faults = 0;
let lastFaultAt = Number.NEGATIVE_INFINITY;

const feed = new Feed({
  open: (after, events) => service.feed(after, events),
  loadBoard: () => service.board(),
  monotonic,
  wall,
  random: Math.random,
  takeBoard,
  takeFrame,
  applied: () => state?.asOf ?? 0,
  shown: () => shown,
  show: () => {
    // In a burst the next tick draws them all at once: it is never more than a quarter of a second away. Hands get at least
    // as much of the time as the drawing.
    if (monotonic() - drawnAt > Math.max(120, 2 * drawTook)) draw();
  },
  serverTime: (at) => clock.hear(at),
  stillHere,
  changed: (status) => statusChanged(status),
});
let wasNotLive = false;

/**
 * @param {Board} board
 * @param {EventFrame[]} frames
 */
function takeBoard(board, frames) {
  const before = state;
  let next = fromBoard(board, before);
  for (const frame of frames) {
    const { state: after, verdict } = apply(next, frame);
    if (verdict === 'gap') return false;
    next = after;
  }
  became(before, next);
  return true;
}

/**
 * @param {EventFrame} frame
 * @returns {Verdict}
 */
function takeFrame(frame) {
  if (!state) return 'gap';
  const before = state;
  const { state: next, verdict } = apply(before, frame);
  if (verdict === 'applied') {
    became(before, next);
    soon();
  }
  return verdict;
}

/**
 * @param {State | null} before
 * @param {State} next
 */
function became(before, next) {
  state = next;
  dirty = true;
  if (next.wantsBoard) feed.refresh();
  const news = spoken(before, next);
  if (before === null) {
    if (!isWall) restoreFilter(next.you.filter);
    soundAgain();
    const reds = waitingReds(next).length;
    announcer.politely(`The board of ${next.ward.name} is here. ${reds === 0 ? 'No red is waiting.' : `${redsWord(reds)} waiting for somebody.`}`);
    return;
  }
  for (const alert of news) {
    if (alert.severity === 'red') announcer.now(sentenceOf(next, alert), alert.number);
    else announcer.politely(sentenceOf(next, alert), alert.number);
    if (alert.severity !== 'low') sound.hurry(alert.severity);
  }
  for (const alert of givenToYou(before, next)) {
    const from = next.staff.get(alert.assigned_by ?? '') ?? 'A colleague';
    announcer.now(`${from} has given you ${alert.spoken}: ${whose(next, alert)}.`, alert.number);
    if (alert.severity !== 'low') sound.hurry(alert.severity);
  }
  // Nobody took it in time: it sounds anew, though nothing has become worse.
  const further = passedOn(before, next).filter((alert) => !news.includes(alert));
  for (const alert of further) {
    announcer.now(`${alert.spoken} is still nobody’s: passed on, level ${alert.level}.`, alert.number);
    if (alert.severity !== 'low') sound.hurry(alert.severity);
  }
  if (news.length > 0 || further.some((alert) => alert.severity !== 'low')) sound.endPause();
  if (ui.form !== null && !next.alerts.has(ui.form.number)) formLost(next, ui.form.number);
  // What was said about an alert is about how it stood then.
  const messages = new Map([...ui.messages].filter(([number]) => !news.some((alert) => alert.number === number)));
  if (messages.size !== ui.messages.size) ui = { ...ui, messages };
}

/**
 * Somebody else ended the alert while its form was being filled in: what was written is not thrown away.
 * @param {State} now
 * @param {number} number
 */
function formLost(now, number) {
  const ended = now.over.find((one) => one.alert?.number === number)?.alert;
  const by = ended?.resolved?.clinician;
  ui = { ...ui, form: null };
  order.writing(false);
  if (!ended || by === now.you.clinician) return;
  const note = document.getElementById(`resolve-${number}-note`);
  const wrote = note instanceof HTMLTextAreaElement && note.value.trim() !== '' ? ` Your note was not sent: “${note.value.trim()}”` : '';
  const notice = `${ended.spoken} was resolved by ${(by && now.staff.get(by)) || 'a colleague'} meanwhile.${wrote}`;
  ui = { ...ui, notice };
  announcer.now(notice);
}

/** The shift was started in this tab before: the sound comes back by itself, if the browser lets it. */
function soundAgain() {
  if (!state || sound.state() !== 'off' || !wasArmed(state.ward.id, state.you.clinician)) return;
  void sound.again().then(drawTop);
}

/** @param {StillHereFrame} frame */
function stillHere(frame) {
  watching = frame.watching ?? 0;
  const present = frame.present ?? [];
  if (JSON.stringify(present) === JSON.stringify(ui.present)) return;
  ui = { ...ui, present };
  dirty = true;
}

/** @param {Status} status */
function statusChanged(status) {
  if (status.notLive !== null && !wasNotLive) announcer.now('This page is not live. What it shows may be old.');
  if (status.live && wasNotLive) announcer.politely('The page is live again.');
  if (status.notLive !== null || status.live) wasNotLive = status.notLive !== null;
  drawTop();
}

/** @returns {View | null} */
const view = () => (state ? { state, ui, now: clock.now() } : null);

function draw() {
  const now = view();
  if (!now) return;
  dirty = false;
  const startedAt = monotonic();
  screen.draw(now);
  shown = now.state.asOf;
  drawTop();
  drawnAt = monotonic();
  drawTook = drawnAt - startedAt;
}

/** What is applied is drawn at once, or with what else comes while the last drawing is paid for. */
const soon = coalesced(
  () => {
    if (dirty) guarded(draw);
  },
  () => Math.max(30, 2 * drawTook - (monotonic() - drawnAt)),
);

function drawTop() {
  /** @type {Strip} */
  const strip = {
    state,
    status: feed.status,
    now: clock.now(),
    lastGoodAt: clock.at(feed.status.lastGoodAt),
    zone: zone(),
    sound: sound.state(),
    soundTest: soundTest.phase,
    console: consoleCode(),
    isTold: record.isTold,
    soundSince,
    pausedUntil: sound.pausedUntil === null ? null : clock.at(sound.pausedUntil),
    pause: quiet.pause(),
    watching,
    computerAheadMs: clock.computerAheadMs(),
  };
  if (state || feed.status.notLive) screen.showTop();
  screen.drawTop(strip);
}

const zone = () => state?.ward.time_zone ?? root.dataset.zone ?? 'UTC';

let secondAt = Number.NEGATIVE_INFINITY;

/** Everything that time alone brings about. */
function tick() {
  guarded(() => {
    // The order that was held under a hand is let go here.
    if (dirty || (screen.differs && !order.isHeld())) draw();
    feed.tick();
    const notLive = feed.status.notLive !== null;
    sound.tick(state && !quiet.look() ? soundOf(state) : null, notLive);
    const armed = sound.isArmed();
    if (armed && soundSince === null) soundSince = clock.now();
    if (!armed) soundSince = null;
    feed.look(document.visibilityState === 'visible', armed);
    announcer.tick();
    record.tick();
    if (monotonic() - secondAt >= 900) {
      secondAt = monotonic();
      if (sound.mayRunAgain()) soundAgain();
      const now = view();
      if (now) screen.tick(now);
      drawTop();
      drawClock(byId('clock'), clock.now(), zone());
    }
  });
}

/**
 * A mistake of the page must not look like a quiet ward: the board is taken anew, and if that does not help it is said.
 * @param {() => void} work
 */
function guarded(work) {
  try {
    work();
  } catch (error) {
    fault(error);
  }
}

/** @param {unknown} error */
function fault(error) {
  console.error(error);
  faults = monotonic() - lastFaultAt < 60_000 ? faults + 1 : 1;
  lastFaultAt = monotonic();
  if (faults === 1) feed.resync();
  else feed.fail();
}

/** @param {Partial<Ui>} change */
function set(change) {
  ui = { ...ui, ...change };
  draw();
}

const hands = {
  service,
  state: () => /** @type {State} */ (state),
  /** @type {(number: number, isBusy: boolean) => void} */
  busy: (number, isBusy) => {
    const busy = new Set(ui.busy);
    if (isBusy) busy.add(number);
    else busy.delete(number);
    const messages = new Map(ui.messages);
    if (isBusy) messages.delete(number);
    set({ busy, messages });
  },
  /** @type {(number: number, text: string, good: boolean) => void} */
  say: (number, text, good) => {
    announcer.politely(text);
    // What went well stands there already: who has it, or the line of what is over.
    if (!good) set({ messages: new Map(ui.messages).set(number, { text, good }) });
  },
  /** @type {(form: Form | null) => void} */
  openForm: (form) => {
    order.writing(form !== null);
    set({ form });
  },
};

/**
 * The alert or row is shown, whatever the filter hides, and the focus goes there.
 * @param {number} number
 */
function goTo(number) {
  if (!document.getElementById(`alert-${number}`)) setFilter(NO_FILTER);
  const place = document.getElementById(`alert-${number}`);
  place?.scrollIntoView({ block: 'center' });
  place?.focus({ preventScroll: true });
}

/**
 * What was chosen from a list is kept for the next time; what was typed is looked for once.
 * @param {Filter} filter
 */
function setFilter(filter) {
  const { text: _, ...kept } = filter;
  const { text: __, ...before } = ui.filter;
  screen.filterText.value = filter.text;
  set({ filter });
  if (!isWall && JSON.stringify(kept) !== JSON.stringify(before)) void service.keepFilter(kept);
}

/** @param {import('./wire.js').BoardFilter | undefined} kept */
function restoreFilter(kept) {
  if (!kept) return;
  ui = { ...ui, filter: { ...NO_FILTER, ...kept } };
  if (isFiltering(ui.filter)) announcer.politely('The filter that you used last is on.');
}

/**
 * @param {number} number
 * @param {Form['what']} what
 * @param {string} field
 */
function openForm(number, what, field) {
  hands.openForm({ number, what });
  document.getElementById(`${what}-${number}-${field}`)?.focus();
}

/** @type {Record<string, (number: number, target: HTMLElement) => void>} */
const ACTIONS = {
  acknowledge: (number) => void acknowledge(hands, number).catch(fault),
  'take-over': (number) => void takeOver(hands, number).catch(fault),
  'open-resolve': (number) => openForm(number, 'resolve', 'outcome'),
  'open-give': (number) => openForm(number, 'give', 'to'),
  'close-form': (number) => {
    hands.openForm(null);
    document.querySelector(`[data-key="alert-${number}"]`)?.querySelector('button')?.focus();
  },
  ...soundTest.actions,
  pause: () => {
    void quiet.begin().catch(fault);
    drawTop();
  },
  'end-pause': () => {
    void quiet.end().catch(fault);
    drawTop();
  },
  'close-notice': () => set({ notice: null }),
  go: goTo,
  state: (_, target) => setFilter({ ...ui.filter, state: target.dataset.state ?? '' }),
  'show-all': () => setFilter(NO_FILTER),
  'show-hidden': (number) => {
    setFilter(NO_FILTER);
    goTo(number);
  },
};

listenTo(root, {
  hold,
  guarded,
  touched: () => {
    sound.wake();
    soundAgain();
  },
  slipped: () => announcer.now('The board has just moved. Look, and press again.'),
  used: () => order.used(),
  actions: ACTIONS,
  sent: (form, number) => {
    if (ui.busy.has(number)) return;
    const sent = form.dataset.action === 'give' ? give(hands, number, form) : resolve(hands, number, form);
    void sent.catch(fault);
  },
  goTo,
});

screen.onFilter((change) => guarded(() => setFilter({ ...ui.filter, ...change })));

document.addEventListener('visibilitychange', tick);
window.addEventListener('pageshow', tick);
window.addEventListener('online', tick);
window.addEventListener('error', ({ error }) => fault(error));
window.addEventListener('unhandledrejection', ({ reason }) => fault(reason));

startTicking(tick);
tick();
