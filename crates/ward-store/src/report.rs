//! What a report is made from, a piece at a time: no piece grows with the length of the period, and none is asked for once
//! for each stay.

use uuid::Uuid;
use ward_core::alert::Alert;
use ward_core::care::CarePlan;
use ward_core::contact::{Call, ContactEntry, What};
use ward_core::id::{AlertNumber, PatientId, Seq, StayId, WardId};
use ward_core::pathway::papers::Papers;
use ward_core::pathway::referral::{Referral, Source};
use ward_core::patient::{BirthDate, Details};
use ward_core::plan_change::Version;
use ward_core::report::{Move, Moved, Period};
use ward_core::silence::Slot;
use ward_core::spo2::Spo2;
use ward_core::stay::Stay;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::rows::from_json;
use crate::statements::{
    ALERTS_ACKNOWLEDGED_AFTER, ALERTS_ASSIGNED_AFTER, ALERTS_SHOWN_AFTER, CONTACTS_OF_STAYS,
    NAMES_OF_STAYS, PLANS_OF_STAYS, REFERRALS_BY_ID, REPORTED_ALERTS, REPORTED_STAYS,
    REPORTED_STAYS_GONE, TRANSFERS_IN_AFTER, TRANSFERS_OUT_AFTER,
};
use crate::store::Store;

/// Stays that one statement is asked about.
pub const STAYS_AT_ONCE: usize = 16;

/// Rows of one piece of what belongs to stays, or of alerts.
const ROWS_AT_ONCE: i64 = 500;

/// Slots that one statement is asked about.
const SLOTS_AT_ONCE: usize = 256;

/// Whether stays are asked for that are the ward's, or such as it has handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// They are this ward's, or were at their end.
    Yes,
    /// They were transferred to another ward.
    Gone,
}

/// A stay, as far as a report needs it.
#[derive(Clone, Debug)]
pub struct ReportedStay {
    /// The stay.
    pub stay: Stay,
    /// Its plan but for the limits; nothing for one that has its ward's default.
    pub care: Option<CarePlan>,
    /// When the patient was born.
    pub birth_date: BirthDate,
    /// The language that is spoken with the patient; empty for English.
    pub language: String,
    /// Make and model of the oximeter that they had last, up to the end of the period.
    pub device: Option<String>,
    /// Its papers.
    pub papers: Papers,
    /// Where its referral came from, and when a hospital bed was left for it.
    pub referral: Option<(Source, Option<Timestamp>)>,
    /// When the same person's next stay began.
    pub back_at: Option<Timestamp>,
}

/// A transfer of a stay.
pub type StayMove = (StayId, Move);

/// An alert, or its number where its record cannot be read.
#[derive(Clone, Debug)]
pub enum ReportedAlert {
    /// As it is now.
    Alert(Box<Alert>),
    /// It is damaged, or a newer program wrote it.
    Unreadable(AlertNumber),
}

/// A step of an alert's life that is only on the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertStep {
    /// A console showed it.
    Shown,
    /// Somebody took it.
    Acknowledged,
    /// Somebody was given it.
    Assigned,
}

#[derive(sqlx::FromRow)]
struct ReportedRow {
    stay_id: Uuid,
    ward_id: Uuid,
    patient_id: Uuid,
    admitted_at: i64,
    plan: String,
    phase: String,
    channel: String,
    baseline_tenths: Option<i32>,
    care: String,
    birth_date: String,
    details: String,
    papers: Option<String>,
    device: Option<String>,
    back_at: Option<i64>,
}

