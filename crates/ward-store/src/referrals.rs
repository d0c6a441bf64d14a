//! Referrals, and the list of new positive results that some of them come from.

use ward_core::id::{CaseId, ReferralId, WardId};
use ward_core::pathway::case_finding::Case;
use ward_core::pathway::duplicates::search_name;
use ward_core::pathway::referral::{Referral, State};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    CASE, CASES, INSERT_CASE, INSERT_REFERRAL, OPEN_REFERRAL_OF_PATIENT, PUT_CASE, PUT_REFERRAL,
    REFERRAL, REFERRALS,
};
use crate::store::Store;

#[derive(sqlx::FromRow)]
struct BodyRow {
    body: String,
}

fn stay_of(referral: &Referral) -> Option<uuid::Uuid> {
    match referral.state {
        State::Admitted { stay, .. } => Some(stay.0),
        State::Referred
        | State::Triaged { .. }
        | State::Accepted { .. }
        | State::Declined { .. }
        | State::Withdrawn { .. } => None,
    }
}

impl Ledger {
    /// A referral to this ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError> {
        let row: Option<BodyRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(REFERRAL)
            .bind(self.organisation.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        let referral = row.map(|row| from_json::<Referral>("referral", id, &row.body));
        let ward = self.ward().id;
        Ok(referral
            .transpose()?
            .filter(|referral| referral.ward == ward))
    }

    /// The referral of a person that is still to be answered, on any ward of the organisation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_referral_of(
        &mut self,
        patient: ward_core::id::PatientId,
    ) -> Result<Option<Referral>, StoreError> {
        let row: Option<BodyRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(OPEN_REFERRAL_OF_PATIENT)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_optional(conn)
            .await)?;
        row.map(|row| from_json("referral", patient, &row.body))
            .transpose()
    }

    /// A referral that was just made.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when one of this person is still to be answered.
    pub async fn insert_referral(&mut self, referral: &Referral) -> Result<(), StoreError> {
        let body = to_json("referral", referral)?;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_REFERRAL)
            .bind(self.organisation.0)
            .bind(referral.id.0)
            .bind(referral.ward.0)
            .bind(referral.patient.0)
            .bind(referral.state.name())
            .bind(referral.state.is_open())
            .bind(referral.made_at.as_millis())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "open referral of this patient"))
    }

    /// A referral after a step.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_referral(&mut self, referral: &Referral) -> Result<(), StoreError> {
        let body = to_json("referral", referral)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_REFERRAL)
            .bind(self.organisation.0)
            .bind(referral.id.0)
            .bind(stay_of(referral))
            .bind(referral.state.name())
            .bind(referral.state.is_open())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// One person of this ward's list of new positive results.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case(&mut self, id: CaseId) -> Result<Option<Case>, StoreError> {
        let ward = self.ward().id;
        let row: Option<BodyRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(CASE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(|row| from_json("case_finding", id, &row.body))
            .transpose()
    }

    /// A person who is new on the list. `false` when the same person stands on it with the same result already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_case(&mut self, case: &Case) -> Result<bool, StoreError> {
        let body = to_json("case_finding", case)?;
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(INSERT_CASE)
            .bind(self.organisation.0)
            .bind(case.ward.0)
            .bind(case.id.0)
            .bind(case.imported_at.as_millis())
            .bind(case.nhs_number.digits())
            .bind(case.birth_date.to_string())
            .bind(search_name(&case.family_name))
            .bind(case.result_on.to_string())
            .bind(case.state.name())
            .bind(&body)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// A person of the list after a review.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_case(&mut self, case: &Case) -> Result<(), StoreError> {
        let body = to_json("case_finding", case)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_CASE)
            .bind(self.organisation.0)
            .bind(case.ward.0)
            .bind(case.id.0)
            .bind(case.state.name())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// Referrals to a ward, the newest first: those still to be answered, or all that were made before `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn referrals(
        &self,
        ward: WardId,
        only_open: bool,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<Referral>, StoreError> {
        let rows: Vec<BodyRow> = reading!(self, conn => sqlx::query_as(REFERRALS)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(before.as_millis())
            .bind(only_open)
            .bind(limit)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| from_json("referral", ward, &row.body))
            .collect()
    }

    /// One referral to a ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn referral(
        &self,
        ward: WardId,
        id: ReferralId,
    ) -> Result<Option<Referral>, StoreError> {
        let row: Option<BodyRow> = reading!(self, conn => sqlx::query_as(REFERRAL)
            .bind(self.organisation.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        let referral = row.map(|row| from_json::<Referral>("referral", id, &row.body));
        Ok(referral
            .transpose()?
            .filter(|referral| referral.ward == ward))
    }

    /// One person of a ward's list, without a lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case(&self, ward: WardId, id: CaseId) -> Result<Option<Case>, StoreError> {
        let row: Option<BodyRow> = reading!(self, conn => sqlx::query_as(CASE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(|row| from_json("case_finding", id, &row.body))
            .transpose()
    }

    /// People of a ward's list in one state, the longest on it first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases(
        &self,
        ward: WardId,
        state: &str,
        limit: i64,
    ) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<BodyRow> = reading!(self, conn => sqlx::query_as(CASES)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(state)
            .bind(limit)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| from_json("case_finding", ward, &row.body))
            .collect()
    }
}
