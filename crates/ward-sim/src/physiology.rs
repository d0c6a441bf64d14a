//! A virtual patient: saturation, pulse and perfusion as functions of elapsed time.

use std::str::FromStr;

use crate::noise::{drift, pick, white};

/// What happens to a virtual patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// 96 to 97 %, day after day.
    Stable,
    /// From 96.5 % to 88 % in four hours.
    SlowFall,
    /// A minute at 96 %, then to 84 % within ten seconds, and it stays there.
    SuddenFall,
    /// The clip is switched on, and no finger is in it.
    FingerOut,
    /// Cold hands: weak perfusion, a signal that comes and goes.
    PoorSignal,
    /// Chronic lung disease: lives around 89 to 91 %, prescribed 88 to 92 %.
    Copd88To92,
    /// From 91 % to 96.5 % in a day.
    Recovering,
    /// Well, and after two measurements is not heard of again.
    StopsMeasuring,
    /// 95 % with a pulse around 135.
    Tachycardic,
}

/// What a finger shows at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// Tenths of a percent.
    pub spo2_tenths_percent: u16,
    /// Tenths of a beat a minute.
    pub pulse_tenths_bpm: u16,
    /// Hundredths of a percent.
    pub perfusion_hundredths_percent: u16,
    /// How well it can be seen.
    pub signal: Signal,
}

/// How well the pulse can be seen through a finger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Clear.
    Good,
    /// Values come, with doubt.
    Poor,
    /// No value at all.
    Lost,
}

/// A virtual patient: the same seed is the same patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patient {
    scenario: Scenario,
    seed: u64,
}

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// When the sudden fall begins.
const FALL_BEGINS_MS: u64 = MINUTE_MS;
/// How long it takes.
const FALL_TAKES_MS: u64 = 10 * SECOND_MS;

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Stable,
        Self::SlowFall,
        Self::SuddenFall,
        Self::FingerOut,
        Self::PoorSignal,
        Self::Copd88To92,
        Self::Recovering,
        Self::StopsMeasuring,
        Self::Tachycardic,
    ];

    /// As it is written in configurations and on command lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::SlowFall => "slow_fall",
            Self::SuddenFall => "sudden_fall",
            Self::FingerOut => "finger_out",
            Self::PoorSignal => "poor_signal",
            Self::Copd88To92 => "copd_88_92",
            Self::Recovering => "recovering",
            Self::StopsMeasuring => "stops_measuring",
            Self::Tachycardic => "tachycardic",
        }
    }
}

impl FromStr for Scenario {
    type Err = String;

    /// # Errors
    /// A sentence with the names there are.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scenario| scenario.name() == name)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                format!("no scenario is called \"{name}\"; there are {names}")
            })
    }
}

impl Patient {
    /// A patient to whom this happens.
    #[must_use]
    pub const fn new(scenario: Scenario, seed: u64) -> Self {
        Self { scenario, seed }
    }

    /// What happens to this patient.
    #[must_use]
    pub const fn scenario(&self) -> Scenario {
        self.scenario
    }

    /// Which patient this is.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// What a finger in the clip shows after so much time.
    #[must_use]
    pub fn at(&self, elapsed_ms: u64) -> Body {
        let (spo2, pulse, perfusion) = self.course(elapsed_ms);
        let second = elapsed_ms / SECOND_MS;
        let signal = self.signal(second);
        let restless = if signal == Signal::Good { 2 } else { 18 };
        let spo2 = spo2
            + drift(self.seed, 1, elapsed_ms, 240_000, 5)
            + white(self.seed, 2, second, restless);
        let pulse = pulse
            + drift(self.seed, 3, elapsed_ms, 60_000, 40)
            + white(self.seed, 4, second, 10 * restless / 2);
        let perfusion = perfusion + drift(self.seed, 5, elapsed_ms, 90_000, 20) * perfusion / 100;
        Body {
            spo2_tenths_percent: clamped(spo2, 500, 1000),
            pulse_tenths_bpm: clamped(pulse, 300, 2_000),
            perfusion_hundredths_percent: clamped(perfusion, 2, 2_000),
            signal,
        }
    }

