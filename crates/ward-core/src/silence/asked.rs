//! What a plan has asked for over a span of time, and what became of it: for a chart. Alerts come from
//! [`look`](super::look); this only looks back.

use super::slot::{Awaited, Slot, between};
use crate::care::Schedule;
use crate::day::Zone;
use crate::time::Timestamp;

/// A schedule and the time in which it counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// From then …
    pub from: Timestamp,
    /// … until then, not included.
    pub until: Timestamp,
    /// When readings were asked for.
    pub schedule: Schedule,
}

/// A time at which a reading was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedFor {
    /// The time on the ward's clock.
    pub at: Timestamp,
    /// What became of it.
    pub is: Became,
}

/// What became of a time at which a reading was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// A value came in its time.
    Answered,
    /// None did.
    Missed,
    /// It can still come.
    Open,
}

/// The times at which one schedule asked for readings while it counted; nothing is asked for in `pauses`.
#[must_use]
pub fn slots_asked_for(
    counted: &Counted,
    zone: &Zone,
    pauses: &[(Timestamp, Timestamp)],
) -> Vec<Slot> {
    let just_before = |at: Timestamp| Timestamp::from_millis(at.as_millis().saturating_sub(1));
    let (after, until) = (just_before(counted.from), just_before(counted.until));
    let mut slots = between(&counted.schedule, Awaited::Reading, zone, after, until);
    let in_pause = |at: Timestamp| pauses.iter().any(|(from, to)| *from <= at && at < *to);
    slots.retain(|slot| !in_pause(slot.at));
    slots
}

/// The times at which readings were asked for. `came` are the values that count; nothing is asked for in `pauses`.
#[must_use]
pub fn asked_for(
    schedules: &[Counted],
    zone: &Zone,
    came: &[Timestamp],
    pauses: &[(Timestamp, Timestamp)],
    now: Timestamp,
) -> Vec<AskedFor> {
    let mut asked = Vec::new();
    for counted in schedules {
        for slot in slots_asked_for(counted, zone, pauses) {
            let is = if came.iter().any(|at| slot.holds(*at)) {
                Became::Answered
            } else if slot.judged_at(counted.from) <= now {
                Became::Missed
            } else {
                Became::Open
            };
            asked.push(AskedFor { at: slot.at, is });
        }
    }
    asked
}
