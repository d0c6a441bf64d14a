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
use crate::reading::{NewReading, is_routine};

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
pub(super) fn attempt(device: &Address, attempt: &Attempt, boot: Uuid) -> NewReading {
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
        Source::SpotCheck(record) => NewReading {
            raw: Some(record.raw.clone()),
            stamped: is_stamped(record),
            ..live
        },
        Source::Window { .. } => live,
    }
}

/// A spot check brings its bytes, and perhaps the device's own time.
fn of_record(live: NewReading, record: &Record, clock: &Clock) -> NewReading {
    let stored_at = (record.from_storage && !record.clock_not_set)
        .then(|| record.device_time.and_then(local))
        .flatten()
        .filter(|at| *at <= clock.wall());
    NewReading {
        raw: Some(record.raw.clone()),
        stamped: is_stamped(record),
        steady: if stored_at.is_some() {
            None
        } else {
            live.steady
        },
        device_time: stored_at,
        ..live
    }
}

fn is_stamped(record: &Record) -> bool {
    record.device_time.is_some() && !record.clock_not_set
}

/// An oximeter tells no zone: it is taken to be in the bridge's.
fn local(at: DateTime) -> Option<Timestamp> {
    let small = |number: u8| i8::try_from(number).ok();
    let civil = civil::DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    )
    .ok()?;
    Some(civil.to_zoned(TimeZone::system()).ok()?.timestamp())
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
