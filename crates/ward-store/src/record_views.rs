//! Who looked at whose record. Not on the ward's log, which consoles follow: nobody's board changes by being looked at.

use uuid::Uuid;
use ward_core::id::{ClinicianId, PatientId, StayId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::statements::{FIRST_VIEW_SINCE, INSERT_RECORD_VIEW};
use crate::store::Store;

/// Whose record was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// That of a stay.
    Stay(StayId),
    /// That of somebody who has none on the ward yet.
    Patient(PatientId),
}

/// Somebody opened somebody's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// On which ward.
    pub ward: WardId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub clinician: ClinicianId,
    /// Whose.
    pub of: Looked,
    /// What was opened, by name: `patient_page`, `summary` …
    pub what: String,
}

impl Store {
    /// Keeps that a record was opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_record_view(&self, id: Uuid, view: &RecordView) -> Result<(), StoreError> {
        let (stay, patient) = match view.of {
            Looked::Stay(stay) => (Some(stay.0), None),
            Looked::Patient(patient) => (None, Some(patient.0)),
        };
        writing!(self, conn => sqlx::query(INSERT_RECORD_VIEW)
            .bind(self.organisation.0)
            .bind(view.ward.0)
            .bind(view.at.as_millis())
            .bind(id)
            .bind(view.clinician.0)
            .bind(stay)
            .bind(patient)
            .bind(&view.what)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// When somebody of the staff first opened a stay's record at `since` or later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn first_view_since(
        &self,
        stay: StayId,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = reading!(self, conn => sqlx::query_as(FIRST_VIEW_SINCE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(since.as_millis())
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|(at,)| Timestamp::from_millis(at)))
    }
}
