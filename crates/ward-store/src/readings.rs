//! Readings into the ledger, and out again.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::id::{BridgeId, DeviceId, ReadingId, StayId};
use ward_core::reading::{Context, Measured, Timing};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::{Ledger, StoredReading};
use crate::many::{chunks, padded};
use crate::rows::to_json;
use crate::statements::{COUNT_QUARANTINED, COUNT_READINGS, READINGS_OF_STAY, SAME_KEY};
use crate::store::Store;

/// A bridge's readings of one oximeter, and when, by the bridges' clocks, another bridge's copies of them may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The oximeter.
    pub device: DeviceId,
    /// Who heard it this time: its own readings are no copies.
    pub bridge: BridgeId,
    /// The earliest …
    pub from: Timestamp,
    /// … and the latest.
    pub until: Timestamp,
}

/// What another bridge heard of the same oximeter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The stored reading.
    pub reading: ReadingId,
    /// When it was measured.
    pub effective_at: Timestamp,
    /// Its saturation, tenths of a percent.
    pub spo2_tenths: Option<i32>,
    /// Its pulse, tenths of a beat a minute.
    pub pulse_tenths: Option<i32>,
}

/// What stands under a key that was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameKey {
    /// The same values: a repeat.
    SameValues,
    /// Other values: two readings under one id. Neither may be lost.
    OtherValues,
}

#[derive(sqlx::FromRow)]
struct HeardRow {
    span: i32,
    reading_id: Uuid,
    effective_at: i64,
    spo2_tenths: Option<i32>,
    pulse_tenths: Option<i32>,
}

#[derive(sqlx::FromRow)]
struct SameKeyRow {
    spo2_tenths: Option<i32>,
    pulse_tenths: Option<i32>,
    perfusion_hundredths: Option<i32>,
    kind: String,
}

/// One row as it is bound.
struct Row {
    spo2_tenths: Option<i32>,
    pulse_tenths: Option<i32>,
    perfusion_hundredths: Option<i32>,
    kind: &'static str,
    doubts: Option<String>,
    attempt_reason: Option<String>,
    clock_off_by_ms: Option<i64>,
    context: &'static str,
    timing: String,
    source: String,
    window_summary: Option<String>,
    observations: Option<String>,
}

impl Row {
    fn of(stored: &StoredReading) -> Result<Self, StoreError> {
        let clock_off_by_ms = match stored.reading.timing {
            Timing::ClockWrong { off_by_ms } => Some(off_by_ms),
            Timing::ByAge | Timing::ByWallClock | Timing::Stated => None,
        };
        let context = match stored.reading.context {
            Context::Rest => "rest",
            Context::Exertion => "exertion",
            Context::Recovery => "recovery",
        };
        let empty = Self {
            spo2_tenths: None,
            pulse_tenths: None,
            perfusion_hundredths: None,
            kind: "attempt",
            doubts: None,
            attempt_reason: None,
            clock_off_by_ms,
            context,
            timing: to_json("reading", &stored.reading.timing)?,
            source: to_json("reading", &stored.reading.source)?,
            window_summary: None,
            observations: None,
        };
        Ok(match &stored.reading.measured {
            Measured::Attempt { reason } => Self {
                attempt_reason: Some(reason.clone()),
                ..empty
            },
            Measured::Values(values) => Self {
                kind: "values",
                spo2_tenths: Some(i32::from(values.spo2.tenths())),
                pulse_tenths: values.pulse.map(|pulse| i32::from(pulse.tenths())),
                perfusion_hundredths: values.perfusion_hundredths.map(i32::from),
                doubts: if values.doubts.is_empty() {
                    None
                } else {
                    Some(to_json("reading", &values.doubts)?)
                },
                window_summary: values
                    .window
                    .as_ref()
                    .map(|window| to_json("reading", window))
                    .transpose()?,
                observations: (!values.observations.is_empty())
                    .then(|| to_json("reading", &values.observations))
                    .transpose()?,
                ..empty
            },
        })
    }
}

