//! A message to a patient, or to a person on call: what it says, when it is good for something, and how its sending goes.
//!
//! It is queued in the transaction that made it needed, and sent by whoever comes first. What it says is put into words
//! when it goes out, by the plan and the ward as they are then.

mod delivery;
mod follows;
mod wanted;

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use delivery::{Delivery, LEASE, MOST_ATTEMPTS, Outbound, Stop, Timed, Trouble};
pub use follows::{messages_after, next_reminder, slot_asks};
pub use wanted::{Heard, wanted};

use crate::id::{AlertNumber, MessageId, StayId};
use crate::plan::{Band, MonitoringPlan};
use crate::spo2::Spo2;
use crate::stay::Channel;
use crate::time::{Timestamp, minutes};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Made from the stay and from what the message is about, so that the same one is queued once.
    pub id: MessageId,
    /// Whose stay it is about.
    pub stay: StayId,
    /// Who gets it.
    pub to: Recipient,
    /// What it says.
    pub what: What,
    /// It is not sent before.
    pub not_before: Timestamp,
    /// It is worth nothing after.
    pub expires_at: Timestamp,
}

/// Who gets a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The patient, at the phone number on record when it goes out.
    Patient,
    /// Somebody on call, as the plan names them.
    OnCall {
        /// Role or rota.
        name: String,
        /// Their phone.
        phone: String,
    },
}

impl Recipient {
    /// Its name in the store and on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::OnCall { .. } => "on_call",
        }
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    /// Measure again: the last value was low.
    Recheck {
        /// The value.
        spo2: Spo2,
        /// As it was judged: red or amber.
        band: Band,
    },
    /// It is time for a reading or a diary.
    SlotReminder {
        /// Which of the two.
        asks: Asks,
        /// The time of the plan.
        slot_at: Timestamp,
    },
    /// The ward will ring.
    CallAnnounced {
        /// When.
        at: Timestamp,
    },
    /// Nobody is on the ward: whom to ring.
    OutOfHoursAdvice,
    /// To a person on call: a red, and nobody is on the ward.
    OnCallRed {
        /// Said with the ward's code, as on the board.
        alert: AlertNumber,
    },
    /// The kit is due back.
    KitReminder {
        /// On which day of the ward.
        due_back: Date,
    },
}

/// What a slot of the plan asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// A reading.
    Reading,
    /// A diary entry.
    Diary,
    /// Both.
    Both,
}

impl Asks {
    /// What is asked for when these are: `None` for neither.
    #[must_use]
    pub const fn of(reading: bool, diary: bool) -> Option<Self> {
        match (reading, diary) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Reading),
            (false, true) => Some(Self::Diary),
            (false, false) => None,
        }
    }
}

impl What {
    /// Its name in the store and on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Recheck { .. } => "recheck",
            Self::SlotReminder { .. } => "slot_reminder",
            Self::CallAnnounced { .. } => "call_announced",
            Self::OutOfHoursAdvice => "out_of_hours_advice",
            Self::OnCallRed { .. } => "on_call_red",
            Self::KitReminder { .. } => "kit_reminder",
        }
    }
}

/// How long a request to measure again is good for, when the plan waits less for the recheck.
const RECHECK_GOOD_FOR: Duration = minutes(30);

/// How long after its slot a reminder still makes sense, at most.
const REMINDER_GOOD_FOR: Duration = minutes(45);

/// How long advice for the night, and a call to somebody on call, are tried.
const NIGHT_GOOD_FOR: Duration = minutes(60);

/// How long a reminder about kit is tried.
const KIT_GOOD_FOR: Duration = minutes(24 * 60);

/// Every id of a message is made in here.
const MESSAGES: Uuid = Uuid::from_u128(0x1d1b_0f0a_7c44_4f0e_8a54_90c3_6d22_b006);

impl Message {
    /// Asks the patient to measure again after a low. `of` tells one low from the next: the number of the event.
    #[must_use]
    pub fn recheck(
        stay: StayId,
        spo2: Spo2,
        band: Band,
        plan: &MonitoringPlan,
        of: i64,
        now: Timestamp,
    ) -> Self {
        let good_for = plan.recheck_within(band).max(RECHECK_GOOD_FOR);
        let what = What::Recheck { spo2, band };
        Self::to_patient(stay, what, &format!("recheck {of}"), now, good_for)
    }

