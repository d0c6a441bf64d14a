//! What was entered in error, or on the wrong person: struck through with a reason, or moved. Nothing is ever deleted.

use serde::{Deserialize, Serialize};

use crate::id::{ClinicianId, StayId};
use crate::patient::{TooLong, fits};
use crate::time::Timestamp;

/// Why something is struck through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// It is somebody else's.
    WrongPatient,
    /// Mistyped, misread, or measured wrongly.
    WrongValue,
    /// It was at another time.
    WrongTime,
    /// It is there twice.
    EnteredTwice,
    /// Kit was tried out; nobody was measured.
    TriedOut,
    /// For another reason, which the words give.
    Other,
}

impl Code {
    /// Its name on the log and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WrongPatient => "wrong_patient",
            Self::WrongValue => "wrong_value",
            Self::WrongTime => "wrong_time",
            Self::EnteredTwice => "entered_twice",
            Self::TriedOut => "tried_out",
            Self::Other => "other",
        }
    }
}

/// A reason, as a person gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which kind.
    pub code: Code,
    /// In words. They stay beside the record and never go on the log.
    pub text: String,
}

/// A line through a record, as it is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// Which kind of reason.
    pub code: Code,
    /// In words.
    pub reason: String,
    /// Who.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
    /// Where it went, when it is somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<StayId>,
}

/// Words of a reason, in characters.
const REASON_AT_MOST: usize = 500;

/// Why a reason was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonRefused {
    /// Too many words.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// `other` alone says nothing.
    #[error("for another reason than those listed, write which in `text`")]
    Wordless,
}

impl Reason {
    /// The line that this reason makes.
    ///
    /// # Errors
    /// [`ReasonRefused`].
    pub fn struck(
        self,
        by: ClinicianId,
        at: Timestamp,
        moved_to: Option<StayId>,
    ) -> Result<Strike, ReasonRefused> {
        fits("text", &self.text, REASON_AT_MOST)?;
        let reason = self.text.trim().to_owned();
        if self.code == Code::Other && reason.is_empty() {
            return Err(ReasonRefused::Wordless);
        }
        Ok(Strike {
            code: self.code,
            reason,
            by,
            at,
            moved_to,
        })
    }
}
