//! Whether a message is still wanted at the moment when it is to go out.

use super::{Asks, Message, Recipient, Stop, What, gets_messages, slot_asks};
use crate::care::CarePlan;
use crate::day::Zone;
use crate::stay::{Destination, Phase, Stay};
use crate::time::{Timestamp, minutes};

/// What has come from the patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// When the newest value was measured.
    pub newest_value_at: Option<Timestamp>,
    /// When the newest diary entry that counts was made.
    pub newest_diary_at: Option<Timestamp>,
}

/// The message as it should go out now: a reminder asks only for what has not come.
///
/// # Errors
/// [`Stop`]: it should not. Nobody is prompted whose stay is paused or over, whatever was queued before; only kit is
/// asked back from somebody who is well and at home.
pub fn wanted(
    message: &Message,
    stay: &Stay,
    care: &CarePlan,
    heard: Heard,
    zone: &Zone,
) -> Result<Message, Stop> {
    if let Recipient::OnCall { .. } = message.to {
        return Ok(message.clone());
    }
    let kit_of_somebody_well = || match (&message.what, stay.phase) {
        (What::KitReminder { .. }, Phase::Ended { destination, .. }) => {
            !matches!(destination, Destination::Died | Destination::Hospital)
        }
        _ => false,
    };
    if stay.phase != Phase::Active && !kit_of_somebody_well() {
        return Err(Stop::StayEnded);
    }
    if !gets_messages(stay.channel) {
        return Err(Stop::NoWay);
    }
    let mut message = message.clone();
    match &mut message.what {
        What::Recheck { .. } if heard.newest_value_at > Some(message.not_before) => {
            Err(Stop::NotNeeded)
        }
        What::SlotReminder { asks, slot_at } => {
            *asks = still_asked(care, zone, heard, *slot_at).ok_or(Stop::NotNeeded)?;
            Ok(message)
        }
        What::Recheck { .. }
        | What::CallAnnounced { .. }
        | What::OutOfHoursAdvice
        | What::OnCallRed { .. }
        | What::KitReminder { .. } => Ok(message),
    }
}

fn still_asked(care: &CarePlan, zone: &Zone, heard: Heard, slot_at: Timestamp) -> Option<Asks> {
    let asks = slot_asks(care, zone, slot_at)?;
    let came = |at: Option<Timestamp>, before_minutes: u16| {
        at >= Some(slot_at.minus(minutes(u64::from(before_minutes))))
    };
    let diary_before = care
        .diary
        .as_ref()
        .map_or(0, |diary| diary.schedule.before_minutes);
    let reading = matches!(asks, Asks::Reading | Asks::Both)
        && !came(heard.newest_value_at, care.schedule.before_minutes);
    let diary =
        matches!(asks, Asks::Diary | Asks::Both) && !came(heard.newest_diary_at, diary_before);
    Asks::of(reading, diary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::{DiaryPlan, Schedule};
    use crate::id::Seq;
    use crate::stay::{Channel, PauseReason};
    use crate::story::{EIGHT, Ward};

    fn zone() -> Zone {
        Zone::named("Europe/London").unwrap()
    }

    /// A reading and a diary at eight.
    fn care() -> CarePlan {
        let mut care = CarePlan::default();
        care.schedule.times = vec![jiff::civil::time(8, 0, 0, 0)];
        care.diary = Some(DiaryPlan {
            questionnaire: "covid".to_owned(),
            version: 1,
            schedule: Schedule {
                before_minutes: 30,
                ..care.schedule.clone()
            },
        });
        care
    }

    fn asked(reading_ago: Option<u64>, diary_ago: Option<u64>) -> Result<Asks, Stop> {
        let reminder = Message::slot_reminder(Ward::new().stay.id, Asks::Both, EIGHT);
        let at = |ago: Option<u64>| ago.map(|ago| EIGHT.minus(minutes(ago)));
        let heard = Heard {
            newest_value_at: at(reading_ago),
            newest_diary_at: at(diary_ago),
        };
        let message = wanted(&reminder, &Ward::new().stay, &care(), heard, &zone())?;
        match message.what {
            What::SlotReminder { asks, .. } => Ok(asks),
            _ => panic!("{message:?}"),
        }
    }

    #[test]
    fn a_reminder_asks_only_for_what_has_not_come() {
        assert_eq!(asked(None, None), Ok(Asks::Both));
        assert_eq!(asked(Some(59), None), Ok(Asks::Diary));
        assert_eq!(asked(Some(61), Some(29)), Ok(Asks::Reading));
        assert_eq!(asked(Some(5), Some(5)), Err(Stop::NotNeeded));
    }

    #[test]
    fn a_time_that_the_plan_no_longer_has_reminds_nobody() {
        let stay = Ward::new().stay;
        let reminder = Message::slot_reminder(stay.id, Asks::Both, EIGHT.plus(minutes(5)));
        let said = wanted(&reminder, &stay, &care(), Heard::default(), &zone());
        assert_eq!(said, Err(Stop::NotNeeded));
    }

    #[test]
    fn nobody_is_prompted_whose_stay_is_not_running_but_kit_is_asked_back() {
        let mut stay = Ward::new().stay;
        let due_back = jiff::civil::date(2026, 12, 1);
        let kit = Message::kit_reminder(stay.id, due_back, EIGHT);
        let advice = Message::out_of_hours_advice(stay.id, 7, EIGHT);
        let reason = PauseReason::InHospital;
        let since = EIGHT;
        let ended = |destination| Phase::Ended {
            at: EIGHT,
            destination,
        };
        for (phase, prompted, asked_back) in [
            (Phase::Active, true, true),
            (Phase::Paused { since, reason }, false, false),
            (ended(Destination::Home), false, true),
            (ended(Destination::Hospital), false, false),
            (ended(Destination::Died), false, false),
        ] {
            stay.phase = phase;
            let goes = |message: &Message| {
                wanted(message, &stay, &care(), Heard::default(), &zone()).is_ok()
            };
            assert_eq!(
                (goes(&advice), goes(&kit)),
                (prompted, asked_back),
                "{phase:?}"
            );
        }
    }

    #[test]
    fn a_red_goes_to_the_person_on_call_also_of_a_stay_that_is_over_or_rings_only() {
        let mut stay = Ward::new().stay;
        stay.channel = Channel::Telephone;
        let advice = Message::out_of_hours_advice(stay.id, 7, EIGHT);
        let said = wanted(&advice, &stay, &care(), Heard::default(), &zone());
        assert_eq!(said, Err(Stop::NoWay));
        stay.phase = Phase::Ended {
            at: EIGHT,
            destination: Destination::Home,
        };
        let (name, phone) = ("on call".to_owned(), "07700 900 000".to_owned());
        let red = Message::on_call_red(stay.id, Seq(7), 1, name, phone, EIGHT);
        assert!(wanted(&red, &stay, &care(), Heard::default(), &zone()).is_ok());
    }

    #[test]
    fn a_recheck_that_has_been_done_is_not_asked_for_again() {
        let ward = Ward::new().reads(91.0);
        let low = ward.oxygen().worst.unwrap();
        let band = ward.stay.plan.band(low);
        let message = Message::recheck(ward.stay.id, low, band, &ward.stay.plan, 7, EIGHT);
        let goes = |minutes_later: u64| {
            let heard = Heard {
                newest_value_at: Some(EIGHT.plus(minutes(minutes_later))),
                newest_diary_at: None,
            };
            wanted(&message, &ward.stay, &care(), heard, &zone()).is_ok()
        };
        assert!(goes(0) && !goes(1));
    }
}