    /// Reminds the patient at a time of the plan: of one time there is one reminder, whatever it asks for.
    #[must_use]
    pub fn slot_reminder(stay: StayId, asks: Asks, slot_at: Timestamp) -> Self {
        let what = What::SlotReminder { asks, slot_at };
        let about = format!("slot {}", slot_at.as_millis());
        Self::to_patient(stay, what, &about, slot_at, REMINDER_GOOD_FOR)
    }

    /// Tells the patient that the ward will ring at `at`. Goes out at once, and is worth nothing once the time has come.
    #[must_use]
    pub fn call_announced(stay: StayId, at: Timestamp, now: Timestamp) -> Self {
        let good_for = Duration::from_millis(at.millis_since(now).max(0).unsigned_abs());
        let about = format!("call {}", at.as_millis());
        Self::to_patient(stay, What::CallAnnounced { at }, &about, now, good_for)
    }

    /// Tells the patient whom to ring while nobody is on the ward. `of` as for [`Message::recheck`].
    #[must_use]
    pub fn out_of_hours_advice(stay: StayId, of: i64, now: Timestamp) -> Self {
        let what = What::OutOfHoursAdvice;
        Self::to_patient(stay, what, &format!("advice {of}"), now, NIGHT_GOOD_FOR)
    }

    /// Tells somebody on call of a red, the `time`th time.
    #[must_use]
    pub fn on_call_red(
        stay: StayId,
        alert: AlertNumber,
        time: u32,
        name: String,
        phone: String,
        now: Timestamp,
    ) -> Self {
        Self {
            to: Recipient::OnCall { name, phone },
            ..Self::to_patient(
                stay,
                What::OnCallRed { alert },
                &format!("on call {alert} {time}"),
                now,
                NIGHT_GOOD_FOR,
            )
        }
    }

    /// Reminds the patient that the kit is due back.
    #[must_use]
    pub fn kit_reminder(stay: StayId, due_back: Date, not_before: Timestamp) -> Self {
        let what = What::KitReminder { due_back };
        let about = format!("kit {due_back}");
        Self::to_patient(stay, what, &about, not_before, KIT_GOOD_FOR)
    }

    fn to_patient(
        stay: StayId,
        what: What,
        about: &str,
        not_before: Timestamp,
        good_for: Duration,
    ) -> Self {
        let of_stay = Uuid::new_v5(&MESSAGES, stay.0.as_bytes());
        Self {
            id: MessageId(Uuid::new_v5(&of_stay, about.as_bytes())),
            stay,
            to: Recipient::Patient,
            what,
            not_before,
            expires_at: not_before.plus(good_for),
        }
    }
}

/// Whether a patient of this channel gets messages. Who is rung or writes on paper has no screen, and their phone may
/// stand on a table in the hall: there the alert says at once that somebody must ring and ask for a repeat.
#[must_use]
pub const fn gets_messages(channel: Channel) -> bool {
    match channel {
        Channel::Bridge | Channel::Page => true,
        Channel::Telephone | Channel::Paper => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::EIGHT;

    const STAY: StayId = StayId(Uuid::from_u128(1));

    #[test]
    fn the_same_message_has_the_same_id_and_another_has_another() {
        let other = StayId(Uuid::from_u128(2));
        let later = EIGHT.plus(minutes(60));
        let all = [
            Message::slot_reminder(STAY, Asks::Reading, EIGHT),
            Message::slot_reminder(STAY, Asks::Reading, later),
            Message::slot_reminder(other, Asks::Reading, EIGHT),
            Message::call_announced(STAY, later, EIGHT),
            Message::out_of_hours_advice(STAY, 7, EIGHT),
            Message::out_of_hours_advice(STAY, 8, EIGHT),
            Message::kit_reminder(STAY, jiff::civil::date(2026, 12, 1), EIGHT),
        ];
        for (place, one) in all.iter().enumerate() {
            for (other_place, other) in all.iter().enumerate() {
                assert_eq!(
                    one.id == other.id,
                    place == other_place,
                    "{one:?} {other:?}"
                );
            }
        }
        let again = Message::slot_reminder(STAY, Asks::Reading, EIGHT);
        assert_eq!(again, all[0]);
    }

    #[test]
    fn an_announcement_is_worth_nothing_once_the_time_has_come() {
        let at = EIGHT.plus(minutes(60));
        assert_eq!(Message::call_announced(STAY, at, EIGHT).expires_at, at);
        let past = EIGHT.minus(minutes(1));
        assert_eq!(Message::call_announced(STAY, past, EIGHT).expires_at, EIGHT);
    }
}
