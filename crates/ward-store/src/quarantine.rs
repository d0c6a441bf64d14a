//! What is kept apart: readings that are nobody's, and what could not be read, until a person says what it is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use ward_core::id::{BridgeId, ClinicianId, ReadingId, StayId, WardId};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{DECIDE_QUARANTINED, QUARANTINED, QUARANTINED_ITEM};
use crate::store::Store;

/// Something that is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Which.
    pub item: ReadingId,
    /// When it came in.
    pub received_at: Timestamp,
    /// Who sent it.
    pub bridge: BridgeId,
    /// The oximeter it names.
    pub device_address: Option<String>,
    /// Why it is here.
    pub reason: String,
    /// The value it holds.
    pub spo2: Option<Spo2>,
    /// As it came.
    pub raw: Vec<u8>,
    /// What a person said of it.
    pub decided: Option<Decided>,
}

/// What a person said of something that was kept apart. It stays there, with this beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Whose reading it is; nobody's when `None`.
    pub stay: Option<StayId>,
    /// Who said so.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    received_at: i64,
    item_id: Uuid,
    bridge_id: Uuid,
    device_address: Option<String>,
    reason: String,
    spo2_tenths: Option<i32>,
    raw: Vec<u8>,
    decided: Option<String>,
}

impl Row {
    fn into_quarantined(self) -> Result<Quarantined, StoreError> {
        let decided = self
            .decided
            .map(|text| from_json("quarantine", self.item_id, &text))
            .transpose()?;
        Ok(Quarantined {
            item: ReadingId(self.item_id),
            received_at: Timestamp::from_millis(self.received_at),
            bridge: BridgeId(self.bridge_id),
            device_address: self.device_address,
            reason: self.reason,
            spo2: self
                .spo2_tenths
                .and_then(|tenths| u16::try_from(tenths).ok())
                .and_then(Spo2::from_tenths),
            raw: self.raw,
            decided,
        })
    }
}

impl Store {
    /// What a ward keeps apart, newest first, only what came in before `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quarantined(
        &self,
        ward: WardId,
        decided_too: bool,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Quarantined>, StoreError> {
        let rows: Vec<Row> = reading!(self, conn => sqlx::query_as(QUARANTINED)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(decided_too)
            .bind(before.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(Row::into_quarantined).collect()
    }

    /// One item that a ward keeps apart.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quarantined_item(
        &self,
        ward: WardId,
        item: ReadingId,
    ) -> Result<Option<Quarantined>, StoreError> {
        let row: Option<Row> = reading!(self, conn => sqlx::query_as(QUARANTINED_ITEM)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(item.0)
            .fetch_optional(conn)
            .await)?;
        row.map(Row::into_quarantined).transpose()
    }
}

impl Ledger {
    /// As [`Store::quarantined_item`], under the lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quarantined_item(
        &mut self,
        item: ReadingId,
    ) -> Result<Option<Quarantined>, StoreError> {
        let ward = self.ward().id;
        let row: Option<Row> = in_tx!(&mut self.tx, conn => sqlx::query_as(QUARANTINED_ITEM)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(item.0)
            .fetch_optional(conn)
            .await)?;
        row.map(Row::into_quarantined).transpose()
    }

    /// Writes down what a person said of an item. `false` when somebody was first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decide_quarantined(
        &mut self,
        item: ReadingId,
        decided: &Decided,
    ) -> Result<bool, StoreError> {
        let ward = self.ward().id;
        let text = to_json("quarantine", decided)?;
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(DECIDE_QUARANTINED)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(item.0)
            .bind(&text)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
