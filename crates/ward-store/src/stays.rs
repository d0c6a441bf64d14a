//! Patients and their stays.

use uuid::Uuid;
use ward_core::care::CarePlan;
use ward_core::id::{StayId, WardId};
use ward_core::pathway::duplicates::phone_digits;
use ward_core::patient::{NhsNumber, Patient};
use ward_core::stay::Stay;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::{Ledger, StayRecord};
use crate::rows::{PatientRow, StayRow, from_json, to_json};
use crate::statements::{
    CARE, INSERT_PATIENT, INSERT_STAY, PATIENT_BY_NHS_NUMBER, PUT_STAY, PUT_WARD_PATIENT, SET_CARE,
    SET_NEXT_DUE, STAY, STAY_OF_PATIENT, STAYS_OF_WARD_SINCE,
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
        let details = to_json("patient", &patient.details)?;
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
            .bind(&details)
            .bind(crate::people::searched_name(patient))
            .bind(phone_digits(&patient.phone))
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "patient with this NHS number"))
    }

    /// A stay that begins.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the patient has an open stay in the organisation.
    pub async fn insert_stay(&mut self, stay: &Stay, care: &CarePlan) -> Result<(), StoreError> {
        let plan = to_json("stay", &stay.plan)?;
        let state = to_json("stay", &ward_core::stay::StayState::default())?;
        let written = Written::of(stay)?;
        let care = to_json("stay", care)?;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_STAY)
            .bind(self.organisation.0)
            .bind(stay.id.0)
            .bind(stay.ward.0)
            .bind(stay.patient.0)
            .bind(stay.admitted_at.as_millis())
            .bind(&plan)
            .bind(&state)
            .bind(&written.phase)
            .bind(&written.channel)
            .bind(written.baseline_tenths)
            .bind(&care)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "open stay of this patient"))?;
        self.remember_patient(stay).await
    }

    /// The ward of a stay reaches its patient from now on, wherever they go.
    async fn remember_patient(&mut self, stay: &Stay) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_WARD_PATIENT)
            .bind(self.organisation.0)
            .bind(stay.ward.0)
            .bind(stay.patient.0)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

/// What of a stay stands in columns of its own.
struct Written {
    phase: String,
    channel: String,
    baseline_tenths: Option<i32>,
}

impl Written {
    fn of(stay: &Stay) -> Result<Self, StoreError> {
        Ok(Self {
            phase: to_json("stay", &stay.phase)?,
            channel: to_json("stay", &stay.channel)?,
            baseline_tenths: stay.baseline_spo2.map(|spo2| i32::from(spo2.tenths())),
        })
    }
}

impl Ledger {
    /// A stay as it is from now on: its ward, plan, phase, channel, baseline. It is due at once: what is to be asked of it
    /// may have changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_stay(&mut self, stay: &Stay) -> Result<(), StoreError> {
        // Held from here on, so that its state can follow its phase.
        self.stay(stay.id).await?;
        let plan = to_json("stay", &stay.plan)?;
        let written = Written::of(stay)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_STAY)
            .bind(self.organisation.0)
            .bind(stay.id.0)
            .bind(stay.ward.0)
            .bind(&plan)
            .bind(&written.phase)
            .bind(&written.channel)
            .bind(written.baseline_tenths)
            .bind(stay.phase.ended_at().map(Timestamp::as_millis))
            .execute(conn)
            .await
            .map(|_| ()))?;
        self.forget_or_replace(stay);
        self.remember_patient(stay).await
    }

    /// The plan of a stay but for its limits on values; `None` when there is no such stay. A stay of before this was kept
    /// has the ward's default.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn care(&mut self, stay: StayId) -> Result<Option<CarePlan>, StoreError> {
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(CARE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        let Some((text,)) = row else { return Ok(None) };
        let care: Option<CarePlan> = from_json("stay", stay, &text)?;
        Ok(Some(
            care.unwrap_or_else(|| self.ward().default_care.clone()),
        ))
    }

    /// The plan of a stay from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_care(&mut self, stay: StayId, care: &CarePlan) -> Result<(), StoreError> {
        let care = to_json("stay", care)?;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_CARE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(&care)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// When time alone next has something to say about a stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_next_due(
        &mut self,
        stay: StayId,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(SET_NEXT_DUE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(at.map(Timestamp::as_millis))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// A stay of the organisation, open or over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stay(&self, id: StayId) -> Result<Option<StayRecord>, StoreError> {
        let row: Option<StayRow> = reading!(self, conn => sqlx::query_as(STAY).bind(self.organisation.0).bind(id.0).fetch_optional(conn).await)?;
        row.map(StayRow::into_record).transpose()
    }

    /// The stays of a ward that are open, or ended at `since` or later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stays_of_ward_since(
        &self,
        ward: WardId,
        since: Timestamp,
    ) -> Result<Vec<StayId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(STAYS_OF_WARD_SINCE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(since.as_millis())
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(stay,)| StayId(stay)).collect())
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
