//! Which person did what the log tells of.

use super::{
    ContactEvent, CorrectionEvent, DiaryEvent, DutyEvent, KitEvent, PathwayEvent, PlanEvent,
    StaffEvent, WardEvent,
};
use crate::alert::{Change, State};
use crate::entry::Author;
use crate::id::{CaseId, ClinicianId, PatientId, ReferralId, StayId};

impl WardEvent {
    /// The member of staff who did it; nobody for what came from a bridge or a patient, and for what followed from rules.
    #[must_use]
    pub fn by(&self) -> Option<ClinicianId> {
        match self {
            Self::StayAdmitted { .. }
            | Self::DeviceAssigned { .. }
            | Self::ReadingsRecorded { .. }
            | Self::DataQuarantined { .. }
            | Self::Message(_) => None,
            Self::Alert {
                change: Change::EscalatedByHand,
                alert,
            } => alert.ladder.by_hand.as_ref().map(|by_hand| by_hand.by),
            Self::Alert { change, alert } => {
                match (&alert.state, change) {
                    // Whoever was given it did nothing yet: it was a colleague who gave it.
                    (State::Acknowledged { assigned_by, .. }, Change::Assigned) => *assigned_by,
                    (
                        State::Acknowledged { by, .. } | State::Resolved { by, .. },
                        Change::Acknowledged | Change::Resolved | Change::Snoozed,
                    ) => Some(*by),
                    (State::Raised | State::Acknowledged { .. } | State::Resolved { .. }, _) => {
                        None
                    }
                }
            }
            Self::Pathway(event) => Some(by_pathway(event)),
            Self::Plan(event) => by_plan(event),
            Self::Diary(event) => by_diary(event),
            Self::Contact(event) => by_contact(event),
            Self::Kit(event) => by_kit(event),
            Self::Correction(event) => Some(by_correction(event)),
            Self::Duty(event) => Some(by_duty(event)),
            Self::Staff(event) => Some(by_staff(event)),
        }
    }

    /// Whom it concerns, by what it says of them: nobody for what is the whole ward's.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        if let Some(stay) = self.stay() {
            return Some(About::Stay(stay));
        }
        match self {
            Self::Pathway(PathwayEvent::ReferralMoved { referral, .. }) => {
                Some(About::Referral(*referral))
            }
            Self::Pathway(PathwayEvent::CaseReviewed { case, .. }) => Some(About::Case(*case)),
            Self::Pathway(PathwayEvent::PatientEdited { patient, .. }) => {
                Some(About::Patient(*patient))
            }
            Self::Pathway(
                PathwayEvent::CasesImported { .. }
                | PathwayEvent::PhaseChanged { .. }
                | PathwayEvent::TransferredOut { .. }
                | PathwayEvent::TransferredIn { .. }
                | PathwayEvent::ChannelChanged { .. },
            )
            | Self::StayAdmitted { .. }
            | Self::DeviceAssigned { .. }
            | Self::ReadingsRecorded { .. }
            | Self::DataQuarantined { .. }
            | Self::Alert { .. }
            | Self::Plan(_)
            | Self::Diary(_)
            | Self::Contact(_)
            | Self::Kit(_)
            | Self::Correction(_)
            | Self::Message(_)
            | Self::Duty(_)
            | Self::Staff(_) => None,
        }
    }
}

/// Whom something is about: a person has a stay, or is on the way to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Whoever has this stay.
    Stay(StayId),
    /// Whoever is referred by this.
    Referral(ReferralId),
    /// Somebody of a list of new positive results.
    Case(CaseId),
    /// A person on record.
    Patient(PatientId),
}

const fn by_pathway(event: &PathwayEvent) -> ClinicianId {
    match event {
        PathwayEvent::CasesImported { by, .. }
        | PathwayEvent::CaseReviewed { by, .. }
        | PathwayEvent::ReferralMoved { by, .. }
        | PathwayEvent::PhaseChanged { by, .. }
        | PathwayEvent::TransferredOut { by, .. }
        | PathwayEvent::TransferredIn { by, .. }
        | PathwayEvent::ChannelChanged { by, .. }
        | PathwayEvent::PatientEdited { by, .. } => *by,
    }
}

