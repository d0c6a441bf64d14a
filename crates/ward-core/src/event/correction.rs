//! What was found to have been entered in error. It stays visible as what it was.

use serde::{Deserialize, Serialize};

use crate::correction::Code;
use crate::id::{ClinicianId, ContactId, EntryId, ExertionId, ReadingId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CorrectionEvent {
    /// A reading was struck out, or moved to somebody else.
    ReadingStruck {
        /// Whose.
        stay: StayId,
        /// Which.
        reading: ReadingId,
        /// Why.
        code: Code,
        /// Who struck it.
        by: ClinicianId,
        /// Whose it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved_to: Option<StayId>,
    },
    /// A reading came from somebody on whom it stood in error.
    ReadingMovedIn {
        /// Whose it is.
        stay: StayId,
        /// Which it is here.
        reading: ReadingId,
        /// Which it was there.
        was: ReadingId,
        /// Whose it was said to be.
        from: StayId,
        /// Who moved it.
        by: ClinicianId,
    },
    /// A diary entry was struck out, with the readings that came with it.
    EntryStruck {
        /// Whose.
        stay: StayId,
        /// Which.
        entry: EntryId,
        /// Why.
        code: Code,
        /// Who struck it.
        by: ClinicianId,
    },
    /// An exertion test was struck out, with its readings.
    ExertionStruck {
        /// Whose.
        stay: StayId,
        /// Which.
        test: ExertionId,
        /// Why.
        code: Code,
        /// Who struck it.
        by: ClinicianId,
    },
    /// A contact was struck out.
    ContactStruck {
        /// Whose.
        stay: StayId,
        /// Which.
        contact: ContactId,
        /// Why.
        code: Code,
        /// Who struck it.
        by: ClinicianId,
    },
}

impl CorrectionEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReadingStruck { .. } => "reading_struck",
            Self::ReadingMovedIn { .. } => "reading_moved_in",
            Self::EntryStruck { .. } => "entry_struck",
            Self::ExertionStruck { .. } => "exertion_struck",
            Self::ContactStruck { .. } => "contact_struck",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::ReadingStruck { stay, .. }
            | Self::ReadingMovedIn { stay, .. }
            | Self::EntryStruck { stay, .. }
            | Self::ExertionStruck { stay, .. }
            | Self::ContactStruck { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::ReadingStruck { .. } | Self::EntryStruck { .. } => true,
            // What it brings is told by the reading's own event; call lists look at contacts; the readings of a test are
            // struck by events of their own.
            Self::ReadingMovedIn { .. }
            | Self::ContactStruck { .. }
            | Self::ExertionStruck { .. } => false,
        }
    }
}