impl HeardRow {
    const fn into_heard(self) -> Heard {
        Heard {
            reading: ReadingId(self.reading_id),
            effective_at: Timestamp::from_millis(self.effective_at),
            spo2_tenths: self.spo2_tenths,
            pulse_tenths: self.pulse_tenths,
        }
    }
}

const HEARD_BY_OTHERS: &str = " as span, reading_id, effective_at, spo2_tenths, pulse_tenths from reading where organisation_id = ";
const AT_MOST: &str = " and copy_of is null and spo2_tenths is not null order by measured_at, reading_id limit 1000) as heard_";

const INSERT_READINGS: &str = "insert into reading (organisation_id, device_id, measured_at, reading_id, stay_id, bridge_id, received_at, \
    effective_at, clock_off_by_ms, kind, spo2_tenths, pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, window_summary, observations) ";
const SKIP_KNOWN: &str = " on conflict (organisation_id, device_id, measured_at, reading_id) do nothing \
    returning device_id, measured_at, reading_id";

/// What a reading is stored under, within the organisation.
pub type ReadingKey = (DeviceId, Timestamp, ReadingId);

impl Ledger {
    /// Stores readings; the keys of those that were new come back. The others were stored before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_readings(
        &mut self,
        readings: &[&StoredReading],
    ) -> Result<BTreeSet<ReadingKey>, StoreError> {
        let rows = readings
            .iter()
            .map(|stored| Row::of(stored).map(|row| (*stored, row)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut new = BTreeSet::new();
        for chunk in chunks(&rows) {
            let inserted = in_tx!(&mut self.tx, conn => {
                let mut insert = sqlx::QueryBuilder::new(INSERT_READINGS);
                insert.push_values(chunk, |mut bind, (stored, row)| {
                    let reading = &stored.reading;
                    bind.push_bind(self.organisation.0)
                        .push_bind(reading.device.0)
                        .push_bind(reading.measured_at.as_millis())
                        .push_bind(reading.id.0)
                        .push_bind(stored.stay.0)
                        .push_bind(reading.bridge.0)
                        .push_bind(reading.received_at.as_millis())
                        .push_bind(reading.effective_at.as_millis())
                        .push_bind(row.clock_off_by_ms)
                        .push_bind(row.kind)
                        .push_bind(row.spo2_tenths)
                        .push_bind(row.pulse_tenths)
                        .push_bind(row.perfusion_hundredths)
                        .push_bind(&row.doubts)
                        .push_bind(&row.attempt_reason)
                        .push_bind(row.context)
                        .push_bind(stored.copy_of.map(|id| id.0))
                        .push_bind(&stored.raw)
                        .push_bind(&row.timing)
                        .push_bind(&row.source)
                        .push_bind(&row.window_summary)
                        .push_bind(&row.observations);
                });
                insert.push(SKIP_KNOWN);
                insert.build_query_as().fetch_all(conn).await
            });
            let inserted: Vec<(Uuid, i64, Uuid)> =
                self.health.step(inserted.map_err(StoreError::from))?;
            new.extend(inserted.into_iter().map(|(device, measured_at, id)| {
                (
                    DeviceId(device),
                    Timestamp::from_millis(measured_at),
                    ReadingId(id),
                )
            }));
        }
        Ok(new)
    }

    /// What other bridges have stored in each of these spans, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn heard_by_others(&mut self, spans: &[Span]) -> Result<Vec<Vec<Heard>>, StoreError> {
        let mut heard = Vec::with_capacity(spans.len());
        for asked in padded(spans) {
            let rows: Vec<HeardRow> = in_tx!(&mut self.tx, conn => {
                let mut select = sqlx::QueryBuilder::new("");
                for (place, span) in asked.iter().enumerate() {
                    if place > 0 {
                        select.push(" union all ");
                    }
                    // The place is part of the text: there are as many texts as sizes.
                    select.push("select * from (select ").push(place).push(HEARD_BY_OTHERS).push_bind(self.organisation.0);
                    select.push(" and device_id = ").push_bind(span.device.0);
                    select.push(" and measured_at >= ").push_bind(span.from.as_millis());
                    select.push(" and measured_at <= ").push_bind(span.until.as_millis());
                    select.push(" and bridge_id <> ").push_bind(span.bridge.0);
                    select.push(AT_MOST).push(place);
                }
                select.build_query_as().fetch_all(conn).await
            })?;
            let begins = heard.len();
            heard.resize_with((begins + asked.len()).min(spans.len()), Vec::new);
            for row in rows {
                let place = usize::try_from(row.span).ok().map(|place| begins + place);
                // What only fills the statement up is not asked for.
                if let Some(of_span) = place.and_then(|place| heard.get_mut(place)) {
                    of_span.push(row.into_heard());
                }
            }
        }
        Ok(heard)
    }

    /// Compares a reading whose key was stored before with what is there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn compare_with_stored(
        &mut self,
        stored: &StoredReading,
    ) -> Result<SameKey, StoreError> {
        let wanted = Row::of(stored)?;
        let held: Option<SameKeyRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(SAME_KEY)
            .bind(self.organisation.0)
            .bind(stored.reading.device.0)
            .bind(stored.reading.measured_at.as_millis())
            .bind(stored.reading.id.0)
            .fetch_optional(conn)
            .await)?;
        let same = held.is_some_and(|held| {
            (
                held.spo2_tenths,
                held.pulse_tenths,
                held.perfusion_hundredths,
                held.kind.as_str(),
            ) == (
                wanted.spo2_tenths,
                wanted.pulse_tenths,
                wanted.perfusion_hundredths,
                wanted.kind,
            )
        });
        Ok(if same {
            SameKey::SameValues
        } else {
            SameKey::OtherValues
        })
    }
}

