//! What settle says, in the words of the wire.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use uuid::Uuid;
use ward_oximeter::date_time::DateTime;
use ward_oximeter::settle::{Record, WindowSummary};
use ward_oximeter::{Attempt, Doubts, Measurement, Quality, Source, Value};
use ward_wire::bridge::{
    DoubtItem, MeasuredItem, SecondsAtItem, SentSummary, SummaryItem, ValuesItem,
};

use crate::address::Address;
use crate::clock::{Clock, FIRST_YEAR, Steady};
use crate::reading::{NewReading, Stamp, is_routine};

/// No oximeter's memory goes back further; an older record's time is nonsense.
const LONGEST_STORED_S: i64 = 400 * 86_400;

/// What a device's clock showed, and when that was: the pair by which its records are placed in time (a "coincident time
/// stamp", as HL7's Personal Health Device guide calls it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// On the device's own line.
    pub(super) device_seconds: i64,
    /// When it was read.
    pub(super) at: Steady,
}

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
    shown: Option<Shown>,
) -> NewReading {
    let doubts = match measurement.quality {
        Quality::Settled => measurement.value.doubts,
        Quality::Unsettled => measurement.value.doubts.with(Doubts::UNSETTLED),
    };
    let values = values(&measurement.value, doubts);
    let measured = match &measurement.source {
        Source::SpotCheck(_) => MeasuredItem::SpotCheck(values),
        Source::Window { summary } => MeasuredItem::Window(ValuesItem {
            summary: summary.as_ref().map(summary_item).map(SentSummary::Read),
            ..values
        }),
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
        Source::SpotCheck(record) => of_record(live, record, clock, shown),
        Source::Window { .. } => live,
    }
}

/// A measurement without a value.
pub(super) fn attempt(
    device: &Address,
    attempt: &Attempt,
    boot: Uuid,
    clock: &Clock,
    shown: Option<Shown>,
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
        Source::SpotCheck(record) => of_record(live, record, clock, shown),
        Source::Window { .. } => live,
    }
}

/// A spot check brings its bytes, and perhaps the device's own time. For one from its memory that time counts: by the
/// difference to what the device's clock shows now, where that was read, however wrong it is; else as it is, if it can be
/// right, without an age: how uncertain it is, the service knows. One that cannot be gives way to the time of receipt, with a
/// doubt that says so.
///
/// A clock that began anew since makes a record look younger than it is, never older.
fn of_record(live: NewReading, record: &Record, clock: &Clock, shown: Option<Shown>) -> NewReading {
    let live = NewReading {
        raw: Some(record.raw.clone()),
        stamp: stamp(record),
        ..live
    };
    if !record.from_storage {
        return live;
    }
    if let Some(shown) = shown {
        return match stored_ms(record, shown, live.steady) {
            Some(stored_ms) => NewReading { stored_ms, ..live },
            None => of_unknown_time(live),
        };
    }
    let stored_at = is_believable(record)
        .then(|| record.device_time.and_then(local))
        .flatten()
        .filter(|at| *at <= clock.wall());
    match stored_at {
        Some(_) => NewReading {
            steady: None,
            device_time: stored_at,
            ..live
        },
        None => of_unknown_time(live),
    }
}

/// When it was measured nobody knows: it counts as of when it came, says so, and is kept like everything doubtful.
fn of_unknown_time(mut live: NewReading) -> NewReading {
    match &mut live.measured {
        MeasuredItem::SpotCheck(values) | MeasuredItem::Window(values) => {
            values.doubts.push(DoubtItem::TimeNotKnown);
            live.routine = false;
        }
        MeasuredItem::Attempt { .. } => {}
    }
    live
}

/// How long before it came a record was measured, by the device's clock; nothing when its time is after the clock's or
/// absurdly long before it: then it belongs to another run of the clock.
fn stored_ms(record: &Record, shown: Shown, came: Option<Steady>) -> Option<u64> {
    let since_ms = shown.at.age_ms(came?)?;
    let now = shown
        .device_seconds
        .saturating_add(i64::try_from(since_ms / 1000).ok()?);
    let age = now.checked_sub(record.device_time?.seconds())?;
    if !(0..=LONGEST_STORED_S).contains(&age) {
        return None;
    }
    u64::try_from(age).ok()?.checked_mul(1000)
}

fn is_believable(record: &Record) -> bool {
    !record.clock_not_set && record.device_time.is_some_and(|at| at.year >= FIRST_YEAR)
}

fn stamp(record: &Record) -> Stamp {
    let Some(device_seconds) = record.device_time.map(DateTime::seconds) else {
        return Stamp::Absent;
    };
    match (record.from_storage, is_believable(record)) {
        (true, is_set) => Stamp::Stored { is_set },
        (false, true) => Stamp::Live { device_seconds },
        (false, false) => Stamp::Unset { device_seconds },
    }
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
        summary: None,
    }
}

fn summary_item(summary: &WindowSummary) -> SummaryItem {
    let percent = |tenths: u16| f64::from(tenths) / 10.0;
    SummaryItem {
        seconds: Duration::from_millis(summary.length_ms).as_secs_f64(),
        spo2_min_percent: percent(summary.min_tenths_percent),
        spo2_median_percent: percent(summary.median_tenths_percent),
        spo2_max_percent: percent(summary.max_tenths_percent),
        seconds_at: summary
            .time_at
            .iter()
            .map(|at| SecondsAtItem {
                spo2_percent: at.percent,
                seconds: f64::from(at.millis) / 1000.0,
            })
            .collect(),
    }
}
