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
    /** What is to be said, by what it is about: the newest word replaces one that was not yet said. */
    this.waiting = { polite: /** @type {Map<unknown, string>} */ (new Map()), now: /** @type {Map<unknown, string>} */ (new Map()) };
    this.saidAt = { polite: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY };
    this.since = { polite: 0, now: 0 };
  }

  /**
   * @param {string} sentence
   * @param {unknown} [about]
   */
  politely(sentence, about = sentence) {
    this.#add('polite', sentence, about);
  }

  /**
   * @param {string} sentence
   * @param {unknown} [about]
   */
  now(sentence, about = sentence) {
    this.#add('now', sentence, about);
  }

  /**
   * @param {'polite' | 'now'} how
   * @param {string} sentence
   * @param {unknown} about
   */
  #add(how, sentence, about) {
    if (this.waiting[how].size === 0) this.since[how] = this.monotonic();
    this.waiting[how].set(about, sentence);
  }

  tick() {
    const at = this.monotonic();
    for (const how of /** @type {const} */ (['now', 'polite'])) {
      const sentences = [...this.waiting[how].values()];
      const place = this.places[how];
      if (sentences.length > 0 && at - this.since[how] >= GATHER_MS) {
        const [first] = sentences;
        place.textContent = sentences.length > 2 ? `${first} And ${sentences.length - 1} more.` : sentences.join(' ');
        this.waiting[how].clear();
        this.saidAt[how] = at;
      } else if (place.textContent !== '' && at - this.saidAt[how] > 10_000) {
        place.textContent = '';
      }
    }
  }
}
