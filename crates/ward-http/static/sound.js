// @ts-check
// What the board sounds like. Patterns after IEC 60601-1-8: red ten quick pulses, amber three slow ones, "not live" a
// falling pair of its own. Sound is never silently off: it is on, off, stopped by the browser, or paused until a time.

/** @typedef {'red' | 'amber' | 'not_live'} Pattern */

/** Silence asked for by a person lasts this long at most. */
export const PAUSE_MS = 120_000;

/** From the start of one burst to the start of the next, in milliseconds. @type {Record<Pattern, number>} */
export const EVERY_MS = { red: 6_000, amber: 20_000, not_live: 10_000 };

/** Starts and lengths in seconds, pitch in hertz. @typedef {readonly [start: number, length: number, pitch: number]} Pulse */

const FIVE = [0, 0.2, 0.4, 0.75, 0.95];
/** @type {Record<Pattern | 'silent', readonly Pulse[]>} */
export const PULSES = {
  red: [...FIVE, ...FIVE.map((start) => start + 1.5)].map((start) => /** @type {Pulse} */ ([start, 0.14, 698])),
  amber: [0, 0.45, 0.9].map((start) => /** @type {Pulse} */ ([start, 0.22, 440])),
  not_live: [[0, 0.4, 622], [0.45, 0.7, 311]],
  silent: [[0, 0.3, 100]],
};

/** Where the browser did not let the sound run on another page of the tab, it is asked again so often. */
const AGAIN_EVERY_MS = 10_000;

/** How loud, of 1. @type {Record<Pattern | 'silent', number>} */
const GAIN = { red: 0.5, amber: 0.5, not_live: 0.5, silent: 0 };

/** From the first pulse of a red to the end of its last, in seconds. */
const RED_LASTS = Math.max(...PULSES.red.map(([start, length]) => start + length));

/** @typedef {'off' | 'testing' | 'asking' | 'on' | 'stopped'} SoundState */

export class Sound {
  /**
   * @param {() => number} monotonic
   * @param {() => AudioContext} makeContext
   */
  constructor(monotonic, makeContext) {
    this.monotonic = monotonic;
    this.makeContext = makeContext;
    /** @type {AudioContext | null} */
    this.context = null;
    /** A person has said that they heard it. */
    this.tested = false;
    this.testing = false;
    /** It was played to its end, and nobody has said yet whether it was heard. */
    this.asking = false;
    this.failed = false;
    /** What a person was asked or has said: what was begun before it says nothing any more. */
    this.turn = 0;
    this.againAt = Number.NEGATIVE_INFINITY;
    this.heardClockAt = 0;
    this.heardMovingAt = 0;
    /** @type {number | null} */
    this.pausedUntil = null;
    /** @type {Record<Pattern, number>} */
    this.lastAt = { red: Number.NEGATIVE_INFINITY, amber: Number.NEGATIVE_INFINITY, not_live: Number.NEGATIVE_INFINITY };
  }

  /** @returns {SoundState} */
  state() {
    // Who tries it once more in the middle of a shift has the sound on meanwhile.
    if (!this.context || !this.tested) {
      if (this.testing) return 'testing';
      if (this.asking) return 'asking';
      return this.failed ? 'stopped' : 'off';
    }
    return this.#runs() ? 'on' : 'stopped';
  }

