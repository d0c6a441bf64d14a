//! What bridges say of themselves, and which of them nothing is heard of.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::bridge_watch::BridgeStatus;
use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, StayId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    BRIDGE_AT_WORK, BRIDGE_STATUS, BRIDGES_AT_WORK, OPEN_ALERTS_OF_BRIDGES, SET_BRIDGE_STATUS,
    WARDS_OF_BRIDGE, WORN_BY_BRIDGE,
};
use crate::store::Store;

/// A bridge that is to read somebody on a ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BridgeAtWork {
    /// The bridge.
    pub bridge: BridgeId,
    /// A ward of somebody whom it reads.
    pub ward: WardId,
    /// When it was last heard of.
    pub heard_at: Option<Timestamp>,
    /// Since when it is to be heard of: enrolled, and given somebody to read.
    pub due_since: Timestamp,
}

/// Somebody whom a bridge reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadByBridge {
    /// Whose stay.
    pub stay: StayId,
    /// The oximeter.
    pub device: DeviceAddress,
    /// It is theirs since then.
    pub from: Timestamp,
}

#[derive(sqlx::FromRow)]
struct AtWorkRow {
    bridge_id: Uuid,
    ward_id: Uuid,
    last_seen_at: Option<i64>,
    enrolled_at: i64,
    assigned_from: i64,
}

impl AtWorkRow {
    fn into_bridge(self) -> BridgeAtWork {
        BridgeAtWork {
            bridge: BridgeId(self.bridge_id),
            ward: WardId(self.ward_id),
            heard_at: self.last_seen_at.map(Timestamp::from_millis),
            due_since: Timestamp::from_millis(self.enrolled_at.max(self.assigned_from)),
        }
    }
}

impl Store {
    /// Every bridge that is enrolled and reads somebody, once for each ward whose patients it reads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridges_at_work(&self) -> Result<Vec<BridgeAtWork>, StoreError> {
        let rows: Vec<AtWorkRow> = reading!(self, conn => sqlx::query_as(BRIDGES_AT_WORK).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(AtWorkRow::into_bridge).collect())
    }

    /// Open alerts that say that nothing is heard of a bridge: the ward, and the alert's subject as it stands in the index.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn silent_bridges(&self) -> Result<BTreeMap<WardId, Vec<String>>, StoreError> {
        let rows: Vec<(Uuid, String)> = reading!(self, conn => sqlx::query_as(OPEN_ALERTS_OF_BRIDGES).bind(self.organisation.0).fetch_all(conn).await)?;
        let mut by_ward: BTreeMap<WardId, Vec<String>> = BTreeMap::new();
        for (ward, subject) in rows {
            by_ward.entry(WardId(ward)).or_default().push(subject);
        }
        Ok(by_ward)
    }

    /// What a bridge said of itself last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_status(
        &self,
        bridge: BridgeId,
    ) -> Result<Option<BridgeStatus>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(BRIDGE_STATUS).bind(self.organisation.0).bind(bridge.0).fetch_optional(conn).await)?;
        row.map_or(Ok(None), |(status,)| from_json("bridge", bridge, &status))
    }

    /// What a bridge says of itself, and that it was heard of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_bridge_status(
        &self,
        bridge: BridgeId,
        status: &BridgeStatus,
    ) -> Result<(), StoreError> {
        let text = to_json("bridge", status)?;
        writing!(self, conn => sqlx::query(SET_BRIDGE_STATUS)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(&text)
            .bind(status.said_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The wards whose patients this bridge reads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_of_bridge(&self, bridge: BridgeId) -> Result<Vec<WardId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_OF_BRIDGE).bind(self.organisation.0).bind(bridge.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }
}

impl Ledger {
    /// The open stays of this ward that a bridge reads, and by which oximeter.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read_by(&mut self, bridge: BridgeId) -> Result<Vec<ReadByBridge>, StoreError> {
        let ward = self.ward().id.0;
        let rows: Vec<(Uuid, String, i64)> = in_tx!(&mut self.tx, conn => sqlx::query_as(WORN_BY_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(ward)
            .fetch_all(conn)
            .await)?;
        let each = rows.into_iter().map(|(stay, address, from)| {
            let device = address
                .parse()
                .map_err(|why| StoreError::corrupt("device", &address, why))?;
            Ok(ReadByBridge {
                stay: StayId(stay),
                device,
                from: Timestamp::from_millis(from),
            })
        });
        each.collect()
    }

    /// A bridge that is to read somebody on this ward, asked under the ward's lock. `None`: it reads nobody here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_at_work(
        &mut self,
        bridge: BridgeId,
    ) -> Result<Option<BridgeAtWork>, StoreError> {
        let ward = self.ward().id.0;
        let row: Option<AtWorkRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(BRIDGE_AT_WORK)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(ward)
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(AtWorkRow::into_bridge))
    }
}
