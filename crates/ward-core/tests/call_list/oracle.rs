//! Whom a careful person with the whole record before them would ring: every day of every stay is looked at, every entry
//! from the beginning, and every pair of rows. It shares no state and no arithmetic of days with the rules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ward_core::alert::{Problem, Severity};
use ward_core::call_list::{CallList, Reason, Row};
use ward_core::care::{CarePlan, ContactSchedule};
use ward_core::contact::{Asked, Call, CallOutcome, ContactEntry, Way, What, Whom, Why};
use ward_core::day::Zone;
use ward_core::stay::Phase;
use ward_core::time::{Timestamp, minutes, seconds};

use crate::world::{Happened, Patient};

/// The part of the list that a stay belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Nowhere,
    ToCall,
    Paused,
    Stopped,
    NotDue,
}

/// What must be so of one patient.
#[derive(Debug)]
struct Truth {
    part: Part,
    owed_since: Option<Date>,
    due_today: bool,
    place: u8,
    reached: Option<Timestamp>,
    spoken_of: bool,
    asked: usize,
}

pub fn agrees(
    list: &CallList,
    patients: &[Patient],
    now: Timestamp,
    zone: &Zone,
) -> Result<(), String> {
    let mut truths = BTreeMap::new();
    for patient in patients {
        let truth = truth(patient, now, zone);
        let parts = [
            (Part::ToCall, &list.to_call),
            (Part::Paused, &list.paused),
            (Part::Stopped, &list.stopped),
            (Part::NotDue, &list.not_due),
        ];
        let mut rows = Vec::new();
        for (part, part_rows) in parts {
            let mine = part_rows.iter().filter(|row| row.stay == patient.stay.id);
            rows.extend(mine.map(|row| (part, row)));
        }
        match (truth.part, rows.as_slice()) {
            (Part::Nowhere, []) => {}
            (part, [(found, row)]) if part == *found => {
                same_reasons(row, &truth, zone.day_of(now))?;
            }
            (part, found) => {
                let found: Vec<Part> = found.iter().map(|(part, _)| *part).collect();
                return Err(format!(
                    "belongs to {part:?}, is in {found:?}: {patient:#?} at {now}"
                ));
            }
        }
        truths.insert(patient.stay.id, truth);
    }
    for (above, row) in list.to_call.iter().enumerate() {
        for below in list.to_call.iter().skip(above + 1) {
            let (one, other) = (&truths[&row.stay], &truths[&below.stay]);
            if must_stand_above(other, one) {
                return Err(format!("{one:?} stands above {other:?}"));
            }
        }
    }
    Ok(())
}

fn same_reasons(row: &Row, truth: &Truth, today: Date) -> Result<(), String> {
    let carried = row.reasons.iter().find_map(|reason| match reason {
        Reason::CarriedOver { since } => Some(*since),
        _ => None,
    });
    let expected = truth.owed_since.filter(|since| *since < today);
    if carried != expected {
        return Err(format!(
            "carried over since {carried:?}, owed since {expected:?}"
        ));
    }
    let due_today = |reason: &Reason| matches!(reason, Reason::NewToday | Reason::DueToday { .. });
    if row.reasons.iter().any(due_today) != truth.due_today {
        return Err(format!("due today: {:?}, but {truth:?}", row.reasons));
    }
    let asked = row
        .reasons
        .iter()
        .filter(|reason| matches!(reason, Reason::Asked { .. }));
    if asked.count() != truth.asked {
        return Err(format!("asked: {:?}, but {truth:?}", row.reasons));
    }
    Ok(())
}

/// Only what the rules promise: urgency, then whom nobody has spoken to since, then the longest wait.
fn must_stand_above(one: &Truth, other: &Truth) -> bool {
    (one.place, one.spoken_of, one.reached) < (other.place, other.spoken_of, other.reached)
}