const fn by_plan(event: &PlanEvent) -> Option<ClinicianId> {
    match event {
        PlanEvent::Changed { by, .. }
        | PlanEvent::Proposed { by, .. }
        | PlanEvent::Rejected { by, .. }
        | PlanEvent::DefaultsChanged { by } => Some(*by),
        PlanEvent::FellBack { .. } | PlanEvent::ReviewOverdue { .. } => None,
    }
}

const fn by_diary(event: &DiaryEvent) -> Option<ClinicianId> {
    match event {
        DiaryEvent::Submitted {
            author: Author::Staff(by),
            ..
        }
        | DiaryEvent::QuestionnaireAdded { by, .. }
        | DiaryEvent::AccessGiven { by, .. } => Some(*by),
        DiaryEvent::Submitted { .. }
        | DiaryEvent::ReadingAnswered { .. }
        | DiaryEvent::AccessEnded { .. } => None,
    }
}

const fn by_contact(event: &ContactEvent) -> Option<ClinicianId> {
    match event {
        ContactEvent::Logged { by, .. }
        | ContactEvent::Claimed { by, .. }
        | ContactEvent::Released { by, .. }
        | ContactEvent::LadderStopped { by, .. }
        | ContactEvent::VisitBooked { by, .. }
        | ContactEvent::ReferredOnward { by, .. }
        | ContactEvent::VideoOffered { by, .. } => Some(*by),
        ContactEvent::Asked { .. } => None,
    }
}

const fn by_kit(event: &KitEvent) -> Option<ClinicianId> {
    match event {
        KitEvent::Moved { by, .. } => *by,
        KitEvent::Decided { by, .. } => Some(*by),
    }
}

const fn by_correction(event: &CorrectionEvent) -> ClinicianId {
    match event {
        CorrectionEvent::ReadingStruck { by, .. }
        | CorrectionEvent::ReadingMovedIn { by, .. }
        | CorrectionEvent::EntryStruck { by, .. }
        | CorrectionEvent::ExertionStruck { by, .. }
        | CorrectionEvent::ContactStruck { by, .. } => *by,
    }
}

const fn by_duty(event: &DutyEvent) -> ClinicianId {
    match event {
        DutyEvent::Accepted { by, .. }
        | DutyEvent::Left { by }
        | DutyEvent::NoteWritten { by, .. }
        | DutyEvent::NoteDone { by, .. }
        | DutyEvent::AudioPaused { by, .. }
        | DutyEvent::AudioResumed { by }
        | DutyEvent::SoundTested { by, .. } => *by,
    }
}

const fn by_staff(event: &StaffEvent) -> ClinicianId {
    match event {
        StaffEvent::RoleSet { by, .. }
        | StaffEvent::PasswordReset { by, .. }
        | StaffEvent::RotaChanged { by, .. }
        | StaffEvent::SettingChanged { by, .. } => *by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{ASHA, Ward};

    #[test]
    fn an_alert_is_somebodys_only_when_somebody_took_or_ended_it() {
        let ward = Ward::new().reads(91.0).acknowledged();
        let event = |change| WardEvent::Alert {
            change,
            alert: Box::new(ward.oxygen().clone()),
        };
        assert_eq!(event(Change::Acknowledged).by(), Some(ASHA));
        assert_eq!(event(Change::Continued).by(), None);
        let stay = Some(About::Stay(ward.stay.id));
        assert_eq!(event(Change::Continued).about(), stay);
    }

    #[test]
    fn who_is_not_on_the_ward_yet_is_somebody_too() {
        let (by, state) = (ASHA, "accepted".to_owned());
        let (referral, case) = (ReferralId(uuid::Uuid::nil()), CaseId(uuid::Uuid::nil()));
        let patient = PatientId(uuid::Uuid::nil());
        for (event, about) in [
            (
                PathwayEvent::ReferralMoved {
                    referral,
                    state: state.clone(),
                    by,
                },
                Some(About::Referral(referral)),
            ),
            (
                PathwayEvent::CaseReviewed { case, state, by },
                Some(About::Case(case)),
            ),
            (
                PathwayEvent::PatientEdited {
                    patient,
                    stay: None,
                    by,
                },
                Some(About::Patient(patient)),
            ),
            (PathwayEvent::CasesImported { new: 3, by }, None),
        ] {
            assert_eq!(WardEvent::Pathway(event).about(), about);
        }
    }
}