  #runs() {
    return this.context?.state === 'running' && this.monotonic() - this.heardMovingAt < 3_000;
  }

  isArmed() {
    return this.state() === 'on';
  }

  isPaused() {
    return this.pausedUntil !== null;
  }

  /**
   * Called from a button, as browsers demand: plays what a red sounds like, by the same pulses. That it came to its end is not
   * that anybody heard it: that is what `answer` is told.
   */
  async test() {
    if (this.testing) return false;
    this.testing = true;
    this.turn += 1;
    this.asking = this.failed = false;
    // It takes the turn of a red: two at once would be neither.
    this.lastAt.red = this.monotonic();
    let hasPlayed = false;
    try {
      this.context ??= this.makeContext();
      const { context } = this;
      await within(context.resume(), 3_000);
      const start = context.currentTime;
      this.lastAt.red = this.monotonic();
      await within(this.#play('red'), 6_000);
      // Some browsers tell the time coarsely.
      hasPlayed = context.state === 'running' && context.currentTime - start >= RED_LASTS - 0.2;
    } catch {
      // Said below.
    }
    this.testing = false;
    this.asking = hasPlayed;
    this.failed = !hasPlayed;
    if (!hasPlayed) this.tested = false;
    this.#watch();
    return hasPlayed;
  }

  /** Only who has heard it has the sound on; what waits sounds at once. @param {boolean} heard */
  answer(heard) {
    this.tested = heard;
    this.turn += 1;
    this.asking = false;
    this.lastAt.red = this.lastAt.amber = Number.NEGATIVE_INFINITY;
    this.#watch();
  }

  /** The question is put away: what was answered before counts on. */
  leave() {
    this.asking = false;
  }

  /**
   * On another page of the tab in which the shift was started: it was heard there, and need not be heard again. Armed
   * when the browser lets the sound run.
   */
  async again() {
    const { turn } = this;
    this.againAt = this.monotonic();
    let runs = false;
    try {
      this.context ??= this.makeContext();
      const { context } = this;
      await within(context.resume(), 3_000);
      const start = context.currentTime;
      await within(this.#play('silent'), 2_000);
      runs = context.state === 'running' && context.currentTime - start >= 0.25;
    } catch {
      // Said by the page, and tried again.
    }
    // One of two tries that fails takes nothing back from the other.
    if (runs && turn === this.turn) this.tested = true;
    this.#watch();
    return this.tested;
  }

  /** A busy machine or a tab in the back may have kept it from running: no press is waited for. */
  mayRunAgain() {
    return this.state() === 'off' && this.monotonic() - this.againAt >= AGAIN_EVERY_MS;
  }

  /** A browser may stop the sound by itself; any press on the page is a chance to have it back. */
  wake() {
    if (this.context && this.context.state !== 'running') this.context.resume().catch(() => {});
  }

  pause() {
    this.pausedUntil = this.monotonic() + PAUSE_MS;
  }

  /** Also when anything worsens. */
  endPause() {
    this.pausedUntil = null;
    this.lastAt.red = this.lastAt.amber = Number.NEGATIVE_INFINITY;
  }

  /**
   * Play what is due. Call it a few times a second.
   * @param {'red' | 'amber' | null} wanted
   * @param {boolean} notLive
   */
  tick(wanted, notLive) {
    const now = this.monotonic();
    this.#watch();
    if (this.pausedUntil !== null && now >= this.pausedUntil) this.endPause();
    // Who has not answered yet is not known to hear anything, and may: whatever is due sounds all the same.
    const sounds = this.isArmed() || (this.asking && this.#runs());
    if (!sounds || this.pausedUntil !== null) return;
    const since = now - Math.max(this.lastAt.red, this.lastAt.amber, this.lastAt.not_live);
    // One after the other, never two at once: the priority must be heard.
    for (const pattern of /** @type {const} */ (['red', 'not_live', 'amber'])) {
      const isWanted = pattern === 'not_live' ? notLive : pattern === wanted;
      if (!isWanted || now - this.lastAt[pattern] < EVERY_MS[pattern] || since < 3_000) continue;
      this.lastAt[pattern] = now;
      this.#play(pattern).catch(() => {});
      return;
    }
  }

  /** Something spoke: its pattern does not wait for the next turn. @param {'red' | 'amber'} pattern */
  hurry(pattern) {
    this.lastAt[pattern] = Number.NEGATIVE_INFINITY;
  }

  /** A context that says it runs, but whose clock stands still, makes no sound. */
  #watch() {
    const { context } = this;
    if (context && context.currentTime !== this.heardClockAt) {
      this.heardClockAt = context.currentTime;
      this.heardMovingAt = this.monotonic();
    }
  }

  /**
   * @param {Pattern | 'silent'} name
   * @returns {Promise<void>} when the last pulse has ended
   */
  #play(name) {
    const { context } = this;
    if (!context) return Promise.reject(new Error('no sound'));
    const start = context.currentTime + 0.05;
    /** @type {OscillatorNode | null} */
    let last = null;
    for (const [offset, length, pitch] of PULSES[name]) {
      const at = start + offset;
      const gain = context.createGain();
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(GAIN[name], at + 0.02);
      gain.gain.setValueAtTime(GAIN[name], at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, at + length);
      gain.connect(context.destination);
      last = context.createOscillator();
      // Its harmonics let old ears and small speakers place it.
      last.type = 'square';
      last.frequency.value = pitch;
      last.connect(gain);
      last.start(at);
      last.stop(at + length);
    }
    return new Promise((resolve) => {
      if (last) last.onended = () => resolve();
      else resolve();
    });
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @returns {Promise<T>}
 */
function within(promise, ms) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error('too long')), ms))]);
}
