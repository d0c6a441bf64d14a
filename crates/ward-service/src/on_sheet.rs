//! One place of a paper sheet holds one thing: a time one reading, a day one set of answers. Two people who type the same
//! sheet in store it once, and where they read it differently the second is asked, by whoever has the ward's lock.

use uuid::Uuid;
use ward_core::correction::{Code, Reason, Strike};
use ward_core::diary::DiaryEntry;
use ward_core::entry::Means;
use ward_core::hand::Typed;
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::reading::{Measured, Source, Values};
use ward_core::time::Timestamp;
use ward_store::{KeptReading, Ledger, StoreError};

use crate::correct::{CorrectError, Plans, take_away, take_entry_away};
use crate::entering::{Entering, EntryError};
use crate::record_by_hand::Beside;
use crate::wards::Wards;

/// What was typed off the sheet before, was seen by whoever enters, and is struck out for what they enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacing {
    there: Uuid,
    strike: Strike,
}

/// With the limits over time by which what remains is judged.
pub(crate) type Room = Option<(Replacing, Plans)>;

impl Entering {
    /// What stands at this place of the sheet was read wrongly: it is struck out, and what is entered counts. Names what
    /// was seen there, so that nothing goes that nobody looked at.
    ///
    /// # Errors
    /// [`Forbidden`] for whoever may not correct.
    pub fn instead_of(
        mut self,
        permit: &Permit,
        there: Uuid,
        now: Timestamp,
    ) -> Result<Self, Forbidden> {
        permit.allows(Verb::Correct)?;
        let reason = Reason {
            code: Code::WrongValue,
            text: "the sheet was read again".to_owned(),
        };
        // Words of our own fit.
        let strike = reason.struck(permit.clinician, now, None).ok();
        self.replaces = strike.map(|strike| Replacing { there, strike });
        Ok(self)
    }
}

impl Wards {
    /// What making room needs, read before the ledger is opened.
    pub(crate) async fn room_for(&self, entering: &Entering) -> Result<Room, StoreError> {
        let Some(replacing) = entering.replaces.clone() else {
            return Ok(None);
        };
        let plans = self.plans_over_time(entering.stay).await?;
        Ok(Some((replacing, plans)))
    }
}

/// Strikes out the reading that another takes the place of.
pub(crate) async fn make_room_for_reading(
    ledger: &mut Ledger,
    stay: StayId,
    room: Room,
) -> Result<(), EntryError> {
    let Some((Replacing { there, strike }, plans)) = room else {
        return Ok(());
    };
    let taken = take_away(ledger, stay, &[ReadingId(there)], &strike, plans).await;
    made(taken.map(|_| ()))
}

/// Strikes out the entry that another takes the place of.
pub(crate) async fn make_room_for_entry(
    ledger: &mut Ledger,
    stay: StayId,
    room: Room,
) -> Result<(), EntryError> {
    let Some((Replacing { there, strike }, plans)) = room else {
        return Ok(());
    };
    made(take_entry_away(ledger, stay, EntryId(there), &strike, plans).await)
}

fn made(taken: Result<(), CorrectError>) -> Result<(), EntryError> {
    match taken {
        Err(CorrectError::Unavailable(error)) => Err(error.into()),
        // Somebody else has struck it out: whatever stands there now is looked at next.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What was typed off a sheet for this time and counts.
pub(crate) async fn reading_at(
    ledger: &mut Ledger,
    stay: StayId,
    at: Timestamp,
) -> Result<Option<KeptReading>, StoreError> {
    let all = ledger.hand_readings_at(stay, at).await?;
    Ok(all.into_iter().find(|kept| {
        matches!(
            kept.reading.source,
            Source::ByHand {
                means: Means::Paper,
                ..
            }
        )
    }))
}

/// Whether the same was read off the sheet: as it was typed then, or as it counts since an odd value was answered.
pub(crate) fn is_the_same(there: &KeptReading, typed: Typed, values: &Values) -> bool {
    let as_typed = Beside::of(there).is_some_and(|beside| beside.typed == typed);
    let as_it_counts = match &there.reading.measured {
        Measured::Values(counts) => counts.spo2 == values.spo2 && counts.pulse == values.pulse,
        Measured::Attempt { .. } => false,
    };
    as_typed || as_it_counts
}

/// The answers that were typed off a sheet for the ward's day of this time and count.
pub(crate) async fn entry_of_day(
    ledger: &mut Ledger,
    stay: StayId,
    at: Timestamp,
) -> Result<Option<DiaryEntry>, StoreError> {
    let zone = ledger.ward().zone();
    let day = zone.day_of(at);
    let entries = ledger.entries_that_count(stay).await?;
    Ok(entries
        .into_iter()
        .find(|entry| entry.means == Means::Paper && zone.day_of(entry.at) == day))
}
