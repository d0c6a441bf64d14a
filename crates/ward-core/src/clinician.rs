//! People with a role on a ward.

use serde::{Deserialize, Serialize};

use crate::id::ClinicianId;

/// A member of staff who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clinician {
    /// Ours.
    pub id: ClinicianId,
    /// What they sign in with: small letters, digits, dot, hyphen.
    pub username: String,
    /// As colleagues know them; shown beside what they did.
    pub name: String,
}

/// What a member of staff is on one ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the board, acknowledges and resolves.
    Clinician,
    /// A clinician who may also stop a contact ladder and the like: what one person alone must not do lightly.
    SeniorClinician,
    /// Sees the board; rings people. May not take or close an alert.
    CallHandler,
    /// A screen on a wall: sees the board, does nothing.
    WallBoard,
}

/// A text that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of: clinician, senior-clinician, call-handler, wall-board")]
pub struct NotARole;

impl std::str::FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "clinician" => Ok(Self::Clinician),
            "senior-clinician" => Ok(Self::SeniorClinician),
            "call-handler" => Ok(Self::CallHandler),
            "wall-board" => Ok(Self::WallBoard),
            _ => Err(NotARole),
        }
    }
}

impl Role {
    /// A clinician, senior or not.
    #[must_use]
    pub const fn is_clinician(self) -> bool {
        match self {
            Self::Clinician | Self::SeniorClinician => true,
            Self::CallHandler | Self::WallBoard => false,
        }
    }

    /// As it is written on the command line and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clinician => "clinician",
            Self::SeniorClinician => "senior-clinician",
            Self::CallHandler => "call-handler",
            Self::WallBoard => "wall-board",
        }
    }
}
