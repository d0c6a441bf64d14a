//! One thing that happened on a ward. Appended to the ward's log with the next number, never changed, never removed.
//!
//! Events carry ids, never names: who a stay's patient is, a console learns from the board that its permit lets it see.

mod by;
mod contact;
mod correction;
mod diary;
mod duty;
mod kit;
mod message;
mod pathway;
mod plan;
mod staff;

use serde::{Deserialize, Serialize};

pub use by::About;
pub use contact::ContactEvent;
pub use correction::CorrectionEvent;
pub use diary::DiaryEvent;
pub use duty::DutyEvent;
pub use kit::KitEvent;
pub use message::MessageEvent;
pub use pathway::PathwayEvent;
pub use plan::PlanEvent;
pub use staff::StaffEvent;

use crate::alert::{Alert, Change, Subject};
use crate::device::Assignment;
use crate::id::{BridgeId, Seq, StayId};
use crate::stay::{Point, Stay};
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WardEvent {
    /// A patient's stay began.
    StayAdmitted {
        /// The stay as it began.
        stay: Stay,
    },
    /// An oximeter was given to a stay, or the assignment was ended.
    DeviceAssigned {
        /// From when until when.
        assignment: Assignment,
    },
    /// Readings of one stay were stored.
    ReadingsRecorded {
        /// Whose.
        stay: StayId,
        /// The values, oldest first.
        points: Vec<Point>,
        /// Measurements that gave no value.
        attempts: u32,
    },
    /// Something was kept that is nobody's reading, or no reading.
    DataQuarantined {
        /// Who sent it.
        bridge: BridgeId,
        /// How many items.
        items: u32,
        /// Why, for the last of them.
        reason: String,
    },
    /// An alert was raised or changed.
    Alert {
        /// How.
        change: Change,
        /// As it is after.
        alert: Box<Alert>,
    },
    /// On the way through the ward.
    Pathway(PathwayEvent),
    /// To a plan.
    Plan(PlanEvent),
    /// To a diary.
    Diary(DiaryEvent),
    /// Between the ward and a patient.
    Contact(ContactEvent),
    /// To kit.
    Kit(KitEvent),
    /// To what was entered in error.
    Correction(CorrectionEvent),
    /// To a message.
    Message(MessageEvent),
    /// On a shift.
    Duty(DutyEvent),
    /// To the staff.
    Staff(StaffEvent),
}

