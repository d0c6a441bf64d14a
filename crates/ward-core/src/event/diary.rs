//! What happened to the diary of a stay.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum DiaryEvent {
    /// A diary entry was stored.
    Submitted {
        /// Whose.
        stay: StayId,
        /// Which.
        entry: EntryId,
    },
}

impl DiaryEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "diary_submitted",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Submitted { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Submitted { .. } => false,
        }
    }
}
