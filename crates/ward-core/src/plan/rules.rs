//! The rules beside the bands: what else makes an alert, and from where on. Every number is the plan's.
//!
//! The defaults are common practice of the field, to be checked by the ward's clinicians; those of NEWS2 are the table's
//! (Royal College of Physicians, 2017).

use serde::{Deserialize, Serialize};

use super::{Band, Spo2Scale};
use crate::spo2::Pulse;

/// The rules beside the bands. A rule that is `None` judges nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// So many points under the stay's baseline are amber.
    pub drop_amber_points: Option<u16>,
    /// So many points under the stay's baseline are red. Off unless a clinician sets it.
    pub drop_red_points: Option<u16>,
    /// The last readings against those of the first day.
    pub trend: Option<TrendRule>,
    /// How long a continuous source may stand under the red limit.
    pub sustained: Option<SustainedRule>,
    /// From this whole percent on oxygen is too much, while the person is on oxygen: amber.
    pub too_high_at_or_above: Option<u16>,
    /// This person is on oxygen at home: so is every value that does not say otherwise.
    pub on_oxygen: bool,
    /// Limits of the pulse.
    pub pulse: Option<PulseLimits>,
    /// From which NEWS2 score on there is an alert.
    pub news2: Option<News2Rule>,
    /// A fall of so many points in an exertion test is positive: amber.
    pub exertion_fall_points: Option<u16>,
}

/// The median of the last readings, against the median of the first day: amber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrendRule {
    /// So many points lower.
    pub points: u16,
    /// Of so many last readings.
    pub readings: u16,
}

/// Under the red limit for `seconds` of the last `of_seconds`: red. Over when it has stood `clears_points` over that limit, or higher,
/// for `of_seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SustainedRule {
    /// So many seconds …
    pub seconds: u32,
    /// … of so many.
    pub of_seconds: u32,
    /// So many points over the red limit clear it.
    pub clears_points: u16,
}

/// Limits of the pulse, beats a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PulseLimits {
    /// Red at this and under.
    pub red_at_or_below: u16,
    /// Amber at this and under.
    pub amber_at_or_below: u16,
    /// Amber at this and over.
    pub amber_at_or_above: u16,
    /// Red at this and over.
    pub red_at_or_above: u16,
}

impl PulseLimits {
    /// The band of a pulse, and the limit that it met. Rounded down to a whole beat, as the saturation is to a whole percent:
    /// 40.9 is a 40.
    #[must_use]
    pub const fn judge(&self, pulse: Pulse) -> (Band, Option<u16>) {
        let bpm = pulse.tenths() / 10;
        if bpm <= self.red_at_or_below {
            (Band::Red, Some(self.red_at_or_below))
        } else if bpm >= self.red_at_or_above {
            (Band::Red, Some(self.red_at_or_above))
        } else if bpm <= self.amber_at_or_below {
            (Band::Amber, Some(self.amber_at_or_below))
        } else if bpm >= self.amber_at_or_above {
            (Band::Amber, Some(self.amber_at_or_above))
        } else {
            (Band::Green, None)
        }
    }
}

/// From which score on there is an alert, judged by what the set scores at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct News2Rule {
    /// Amber at this total and over.
    pub amber_at_or_above: u8,
    /// Red at this total and over.
    pub red_at_or_above: u8,
    /// A single parameter that scores 3 is amber.
    pub single_three_is_amber: bool,
    /// What was taken further apart than this is not one set, in minutes.
    pub max_spread_minutes: u16,
}

impl Default for TrendRule {
    fn default() -> Self {
        Self {
            points: 3,
            readings: 3,
        }
    }
}

impl Default for SustainedRule {
    fn default() -> Self {
        Self {
            seconds: 60,
            of_seconds: 120,
            clears_points: 2,
        }
    }
}

impl Default for PulseLimits {
    fn default() -> Self {
        Self {
            red_at_or_below: 40,
            amber_at_or_below: 50,
            amber_at_or_above: 111,
            red_at_or_above: 131,
        }
    }
}

impl Default for News2Rule {
    fn default() -> Self {
        Self {
            amber_at_or_above: 5,
            red_at_or_above: 7,
            single_three_is_amber: true,
            max_spread_minutes: 30,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::usual()
    }
}

/// Why a rule was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesRefused {
    /// No fall, or one that cannot be.
    #[error(
        "drop_amber_points, drop_red_points, trend points and exertion_fall_points lie between 1 and 30"
    )]
    Points,
    /// A red that comes before the amber.
    #[error("drop_red_points must be more than drop_amber_points")]
    DropOutOfOrder,
    /// Too few or too many.
    #[error("a trend is the median of 3 to 12 readings")]
    TrendReadings,
    /// A time that cannot be worked by.
    #[error(
        "sustained: seconds lie between 15 and of_seconds, which is at most 3600; clears_points between 1 and 10"
    )]
    Sustained,
    /// Under the amber limit it would be too high and too low at once.
    #[error("too_high_at_or_above lies above amber_at_or_below ({amber}) and at most at 100")]
    TooHigh {
        /// The amber limit.
        amber: u16,
    },
    /// Not in order.
    #[error(
        "pulse: red_at_or_below < amber_at_or_below < amber_at_or_above < red_at_or_above, all between 20 and 350"
    )]
    Pulse,
    /// Not in order.
    #[error(
        "news2: amber_at_or_above (1 to 20) is under red_at_or_above (at most 20); max_spread_minutes between 1 and 240"
    )]
    News2,
}

