//! The last seconds of a continuous stream: is it stable, and what is its median?

use std::collections::VecDeque;

use crate::doubts::Doubts;
use crate::judge::{Reason, Value};

/// Length of a window.
pub(super) const WINDOW_MS: u64 = 10_000;
/// 0.5 Hz, with room for the jitter of the radio.
const LONGEST_GAP_MS: u64 = 2_500;
const SPO2_RANGE_TENTHS: u16 = 20;
const PULSE_RANGE_TENTHS: u16 = 80;
/// 0.2 %: a window needs more.
const LEAST_PERFUSION_HUNDREDTHS: u16 = 20;

/// A window, what is not yet ripe, and some more.
const KEPT_MS: u64 = 20_000;
/// 25 samples a second for that long; a faster stream loses its oldest ones.
const KEPT_SAMPLES: usize = 512;
/// PLX sensors may send every 4 s. A longer silence stands at no value.
const LONGEST_STAY_MS: u64 = 4_000;

/// One measurement of a continuous stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) at_ms: u64,
    pub(super) judged: Result<Value, Reason>,
}

/// The samples of the last 20 s.
#[derive(Clone, Debug, Default)]
pub(super) struct Track(VecDeque<Sample>);

/// Samples of some seconds, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Window(Vec<Sample>);

/// What a window says as one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary {
    pub(super) value: Value,
    pub(super) began_ms: u64,
    pub(super) ended_ms: u64,
}

/// How long a value stood until the next sample came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub(super) value: Value,
    pub(super) millis: u32,
}

impl Track {
    pub(super) fn push(&mut self, sample: Sample) {
        self.0.push_back(sample);
        while self.0.len() > KEPT_SAMPLES
            || self
                .0
                .front()
                .is_some_and(|oldest| oldest.at_ms.saturating_add(KEPT_MS) < sample.at_ms)
        {
            self.0.pop_front();
        }
    }

    /// The last ten seconds up to `until_ms`, with the one sample before them that makes the window full.
    pub(super) fn window(&self, until_ms: u64) -> Window {
        let Some(last) = self.0.iter().rev().find(|sample| sample.at_ms <= until_ms) else {
            return Window(Vec::new());
        };
        let from_ms = last.at_ms.saturating_sub(WINDOW_MS);
        let mut samples: Vec<_> = self
            .0
            .iter()
            .filter(|sample| (from_ms..=until_ms).contains(&sample.at_ms))
            .copied()
            .collect();
        let is_full = samples.first().is_some_and(|first| first.at_ms == from_ms);
        if !is_full && let Some(before) = self.0.iter().rev().find(|sample| sample.at_ms < from_ms)
        {
            samples.insert(0, *before);
        }
        Window(samples)
    }

    pub(super) fn values_after(&self, after_ms: u64) -> u32 {
        let newer = self
            .0
            .iter()
            .filter(|sample| sample.at_ms > after_ms && sample.judged.is_ok());
        u32::try_from(newer.count()).unwrap_or(u32::MAX)
    }

    /// When the newest sample up to `until_ms` came.
    pub(super) fn newest_ms(&self, until_ms: u64) -> Option<u64> {
        let mut newest_first = self.0.iter().rev().map(|sample| sample.at_ms);
        newest_first.find(|at_ms| *at_ms <= until_ms)
    }

    /// How long each sample stood whose next one came between the two times. Each is said once when the times follow
    /// one another and fall on samples.
    pub(super) fn stays(&self, after_ms: u64, until_ms: u64) -> impl Iterator<Item = Stay> {
        self.0
            .iter()
            .zip(self.0.iter().skip(1))
            .filter_map(move |(sample, next)| {
                let value = sample.judged.ok()?;
                let counts = next.at_ms > after_ms && next.at_ms <= until_ms;
                let stay_ms = next.at_ms.saturating_sub(sample.at_ms).min(LONGEST_STAY_MS);
                counts.then_some(Stay {
                    value,
                    millis: u32::try_from(stay_ms).unwrap_or(u32::MAX),
                })
            })
    }
}

