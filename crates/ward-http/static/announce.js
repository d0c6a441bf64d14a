// @ts-check
// What is said aloud to those who hear the page: once, in one sentence, a new red at once and all else politely.

/** A burst of news becomes one sentence. */
export const GATHER_MS = 700;

export class Announcer {
  /**
   * @param {HTMLElement} politely
   * @param {HTMLElement} atOnce
   * @param {() => number} monotonic
   */
  constructor(politely, atOnce, monotonic) {
    this.places = { polite: politely, now: atOnce };
    this.monotonic = monotonic;
    /** @type {{ polite: string[], now: string[] }} */
    this.waiting = { polite: [], now: [] };
    this.saidAt = { polite: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY };
    this.since = { polite: 0, now: 0 };
  }

  /** @param {string} sentence */
  politely(sentence) {
    this.#add('polite', sentence);
  }

  /** @param {string} sentence */
  now(sentence) {
    this.#add('now', sentence);
  }

  /**
   * @param {'polite' | 'now'} how
   * @param {string} sentence
   */
  #add(how, sentence) {
    if (this.waiting[how].length === 0) this.since[how] = this.monotonic();
    if (!this.waiting[how].includes(sentence)) this.waiting[how].push(sentence);
  }

  tick() {
    const at = this.monotonic();
    for (const how of /** @type {const} */ (['now', 'polite'])) {
      const sentences = this.waiting[how];
      const place = this.places[how];
      if (sentences.length > 0 && at - this.since[how] >= GATHER_MS) {
        const [first] = sentences;
        place.textContent = sentences.length > 2 ? `${first} And ${sentences.length - 1} more.` : sentences.join(' ');
        this.waiting[how] = [];
        this.saidAt[how] = at;
      } else if (place.textContent !== '' && at - this.saidAt[how] > 10_000) {
        place.textContent = '';
      }
    }
  }
}
