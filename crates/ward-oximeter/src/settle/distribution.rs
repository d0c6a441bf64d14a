//! How long saturation and pulse stood at each value: what a window says of more than its last seconds.

use super::outcome::{TimeAt, WindowSummary};
use super::window::Stay;
use crate::doubts::Doubts;

/// So many different values are told apart: more than a saturation in tenths of a percent can have. Of a pulse, one
/// more counts as its neighbour.
const KEPT_VALUES: usize = 1_024;

/// Time by value, since the previous reading of the episode. Some 20 kB, whatever comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Distribution {
    /// Tenths of a percent, ascending.
    spo2: Vec<Stood>,
    /// Tenths of a beat a minute, ascending.
    pulse: Vec<Stood>,
    /// Of every sample in it.
    doubts: Doubts,
}

/// How long a value stood.
#[derive(Clone, Copy, Debug)]
struct Stood {
    value: u16,
    /// In all.
    millis: u32,
    /// Without any doubt.
    sound_millis: u32,
}

/// What a whole window says as one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Middle {
    pub(super) spo2_tenths: u16,
    pub(super) pulse_tenths: Option<u16>,
    /// Why it may be wrong: of every sample in the window, where doubtful ones brought it down.
    pub(super) doubts: Doubts,
}

impl Distribution {
    pub(super) fn add(&mut self, stay: &Stay) {
        if stay.millis == 0 {
            return;
        }
        let doubts = stay.value.doubts;
        let sound_millis = if doubts.is_empty() { stay.millis } else { 0 };
        let stood = |value| Stood {
            value,
            millis: stay.millis,
            sound_millis,
        };
        add_to(&mut self.spo2, stood(stay.value.spo2_tenths_percent));
        if let Some(pulse) = stay.value.pulse_tenths_bpm {
            add_to(&mut self.pulse, stood(pulse));
        }
        self.doubts = self.doubts.with(doubts);
    }

    /// The time-weighted median of the whole window. Doubt counts one way: it is the median of what was sound, or that
    /// of everything where that is lower.
    pub(super) fn middle(&self) -> Option<Middle> {
        let of_all = median(&self.spo2, |stood| stood.millis)?;
        let sound = median(&self.spo2, |stood| stood.sound_millis).filter(|sound| *sound <= of_all);
        let pulse = |weight: fn(&Stood) -> u32| median(&self.pulse, weight);
        let pulse_of_all = pulse(|stood| stood.millis);
        Some(match sound {
            Some(spo2_tenths) => Middle {
                spo2_tenths,
                pulse_tenths: pulse(|stood| stood.sound_millis).or(pulse_of_all),
                doubts: Doubts::NONE,
            },
            None => Middle {
                spo2_tenths: of_all,
                pulse_tenths: pulse_of_all,
                doubts: self.doubts,
            },
        })
    }

    /// What the window says of itself; nothing where no value stood for any time.
    pub(super) fn summary(&self, length_ms: u64) -> Option<WindowSummary> {
        let mut time_at: Vec<TimeAt> = Vec::new();
        for stood in &self.spo2 {
            let percent = u8::try_from(stood.value / 10).unwrap_or(u8::MAX);
            match time_at.last_mut().filter(|last| last.percent == percent) {
                Some(last) => last.millis = last.millis.saturating_add(stood.millis),
                None => time_at.push(TimeAt {
                    percent,
                    millis: stood.millis,
                }),
            }
        }
        Some(WindowSummary {
            length_ms,
            median_tenths_percent: self.middle()?.spo2_tenths,
            min_tenths_percent: self.spo2.first()?.value,
            max_tenths_percent: self.spo2.last()?.value,
            time_at,
        })
    }
}

fn add_to(values: &mut Vec<Stood>, stood: Stood) {
    let place = match values.binary_search_by_key(&stood.value, |known| known.value) {
        Ok(known) => known,
        Err(place) if values.len() < KEPT_VALUES => {
            values.insert(place, stood);
            return;
        }
        Err(place) => place.min(values.len().saturating_sub(1)),
    };
    if let Some(known) = values.get_mut(place) {
        known.millis = known.millis.saturating_add(stood.millis);
        known.sound_millis = known.sound_millis.saturating_add(stood.sound_millis);
    }
}

