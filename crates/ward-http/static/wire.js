// @ts-check
// What the service says, as types. The treaty is crates/ward-wire (board.rs, duty.rs, feed.rs, problem.rs): change it there first.

/** @typedef {'green' | 'amber' | 'red'} Band */
/** @typedef {'low' | 'amber' | 'red'} Severity */

/**
 * @typedef {object} ByWhom
 * @property {string} clinician
 * @property {string} at
 */

/**
 * @typedef {object} ToldView
 * @property {number} level
 * @property {string} whom
 * @property {string | null} clinician
 * @property {number | null} contact
 * @property {string | null} by
 * @property {string} at
 * @property {string} state
 * @property {string | null} instead_of
 */

/**
 * @typedef {object} SnoozeView
 * @property {string} by
 * @property {string} until
 * @property {string} reason
 * @property {string} note
 */

/**
 * @typedef {object} AlertView
 * @property {number} number
 * @property {string} spoken
 * @property {string | null} stay
 * @property {string | null} bridge
 * @property {string | null} device_address
 * @property {string} problem
 * @property {boolean} technical
 * @property {'clinical' | 'technical' | 'silence'} kind
 * @property {Severity} severity
 * @property {string} confirmation
 * @property {Band} condition
 * @property {boolean} doubtful
 * @property {number} rank
 * @property {string} raised_at
 * @property {number} spoke_seq
 * @property {string} severity_since
 * @property {string} spoke_at
 * @property {number | null} worst_percent
 * @property {string | null} first_low_at
 * @property {string | null} last_low_at
 * @property {number} lows
 * @property {string | null} recheck_by
 * @property {boolean} unseen
 * @property {ByWhom | null} acknowledged
 * @property {string | null} assigned_by
 * @property {ByWhom | null} resolved
 * @property {string | null} outcome
 * @property {string[]} candidates
 * @property {string[]} reads
 * @property {{ awaited: string, at: string, why: string, heard_at: string | null, came_at: string | null }[]} missed
 * @property {string | null} silent_since
 * @property {string | null} heard_again_at
 * @property {string | null} detail
 * @property {number} [level]
 * @property {number | null} [passed_on_seq]
 * @property {string | null} [next_level_at]
 * @property {ToldView[]} [told]
 * @property {SnoozeView | null} [snooze]
 */

/**
 * @typedef {object} PointView
 * @property {string} at
 * @property {number} spo2_percent
 * @property {number | null} pulse_bpm
 * @property {Band} band
 * @property {boolean} doubtful
 */

/**
 * @typedef {object} PlanView
 * @property {number} spo2_scale
 * @property {number} red_at_or_below
 * @property {string | null} [review_missed]
 * @property {number} amber_at_or_below
 */

/**
 * @typedef {object} BoardRow
 * @property {string} stay
 * @property {string} name
 * @property {string} birth_date
 * @property {string} nhs_number
 * @property {string} phone
 * @property {string} language
 * @property {string} call_needs
 * @property {string} team
 * @property {string} address
 * @property {string} door_access
 * @property {string} others_at_home
 * @property {string} oxygen_at_home
 * @property {string} escalation_plan
 * @property {{ why: string, since: string } | null} [away]
 * @property {PlanView} plan
 * @property {PointView[]} trend
 * @property {string | null} last_tried_at
 * @property {AlertView[]} alerts
 */

/**
 * @typedef {object} WardView
 * @property {string} id
 * @property {string} code
 * @property {string} name
 * @property {string} phone
 * @property {string} time_zone
 */

/**
 * @typedef {object} You
 * @property {string} clinician
 * @property {string} name
 * @property {boolean} may_act
 * @property {boolean} may_take_duty
 * @property {BoardFilter} filter
 */

/** @typedef {{ team: string, language: string, state: string }} BoardFilter */
/** @typedef {{ from: string, until: string }} Hours */
/** @typedef {{ clinician: string, post: 'lead' | 'clinician' | 'call_handler' | 'on_call', since: string }} OnDuty */
/** @typedef {{ by: string, until: string, seq: number }} AudioPause */
/** @typedef {{ clinician: string, stay: string, since: string }} Present */

/**
 * @typedef {object} Shift
 * @property {OnDuty[]} on_duty
 * @property {{ clinician: string, name: string }[]} colleagues
 * @property {AudioPause | null} audio_pause
 * @property {number} open_notes
 * @property {(Hours | null)[]} staffed
 */

/**
 * @typedef {object} Board
 * @property {WardView} ward
 * @property {string} epoch
 * @property {number} as_of
 * @property {string} server_time
 * @property {You} you
 * @property {BoardRow[]} rows
 * @property {AlertView[]} technical
 * @property {Record<string, string>} staff
 * @property {Shift} shift
 */

/**
 * @typedef {{ kind: 'stay_admitted', stay: string }
 *   | { kind: 'device_assigned', stay: string }
 *   | { kind: 'readings', stay: string, points: PointView[], attempts: number }
 *   | { kind: 'data_quarantined', bridge: string, items: number, reason: string }
 *   | { kind: 'alert', change: string, speaks: boolean, alert: AlertView }
 *   | { kind: 'stay_changed', stay: string | null, what: string }
 *   | { kind: 'noted', stay: string | null, what: string }
 *   | { kind: 'unreadable' }} WardEvent
 */

/** @typedef {{ type: 'event', seq: number, at: string, event: WardEvent }} EventFrame */
/** @typedef {{ type: 'caught_up', seq: number, epoch: string }} CaughtUpFrame */
/** @typedef {{ type: 'still_here', server_time: string, seq: number, database_age_ms: number, epoch: string, present: Present[], watching: number }} StillHereFrame */
/** @typedef {EventFrame | CaughtUpFrame | StillHereFrame} Frame */

/** @typedef {{ applied: number, visible: boolean, armed: boolean }} Receipt */

/** @typedef {{ clinician: string, name: string, at: string }} Done */

/**
 * @typedef {object} Problem
 * @property {string} type
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {Done} [first]
 */

export {};
