//! Identifiers: one newtype a noun, so that a stay's id is never taken for a patient's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )* };
}

ids! {
    /// An NHS trust or other provider; every row and every transaction belongs to one.
    OrganisationId,
    /// One virtual ward of an organisation.
    WardId,
    /// A person who is, or was, looked after.
    PatientId,
    /// One patient's time on one ward.
    StayId,
    /// An oximeter from the kit ledger.
    DeviceId,
    /// The box in a home or care home that reads oximeters.
    BridgeId,
    /// A member of staff.
    ClinicianId,
    /// One set of measured values. The bridge gives it, so that sending it twice stores it once.
    ReadingId,
    /// The request for a stay.
    ReferralId,
    /// One person of a case-finding list.
    CaseId,
    /// One diary entry.
    EntryId,
    /// One exertion test.
    ExertionId,
    /// One contact between the ward and a patient, planned or made.
    ContactId,
    /// One message to a patient or to a person on call.
    MessageId,
    /// A piece of kit: the id of its oximeter or its bridge.
    KitId,
    /// Something written for those who come next.
    NoteId,
    /// A turn of duty.
    RotaId,
}

/// The number of an event on its ward's log: 1, 2, 3 … without a gap.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl Seq {
    /// The number that follows this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An alert's number: the number of the event that raised it. Said over the phone as ward code and number, `PEN 4711`.
pub type AlertNumber = Seq;
