//! What passes between the ward and a patient by voice: calls made and tried, calls that came in, visits, and what was
//! said. One entry each; an entry is never changed and never removed, only struck through.
//!
//! From the entries of a stay follows its [`ContactState`]: when the patient was last *reached*, and what has been tried
//! since. "No answer" is never "done".

mod call;
mod claim;
mod state;
mod video;

use serde::{Deserialize, Serialize};

use crate::id::{ClinicianId, ContactId, StayId, WardId};
use crate::time::Timestamp;

pub use call::{
    Advice, Call, CallOutcome, CallRefused, Change, Direction, Identifier, Identity, LONGEST_NAME,
    LONGEST_NOTE, Mood, NEXT_CONTACT_WITHIN, NextContact, Support, WRITTEN_DOWN_WITHIN, Way,
    Wellbeing, Whom, checked_referral, checked_visit,
};
pub use claim::{Claim, ClaimRefused, Claimed, OLD_CLAIM_AFTER, Ticket, claim, release};
pub use state::{Asked, ContactState, Last, Reached, Stopped, Tries, Visit, Why, after, folded};
pub use video::{NotAPattern, VideoLinks};

/// One line of a stay's record of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEntry {
    /// Ours.
    pub id: ContactId,
    /// Whose.
    pub stay: StayId,
    /// The ward that the stay was on.
    pub ward: WardId,
    /// When it was: a call that was written down later has its own time, not that of the writing.
    pub at: Timestamp,
    /// When it was written down.
    pub written_at: Timestamp,
    /// Which member of staff.
    pub by: ClinicianId,
    /// What it was.
    pub what: What,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum What {
    /// A call or a visit, made or tried, or a call that came in.
    Call(Box<Call>),
    /// A senior clinician stopped the climbing of the ladder.
    LadderStopped {
        /// Why.
        reason: String,
    },
    /// A home visit is booked.
    VisitBooked {
        /// For when.
        at: Timestamp,
        /// Who goes, and what for.
        purpose: String,
    },
    /// The person, or who cares for them, was referred to somebody else.
    ReferredOnward {
        /// To whom.
        to: Onward,
        /// What for.
        note: String,
    },
    /// A link for a video call was made.
    VideoOffered {
        /// The room's name: drawn at random, it says nothing of the person.
        room: String,
    },
}

/// To whom somebody is referred onward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onward {
    /// Social prescribing.
    LinkWorker,
    /// Talking therapies, the crisis team.
    MentalHealth,
    /// For the carer's own need: an assessment, respite.
    CarerSupport,
    /// The GP practice.
    Gp,
    /// Community nursing, therapy, urgent community response.
    CommunityServices,
    /// Adult social care.
    SocialCare,
    /// Somebody else, named in the note.
    Other,
}

impl Onward {
    /// Its name on the wire and in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkWorker => "link_worker",
            Self::MentalHealth => "mental_health",
            Self::CarerSupport => "carer_support",
            Self::Gp => "gp",
            Self::CommunityServices => "community_services",
            Self::SocialCare => "social_care",
            Self::Other => "other",
        }
    }
}
