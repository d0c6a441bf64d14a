//! A notice to one person by one channel: what it is about, and how its sending goes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ladder::{ToldState, Whom};
use super::ways::Way;
use crate::alert::{Alert, Change, Severity};
use crate::id::{AlertNumber, WardId};
use crate::message::{Delivery, MOST_ATTEMPTS, Outbound, Timed, Trouble};
use crate::time::{Timestamp, minutes, seconds};

/// A notice is tried for so long. What is still nobody's then has reached another level.
pub const NOTICE_GOOD_FOR: Duration = minutes(30);

/// Every id of a notice is made in here.
const NOTICES: Uuid = Uuid::from_u128(0x6b5e_4c1e_91a8_4b53_a2cf_0f1d_5d0c_77e2);

/// So long after it was taken over it is first asked what became of it.
const ASK_FIRST: Duration = seconds(10);

/// Asked so often at most, with twice the wait each time: an hour and a half.
const MOST_ASKED: u16 = 10;

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum About {
    /// Nobody took it in time.
    Level {
        /// Which time from the foot.
        round: u32,
        /// The level.
        level: u16,
    },
    /// A colleague passed it on, in this event.
    ByHand {
        /// Which.
        seq: i64,
    },
    /// Still nobody's when the shift ended.
    ShiftEnd {
        /// When.
        at: Timestamp,
    },
    /// Somebody tries out whether they are reached.
    Test {
        /// When.
        at: Timestamp,
    },
}

impl About {
    /// Why an alert's event tells somebody; `None` when it does not.
    #[must_use]
    pub fn of(change: Change, alert: &Alert, seq: i64, now: Timestamp) -> Option<Self> {
        match change {
            Change::Escalated => Some(Self::Level {
                round: alert.ladder.round,
                level: alert.ladder.level,
            }),
            Change::EscalatedByHand => Some(Self::ByHand { seq }),
            Change::LeftAtShiftEnd => Some(Self::ShiftEnd { at: now }),
            Change::Raised
            | Change::SeverityRose
            | Change::Confirmed
            | Change::FellFurther
            | Change::Relapsed
            | Change::SaidAgain
            | Change::Continued
            | Change::Acknowledged
            | Change::Assigned
            | Change::LetGo
            | Change::Resolved
            | Change::Shown
            | Change::NotShown
            | Change::Snoozed
            | Change::SnoozeEnded
            | Change::Told => None,
        }
    }

    /// As it stands in a notice's id.
    fn key(self) -> String {
        match self {
            Self::Level { round, level } => format!("level {round} {level}"),
            Self::ByHand { seq } => format!("by hand {seq}"),
            Self::ShiftEnd { at } => format!("shift end {}", at.as_millis()),
            Self::Test { at } => format!("test {}", at.as_millis()),
        }
    }
}

/// A notice to one person by one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffNotice {
    /// Made from ward, alert, level, person and channel: the same one is queued once, whatever crashes.
    pub id: Uuid,
    /// The ward.
    pub ward: WardId,
    /// The alert; `None` for a test.
    pub alert: Option<AlertNumber>,
    /// How urgent it was.
    pub severity: Severity,
    /// Why.
    pub about: About,
    /// The level that it had reached.
    pub level: u16,
    /// To whom, by what.
    pub way: Way,
    /// Who is told when this does not get through.
    pub otherwise: Vec<Way>,
    /// When it was queued.
    pub at: Timestamp,
    /// It is worth nothing after.
    pub expires_at: Timestamp,
}

impl Timed for StaffNotice {
    fn not_before(&self) -> Timestamp {
        self.at
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl StaffNotice {
    /// The notice by the first of these ways; the others are for when it does not get through. `None` when there is none.
    #[must_use]
    pub fn by(
        ward: WardId,
        alert: Option<&Alert>,
        about: About,
        ways: &[Way],
        now: Timestamp,
    ) -> Option<Self> {
        let (way, otherwise) = ways.split_first()?;
        let number = alert.map(|alert| alert.number);
        Some(Self {
            id: id_of(ward, number, about, way),
            ward,
            alert: number,
            severity: alert.map_or(Severity::Low, |alert| alert.severity),
            about,
            level: alert.map_or(0, |alert| alert.ladder.level),
            way: *way,
            otherwise: otherwise.to_vec(),
            at: now,
            expires_at: now.plus(NOTICE_GOOD_FOR),
        })
    }

    /// The notice by the next way, when this one did not get through.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Self> {
        let (way, otherwise) = self.otherwise.split_first()?;
        Some(Self {
            id: id_of(self.ward, self.alert, self.about, way),
            way: *way,
            otherwise: otherwise.to_vec(),
            at: now,
            expires_at: now.plus(NOTICE_GOOD_FOR),
            ..self.clone()
        })
    }
}

fn id_of(ward: WardId, alert: Option<AlertNumber>, about: About, way: &Way) -> Uuid {
    let of_ward = Uuid::new_v5(&NOTICES, ward.0.as_bytes());
    let whom = match way.to {
        Whom::Clinician { id } => id.to_string(),
        Whom::Contact { place } => format!("contact {place}"),
        Whom::Webhook => "webhook".to_owned(),
        Whom::Nobody => "nobody".to_owned(),
    };
    let number = alert.map_or(0, |number| number.0);
    let detail = way.detail.unwrap_or_default();
    let text = format!("{number} {} {whom} {} {detail}", about.key(), way.by.name());
    Uuid::new_v5(&of_ward, text.as_bytes())
}

/// What became of a notice that was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Not known yet.
    OnItsWay,
    /// It reached the device.
    Delivered,
    /// It will not.
    NotDelivered,
}

