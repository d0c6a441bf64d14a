// @ts-check
// Times as a clinician reads them: always in the ward's zone, always by the service's clock.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} zone
 * @param {'clock' | 'minute' | 'day'} kind
 */
function format(zone, kind) {
  const key = `${zone} ${kind}`;
  const known = formats.get(key);
  if (known) return known;
  /** @type {Intl.DateTimeFormatOptions} */
  const options =
    kind === 'day'
      ? { day: '2-digit', month: 'short', year: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(kind === 'clock' ? { second: '2-digit' } : {}) };
  let made;
  try {
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch {
    // A zone that this browser does not know: say UTC and say so.
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC', timeZoneName: 'short' });
  }
  formats.set(key, made);
  return made;
}

/**
 * `08:02:14`
 * @param {number} at
 * @param {string} zone
 */
export const clock = (at, zone) => format(zone, 'clock').format(at);

/**
 * `21-Nov-2026`
 * @param {number} at
 * @param {string} zone
 */
export const day = (at, zone) => format(zone, 'day').format(at).replaceAll(' ', '-');

/**
 * `08:02`, and the day with it when that is another day than `now`.
 * @param {number} at
 * @param {string} zone
 * @param {number} now
 */
export function minute(at, zone, now) {
  const time = format(zone, 'minute').format(at);
  return day(at, zone) === day(now, zone) ? time : `${time} on ${day(at, zone)}`;
}

/**
 * How long something lasts: `45 s`, `4 min`, `1 h 05 min`, `3 days`.
 * @param {number} ms
 */
export function lasting(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days`;
}

/**
 * `4 min ago`; a time that has not come yet is said as such.
 * @param {number} at
 * @param {number} now
 */
export const ago = (at, now) => (at > now + 5_000 ? `in ${lasting(at - now)}` : `${lasting(now - at)} ago`);

/**
 * `in 3 min`, `overdue by 40 s`
 * @param {number} at
 * @param {number} now
 */
export const until = (at, now) => (at >= now ? `in ${lasting(at - now)}` : `overdue by ${lasting(now - at)}`);

/** The service's clock, carried on by the page's own monotonic one: the computer's clock may be wrong. */
export class ServiceClock {
  /**
   * @param {() => number} monotonic
   * @param {() => number} wall
   */
  constructor(monotonic, wall) {
    this.monotonic = monotonic;
    this.wall = wall;
    /** Before the service has spoken the computer's clock must do. */
    this.offset = wall() - monotonic();
    this.known = false;
  }

  /** @param {string} serverTime */
  hear(serverTime) {
    const at = Date.parse(serverTime);
    if (Number.isNaN(at)) return;
    this.offset = at - this.monotonic();
    this.known = true;
  }

  now() {
    return this.at(this.monotonic());
  }

  /** @param {number} monotonic */
  at(monotonic) {
    return monotonic + this.offset;
  }

  /** How far the computer's clock is ahead of the service's, in milliseconds. */
  computerAheadMs() {
    return this.known ? this.wall() - this.now() : 0;
  }
}
