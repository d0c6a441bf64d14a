//! The ward's log: what follows a number.

use ward_core::event::Logged;
use ward_core::id::{Seq, WardId};

use crate::error::StoreError;
use crate::rows::EventRow;
use crate::statements::{EVENTS_AFTER, HEAD};
use crate::store::Store;

impl Store {
    /// The events of a ward after `after`, oldest first, `limit` at most. Contiguous: the first one is `after + 1`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_after(
        &self,
        ward: WardId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Logged>, StoreError> {
        let rows: Vec<EventRow> = reading!(self, conn => sqlx::query_as(EVENTS_AFTER)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(after.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(EventRow::into_logged).collect()
    }

    /// The newest number of a ward's log; `None` when there is no such ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn head(&self, ward: WardId) -> Result<Option<Seq>, StoreError> {
        let row: Option<(i64,)> = reading!(self, conn => sqlx::query_as(HEAD).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row.map(|(seq,)| Seq(seq)))
    }
}
