//! The monitoring plan of one stay: thresholds as data, never in code.

mod rules;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use rules::{News2Rule, PulseLimits, Rules, RulesRefused, SustainedRule, TrendRule};

use crate::spo2::Spo2;

/// How low a value is, by the plan of the person it was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Carry on.
    Green,
    /// Check again within the hour; the ward is due a call.
    Amber,
    /// Check again at once; the ward acts now.
    Red,
}

/// Which NEWS2 SpO2 scale a clinician chose for this stay. Never inferred from a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spo2Scale {
    /// The usual scale.
    One,
    /// For a prescribed target of 88–92 %, in chronic lung disease.
    Two,
}

/// What is judged how, for one stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonitoringPlan {
    /// The NEWS2 scale.
    pub spo2_scale: Spo2Scale,
    /// Red at this whole percent and under.
    pub red_at_or_below: u16,
    /// Amber at this whole percent and under, down to the red limit.
    pub amber_at_or_below: u16,
    /// A red without a recheck in this many seconds counts as confirmed.
    pub recheck_red_seconds: u32,
    /// An amber without a recheck in this many seconds counts as confirmed.
    pub recheck_amber_seconds: u32,
    /// The rules beside the bands.
    #[serde(default)]
    pub rules: Rules,
}

/// Why a plan was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefused {
    /// The limits do not lie in order within what can be measured.
    #[error(
        "red_at_or_below ({red}) must be at least 50 and below amber_at_or_below ({amber}), which must be under 100"
    )]
    LimitsOutOfOrder {
        /// The red limit given.
        red: u16,
        /// The amber limit given.
        amber: u16,
    },
    /// A recheck time of nothing would confirm everything at once; one of days would confirm nothing.
    #[error("recheck times must lie between 10 seconds and 24 hours")]
    RecheckOutOfRange,
    /// A rule beside the bands.
    #[error(transparent)]
    Rules(#[from] RulesRefused),
}

impl MonitoringPlan {
    /// The bands of NHS England's COVID Oximetry @home procedure (C1396 v1.3): amber 93–94, red 92 and under; a red is
    /// rechecked within 5 minutes, an amber within the hour.
    #[must_use]
    pub const fn scale_one() -> Self {
        Self {
            spo2_scale: Spo2Scale::One,
            red_at_or_below: 92,
            amber_at_or_below: 94,
            recheck_red_seconds: 300,
            recheck_amber_seconds: 3600,
            rules: Rules::usual(),
        }
    }

    /// For a prescribed target of 88–92 %: hypoxia is under 88 % there (BMJ 2021;372:n677): amber 86–87, red 85 and
    /// under.
    #[must_use]
    pub const fn target_88_to_92() -> Self {
        Self {
            spo2_scale: Spo2Scale::Two,
            red_at_or_below: 85,
            amber_at_or_below: 87,
            recheck_red_seconds: 300,
            recheck_amber_seconds: 3600,
            rules: Rules::target_88_to_92(),
        }
    }

    /// This plan with none of the rules beside the bands.
    #[must_use]
    pub const fn with_bands_alone(self) -> Self {
        Self {
            rules: Rules::none(),
            ..self
        }
    }

    /// The plan, if its numbers can be worked by.
    ///
    /// # Errors
    /// [`PlanRefused`] says which number to change.
    pub fn checked(self) -> Result<Self, PlanRefused> {
        if self.red_at_or_below < 50
            || self.red_at_or_below >= self.amber_at_or_below
            || self.amber_at_or_below >= 100
        {
            return Err(PlanRefused::LimitsOutOfOrder {
                red: self.red_at_or_below,
                amber: self.amber_at_or_below,
            });
        }
        let sane = 10..=86_400;
        if !sane.contains(&self.recheck_red_seconds) || !sane.contains(&self.recheck_amber_seconds)
        {
            return Err(PlanRefused::RecheckOutOfRange);
        }
        self.rules.check(self.amber_at_or_below)?;
        Ok(self)
    }

