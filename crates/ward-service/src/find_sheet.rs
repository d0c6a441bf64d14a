//! Sheets of paper diaries: whose a sheet is, by the code that is printed on it.

use std::time::Duration;

use jiff::civil::Date;
use ward_core::id::StayId;
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::sheet_code::{NotASheetCode, SheetCode};
use ward_store::StoreError;

use crate::error::Unavailable;
use crate::wards::Wards;

/// A sheet may come with the kit, or with the post, weeks after the end of its stay.
const COMES_UNTIL: Duration = Duration::from_secs(90 * 24 * 3600);

/// A sheet of somebody's paper diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Whose.
    pub stay: StayId,
    /// Its first day.
    pub day: Date,
}

/// Why no sheet was found.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It cannot be a code.
    #[error(transparent)]
    NotACode(#[from] NotASheetCode),
    /// A code, but of nobody here.
    #[error(
        "nobody who is on this ward, or was within the last 90 days, has a sheet with this code: find them by name"
    )]
    Unknown,
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for SheetError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The sheet with this code, among those of the permit's ward.
    ///
    /// # Errors
    /// [`SheetError`].
    pub async fn find_sheet(&self, permit: &Permit, typed: &str) -> Result<Sheet, SheetError> {
        permit.allows(Verb::EnterForPatient)?;
        let code: SheetCode = typed.parse()?;
        let since = self.clock.now().minus(COMES_UNTIL);
        let stays = self.store.stays_of_ward_since(permit.ward, since).await?;
        let mut alike = stays.into_iter().filter(|stay| code.is_of(*stay));
        let (Some(stay), None) = (alike.next(), alike.next()) else {
            // Two of one mark is a chance of one in millions. Nobody is chosen by it.
            return Err(SheetError::Unknown);
        };
        let (Some(record), Some(ward)) = (
            self.store.stay(stay).await?,
            self.store.ward(permit.ward).await?,
        ) else {
            return Err(SheetError::Unknown);
        };
        let first = ward.zone().day_of(record.stay.admitted_at);
        Ok(Sheet {
            stay,
            day: nth_day(first, code.day()),
        })
    }
}

/// Day 1 is the first.
fn nth_day(first: Date, day: u16) -> Date {
    let after = i32::from(day.saturating_sub(1));
    first
        .checked_add(jiff::Span::new().days(after))
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_of_a_stay_is_day_one() {
        let first = jiff::civil::date(2026, 12, 28);
        assert_eq!(nth_day(first, 1), first);
        assert_eq!(nth_day(first, 8), jiff::civil::date(2027, 1, 4));
        assert_eq!(nth_day(first, 0), first);
    }
}
