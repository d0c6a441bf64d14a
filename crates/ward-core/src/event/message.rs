//! What happened to a message to a patient or to somebody on call.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum MessageEvent {
    /// A message waits to be sent.
    Queued {
        /// Whose.
        stay: StayId,
        /// Which.
        message: MessageId,
    },
}

impl MessageEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "message_queued",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Queued { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Queued { .. } => false,
        }
    }
}
