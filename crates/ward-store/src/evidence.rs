//! All that is on record about one stay, from one state of the database: for whoever holds the readings against the alerts.

use std::time::Duration;

use ward_core::alert::{Alert, Problem};
use ward_core::diary::DiaryEntry;
use ward_core::event::{CorrectionEvent, KitEvent, PathwayEvent, WardEvent};
use ward_core::id::{StayId, WardId};
use ward_core::plan::MonitoringPlan;
use ward_core::plan_change::Version;
use ward_core::reading::Reading;
use ward_core::reconcile::{History, LOOKED_AT};
use ward_core::stay::Phase;
use ward_core::time::{Timestamp, minutes};

use crate::chart::ReadingRow;
use crate::diary::EntryRow;
use crate::error::StoreError;
use crate::ledger::{Ledger, StayRecord};
use crate::rows::{AlertRow, EventRow, StayRow, from_json, sorted_out};
use crate::statements::{
    ALERTS_IN_EVIDENCE, CLOCK_WAS_WRONG, ENTRIES_SINCE, HISTORY_OF_STAY, PLAN_VERSIONS,
    READINGS_SINCE, STAY,
};
use crate::store::Store;
use crate::tx::Tx;

/// Readings that are looked at: the newest. A source that sends one a minute has half of that in two days.
const READINGS_AT_MOST: i64 = 6_000;

/// Alerts that are looked at: the newest.
const ALERTS_AT_MOST: i64 = 500;

/// Diary entries that are looked at: the newest.
const ENTRIES_AT_MOST: i64 = 100;

/// Versions of a plan that are looked at.
const PLANS_AT_MOST: i64 = 1_000;

/// Lines of the log that are looked at: the newest.
const LINES_AT_MOST: i64 = 1_000;

/// What has just come in may have been measured so long before.
const MEASURED_BEFORE: Duration = minutes(24 * 60 + 10);

/// What is on record about one stay.
#[derive(Clone, Debug)]
pub struct StayEvidence {
    /// The stay and where it is said to stand.
    pub record: StayRecord,
    /// Which limits came into force when.
    pub plans: Vec<(Timestamp, MonitoringPlan)>,
    /// Readings that count and were measured at `since` or later.
    pub readings: Vec<Reading>,
    /// Those that were struck out.
    pub struck: Vec<Reading>,
    /// Diary entries that count, of the same time.
    pub entries: Vec<DiaryEntry>,
    /// All alerts about it, open and over, on every ward.
    pub alerts: Vec<Alert>,
    /// From when on the readings are complete.
    pub since: Timestamp,
    /// What the log tells beside; empty unless it was asked for.
    pub history: History,
    /// The clock of a node was said to be wrong on its ward within that time.
    pub clock_was_wrong: bool,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i32,
    body: String,
}

/// Whether the log is read as well: it is long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithLog {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl Store {
    /// What is on record about a stay, all of it from one state of the database. `None`: there is no such stay.
    ///
    /// Run it in a task of its own, like a ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evidence(
        &self,
        stay: StayId,
        with_log: WithLog,
        now: Timestamp,
    ) -> Result<Option<StayEvidence>, StoreError> {
        let mut tx = self.begin_snapshot().await?;
        let found = evidence_in(&mut tx, self.organisation.0, stay, with_log, now).await?;
        tx.commit().await?;
        Ok(found)
    }
}

impl Ledger {
    /// The same under the ward's lock, with its log: nothing moves meanwhile. Ask before anything is appended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evidence(
        &mut self,
        stay: StayId,
        now: Timestamp,
    ) -> Result<Option<StayEvidence>, StoreError> {
        let organisation = self.organisation.0;
        let found = evidence_in(&mut self.tx, organisation, stay, WithLog::Yes, now).await?;
        Ok(found.filter(|found| found.record.stay.ward == self.ward().id))
    }
}

