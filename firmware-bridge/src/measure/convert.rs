//! What settle says, in the words of the wire.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use uuid::Uuid;
use ward_oximeter::date_time::DateTime;
use ward_oximeter::settle::Record;
use ward_oximeter::{Attempt, Doubts, Measurement, Quality, Source, Value};
use ward_wire::bridge::{DoubtItem, MeasuredItem, ValuesItem};

use crate::address::Address;
use crate::clock::{Clock, Steady};
use crate::reading::{NewReading, Stamp, is_routine};

/// A device that says an earlier year has lost its time, whatever it says of its clock.
const FIRST_YEAR: u16 = 2025;

const DOUBTS: [(Doubts, DoubtItem); 11] = [
    (Doubts::EARLY_ESTIMATE, DoubtItem::EarlyEstimate),
    (Doubts::QUESTIONABLE, DoubtItem::Questionable),
    (Doubts::LOW_PERFUSION, DoubtItem::LowPerfusion),
    (Doubts::POOR_SIGNAL, DoubtItem::PoorSignal),
    (Doubts::ERRATIC_SIGNAL, DoubtItem::ErraticSignal),
    (Doubts::INTERFERENCE, DoubtItem::Interference),
    (Doubts::DISPLACED, DoubtItem::Displaced),
    (Doubts::SEARCHING, DoubtItem::Searching),
    (Doubts::MOTION, DoubtItem::Motion),
    (Doubts::UNSETTLED, DoubtItem::Unsettled),
    (Doubts::PULSE_UNUSABLE, DoubtItem::PulseUnusable),
];

/// A reading with values.
pub(super) fn measurement(
    device: &Address,
    measurement: &Measurement,
    boot: Uuid,
    low_limit_percent: u16,
    clock: &Clock,
) -> NewReading {
    let doubts = match measurement.quality {
        Quality::Settled => measurement.value.doubts,
        Quality::Unsettled => measurement.value.doubts.with(Doubts::UNSETTLED),
    };
    let values = values(&measurement.value, doubts);
    let measured = match measurement.source {
        Source::SpotCheck(_) => MeasuredItem::SpotCheck(values),
        Source::Window { .. } => MeasuredItem::Window(values),
    };
    let routine = is_routine(&measured, low_limit_percent);
    let at = Steady {
        boot,
        ms: measurement.ended_ms,
    };
    let live = NewReading {
        routine,
        ..NewReading::live(device.clone(), measured, at)
    };
    match &measurement.source {
        Source::SpotCheck(record) => of_record(live, record, clock),
        Source::Window { .. } => live,
    }
}

/// A measurement without a value.
pub(super) fn attempt(
    device: &Address,
    attempt: &Attempt,
    boot: Uuid,
    clock: &Clock,
) -> NewReading {
    let at = Steady {
        boot,
        ms: attempt.ended_ms,
    };
    let measured = MeasuredItem::Attempt {
        reason: attempt.reason.name().to_owned(),
    };
    let live = NewReading {
        routine: true,
        ..NewReading::live(device.clone(), measured, at)
    };
    match &attempt.source {
        Source::SpotCheck(record) => of_record(live, record, clock),
        Source::Window { .. } => live,
    }
}

/// A spot check brings its bytes, and perhaps the device's own time. A time from its memory that can be is used, without
/// an age: how uncertain it is, the service knows. One that cannot be gives way to the time of receipt, with its age.
fn of_record(live: NewReading, record: &Record, clock: &Clock) -> NewReading {
    let stored_at = (record.from_storage && is_believable(record))
        .then(|| record.device_time.and_then(local))
        .flatten()
        .filter(|at| *at <= clock.wall());
    NewReading {
        raw: Some(record.raw.clone()),
        stamp: stamp(record),
        steady: if stored_at.is_some() {
            None
        } else {
            live.steady
        },
        device_time: stored_at,
        ..live
    }
}

fn is_believable(record: &Record) -> bool {
    !record.clock_not_set && record.device_time.is_some_and(|at| at.year >= FIRST_YEAR)
}

fn stamp(record: &Record) -> Stamp {
    let Some(device_seconds) = record.device_time.and_then(seconds) else {
        return Stamp::Absent;
    };
    match (record.from_storage, is_believable(record)) {
        (true, _) => Stamp::Stored,
        (false, true) => Stamp::Live { device_seconds },
        (false, false) => Stamp::Unset { device_seconds },
    }
}

/// The device's time as if it were in UTC: only good for before and after.
fn seconds(at: DateTime) -> Option<i64> {
    let at = civil(at)?.to_zoned(TimeZone::UTC).ok()?;
    Some(at.timestamp().as_second())
}

/// An oximeter tells no zone: it is taken to be in the bridge's.
fn local(at: DateTime) -> Option<Timestamp> {
    Some(civil(at)?.to_zoned(TimeZone::system()).ok()?.timestamp())
}

fn civil(at: DateTime) -> Option<civil::DateTime> {
    let small = |number: u8| i8::try_from(number).ok();
    civil::DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    )
    .ok()
}

fn values(value: &Value, doubts: Doubts) -> ValuesItem {
    ValuesItem {
        spo2_percent: f64::from(value.spo2_tenths_percent) / 10.0,
        pulse_bpm: value
            .pulse_tenths_bpm
            .map(|tenths| f64::from(tenths) / 10.0),
        perfusion_index_percent: value
            .perfusion_hundredths_percent
            .map(|hundredths| f64::from(hundredths) / 100.0),
        doubts: DOUBTS
            .into_iter()
            .filter(|(doubt, _)| doubts.has(*doubt))
            .map(|(_, item)| item)
            .collect(),
    }
}
