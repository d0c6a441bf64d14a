//! The readings of a stay in full: for its chart, and for the answer to an odd one.

use uuid::Uuid;
use ward_core::id::{BridgeId, DeviceId, ReadingId, StayId};
use ward_core::reading::{Context, Measured, ObservationSet, Reading, Timing, Values};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::from_json;
use crate::statements::{
    CHART_OF_STAY, HAND_READING, HAND_READINGS_AT, READINGS_THAT_COUNT, READINGS_TO_REJUDGE,
    STRIKE_READING,
};
use crate::store::Store;

/// A reading as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptReading {
    /// Whose it is now.
    pub stay: StayId,
    /// The reading.
    pub reading: Reading,
    /// The same measurement was heard by another bridge: counted once.
    pub copy_of: Option<ReadingId>,
    /// As it came: a frame, or what a person typed.
    pub raw: Option<Vec<u8>>,
    /// Struck through: by whom and why, as JSON.
    pub struck: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ReadingRow {
    stay_id: Uuid,
    device_id: Uuid,
    measured_at: i64,
    reading_id: Uuid,
    bridge_id: Uuid,
    received_at: i64,
    effective_at: i64,
    clock_off_by_ms: Option<i64>,
    kind: String,
    spo2_tenths: Option<i32>,
    pulse_tenths: Option<i32>,
    perfusion_hundredths: Option<i32>,
    doubts: Option<String>,
    attempt_reason: Option<String>,
    context: String,
    copy_of: Option<Uuid>,
    raw: Option<Vec<u8>>,
    timing: String,
    source: String,
    struck: Option<String>,
    window_summary: Option<String>,
    observations: Option<String>,
}

impl ReadingRow {
    pub(crate) fn into_kept(self) -> Result<KeptReading, StoreError> {
        let id = self.reading_id;
        let corrupt = |what: &'static str| StoreError::corrupt("reading", id, what);
        let unsigned = |number: Option<i32>| number.and_then(|it| u16::try_from(it).ok());
        let measured = match self.kind.as_str() {
            "values" => Measured::Values(Values {
                spo2: unsigned(self.spo2_tenths)
                    .and_then(Spo2::from_tenths)
                    .ok_or_else(|| corrupt("no saturation"))?,
                pulse: unsigned(self.pulse_tenths).and_then(Pulse::from_tenths),
                perfusion_hundredths: unsigned(self.perfusion_hundredths),
                doubts: match &self.doubts {
                    Some(text) => from_json("reading", id, text)?,
                    None => Vec::new(),
                },
                window: match &self.window_summary {
                    Some(text) => Some(from_json("reading", id, text)?),
                    None => None,
                },
                observations: match &self.observations {
                    Some(text) => from_json("reading", id, text)?,
                    None => ObservationSet::default(),
                },
            }),
            _ => Measured::Attempt {
                reason: self.attempt_reason.unwrap_or_default(),
            },
        };
        let timing: Timing = match self.clock_off_by_ms {
            Some(off_by_ms) => Timing::ClockWrong { off_by_ms },
            None => from_json("reading", id, &self.timing)?,
        };
        Ok(KeptReading {
            stay: StayId(self.stay_id),
            reading: Reading {
                id: ReadingId(id),
                device: DeviceId(self.device_id),
                bridge: BridgeId(self.bridge_id),
                measured_at: Timestamp::from_millis(self.measured_at),
                received_at: Timestamp::from_millis(self.received_at),
                effective_at: Timestamp::from_millis(self.effective_at),
                timing,
                measured,
                context: match self.context.as_str() {
                    "exertion" => Context::Exertion,
                    "recovery" => Context::Recovery,
                    _ => Context::Rest,
                },
                source: from_json("reading", id, &self.source)?,
            },
            copy_of: self.copy_of.map(ReadingId),
            raw: self.raw,
            struck: self.struck,
        })
    }
}

impl Ledger {
    /// The reading with this id that was entered by hand for a stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hand_reading(
        &mut self,
        stay: StayId,
        id: ReadingId,
    ) -> Result<Option<KeptReading>, StoreError> {
        let row: Option<ReadingRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(HAND_READING)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(ReadingRow::into_kept).transpose()
    }

    /// What was entered by hand for a stay at this very time, without what was struck through.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hand_readings_at(
        &mut self,
        stay: StayId,
        at: Timestamp,
    ) -> Result<Vec<KeptReading>, StoreError> {
        let rows: Vec<ReadingRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(HAND_READINGS_AT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(at.as_millis())
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(ReadingRow::into_kept).collect()
    }

    /// Every reading of a stay as it came in, struck ones and copies among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn all_readings(&mut self, stay: StayId) -> Result<Vec<KeptReading>, StoreError> {
        let rows: Vec<ReadingRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(READINGS_TO_REJUDGE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(ReadingRow::into_kept).collect()
    }

    /// Strikes a reading through, with what is to be said of it as JSON. It stays as what it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn strike_reading(
        &mut self,
        reading: &Reading,
        struck: &str,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(STRIKE_READING)
            .bind(self.organisation.0)
            .bind(reading.device.0)
            .bind(reading.measured_at.as_millis())
            .bind(reading.id.0)
            .bind(struck)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// The chart of a stay, the newest first, `limit` at most, of before `before` where that is given: struck ones and
    /// copies are among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn chart_of(
        &self,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<KeptReading>, StoreError> {
        let before = before.map_or(i64::MAX, Timestamp::as_millis);
        let rows: Vec<ReadingRow> = reading!(self, conn => sqlx::query_as(CHART_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(ReadingRow::into_kept).collect()
    }

    /// The readings of a stay that count, the oldest first, `limit` at most: neither struck ones nor copies. After the time and
    /// the id of `after`, and up to `until`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn readings_that_count(
        &self,
        stay: StayId,
        after: (Timestamp, ReadingId),
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Reading>, StoreError> {
        let rows: Vec<ReadingRow> = reading!(self, conn => sqlx::query_as(READINGS_THAT_COUNT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(after.0.as_millis())
            .bind(after.1.0)
            .bind(until.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| Ok(row.into_kept()?.reading))
            .collect()
    }
}
