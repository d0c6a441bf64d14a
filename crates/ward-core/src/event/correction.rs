//! What was found to have been entered in error.

use serde::{Deserialize, Serialize};

use crate::id::{ReadingId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CorrectionEvent {
    /// A reading was struck out: it stays visible as what it was.
    ReadingStruck {
        /// Whose.
        stay: StayId,
        /// Which.
        reading: ReadingId,
    },
}

impl CorrectionEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReadingStruck { .. } => "reading_struck",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::ReadingStruck { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::ReadingStruck { .. } => true,
        }
    }
}
