// @ts-check
// Who is there: on duty, watching, looking at whom; whether the boards are quiet, and whether anybody has to be there now.
// Pure: no clock, no page.

/** @import { AudioPause, Hours, OnDuty, Present } from './wire.js' */
/** @import { State } from './state.js' */

import { isWaiting } from './state.js';

/**
 * The pause of all the ward's boards, while it stands: it ends by itself, and by whatever speaks after it.
 * @param {State} state
 * @param {number} now  by the service's clock
 * @returns {AudioPause | null}
 */
export function pauseOf(state, now) {
  const pause = state.shift.audio_pause;
  if (!pause || now >= Date.parse(pause.until)) return null;
  const spoke = [...state.alerts.values()].some((alert) => isWaiting(alert) && alert.severity !== 'low' && alert.spoke_seq > pause.seq);
  return spoke ? null : pause;
}

/** @type {Record<OnDuty['post'], string>} */
const POST = { lead: 'lead', clinician: 'clinician', call_handler: 'call handler', on_call: 'on call' };

/** @param {string} post */
export const postWord = (post) => POST[/** @type {OnDuty['post']} */ (post)] ?? post.replaceAll('_', ' ');

/**
 * Names of those on duty, the lead first.
 * @param {State} state
 */
export function onDuty(state) {
  const order = Object.keys(POST);
  return [...state.shift.on_duty]
    .sort((a, b) => order.indexOf(a.post) - order.indexOf(b.post))
    .map((duty) => ({ ...duty, name: state.staff.get(duty.clinician) ?? 'A colleague' }));
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * Whether somebody has to watch the board now, by the ward's clock.
 * @param {readonly (Hours | null)[]} days  Monday to Sunday
 * @param {string} zone
 * @param {number} now
 */
export function isStaffed(days, zone, now) {
  let parts;
  try {
    parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now);
  } catch {
    // A zone that this browser does not know: rather asked for once too often.
    return true;
  }
  const of = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? '';
  const hours = days[DAYS.indexOf(of('weekday'))];
  if (!hours) return false;
  const time = `${of('hour')}:${of('minute')}`;
  const until = hours.until.slice(0, 5);
  return time >= hours.from.slice(0, 5) && (until === '00:00' || time < until);
}

/**
 * Who else has this person's page open.
 * @param {readonly Present[]} present
 * @param {State} state
 * @param {string} stay
 */
export const lookingAt = (present, state, stay) =>
  present.filter((one) => one.stay === stay && one.clinician !== state.you.clinician).map((one) => state.staff.get(one.clinician) ?? 'A colleague');
