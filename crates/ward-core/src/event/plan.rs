//! What happened to the plan of a stay.

use serde::{Deserialize, Serialize};

use crate::id::StayId;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PlanEvent {
    /// A plan counts from now on. What was judged before stays as it was judged.
    Set {
        /// Whose.
        stay: StayId,
        /// Its version.
        version: u32,
    },
}

impl PlanEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Set { .. } => "plan_set",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Set { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Set { .. } => true,
        }
    }
}
