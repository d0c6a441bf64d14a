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
        for day in period.days() {
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
    let of_period = calls.iter().filter(|(at, _)| period.holds(*at) && hold(spans, *at));
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
    for day in period.days() {
        let Ok(next) = day.tomorrow() else { break };
        let over = zone.start_of(next);
        if over > now {
            break;
        }
        let end = Timestamp::from_millis(over.as_millis() - 1);
        if !hold(spans, end) || hold(pauses, end) {
            continue;
        }
        let in_force = plans.iter().rev().find(|(from, _)| *from <= end).or(plans.first());
        let number = Zone::days_between(admitted, day).saturating_add(1);
        if in_force.is_some_and(|(_, care)| asks_for(care, number)) {
            called.due += 1;
            called.done += u32::from(reached_on.contains(&day));
        }
    }
    called
}