fn truth(patient: &Patient, now: Timestamp, zone: &Zone) -> Truth {
    let today = day(now, zone);
    let entries: Vec<&ContactEntry> = entries_of(&patient.happened);
    let reached = last_reached(&entries).filter(|at| *at <= now.plus(seconds(2)));
    let owed = owed_days(patient, &patient.care, reached, now, zone);
    let asked = asked(patient, &entries, now, zone);
    let asked_since = asked.iter().map(|asked| day(asked.due, zone));
    let part = match patient.stay.phase {
        Phase::Ended { .. } => Part::Nowhere,
        Phase::Paused { .. } => Part::Paused,
        Phase::Active if patient.alerts.is_empty() && owed.is_empty() && asked.is_empty() => {
            Part::NotDue
        }
        Phase::Active => match stopped(&entries, now) {
            Some(stop)
                if patient.alerts.is_empty()
                    && owed.iter().all(|owed| *owed <= day(stop, zone))
                    && asked.iter().all(|asked| asked.due <= stop) =>
            {
                Part::Stopped
            }
            _ => Part::ToCall,
        },
    };
    let mut places: Vec<(u8, bool)> = patient
        .alerts
        .iter()
        .map(|alert| {
            let place = match (alert.severity, alert.problem) {
                (Severity::Red, _) => 0,
                (_, Problem::AskedForHelp) => 1,
                (Severity::Amber, _) => 2,
                (Severity::Low, Problem::Silence) => 4,
                (Severity::Low, _) => 7,
            };
            (place, reached.is_some_and(|at| at > alert.spoke_at))
        })
        .collect();
    let owed_since = asked_since.chain(owed.iter().copied()).min();
    if owed_since.is_some_and(|since| since < today) {
        places.push((3, false));
    }
    let admitted = day(patient.stay.admitted_at, zone).min(today);
    // Somebody whose first day is carried over is not new any more.
    let due_today = owed.first() == Some(&today);
    if due_today {
        places.push((if admitted == today { 5 } else { 6 }, false));
    }
    for asked in &asked {
        places.push((if asked.why == Why::CallBack { 1 } else { 7 }, false));
    }
    let (place, spoken_of) = places.into_iter().min().unwrap_or((u8::MAX, false));
    Truth {
        part,
        owed_since,
        due_today,
        place,
        reached,
        spoken_of,
        asked: asked.len(),
    }
}

fn day(at: Timestamp, zone: &Zone) -> Date {
    zone.local(at).date()
}

fn entries_of(happened: &[Happened]) -> Vec<&ContactEntry> {
    let entries = happened.iter().filter_map(|it| match it {
        Happened::Entry(entry) => Some(entry),
        Happened::Asked(_) | Happened::PlanChanged { .. } => None,
    });
    entries.collect()
}

fn speaks_for_the_patient(call: &Call) -> bool {
    call.outcome == CallOutcome::Reached && (call.whom == Whom::Patient || call.whom == Whom::Carer)
}

fn last_reached(entries: &[&ContactEntry]) -> Option<Timestamp> {
    let reached = entries.iter().filter(|entry| match &entry.what {
        What::Call(call) => speaks_for_the_patient(call),
        _ => false,
    });
    reached.map(|entry| entry.at).max()
}

/// The newest stop, if nobody was reached after it. Written entries of the future do not count.
fn stopped(entries: &[&ContactEntry], now: Timestamp) -> Option<Timestamp> {
    let stop = entries
        .iter()
        .filter(|entry| matches!(entry.what, What::LadderStopped { .. }))
        .map(|entry| (entry.at, entry.id))
        .max()?;
    let reached_after = entries.iter().any(|entry| match &entry.what {
        What::Call(call) => speaks_for_the_patient(call) && (entry.at, entry.id) > stop,
        _ => false,
    });
    (!reached_after && stop.0 <= now.plus(seconds(2))).then_some(stop.0)
}

