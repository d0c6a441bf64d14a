//! People: found by name, phone or NHS number, and what is known of them.
//!
//! A ward reaches whoever has or had a stay on it (also one that went on to another ward: relatives still ring the old one),
//! who is referred to it and not yet answered, and who stands on its list of new results to be reviewed. Nobody else is there
//! for it.

use uuid::Uuid;
use ward_core::id::{PatientId, StayId, WardId};
use ward_core::pathway::duplicates::{phone_digits, search_name};
use ward_core::patient::{BirthDate, NhsNumber, Patient};
use ward_core::stay::Phase;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{PatientRow, from_json, to_json};
use crate::statements::{
    PATIENT, PATIENT_OF_WARD, PATIENTS_BY_NAME, PATIENTS_BY_NHS_NUMBER, PATIENTS_BY_PHONE,
    PATIENTS_LIKE, PUT_PATIENT, WARDS_THAT_KNOW, WHERE_PATIENT_IS,
};
use crate::store::Store;

/// One stay of somebody, as far as a search shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayOf {
    /// Whose.
    pub patient: PatientId,
    /// Which.
    pub stay: StayId,
    /// Where.
    pub ward: WardId,
    /// What that ward is called, for whoever is to ring it.
    pub ward_name: String,
    /// How it stands.
    pub phase: Phase,
}

#[derive(sqlx::FromRow)]
struct StayOfRow {
    patient_id: Uuid,
    stay_id: Uuid,
    ward_id: Uuid,
    ward_name: String,
    phase: String,
}

impl StayOfRow {
    fn into_stay(self) -> Result<StayOf, StoreError> {
        Ok(StayOf {
            patient: PatientId(self.patient_id),
            stay: StayId(self.stay_id),
            ward: WardId(self.ward_id),
            phase: from_json("stay", self.stay_id, &self.phase)?,
            ward_name: self.ward_name,
        })
    }
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

    /// A person whom this ward reaches, by our own id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient_of_ward(&mut self, id: PatientId) -> Result<Option<Patient>, StoreError> {
        let ward = self.ward().id;
        let row: Option<PatientRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(PATIENT_OF_WARD)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(PatientRow::into_patient).transpose()
    }

    /// As [`Store::where_is`], in the transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn where_is(&mut self, patient: PatientId) -> Result<Vec<StayOf>, StoreError> {
        let rows: Vec<StayOfRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(WHERE_PATIENT_IS)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(StayOfRow::into_stay).collect()
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

    /// A person whom a ward reaches, by our own id; `None` for anybody else, on record or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient_of_ward(
        &self,
        ward: WardId,
        id: PatientId,
    ) -> Result<Option<Patient>, StoreError> {
        let row: Option<PatientRow> = reading!(self, conn => sqlx::query_as(PATIENT_OF_WARD)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(PatientRow::into_patient).transpose()
    }

    /// People whom a ward reaches and who are looked for, at most so many, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn look_for(
        &self,
        ward: WardId,
        looking: &Looking,
        limit: i64,
    ) -> Result<Vec<Patient>, StoreError> {
        let rows: Vec<PatientRow> = match looking {
            Looking::ByNhsNumber(number) => {
                reading!(self, conn => sqlx::query_as(PATIENTS_BY_NHS_NUMBER)
                    .bind(self.organisation.0).bind(ward.0).bind(number.digits()).bind(limit).fetch_all(conn).await)?
            }
            Looking::ByPhone(digits) => reading!(self, conn => sqlx::query_as(PATIENTS_BY_PHONE)
                    .bind(self.organisation.0).bind(ward.0).bind(digits).bind(limit).fetch_all(conn).await)?,
            Looking::ByName(one, other) => reading!(self, conn => sqlx::query_as(PATIENTS_BY_NAME)
                    .bind(self.organisation.0).bind(ward.0).bind(one).bind(other).bind(limit).fetch_all(conn).await)?,
        };
        rows.into_iter().map(PatientRow::into_patient).collect()
    }

    /// Everybody of the organisation who may be this person: of the same number, of the same day of birth, or of the same phone.
    /// The rules say who is alike.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn like(
        &self,
        number: &NhsNumber,
        birth_date: BirthDate,
        phone: &str,
        limit: i64,
    ) -> Result<Vec<Patient>, StoreError> {
        let rows: Vec<PatientRow> = reading!(self, conn => sqlx::query_as(PATIENTS_LIKE)
            .bind(self.organisation.0)
            .bind(number.digits())
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
        rows.into_iter().map(StayOfRow::into_stay).collect()
    }

    /// The names of the wards that know a person, the one where they are first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_that_know(&self, patient: PatientId) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = reading!(self, conn => sqlx::query_as(WARDS_THAT_KNOW)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }
}
