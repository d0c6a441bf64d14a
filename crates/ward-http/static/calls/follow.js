// @ts-check
// Follows a ward's log for a page that the service draws: something has happened, so fetch the page again.
//
// Nothing is worked out here. A number that was missed does no harm, since every fetch shows how things stand.

/** So much silence, and the page says that it may be out of date. */
const SILENCE_MS = 12_000;
/** Waits between two tries to connect: at first, and at most. */
const RETRY_MS = 500;
const RETRY_MOST_MS = 10_000;
/** How a socket is closed when the session is over. */
const SESSION_OVER = 4401;

/**
 * @typedef {object} Followed
 * @property {string} ward
 * @property {number} after                                     the newest event that the page holds
 * @property {(stay: string | null) => void} changed             something happened, to this stay or to the ward
 * @property {(state: 'live' | 'lost' | 'signed_out') => void} state
 */

/** @param {Followed} page */
export function follow(page) {
  let after = page.after;
  let wait = RETRY_MS;
  let epoch = '';
  /** @type {WebSocket | null} */
  let socket = null;
  let heardAt = Date.now();
  let said = '';

  /** @param {'live' | 'lost' | 'signed_out'} state */
  const say = (state) => {
    if (state === said) return;
    said = state;
    page.state(state);
  };

  const connect = () => {
    const url = new URL(`/api/wards/${encodeURIComponent(page.ward)}/feed?after=${after}`, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const line = new WebSocket(url);
    socket = line;
    line.onmessage = ({ data }) => hear(JSON.parse(String(data)));
    line.onclose = ({ code }) => {
      if (socket !== line) return;
      socket = null;
      if (code === SESSION_OVER) {
        say('signed_out');
        return;
      }
      setTimeout(connect, wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, RETRY_MOST_MS);
    };
  };

  /** @param {{ type: string, seq: number, epoch?: string, event?: { stay?: string | null, alert?: { stay: string | null } } }} frame */
  const hear = (frame) => {
    heardAt = Date.now();
    if (frame.type === 'event') {
      after = Math.max(after, frame.seq);
      page.changed(frame.event?.stay ?? frame.event?.alert?.stay ?? null);
      return;
    }
    if (epoch !== '' && frame.epoch !== epoch) {
      // Numbers may have been given anew: what the page holds is drawn again from the newest.
      after = frame.seq;
      page.changed(null);
    }
    epoch = frame.epoch ?? epoch;
    wait = RETRY_MS;
    say('live');
  };

  connect();
  setInterval(() => {
    if (said === 'signed_out' || Date.now() - heardAt <= SILENCE_MS) return;
    say('lost');
    // A line that says nothing is given up; a new one begins where this one ended.
    if (socket?.readyState === WebSocket.OPEN) socket.close();
  }, 1000);
}
