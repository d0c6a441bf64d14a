//! Where a red goes while nobody watches the board: to whoever is on call by the patient's plan, or, where the plan names
//! nobody, to the patient, in the words that nobody is watching and that 111 and 999 are.

use crate::alert::{Change, Severity, Subject};
use crate::care::{CarePlan, Unstaffed};
use crate::event::WardEvent;
use crate::id::{Seq, StayId};
use crate::message::Message;
use crate::stay::Phase;
use crate::technical::Detail;
use crate::time::Timestamp;

/// Whose red this event speaks of; `None` for everything that is no red or does not speak. Of kit it is the first of those
/// whom it reads, and of a value that may be several people's the first of them: their plan says whom to ring.
#[must_use]
pub fn whose_red(event: &WardEvent) -> Option<StayId> {
    let WardEvent::Alert { change, alert } = event else {
        return None;
    };
    let is_said = change.speaks() || *change == Change::LeftAtShiftEnd;
    if !is_said || alert.severity != Severity::Red {
        return None;
    }
    match (&alert.subject, &alert.detail) {
        (Subject::Stay(stay), _) => Some(*stay),
        (
            Subject::Bridge(_) | Subject::Device { .. } | Subject::Ward,
            Some(Detail::Kit { stays, .. } | Detail::Candidates { stays }),
        ) => stays.first().copied(),
        (Subject::Bridge(_) | Subject::Device { .. } | Subject::Ward, _) => None,
    }
}

/// The message that a red leads to while the ward is not staffed. `phase` is the stay's; a patient who is in hospital, or
/// whose stay is over, is told nothing.
#[must_use]
pub fn call_out(
    stay: StayId,
    phase: Phase,
    care: &CarePlan,
    event: &WardEvent,
    seq: Seq,
    now: Timestamp,
) -> Option<Message> {
    let WardEvent::Alert { alert, .. } = event else {
        return None;
    };
    whose_red(event)?;
    match &care.unstaffed {
        Unstaffed::OnCall { name, phone } => {
            // Each time that it speaks is a message of its own.
            let time = u32::try_from(seq.0).unwrap_or(u32::MAX);
            let (name, phone) = (name.clone(), phone.clone());
            Some(Message::on_call_red(
                stay,
                alert.number,
                time,
                name,
                phone,
                now,
            ))
        }
        Unstaffed::Advice111 if phase == Phase::Active => {
            Some(Message::out_of_hours_advice(stay, seq.0, now))
        }
        Unstaffed::Advice111 => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Change;
    use crate::message::{Recipient, What};
    use crate::stay::PauseReason;
    use crate::story::{EIGHT, Ward};

    fn red(change: Change) -> (StayId, WardEvent) {
        let ward = Ward::new().reads(91.0);
        let alert = Box::new(ward.oxygen().clone());
        (ward.stay.id, WardEvent::Alert { change, alert })
    }

    fn on_call() -> CarePlan {
        CarePlan {
            unstaffed: Unstaffed::OnCall {
                name: "virtual ward consultant".to_owned(),
                phone: "07700 900000".to_owned(),
            },
            ..CarePlan::default()
        }
    }

    #[test]
    fn a_red_at_night_goes_to_whoever_is_on_call() {
        let (stay, event) = red(Change::Raised);
        let message = call_out(stay, Phase::Active, &on_call(), &event, Seq(101), EIGHT).unwrap();
        assert!(matches!(message.to, Recipient::OnCall { .. }));
        assert_eq!(message.what, What::OnCallRed { alert: Seq(101) });
    }

    #[test]
    fn where_nobody_is_on_call_the_patient_is_told_that_nobody_watches() {
        let (stay, event) = red(Change::Confirmed);
        let care = CarePlan::default();
        let message = call_out(stay, Phase::Active, &care, &event, Seq(7), EIGHT).unwrap();
        assert_eq!(message.to, Recipient::Patient);
        assert_eq!(message.what, What::OutOfHoursAdvice);
        let paused = Phase::Paused {
            since: EIGHT,
            reason: PauseReason::InHospital,
        };
        assert_eq!(call_out(stay, paused, &care, &event, Seq(7), EIGHT), None);
        assert!(call_out(stay, paused, &on_call(), &event, Seq(7), EIGHT).is_some());
    }

    #[test]
    fn what_does_not_speak_or_is_no_red_calls_nobody() {
        assert_eq!(whose_red(&red(Change::Continued).1), None);
        assert_eq!(whose_red(&red(Change::Acknowledged).1), None);
        let ward = Ward::new().reads(93.0);
        let amber = WardEvent::Alert {
            change: Change::Raised,
            alert: Box::new(ward.oxygen().clone()),
        };
        assert_eq!(whose_red(&amber), None);
    }

    #[test]
    fn each_time_that_it_speaks_is_a_message_of_its_own_and_the_same_is_queued_once() {
        let (stay, event) = red(Change::Raised);
        let of = |seq| call_out(stay, Phase::Active, &on_call(), &event, Seq(seq), EIGHT).unwrap();
        assert_eq!(of(7).id, of(7).id);
        assert_ne!(of(7).id, of(8).id);
    }
}
