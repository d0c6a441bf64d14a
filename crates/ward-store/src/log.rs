//! The ward's log: what follows a number.

use ward_core::event::Logged;
use ward_core::id::{Seq, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::rows::EventRow;
use crate::statements::{EVENTS_AFTER, HEAD, NEWEST_EVENT_AT};
use crate::store::Store;

/// What stands under one number of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An event.
    Event(Logged),
    /// A row that this program cannot read: it is damaged, or a newer program wrote it. Its number counts all the same.
    Unreadable {
        /// Its number.
        seq: Seq,
        /// When it was appended.
        at: Timestamp,
        /// What stands there.
        body: String,
    },
}

impl Entry {
    /// Its number on the ward's log.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Event(logged) => logged.seq,
            Self::Unreadable { seq, .. } => *seq,
        }
    }

    /// When it was appended.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Event(logged) => logged.at,
            Self::Unreadable { at, .. } => *at,
        }
    }
}

impl Store {
    /// The events of a ward after `after`, oldest first, `limit` at most. Contiguous: the first one is `after + 1`.
    ///
    /// # Errors
    /// [`StoreError`]; also when one of them cannot be read. See [`Store::entries_after`].
    pub async fn events_after(
        &self,
        ward: WardId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Logged>, StoreError> {
        let rows = self.event_rows_after(ward, after, limit).await?;
        rows.into_iter().map(EventRow::into_logged).collect()
    }

    /// The same, with a place kept for every row that cannot be read: what follows it is not held up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries_after(
        &self,
        ward: WardId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = self.event_rows_after(ward, after, limit).await?;
        Ok(rows.into_iter().map(EventRow::into_entry).collect())
    }

    async fn event_rows_after(
        &self,
        ward: WardId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        let rows: Vec<EventRow> = reading!(self, conn => sqlx::query_as(EVENTS_AFTER)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(after.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        Ok(rows)
    }

    /// The latest time at which any of the newest events of a ward was appended, by the clock of whoever did it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_event_at(&self, ward: WardId) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = reading!(self, conn => sqlx::query_as(NEWEST_EVENT_AT).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row.map(|(at,)| Timestamp::from_millis(at)))
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
