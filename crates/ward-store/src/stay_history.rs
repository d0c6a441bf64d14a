//! What lies behind a stay, for whoever looks at it: its values over a span, its alerts, what the log says of it.

use ward_core::alert::Alert;
use ward_core::event::Logged;
use ward_core::id::{Seq, StayId, WardId};
use ward_core::time::Timestamp;

use crate::chart::KeptReading;
use crate::contacts::StoredContact;
use crate::error::StoreError;
use crate::rows::{EventRow, from_json};
use crate::statements::{ALERTS_OF_STAY, CHART_BETWEEN, CONTACTS_BEFORE, EVENTS_OF_STAY};
use crate::store::Store;

/// An alert of a stay, and the ward on whose log it stands: a patient may have changed wards.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredAlert {
    /// The ward.
    pub ward: WardId,
    /// The ward's code, for the alert's spoken name.
    pub code: String,
    /// The alert.
    pub alert: Alert,
}

#[derive(sqlx::FromRow)]
struct StoredAlertRow {
    ward_id: uuid::Uuid,
    code: String,
    number: i64,
    body: String,
}

impl Store {
    /// The readings of a stay from `from` until `until`, both included, the newest first, `limit` at most: struck ones and
    /// copies are among them, the bytes that they were made of are not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn chart_between(
        &self,
        stay: StayId,
        (from, until): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<KeptReading>, StoreError> {
        let rows: Vec<crate::chart::ReadingRow> = reading!(self, conn => sqlx::query_as(CHART_BETWEEN)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(from.as_millis())
            .bind(until.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(crate::chart::ReadingRow::into_kept)
            .collect()
    }

    /// The alerts of a stay, open and over, on whichever ward: the one raised last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alerts_of(
        &self,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<StoredAlert>, StoreError> {
        let before = before.map_or(i64::MAX, Timestamp::as_millis);
        let rows: Vec<StoredAlertRow> = reading!(self, conn => sqlx::query_as(ALERTS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        let stored = |row: StoredAlertRow| {
            Ok(StoredAlert {
                ward: WardId(row.ward_id),
                code: row.code,
                alert: from_json("alert", row.number, &row.body)?,
            })
        };
        rows.into_iter().map(stored).collect()
    }

    /// What one ward's log says of a stay from the number `from` on, oldest first. What this program cannot read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_of(
        &self,
        ward: WardId,
        stay: StayId,
        from: Seq,
        limit: u32,
    ) -> Result<Vec<Logged>, StoreError> {
        let rows: Vec<EventRow> = reading!(self, conn => sqlx::query_as(EVENTS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(ward.0)
            .bind(from.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| row.into_logged().ok())
            .collect())
    }

    /// The contacts of a stay of before `before`, struck through or not, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts_before(
        &self,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<StoredContact>, StoreError> {
        let before = before.map_or(i64::MAX, Timestamp::as_millis);
        let rows: Vec<crate::contacts::ContactRow> = reading!(self, conn => sqlx::query_as(CONTACTS_BEFORE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(crate::contacts::ContactRow::into_stored)
            .collect()
    }
}
