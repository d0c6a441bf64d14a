//! The daily-contact call list and what is done from it.

mod book_visit;
mod claim_call;
mod list;
mod log_contact;
mod refer_onward;
mod say;
mod script;
mod stop_ladder;
mod video;

use ward_core::call_script::ScriptRefused;
use ward_core::contact::{self, CallRefused, ClaimRefused, ContactEntry, NotAPattern, What};
use ward_core::event::WardEvent;
use ward_core::hand::HandRefused;
use ward_core::id::{ContactId, StayId, WardId};
use ward_core::ladder::StopRefused;
use ward_core::permit::Permit;
use ward_core::stay::{Phase, Stay};
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

pub use claim_call::Claiming;
pub use list::Calls;
pub use log_contact::{Logged, NewContact, ToldReading};
pub use say::{AfterCall, Heard, HeardValue};
pub use video::{VideoOnWard, VideoRoom};

use crate::error::Unavailable;
use crate::wards::Wards;

/// Why nothing was done from the call list.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// No such stay on this ward.
    #[error(
        "there is no such stay on this ward: the patient may have gone to another ward, look for them by name"
    )]
    NoSuchStay,
    /// The stay is over.
    #[error("this stay ended at {at}: calls can still be written down, nothing else")]
    Over {
        /// Since when.
        at: Timestamp,
    },
    /// The stay is paused.
    #[error(
        "this patient has been in hospital or away since {since}: calls can be written down; resume the stay before ringing them at home"
    )]
    Paused {
        /// Since when.
        since: Timestamp,
    },
    /// A colleague has the call, or nobody.
    #[error(transparent)]
    Claim(#[from] ClaimRefused),
    /// The call cannot have been so.
    #[error(transparent)]
    Call(#[from] CallRefused),
    /// Values or a time that cannot be.
    #[error(transparent)]
    Reading(#[from] HandRefused),
    /// Two things under one id.
    #[error("another reading has this id: give each reading an id of its own")]
    UsedId,
    /// The ladder goes on.
    #[error(transparent)]
    Stop(#[from] StopRefused),
    /// The ward has no video calls.
    #[error("this ward has no pattern for video links: ring, or have a senior clinician set one")]
    NoVideo,
    /// Not a pattern.
    #[error(transparent)]
    Pattern(#[from] NotAPattern),
    /// Not a script.
    #[error(transparent)]
    Script(Box<ScriptRefused>),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for ContactError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// The ledger of the ward, with a stay of it in any phase.
async fn open(wards: &Wards, ward: WardId, stay: StayId) -> Result<(Ledger, Stay), ContactError> {
    let ledger = wards.store.open_ledger(ward).await?;
    let mut ledger = ledger.ok_or(ContactError::NoSuchStay)?;
    let record = ledger.stay(stay).await?.ok_or(ContactError::NoSuchStay)?;
    let stay = record.stay.clone();
    Ok((ledger, stay))
}

/// A patient who is at home and looked after.
fn active(stay: &Stay) -> Result<(), ContactError> {
    not_over(stay)?;
    match stay.phase {
        Phase::Paused { since, .. } => Err(ContactError::Paused { since }),
        Phase::Active | Phase::Ended { .. } => Ok(()),
    }
}

fn not_over(stay: &Stay) -> Result<(), ContactError> {
    match stay.phase {
        Phase::Ended { at, .. } => Err(ContactError::Over { at }),
        Phase::Active | Phase::Paused { .. } => Ok(()),
    }
}

/// A new entry of now.
fn entry(wards: &Wards, permit: &Permit, stay: StayId, what: What) -> ContactEntry {
    let now = wards.clock.now();
    ContactEntry {
        id: ContactId(wards.clock.new_id()),
        stay,
        ward: permit.ward,
        at: now,
        written_at: now,
        by: permit.clinician,
        what,
    }
}

/// Writes an entry, and where the stay stands after it.
async fn write(
    ledger: &mut Ledger,
    entry: &ContactEntry,
    event: WardEvent,
) -> Result<(), StoreError> {
    let before = ledger.contact_state(entry.stay).await?;
    ledger.insert_contact(entry).await?;
    let entries = ledger.contacts_that_count(entry.stay).await?;
    let state = contact::after(&before, &entries, entry, entry.written_at);
    ledger.set_contact_state(entry.stay, &state).await?;
    ledger.append(event, entry.written_at);
    Ok(())
}

/// Commits, and rings the bell.
async fn commit(wards: &Wards, ledger: Ledger) -> Result<(), StoreError> {
    let ward = ledger.ward().id;
    let head = ledger.commit().await?;
    wards.bell.ring(ward, head);
    Ok(())
}
