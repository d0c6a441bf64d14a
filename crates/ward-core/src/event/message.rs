//! What happened to a message to a patient or to somebody on call. That it was queued and sent stands in its own record;
//! on the log is what the ward has to know.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, StayId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum MessageEvent {
    /// A message was given up, or its time ran out, after it had been tried.
    NotDelivered {
        /// Whose.
        stay: StayId,
        /// Which.
        message: MessageId,
        /// What kind, by name.
        kind_of: String,
    },
    /// The patient was told when the ward will ring.
    CallAnnounced {
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
            Self::NotDelivered { .. } => "message_not_delivered",
            Self::CallAnnounced { .. } => "call_announced",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::NotDelivered { stay, .. } | Self::CallAnnounced { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        false
    }
}
