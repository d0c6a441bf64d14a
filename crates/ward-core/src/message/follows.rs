//! What a patient is told because of what has just happened.

use jiff::civil::Time;

use crate::alert::{Alert, Change, Problem, Severity, Subject};
use crate::care::{CarePlan, Schedule};
use crate::day::Zone;
use crate::event::WardEvent;
use crate::id::Seq;
use crate::plan::Band;
use crate::stay::{Phase, Stay};
use crate::time::Timestamp;

use super::{Asks, Message, gets_messages};

/// What follows for the patient from an event of the ward's log: a low asks for a recheck; a symptom or a call for help
/// while nobody is on the ward is answered with whom to ring.
///
/// `staffed` says whether somebody watches the board at `now`. Nobody is told anything whose stay is paused or over.
#[must_use]
pub fn messages_after(
    stay: &Stay,
    event: &WardEvent,
    seq: Seq,
    staffed: bool,
    now: Timestamp,
) -> Option<Message> {
    let WardEvent::Alert { change, alert } = event else {
        return None;
    };
    let prompted = stay.phase == Phase::Active && gets_messages(stay.channel);
    if !prompted || alert.subject != Subject::Stay(stay.id) {
        return None;
    }
    match alert.problem {
        Problem::Oxygen => asked_again(stay, *change, alert, seq, now),
        Problem::Symptom | Problem::AskedForHelp => {
            let told = !staffed && change.speaks();
            told.then(|| Message::out_of_hours_advice(stay.id, seq.0, now))
        }
        Problem::LateLow
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Silence
        | Problem::Technical(_) => None,
    }
}

/// A recheck is asked for when one begins to be waited for, once: not at every low, and not when nobody did it in time.
fn asked_again(
    stay: &Stay,
    change: Change,
    alert: &Alert,
    seq: Seq,
    now: Timestamp,
) -> Option<Message> {
    let begins = matches!(
        change,
        Change::Raised | Change::SeverityRose | Change::Relapsed
    );
    alert.recheck_by.filter(|_| begins)?;
    let band = match alert.severity {
        Severity::Red => Band::Red,
        Severity::Amber | Severity::Low => Band::Amber,
    };
    Some(Message::recheck(
        stay.id,
        alert.worst?,
        band,
        &stay.plan,
        seq.0,
        now,
    ))
}

/// What the plan asks for at exactly this time: a reading, a diary entry, both, or nothing any more.
#[must_use]
pub fn slot_asks(care: &CarePlan, zone: &Zone, slot_at: Timestamp) -> Option<Asks> {
    let day = zone.day_of(slot_at);
    let asks = |schedule: &Schedule| {
        let mut times = schedule.times.iter();
        times.any(|time| zone.at(day, *time) == slot_at)
    };
    let diary = care.diary.as_ref().map(|diary| &diary.schedule);
    Asks::of(asks(&care.schedule), diary.is_some_and(asks))
}

