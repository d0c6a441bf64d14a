//! What happened to the plans of a ward's patients. Reasons are text about a person and stay in the plan's record.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ClinicianId, StayId};

/// A plan that changed, or was to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PlanEvent {
    /// A new version is in force.
    Changed {
        /// Whose.
        stay: StayId,
        /// Which version.
        version: u32,
        /// Who wrote it.
        by: ClinicianId,
        /// Who approved it, when it needed a second person.
        approved_by: Option<ClinicianId>,
    },
    /// A limit lies outside the ward's safe range: it waits for a second person.
    Proposed {
        /// Whose.
        stay: StayId,
        /// Its number among the proposals for this stay.
        proposal: u32,
        /// Who proposes.
        by: ClinicianId,
    },
    /// A proposal was refused or taken back.
    Rejected {
        /// Whose.
        stay: StayId,
        /// Which.
        proposal: u32,
        /// Who said no.
        by: ClinicianId,
    },
    /// Nobody reviewed the plan by its date: the ward's default is in force.
    FellBack {
        /// Whose.
        stay: StayId,
        /// The version that is in force now.
        version: u32,
        /// By when it was to be reviewed.
        review_by: Date,
    },
    /// Nobody reviewed the plan by its date, and the ward's default is not for this patient: it goes on.
    ReviewOverdue {
        /// Whose.
        stay: StayId,
        /// The version that is in force now.
        version: u32,
        /// By when it was to be reviewed.
        review_by: Date,
    },
    /// What the ward admits patients with was changed.
    DefaultsChanged {
        /// By whom.
        by: ClinicianId,
    },
}

impl PlanEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "plan_changed",
            Self::Proposed { .. } => "plan_proposed",
            Self::Rejected { .. } => "plan_rejected",
            Self::FellBack { .. } => "plan_fell_back",
            Self::ReviewOverdue { .. } => "plan_review_overdue",
            Self::DefaultsChanged { .. } => "plan_defaults_changed",
        }
    }

    /// Whose plan; nobody's for the ward's defaults.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Changed { stay, .. }
            | Self::Proposed { stay, .. }
            | Self::Rejected { stay, .. }
            | Self::FellBack { stay, .. }
            | Self::ReviewOverdue { stay, .. } => Some(*stay),
            Self::DefaultsChanged { .. } => None,
        }
    }

    /// Whether a board has to be taken again for it.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Changed { .. } | Self::FellBack { .. } | Self::ReviewOverdue { .. } => true,
            Self::Proposed { .. } | Self::Rejected { .. } | Self::DefaultsChanged { .. } => false,
        }
    }
}
