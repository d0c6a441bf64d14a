// @ts-check
// Sending what waits, and saying what came of it. Whatever is not certainly stored stays on the device.
import { all, forget, keep } from "./kept.js";

/** @import { Waiting } from "./kept.js" */

/** So long an answer is waited for: on a line so slow the device goes on by itself. */
const ANSWER_WITHIN_MS = 12_000;

/**
 * What came of sending: stored (and where its page is), refused for what it is, not signed in any more, or nobody
 * answered.
 *
 * @typedef {{ came: "stored", next: string } | { came: "refused" | "signed-out" | "no-line" }} Came
 */

/**
 * @param {Waiting} waiting
 * @param {typeof fetch} [ask]
 * @param {number} [now]
 * @returns {Promise<Came>}
 */
export async function send(waiting, ask = fetch, now = Date.now()) {
  const body = new URLSearchParams(waiting.fields);
  // How long it waited is told, not when: a device's clock may be wrong by years. The first sending is of now.
  const seconds = Math.max(0, Math.round((now - waiting.made) / 1000));
  if (seconds > 5) {
    body.set("waited_seconds", String(seconds));
  }
  try {
    const answer = await ask(waiting.url, {
      method: "POST",
      headers: { accept: "application/json" },
      body,
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (answer.ok) {
      const { next } = await answer.json();
      return { came: "stored", next };
    }
    if (answer.status === 401) {
      return { came: "signed-out" };
    }
    // Too fast, or not available: the line is there, and it is tried again later.
    const later = answer.status === 429 || answer.status >= 500;
    return { came: later ? "no-line" : "refused" };
  } catch {
    return { came: "no-line" };
  }
}

/**
 * What a round of sending has left.
 *
 * @typedef {object} Left
 * @property {number} waiting    not sent yet
 * @property {number} refused    the ward cannot take them
 * @property {number} sent       sent in this round
 * @property {boolean} signedOut
 * @property {boolean} line      the ward was reached, or nothing had to be sent
 */

/**
 * Sends all that waits, the oldest first. One page at a time: others find the same list, and a repeat is harmless.
 *
 * @returns {Promise<Left>}
 */
export async function sendAll() {
  const round = async () => {
    const kept = await all();
    const left = { waiting: 0, refused: 0, sent: 0, signedOut: false, line: true };
    for (const waiting of kept) {
      if (waiting.refused !== undefined) {
        left.refused += 1;
        continue;
      }
      // Answers that are not sent as a diary yet are nothing that anybody waits for.
      const isUnfinished = waiting.kind === "unfinished";
      if (!left.line) {
        left.waiting += isUnfinished ? 0 : 1;
        continue;
      }
      const { came } = await send(waiting);
      if (isUnfinished) {
        left.line = came !== "no-line";
        if (left.line) {
          await forget(waiting.id);
        }
        continue;
      }
      if (came === "stored") {
        await forget(waiting.id);
        left.sent += 1;
      } else if (came === "refused") {
        await keep({ ...waiting, refused: "refused" });
        left.refused += 1;
      } else {
        // Somebody else on this device may still be signed in: only no line ends the round.
        left.waiting += 1;
        left.signedOut ||= came === "signed-out";
        left.line = came !== "no-line";
      }
    }
    return left;
  };
  return "locks" in navigator ? navigator.locks.request("wardlight-send", round) : round();
}
