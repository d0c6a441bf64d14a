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
/** @type {Record<Pattern | 'test' | 'silent', readonly Pulse[]>} */
export const PULSES = {
  red: [...FIVE, ...FIVE.map((start) => start + 1.5)].map((start) => /** @type {Pulse} */ ([start, 0.14, 698])),
  amber: [0, 0.45, 0.9].map((start) => /** @type {Pulse} */ ([start, 0.22, 440])),
  not_live: [[0, 0.4, 622], [0.45, 0.7, 311]],
  test: [[0, 0.18, 392], [0.25, 0.18, 494], [0.5, 0.35, 587]],
  silent: [[0, 0.3, 100]],
};

/** How loud, of 1. @type {Record<Pattern | 'test' | 'silent', number>} */
const GAIN = { red: 0.5, amber: 0.5, not_live: 0.5, test: 0.35, silent: 0 };

/** @typedef {'off' | 'testing' | 'on' | 'stopped'} SoundState */

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
    /** The test tone has gone through the browser's sound machinery to its end. */
    this.tested = false;
    this.testing = false;
    this.failed = false;
    this.heardClockAt = 0;
    this.heardMovingAt = 0;
    /** @type {number | null} */
    this.pausedUntil = null;
    /** @type {Record<Pattern, number>} */
    this.lastAt = { red: Number.NEGATIVE_INFINITY, amber: Number.NEGATIVE_INFINITY, not_live: Number.NEGATIVE_INFINITY };
  }

  /** @returns {SoundState} */
  state() {
    if (this.testing) return 'testing';
    if (!this.context || !this.tested) return this.failed ? 'stopped' : 'off';
    return this.context.state === 'running' && this.monotonic() - this.heardMovingAt < 3_000 ? 'on' : 'stopped';
  }

  isArmed() {
    return this.state() === 'on';
  }

  isPaused() {
    return this.pausedUntil !== null;
  }

  /** Called from a button, as browsers demand: plays the test tone, and is armed when it has come to its end. */
  async arm() {
    this.testing = true;
    this.failed = false;
    try {
      this.context ??= this.makeContext();
      const { context } = this;
      await within(context.resume(), 3_000);
      const start = context.currentTime;
      await within(this.#play('test'), 4_000);
      this.tested = context.state === 'running' && context.currentTime - start >= 0.5;
    } catch {
      this.tested = false;
    }
    this.failed = !this.tested;
    this.testing = false;
    this.#watch();
    return this.tested;
  }

  /**
   * On another page of the tab in which the shift was started: the tone was heard there, and need not be heard again. Armed
   * when the browser lets the sound run.
   */
  async again() {
    try {
      this.context ??= this.makeContext();
      const { context } = this;
      await within(context.resume(), 3_000);
      const start = context.currentTime;
      await within(this.#play('silent'), 2_000);
      this.tested = context.state === 'running' && context.currentTime - start >= 0.25;
    } catch {
      this.tested = false;
    }
    this.#watch();
    return this.tested;
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
    if (!this.isArmed() || this.pausedUntil !== null) return;
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
   * @param {Pattern | 'test' | 'silent'} name
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
      // A triangle has the harmonics that let old ears and small speakers place it.
      last.type = name === 'test' ? 'triangle' : 'square';
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
