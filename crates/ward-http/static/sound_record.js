// @ts-check
// What somebody said to the sound of their screen is told to the service, in its own time: the sound does not wait for it.
// What could not be told is kept with the tab and tried again; it is never sent in the name of the next who signs in.

/** @import { Announcer } from './announce.js' */
/** @import { Service } from './service.js' */
/** @import { State } from './state.js' */

const CODE_KEY = 'wardlight-console';
/** Without those that are taken for each other on the telephone or on paper. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE = /^[A-Z0-9]{4,8}$/;
const AGAIN_AFTER_MS = 5_000;

/** @typedef {{ test: string, console: string, heard: boolean, at: number }} Answered */

/** @type {string | null} */
let code = null;

/** The code by which this screen is told from others: made up once, and kept by the browser. */
export function consoleCode() {
  code ??= kept(localStorage_(), CODE_KEY, CODE) ?? made();
  return code;
}

function made() {
  const fresh = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  try {
    localStorage_()?.setItem(CODE_KEY, fresh);
  } catch {
    // A browser that keeps nothing has another code in each page.
  }
  return fresh;
}

/** A browser may refuse even to name it. */
function localStorage_() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 * @param {RegExp} form
 */
function kept(storage, key, form) {
  try {
    const text = storage?.getItem(key) ?? '';
    return form.test(text) ? text : null;
  } catch {
    return null;
  }
}

/** Not `crypto.randomUUID`: a page without TLS does not have it. */
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export class SoundRecord {
  /**
   * @param {Pick<Service, 'soundTested'>} service
   * @param {Pick<Announcer, 'politely'>} announcer
   * @param {() => State | null} state
   * @param {() => number} monotonic
   * @param {() => number} wall
   */
  constructor(service, announcer, state, monotonic, wall) {
    this.service = service;
    this.announcer = announcer;
    this.state = state;
    this.monotonic = monotonic;
    this.wall = wall;
    /** Nothing has failed to be told. */
    this.isTold = true;
    this.isTelling = false;
    this.triedAt = Number.NEGATIVE_INFINITY;
  }

  /** @param {boolean} heard */
  add(heard) {
    this.#keep([...this.#kept(), { test: newId(), console: consoleCode(), heard, at: this.wall() }]);
    this.triedAt = Number.NEGATIVE_INFINITY;
    void this.tell();
  }

  /** Call it a few times a second. */
  tick() {
    if (this.isTelling || this.monotonic() - this.triedAt < AGAIN_AFTER_MS) return;
    void this.tell();
  }

  /** Tells what waits, the oldest first. */
  async tell() {
    if (this.isTelling) return;
    const [first] = this.#kept();
    this.triedAt = this.monotonic();
    if (!first) return;
    this.isTelling = true;
    const { test, console, heard, at } = first;
    const answer = await this.service.soundTested({ test, console, heard, waited_ms: Math.max(0, Math.round(this.wall() - at)) });
    this.isTelling = false;
    // The service being away ends by itself; a refusal does not.
    if ('unreachable' in answer || ('problem' in answer && (answer.problem.status >= 500 || [401, 408, 429].includes(answer.problem.status)))) {
      if (this.isTold) this.announcer.politely('Your answer is not written down yet: the service could not be told. It is tried again.');
      this.isTold = false;
      return;
    }
    if ('problem' in answer) this.announcer.politely(`Your answer was not written down: ${answer.problem.title}.`);
    else if (!this.isTold) this.announcer.politely('Your answer is written down.');
    this.isTold = true;
    this.#keep(this.#kept().filter((one) => one.test !== test));
    if (this.#kept().length > 0) await this.tell();
  }

  #key() {
    const state = this.state();
    return state ? `wardlight-sound-tests ${state.ward.id} ${state.you.clinician}` : null;
  }

  /** @returns {Answered[]} */
  #kept() {
    const key = this.#key();
    if (key === null) return [];
    if (this.memory?.key === key) return this.memory.answers;
    try {
      const answers = JSON.parse(sessionStorage.getItem(key) ?? '[]');
      return Array.isArray(answers) ? answers : [];
    } catch {
      return [];
    }
  }

  /** @param {Answered[]} answers */
  #keep(answers) {
    const key = this.#key();
    if (key === null) return;
    /** What a browser does not keep for the next page is at least kept for this one. */
    this.memory = { key, answers };
    try {
      if (answers.length === 0) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(answers));
    } catch {
      // Kept above.
    }
  }
}