impl ReportedRow {
    fn into_stay(self) -> Result<ReportedStay, StoreError> {
        let key = self.stay_id;
        let details: Details = from_json("patient", self.patient_id, &self.details)?;
        let baseline = self
            .baseline_tenths
            .and_then(|tenths| u16::try_from(tenths).ok());
        Ok(ReportedStay {
            stay: Stay {
                id: StayId(key),
                ward: WardId(self.ward_id),
                patient: PatientId(self.patient_id),
                admitted_at: Timestamp::from_millis(self.admitted_at),
                plan: from_json("stay", key, &self.plan)?,
                phase: from_json("stay", key, &self.phase)?,
                channel: from_json("stay", key, &self.channel)?,
                baseline_spo2: baseline.and_then(Spo2::from_tenths),
            },
            care: from_json("stay", key, &self.care)?,
            birth_date: self
                .birth_date
                .parse()
                .map_err(|why| StoreError::corrupt("patient", self.patient_id, why))?,
            language: details.language,
            device: self.device,
            papers: match &self.papers {
                Some(body) => from_json("stay_papers", key, body)?,
                None => Papers::default(),
            },
            referral: None,
            back_at: self.back_at.map(Timestamp::from_millis),
        })
    }
}

/// The ids of one statement: the last once more until they are sixteen.
fn sixteen(ids: impl Iterator<Item = Uuid>) -> impl Iterator<Item = Uuid> {
    let mut ids = ids;
    let mut last = Uuid::nil();
    std::iter::from_fn(move || {
        last = ids.next().unwrap_or(last);
        Some(last)
    })
    .take(STAYS_AT_ONCE)
}

/// Of an alert's event the number alone: the whole is the alert as it was then.
#[derive(serde::Deserialize)]
struct StepBody {
    alert: NumberOfAlert,
}

#[derive(serde::Deserialize)]
struct NumberOfAlert {
    number: AlertNumber,
}

