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
#[error("a {} may not do this on this ward: ask a clinician of the ward", .role.as_str())]
pub struct Forbidden {
    /// What the person is on this ward.
    pub role: Role,
}

impl Permit {
    /// Whether the role reaches as far as `verb`.
    ///
    /// # Errors
    /// [`Forbidden`] names the role.
    pub const fn allows(&self, verb: Verb) -> Result<(), Forbidden> {
        match (self.role, verb) {
            (Role::Clinician, _) | (Role::CallHandler | Role::WallBoard, Verb::SeeBoard) => Ok(()),
            (
                role @ (Role::CallHandler | Role::WallBoard),
                Verb::AcknowledgeAlert | Verb::ResolveAlert,
            ) => Err(Forbidden { role }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn everybody_sees_and_only_a_clinician_acts() {
        for (role, acts) in [
            (Role::Clinician, true),
            (Role::CallHandler, false),
            (Role::WallBoard, false),
        ] {
            let permit = Permit {
                organisation: OrganisationId(Uuid::nil()),
                ward: WardId(Uuid::nil()),
                clinician: ClinicianId(Uuid::nil()),
                role,
            };
            assert!(permit.allows(Verb::SeeBoard).is_ok());
            for verb in [Verb::AcknowledgeAlert, Verb::ResolveAlert] {
                assert_eq!(permit.allows(verb).is_ok(), acts, "{role:?} {verb:?}");
            }
        }
    }
}
