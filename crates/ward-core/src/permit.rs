//! Who may do what on which ward. A verb asks for a permit, and a permit is only made from a membership.

use crate::clinician::Role;
use crate::id::{ClinicianId, OrganisationId, WardId};

/// What somebody may want to do on a ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Look at the board and follow its feed.
    SeeBoard,
    /// Take an alert.
    AcknowledgeAlert,
    /// End an alert with its outcome.
    ResolveAlert,
    /// Look at a person's record, chart and diary; search for people.
    SeePatient,
    /// Change what is known of a person: phone, address, next of kin.
    EditPatient,
    /// Import a case-finding list and review who is on it.
    ReviewCases,
    /// Refer somebody to the ward.
    Refer,
    /// Triage a referral, admit, pause, resume, transfer, discharge.
    MovePatient,
    /// Change the plan of a stay, or approve what a colleague proposes.
    SetPlan,
    /// Change what the whole ward works by: defaults, questionnaires, safe range.
    SetWardDefaults,
    /// Hand out, take back, clean and write off kit.
    ManageKit,
    /// Say whose a reading is that is nobody's.
    DecideReading,
    /// Enter a diary or a reading for a patient.
    EnterForPatient,
    /// Work the call list: claim, record contacts, announce calls, book visits.
    WorkCallList,
    /// Stop the contact ladder of somebody who does not answer.
    StopLadder,
    /// Strike out, or move to the right person, what was entered in error.
    Correct,
    /// Come on duty and leave it, write for those who come next, pause the sound of the boards.
    TakeDuty,
    /// Say who belongs to the ward and as what.
    ManageStaff,
    /// Say who is to be on duty when.
    SetRota,
    /// See who did what, and who looked at whom.
    SeeAudit,
    /// See what the ward's alerts cost and whether they help, with the patients who have the most.
    SeeReports,
    /// Say who is told when nobody takes an alert.
    SetEscalation,
}

impl Verb {
    /// Every one.
    pub const ALL: [Self; 22] = [
        Self::SeeBoard,
        Self::AcknowledgeAlert,
        Self::ResolveAlert,
        Self::SeePatient,
        Self::EditPatient,
        Self::ReviewCases,
        Self::Refer,
        Self::MovePatient,
        Self::SetPlan,
        Self::SetWardDefaults,
        Self::ManageKit,
        Self::DecideReading,
        Self::EnterForPatient,
        Self::WorkCallList,
        Self::StopLadder,
        Self::Correct,
        Self::TakeDuty,
        Self::ManageStaff,
        Self::SetRota,
        Self::SeeAudit,
        Self::SeeReports,
        Self::SetEscalation,
    ];
}

/// A clinician's standing on one ward, read from the membership when the request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The organisation of the ward and of the clinician.
    pub organisation: OrganisationId,
    /// The ward.
    pub ward: WardId,
    /// Who.
    pub clinician: ClinicianId,
    /// As what.
    pub role: Role,
}

/// The role does not reach so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {} may not do this on this ward: ask a {} of the ward", .role.as_str(), .needs.as_str())]
pub struct Forbidden {
    /// What the person is on this ward.
    pub role: Role,
    /// The least that it takes.
    pub needs: Role,
}

impl Verb {
    /// The least that somebody must be to do it.
    #[must_use]
    pub const fn least(self) -> Role {
        match self {
            Self::SeeBoard => Role::WallBoard,
            Self::SeePatient
            | Self::EditPatient
            | Self::Refer
            | Self::ManageKit
            | Self::EnterForPatient
            | Self::WorkCallList
            | Self::TakeDuty => Role::CallHandler,
            Self::AcknowledgeAlert
            | Self::ResolveAlert
            | Self::ReviewCases
            | Self::MovePatient
            | Self::SetPlan
            | Self::SetWardDefaults
            | Self::DecideReading
            | Self::Correct
            | Self::SeeReports => Role::Clinician,
            Self::StopLadder
            | Self::ManageStaff
            | Self::SetRota
            | Self::SeeAudit
            | Self::SetEscalation => Role::SeniorClinician,
        }
    }
}

/// Each reaches as far as those before it.
const fn reach(role: Role) -> u8 {
    match role {
        Role::WallBoard => 0,
        Role::CallHandler => 1,
        Role::Clinician => 2,
        Role::SeniorClinician => 3,
    }
}

impl Permit {
    /// Whether the role reaches as far as `verb`.
    ///
    /// # Errors
    /// [`Forbidden`] names the role.
    pub const fn allows(&self, verb: Verb) -> Result<(), Forbidden> {
        let needs = verb.least();
        if reach(self.role) >= reach(needs) {
            Ok(())
        } else {
            Err(Forbidden {
                role: self.role,
                needs,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn permit(role: Role) -> Permit {
        Permit {
            organisation: OrganisationId(Uuid::nil()),
            ward: WardId(Uuid::nil()),
            clinician: ClinicianId(Uuid::nil()),
            role,
        }
    }

    /// The table, written out: what each role may do besides looking at the board.
    #[test]
    fn each_role_reaches_as_far_as_the_table_says() {
        let by_phone = [
            Verb::SeePatient,
            Verb::EditPatient,
            Verb::Refer,
            Verb::ManageKit,
            Verb::EnterForPatient,
            Verb::WorkCallList,
            Verb::TakeDuty,
        ];
        let by_a_senior = [
            Verb::StopLadder,
            Verb::ManageStaff,
            Verb::SetRota,
            Verb::SeeAudit,
            Verb::SetEscalation,
        ];
        for verb in Verb::ALL {
            let may = |role| permit(role).allows(verb).is_ok();
            assert!(may(Role::SeniorClinician), "{verb:?}");
            let takes_a_senior = by_a_senior.contains(&verb);
            assert_eq!(may(Role::Clinician), !takes_a_senior, "{verb:?}");
            let sees = verb == Verb::SeeBoard;
            let handles = sees || by_phone.contains(&verb);
            assert_eq!(may(Role::CallHandler), handles, "{verb:?}");
            assert_eq!(may(Role::WallBoard), sees, "{verb:?}");
        }
    }

    #[test]
    fn who_is_refused_is_told_whom_to_ask() {
        for (role, verb, needs) in [
            (Role::Clinician, Verb::StopLadder, Role::SeniorClinician),
            (Role::CallHandler, Verb::ResolveAlert, Role::Clinician),
            (Role::WallBoard, Verb::WorkCallList, Role::CallHandler),
            (Role::WallBoard, Verb::SetPlan, Role::Clinician),
        ] {
            let refused = permit(role).allows(verb);
            assert_eq!(refused, Err(Forbidden { role, needs }));
            assert!(permit(needs).allows(verb).is_ok());
        }
    }
}