impl WardEvent {
    /// The event's name on the log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::StayAdmitted { .. } => "stay_admitted",
            Self::DeviceAssigned { .. } => "device_assigned",
            Self::ReadingsRecorded { .. } => "readings_recorded",
            Self::DataQuarantined { .. } => "data_quarantined",
            Self::Alert { change, .. } => match change {
                Change::Raised => "alert_raised",
                Change::SeverityRose
                | Change::FellFurther
                | Change::Relapsed
                | Change::SaidAgain => "alert_worsened",
                Change::Confirmed => "alert_confirmed",
                Change::Continued => "alert_continued",
                Change::Acknowledged => "alert_acknowledged",
                Change::Assigned => "alert_assigned",
                Change::LetGo => "alert_let_go",
                Change::Resolved => "alert_resolved",
                Change::Shown => "alert_shown",
                Change::NotShown => "alert_not_shown",
                Change::Escalated => "alert_escalated",
                Change::EscalatedByHand => "alert_escalated_by_hand",
                Change::LeftAtShiftEnd => "alert_left_at_shift_end",
                Change::Snoozed => "alert_snoozed",
                Change::SnoozeEnded => "alert_snooze_ended",
                Change::Told => "alert_told",
            },
            Self::Pathway(event) => event.name(),
            Self::Plan(event) => event.name(),
            Self::Diary(event) => event.name(),
            Self::Contact(event) => event.name(),
            Self::Kit(event) => event.name(),
            Self::Correction(event) => event.name(),
            Self::Message(event) => event.name(),
            Self::Duty(event) => event.name(),
            Self::Staff(event) => event.name(),
        }
    }

    /// Whose stay it is about, if it is about one.
    #[must_use]
    pub fn stay(&self) -> Option<StayId> {
        match self {
            Self::StayAdmitted { stay } => Some(stay.id),
            Self::DeviceAssigned { assignment } => Some(assignment.stay),
            Self::ReadingsRecorded { stay, .. } => Some(*stay),
            Self::DataQuarantined { .. } => None,
            Self::Alert { alert, .. } => match alert.subject {
                Subject::Stay(stay) => Some(stay),
                Subject::Bridge(_) | Subject::Ward | Subject::Device { .. } => None,
            },
            Self::Pathway(event) => event.stay(),
            Self::Plan(event) => event.stay(),
            Self::Diary(event) => event.stay(),
            Self::Contact(event) => event.stay(),
            Self::Kit(event) => event.stay(),
            Self::Correction(event) => event.stay(),
            Self::Message(event) => event.stay(),
            Self::Duty(event) => event.stay(),
            Self::Staff(event) => event.stay(),
        }
    }

    /// Whether a board has to be taken again for it, where the event itself does not say all that changes there.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::StayAdmitted { .. } => true,
            Self::DeviceAssigned { .. }
            | Self::ReadingsRecorded { .. }
            | Self::DataQuarantined { .. }
            | Self::Alert { .. } => false,
            Self::Pathway(event) => event.changes_board(),
            Self::Plan(event) => event.changes_board(),
            Self::Diary(event) => event.changes_board(),
            Self::Contact(event) => event.changes_board(),
            Self::Kit(event) => event.changes_board(),
            Self::Correction(event) => event.changes_board(),
            Self::Message(event) => event.changes_board(),
            Self::Duty(event) => event.changes_board(),
            Self::Staff(event) => event.changes_board(),
        }
    }

    /// The event as the log's number `seq` makes it.
    #[must_use]
    pub fn stamped(self, seq: Seq) -> Self {
        match self {
            Self::Alert { change, alert } => Self::Alert {
                change,
                alert: Box::new(alert.stamped(seq, change)),
            },
            other => other,
        }
    }
}

