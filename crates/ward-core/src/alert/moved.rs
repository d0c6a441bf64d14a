//! An alert that goes along to another ward.

use super::{Alert, NOT_YET_NUMBERED};
use crate::time::Timestamp;

/// The same alert on another ward's log: with everything it has, and nobody's there. Its timers run from when it was first
/// raised; only the showing is owed anew, since none of that ward's consoles has had it.
#[must_use]
pub fn moved(alert: &Alert, now: Timestamp) -> Alert {
    let mut alert = alert.clone();
    alert.number = NOT_YET_NUMBERED;
    alert.spoke_seq = NOT_YET_NUMBERED;
    alert.ladder = crate::escalation::Ladder::default();
    alert.speak(now)
}
