//! Who did what, backwards: the ward's log and the looks at records, a piece at a time.

use uuid::Uuid;
use ward_core::id::{CaseId, ClinicianId, PatientId, ReferralId, Seq, StayId, WardId};
use ward_core::patient::{NhsNumber, Patient};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::log::Entry;
use crate::record_views::{Looked, RecordView};
use crate::rows::{EventRow, PatientRow};
use crate::statements::{
    CASES_OF_NUMBER, EVENTS_BEFORE, PATIENT_OF_STAY, REFERRALS_OF_PATIENT, VIEWS_BEFORE,
};
use crate::store::Store;

/// Which looks are asked for.
#[derive(Clone, Copy, Debug)]
pub struct ViewsAsked {
    /// Whose looks; nobody: everybody's.
    pub by: Option<ClinicianId>,
    /// At whom, in any of their stays and before it; nobody: at everybody.
    pub patient: Option<PatientId>,
    /// From.
    pub from: Timestamp,
    /// Until, not included.
    pub until: Timestamp,
    /// Only what is before this one, by time and id.
    pub before: Option<(Timestamp, Uuid)>,
    /// So many at most.
    pub limit: u32,
}

#[derive(sqlx::FromRow)]
struct ViewRow {
    at: i64,
    view_id: Uuid,
    clinician_id: Uuid,
    stay_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    what: String,
}

impl Store {
    /// What stands on a ward's log before `before` and before `until`, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries_before(
        &self,
        ward: WardId,
        before: Option<Seq>,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let before = before.map_or(i64::MAX, |seq| seq.0);
        let rows: Vec<EventRow> = reading!(self, conn => sqlx::query_as(EVENTS_BEFORE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(before)
            .bind(until.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(EventRow::into_entry).collect())
    }

    /// Who looked at whom on a ward, newest first, each with its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn views_before(
        &self,
        ward: WardId,
        asked: ViewsAsked,
    ) -> Result<Vec<(Uuid, RecordView)>, StoreError> {
        let (at, id) = asked.before.unwrap_or((asked.until, Uuid::nil()));
        let rows: Vec<ViewRow> = reading!(self, conn => sqlx::query_as(VIEWS_BEFORE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(asked.from.as_millis())
            .bind(at.as_millis())
            .bind(id)
            .bind(asked.by.map(|by| by.0))
            .bind(asked.patient.map(|patient| patient.0))
            .bind(i64::from(asked.limit))
            .fetch_all(conn)
            .await)?;
        let view = |row: ViewRow| {
            let of = match (row.stay_id, row.patient_id) {
                (Some(stay), _) => Looked::Stay(StayId(stay)),
                (None, Some(patient)) => Looked::Patient(PatientId(patient)),
                (None, None) => {
                    let what = "a look at nobody";
                    return Err(StoreError::corrupt("record_view", row.view_id, what));
                }
            };
            let view = RecordView {
                ward,
                at: Timestamp::from_millis(row.at),
                clinician: ClinicianId(row.clinician_id),
                of,
                what: row.what,
            };
            Ok((row.view_id, view))
        };
        rows.into_iter().map(view).collect()
    }

    /// By which referrals a person came, whichever wards were asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn referrals_of(&self, patient: PatientId) -> Result<Vec<ReferralId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(REFERRALS_OF_PATIENT).bind(self.organisation.0).bind(patient.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(id,)| ReferralId(id)).collect())
    }

    /// Where a person stands on a ward's list of new positive results.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cases_of(
        &self,
        ward: WardId,
        number: &NhsNumber,
    ) -> Result<Vec<CaseId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(CASES_OF_NUMBER)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(number.digits())
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(id,)| CaseId(id)).collect())
    }

    /// Whose a stay is, whichever ward it is on now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patient_of_stay(&self, stay: StayId) -> Result<Option<Patient>, StoreError> {
        let row: Option<PatientRow> = reading!(self, conn => sqlx::query_as(PATIENT_OF_STAY).bind(self.organisation.0).bind(stay.0).fetch_optional(conn).await)?;
        row.map(PatientRow::into_patient).transpose()
    }
}
