//! One transaction over two wards of the organisation: a patient, or what belongs to one, goes from one to the other.
//!
//! Both rows are locked first, in ascending order of their ids, so that two such transactions never wait for each other.

use ward_core::id::{Seq, WardId};

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::LockedWardRow;
use crate::statements::LOCK_WARD;
use crate::store::Store;

/// The second ward of a transaction, locked, until the first one is done with.
pub struct Parked {
    ward: WardId,
    locked: LockedWardRow,
}

impl Store {
    /// Opens the ledgers of two wards: the first one's, and the second one's in waiting. `None` when either is not there or
    /// both are the same.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also when a lock was not to be had in time.
    pub async fn open_two_ledgers(
        &self,
        first: WardId,
        second: WardId,
    ) -> Result<Option<(Ledger, Parked)>, StoreError> {
        if first == second {
            return Ok(None);
        }
        let mut tx = self.health.step(self.begin().await)?;
        let mut in_order = [first, second];
        in_order.sort_unstable();
        let mut rows = Vec::with_capacity(in_order.len());
        for ward in in_order {
            let locked = in_tx!(&mut tx, conn => sqlx::query_as(LOCK_WARD).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await);
            let locked: Option<LockedWardRow> =
                self.health.step(locked.map_err(StoreError::from))?;
            let Some(locked) = locked else {
                tx.rollback().await?;
                return Ok(None);
            };
            rows.push((ward, locked));
        }
        let (Some(last), Some(front)) = (rows.pop(), rows.pop()) else {
            return Ok(None);
        };
        let (own, parked) = if front.0 == first {
            (front, last)
        } else {
            (last, front)
        };
        let ledger = Ledger::of(tx, self.organisation, self.health.clone(), own.1)?;
        let parked = Parked {
            ward: parked.0,
            locked: parked.1,
        };
        Ok(Some((ledger, parked)))
    }
}

impl Parked {
    /// Which ward.
    #[must_use]
    pub const fn ward(&self) -> WardId {
        self.ward
    }
}

impl Ledger {
    /// Writes what was appended here and goes on with the second ward, in the same transaction. The newest number of this
    /// ward's log comes with it: ring its bell once the second one has committed.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub async fn hand_over(mut self, to: Parked) -> Result<(Self, Seq), StoreError> {
        let health = self.health.clone();
        health.step(self.write_ward().await)?;
        let head = self.head();
        Ok((
            Self::of(self.tx, self.organisation, self.health, to.locked)?,
            head,
        ))
    }
}
