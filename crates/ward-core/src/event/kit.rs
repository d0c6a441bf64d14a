//! What happened to oximeters and bridges, and whose a reading was that was nobody's.

use serde::{Deserialize, Serialize};

use crate::id::{ClinicianId, KitId, ReadingId, StayId};

/// A step in the kit ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum KitEvent {
    /// A piece of kit is somewhere else now.
    Moved {
        /// Which.
        kit: KitId,
        /// What was done: `issue`, `return` …
        step: String,
        /// Where it is now: `in_stock`, `assigned` …
        state: String,
        /// Who has it, if a patient has.
        stay: Option<StayId>,
        /// Who said so; nobody for the command line.
        by: Option<ClinicianId>,
    },
    /// A person said whose a reading is that was nobody's, or that it stays nobody's.
    Decided {
        /// Which item.
        item: ReadingId,
        /// Whose.
        stay: Option<StayId>,
        /// Who said so.
        by: ClinicianId,
    },
}

impl KitEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "kit_moved",
            Self::Decided { .. } => "kit_reading_decided",
        }
    }

    /// Whom it concerns.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Moved { stay, .. } | Self::Decided { stay, .. } => *stay,
        }
    }

    /// Whether a board has to be taken again for it. What follows from a reading is on the log by itself.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Moved { .. } | Self::Decided { .. } => false,
        }
    }
}
