//! One set of measured values, from any source, with its quality, its context and its times.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::entry::{Author, Means};
use crate::id::{BridgeId, DeviceId, ReadingId};
use crate::spo2::{Pulse, Spo2};
use crate::time::{Timestamp, minutes};
use crate::window::WindowSummary;

/// One set of measured values at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Given by the sender, so that a repeat meets itself.
    pub id: ReadingId,
    /// The oximeter.
    pub device: DeviceId,
    /// The bridge that heard it.
    pub bridge: BridgeId,
    /// By the device's or the bridge's clock, as fixed when it was spooled. Never corrected.
    pub measured_at: Timestamp,
    /// By the service's clock.
    pub received_at: Timestamp,
    /// When it was measured, on the service's clock, as well as can be told. All rules use this one.
    pub effective_at: Timestamp,
    /// How `effective_at` was found.
    pub timing: Timing,
    /// What was measured.
    pub measured: Measured,
    /// In what circumstances; only a person sets anything but rest.
    pub context: Context,
    /// Measured by a machine that told us, or told by a person.
    #[serde(default)]
    pub source: Source,
}

/// How a reading came to be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A bridge read it from the oximeter.
    #[default]
    Oximeter,
    /// A person read it from the oximeter's display and said or wrote it. Such a reading stands on a time line of the
    /// stay's own: its `device` and `bridge` carry the stay's id.
    ByHand {
        /// Who.
        author: Author,
        /// How.
        means: Means,
    },
}

impl Reading {
    /// No age told when it was measured, only a wall clock or nothing at all: it was spooled before the bridge's last
    /// start, or the time is the device's own. All that is certain is that it was measured before it was received.
    #[must_use]
    pub fn is_of_uncertain_time(&self) -> bool {
        self.timing
            .is_uncertain(self.effective_at, self.received_at)
    }
}

impl Timing {
    /// Whether a reading that was given this time may be of any time before it was received.
    #[must_use]
    pub fn is_uncertain(self, effective_at: Timestamp, received_at: Timestamp) -> bool {
        match self {
            Self::ByAge | Self::Stated => false,
            Self::ByWallClock => true,
            // A wall clock ahead, and no age: judged at the time of receipt.
            Self::ClockWrong { off_by_ms } => off_by_ms > 0 && effective_at == received_at,
        }
    }
}

/// Values, or an attempt that gave none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// A saturation that can be judged.
    Values(Values),
    /// No value could be had, and why. Stored and labelled; repeated, it is an alert itself.
    Attempt {
        /// The reason, in the words of the device's protocol.
        reason: String,
    },
}

/// A saturation and what was measured beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Oxygen saturation. Judged on its own, whatever the pulse.
    pub spo2: Spo2,
    /// Pulse, when it was usable.
    pub pulse: Option<Pulse>,
    /// Perfusion index, hundredths of a percent.
    pub perfusion_hundredths: Option<u16>,
    /// Why the value may be wrong; empty for a sound one.
    pub doubts: Vec<Doubt>,
    /// Of a continuous source, where its bridge said it: what the whole window held. The values are judged, not this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowSummary>,
    /// What was taken beside the saturation and the pulse.
    #[serde(default, skip_serializing_if = "ObservationSet::is_empty")]
    pub observations: ObservationSet,
}

/// What was taken at the same time, beside the saturation and the pulse; absent: not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObservationSet {
    /// Breaths a minute, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respiration_rate: Option<u16>,
    /// Systolic blood pressure, mmHg, 20 to 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub systolic_bp: Option<u16>,
    /// Diastolic blood pressure, mmHg. NEWS2 does not score it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diastolic_bp: Option<u16>,
    /// Temperature, tenths of a degree Celsius, 250 to 450.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_tenths: Option<u16>,
    /// Level of consciousness.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consciousness: Option<Consciousness>,
    /// What was breathed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oxygen: Option<Oxygen>,
}

impl ObservationSet {
    /// Nothing of it was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Level of consciousness as NEWS2 has it (ACVPU).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consciousness {
    /// Alert.
    Alert,
    /// New confusion.
    Confusion,
    /// Responds to voice.
    Voice,
    /// Responds to pain.
    Pain,
    /// Unresponsive.
    Unresponsive,
}

/// What a person breathed while a reading was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Oxygen {
    /// Room air.
    Air,
    /// Supplemental oxygen.
    Supplemental {
        /// Its flow, tenths of a litre a minute, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_tenths: Option<u16>,
    },
}

impl Oxygen {
    /// Supplemental oxygen, however much.
    #[must_use]
    pub const fn is_supplemental(self) -> bool {
        match self {
            Self::Air => false,
            Self::Supplemental { .. } => true,
        }
    }
}

impl Values {
    /// Whether anything makes this value doubtful. Doubt counts one way: a doubtful low is a low, a doubtful normal
    /// clears nothing.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        !self.doubts.is_empty()
    }
}

