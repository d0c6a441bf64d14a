//! Readings into the ledger, and out again.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::id::{DeviceId, ReadingId, StayId};
use ward_core::reading::{Context, Measured, Timing};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::{Ledger, StoredReading};
use crate::rows::to_json;
use crate::statements::{COPIES, COUNT_QUARANTINED, COUNT_READINGS, READINGS_OF_STAY, SAME_KEY};
use crate::store::Store;

/// Rows in one statement: sizes of powers of two, so that few texts have to be prepared.
pub(crate) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    const LARGEST: usize = 64;
    let mut rest = rows;
    std::iter::from_fn(move || {
        let fits = rest.len().min(LARGEST);
        let size = if fits == 0 {
            return None;
        } else {
            1 << fits.ilog2()
        };
        let (chunk, left) = rest.split_at_checked(size)?;
        rest = left;
        Some(chunk)
    })
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
}

impl Row {
    fn of(stored: &StoredReading) -> Result<Self, StoreError> {
        let clock_off_by_ms = match stored.reading.timing {
            Timing::ClockWrong { off_by_ms } => Some(off_by_ms),
            Timing::ByAge | Timing::ByWallClock => None,
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
                ..empty
            },
        })
    }
}

const INSERT_READINGS: &str = "insert into reading (organisation_id, device_id, measured_at, reading_id, stay_id, bridge_id, received_at, \
    effective_at, clock_off_by_ms, kind, spo2_tenths, pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw) ";
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
        readings: &[StoredReading],
    ) -> Result<BTreeSet<ReadingKey>, StoreError> {
        let rows = readings
            .iter()
            .map(|stored| Row::of(stored).map(|row| (stored, row)))
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
                        .push_bind(&stored.raw);
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

    /// What other bridges have stored of this oximeter between two times by the bridges' clocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn heard_by_others(
        &mut self,
        device: DeviceId,
        bridge: ward_core::id::BridgeId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Heard>, StoreError> {
        let rows: Vec<HeardRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(COPIES)
            .bind(self.organisation.0)
            .bind(device.0)
            .bind(from.as_millis())
            .bind(until.as_millis())
            .bind(bridge.0)
            .fetch_all(conn)
            .await)?;
        Ok(rows
            .into_iter()
            .map(|row| Heard {
                reading: ReadingId(row.reading_id),
                effective_at: Timestamp::from_millis(row.effective_at),
                spo2_tenths: row.spo2_tenths,
                pulse_tenths: row.pulse_tenths,
            })
            .collect())
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

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn chunks_cover_every_row_once_and_come_in_few_sizes() {
        for count in 0..300 {
            let rows: Vec<usize> = (0..count).collect();
            let pieces: Vec<&[usize]> = chunks(&rows).collect();
            assert_eq!(pieces.concat(), rows);
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.len().is_power_of_two() && piece.len() <= 64)
            );
        }
    }
}
