//! When a console of each ward was last seen that is visible with its sound armed, on any node.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use ward_core::id::WardId;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{PUT_WATCH, WARDS_SAID_UNWATCHED, WATCHED_AT, WATCHES};
use crate::store::Store;

impl Store {
    /// Notes that somebody watches a ward's board at `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_watch(&self, ward: WardId, now: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(PUT_WATCH).bind(self.organisation.0).bind(ward.0).bind(now.as_millis()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// When each ward's board was last watched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn watches(&self) -> Result<BTreeMap<WardId, Timestamp>, StoreError> {
        let rows: Vec<(Uuid, i64)> = reading!(self, conn => sqlx::query_as(WATCHES).bind(self.organisation.0).fetch_all(conn).await)?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(ward, at)| (WardId(ward), Timestamp::from_millis(at)))
            .collect())
    }

    /// Wards of which an open alert says that nobody watches.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_said_unwatched(&self) -> Result<BTreeSet<WardId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_SAID_UNWATCHED).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }
}

impl Ledger {
    /// When this ward's board was last watched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn watched_at(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let ward = self.ward().id.0;
        let row: Option<(i64,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(WATCHED_AT).bind(self.organisation.0).bind(ward).fetch_optional(conn).await)?;
        Ok(row.map(|(at,)| Timestamp::from_millis(at)))
    }
}
