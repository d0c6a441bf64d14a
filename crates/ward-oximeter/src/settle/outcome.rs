//! What comes out of a `Settle`.

use crate::date_time::{DateTime, Stamp};
use crate::judge::{Reason, Value};
use crate::plx::SpotCheck;

/// What a frame, or the passing of time, led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A reading. Write it down before anything else: the device may never say it again.
    Reading(Measurement),
    /// Somebody tried, and there is no value. Stored and counted like a reading.
    Attempt(Attempt),
    /// Nothing yet, and why. Said once for each change.
    Waiting(Waiting),
}

/// A set of values fit to be a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// The values with their doubts. For a window: medians, and every doubt of any sample that they are of.
    pub value: Value,
    /// Whether it can be relied on to stand for the patient's state.
    pub quality: Quality,
    /// Steady milliseconds of the first sample.
    pub began_ms: u64,
    /// Steady milliseconds of the last sample; for a record from the device's memory, when it arrived.
    pub ended_ms: u64,
    /// Where it came from.
    pub source: Source,
}

/// A measurement that gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Why; of several reasons, the most frequent one that is not simply "no finger".
    pub reason: Reason,
    /// Steady milliseconds of the first sample.
    pub began_ms: u64,
    /// Steady milliseconds of the last sample.
    pub ended_ms: u64,
    /// How many samples without a value it stands for.
    pub samples: u32,
    /// Where it came from.
    pub source: Source,
}

/// Whether a reading is a settled one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// A stable window, or the device's own final.
    Settled,
    /// The last seconds as they were: the service judges, and doubt counts one way.
    Unsettled,
}

/// Where a reading or an attempt came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The device's own final value, as one record.
    SpotCheck(Record),
    /// Samples of a continuous stream.
    Window {
        /// What the whole window since the previous reading of the episode held, so that the service can judge
        /// sustained lows. Missing for an attempt, and where no value stood for any time.
        summary: Option<WindowSummary>,
    },
}

/// What a spot check says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The bytes as they came.
    pub raw: Vec<u8>,
    /// The device's own wall clock, when it is a date at all.
    pub device_time: Option<DateTime>,
    /// The device says that its clock was never set: `device_time` tells repeats apart, not when it was.
    pub clock_not_set: bool,
    /// From the device's memory: measured before this connection.
    pub from_storage: bool,
}

impl Record {
    pub(crate) fn of_spot_check(check: &SpotCheck, raw: &[u8]) -> Self {
        Self {
            raw: raw.to_vec(),
            device_time: check.timestamp.and_then(Stamp::valid),
            clock_not_set: check.clock_not_set(),
            from_storage: check.is_from_storage(),
        }
    }
}

/// The saturation from the previous reading of the episode, or from its beginning, to this one. Time without a value,
/// beside a flat wave, and in the last three seconds before the finger went is in none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSummary {
    /// From its first sample to its last, in milliseconds: also the time that counts nowhere.
    pub length_ms: u64,
    /// The time-weighted median: the value of the reading, unless that is of the last seconds alone.
    pub median_tenths_percent: u16,
    /// The lowest.
    pub min_tenths_percent: u16,
    /// The highest.
    pub max_tenths_percent: u16,
    /// How long it stood at each whole percent. Ascending; together no longer than the window.
    pub time_at: Vec<TimeAt>,
}

/// How long the saturation stood at a whole percent (rounded down).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeAt {
    /// Whole percent.
    pub percent: u8,
    /// Milliseconds.
    pub millis: u32,
}

/// Why there is nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// No samples are coming.
    NoData,
    /// Samples are coming, and none has a value.
    Unusable(Reason),
    /// Values are coming, and have not settled.
    Settling,
    /// A settled reading was given; the next one follows a minute later, or at once when it falls.
    NextMinute,
}