async fn evidence_in(
    tx: &mut Tx,
    organisation: uuid::Uuid,
    stay: StayId,
    with_log: WithLog,
    now: Timestamp,
) -> Result<Option<StayEvidence>, StoreError> {
    let row: Option<StayRow> = in_tx!(&mut *tx, conn => sqlx::query_as(STAY).bind(organisation).bind(stay.0).fetch_optional(conn).await)?;
    let Some(row) = row else { return Ok(None) };
    let record = row.into_record()?;
    let rows: Vec<AlertRow> = in_tx!(&mut *tx, conn => sqlx::query_as(ALERTS_IN_EVIDENCE).bind(organisation).bind(stay.0).bind(ALERTS_AT_MOST).fetch_all(conn).await)?;
    let (alerts, _) = sorted_out(rows);

    let looked_at = now.minus(LOOKED_AT);
    let oldest_low = alerts
        .iter()
        .filter(|alert| alert.is_open() && alert.problem == Problem::Oxygen)
        .filter_map(|alert| alert.lows.map(|lows| lows.first_at))
        .min();
    let from = looked_at.minus(MEASURED_BEFORE);
    let from = oldest_low.map_or(from, |low| low.min(from));
    let rows: Vec<ReadingRow> = in_tx!(&mut *tx, conn => sqlx::query_as(READINGS_SINCE).bind(organisation).bind(stay.0).bind(from.as_millis()).bind(READINGS_AT_MOST).fetch_all(conn).await)?;
    let is_whole = i64::try_from(rows.len()).is_ok_and(|rows| rows < READINGS_AT_MOST);
    let (mut readings, mut struck) = (Vec::new(), Vec::new());
    for row in rows {
        let kept = row.into_kept()?;
        if kept.copy_of.is_some() {
            continue;
        }
        if kept.struck.is_some() {
            struck.push(kept.reading);
        } else {
            readings.push(kept.reading);
        }
    }
    let oldest = readings.iter().map(|reading| reading.effective_at).min();
    let since = oldest.filter(|_| !is_whole).unwrap_or(from);
    let rows: Vec<EntryRow> = in_tx!(&mut *tx, conn => sqlx::query_as(ENTRIES_SINCE).bind(organisation).bind(stay.0).bind(looked_at.as_millis()).bind(ENTRIES_AT_MOST).fetch_all(conn).await)?;
    let entries: Vec<DiaryEntry> = rows
        .into_iter()
        .map(|row| row.into_kept(stay).map(|kept| kept.entry))
        .collect::<Result<_, _>>()?;
    let plans = plans_in(tx, organisation, &record).await?;
    let history = match with_log {
        WithLog::No => History::default(),
        WithLog::Yes => history_in(tx, organisation, stay, from).await?,
    };
    let ward = record.stay.ward;
    let clock_was_wrong = clock_was_wrong_in(tx, organisation, ward, from).await?;
    Ok(Some(StayEvidence {
        record,
        plans,
        readings,
        struck,
        entries,
        alerts,
        since,
        history,
        clock_was_wrong,
    }))
}

async fn plans_in(
    tx: &mut Tx,
    organisation: uuid::Uuid,
    record: &StayRecord,
) -> Result<Vec<(Timestamp, MonitoringPlan)>, StoreError> {
    let stay = record.stay.id;
    let rows: Vec<VersionRow> = in_tx!(&mut *tx, conn => sqlx::query_as(PLAN_VERSIONS).bind(organisation).bind(stay.0).bind(i32::MAX).bind(PLANS_AT_MOST).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|row| {
            let key = format!("{stay} {}", row.version);
            let version: Version = from_json("plan_version", key, &row.body)?;
            let set_at = version.plan.care.set_at;
            Ok((
                set_at.unwrap_or(record.stay.admitted_at),
                version.plan.limits,
            ))
        })
        .collect()
}

async fn clock_was_wrong_in(
    tx: &mut Tx,
    organisation: uuid::Uuid,
    ward: WardId,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let row: Option<(i32,)> = in_tx!(&mut *tx, conn => sqlx::query_as(CLOCK_WAS_WRONG).bind(organisation).bind(ward.0).bind(since.as_millis()).fetch_optional(conn).await)?;
    Ok(row.is_some())
}

async fn history_in(
    tx: &mut Tx,
    organisation: uuid::Uuid,
    stay: StayId,
    since: Timestamp,
) -> Result<History, StoreError> {
    let rows: Vec<EventRow> = in_tx!(&mut *tx, conn => sqlx::query_as(HISTORY_OF_STAY).bind(organisation).bind(stay.0).bind(since.as_millis()).bind(LINES_AT_MOST).fetch_all(conn).await)?;
    let mut history = History::default();
    let mut oldest_phase: Option<(Timestamp, Phase)> = None;
    for row in rows {
        // The newest first. What cannot be read is said elsewhere.
        let Ok(logged) = row.into_logged() else {
            continue;
        };
        let is_change = matches!(
            logged.event,
            WardEvent::StayAdmitted { .. }
                | WardEvent::Pathway(_)
                | WardEvent::Plan(_)
                | WardEvent::Correction(_)
        );
        if is_change {
            history.changed_at = history.changed_at.max(Some(logged.at));
        }
        if let WardEvent::Pathway(PathwayEvent::PhaseChanged { phase, .. }) = logged.event {
            oldest_phase = Some((logged.at, phase));
            history.phases.push((logged.at, phase));
        } else if let WardEvent::Correction(CorrectionEvent::ReadingMovedIn { reading, .. })
        | WardEvent::Kit(KitEvent::Decided { item: reading, .. }) = logged.event
        {
            history.moved_in.insert(reading);
        }
    }
    // Who was resumed within this time was paused at its beginning.
    if let Some((_, Phase::Active)) = oldest_phase {
        let paused = Phase::Paused {
            since,
            reason: ward_core::stay::PauseReason::InHospital,
        };
        history.phases.push((since, paused));
    }
    Ok(history)
}
