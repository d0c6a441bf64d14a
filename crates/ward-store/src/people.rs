//! People: found by name, phone or NHS number, and what is known of them.

use uuid::Uuid;
use ward_core::id::{PatientId, StayId, WardId};
use ward_core::pathway::duplicates::{phone_digits, search_name};
use ward_core::patient::{NhsNumber, Patient};
use ward_core::stay::Phase;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{PatientRow, from_json, to_json};
use crate::statements::{
    PATIENT, PATIENTS_BY_NAME, PATIENTS_BY_NHS_NUMBER, PATIENTS_BY_PHONE, PATIENTS_LIKE,
    PUT_PATIENT, WHERE_PATIENT_IS,
};
use crate::store::Store;

/// One stay of somebody, as far as a search shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StayOf {
    /// Whose.
    pub patient: PatientId,
    /// Which.
    pub stay: StayId,
    /// Where.
    pub ward: WardId,
    /// How it stands.
    pub phase: Phase,
}

#[derive(sqlx::FromRow)]
struct StayOfRow {
    patient_id: Uuid,
    stay_id: Uuid,
    ward_id: Uuid,
    phase: String,
}

/// What somebody is looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looking {
    /// Ten digits.
    ByNhsNumber(NhsNumber),
    /// The last digits of a phone number, as [`phone_digits`] writes it.
    ByPhone(String),
    /// One part of a name or two, as [`search_name`] writes them; the second may be empty.
    ByName(String, String),
}

/// How a patient's names stand in the column that is searched.
pub(crate) fn searched_name(patient: &Patient) -> String {
    format!(
        "{} {}",
        search_name(&patient.family_name),
        search_name(&patient.given_name)
    )
}

impl Ledger {
    /// A person, by our own id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient_by_id(&mut self, id: PatientId) -> Result<Option<Patient>, StoreError> {
        let row: Option<PatientRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(PATIENT)
            .bind(self.organisation.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(PatientRow::into_patient).transpose()
    }

    /// What is known of a person from now on.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the NHS number is another person's.
    pub async fn put_patient(&mut self, patient: &Patient) -> Result<(), StoreError> {
        let details = to_json("patient", &patient.details)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_PATIENT)
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
            .bind(&details)
            .bind(searched_name(patient))
            .bind(phone_digits(&patient.phone))
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "patient with this NHS number"))
    }
}

impl Store {
    /// A person, by our own id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient(&self, id: PatientId) -> Result<Option<Patient>, StoreError> {
        let row: Option<PatientRow> = reading!(self, conn => sqlx::query_as(PATIENT)
            .bind(self.organisation.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(PatientRow::into_patient).transpose()
    }

    /// People who are looked for, at most so many, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn look_for(
        &self,
        looking: &Looking,
        limit: i64,
    ) -> Result<Vec<Patient>, StoreError> {
        let rows: Vec<PatientRow> = match looking {
            Looking::ByNhsNumber(number) => {
                reading!(self, conn => sqlx::query_as(PATIENTS_BY_NHS_NUMBER)
                    .bind(self.organisation.0).bind(number.digits()).bind(limit).fetch_all(conn).await)?
            }
            Looking::ByPhone(digits) => reading!(self, conn => sqlx::query_as(PATIENTS_BY_PHONE)
                    .bind(self.organisation.0).bind(digits).bind(limit).fetch_all(conn).await)?,
            Looking::ByName(one, other) => reading!(self, conn => sqlx::query_as(PATIENTS_BY_NAME)
                    .bind(self.organisation.0).bind(one).bind(other).bind(limit).fetch_all(conn).await)?,
        };
        rows.into_iter().map(PatientRow::into_patient).collect()
    }

    /// Everybody who may be this person: of the same day of birth, or of the same phone. The rules say who is alike.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn like(
        &self,
        birth_date: ward_core::patient::BirthDate,
        phone: &str,
        limit: i64,
    ) -> Result<Vec<Patient>, StoreError> {
        let rows: Vec<PatientRow> = reading!(self, conn => sqlx::query_as(PATIENTS_LIKE)
            .bind(self.organisation.0)
            .bind(birth_date.to_string())
            .bind(phone_digits(phone))
            .bind(limit)
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(PatientRow::into_patient).collect()
    }

    /// The stays of a person, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn where_is(&self, patient: PatientId) -> Result<Vec<StayOf>, StoreError> {
        let rows: Vec<StayOfRow> = reading!(self, conn => sqlx::query_as(WHERE_PATIENT_IS)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_all(conn)
            .await)?;
        let stays = rows.into_iter().map(|row| {
            Ok(StayOf {
                patient: PatientId(row.patient_id),
                stay: StayId(row.stay_id),
                ward: WardId(row.ward_id),
                phase: from_json("stay", row.stay_id, &row.phase)?,
            })
        });
        stays.collect()
    }
}
