//! What a plan asked for over a period, and what became of it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Called, Period};
use crate::call_list::schedule::asks_for;
use crate::care::CarePlan;
use crate::contact::{Call, Direction};
use crate::day::Zone;
use crate::silence::{Counted, Slot, slots_asked_for};
use crate::time::Timestamp;

type Spans = [(Timestamp, Timestamp)];

fn hold(spans: &Spans, at: Timestamp) -> bool {
    spans.iter().any(|(from, until)| *from <= at && at < *until)
}

/// The days of a period from the first to the last of which spans tell: a year is not gone through for a stay of two weeks.
fn days_of(period: &Period, zone: &Zone, spans: &Spans) -> impl Iterator<Item = Date> + use<> {
    let from = spans.iter().map(|(from, _)| *from).min();
    let until = spans.iter().map(|(_, until)| *until).max();
    let first = from.map(|from| zone.day_of(from.max(period.from)));
    let last = until.map(|until| zone.day_of(until.min(period.until)));
    let inner = first.zip(last);
    period
        .days()
        .skip_while(move |day| inner.is_none_or(|(first, _)| *day < first))
        .take_while(move |day| inner.is_some_and(|(_, last)| *day <= last))
}

/// The times at which readings were asked for while the stay was on the ward, that are over by now: something came in them,
/// or they are missed. `plans` are the schedules with the times in which they counted.
#[must_use]
pub fn slots(
    plans: &[Counted],
    zone: &Zone,
    (spans, pauses): (&Spans, &Spans),
    period: &Period,
    now: Timestamp,
) -> Vec<Slot> {
    let mut asked = Vec::new();
    for counted in plans {
        // A span at a time that is short enough for every slot of it to be looked at.
        for day in days_of(period, zone, &[(counted.from, counted.until.min(now))]) {
            let Ok(next) = day.tomorrow() else { break };
            let (from, until) = (zone.start_of(day), zone.start_of(next));
            let counted = Counted {
                from: counted.from.max(from),
                until: counted.until.min(until),
                schedule: counted.schedule.clone(),
            };
            if counted.from < counted.until {
                asked.extend(slots_asked_for(&counted, zone, pauses));
            }
        }
    }
    asked.retain(|slot| hold(spans, slot.at) && slot.judged_at(slot.at) <= now);
    asked
}

