//! Oxygen saturation and pulse, with their units and ranges.

use serde::{Deserialize, Serialize};

/// Peripheral oxygen saturation, 0.1 % to 100 %, kept to a tenth of a percent.
///
/// Bands and NEWS2 judge it rounded **down** to a whole percent: 92.9 is a 92.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spo2(u16);

impl Spo2 {
    /// From a percentage. `None` for what no oximeter can mean: under 1, over 100, not a number.
    ///
    /// More than one decimal is cut off, not rounded: rounding up could carry a value over a limit.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        (1.0..=100.0)
            .contains(&percent)
            .then(|| Self(cut_to_tenths(percent)))
    }

    /// From tenths of a percent, 10 to 1000.
    #[must_use]
    pub const fn from_tenths(tenths: u16) -> Option<Self> {
        if tenths >= 10 && tenths <= 1000 {
            Some(Self(tenths))
        } else {
            None
        }
    }

    /// Tenths of a percent.
    #[must_use]
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// The percentage with its decimal, as it is shown.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The whole percent that bands judge: rounded down.
    #[must_use]
    pub const fn whole_percent(self) -> u16 {
        self.0 / 10
    }

    /// Whether this value lies `points` percent or more below `other`.
    #[must_use]
    pub const fn is_below_by(self, points: u16, other: Self) -> bool {
        self.0 + points * 10 <= other.0
    }
}

impl std::fmt::Display for Spo2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_multiple_of(10) {
            write!(f, "{}", self.0 / 10)
        } else {
            write!(f, "{}.{}", self.0 / 10, self.0 % 10)
        }
    }
}

/// Pulse rate in beats a minute, 20 to 350, kept to a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pulse(u16);

impl Pulse {
    /// From beats a minute. `None` outside 20 to 350: the SpO2 beside it is then judged alone and marked.
    #[must_use]
    pub fn from_bpm(bpm: f64) -> Option<Self> {
        (20.0..=350.0)
            .contains(&bpm)
            .then(|| Self(cut_to_tenths(bpm)))
    }

    /// From tenths of a beat a minute, 200 to 3500.
    #[must_use]
    pub const fn from_tenths(tenths: u16) -> Option<Self> {
        if tenths >= 200 && tenths <= 3500 {
            Some(Self(tenths))
        } else {
            None
        }
    }

    /// Tenths of a beat a minute.
    #[must_use]
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// Beats a minute.
    #[must_use]
    pub fn bpm(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

/// The small addend keeps 92.3, which binary holds as 92.2999…, from being cut to 92.2.
fn cut_to_tenths(value: f64) -> u16 {
    let tenths = (value * 10.0 + 1e-6).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "callers have checked the range: 10 to 3500"
    )]
    let tenths = tenths as u16;
    tenths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tenth_survives_the_trip_through_a_float() {
        for tenths in 10..=1000 {
            let value = Spo2::from_tenths(tenths).unwrap();
            assert_eq!(Spo2::from_percent(value.percent()), Some(value));
        }
    }

    #[test]
    fn ninety_two_point_nine_nine_is_judged_as_a_92() {
        let value = Spo2::from_percent(92.99).unwrap();
        assert_eq!((value.tenths(), value.whole_percent()), (929, 92));
    }

    #[test]
    fn what_no_oximeter_can_mean_is_no_value() {
        for percent in [0.0, 0.9, 100.1, 127.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Spo2::from_percent(percent), None, "{percent}");
        }
        for bpm in [0.0, 19.9, 350.1, 511.0, f64::NAN] {
            assert_eq!(Pulse::from_bpm(bpm), None, "{bpm}");
        }
    }
}
