//! Plans of stays: what is in force, every version before it, and what waits for a second person.

use ward_core::care::CarePlan;
use ward_core::id::{PatientId, StayId};
use ward_core::patient::BirthDate;
use ward_core::plan::MonitoringPlan;
use ward_core::plan_change::{Origin, Proposal, StayPlan, Version};
use ward_core::safe_range::SafeRange;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    BIRTH_DATE, CARE, PLAN_VERSIONS, PROPOSAL, PROPOSALS, PUT_PLAN_VERSION, PUT_PROPOSAL,
    PUT_WARD_DEFAULTS,
};
use crate::store::Store;

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i32,
    body: String,
}

#[derive(sqlx::FromRow)]
struct ProposalRow {
    number: i32,
    body: String,
}

impl ProposalRow {
    fn into_proposal(self) -> Result<Proposal, StoreError> {
        from_json("plan_proposal", self.number, &self.body)
    }
}

fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl Ledger {
    /// The whole plan of a stay of this ward; `None` when there is no such stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stay_plan(&mut self, stay: StayId) -> Result<Option<StayPlan>, StoreError> {
        let Some(limits) = self
            .stay(stay)
            .await?
            .map(|record| record.stay.plan.clone())
        else {
            return Ok(None);
        };
        let care = self.care(stay).await?;
        Ok(care.map(|care| StayPlan { limits, care }))
    }

    /// A new version of a plan is in force. The one before stays on record, also when it came with the admission.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_stay_plan(
        &mut self,
        id: StayId,
        next: &Version,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(before) = self.stay_plan(id).await? else {
            return Err(StoreError::NotThere("stay"));
        };
        let Some(mut stay) = self.stay(id).await?.map(|record| record.stay.clone()) else {
            return Err(StoreError::NotThere("stay"));
        };
        let since = before.care.set_at.unwrap_or(stay.admitted_at);
        let before = Version {
            plan: before,
            origin: Origin::Admission,
        };
        self.put_version(id, &before, since).await?;
        self.put_version(id, next, now).await?;
        stay.plan = next.plan.limits.clone();
        self.put_stay(&stay).await?;
        self.set_care(id, &next.plan.care).await
    }

    /// What is on record already stays as it is.
    async fn put_version(
        &mut self,
        stay: StayId,
        version: &Version,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let care = &version.plan.care;
        let body = to_json("plan_version", version)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_PLAN_VERSION)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(number(care.version))
            .bind(at.as_millis())
            .bind(care.author.map(|author| author.0))
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// A proposal as it is now.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when another one waits.
    pub async fn put_proposal(
        &mut self,
        stay: StayId,
        proposal: &Proposal,
    ) -> Result<(), StoreError> {
        let body = to_json("plan_proposal", proposal)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_PROPOSAL)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(number(proposal.number))
            .bind(proposal.state.name())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "waiting proposal"))
    }

    /// One proposal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn proposal(
        &mut self,
        stay: StayId,
        wanted: u32,
    ) -> Result<Option<Proposal>, StoreError> {
        let row: Option<ProposalRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(PROPOSAL)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(number(wanted))
            .fetch_optional(conn)
            .await)?;
        row.map(ProposalRow::into_proposal).transpose()
    }

    /// The newest proposal for a stay, whatever became of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_proposal(&mut self, stay: StayId) -> Result<Option<Proposal>, StoreError> {
        let row: Option<ProposalRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(PROPOSALS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(1_i64)
            .fetch_optional(conn)
            .await)?;
        row.map(ProposalRow::into_proposal).transpose()
    }

    /// When a patient was born.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn birth_date(&mut self, patient: PatientId) -> Result<BirthDate, StoreError> {
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(BIRTH_DATE)
            .bind(self.organisation.0)
            .bind(patient.0)
            .fetch_optional(conn)
            .await)?;
        let (text,) = row.ok_or(StoreError::NotThere("patient"))?;
        text.parse()
            .map_err(|why| StoreError::corrupt("patient", patient, why))
    }

    /// What this ward admits patients with from now on, and its safe range.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_ward_defaults(
        &mut self,
        plan: &MonitoringPlan,
        care: &CarePlan,
        safe_range: &SafeRange,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id;
        let (plan, care) = (to_json("ward", plan)?, to_json("ward", care)?);
        let safe_range = to_json("ward", safe_range)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_WARD_DEFAULTS)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(&plan)
            .bind(&care)
            .bind(&safe_range)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// The plan of a stay but for its limits; `None` for a stay that has its ward's default.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_care(&self, stay: StayId) -> Result<Option<CarePlan>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(CARE).bind(self.organisation.0).bind(stay.0).fetch_optional(conn).await)?;
        match row {
            Some((text,)) => from_json("stay", stay, &text),
            None => Ok(None),
        }
    }

    /// The versions of a plan that are on record, newest first, only those before `before`. The one that came with the
    /// admission is on record from the first change on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn plan_versions(
        &self,
        stay: StayId,
        before: u32,
        limit: u32,
    ) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<VersionRow> = reading!(self, conn => sqlx::query_as(PLAN_VERSIONS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(number(before))
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| {
                let key = format!("{stay} {}", row.version);
                from_json("plan_version", key, &row.body)
            })
            .collect()
    }

    /// The newest proposals for a stay, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn proposals(&self, stay: StayId, limit: u32) -> Result<Vec<Proposal>, StoreError> {
        let rows: Vec<ProposalRow> = reading!(self, conn => sqlx::query_as(PROPOSALS)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(ProposalRow::into_proposal).collect()
    }
}