/// A reason to doubt a value. The first nine are status bits of the Pulse Oximeter Service 1.0.1, section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Early estimated data.
    EarlyEstimate,
    /// Questionable measurement or pulse.
    Questionable,
    /// Low perfusion.
    LowPerfusion,
    /// Poor or inadequate signal, or a signal processing irregularity.
    PoorSignal,
    /// Erratic signal.
    ErraticSignal,
    /// Sensor interference.
    Interference,
    /// Sensor displaced.
    Displaced,
    /// Still searching for the pulse.
    Searching,
    /// Motion.
    Motion,
    /// No stable window: the last seconds as they were.
    Unsettled,
    /// The pulse was missing or outside 20 to 350.
    PulseUnusable,
    /// Typed, and not confirmed by a second look.
    TypedNotConfirmed,
    /// From the memory of a device that did not know what time it was: it is judged as of when it came.
    TimeNotKnown,
    /// A mark that this version does not know.
    Other,
}

/// In what circumstances a reading was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// At rest, or not said.
    #[default]
    Rest,
    /// The lowest value of an exertion test: never judged as a resting reading.
    Exertion,
    /// The recovery value of an exertion test: judged.
    Recovery,
}

/// How the time of a reading was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Timing {
    /// Its age was told by the bridge's steady clock: no wall clock but the service's was needed.
    ByAge,
    /// A person said when it was.
    Stated,
    /// The bridge's wall clock was taken at its word: the reading was spooled before the bridge's last start.
    ByWallClock,
    /// The wall clock was off by this many milliseconds (positive: ahead), so the service's was used.
    ClockWrong {
        /// Positive when the bridge's clock is ahead.
        off_by_ms: i64,
    },
}

/// A bridge's clock that is off by more than this is wrong, and said to be.
pub const CLOCK_TOLERANCE: Duration = minutes(2);

/// A steady clock's age beyond this is taken for a fault of the bridge, not for an age.
const OLDEST_AGE: Duration = minutes(60 * 24 * 60);

/// When a reading was really measured, as the service's clock has it.
///
/// `age` is how long before sending it was measured, by the bridge's steady clock; it is missing for a reading that was
/// spooled before the bridge's last start. A wrong wall clock is said, and never silences: a time ahead of the
/// service's is judged at the time of receipt.
#[must_use]
pub fn effective_time(
    measured_at: Timestamp,
    age: Option<Duration>,
    received_at: Timestamp,
) -> (Timestamp, Timing) {
    let tolerance = i64::try_from(CLOCK_TOLERANCE.as_millis()).unwrap_or(i64::MAX);
    if let Some(age) = age.filter(|age| *age <= OLDEST_AGE) {
        let effective_at = received_at.minus(age);
        let off_by_ms = measured_at.millis_since(effective_at);
        let timing = if off_by_ms.saturating_abs() > tolerance {
            Timing::ClockWrong { off_by_ms }
        } else {
            Timing::ByAge
        };
        return (effective_at, timing);
    }
    let ahead_ms = measured_at.millis_since(received_at);
    if ahead_ms > tolerance {
        (
            received_at,
            Timing::ClockWrong {
                off_by_ms: ahead_ms,
            },
        )
    } else {
        (measured_at.min(received_at), Timing::ByWallClock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    #[test]
    fn a_clock_an_hour_fast_is_judged_by_age_and_said_to_be_wrong() {
        let (at, timing) = effective_time(NOON.plus(minutes(60)), Some(seconds(3)), NOON);
        assert_eq!(at, NOON.minus(seconds(3)));
        assert_eq!(
            timing,
            Timing::ClockWrong {
                off_by_ms: 3_603_000
            }
        );
    }

    #[test]
    fn a_clock_an_hour_slow_does_not_make_a_new_reading_look_old() {
        let (at, timing) = effective_time(NOON.minus(minutes(60)), Some(seconds(3)), NOON);
        assert_eq!(at, NOON.minus(seconds(3)));
        assert!(matches!(timing, Timing::ClockWrong { off_by_ms } if off_by_ms < 0));
    }

    #[test]
    fn without_an_age_a_time_ahead_is_judged_at_receipt_and_an_old_one_is_believed() {
        assert_eq!(
            effective_time(NOON.plus(minutes(3)), None, NOON),
            (NOON, Timing::ClockWrong { off_by_ms: 180_000 })
        );
        assert_eq!(
            effective_time(NOON.plus(minutes(1)), None, NOON),
            (NOON, Timing::ByWallClock)
        );
        assert_eq!(
            effective_time(NOON.minus(minutes(50)), None, NOON),
            (NOON.minus(minutes(50)), Timing::ByWallClock)
        );
    }

    #[test]
    fn nothing_is_ever_judged_in_the_future() {
        for ahead in [0, 1, 60, 119, 121, 3600, 1_000_000] {
            for age in [
                None,
                Some(seconds(0)),
                Some(seconds(90)),
                Some(Duration::MAX),
            ] {
                assert!(effective_time(NOON.plus(seconds(ahead)), age, NOON).0 <= NOON);
            }
        }
    }
}