/// Every day that the plan asks for a contact on and that no later contact has made good.
fn owed_days(
    patient: &Patient,
    care: &CarePlan,
    reached: Option<Timestamp>,
    now: Timestamp,
    zone: &Zone,
) -> Vec<Date> {
    let today = day(now, zone);
    let mut date = day(patient.stay.admitted_at, zone).min(today);
    let mut number = 1_u16;
    let mut owed = Vec::new();
    while date <= today {
        let made_good = reached.is_some_and(|at| day(at, zone) >= date);
        if wanted(care, number) && !made_good {
            owed.push(date);
        }
        date = date.tomorrow().unwrap();
        number += 1;
    }
    owed
}

fn wanted(care: &CarePlan, number: u16) -> bool {
    let by_schedule = match &care.contact {
        ContactSchedule::Daily | ContactSchedule::EveryDays(0 | 1) => true,
        ContactSchedule::Days(days) => {
            days.contains(&number) || (number > care.days && days.iter().all(|day| *day < number))
        }
        ContactSchedule::EveryDays(2) => number % 2 == 1,
        ContactSchedule::EveryDays(every) => number % every == 1,
    };
    by_schedule || number == 1 || number == care.days
}

/// Everything else that is due by now: asked for, agreed, booked, or owed by an earlier plan.
fn asked(patient: &Patient, entries: &[&ContactEntry], now: Timestamp, zone: &Zone) -> Vec<Asked> {
    let mut wanted: Vec<Asked> = Vec::new();
    for (place, happened) in patient.happened.iter().enumerate() {
        match happened {
            Happened::Asked(asked) => wanted.push(*asked),
            Happened::PlanChanged { at, from } => {
                let before = entries_of(&patient.happened[..place]);
                let reached =
                    last_reached(&before).filter(|reached| *reached <= at.plus(seconds(2)));
                if !owed_days(patient, from, reached, *at, zone).is_empty() {
                    wanted.push(Asked::now(Why::OwedBefore, *at));
                }
            }
            Happened::Entry(_) => {}
        }
    }
    let mut calls: Vec<(&&ContactEntry, &Call)> = Vec::new();
    for entry in entries {
        if let What::Call(call) = &entry.what {
            calls.push((entry, call));
        }
    }
    let agreed = calls
        .iter()
        .filter(|(_, call)| speaks_for_the_patient(call) && call.next.is_some())
        .max_by_key(|(entry, _)| (entry.at, entry.id));
    wanted.extend(agreed.and_then(|(entry, call)| {
        call.next.map(|next| Asked {
            why: Why::NextContact,
            since: entry.at,
            due: next.at,
        })
    }));
    let reached = last_reached(entries).filter(|at| *at <= now.plus(seconds(2)));
    wanted.retain(|asked| {
        !reached.is_some_and(|at| at > asked.since && at.plus(minutes(60)) >= asked.due)
    });
    let booked = entries
        .iter()
        .filter(|entry| matches!(entry.what, What::VisitBooked { .. }))
        .max_by_key(|entry| (entry.at, entry.id));
    if let Some(booked) = booked {
        let visited = |(entry, call): &(&&ContactEntry, &Call)| {
            call.way == Way::Visit && (entry.at, entry.id) > (booked.at, booked.id)
        };
        if let (What::VisitBooked { at, .. }, false) = (&booked.what, calls.iter().any(visited)) {
            wanted.push(Asked {
                why: Why::Visit,
                since: booked.at,
                due: *at,
            });
        }
    }
    wanted.retain(|asked| day(asked.due, zone) <= day(now, zone));
    as_one(wanted)
}

/// Two that are wanted at once for one reason are one row's one reason.
fn as_one(wanted: Vec<Asked>) -> Vec<Asked> {
    let mut seen: Vec<Asked> = Vec::new();
    for asked in wanted {
        let alike = seen
            .iter_mut()
            .find(|it| it.why == asked.why && it.due <= asked.since && asked.due <= asked.since);
        match alike {
            Some(first) => first.due = first.due.min(asked.due),
            None => seen.push(asked),
        }
    }
    seen
}
