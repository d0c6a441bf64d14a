//! Patients and their stays.

use ward_core::id::StayId;
use ward_core::patient::{NhsNumber, Patient};
use ward_core::stay::Stay;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::{Ledger, StayRecord};
use crate::rows::{PatientRow, StayRow, to_json};
use crate::statements::{
    INSERT_PATIENT, INSERT_STAY, PATIENT_BY_NHS_NUMBER, STAY, STAY_OF_PATIENT,
};
use crate::store::Store;

impl Ledger {
    /// The person with this NHS number, if they are known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient(&mut self, number: &NhsNumber) -> Result<Option<Patient>, StoreError> {
        let row: Option<PatientRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(PATIENT_BY_NHS_NUMBER)
            .bind(self.organisation.0)
            .bind(number.digits())
            .fetch_optional(conn)
            .await)?;
        row.map(PatientRow::into_patient).transpose()
    }

    /// A person who was not known before.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the NHS number is known.
    pub async fn insert_patient(
        &mut self,
        patient: &Patient,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_PATIENT)
            .bind(self.organisation.0)
            .bind(patient.id.0)
            .bind(patient.nhs_number.digits())
            .bind(&patient.family_name)
            .bind(&patient.given_name)
            .bind(patient.birth_date.to_string())
            .bind(&patient.phone)
            .bind(&patient.address)
            .bind(&patient.door_access)
            .bind(&patient.others_at_home)
            .bind(&patient.oxygen_at_home)
            .bind(&patient.escalation_plan)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "patient with this NHS number"))
    }

    /// A stay that begins.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the patient has an open stay in the organisation.
    pub async fn insert_stay(&mut self, stay: &Stay) -> Result<(), StoreError> {
        let plan = to_json("stay", &stay.plan)?;
        let state = to_json("stay", &ward_core::stay::StayState::default())?;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_STAY)
            .bind(self.organisation.0)
            .bind(stay.id.0)
            .bind(stay.ward.0)
            .bind(stay.patient.0)
            .bind(stay.admitted_at.as_millis())
            .bind(&plan)
            .bind(&state)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "open stay of this patient"))
    }
}

impl Store {
    /// An open stay of the organisation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stay(&self, id: StayId) -> Result<Option<StayRecord>, StoreError> {
        let row: Option<StayRow> = reading!(self, conn => sqlx::query_as(STAY).bind(self.organisation.0).bind(id.0).fetch_optional(conn).await)?;
        row.map(StayRow::into_record).transpose()
    }

    /// The open stay of the person with this NHS number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stay_of_patient(
        &self,
        number: &NhsNumber,
    ) -> Result<Option<StayRecord>, StoreError> {
        let row: Option<StayRow> = reading!(self, conn => sqlx::query_as(STAY_OF_PATIENT).bind(self.organisation.0).bind(number.digits()).fetch_optional(conn).await)?;
        row.map(StayRow::into_record).transpose()
    }
}
