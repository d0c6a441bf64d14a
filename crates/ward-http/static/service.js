// @ts-check
// What the page asks of the service over HTTP. Commands go this way, never over the socket.

/** @import { Board, BoardFilter, Done, Problem } from './wire.js' */
/** @import { Line, LineEvents } from './feed.js' */

import { Refused } from './feed.js';

/** A request that takes longer than this has failed, and the person is told. */
const PATIENCE_MS = 8_000;

/** @typedef {{ done: Done } | { problem: Problem } | { unreachable: true }} Answer */

export class Service {
  /**
   * @param {string} ward
   * @param {string} csrf
   */
  constructor(ward, csrf) {
    this.ward = ward;
    this.base = `/api/wards/${encodeURIComponent(ward)}`;
    this.csrf = csrf;
  }

  /** @returns {Promise<Board>} */
  async board() {
    const response = await fetch(`${this.base}/board`, { headers: { accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    // A redirect to the sign-in page is an answer too, but not a board.
    if (response.redirected) throw new Refused(401);
    if (!response.ok) throw new Refused(response.status);
    return response.json();
  }

  /**
   * What waits for somebody, for the pages beside the board. `null` for whoever is not signed in or not of this ward.
   * @param {boolean} hears whether this page is visible and may sound: then the ward is not unwatched
   * @returns {Promise<import('./elsewhere.js').Waiting | null>}
   */
  async waiting(hears) {
    const response = await fetch(`${this.base}/waiting${hears ? '?hears=true' : ''}`, { headers: { accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.redirected || [401, 403, 404].includes(response.status)) return null;
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    return response.json();
  }

  /**
   * @param {number} after
   * @param {LineEvents} events
   * @returns {Line}
   */
  feed(after, events) {
    const url = new URL(`${this.base}/feed?after=${after}`, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.onopen = events.opened;
    socket.onmessage = ({ data }) => events.said(String(data));
    socket.onclose = events.closed;
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  }

  /**
   * @param {number} alert
   * @param {number} seen
   */
  acknowledge(alert, seen) {
    return this.#post(`alerts/${alert}/acknowledge`, { seen });
  }

  /**
   * @param {number} alert
   * @param {number} seen
   * @param {string} outcome
   * @param {string} note
   */
  resolve(alert, seen, outcome, note) {
    return this.#post(`alerts/${alert}/resolve`, { seen, outcome, note });
  }

  /**
   * Without `to`, whoever sits here takes it over.
   * @param {number} alert
   * @param {number} seen
   * @param {string | null} to
   */
  assign(alert, seen, to) {
    return this.#post(`alerts/${alert}/assign`, { seen, to });
  }

  /** @param {{ test: string, console: string, heard: boolean, waited_ms: number }} answer */
  soundTested(answer) {
    return this.#post('sound-tests', answer);
  }

  /** All the ward's boards are quiet for a while, or no longer. @param {boolean} isPaused */
  pauseAudio(isPaused) {
    return this.#post('audio-pause', {}, isPaused ? 'PUT' : 'DELETE');
  }

  /** @param {BoardFilter} filter */
  keepFilter(filter) {
    return this.#post('board-filter', filter, 'PUT');
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {'POST' | 'PUT' | 'DELETE'} [method]
   * @returns {Promise<Answer>}
   */
  async #post(path, body, method = 'POST') {
    try {
      const response = await fetch(`${this.base}/${path}`, {
        method,
        headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': this.csrf },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      // What has no content was done by whoever asked, just now.
      if (response.status === 204) return { done: { clinician: '', name: '', at: '' } };
      if (response.ok) return { done: await response.json() };
      const problem = await response.json().catch(() => null);
      return { problem: problem ?? { type: '', title: `The service answered ${response.status}`, status: response.status, detail: 'Press again. If it goes on, ring.' } };
    } catch {
      return { unreachable: true };
    }
  }
}
