//! The times at which a plan asks for something, as points in time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::care::Schedule;
use crate::day::Zone;
use crate::time::{Timestamp, minutes};

/// What is measured in time may come in so much later: the bridge settles, sends and tries again. A service that has just
/// started waits as long for what was kept for it.
pub const ARRIVES_WITHIN: Duration = minutes(2);

/// What a slot asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// A reading with a value.
    Reading,
    /// The diary of that time.
    Diary,
}

/// One time at which a plan asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// The time on the ward's clock.
    pub at: Timestamp,
    /// For what.
    pub awaited: Awaited,
    /// What came from here on is this slot's …
    pub opens: Timestamp,
    /// … up to here.
    pub closes: Timestamp,
}

impl Slot {
    /// Whether what was measured or answered at `at` is what this slot asked for.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.opens <= at && at <= self.closes
    }

    /// From when on it can be said that nothing came. A service that was down when the slot closed listens for a while
    /// first: what was measured meanwhile is on its way.
    #[must_use]
    pub fn judged_at(&self, listening_since: Timestamp) -> Timestamp {
        self.closes.max(listening_since).plus(ARRIVES_WITHIN)
    }
}

/// Further back than this nobody is told of single slots: a service that was down for a month has another kind of trouble.
const LONGEST_LOOK_BACK: Duration = minutes(31 * 24 * 60);

/// The slots whose times lie after `after` and not after `until`, in order. Two times that a change of the clocks makes
/// one are one slot.
pub(super) fn between(
    schedule: &Schedule,
    awaited: Awaited,
    zone: &Zone,
    after: Timestamp,
    until: Timestamp,
) -> Vec<Slot> {
    let after = after.max(until.minus(LONGEST_LOOK_BACK));
    let mut slots = Vec::new();
    let last = zone.day_of(until);
    // A time that is left out in March may come on the wall of the next day, were it near midnight.
    let mut day = zone.day_of(after);
    day = day.yesterday().unwrap_or(day);
    while day <= last {
        let times = schedule.times.iter().map(|time| zone.at(day, *time));
        slots.extend(
            times
                .filter(|at| after < *at && *at <= until)
                .map(|at| slot(schedule, awaited, at)),
        );
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The first slot whose time lies after `after`.
pub(super) fn next(
    schedule: &Schedule,
    awaited: Awaited,
    zone: &Zone,
    after: Timestamp,
) -> Option<Slot> {
    between(
        schedule,
        awaited,
        zone,
        after,
        after.plus(minutes(2 * 25 * 60)),
    )
    .into_iter()
    .next()
}

/// The slot that is open at `now`, or else the next one: what to do now, or when.
#[must_use]
pub fn current(schedule: &Schedule, awaited: Awaited, zone: &Zone, now: Timestamp) -> Option<Slot> {
    let open_since = now.minus(minutes(u64::from(schedule.after_minutes).saturating_add(1)));
    between(
        schedule,
        awaited,
        zone,
        open_since,
        now.plus(minutes(2 * 25 * 60)),
    )
    .into_iter()
    .find(|slot| slot.closes >= now)
}

fn slot(schedule: &Schedule, awaited: Awaited, at: Timestamp) -> Slot {
    Slot {
        at,
        awaited,
        opens: at.minus(minutes(u64::from(schedule.before_minutes))),
        closes: at.plus(minutes(u64::from(schedule.after_minutes))),
    }
}
