//! What happened to somebody's way through the ward.

use serde::{Deserialize, Serialize};

use crate::id::{PatientId, ReferralId, StayId, WardId};
use crate::stay::{Channel, Phase, Stay};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PathwayEvent {
    /// A referral was made, triaged, accepted, declined or withdrawn.
    ReferralMoved {
        /// Which.
        referral: ReferralId,
        /// What it is now, by name.
        state: String,
    },
    /// A stay was paused, resumed or ended.
    PhaseChanged {
        /// Whose.
        stay: StayId,
        /// As it is now.
        phase: Phase,
    },
    /// The patient went to another ward.
    TransferredOut {
        /// Whose.
        stay: StayId,
        /// Where to.
        to: WardId,
    },
    /// The patient came from another ward.
    TransferredIn {
        /// As it is now.
        stay: Box<Stay>,
        /// Where from.
        from: WardId,
    },
    /// Readings and diaries come another way.
    ChannelChanged {
        /// Whose.
        stay: StayId,
        /// As it is now.
        channel: Channel,
    },
    /// What is known of a person was changed: take the record again.
    PatientEdited {
        /// Who.
        patient: PatientId,
        /// Their open stay.
        stay: Option<StayId>,
    },
}

impl PathwayEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReferralMoved { .. } => "referral_moved",
            Self::PhaseChanged { .. } => "phase_changed",
            Self::TransferredOut { .. } => "transferred_out",
            Self::TransferredIn { .. } => "transferred_in",
            Self::ChannelChanged { .. } => "channel_changed",
            Self::PatientEdited { .. } => "patient_edited",
        }
    }

    /// Whose.
    #[must_use]
    pub fn stay(&self) -> Option<StayId> {
        match self {
            Self::ReferralMoved { .. } => None,
            Self::PhaseChanged { stay, .. }
            | Self::TransferredOut { stay, .. }
            | Self::ChannelChanged { stay, .. } => Some(*stay),
            Self::TransferredIn { stay, .. } => Some(stay.id),
            Self::PatientEdited { stay, .. } => *stay,
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        !matches!(self, Self::ReferralMoved { .. })
    }
}
