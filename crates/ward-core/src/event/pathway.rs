//! What happened to somebody's way through the ward.

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, ClinicianId, PatientId, ReferralId, StayId, WardId};
use crate::stay::{Channel, Phase, Stay};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PathwayEvent {
    /// A list of new positive results was taken in.
    CasesImported {
        /// People who were not on it before.
        new: u32,
        /// Who took it in.
        by: ClinicianId,
    },
    /// A person of the list was accepted, declined or deferred.
    CaseReviewed {
        /// Which.
        case: CaseId,
        /// What it is now, by name.
        state: String,
        /// Who reviewed it.
        by: ClinicianId,
    },
    /// A referral was made, triaged, accepted, declined or withdrawn, or consent to it was recorded.
    ReferralMoved {
        /// Which.
        referral: ReferralId,
        /// What it is now, by name.
        state: String,
        /// Who did it.
        by: ClinicianId,
    },
    /// A stay was paused, resumed or ended.
    PhaseChanged {
        /// Whose.
        stay: StayId,
        /// As it is now.
        phase: Phase,
        /// Who did it.
        by: ClinicianId,
    },
    /// The patient went to another ward.
    TransferredOut {
        /// Whose.
        stay: StayId,
        /// Where to.
        to: WardId,
        /// Who did it.
        by: ClinicianId,
    },
    /// The patient came from another ward.
    TransferredIn {
        /// As it is now.
        stay: Box<Stay>,
        /// Where from.
        from: WardId,
        /// Who did it, on the ward where they were.
        by: ClinicianId,
    },
    /// Readings and diaries come another way.
    ChannelChanged {
        /// Whose.
        stay: StayId,
        /// As it is now.
        channel: Channel,
        /// Who did it.
        by: ClinicianId,
    },
    /// What is known of a person was changed: take the record again.
    PatientEdited {
        /// Who.
        patient: PatientId,
        /// Their open stay.
        stay: Option<StayId>,
        /// Who did it.
        by: ClinicianId,
    },
}

impl PathwayEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CasesImported { .. } => "cases_imported",
            Self::CaseReviewed { .. } => "case_reviewed",
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
            Self::CasesImported { .. } | Self::CaseReviewed { .. } | Self::ReferralMoved { .. } => {
                None
            }
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
        match self {
            Self::CasesImported { .. } | Self::CaseReviewed { .. } | Self::ReferralMoved { .. } => {
                false
            }
            Self::PhaseChanged { .. }
            | Self::TransferredOut { .. }
            | Self::TransferredIn { .. }
            | Self::ChannelChanged { .. }
            | Self::PatientEdited { .. } => true,
        }
    }
}