    /// Saturation, pulse and perfusion without noise, in the units of [`Body`].
    fn course(&self, at_ms: u64) -> (i64, i64, i64) {
        // Every patient is a little different from the next one.
        let own = white(self.seed, 0, 0, 3);
        let own_pulse = 720 + white(self.seed, 0, 1, 80);
        match self.scenario {
            Scenario::Stable | Scenario::StopsMeasuring | Scenario::FingerOut => {
                (966 + own, own_pulse, 450)
            }
            Scenario::SlowFall => (
                ramp(at_ms, 0, 4 * HOUR_MS, 965, 880) + own,
                own_pulse + 60,
                350,
            ),
            Scenario::SuddenFall => {
                let spo2 = ramp(at_ms, FALL_BEGINS_MS, FALL_TAKES_MS, 960, 840);
                (
                    spo2,
                    ramp(at_ms, FALL_BEGINS_MS, 4 * FALL_TAKES_MS, 780, 1_100),
                    300,
                )
            }
            Scenario::PoorSignal => (945 + own, own_pulse + 100, 14),
            Scenario::Copd88To92 => (900 + own, own_pulse + 110, 260),
            Scenario::Recovering => (
                ramp(at_ms, 0, 24 * HOUR_MS, 912, 965) + own,
                own_pulse + 40,
                380,
            ),
            Scenario::Tachycardic => (952 + own, 1_350, 280),
        }
    }

    fn signal(&self, second: u64) -> Signal {
        if self.scenario != Scenario::PoorSignal {
            return Signal::Good;
        }
        // It comes and goes in spells of four seconds.
        match pick(self.seed, 6, second / 4, 10) {
            0..=1 => Signal::Lost,
            2..=7 => Signal::Poor,
            _ => Signal::Good,
        }
    }
}

/// Straight from one value to another.
fn ramp(at_ms: u64, begins_ms: u64, takes_ms: u64, from: i64, to: i64) -> i64 {
    let into_ms = at_ms.saturating_sub(begins_ms).min(takes_ms);
    let part = |ms| i64::try_from(ms).unwrap_or(1).max(1);
    if into_ms == 0 {
        from
    } else {
        from + (to - from) * part(into_ms) / part(takes_ms)
    }
}

fn clamped(value: i64, low: u16, high: u16) -> u16 {
    u16::try_from(value.clamp(low.into(), high.into())).unwrap_or(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.name().parse(), Ok(scenario));
        }
        assert!(
            "sleepy"
                .parse::<Scenario>()
                .unwrap_err()
                .contains("copd_88_92")
        );
    }

    #[test]
    fn the_sudden_fall_takes_ten_seconds() {
        let patient = Patient::new(Scenario::SuddenFall, 3);
        assert!(patient.at(59_000).spo2_tenths_percent >= 950);
        assert!(patient.at(70_000).spo2_tenths_percent <= 850);
    }

    #[test]
    fn a_patient_with_lung_disease_lives_around_ninety() {
        for seed in 0..20 {
            let patient = Patient::new(Scenario::Copd88To92, seed);
            for minute in 0..600 {
                assert!((885..=915).contains(&patient.at(minute * MINUTE_MS).spo2_tenths_percent));
            }
        }
    }

    #[test]
    fn ten_quiet_seconds_move_less_than_two_points() {
        for seed in 0..20 {
            let patient = Patient::new(Scenario::Stable, seed);
            let spo2 = |second: u64| patient.at(second * SECOND_MS).spo2_tenths_percent;
            for begin in (0..3_600).step_by(10) {
                let window = || (begin..=begin + 10).map(spo2);
                assert!(window().max().unwrap() - window().min().unwrap() <= 20);
            }
        }
    }
}