impl Window {
    /// Ten seconds or more at half a hertz or more, without any doubt, that hardly moved.
    pub(super) fn is_stable(&self) -> bool {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return false;
        };
        let sound = |value: &Value| {
            value.doubts.is_empty()
                && value
                    .perfusion_hundredths_percent
                    .is_none_or(|perfusion| perfusion > LEAST_PERFUSION_HUNDREDTHS)
        };
        last.at_ms.saturating_sub(first.at_ms) >= WINDOW_MS
            && self
                .0
                .iter()
                .all(|sample| sample.judged.as_ref().is_ok_and(sound))
            && self
                .0
                .iter()
                .zip(self.0.iter().skip(1))
                .all(|(a, b)| b.at_ms.saturating_sub(a.at_ms) <= LONGEST_GAP_MS)
            && range(self.values().map(|value| value.spo2_tenths_percent)) <= SPO2_RANGE_TENTHS
            && range(self.values().filter_map(|value| value.pulse_tenths_bpm)) <= PULSE_RANGE_TENTHS
    }

    /// Its last `millis`, but never fewer than three values where there are three.
    pub(super) fn tail(&self, millis: u64) -> Self {
        let mut values = self.0.iter().rev().filter(|sample| sample.judged.is_ok());
        let newest_ms = self
            .0
            .iter()
            .rev()
            .find(|sample| sample.judged.is_ok())
            .map_or(0, |sample| sample.at_ms);
        let mut tail: Vec<_> = values.by_ref().take(3).copied().collect();
        tail.extend(values.take_while(|sample| sample.at_ms.saturating_add(millis) >= newest_ms));
        tail.reverse();
        Self(tail)
    }

    /// Medians and all doubts, when there are at least so many values.
    pub(super) fn summary(&self, at_least: usize) -> Option<Summary> {
        let valid = || self.0.iter().filter(|sample| sample.judged.is_ok());
        if valid().count() < at_least {
            return None;
        }
        let pulse_tenths_bpm = median(
            self.values()
                .filter_map(|value| value.pulse_tenths_bpm)
                .collect(),
        );
        // Single missing pulses do not spoil the median of the others.
        let doubts = self
            .values()
            .filter(|value| value.pulse_tenths_bpm.is_some() || pulse_tenths_bpm.is_none())
            .fold(Doubts::NONE, |doubts, value| doubts.with(value.doubts));
        Some(Summary {
            value: Value {
                spo2_tenths_percent: median(
                    self.values()
                        .map(|value| value.spo2_tenths_percent)
                        .collect(),
                )?,
                pulse_tenths_bpm,
                perfusion_hundredths_percent: median(
                    self.values()
                        .filter_map(|value| value.perfusion_hundredths_percent)
                        .collect(),
                ),
                doubts,
            },
            began_ms: valid().next()?.at_ms,
            ended_ms: valid().next_back()?.at_ms,
        })
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        self.0.iter().filter_map(|sample| sample.judged.ok())
    }
}

fn range(values: impl Iterator<Item = u16>) -> u16 {
    let (low, high) = values.fold((u16::MAX, 0), |(low, high), value| {
        (value.min(low), value.max(high))
    });
    high.saturating_sub(low)
}

/// Of an even number the lower one of the middle two: a value that was measured, and on the side of caution.
fn median(mut values: Vec<u16>) -> Option<u16> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(percent: u16) -> Value {
        Value {
            spo2_tenths_percent: percent * 10,
            pulse_tenths_bpm: Some(720),
            perfusion_hundredths_percent: None,
            doubts: Doubts::NONE,
        }
    }

    fn track(samples: impl IntoIterator<Item = (u64, Value)>) -> Track {
        let mut track = Track::default();
        for (at_ms, value) in samples {
            track.push(Sample {
                at_ms,
                judged: Ok(value),
            });
        }
        track
    }

    #[test]
    fn ten_seconds_at_half_a_hertz_are_a_window_and_nine_are_not() {
        let half_hertz = |length: u64| {
            track(
                (0..=length)
                    .step_by(2)
                    .map(|second| (second * 1000, value(97))),
            )
        };
        assert!(half_hertz(10).window(10_000).is_stable());
        assert!(!half_hertz(8).window(10_000).is_stable());
        let slower = track((0..=4).map(|n| (n * 3000, value(97))));
        assert!(!slower.window(12_000).is_stable());
    }

    #[test]
    fn two_points_are_stable_and_three_are_not() {
        let ramp = |last| {
            track(
                (0..=10).map(|second| (second * 1000, value(if second == 10 { last } else { 97 }))),
            )
        };
        assert!(ramp(95).window(10_000).is_stable());
        assert!(!ramp(94).window(10_000).is_stable());
    }

    #[test]
    fn a_pulse_that_moves_a_weak_perfusion_and_any_doubt_unsettle_a_window() {
        let with =
            |last: Value| {
                track((0..=10).map(move |second| {
                    (second * 1000, if second == 10 { last } else { value(97) })
                }))
                .window(10_000)
                .is_stable()
            };
        assert!(with(Value {
            pulse_tenths_bpm: Some(800),
            ..value(97)
        }));
        assert!(!with(Value {
            pulse_tenths_bpm: Some(801),
            ..value(97)
        }));
        assert!(with(Value {
            perfusion_hundredths_percent: Some(21),
            ..value(97)
        }));
        assert!(!with(Value {
            perfusion_hundredths_percent: Some(20),
            ..value(97)
        }));
        assert!(!with(Value {
            doubts: Doubts::MOTION,
            ..value(97)
        }));
    }

    #[test]
    fn a_median_of_an_even_number_is_the_lower_middle_one() {
        assert_eq!(median(vec![96, 84, 90, 93]), Some(90));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn memory_is_bounded_at_any_rate() {
        let track = track((0..100_000).map(|n| (n / 100, value(97))));
        assert!(track.0.len() <= KEPT_SAMPLES);
    }
}
