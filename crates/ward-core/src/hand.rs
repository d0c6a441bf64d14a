//! Values that a person typed: plausible or odd, and what the answer to an odd one makes of it.
//!
//! Saturation and pulse stand side by side on an oximeter and are easily swapped (hazard H07). What is odd is kept and
//! asked about; until there is an answer it counts as a doubtful reading of the lowest saturation that it can mean, and
//! a doubtful low pages.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Change, Problem, Severity};
use crate::event::WardEvent;
use crate::observed::ObservationRefused;
use crate::plan::Band;
use crate::reading::{Doubt, Measured, Reading, Values};
use crate::spo2::{Pulse, Spo2};
use crate::stay::Stay;
use crate::time::{Timestamp, minutes};

/// Under this whole percent a typed saturation is asked about: few who type are so low. `[check]`
pub const ASKED_UNDER_PERCENT: f64 = 70.0;

/// Under this a saturation beside a pulse that could be a saturation is taken for swapped. `[check]`
pub const SWAPPED_UNDER_PERCENT: f64 = 85.0;

/// A pulse outside this range is asked about. `[check]`
pub const LIKELY_PULSE: std::ops::RangeInclusive<f64> = 30.0..=220.0;

/// What an oximeter's two displays can show.
const SHOWN: std::ops::RangeInclusive<f64> = 1.0..=350.0;

/// A time stated so far ahead is a wrong date, not a clock that is fast.
const AHEAD_AT_MOST: Duration = minutes(24 * 60);

/// Readings of so long before the admission may be told: the baseline, the first day at home.
const BEFORE_ADMISSION: Duration = minutes(7 * 24 * 60);

/// Saturation and pulse, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Typed {
    /// Where the saturation belongs, percent.
    pub spo2: f64,
    /// Where the pulse belongs, beats a minute.
    pub pulse: Option<f64>,
}

/// What is odd about typed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// Saturation and pulse look swapped.
    Swapped,
    /// A saturation so low is seldom typed.
    VeryLow,
    /// Hardly anybody's pulse.
    UnlikelyPulse,
}

/// Typed values, as they are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Without doubt, or [`Doubt::TypedNotConfirmed`].
    pub values: Values,
    /// What is asked about them.
    pub odd: Option<Odd>,
}

/// Why typed values were refused, and what is possible.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum HandRefused {
    /// No saturation.
    #[error("oxygen must be a number from 1 to 100 percent; it was {0}")]
    Spo2(f64),
    /// No pulse.
    #[error("pulse must be a number from 1 to 350 beats a minute, or left out; it was {0}")]
    Pulse(f64),
    /// Something beside them.
    #[error(transparent)]
    Observation(#[from] ObservationRefused),
    /// There is nothing to swap with.
    #[error("the values cannot have been swapped: confirm them, or give the right ones")]
    NotSwapped,
    /// The stated time is days ahead.
    #[error("the time lies in the future: check the date")]
    Future,
    /// The stated time is long before the stay.
    #[error("the time lies more than 7 days before the stay began: check the date")]
    BeforeStay,
}

impl Typed {
    /// These values as they are judged, with what is to be asked about them.
    ///
    /// # Errors
    /// [`HandRefused`] where no saturation can be made of them, or the pulse is none.
    pub fn taken(self) -> Result<Taken, HandRefused> {
        if !SHOWN.contains(&self.spo2) {
            return Err(HandRefused::Spo2(self.spo2));
        }
        if let Some(pulse) = self.pulse.filter(|pulse| !SHOWN.contains(pulse)) {
            return Err(HandRefused::Pulse(pulse));
        }
        let pulse_could_be_spo2 = |from: f64| {
            self.pulse
                .is_some_and(|pulse| (from..=100.0).contains(&pulse))
        };
        if self.spo2 > 100.0 {
            // Only the other number can be the saturation.
            return match self.swapped() {
                Some(other) if pulse_could_be_spo2(50.0) => other.read(Some(Odd::Swapped)),
                Some(_) | None => Err(HandRefused::Spo2(self.spo2)),
            };
        }
        let odd = if self.spo2 < SWAPPED_UNDER_PERCENT && pulse_could_be_spo2(SWAPPED_UNDER_PERCENT)
        {
            Some(Odd::Swapped)
        } else if self.spo2 < ASKED_UNDER_PERCENT {
            Some(Odd::VeryLow)
        } else if self.pulse.is_some_and(|it| !LIKELY_PULSE.contains(&it)) {
            Some(Odd::UnlikelyPulse)
        } else {
            None
        };
        self.read(odd)
    }

