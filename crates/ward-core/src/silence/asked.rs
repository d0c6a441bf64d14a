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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::minutes;
    use jiff::civil::time;

    const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

    fn thrice_a_day(from: Timestamp, until: Timestamp) -> Counted {
        Counted {
            from,
            until,
            schedule: Schedule {
                times: [8, 13, 18].map(|hour| time(hour, 0, 0, 0)).to_vec(),
                before_minutes: 60,
                after_minutes: 60,
            },
        }
    }

    fn hours(asked: &[AskedFor]) -> Vec<(i64, Became)> {
        let after_eight = |it: &AskedFor| it.at.millis_since(EIGHT) / 3_600_000;
        asked.iter().map(|it| (after_eight(it), it.is)).collect()
    }

    #[test]
    fn a_slot_is_answered_missed_or_still_open() {
        let day = thrice_a_day(EIGHT, EIGHT.plus(minutes(24 * 60)));
        let came = [EIGHT.plus(minutes(30))];
        let now = EIGHT.plus(minutes(6 * 60 + 3));
        let asked = asked_for(&[day], &Zone::utc(), &came, &[], now);
        assert_eq!(
            hours(&asked),
            [
                (0, Became::Answered),
                (5, Became::Missed),
                (10, Became::Open)
            ]
        );
    }

    #[test]
    fn nothing_is_missed_before_its_grace_and_the_way_of_a_message_are_over() {
        let day = thrice_a_day(EIGHT, EIGHT.plus(minutes(60)));
        for (after, is) in [(61, Became::Open), (62, Became::Missed)] {
            let now = EIGHT.plus(minutes(after));
            let asked = asked_for(std::slice::from_ref(&day), &Zone::utc(), &[], &[], now);
            assert_eq!(hours(&asked), [(0, is)], "{after} min");
        }
    }

    #[test]
    fn nothing_is_asked_for_in_a_pause_nor_by_a_plan_that_has_gone() {
        let change = EIGHT.plus(minutes(12 * 60));
        let mut evening = thrice_a_day(change, change.plus(minutes(24 * 60)));
        evening.schedule.times = vec![time(20, 0, 0, 0)];
        let now = change.plus(minutes(2 * 24 * 60));
        let pause = (EIGHT.plus(minutes(60)), EIGHT.plus(minutes(6 * 60)));
        let plans = [thrice_a_day(EIGHT, change), evening];
        let asked = asked_for(&plans, &Zone::utc(), &[], &[pause], now);
        assert_eq!(
            hours(&asked),
            [
                (0, Became::Missed),
                (10, Became::Missed),
                (12, Became::Missed)
            ]
        );
    }
}
