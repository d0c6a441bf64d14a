//! What happened between the ward and a patient.

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum ContactEvent {
    /// A contact was recorded.
    Recorded {
        /// Whose.
        stay: StayId,
        /// Which.
        contact: ContactId,
    },
}

impl ContactEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Recorded { .. } => "contact_recorded",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Recorded { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Recorded { .. } => false,
        }
    }
}
