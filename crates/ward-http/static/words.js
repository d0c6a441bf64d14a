// @ts-check
// The words of the board. Severity and band are a word, a prefix and a shape before they are a colour.

/** @import { AlertView, Band, PointView, Severity } from './wire.js' */

/** @typedef {Band | Severity} Level */

/** @type {Record<Level, string>} */
export const LEVEL_WORD = { red: 'Red', amber: 'Amber', low: 'Low priority', green: 'Green' };

/** IEC 60601-1-8 gives three, two and one mark. @type {Record<Level, string>} */
export const LEVEL_MARK = { red: '***', amber: '**', low: '*', green: '' };

/** @type {Record<string, string>} */
const PROBLEM = {
  oxygen: 'Low oxygen',
  late_low: 'Low that came in late',
  oxygen_drop: 'Oxygen well under the usual',
  oxygen_trend: 'Oxygen lower than on the first day',
  oxygen_sustained: 'Low oxygen that lasts',
  oxygen_too_high: 'Oxygen over the target on oxygen',
  pulse: 'Pulse outside its limits',
  news2: 'NEWS2 score',
  exertion: 'Oxygen falls on exertion',
  silence: 'Nothing where something was due',
  symptom: 'Symptom that does not wait',
  asked_for_help: 'Asked for help',
  poor_signal: 'Poor signal',
  clock_wrong: 'Clock is wrong',
  unknown_device: 'Value from an oximeter that nobody is known to wear',
  unreadable_data: 'Data that could not be read',
  bridge_silent: 'Bridge not heard of',
  bluetooth_down: 'Bluetooth of a bridge does not work',
  bridge_key_expired: 'Key of a bridge should have been renewed',
  device_battery: 'Battery of an oximeter nearly flat',
  oximeter_not_heard: 'Oximeter not heard for long',
  oximeter_cannot_be_read: 'Oximeter cannot be read',
  readings_stuck: 'Readings stay on a bridge',
  disk_nearly_full: 'Disk of a bridge nearly full',
  after_discharge: 'Reading after discharge',
  while_paused: 'Reading while the stay is paused',
  delivery_failing: 'Messages do not get through',
  nobody_watching: 'No board of this ward is watched',
  alert_path_broken: 'Test reading did not come through',
  alerts_disagree: 'Readings and alerts do not agree',
};

/** The three kinds: how somebody is, that nothing came, and kit. @type {Record<AlertView['kind'], string>} */
export const KIND_WORD = { clinical: 'Clinical', silence: 'Silence', technical: 'Kit' };

/** @type {Record<string, string>} */
const AWAY = {
  in_hospital: 'In hospital',
  in_respite: 'In respite care',
  away: 'Away',
  discharged: 'Stay is over: discharged',
  admitted_to_hospital: 'Stay is over: in hospital',
  died: 'Has died',
};

/** Why nobody at home is looked after. @param {string} why */
export const awayWord = (why) => AWAY[why] ?? 'Not at home';

/** @param {AlertView} alert */
export const problem = (alert) => PROBLEM[alert.problem] ?? alert.problem.replaceAll('_', ' ');

/** @param {AlertView} alert */
export function confirmation(alert) {
  switch (alert.confirmation) {
    case 'unconfirmed':
      return 'Unconfirmed';
    case 'second_reading':
      return 'Confirmed by a second reading';
    case 'no_recheck':
      return 'Confirmed: no recheck in time';
    default:
      return '';
  }
}

/**
 * How things stand, where that differs from the worst: a good reading clears the condition, never the alert.
 * @param {AlertView} alert
 * @param {PointView | null} newest
 */
export function condition(alert, newest) {
  if (alert.technical || alert.problem === 'late_low') return '';
  const level = { green: 0, low: 0, amber: 1, red: 2 };
  if (level[alert.condition] >= level[alert.severity] || alert.severity === 'low') return '';
  const value = newest && newest.band === alert.condition ? ` ${percent(newest.spo2_percent)}` : '';
  return `Was ${alert.severity}, now${value} ${alert.condition} – review`;
}

/** Whole percent as it is, tenths only where there are any. @param {number} value */
export const percent = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1));

/** @type {readonly (readonly [string, string])[]} */
export const OUTCOMES = [
  ['no_change', 'Looked at, nothing needed'],
  ['measurement_fault', 'The measurement was wrong'],
  ['advice_given', 'Advice given by phone'],
  ['visit_arranged', 'Home visit arranged'],
  ['treatment_changed', 'Treatment changed'],
  ['passed_on', 'Passed to the GP or to 111'],
  ['ambulance_called', 'Ambulance called'],
  ['admitted_to_hospital', 'Admitted to hospital'],
  ['died', 'The person has died'],
  ['kit_seen_to', 'Kit mended, moved or replaced'],
];

/** @param {string | null} outcome */
export const outcomeWord = (outcome) => OUTCOMES.find(([value]) => value === outcome)?.[1] ?? '';

/**
 * `1 red`, `3 reds`
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** @type {Record<string, string>} */
export const SNOOZE_WORD = {
  visit_on_its_way: 'a visit is on its way',
  patient_resting: 'the patient rests',
  kit_seen_to: 'kit is being seen to',
  agreed_elsewhere: 'agreed with another team',
  as_noted: 'see the note',
};

/** @type {Record<string, string>} */
const CHANNEL_WORD = { sms: 'text message', email: 'e-mail', web_push: 'push', webhook: 'webhook' };

/** @type {Record<string, string>} */
const TOLD_WORD = { queued: 'waits to go out', sent: 'sent', delivered: 'delivered', failed: 'did not get through', cancelled: 'no longer needed' };

/** @type {Record<string, string>} */
const TARGET_WORD = { next_clinician: 'a clinician on duty', lead: 'the lead', on_call: 'whoever is on call', phone_tree: 'the phone tree', person: 'the person named' };

/**
 * Who was told, by what, when, and what became of it: `Lena Holt (text message 10:42, delivered)`.
 * @param {import('./wire.js').ToldView} line
 * @param {(clinician: string) => string} nameOf
 * @param {string} at
 */
export function toldWords(line, nameOf, at) {
  const target = line.instead_of ? (TARGET_WORD[line.instead_of] ?? line.instead_of) : '';
  if (line.whom === 'nobody') return `nobody could be told (${at})${target && `, ${target} cannot be reached`}: ring somebody`;
  const instead = target && ` instead of ${target}`;
  const who = line.clinician ? nameOf(line.clinician) : line.contact ? `outside contact ${line.contact}` : 'webhook';
  return `${who} (${CHANNEL_WORD[line.by ?? ''] ?? line.by ?? ''} ${at}, ${TOLD_WORD[line.state] ?? line.state})${instead}`;
}
