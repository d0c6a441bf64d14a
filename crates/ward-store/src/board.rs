//! The board: a ward's open stays and alerts, as of one number of its log.

use jiff::civil::Date;
use ward_core::alert::Alert;
use ward_core::id::{AlertNumber, Seq, WardId};
use ward_core::patient::Patient;
use ward_core::ward::Ward;

use crate::duty::Shift;
use crate::error::StoreError;
use crate::ledger::StayRecord;
use crate::rows::{AlertRow, PatientRow, StayRow, UnreadableAlert, WardRow, from_json, sorted_out};
use crate::statements::{ALERT, CASELOAD, HEAD, OPEN_ALERTS, WARD, WARDS_WITH_DEADLINE};
use crate::store::Store;
use crate::tx::Tx;
use ward_core::time::Timestamp;

/// One open stay and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Caseload {
    /// The stay and where it stands.
    pub record: StayRecord,
    /// The person.
    pub patient: Patient,
    /// Nobody reviewed the plan before by this day, and so the present one counts.
    pub review_missed: Option<Date>,
    /// The team that looks after them; empty where the ward has none.
    pub team: String,
}

/// A ward as of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardSnapshot {
    /// The ward.
    pub ward: Ward,
    /// The last event that this snapshot contains.
    pub as_of: Seq,
    /// Open stays.
    pub caseload: Vec<Caseload>,
    /// Open alerts.
    pub alerts: Vec<Alert>,
    /// Open alerts that cannot be read.
    pub unreadable: Vec<UnreadableAlert>,
    /// Who is on duty, who could be, and whether the boards are quiet.
    pub shift: Shift,
}

#[derive(sqlx::FromRow)]
struct CaseloadRow {
    #[sqlx(flatten)]
    stay: StayRow,
    #[sqlx(flatten)]
    patient: PatientRow,
    care: String,
    team: String,
}

/// What the board shows of a plan of care; the rest is not looked at.
#[derive(serde::Deserialize)]
struct ShownCare {
    #[serde(default)]
    review_missed: Option<Date>,
}

impl Store {
    /// The board of a ward, all of it read from one state of the database. `None` when there is no such ward.
    ///
    /// Run it in a task of its own, like a ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn board(&self, ward: WardId) -> Result<Option<BoardSnapshot>, StoreError> {
        let mut tx = self.begin_snapshot().await?;
        let board = self.board_in(&mut tx, ward).await?;
        tx.commit().await?;
        Ok(board)
    }

    /// The board of a ward, for whoever reads more from the same state of the database.
    pub(crate) async fn board_in(
        &self,
        tx: &mut Tx,
        ward: WardId,
    ) -> Result<Option<BoardSnapshot>, StoreError> {
        let organisation = self.organisation;
        let head: Option<(i64,)> = in_tx!(tx, conn => sqlx::query_as(HEAD).bind(organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        let Some((head,)) = head else { return Ok(None) };
        let ward_row: WardRow = in_tx!(tx, conn => sqlx::query_as(WARD).bind(organisation.0).bind(ward.0).fetch_one(conn).await)?;
        let stays: Vec<CaseloadRow> = in_tx!(tx, conn => sqlx::query_as(CASELOAD).bind(organisation.0).bind(ward.0).fetch_all(conn).await)?;
        let alerts: Vec<AlertRow> = in_tx!(tx, conn => sqlx::query_as(OPEN_ALERTS).bind(organisation.0).bind(ward.0).fetch_all(conn).await)?;
        let caseload = stays.into_iter().map(|row| {
            let care: Option<ShownCare> = from_json("stay", row.stay.stay_id, &row.care)?;
            Ok(Caseload {
                review_missed: care.and_then(|care| care.review_missed),
                team: row.team,
                record: row.stay.into_record()?,
                patient: row.patient.into_patient()?,
            })
        });
        let (alerts, unreadable) = sorted_out(alerts);
        let shift = self.shift_in(tx, ward).await?;
        Ok(Some(BoardSnapshot {
            shift,
            ward: ward_row.into_ward(organisation)?,
            as_of: Seq(head),
            caseload: caseload.collect::<Result<_, StoreError>>()?,
            alerts,
            unreadable,
        }))
    }

    /// The open alerts of a ward that can be read, without its lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_alerts(&self, ward: WardId) -> Result<Vec<Alert>, StoreError> {
        let rows: Vec<AlertRow> = reading!(self, conn => sqlx::query_as(OPEN_ALERTS).bind(self.organisation.0).bind(ward.0).fetch_all(conn).await)?;
        Ok(sorted_out(rows).0)
    }

    /// One alert of a ward, open or over, without the ward's lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alert_on(
        &self,
        ward: WardId,
        number: AlertNumber,
    ) -> Result<Option<Alert>, StoreError> {
        let row: Option<AlertRow> = reading!(self, conn => sqlx::query_as(ALERT).bind(self.organisation.0).bind(ward.0).bind(number.0).fetch_optional(conn).await)?;
        row.map(AlertRow::into_alert).transpose()
    }

    /// Wards on which time alone has something to say by `now`, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_with_deadline(&self, now: Timestamp) -> Result<Vec<WardId>, StoreError> {
        let rows: Vec<(uuid::Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_WITH_DEADLINE).bind(self.organisation.0).bind(now.as_millis()).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }
}
