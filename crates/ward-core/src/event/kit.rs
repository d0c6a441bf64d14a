//! What happened to a piece of kit.

use serde::{Deserialize, Serialize};

use crate::id::{KitId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum KitEvent {
    /// It was handed out, given back, or found to be somewhere else.
    Moved {
        /// Whose.
        stay: StayId,
        /// Which.
        kit: KitId,
    },
}

impl KitEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "kit_moved",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Moved { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Moved { .. } => false,
        }
    }
}
