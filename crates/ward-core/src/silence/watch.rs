//! Which slots have closed since anybody last looked, and when to look next.

use serde::{Deserialize, Serialize};

use super::slot::{Awaited, Slot, between, next};
use crate::care::{CarePlan, Schedule};
use crate::day::Zone;
use crate::time::Timestamp;

/// How far the slots of a stay have been looked at; kept in its state, so that a slot is judged once, however often the
/// service is restarted, and none is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    readings: Seen,
    diary: Seen,
    asleep: bool,
}

/// All slots up to a time have been seen to, by this schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    until: Option<Timestamp>,
    by: Option<Schedule>,
}

impl Watch {
    /// Nobody looks: the stay is paused. Whatever was asked for meanwhile is nobody's when it goes on.
    #[must_use]
    pub fn asleep() -> Self {
        Self {
            asleep: true,
            ..Self::default()
        }
    }

    /// Nothing before `at` is asked for.
    #[must_use]
    pub const fn from(at: Timestamp) -> Self {
        const fn seen(at: Timestamp) -> Seen {
            Seen {
                until: Some(at),
                by: None,
            }
        }
        Self {
            readings: seen(at),
            diary: seen(at),
            asleep: false,
        }
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The plan as it is now.
    pub care: &'a CarePlan,
    /// The ward's.
    pub zone: &'a Zone,
    /// The stay began then: no earlier slot is the patient's.
    pub begun_at: Timestamp,
    /// This service has been listening since then.
    pub listening_since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// What a look has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Slots that have closed since the last look, in order: something came in them, or they are missed.
    pub slots: Vec<Slot>,
    /// To be kept in the stay's state.
    pub watch: Watch,
    /// When to look again. `None`: this plan asks for nothing.
    pub next: Option<Timestamp>,
}

/// Looks which slots have closed since `watch`, each of them once.
///
/// A slot that the plan had before it was changed and still has is judged when it closes. One that came with the change
/// counts when its time was not over by then; one that the change took out counts when it had closed by then.
#[must_use]
pub fn look(watch: &Watch, look: &Look<'_>) -> Closed {
    let woken = Watch::from(look.now);
    let watch = if watch.asleep { &woken } else { watch };
    let (mut slots, readings, next_reading) =
        look.at(&watch.readings, Awaited::Reading, Some(&look.care.schedule));
    let diary = look.care.diary.as_ref().map(|diary| &diary.schedule);
    let (diaries, diary, next_diary) = look.at(&watch.diary, Awaited::Diary, diary);
    slots.extend(diaries);
    slots.sort_unstable();
    Closed {
        slots,
        watch: Watch {
            readings,
            diary,
            asleep: false,
        },
        next: [next_reading, next_diary].into_iter().flatten().min(),
    }
}

impl Look<'_> {
    fn at(
        &self,
        seen: &Seen,
        awaited: Awaited,
        schedule: Option<&Schedule>,
    ) -> (Vec<Slot>, Seen, Option<Timestamp>) {
        // A slot at the very moment of admission is the patient's. What a clock that ran ahead has seen to is looked at
        // again: rather twice than not at all.
        let just_before = before(self.begun_at);
        let after = seen
            .until
            .map_or(just_before, |until| until.min(self.now).max(just_before));
        let changed_at = self.care.set_at.filter(|at| {
            seen.until.is_some() && seen.by.as_ref() != schedule && *at > after && *at <= self.now
        });
        let now = self.slots(schedule, awaited, after);
        let found = match changed_at {
            Some(changed_at) => {
                let before = self.slots(seen.by.as_ref(), awaited, after);
                over_the_change(&before, now, changed_at)
            }
            None => now,
        };
        let judged_at = |slot: &Slot| slot.judged_at(self.listening_since);
        // Once one waits, so do those after it: what has been seen to is told by a time alone.
        let waits = |slot: &Slot| judged_at(slot) > self.now;
        let closed = found.iter().position(waits).unwrap_or(found.len());
        let (closed, waiting) = found.split_at(closed);
        let until = waiting
            .first()
            .map_or(self.now, |slot| before(slot.at))
            .max(after);
        let to_come = schedule.and_then(|schedule| next(schedule, awaited, self.zone, self.now));
        let next = waiting.iter().chain(&to_come).map(judged_at).min();
        let of_before = |slot: &Slot| changed_at.is_some_and(|changed_at| slot.at < changed_at);
        let by = if waiting.iter().any(of_before) {
            seen.by.clone()
        } else {
            schedule.cloned()
        };
        let until = Some(until);
        (closed.to_vec(), Seen { until, by }, next)
    }

    fn slots(&self, schedule: Option<&Schedule>, awaited: Awaited, after: Timestamp) -> Vec<Slot> {
        schedule.map_or_else(Vec::new, |schedule| {
            between(schedule, awaited, self.zone, after, self.now)
        })
    }
}

const fn before(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis().saturating_sub(1))
}

/// The slots that count where a plan was changed at `changed_at`: what it asked for before, and what it asks for now.
fn over_the_change(before: &[Slot], now: Vec<Slot>, changed_at: Timestamp) -> Vec<Slot> {
    let is_of = |slots: &[Slot], slot: &Slot| slots.iter().any(|held| held.at == slot.at);
    let over: Vec<Slot> = before
        .iter()
        .copied()
        .filter(|slot| slot.closes <= changed_at)
        .collect();
    let goes_on = now
        .into_iter()
        .filter(|slot| !is_of(&over, slot) && (slot.at >= changed_at || is_of(before, slot)));
    let mut counting: Vec<Slot> = goes_on.collect();
    counting.extend(over);
    counting.sort_unstable();
    counting
}
