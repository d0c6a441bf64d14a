//! Alerts that rest on what somebody said, not on a value.

use super::{Alert, Confirmation, Heeded, NOT_YET_NUMBERED, Problem, Severity, State, Subject};
use crate::plan::Band;
use crate::technical::Detail;
use crate::time::Timestamp;

/// A new alert without values: nothing of it is rechecked. It speaks, unless it is of low severity.
pub(crate) fn of_words(
    subject: Subject,
    problem: Problem,
    severity: Severity,
    detail: Detail,
    now: Timestamp,
) -> Alert {
    Alert {
        number: NOT_YET_NUMBERED,
        subject,
        problem,
        severity,
        confirmation: Confirmation::NotAsked,
        condition: Band::Green,
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: None,
        reds: None,
        worst: None,
        worst_sound: None,
        detail: Some(detail),
        spoke_seq: NOT_YET_NUMBERED,
        spoke_at: now,
        heeded: Heeded::default(),
        shown_at: None,
        show_by: None,
        unseen: false,
        recheck_by: None,
        was_green: false,
        was_below_red: false,
        relapse: None,
        struck: None,
        ladder: crate::escalation::Ladder::default(),
        snooze: None,
    }
    .speak(now)
}
