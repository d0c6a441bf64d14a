//! What happened to the diary of a stay. Nothing of what was said in the patient's own words stands here.

use serde::{Deserialize, Serialize};

use crate::entry::{Author, Means};
use crate::id::{ClinicianId, EntryId, ReadingId, StayId};
use crate::plan::Band;
use crate::questionnaire::Wellbeing;
use crate::time::Timestamp;

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
        /// The time that it is about.
        at: Timestamp,
        /// Whose words.
        author: Author,
        /// How they came to the ward.
        means: Means,
        /// How bad what it says is.
        band: Band,
        /// Why a wellbeing call is due.
        wellbeing: Wellbeing,
    },
    /// An odd value was asked about, and this is the answer. What was typed stays visible as what it was.
    ReadingAnswered {
        /// Whose.
        stay: StayId,
        /// What was typed.
        reading: ReadingId,
        /// What counts in its place.
        replaced_by: ReadingId,
    },
    /// A new version of a questionnaire may be asked from now on.
    QuestionnaireAdded {
        /// Which.
        questionnaire: String,
        /// Its version.
        version: u32,
        /// Who wrote it.
        by: ClinicianId,
    },
    /// The patient was given a code to enter diaries and readings themselves.
    AccessGiven {
        /// Whose.
        stay: StayId,
        /// By whom.
        by: ClinicianId,
    },
    /// What was given by such codes does not open anything any more.
    AccessEnded {
        /// Whose.
        stay: StayId,
    },
}

impl DiaryEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "diary_submitted",
            Self::ReadingAnswered { .. } => "reading_answered",
            Self::QuestionnaireAdded { .. } => "questionnaire_added",
            Self::AccessGiven { .. } => "access_given",
            Self::AccessEnded { .. } => "access_ended",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Submitted { stay, .. }
            | Self::ReadingAnswered { stay, .. }
            | Self::AccessGiven { stay, .. }
            | Self::AccessEnded { stay } => Some(*stay),
            Self::QuestionnaireAdded { .. } => None,
        }
    }

    /// Whether a board has to be taken again for it: the trend of a stay without what was typed wrongly.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::ReadingAnswered { .. } => true,
            Self::Submitted { .. }
            | Self::QuestionnaireAdded { .. }
            | Self::AccessGiven { .. }
            | Self::AccessEnded { .. } => false,
        }
    }
}