/// The contacts of a stay in a period. `plans` are its plans, each with the time from which it counted, oldest first; the
/// first also stands for what was before it. `calls` are those that count, with when they were.
///
/// A contact was due on a day that is over, on which the plan that counted at its end asks for one, if the patient was on
/// the ward then and not paused.
#[must_use]
pub fn contacts(
    plans: &[(Timestamp, CarePlan)],
    zone: &Zone,
    admitted_at: Timestamp,
    (spans, pauses): (&Spans, &Spans),
    calls: &[(Timestamp, Call)],
    period: &Period,
    now: Timestamp,
) -> Called {
    let of_period = calls
        .iter()
        .filter(|(at, _)| period.holds(*at) && hold(spans, *at));
    let mut called = Called::default();
    let mut reached_on: BTreeSet<Date> = BTreeSet::new();
    for (at, call) in of_period {
        if call.reaches() {
            called.reached += 1;
            reached_on.insert(zone.day_of(*at));
        } else if call.direction == Direction::FromWard {
            called.tried += 1;
        }
    }
    let admitted = zone.day_of(admitted_at);
    for day in days_of(period, zone, spans) {
        let Ok(next) = day.tomorrow() else { break };
        let over = zone.start_of(next);
        if over > now {
            break;
        }
        let end = Timestamp::from_millis(over.as_millis() - 1);
        if !hold(spans, end) || hold(pauses, end) {
            continue;
        }
        let in_force = plans
            .iter()
            .rev()
            .find(|(from, _)| *from <= end)
            .or(plans.first());
        let number = Zone::days_between(admitted, day).saturating_add(1);
        if in_force.is_some_and(|(_, care)| asks_for(care, number)) {
            called.due += 1;
            called.done += u32::from(reached_on.contains(&day));
        }
    }
    called
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::civil::{date, time};

    use super::*;
    use crate::care::{ContactSchedule, Schedule};
    use crate::contact::{CallOutcome, Support, Way, Wellbeing, Whom};

    const HOUR: Duration = Duration::from_secs(3_600);

    fn london() -> Zone {
        Zone::named("Europe/London").unwrap()
    }

    /// The three days round the change of the clocks in March.
    fn period() -> Period {
        let days = (Some(date(2026, 3, 28)), Some(date(2026, 3, 30)));
        Period::of(days.0, days.1, date(2026, 5, 1), &london()).unwrap()
    }

    fn utc(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn counted(from: Timestamp, until: Timestamp) -> Counted {
        Counted {
            from,
            until,
            schedule: Schedule {
                times: vec![time(1, 30, 0, 0), time(12, 0, 0, 0)],
                before_minutes: 60,
                after_minutes: 60,
            },
        }
    }

    fn times(slots: &[Slot]) -> Vec<String> {
        slots
            .iter()
            .map(|slot| london().local(slot.at).strftime("%d %H:%M").to_string())
            .collect()
    }

    #[test]
    fn slots_are_those_of_the_wards_clock_on_the_ward_outside_pauses_and_over() {
        let period = period();
        let whole = [counted(period.from, period.until)];
        let always = [(period.from, period.until)];
        let later = period.until.plus(HOUR * 24);
        let of = |spans: &Spans, pauses: &Spans, now| {
            times(&slots(&whole, &london(), (spans, pauses), &period, now))
        };
        // Half past one does not come on the Sunday: it is an hour later.
        let all = [
            "28 01:30", "28 12:00", "29 02:30", "29 12:00", "30 01:30", "30 12:00",
        ];
        assert_eq!(of(&always, &[], later), all);
        let away = [(utc("2026-03-28T12:00:00Z"), utc("2026-03-29T11:00:00Z"))];
        assert_eq!(
            of(&always, &away, later),
            ["28 01:30", "29 12:00", "30 01:30", "30 12:00"]
        );
        let gone = [(period.from, utc("2026-03-29T01:00:00Z"))];
        assert_eq!(of(&gone, &[], later), ["28 01:30", "28 12:00"]);
        // A slot is over an hour after its time, and two minutes for what is on its way.
        assert_eq!(of(&always, &[], utc("2026-03-30T12:01:59Z")), all[..5]);
        assert_eq!(of(&always, &[], utc("2026-03-30T12:02:00Z")), all);
    }

    #[test]
    fn a_plan_that_was_changed_asks_by_what_counted_then() {
        let period = period();
        let noon = utc("2026-03-29T11:00:00Z");
        let mut next = counted(noon, period.until);
        next.schedule.times = vec![time(18, 0, 0, 0)];
        let plans = [counted(period.from, noon), next];
        let always = [(period.from, period.until)];
        let asked = slots(
            &plans,
            &london(),
            (&always, &[]),
            &period,
            period.until.plus(HOUR * 24),
        );
        assert_eq!(
            times(&asked),
            ["28 01:30", "28 12:00", "29 02:30", "29 18:00", "30 18:00"]
        );
    }

    fn call(outcome: CallOutcome, whom: Whom, direction: Direction) -> Call {
        Call {
            direction,
            way: Way::Telephone,
            whom,
            name: String::new(),
            outcome,
            identity: None,
            support: Support::default(),
            wellbeing: Wellbeing::default(),
            symptoms: Vec::new(),
            help: None,
            readings: Vec::new(),
            advice: Vec::new(),
            next: None,
            note: String::new(),
        }
    }

    #[test]
    fn a_contact_is_due_on_days_that_end_on_the_ward_and_done_when_the_patient_was_reached() {
        use CallOutcome::{LeftMessage, NoAnswer, Reached};
        let period = period();
        let daily = CarePlan::default();
        let always = [(period.from, period.until)];
        let admitted = utc("2026-03-28T09:00:00Z");
        let calls = [
            // Ten past midnight on the Sunday by the ward's clock, then a try, next of kin, and a call that came in.
            (
                utc("2026-03-29T00:10:00Z"),
                call(Reached, Whom::Patient, Direction::FromWard),
            ),
            (
                utc("2026-03-28T10:00:00Z"),
                call(NoAnswer, Whom::Patient, Direction::FromWard),
            ),
            (
                utc("2026-03-28T11:00:00Z"),
                call(Reached, Whom::NextOfKin, Direction::FromWard),
            ),
            (
                utc("2026-03-28T12:00:00Z"),
                call(LeftMessage, Whom::Patient, Direction::ToWard),
            ),
            (
                utc("2026-03-30T22:59:00Z"),
                call(Reached, Whom::Carer, Direction::ToWard),
            ),
            // After the last day.
            (
                utc("2026-03-30T23:00:00Z"),
                call(Reached, Whom::Patient, Direction::FromWard),
            ),
        ];
        let later = period.until.plus(HOUR * 24);
        let plans = [(admitted, daily.clone())];
        let of = |plans: &[(Timestamp, CarePlan)], spans: &Spans, pauses: &Spans, now| {
            contacts(
                plans,
                &london(),
                admitted,
                (spans, pauses),
                &calls,
                &period,
                now,
            )
        };
        let whole = Called {
            due: 3,
            done: 2,
            reached: 2,
            tried: 2,
        };
        assert_eq!(of(&plans, &always, &[], later), whole);
        // Today is not over.
        let today = of(&plans, &always, &[], utc("2026-03-30T22:59:59Z"));
        assert_eq!((today.due, today.done), (2, 1));
        // Who is in hospital at the end of the Sunday is not rung at home, and neither is who left.
        let away = [(utc("2026-03-29T10:00:00Z"), utc("2026-03-30T10:00:00Z"))];
        assert_eq!(of(&plans, &always, &away, later).due, 2);
        let left = [(period.from, utc("2026-03-29T10:00:00Z"))];
        assert_eq!(of(&plans, &left, &[], later).due, 1);
        // On the third day of the stay the listed days ask for none; a plan from the Sunday evening on asks every day.
        let listed = CarePlan {
            contact: ContactSchedule::Days(vec![2]),
            ..daily.clone()
        };
        assert_eq!(
            of(&[(admitted, listed.clone())], &always, &[], later).due,
            2
        );
        let changed = [(admitted, listed), (utc("2026-03-30T18:00:00Z"), daily)];
        assert_eq!(of(&changed, &always, &[], later).due, 3);
    }
}
