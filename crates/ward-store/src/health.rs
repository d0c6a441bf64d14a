//! Whether writing works. A database that is read while nothing can be written looks well and is not: on a full disk a
//! board would stay live while every new reading is turned away.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::StoreError;
use crate::statements::PROBE_WRITING;
use crate::store::{Pools, Store};
use ward_core::time::Timestamp;

/// Not among the statements that both databases understand.
const POSTGRES_NOW: &str = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

/// Since when writing has failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteHealth(Arc<Mutex<Option<Instant>>>);

impl WriteHealth {
    /// Notes how a whole write went, up to its commit.
    pub(crate) fn committed<T>(&self, written: Result<T, StoreError>) -> Result<T, StoreError> {
        if written.is_ok() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        self.step(written)
    }

    /// Notes a step of a write: that it went well says nothing yet about the commit.
    pub(crate) fn step<T>(&self, written: Result<T, StoreError>) -> Result<T, StoreError> {
        // A row that is there already, or of the wrong form, says nothing about the disk.
        if matches!(written, Err(StoreError::Unavailable(_))) {
            let mut failing_since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            failing_since.get_or_insert_with(Instant::now);
        }
        written
    }

    fn failing_for(&self) -> Option<Duration> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map(|since| since.elapsed())
    }
}

impl Store {
    /// For how long writing has failed; `None` when the last write went through.
    #[must_use]
    pub fn writes_failing_for(&self) -> Option<Duration> {
        self.health.failing_for()
    }

    /// What time it is by the database's own clock; `None` for the embedded one, which has none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn database_now(&self) -> Result<Option<Timestamp>, StoreError> {
        let Pools::Postgres { pool } = &self.pools else {
            return Ok(None);
        };
        let (millis,): (i64,) = sqlx::query_as(POSTGRES_NOW).fetch_one(pool).await?;
        Ok(Some(Timestamp::from_millis(millis)))
    }

    /// Writes something that changes nothing, to find out whether writing works again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn probe_writing(&self) -> Result<(), StoreError> {
        let probed = writing!(self, conn => sqlx::query(PROBE_WRITING)
            .bind(self.organisation.0)
            .execute(conn)
            .await
            .map(|_| ()));
        self.health.committed(probed.map_err(StoreError::from))
    }
}