    fn swapped(self) -> Option<Self> {
        self.pulse.map(|pulse| Self {
            spo2: pulse,
            pulse: Some(self.spo2),
        })
    }

    fn read(self, odd: Option<Odd>) -> Result<Taken, HandRefused> {
        let spo2 = Spo2::from_percent(self.spo2).ok_or(HandRefused::Spo2(self.spo2))?;
        let pulse = self.pulse.and_then(Pulse::from_bpm);
        let mut doubts = Vec::new();
        if odd.is_some() {
            doubts.push(Doubt::TypedNotConfirmed);
        }
        Ok(Taken {
            values: Values {
                spo2,
                pulse,
                perfusion_hundredths: None,
                window: None,
                observations: crate::reading::ObservationSet::default(),
                doubts,
            },
            odd,
        })
    }
}

/// The answer to an odd value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OddAnswer {
    /// Looked at again: it is so.
    AsTyped,
    /// Saturation and pulse were swapped.
    Swapped,
    /// Neither: these are right.
    Corrected(Typed),
}

/// What the answer makes of what was typed. A correction that is odd itself is asked about in its turn.
///
/// # Errors
/// [`HandRefused`]: the answer makes no reading.
pub fn answered(typed: Typed, answer: OddAnswer) -> Result<Taken, HandRefused> {
    match answer {
        OddAnswer::AsTyped => typed.read(None),
        OddAnswer::Swapped => {
            let swapped = typed.swapped().ok_or(HandRefused::NotSwapped)?;
            swapped.read(None).map_err(|_| HandRefused::NotSwapped)
        }
        OddAnswer::Corrected(right) => right.taken(),
    }
}

/// What follows from an answer, given what follows from the reading that it makes (`events`): one measurement is not
/// counted twice, and who took a value for a slip of the keys is told when it was none.
#[must_use]
pub fn judged_anew(
    stay: &Stay,
    open: &[Alert],
    typed: &Reading,
    right: &Reading,
    events: Vec<WardEvent>,
    now: Timestamp,
) -> Vec<WardEvent> {
    let band_of = |reading: &Reading| match &reading.measured {
        Measured::Values(values) => stay.plan.band(values.spo2),
        Measured::Attempt { .. } => Band::Green,
    };
    let (was, is) = (band_of(typed), band_of(right));
    let sound = matches!(&right.measured, Measured::Values(values) if !values.is_doubtful());
    let again = |event: WardEvent| {
        let WardEvent::Alert { change, alert } = event else {
            return event;
        };
        let known = open.iter().find(|it| it.number == alert.number);
        let (Some(known), true) = (known, is > Band::Green && was > Band::Green) else {
            return WardEvent::Alert { change, alert };
        };
        let mut alert = *alert;
        if let (Some(lows), Some(before)) = (&mut alert.lows, known.lows) {
            lows.count = lows.count.min(before.count);
        }
        if let (Some(reds), Some(before), Band::Red) = (&mut alert.reds, known.reds, was) {
            reds.count = reds.count.min(before.count);
        }
        let bears_out = sound
            && known.is_doubtful()
            && known.problem == Problem::Oxygen
            && Severity::of(is) >= known.severity;
        if change == Change::Continued && bears_out && !known.is_unacknowledged() {
            let alert = Box::new(alert.speak(now));
            return WardEvent::Alert {
                change: Change::SaidAgain,
                alert,
            };
        }
        let alert = Box::new(alert);
        WardEvent::Alert { change, alert }
    };
    events.into_iter().map(again).collect()
}

