//! What happened between the ward and a patient: who rang whom and what came of it, never what was said.

use serde::{Deserialize, Serialize};

use crate::contact::{CallOutcome, Direction, Onward, Way, Whom, Why};
use crate::id::{ClinicianId, ContactId, StayId};
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum ContactEvent {
    /// A call or a visit was written down.
    Logged {
        /// Whose.
        stay: StayId,
        /// Which.
        contact: ContactId,
        /// Which member of staff.
        by: ClinicianId,
        /// Who rang whom.
        direction: Direction,
        /// How.
        way: Way,
        /// With whom.
        whom: Whom,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// Somebody is about to ring, or took that over from a colleague.
    Claimed {
        /// Whose row.
        stay: StayId,
        /// Who.
        by: ClinicianId,
        /// From whom it was taken over.
        from: Option<ClinicianId>,
    },
    /// Whoever was about to ring has let go of it.
    Released {
        /// Whose row.
        stay: StayId,
        /// Who.
        by: ClinicianId,
    },
    /// A senior clinician stopped the climbing of the ladder.
    LadderStopped {
        /// Whose.
        stay: StayId,
        /// The entry that has the reason.
        contact: ContactId,
        /// Who.
        by: ClinicianId,
    },
    /// A home visit was booked.
    VisitBooked {
        /// Whose.
        stay: StayId,
        /// The entry.
        contact: ContactId,
        /// Who booked it.
        by: ClinicianId,
        /// For when.
        at: Timestamp,
    },
    /// Somebody was referred onward.
    ReferredOnward {
        /// Whose stay.
        stay: StayId,
        /// The entry.
        contact: ContactId,
        /// Who.
        by: ClinicianId,
        /// To whom.
        to: Onward,
    },
    /// A link for a video call was made.
    VideoOffered {
        /// Whose.
        stay: StayId,
        /// The entry that has the room.
        contact: ContactId,
        /// Who.
        by: ClinicianId,
    },
    /// A contact is wanted that is not on the schedule.
    Asked {
        /// Whose.
        stay: StayId,
        /// Why.
        why: Why,
        /// For when.
        due: Timestamp,
    },
}

impl ContactEvent {
    /// Its name on the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Logged { .. } => "contact_logged",
            Self::Claimed { from: None, .. } => "call_claimed",
            Self::Claimed { from: Some(_), .. } => "call_taken_over",
            Self::Released { .. } => "call_released",
            Self::LadderStopped { .. } => "ladder_stopped",
            Self::VisitBooked { .. } => "visit_booked",
            Self::ReferredOnward { .. } => "referred_onward",
            Self::VideoOffered { .. } => "video_offered",
            Self::Asked { .. } => "contact_asked",
        }
    }

    /// Whose.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Logged { stay, .. }
            | Self::Claimed { stay, .. }
            | Self::Released { stay, .. }
            | Self::LadderStopped { stay, .. }
            | Self::VisitBooked { stay, .. }
            | Self::ReferredOnward { stay, .. }
            | Self::VideoOffered { stay, .. }
            | Self::Asked { stay, .. } => Some(*stay),
        }
    }

    /// Whether a board has to be taken again for it. The board does not show calls; the call list follows the same log.
    #[must_use]
    pub const fn changes_board(&self) -> bool {
        match self {
            Self::Logged { .. }
            | Self::Claimed { .. }
            | Self::Released { .. }
            | Self::LadderStopped { .. }
            | Self::VisitBooked { .. }
            | Self::ReferredOnward { .. }
            | Self::VideoOffered { .. }
            | Self::Asked { .. } => false,
        }
    }
}
