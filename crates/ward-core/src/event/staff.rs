//! What happened to the staff of a ward: who may do what on it, and who is to be on duty when.

use serde::{Deserialize, Serialize};

use crate::clinician::Role;
use crate::id::{ClinicianId, RotaId, StayId};

/// To the staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum StaffEvent {
    /// Somebody may do something on the ward that they could not before, or no longer could after.
    RoleSet {
        /// Who.
        clinician: ClinicianId,
        /// As what; nobody any more on this ward.
        role: Option<Role>,
        /// By whom.
        by: ClinicianId,
    },
    /// Somebody was given a new password to begin with, and their sessions ended.
    PasswordReset {
        /// Who.
        clinician: ClinicianId,
        /// By whom.
        by: ClinicianId,
    },
    /// A turn of duty was entered or cancelled.
    RotaChanged {
        /// Which.
        turn: RotaId,
        /// Whose.
        clinician: ClinicianId,
        /// Whether it is cancelled.
        cancelled: bool,
        /// By whom.
        by: ClinicianId,
    },
    /// What the ward works by was changed: its hours, its defaults, its links, its teams.
    SettingChanged {
        /// Which, by name.
        setting: String,
        /// By whom.
        by: ClinicianId,
    },
}

impl StaffEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RoleSet { .. } => "staff_role_set",
            Self::PasswordReset { .. } => "staff_password_reset",
            Self::RotaChanged { .. } => "rota_changed",
            Self::SettingChanged { .. } => "ward_setting_changed",
        }
    }

    /// Whom it concerns.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        None
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::RoleSet { .. } | Self::SettingChanged { .. } => true,
            Self::PasswordReset { .. } | Self::RotaChanged { .. } => false,
        }
    }
}
