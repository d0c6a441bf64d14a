// @ts-check
// The answers of a diary that is not sent yet, told to the ward after each question: whoever comes back is asked whether
// to go on. Without internet the newest waits on this device, and is nothing that anybody has to be told of.
import { forget, keep } from "./kept.js";
import { send } from "./send.js";

/** @import { Waiting } from "./kept.js" */

export class Unfinished {
  /** @type {Waiting | undefined} */
  #next;
  #ended = false;
  /** @type {Promise<void> | undefined} */
  #sending;

  /** @param {string} url  where the form of the questions goes: one diary of one person */
  constructor(url) {
    this.url = url;
    this.id = `unfinished ${url}`;
  }

  /** @param {[string, string][]} fields */
  note(fields) {
    this.#next = { id: this.id, url: this.url, fields, kind: "unfinished", made: Date.now() };
    // One after another, and the newest alone: on a slow line those between are not sent.
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** The diary itself is sent, or was. */
  end() {
    this.#ended = true;
    this.#next = undefined;
    void forget(this.id).catch(() => undefined);
  }

  async #send() {
    while (this.#next !== undefined && !this.#ended) {
      const noted = this.#next;
      this.#next = undefined;
      await keep(noted).catch(() => undefined);
      const { came } = await send(noted);
      if (this.#ended || (came !== "no-line" && this.#next === undefined)) {
        await forget(noted.id).catch(() => undefined);
      }
    }
  }
}