impl Rules {
    /// The usual rules.
    #[must_use]
    pub const fn usual() -> Self {
        Self {
            drop_amber_points: Some(3),
            drop_red_points: None,
            trend: Some(TrendRule {
                points: 3,
                readings: 3,
            }),
            sustained: Some(SustainedRule {
                seconds: 60,
                of_seconds: 120,
                clears_points: 2,
            }),
            too_high_at_or_above: None,
            on_oxygen: false,
            pulse: Some(PulseLimits {
                red_at_or_below: 40,
                amber_at_or_below: 50,
                amber_at_or_above: 111,
                red_at_or_above: 131,
            }),
            news2: Some(News2Rule {
                amber_at_or_above: 5,
                red_at_or_above: 7,
                single_three_is_amber: true,
                max_spread_minutes: 30,
            }),
            exertion_fall_points: Some(3),
        }
    }

    /// Nothing but the bands.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            drop_amber_points: None,
            drop_red_points: None,
            trend: None,
            sustained: None,
            too_high_at_or_above: None,
            on_oxygen: false,
            pulse: None,
            news2: None,
            exertion_fall_points: None,
        }
    }

    /// For a prescribed target of 88–92 %: 93 and over on oxygen is too much (BMJ 2021;372:n677).
    #[must_use]
    pub const fn target_88_to_92() -> Self {
        Self {
            too_high_at_or_above: Some(93),
            ..Self::usual()
        }
    }

    /// The usual rules for somebody on this scale.
    #[must_use]
    pub const fn for_scale(scale: Spo2Scale) -> Self {
        match scale {
            Spo2Scale::One => Self::usual(),
            Spo2Scale::Two => Self::target_88_to_92(),
        }
    }

    /// Whether the numbers can be worked by, beside an amber limit of so much percent.
    ///
    /// # Errors
    /// [`RulesRefused`] says which to change.
    pub fn check(&self, amber_at_or_below: u16) -> Result<(), RulesRefused> {
        let points = [
            self.drop_amber_points,
            self.drop_red_points,
            self.trend.map(|trend| trend.points),
            self.exertion_fall_points,
        ];
        if points
            .into_iter()
            .flatten()
            .any(|it| !(1..=30).contains(&it))
        {
            return Err(RulesRefused::Points);
        }
        if let (Some(amber), Some(red)) = (self.drop_amber_points, self.drop_red_points)
            && red <= amber
        {
            return Err(RulesRefused::DropOutOfOrder);
        }
        if self
            .trend
            .is_some_and(|trend| !(3..=12).contains(&trend.readings))
        {
            return Err(RulesRefused::TrendReadings);
        }
        if self.sustained.is_some_and(|it| {
            it.seconds < 15
                || it.seconds > it.of_seconds
                || it.of_seconds > 3600
                || !(1..=10).contains(&it.clears_points)
        }) {
            return Err(RulesRefused::Sustained);
        }
        if self
            .too_high_at_or_above
            .is_some_and(|it| it <= amber_at_or_below || it > 100)
        {
            return Err(RulesRefused::TooHigh {
                amber: amber_at_or_below,
            });
        }
        if self.pulse.is_some_and(|it| {
            let limits = [
                it.red_at_or_below,
                it.amber_at_or_below,
                it.amber_at_or_above,
                it.red_at_or_above,
            ];
            !limits.is_sorted_by(|one, next| one < next)
                || it.red_at_or_below < 20
                || it.red_at_or_above > 350
        }) {
            return Err(RulesRefused::Pulse);
        }
        if self.news2.is_some_and(|it| {
            it.amber_at_or_above == 0
                || it.amber_at_or_above >= it.red_at_or_above
                || it.red_at_or_above > 20
                || !(1..=240).contains(&it.max_spread_minutes)
        }) {
            return Err(RulesRefused::News2);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_rules_can_be_worked_by_and_survive_the_store() {
        for (rules, amber) in [(Rules::usual(), 94), (Rules::target_88_to_92(), 87)] {
            assert_eq!(rules.check(amber), Ok(()));
            let text = serde_json::to_string(&rules).unwrap();
            assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
        }
        assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::usual());
    }

    #[test]
    fn what_cannot_be_worked_by_is_refused_and_named() {
        let usual = Rules::usual();
        let refused = |rules: Rules| rules.check(94).unwrap_err();
        assert_eq!(
            refused(Rules {
                drop_amber_points: Some(0),
                ..usual
            }),
            RulesRefused::Points
        );
        assert_eq!(
            refused(Rules {
                drop_red_points: Some(3),
                ..usual
            }),
            RulesRefused::DropOutOfOrder
        );
        let trend = Some(TrendRule {
            points: 3,
            readings: 2,
        });
        assert_eq!(
            refused(Rules { trend, ..usual }),
            RulesRefused::TrendReadings
        );
        let sustained = Some(SustainedRule {
            seconds: 121,
            of_seconds: 120,
            clears_points: 2,
        });
        assert_eq!(
            refused(Rules { sustained, ..usual }),
            RulesRefused::Sustained
        );
        assert_eq!(
            refused(Rules {
                too_high_at_or_above: Some(94),
                ..usual
            }),
            RulesRefused::TooHigh { amber: 94 }
        );
        let pulse = Some(PulseLimits {
            amber_at_or_above: 131,
            ..PulseLimits::default()
        });
        assert_eq!(refused(Rules { pulse, ..usual }), RulesRefused::Pulse);
        let news2 = Some(News2Rule {
            amber_at_or_above: 7,
            ..News2Rule::default()
        });
        assert_eq!(refused(Rules { news2, ..usual }), RulesRefused::News2);
    }
}