/// The value at which half of the time is over; of two in the middle the lower one.
fn median(values: &[Stood], weight: fn(&Stood) -> u32) -> Option<u16> {
    let whole: u64 = values.iter().map(|stood| u64::from(weight(stood))).sum();
    let mut until = 0;
    values
        .iter()
        .filter(|stood| weight(stood) > 0)
        .find(|stood| {
            until += u64::from(weight(stood));
            until * 2 >= whole
        })
        .map(|stood| stood.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Value;

    fn distribution(stays: &[(u16, u32, Doubts)]) -> Distribution {
        let mut distribution = Distribution::default();
        for (spo2_tenths_percent, millis, doubts) in stays {
            distribution.add(&Stay {
                value: Value {
                    spo2_tenths_percent: *spo2_tenths_percent,
                    pulse_tenths_bpm: Some(1_700 - *spo2_tenths_percent),
                    perfusion_hundredths_percent: None,
                    doubts: *doubts,
                },
                millis: *millis,
            });
        }
        distribution
    }

    #[test]
    fn a_median_counts_time_and_not_samples() {
        let stays = [
            (970, 1_000, Doubts::NONE),
            (960, 1_000, Doubts::NONE),
            (900, 4_000, Doubts::NONE),
        ];
        let middle = distribution(&stays).middle().unwrap();
        assert_eq!((middle.spo2_tenths, middle.pulse_tenths), (900, Some(800)));
        let even = distribution(&[(970, 2_000, Doubts::NONE), (930, 2_000, Doubts::NONE)]);
        assert_eq!(even.middle().unwrap().spo2_tenths, 930);
    }

    #[test]
    fn doubtful_time_makes_no_median_higher_and_may_make_it_lower() {
        let high = [(990, 40_000, Doubts::MOTION), (930, 20_000, Doubts::NONE)];
        assert_eq!(
            distribution(&high).middle().unwrap(),
            Middle {
                spo2_tenths: 930,
                pulse_tenths: Some(770),
                doubts: Doubts::NONE
            }
        );
        let low = [
            (850, 40_000, Doubts::POOR_SIGNAL),
            (970, 20_000, Doubts::NONE),
        ];
        assert_eq!(
            distribution(&low).middle().unwrap(),
            Middle {
                spo2_tenths: 850,
                pulse_tenths: Some(850),
                doubts: Doubts::POOR_SIGNAL
            }
        );
    }

    #[test]
    fn tenths_of_a_percent_are_one_whole_percent_in_the_summary() {
        let stays = [
            (959, 3_000, Doubts::NONE),
            (950, 2_000, Doubts::NONE),
            (949, 1_000, Doubts::NONE),
            (960, 0, Doubts::NONE),
        ];
        let summary = distribution(&stays).summary(7_000).unwrap();
        let at = |percent, millis| TimeAt { percent, millis };
        assert_eq!(summary.time_at, [at(94, 1_000), at(95, 5_000)]);
        assert_eq!(
            (
                summary.min_tenths_percent,
                summary.median_tenths_percent,
                summary.max_tenths_percent
            ),
            (949, 950, 959)
        );
        assert_eq!(distribution(&[]).summary(60_000), None);
    }

    #[test]
    fn memory_is_bounded_whatever_the_pulse_does_and_no_time_is_lost() {
        let mut distribution = Distribution::default();
        for pulse in 200..=3_500 {
            distribution.add(&Stay {
                value: Value {
                    spo2_tenths_percent: 970,
                    pulse_tenths_bpm: Some(pulse),
                    perfusion_hundredths_percent: None,
                    doubts: Doubts::NONE,
                },
                millis: 10,
            });
        }
        assert_eq!(distribution.pulse.len(), KEPT_VALUES);
        let whole: u32 = distribution.pulse.iter().map(|stood| stood.millis).sum();
        assert_eq!(whole, 33_010);
    }
}