    /// The band of a value, judged rounded down to a whole percent.
    #[must_use]
    pub const fn band(&self, spo2: Spo2) -> Band {
        let percent = spo2.whole_percent();
        if percent <= self.red_at_or_below {
            Band::Red
        } else if percent <= self.amber_at_or_below {
            Band::Amber
        } else {
            Band::Green
        }
    }

    /// How long after a low value of this band its recheck is waited for.
    #[must_use]
    pub const fn recheck_within(&self, band: Band) -> Duration {
        match band {
            Band::Red => Duration::from_secs(self.recheck_red_seconds as u64),
            Band::Amber | Band::Green => Duration::from_secs(self.recheck_amber_seconds as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the procedure, written out: every whole percent and its band.
    fn expected(scale: Spo2Scale, percent: u16) -> Band {
        match (scale, percent) {
            (Spo2Scale::One, 95..) | (Spo2Scale::Two, 88..) => Band::Green,
            (Spo2Scale::One, 93 | 94) | (Spo2Scale::Two, 86 | 87) => Band::Amber,
            (Spo2Scale::One | Spo2Scale::Two, _) => Band::Red,
        }
    }

    #[test]
    fn every_tenth_of_a_percent_has_the_band_of_the_procedure_on_both_plans() {
        for plan in [
            MonitoringPlan::scale_one(),
            MonitoringPlan::target_88_to_92(),
        ] {
            for tenths in 10..=1000 {
                let value = Spo2::from_tenths(tenths).unwrap();
                assert_eq!(
                    plan.band(value),
                    expected(plan.spo2_scale, tenths / 10),
                    "{value} on {:?}",
                    plan.spo2_scale
                );
            }
        }
    }

    /// Said in tenths, without the rounding down: red up to and including the limit's last tenth.
    #[test]
    fn every_tenth_has_its_band_whatever_the_limits() {
        for red in 50..99 {
            for amber in red + 1..100 {
                let plan = MonitoringPlan {
                    red_at_or_below: red,
                    amber_at_or_below: amber,
                    ..MonitoringPlan::scale_one()
                }
                .checked()
                .unwrap();
                for tenths in 10..=1000 {
                    let expected = if tenths < 10 * (red + 1) {
                        Band::Red
                    } else if tenths < 10 * (amber + 1) {
                        Band::Amber
                    } else {
                        Band::Green
                    };
                    let value = Spo2::from_tenths(tenths).unwrap();
                    assert_eq!(plan.band(value), expected, "{value} on {red}/{amber}");
                }
            }
        }
    }

    #[test]
    fn limits_out_of_range_are_refused_and_those_on_the_edge_are_not() {
        for red in 0..=101 {
            for amber in 0..=101 {
                let plan = MonitoringPlan {
                    red_at_or_below: red,
                    amber_at_or_below: amber,
                    ..MonitoringPlan::scale_one()
                };
                let sane = (50..amber).contains(&red) && amber <= 99;
                assert_eq!(plan.checked().is_ok(), sane, "{red}/{amber}");
            }
        }
        for (seconds, sane) in [(9, false), (10, true), (86_400, true), (86_401, false)] {
            for plan in [
                MonitoringPlan {
                    recheck_red_seconds: seconds,
                    ..MonitoringPlan::scale_one()
                },
                MonitoringPlan {
                    recheck_amber_seconds: seconds,
                    ..MonitoringPlan::scale_one()
                },
            ] {
                assert_eq!(plan.checked().is_ok(), sane, "{seconds}");
            }
        }
    }

    #[test]
    fn limits_that_cross_are_refused_and_named() {
        let plan = MonitoringPlan {
            red_at_or_below: 94,
            ..MonitoringPlan::scale_one()
        };
        assert_eq!(
            plan.checked(),
            Err(PlanRefused::LimitsOutOfOrder { red: 94, amber: 94 })
        );
        let plan = MonitoringPlan {
            recheck_red_seconds: 0,
            ..MonitoringPlan::scale_one()
        };
        assert_eq!(plan.checked(), Err(PlanRefused::RecheckOutOfRange));
    }
}