/// An event on the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// Its number on the ward's log.
    pub seq: Seq,
    /// When it was appended, by the service's clock.
    pub at: Timestamp,
    /// What happened.
    pub event: WardEvent,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::id::ReadingId;
    use crate::story::{EIGHT, Ward};

    /// Every kind of event there is; a new one stops the build here.
    fn one_of_each() -> Vec<WardEvent> {
        let ward = Ward::new().reads(91.0).acknowledged();
        let assignment = Assignment {
            device: crate::id::DeviceId(uuid::Uuid::from_u128(4)),
            stay: ward.stay.id,
            bridge: BridgeId(uuid::Uuid::from_u128(5)),
            from: EIGHT,
            until: Some(EIGHT),
        };
        let events = vec![
            WardEvent::StayAdmitted {
                stay: ward.stay.clone(),
            },
            WardEvent::DeviceAssigned { assignment },
            WardEvent::ReadingsRecorded {
                stay: ward.stay.id,
                points: ward.state.trend.clone(),
                attempts: 1,
            },
            WardEvent::DataQuarantined {
                bridge: BridgeId(uuid::Uuid::from_u128(5)),
                items: 1,
                reason: "unknown device".to_owned(),
            },
            WardEvent::Alert {
                change: Change::Continued,
                alert: Box::new(ward.oxygen().clone()),
            },
            WardEvent::Pathway(PathwayEvent::TransferredIn {
                stay: Box::new(ward.stay.clone()),
                from: ward.stay.ward,
                by: crate::story::ASHA,
            }),
            WardEvent::Pathway(PathwayEvent::PhaseChanged {
                stay: ward.stay.id,
                phase: crate::stay::Phase::Ended {
                    at: EIGHT,
                    destination: crate::stay::Destination::Home,
                },
                by: crate::story::ASHA,
            }),
            WardEvent::Pathway(PathwayEvent::ReferralMoved {
                referral: crate::id::ReferralId(uuid::Uuid::from_u128(11)),
                state: "declined".to_owned(),
                by: crate::story::ASHA,
            }),
            WardEvent::Plan(PlanEvent::Changed {
                stay: ward.stay.id,
                version: 2,
                by: crate::story::ASHA,
                approved_by: Some(crate::story::BEN),
            }),
            WardEvent::Diary(DiaryEvent::Submitted {
                stay: ward.stay.id,
                entry: crate::id::EntryId(uuid::Uuid::from_u128(6)),
                at: EIGHT,
                author: crate::entry::Author::Carer,
                means: crate::entry::Means::Paper,
                band: crate::plan::Band::Red,
                wellbeing: crate::questionnaire::Wellbeing::default(),
            }),
            WardEvent::Contact(ContactEvent::Claimed {
                stay: ward.stay.id,
                by: crate::story::ASHA,
                from: Some(crate::story::BEN),
            }),
            WardEvent::Kit(KitEvent::Moved {
                kit: crate::id::KitId(uuid::Uuid::from_u128(8)),
                step: "return".to_owned(),
                state: "cleaning".to_owned(),
                stay: Some(ward.stay.id),
                by: None,
            }),
            WardEvent::Correction(CorrectionEvent::ReadingStruck {
                code: crate::correction::Code::WrongPatient,
                by: crate::story::ASHA,
                moved_to: Some(ward.stay.id),
                stay: ward.stay.id,
                reading: ReadingId(uuid::Uuid::from_u128(9)),
            }),
            WardEvent::Message(MessageEvent::NotDelivered {
                kind_of: "recheck".to_owned(),
                stay: ward.stay.id,
                message: crate::id::MessageId(uuid::Uuid::from_u128(10)),
            }),
            WardEvent::Duty(DutyEvent::AudioPaused {
                by: crate::story::ASHA,
                until: EIGHT,
            }),
            WardEvent::Duty(DutyEvent::SoundTested {
                by: crate::story::ASHA,
                console: crate::duty::Console::named("K7QF").unwrap(),
                heard: true,
                at: EIGHT,
            }),
            WardEvent::Staff(StaffEvent::RoleSet {
                clinician: crate::story::BEN,
                role: Some(crate::clinician::Role::Clinician),
                by: crate::story::ASHA,
            }),
        ];
        for event in &events {
            match event {
                WardEvent::StayAdmitted { .. }
                | WardEvent::DeviceAssigned { .. }
                | WardEvent::ReadingsRecorded { .. }
                | WardEvent::DataQuarantined { .. }
                | WardEvent::Alert { .. }
                | WardEvent::Pathway(_)
                | WardEvent::Plan(_)
                | WardEvent::Diary(_)
                | WardEvent::Contact(_)
                | WardEvent::Kit(_)
                | WardEvent::Correction(_)
                | WardEvent::Message(_)
                | WardEvent::Duty(_)
                | WardEvent::Staff(_) => {}
            }
        }
        events
    }

    fn fields_of(json: &Value, found: &mut BTreeSet<String>) {
        match json {
            Value::Object(fields) => {
                for (name, value) in fields {
                    found.insert(name.clone());
                    fields_of(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| fields_of(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn no_event_has_a_field_that_says_who_somebody_is() {
        let personal = [
            "nhs_number",
            "family_name",
            "given_name",
            "name",
            "birth_date",
            "phone",
            "address",
            "door_access",
            "others_at_home",
            "oxygen_at_home",
            "escalation_plan",
            "username",
        ];
        for event in one_of_each() {
            let mut fields = BTreeSet::new();
            fields_of(&serde_json::to_value(&event).unwrap(), &mut fields);
            assert!(!fields.is_empty());
            for name in personal {
                assert!(!fields.contains(name), "{}: {name}", event.kind());
            }
        }
    }

    #[test]
    fn every_event_survives_the_log() {
        for event in one_of_each() {
            let logged = Logged {
                seq: Seq(7),
                at: EIGHT,
                event,
            };
            let text = serde_json::to_string(&logged).unwrap();
            assert_eq!(serde_json::from_str::<Logged>(&text).unwrap(), logged);
        }
    }

    #[test]
    fn an_alert_is_numbered_by_the_event_that_raised_it_and_speaks_by_the_last_that_spoke() {
        let ward = Ward::new().reads(94.0);
        let raised = ward.oxygen().clone();
        assert_eq!((raised.number, raised.spoke_seq), (Seq(101), Seq(101)));
        let ward = ward.acknowledged().reads(91.0).shown();
        let risen = ward.oxygen();
        assert_eq!((risen.number, risen.spoke_seq), (Seq(101), Seq(103)));
    }
}