impl Store {
    /// Stays that were on a ward within a period, by when they began: the next of them after `after`, sixteen at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reported_stays(
        &self,
        ward: WardId,
        which: Here,
        period: &Period,
        after: Option<(Timestamp, StayId)>,
    ) -> Result<Vec<ReportedStay>, StoreError> {
        let text = match which {
            Here::Yes => REPORTED_STAYS,
            Here::Gone => REPORTED_STAYS_GONE,
        };
        let (at, id) = after.unwrap_or((Timestamp::from_millis(i64::MIN), StayId(Uuid::nil())));
        let rows: Vec<ReportedRow> = reading!(self, conn => sqlx::query_as(text)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(period.from.as_millis())
            .bind(period.until.as_millis())
            .bind(at.as_millis())
            .bind(id.0)
            .bind(i64::try_from(STAYS_AT_ONCE).unwrap_or(1))
            .fetch_all(conn)
            .await)?;
        let stays = rows.into_iter().map(ReportedRow::into_stay);
        let mut stays = stays.collect::<Result<Vec<ReportedStay>, StoreError>>()?;
        let asked: Vec<Uuid> = stays
            .iter()
            .filter_map(|stay| stay.papers.referral.map(|referral| referral.0))
            .collect();
        if asked.is_empty() {
            return Ok(stays);
        }
        let rows: Vec<(Uuid, String)> = reading!(self, conn => {
            let mut query = sqlx::query_as(REFERRALS_BY_ID).bind(self.organisation.0).bind(ward.0);
            for referral in sixteen(asked.iter().copied()) {
                query = query.bind(referral);
            }
            query.fetch_all(conn).await
        })?;
        for (id, body) in rows {
            let referral: Referral = from_json("referral", id, &body)?;
            let came_by = |stay: &&mut ReportedStay| stay.papers.referral == Some(referral.id);
            for stay in stays.iter_mut().filter(came_by) {
                stay.referral = Some((referral.source, referral.inpatient_spell_ended_at));
            }
        }
        Ok(stays)
    }

    /// The transfers to and from a ward, all there have ever been: of everybody who is on it, or was, it must be known from
    /// when until when, whatever the period.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn transfers_of(&self, ward: WardId) -> Result<Vec<StayMove>, StoreError> {
        let mut moves = Vec::new();
        for (text, which) in [
            (TRANSFERS_IN_AFTER, Moved::In),
            (TRANSFERS_OUT_AFTER, Moved::Out),
        ] {
            let mut after = (i64::MIN, i64::MIN);
            loop {
                let rows: Vec<(i64, i64, Option<Uuid>)> = reading!(self, conn => sqlx::query_as(text)
                    .bind(self.organisation.0)
                    .bind(ward.0)
                    .bind(after.0)
                    .bind(after.1)
                    .bind(ROWS_AT_ONCE)
                    .fetch_all(conn)
                    .await)?;
                let is_all = i64::try_from(rows.len()).is_ok_and(|rows| rows < ROWS_AT_ONCE);
                for (seq, at, stay) in rows {
                    after = (at, seq);
                    let at = Timestamp::from_millis(at);
                    moves.extend(stay.map(|stay| (StayId(stay), Move { at, which })));
                }
                if is_all {
                    break;
                }
            }
        }
        Ok(moves)
    }

    /// All versions of the plans of stays, [`STAYS_AT_ONCE`] stays at most: of each the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn plans_of(
        &self,
        ward: WardId,
        stays: &[StayId],
    ) -> Result<Vec<(StayId, Version)>, StoreError> {
        let mut versions = Vec::new();
        let mut after = (Uuid::nil(), i32::MIN);
        loop {
            let rows: Vec<(Uuid, i32, String)> = reading!(self, conn => {
                let mut query = sqlx::query_as(PLANS_OF_STAYS).bind(self.organisation.0).bind(ward.0);
                for stay in sixteen(stays.iter().map(|stay| stay.0)) {
                    query = query.bind(stay);
                }
                query.bind(after.0).bind(after.1).bind(ROWS_AT_ONCE).fetch_all(conn).await
            })?;
            let is_all = i64::try_from(rows.len()).is_ok_and(|rows| rows < ROWS_AT_ONCE);
            for (stay, version, body) in rows {
                after = (stay, version);
                let key = format!("{stay} {version}");
                versions.push((StayId(stay), from_json("plan_version", key, &body)?));
            }
            if is_all {
                return Ok(versions);
            }
        }
    }

    /// The calls and visits of stays on a ward within a period, without those that were struck out; [`STAYS_AT_ONCE`] stays
    /// at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calls_of(
        &self,
        ward: WardId,
        stays: &[StayId],
        period: &Period,
    ) -> Result<Vec<(StayId, Timestamp, Call)>, StoreError> {
        let mut calls = Vec::new();
        let mut after = (Uuid::nil(), i64::MIN, Uuid::nil());
        loop {
            let rows: Vec<(Uuid, i64, Uuid, String)> = reading!(self, conn => {
                let mut query = sqlx::query_as(CONTACTS_OF_STAYS).bind(self.organisation.0).bind(ward.0);
                for stay in sixteen(stays.iter().map(|stay| stay.0)) {
                    query = query.bind(stay);
                }
                query
                    .bind(period.from.as_millis())
                    .bind(period.until.as_millis())
                    .bind(after.0)
                    .bind(after.1)
                    .bind(after.2)
                    .bind(ROWS_AT_ONCE)
                    .fetch_all(conn)
                    .await
            })?;
            let is_all = i64::try_from(rows.len()).is_ok_and(|rows| rows < ROWS_AT_ONCE);
            for (stay, at, id, body) in rows {
                after = (stay, at, id);
                let entry: ContactEntry = from_json("contact", id, &body)?;
                match entry.what {
                    What::Call(call) => calls.push((entry.stay, entry.at, *call)),
                    What::LadderStopped { .. }
                    | What::VisitBooked { .. }
                    | What::ReferredOnward { .. }
                    | What::VideoOffered { .. } => {}
                }
            }
            if is_all {
                return Ok(calls);
            }
        }
    }

    /// For which of these slots a value was measured: how many of each stay. One look into the index for each slot, whether a
    /// stay has three readings a day or one a second.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slots_kept(
        &self,
        slots: &[(StayId, Slot)],
    ) -> Result<std::collections::BTreeMap<StayId, u32>, StoreError> {
        let mut kept = std::collections::BTreeMap::new();
        for chunk in slots.chunks(SLOTS_AT_ONCE) {
            let rows: Vec<(Uuid,)> = reading!(self, conn => {
                let mut query = sqlx::QueryBuilder::new("with slot (stay_id, opens, closes) as (");
                query.push_values(chunk, |mut row, (stay, slot)| {
                    row.push_bind(stay.0)
                        .push_bind(slot.opens.as_millis())
                        .push_bind(slot.closes.as_millis());
                });
                query.push(") select slot.stay_id from slot where exists (select 1 from reading where reading.organisation_id = ");
                query.push_bind(self.organisation.0).push(
                    " and reading.stay_id = slot.stay_id and reading.effective_at >= slot.opens and reading.effective_at <= slot.closes
                      and reading.spo2_tenths is not null and reading.copy_of is null and reading.struck is null)",
                );
                // A last piece of any size: not a text to keep prepared.
                query.build_query_as().persistent(false).fetch_all(conn).await
            })?;
            for (stay,) in rows {
                *kept.entry(StayId(stay)).or_default() += 1;
            }
        }
        Ok(kept)
    }

    /// Alerts of a ward that were raised within a period, by when they were: the next of them after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reported_alerts(
        &self,
        ward: WardId,
        period: &Period,
        after: Option<(Timestamp, AlertNumber)>,
    ) -> Result<Vec<(Timestamp, AlertNumber, ReportedAlert)>, StoreError> {
        let (at, number) = after.unwrap_or((Timestamp::from_millis(i64::MIN), Seq(i64::MIN)));
        let rows: Vec<(i64, i64, String)> = reading!(self, conn => sqlx::query_as(REPORTED_ALERTS)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(period.from.as_millis())
            .bind(period.until.as_millis())
            .bind(at.as_millis())
            .bind(number.0)
            .bind(ROWS_AT_ONCE)
            .fetch_all(conn)
            .await)?;
        let alert = |(number, raised_at, body): (i64, i64, String)| {
            let number = Seq(number);
            let read = match serde_json::from_str::<Alert>(&body) {
                Ok(alert) => ReportedAlert::Alert(Box::new(alert)),
                Err(why) => {
                    tracing::error!(%ward, %number, %why, "an alert cannot be read: no figure of a report counts it");
                    ReportedAlert::Unreadable(number)
                }
            };
            (Timestamp::from_millis(raised_at), number, read)
        };
        Ok(rows.into_iter().map(alert).collect())
    }

    /// When alerts of a ward took a step, oldest first: the next of them after `after`, with the number of the event,
    /// when it was, and of which alert. What cannot be read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alert_steps(
        &self,
        ward: WardId,
        step: AlertStep,
        after: (Timestamp, Seq),
    ) -> Result<Vec<(Seq, Timestamp, Option<AlertNumber>)>, StoreError> {
        let text = match step {
            AlertStep::Shown => ALERTS_SHOWN_AFTER,
            AlertStep::Acknowledged => ALERTS_ACKNOWLEDGED_AFTER,
            AlertStep::Assigned => ALERTS_ASSIGNED_AFTER,
        };
        let rows: Vec<(i64, i64, String)> = reading!(self, conn => sqlx::query_as(text)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(after.0.as_millis())
            .bind(after.1.0)
            .bind(ROWS_AT_ONCE)
            .fetch_all(conn)
            .await)?;
        let step = |(seq, at, body): (i64, i64, String)| {
            let read = serde_json::from_str::<StepBody>(&body).ok();
            (
                Seq(seq),
                Timestamp::from_millis(at),
                read.map(|body| body.alert.number),
            )
        };
        Ok(rows.into_iter().map(step).collect())
    }

    /// Who has these stays, [`STAYS_AT_ONCE`] at most, as far as the ward knows them: family name and given name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn names_of_stays(
        &self,
        ward: WardId,
        stays: &[StayId],
    ) -> Result<Vec<(StayId, String, String)>, StoreError> {
        let rows: Vec<(Uuid, String, String)> = reading!(self, conn => {
            let mut query = sqlx::query_as(NAMES_OF_STAYS).bind(self.organisation.0).bind(ward.0);
            for stay in sixteen(stays.iter().map(|stay| stay.0)) {
                query = query.bind(stay);
            }
            query.fetch_all(conn).await
        })?;
        let named = |(stay, family, given)| (StayId(stay), family, given);
        Ok(rows.into_iter().map(named).collect())
    }
}
