//! Stays of which time alone has something to say, and what came from them and from their kit.

use uuid::Uuid;
use ward_core::bridge_watch::BridgeStatus;
use ward_core::device::DeviceAddress;
use ward_core::id::StayId;
use ward_core::silence::{Awaited, Came, Kit, What};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::from_json;
use crate::statements::{
    DUE_STAYS, ENTRIES_BETWEEN, KIT_THAT_READS, MAKE_STAYS_DUE, READINGS_BETWEEN,
};

/// Things that came between two times, at most: a day of readings every twenty seconds.
const MOST_CAME: i64 = 5_000;

/// A stay that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueStay {
    /// Which.
    pub stay: StayId,
    /// Nobody ever looked at it: it was admitted by a program that did not.
    pub never_looked_at: bool,
}

impl Ledger {
    /// Stays of this ward that are due by `now`, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_stays(
        &mut self,
        now: Timestamp,
        at_most: i64,
    ) -> Result<Vec<DueStay>, StoreError> {
        let ward = self.ward().id.0;
        let rows: Vec<(Uuid, i64)> = in_tx!(&mut self.tx, conn => sqlx::query_as(DUE_STAYS)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(now.as_millis())
            .bind(at_most)
            .fetch_all(conn)
            .await)?;
        let due = rows.into_iter().map(|(stay, due_at)| DueStay {
            stay: StayId(stay),
            never_looked_at: due_at < 0,
        });
        Ok(due.collect())
    }

    /// Every open stay of this ward is due, whatever a clock that ran ahead has written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_stays_due(&mut self) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(MAKE_STAYS_DUE)
            .bind(self.organisation.0)
            .bind(ward)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// What was measured or answered between these times, both included. What was struck out does not count, nor does
    /// what a second bridge heard too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn came_between(
        &mut self,
        stay: StayId,
        awaited: Awaited,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Came>, StoreError> {
        let text = match awaited {
            Awaited::Reading => READINGS_BETWEEN,
            Awaited::Diary => ENTRIES_BETWEEN,
        };
        let rows: Vec<(i64, Option<i32>)> = in_tx!(&mut self.tx, conn => sqlx::query_as(text)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(from.as_millis())
            .bind(until.as_millis())
            .bind(MOST_CAME)
            .fetch_all(conn)
            .await)?;
        let came = rows.into_iter().map(|(at, spo2_tenths)| Came {
            at: Timestamp::from_millis(at),
            what: match (awaited, spo2_tenths) {
                (Awaited::Diary, _) => What::Entry,
                (Awaited::Reading, Some(_)) => What::Value,
                (Awaited::Reading, None) => What::Attempt,
            },
        });
        Ok(came.collect())
    }

    /// What is known of the kit that reads this stay; `None` when no bridge does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kit_of(&mut self, stay: StayId) -> Result<Option<Kit>, StoreError> {
        let row: Option<(Option<i64>, String, String)> = in_tx!(&mut self.tx, conn => sqlx::query_as(KIT_THAT_READS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        let Some((heard_at, status, address)) = row else {
            return Ok(None);
        };
        let status: Option<BridgeStatus> = from_json("bridge", stay, &status)?;
        let address: Option<DeviceAddress> = address.parse().ok();
        let heard_at = heard_at.map(Timestamp::from_millis);
        Ok(Some(Kit::of(heard_at, status.as_ref(), address.as_ref())))
    }
}
