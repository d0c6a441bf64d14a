//! What is written when a stay is paused, moved or ended: its papers, its kit.

use uuid::Uuid;
use ward_core::device::Assignment;
use ward_core::id::{BridgeId, DeviceId, PatientId, StayId, WardId};
use ward_core::pathway::papers::Papers;
use ward_core::stay::Stay;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{StayRow, from_json, to_json};
use crate::statements::{
    ASSIGNMENTS_OF_STAY, BRIDGES_ONLY_FOR_STAY, MOVE_BRIDGE, PAPERS, PUT_PAPERS, STAYS_OF_PATIENT,
};
use crate::store::Store;

#[derive(sqlx::FromRow)]
struct AssignmentRow {
    device_id: Uuid,
    assigned_from: i64,
    bridge_id: Uuid,
}

impl Ledger {
    /// All stays of a person in the organisation, open or over, by when they began.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stays_of(&mut self, patient: PatientId) -> Result<Vec<Stay>, StoreError> {
        let rows: Vec<StayRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(STAYS_OF_PATIENT)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| Ok(row.into_record()?.stay))
            .collect()
    }

    /// The papers of a stay; empty ones for a stay that has none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn papers(&mut self, stay: StayId) -> Result<Papers, StoreError> {
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(PAPERS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        row.map_or_else(
            || Ok(Papers::default()),
            |(body,)| from_json("stay_papers", stay, &body),
        )
    }

    /// The papers of a stay from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_papers(&mut self, stay: StayId, papers: &Papers) -> Result<(), StoreError> {
        let body = to_json("stay_papers", papers)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_PAPERS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The oximeters that a stay's patient has now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn assignments_of(&mut self, stay: StayId) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<AssignmentRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(ASSIGNMENTS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_all(conn)
            .await)?;
        let assignments = rows.into_iter().map(|row| Assignment {
            device: DeviceId(row.device_id),
            stay,
            bridge: BridgeId(row.bridge_id),
            from: Timestamp::from_millis(row.assigned_from),
            until: None,
        });
        Ok(assignments.collect())
    }

    /// The bridges of this ward that read this stay's oximeters and those of no other open stay: they go where it goes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridges_only_for(&mut self, stay: StayId) -> Result<Vec<BridgeId>, StoreError> {
        let ward = self.ward().id;
        let rows: Vec<(Uuid,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(BRIDGES_ONLY_FOR_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(ward.0)
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(bridge,)| BridgeId(bridge)).collect())
    }

    /// A bridge is another ward's from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn move_bridge(&mut self, bridge: BridgeId, to: WardId) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(MOVE_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(to.0)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// As [`Ledger::stays_of`], without a lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stays_of(&self, patient: PatientId) -> Result<Vec<Stay>, StoreError> {
        let rows: Vec<StayRow> = reading!(self, conn => sqlx::query_as(STAYS_OF_PATIENT)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| Ok(row.into_record()?.stay))
            .collect()
    }

    /// As [`Ledger::papers`], without a lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn papers(&self, stay: StayId) -> Result<Papers, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(PAPERS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        row.map_or_else(
            || Ok(Papers::default()),
            |(body,)| from_json("stay_papers", stay, &body),
        )
    }
}