/// A notice on its way, and what became of it after it was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Underway {
    /// The notice and its sending.
    pub out: Outbound<StaffNotice>,
    /// By what the channel knows it, where it can be asked.
    #[serde(default)]
    pub reference: Option<String>,
    /// What the channel said last.
    #[serde(default)]
    pub receipt: Option<Receipt>,
    /// When it is asked next.
    #[serde(default)]
    pub ask_at: Option<Timestamp>,
    /// How often it was asked.
    #[serde(default)]
    pub asked: u16,
}

impl Underway {
    /// A notice that has just been queued.
    #[must_use]
    pub const fn queued(notice: StaffNotice) -> Self {
        Self {
            out: Outbound::queued(notice),
            reference: None,
            receipt: None,
            ask_at: None,
            asked: 0,
        }
    }

    /// When somebody next has to look at it.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.out.due_at().or(self.ask_at)
    }

    /// Whether it waits to be asked about, rather than to be sent.
    #[must_use]
    pub fn is_asked_about(&self) -> bool {
        self.out.due_at().is_none() && self.ask_at.is_some()
    }

    /// The channel has taken it over.
    #[must_use]
    pub fn taken(&self, reference: Option<String>, now: Timestamp) -> Option<Self> {
        let out = self.out.sent(now)?;
        let ask_at = reference.is_some().then(|| now.plus(ASK_FIRST));
        Some(Self {
            out,
            ask_at,
            reference: reference.or_else(|| self.reference.clone()),
            ..self.clone()
        })
    }

    /// The channel did not take it.
    #[must_use]
    pub fn failed(&self, attempt: u16, trouble: Trouble, now: Timestamp) -> Option<Self> {
        let mut out = self.out.failed(attempt, trouble, now)?;
        if !trouble.may_pass() {
            out.delivery = Delivery::GivenUp { at: now };
        }
        Some(Self {
            out,
            ..self.clone()
        })
    }

    /// What the channel says of it; `None`: it could not be asked.
    #[must_use]
    pub fn answered(&self, receipt: Option<Receipt>, now: Timestamp) -> Self {
        let mut after = self.clone();
        after.asked = self.asked.saturating_add(1);
        after.receipt = receipt.or(self.receipt);
        let is_final = matches!(receipt, Some(Receipt::Delivered | Receipt::NotDelivered));
        let wait = ASK_FIRST.saturating_mul(
            1_u32
                .checked_shl(u32::from(after.asked))
                .unwrap_or(u32::MAX),
        );
        after.ask_at = (!is_final && after.asked < MOST_ASKED).then(|| now.plus(wait));
        after
    }

    /// It did not get through, as far as is known: the next way is taken at once.
    #[must_use]
    pub fn is_in_trouble(&self) -> bool {
        match self.out.delivery {
            Delivery::Failed { .. } | Delivery::GivenUp { .. } | Delivery::Expired { .. } => true,
            Delivery::Cancelled { why } => why == crate::message::Stop::NoWay,
            Delivery::Sent { .. } => self.receipt == Some(Receipt::NotDelivered),
            Delivery::Queued | Delivery::Leased { .. } => self.out.trouble.is_some(),
        }
    }

    /// Whether the ward is told that its notices do not get through: several attempts came to nothing, or the channel says
    /// that it never arrived.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        match self.out.delivery {
            Delivery::GivenUp { .. } => true,
            Delivery::Expired { .. } => self.out.attempts > 0,
            Delivery::Failed { .. } => self.out.attempts >= MOST_ATTEMPTS.min(3),
            Delivery::Sent { .. } => self.receipt == Some(Receipt::NotDelivered),
            Delivery::Queued | Delivery::Leased { .. } | Delivery::Cancelled { .. } => false,
        }
    }

    /// As the board says it.
    #[must_use]
    pub fn told(&self) -> ToldState {
        match self.out.delivery {
            Delivery::Sent { .. } => match self.receipt {
                Some(Receipt::Delivered) => ToldState::Delivered,
                Some(Receipt::NotDelivered) => ToldState::Failed,
                Some(Receipt::OnItsWay) | None => ToldState::Sent,
            },
            Delivery::Cancelled { .. } if !self.is_in_trouble() => ToldState::Cancelled,
            Delivery::Queued | Delivery::Leased { .. } if !self.is_in_trouble() => {
                ToldState::Queued
            }
            Delivery::Queued
            | Delivery::Leased { .. }
            | Delivery::Cancelled { .. }
            | Delivery::Failed { .. }
            | Delivery::Expired { .. }
            | Delivery::GivenUp { .. } => ToldState::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escalation::ChannelKind;
    use crate::story::{ASHA, BEN, EIGHT, Ward};

    fn ways() -> Vec<Way> {
        let way = |id, by| Way {
            to: Whom::Clinician { id },
            by,
            detail: Some(Uuid::from_u128(7)),
        };
        vec![
            way(ASHA, ChannelKind::Sms),
            way(ASHA, ChannelKind::Email),
            way(BEN, ChannelKind::Sms),
        ]
    }

    fn notice(level: u16) -> StaffNotice {
        let ward = Ward::new().reads(91.0);
        let about = About::Level { round: 1, level };
        StaffNotice::by(ward.stay.ward, Some(ward.oxygen()), about, &ways(), EIGHT).unwrap()
    }

    #[test]
    fn the_same_level_is_one_notice_a_person_and_channel() {
        assert_eq!(notice(1).id, notice(1).id);
        assert_ne!(notice(1).id, notice(2).id);
        let (first, second) = (notice(1), notice(1).next(EIGHT).unwrap());
        let third = second.next(EIGHT).unwrap();
        assert!(first.id != second.id && second.id != third.id);
        assert_eq!(third.next(EIGHT), None);
        assert_eq!(
            notice(1).next(EIGHT.plus(minutes(1))).unwrap().id,
            second.id
        );
    }

    #[test]
    fn a_first_failure_is_reason_enough_for_the_next_way_and_a_third_for_the_ward() {
        let mut underway = Underway::queued(notice(1));
        let mut now = EIGHT;
        for attempt in 1..=3 {
            assert!(!underway.is_failing());
            underway.out = underway.out.lease(now).unwrap();
            underway = underway.failed(attempt, Trouble::NoAnswer, now).unwrap();
            assert!(underway.is_in_trouble() && underway.told() == ToldState::Failed);
            now = underway.due_at().unwrap();
        }
        assert!(underway.is_failing());
    }

    #[test]
    fn a_receipt_is_asked_for_until_it_is_final() {
        let mut underway = Underway::queued(notice(1));
        underway.out = underway.out.lease(EIGHT).unwrap();
        let taken = underway.taken(Some("ref".to_owned()), EIGHT).unwrap();
        assert!(taken.is_asked_about() && taken.due_at() == Some(EIGHT.plus(seconds(10))));
        let waiting = taken.answered(Some(Receipt::OnItsWay), EIGHT.plus(seconds(10)));
        assert_eq!(waiting.due_at(), Some(EIGHT.plus(seconds(30))));
        assert_eq!(waiting.told(), ToldState::Sent);
        let there = waiting.answered(Some(Receipt::Delivered), EIGHT.plus(seconds(30)));
        assert_eq!((there.due_at(), there.told()), (None, ToldState::Delivered));
        let lost = waiting.answered(Some(Receipt::NotDelivered), EIGHT.plus(seconds(30)));
        assert!(lost.is_in_trouble() && lost.is_failing() && lost.due_at().is_none());
        let mut silent = taken;
        for _ in 0..MOST_ASKED {
            silent = silent.answered(None, EIGHT);
        }
        assert_eq!(silent.due_at(), None);
    }

    #[test]
    fn a_channel_that_cannot_tell_is_not_asked() {
        let mut underway = Underway::queued(notice(1));
        underway.out = underway.out.lease(EIGHT).unwrap();
        let taken = underway.taken(None, EIGHT).unwrap();
        assert_eq!((taken.due_at(), taken.told()), (None, ToldState::Sent));
        assert_eq!(taken.taken(None, EIGHT), None);
    }
}
