//! Who is looking at whom just now, and what somebody has set for themselves.

use std::time::Duration;

use uuid::Uuid;
use ward_core::id::{ClinicianId, StayId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{PRESENT, PUT_PRESENCE, PUT_SETTING, SETTING};
use crate::store::Store;

/// Somebody who is looking at a patient's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub clinician: ClinicianId,
    /// At whose.
    pub stay: StayId,
    /// Since when.
    pub since: Timestamp,
}

impl Store {
    /// Notes that somebody is looking at a stay. They have looked without a break if they were seen there within `gap`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_presence(
        &self,
        ward: WardId,
        clinician: ClinicianId,
        stay: StayId,
        now: Timestamp,
        gap: Duration,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(PUT_PRESENCE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(clinician.0)
            .bind(stay.0)
            .bind(now.as_millis())
            .bind(now.minus(gap).as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Who was seen looking at somebody of this ward at `since` or later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn present(
        &self,
        ward: WardId,
        since: Timestamp,
    ) -> Result<Vec<Present>, StoreError> {
        let rows: Vec<(Uuid, Uuid, i64)> = reading!(self, conn => sqlx::query_as(PRESENT).bind(self.organisation.0).bind(ward.0).bind(since.as_millis()).fetch_all(conn).await)?;
        Ok(rows
            .into_iter()
            .map(|(clinician, stay, since)| Present {
                clinician: ClinicianId(clinician),
                stay: StayId(stay),
                since: Timestamp::from_millis(since),
            })
            .collect())
    }

    /// What somebody has set for themselves on a ward, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn setting(
        &self,
        clinician: ClinicianId,
        ward: WardId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(SETTING).bind(self.organisation.0).bind(clinician.0).bind(ward.0).bind(name).fetch_optional(conn).await)?;
        Ok(row.map(|(body,)| body))
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_setting(
        &self,
        clinician: ClinicianId,
        ward: WardId,
        name: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(PUT_SETTING).bind(self.organisation.0).bind(clinician.0).bind(ward.0).bind(name).bind(body).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}

impl Ledger {
    /// What a member of staff has set for this ward, under its lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn setting(
        &mut self,
        clinician: ClinicianId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let ward = self.ward().id;
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(SETTING).bind(self.organisation.0).bind(clinician.0).bind(ward.0).bind(name).fetch_optional(conn).await)?;
        Ok(row.map(|(body,)| body))
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_setting(
        &mut self,
        clinician: ClinicianId,
        name: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_SETTING).bind(self.organisation.0).bind(clinician.0).bind(ward.0).bind(name).bind(body).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