/// The reminder at the next time of the plan, after `now`. `None` when nothing is asked for, nobody is prompted, or the
/// plan's times lie beyond the calendar.
#[must_use]
pub fn next_reminder(stay: &Stay, care: &CarePlan, zone: &Zone, now: Timestamp) -> Option<Message> {
    if stay.phase != Phase::Active || !gets_messages(stay.channel) {
        return None;
    }
    let today = zone.day_of(now);
    let days = [today, today.tomorrow().ok()?];
    let diary = care.diary.iter().flat_map(|diary| &diary.schedule.times);
    let times: Vec<Time> = care.schedule.times.iter().chain(diary).copied().collect();
    let slot_at = days
        .iter()
        .flat_map(|day| times.iter().map(|time| zone.at(*day, *time)))
        .filter(|at| *at > now)
        .min()?;
    let asks = slot_asks(care, zone, slot_at)?;
    Some(Message::slot_reminder(stay.id, asks, slot_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::DiaryPlan;
    use crate::message::What;
    use crate::plan::MonitoringPlan;
    use crate::stay::Channel;
    use crate::story::{EIGHT, Ward};
    use crate::time::minutes;

    /// What follows from the oxygen alert as it is now, had it just changed so.
    fn after(ward: &Ward, change: Change) -> Option<Message> {
        let event = WardEvent::Alert {
            change,
            alert: Box::new(ward.oxygen().clone()),
        };
        messages_after(&ward.stay, &event, Seq(7), true, ward.now)
    }

    #[test]
    fn a_low_asks_the_patient_to_measure_again_once() {
        let ward = Ward::new().reads(91.0);
        let message = after(&ward, Change::Raised).unwrap();
        assert!(matches!(
            message.what,
            What::Recheck {
                band: Band::Red,
                ..
            }
        ));
        assert_eq!(message.expires_at, EIGHT.plus(minutes(30)));
        assert_eq!(after(&ward, Change::Continued), None);
        assert_eq!(after(&ward, Change::Confirmed), None);
        let amber = after(&Ward::new().reads(94.0), Change::Raised).unwrap();
        assert_eq!(amber.expires_at, EIGHT.plus(minutes(60)));
    }

    #[test]
    fn a_low_that_a_better_one_has_followed_asks_nobody() {
        let ward = Ward::new().reads(91.0).after(minutes(1)).reads(97.0);
        assert_eq!(after(&ward, Change::SeverityRose), None);
    }

    #[test]
    fn nobody_is_prompted_who_is_away_or_has_no_screen() {
        let mut ward = Ward::new().reads(91.0);
        for channel in [Channel::Telephone, Channel::Paper] {
            ward.stay.channel = channel;
            assert_eq!(after(&ward, Change::Raised), None);
        }
        ward.stay.channel = Channel::Page;
        assert!(after(&ward, Change::Raised).is_some());
        ward.stay.phase = Phase::Paused {
            since: EIGHT,
            reason: crate::stay::PauseReason::InHospital,
        };
        assert_eq!(after(&ward, Change::Raised), None);
    }

    #[test]
    fn a_symptom_at_night_is_answered_with_whom_to_ring() {
        let ward = Ward::on(MonitoringPlan::scale_one()).reads(91.0);
        for (problem, staffed, told) in [
            (Problem::Symptom, false, true),
            (Problem::Symptom, true, false),
            (Problem::AskedForHelp, false, true),
            (Problem::LateLow, false, false),
        ] {
            let mut alert = ward.oxygen().clone();
            alert.problem = problem;
            let event = WardEvent::Alert {
                change: Change::Raised,
                alert: Box::new(alert),
            };
            let message = messages_after(&ward.stay, &event, Seq(7), staffed, ward.now);
            assert_eq!(message.is_some(), told, "{problem:?} {staffed}");
        }
    }

    #[test]
    fn the_next_reminder_is_at_the_next_time_of_the_wards_day_also_when_the_clock_changes() {
        let zone = Zone::named("Europe/London").unwrap();
        let ward = Ward::new();
        let mut care = CarePlan::default();
        care.schedule.times = vec![
            jiff::civil::time(8, 0, 0, 0),
            jiff::civil::time(18, 0, 0, 0),
        ];
        care.diary = Some(DiaryPlan {
            questionnaire: "covid".to_owned(),
            version: 1,
            schedule: Schedule {
                times: vec![jiff::civil::time(18, 0, 0, 0)],
                ..care.schedule.clone()
            },
        });
        let utc = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().unwrap());
        for (now, slot_at, asks) in [
            (
                "2026-03-28T18:30:00Z",
                "2026-03-29T07:00:00Z",
                Asks::Reading,
            ),
            ("2026-03-29T07:00:00Z", "2026-03-29T17:00:00Z", Asks::Both),
            (
                "2026-10-24T17:00:00Z",
                "2026-10-25T08:00:00Z",
                Asks::Reading,
            ),
            (
                "2026-10-25T07:59:59Z",
                "2026-10-25T08:00:00Z",
                Asks::Reading,
            ),
        ] {
            let slot_at = utc(slot_at);
            let next = next_reminder(&ward.stay, &care, &zone, utc(now)).unwrap();
            assert_eq!(next.what, What::SlotReminder { asks, slot_at }, "{now}");
            assert_eq!(slot_asks(&care, &zone, slot_at), Some(asks));
            assert_eq!(slot_asks(&care, &zone, slot_at.plus(minutes(1))), None);
        }
    }
}