/// A stored reading, for a chart or a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartPoint {
    /// Which.
    pub reading: ReadingId,
    /// As the bridge fixed it.
    pub measured_at: Timestamp,
    /// On the service's clock.
    pub effective_at: Timestamp,
    /// The value; `None` for an attempt.
    pub spo2: Option<Spo2>,
    /// Heard by a second bridge: counted once.
    pub is_copy: bool,
}

#[derive(sqlx::FromRow)]
struct ChartRow {
    reading_id: Uuid,
    measured_at: i64,
    effective_at: i64,
    spo2_tenths: Option<i32>,
    copy_of: Option<Uuid>,
}

impl Store {
    /// The readings of a stay by when they were measured, oldest first, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn readings_of(
        &self,
        stay: StayId,
        limit: u32,
    ) -> Result<Vec<ChartPoint>, StoreError> {
        let rows: Vec<ChartRow> = reading!(self, conn => sqlx::query_as(READINGS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        Ok(rows
            .into_iter()
            .map(|row| ChartPoint {
                reading: ReadingId(row.reading_id),
                measured_at: Timestamp::from_millis(row.measured_at),
                effective_at: Timestamp::from_millis(row.effective_at),
                spo2: row
                    .spo2_tenths
                    .and_then(|tenths| u16::try_from(tenths).ok())
                    .and_then(Spo2::from_tenths),
                is_copy: row.copy_of.is_some(),
            })
            .collect())
    }

    /// How many readings a stay has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_readings(&self, stay: StayId) -> Result<i64, StoreError> {
        let (count,): (i64,) = reading!(self, conn => sqlx::query_as(COUNT_READINGS).bind(self.organisation.0).bind(stay.0).fetch_one(conn).await)?;
        Ok(count)
    }

    /// How many items a ward keeps that are nobody's reading, or no reading.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_quarantined(&self, ward: ward_core::id::WardId) -> Result<i64, StoreError> {
        let (count,): (i64,) = reading!(self, conn => sqlx::query_as(COUNT_QUARANTINED).bind(self.organisation.0).bind(ward.0).fetch_one(conn).await)?;
        Ok(count)
    }
}
