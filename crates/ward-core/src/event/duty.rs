//! What happened on a shift: who took it and left it, what was handed over, whose sound was paused.

use serde::{Deserialize, Serialize};

use crate::duty::{Console, Post};
use crate::id::{ClinicianId, NoteId, StayId};
use crate::time::Timestamp;

/// On a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum DutyEvent {
    /// Somebody came on duty.
    Accepted {
        /// Who.
        by: ClinicianId,
        /// As what.
        post: Post,
    },
    /// Somebody left duty.
    Left {
        /// Who.
        by: ClinicianId,
    },
    /// Something was written for those who come next. What it says stands in its own record.
    NoteWritten {
        /// Which.
        note: NoteId,
        /// About whom, if about somebody.
        stay: Option<StayId>,
        /// By whom.
        by: ClinicianId,
    },
    /// What was handed over is done.
    NoteDone {
        /// Which.
        note: NoteId,
        /// By whom.
        by: ClinicianId,
    },
    /// The sound of the ward's boards was paused, for everybody to see.
    AudioPaused {
        /// By whom.
        by: ClinicianId,
        /// Until when at the latest; a new red ends it before.
        until: Timestamp,
    },
    /// A pause was ended before its time.
    AudioResumed {
        /// By whom.
        by: ClinicianId,
    },
    /// Somebody had the sound of a red played to them, as a shift begins, and said whether they heard it.
    SoundTested {
        /// Who.
        by: ClinicianId,
        /// On which screen.
        console: Console,
        /// Whether they heard it. Only then is the screen armed.
        heard: bool,
        /// When they said so. What could not be told at once is on the log later.
        at: Timestamp,
    },
}

impl DutyEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "duty_accepted",
            Self::Left { .. } => "duty_left",
            Self::NoteWritten { .. } => "handover_note_written",
            Self::NoteDone { .. } => "handover_note_done",
            Self::AudioPaused { .. } => "audio_paused",
            Self::AudioResumed { .. } => "audio_resumed",
            Self::SoundTested { .. } => "sound_tested",
        }
    }

    /// Whom it concerns.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::NoteWritten { stay, .. } => *stay,
            Self::Accepted { .. }
            | Self::Left { .. }
            | Self::NoteDone { .. }
            | Self::AudioPaused { .. }
            | Self::AudioResumed { .. }
            | Self::SoundTested { .. } => None,
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Accepted { .. }
            | Self::Left { .. }
            | Self::NoteWritten { .. }
            | Self::NoteDone { .. }
            | Self::AudioPaused { .. }
            | Self::AudioResumed { .. } => true,
            Self::SoundTested { .. } => false,
        }
    }
}