/// When something that a person told was so, by the service's clock: as stated, and never in the future. Without a
/// statement it is now.
///
/// A clock on the wall may be fast, and silences nobody; a date of next week is a slip of the pen.
///
/// # Errors
/// [`HandRefused::Future`] and [`HandRefused::BeforeStay`].
pub fn stated_time(
    stated: Option<Timestamp>,
    admitted_at: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, HandRefused> {
    let Some(at) = stated else { return Ok(now) };
    if at > now.plus(AHEAD_AT_MOST) {
        Err(HandRefused::Future)
    } else if at < admitted_at.minus(BEFORE_ADMISSION) {
        Err(HandRefused::BeforeStay)
    } else {
        Ok(at.min(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(spo2: f64, pulse: f64) -> Typed {
        Typed {
            spo2,
            pulse: Some(pulse),
        }
    }

    /// Written separately, for whole numbers: what a person at the desk would ask.
    fn expected(spo2: u16, pulse: Option<u16>) -> Option<(u16, &'static str)> {
        match (spo2, pulse) {
            (101.., Some(pulse @ 50..=100)) => Some((pulse, "swapped")),
            (101.., _) => None,
            (..=84, Some(85..=100)) => Some((spo2, "swapped")),
            (..=69, _) => Some((spo2, "very_low")),
            (70..=100, Some(..=29 | 221..)) => Some((spo2, "unlikely_pulse")),
            (70..=100, Some(30..=220) | None) => Some((spo2, "plausible")),
        }
    }

    #[test]
    fn every_pair_of_whole_numbers_is_asked_about_as_the_desk_would() {
        for spo2 in 1..=350_u16 {
            for pulse in (1..=350_u16).map(Some).chain([None]) {
                let taken = Typed {
                    spo2: f64::from(spo2),
                    pulse: pulse.map(f64::from),
                }
                .taken()
                .ok()
                .map(|taken| {
                    assert_eq!(taken.odd.is_some(), taken.values.is_doubtful());
                    let word = match taken.odd {
                        Some(Odd::Swapped) => "swapped",
                        Some(Odd::VeryLow) => "very_low",
                        Some(Odd::UnlikelyPulse) => "unlikely_pulse",
                        None => "plausible",
                    };
                    (taken.values.spo2.whole_percent(), word)
                });
                assert_eq!(taken, expected(spo2, pulse), "{spo2}/{pulse:?}");
            }
        }
    }

    #[test]
    fn a_swapped_pair_counts_as_the_low_until_it_is_answered() {
        let taken = typed(72.0, 95.0).taken().unwrap();
        assert_eq!(taken.odd, Some(Odd::Swapped));
        assert_eq!(taken.values.spo2, Spo2::from_percent(72.0).unwrap());
        assert_eq!(taken.values.doubts, [Doubt::TypedNotConfirmed]);

        let so = answered(typed(72.0, 95.0), OddAnswer::AsTyped).unwrap();
        assert_eq!((so.values.spo2.whole_percent(), so.odd), (72, None));
        let swapped = answered(typed(72.0, 95.0), OddAnswer::Swapped).unwrap();
        assert_eq!(
            (swapped.values.spo2.whole_percent(), swapped.odd),
            (95, None)
        );
        assert_eq!(swapped.values.pulse, Pulse::from_bpm(72.0));
        assert!(!swapped.values.is_doubtful());
    }

    #[test]
    fn a_correction_that_is_odd_is_asked_about_in_its_turn() {
        let right = answered(typed(9.0, 80.0), OddAnswer::Corrected(typed(95.0, 80.0))).unwrap();
        assert_eq!((right.values.spo2.whole_percent(), right.odd), (95, None));
        let odd = answered(typed(9.0, 80.0), OddAnswer::Corrected(typed(59.0, 80.0))).unwrap();
        assert_eq!(odd.odd, Some(Odd::VeryLow));
    }

    #[test]
    fn what_no_answer_can_mean_is_refused() {
        let impossible = answered(typed(102.0, 96.0), OddAnswer::AsTyped);
        assert_eq!(impossible, Err(HandRefused::Spo2(102.0)));
        for alone in [
            Typed {
                spo2: 60.0,
                pulse: None,
            },
            typed(60.0, 120.0),
        ] {
            let swapped = answered(alone, OddAnswer::Swapped);
            assert_eq!(swapped, Err(HandRefused::NotSwapped));
        }
        for spo2 in [0.0, -1.0, 350.1, f64::NAN, f64::INFINITY] {
            assert!(typed(spo2, 80.0).taken().is_err(), "{spo2}");
            assert!(typed(95.0, spo2).taken().is_err(), "{spo2}");
        }
    }

    #[test]
    fn a_fast_watch_is_judged_at_receipt_and_a_wrong_date_is_asked_back() {
        const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);
        let admitted = NOW.minus(minutes(3 * 24 * 60));
        let at = |stated| stated_time(stated, admitted, NOW);
        assert_eq!(at(None), Ok(NOW));
        assert_eq!(at(Some(NOW.plus(minutes(60)))), Ok(NOW));
        assert_eq!(at(Some(NOW.minus(minutes(60)))), Ok(NOW.minus(minutes(60))));
        let next_week = NOW.plus(minutes(7 * 24 * 60));
        assert_eq!(at(Some(next_week)), Err(HandRefused::Future));
        let last_year = NOW.minus(minutes(365 * 24 * 60));
        assert_eq!(at(Some(last_year)), Err(HandRefused::BeforeStay));
    }
}
