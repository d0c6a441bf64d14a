//! Within which limits one clinician may set a plan alone. Outside them a second one must agree.

use serde::{Deserialize, Serialize};

use crate::plan::{MonitoringPlan, Spo2Scale};

/// From and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub from: u32,
    /// The most.
    pub to: u32,
}

impl Range {
    const fn holds(self, value: u32) -> bool {
        self.from <= value && value <= self.to
    }
}

/// The limits of one scale, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeLimits {
    /// For red at or below.
    pub red_at_or_below: Range,
    /// For amber at or below.
    pub amber_at_or_below: Range,
}

/// A ward's safe range. The numbers are a ward's own to set; the ones it begins with lie two points around those of the
/// NHS England procedure (C1396), and around those for a target of 88–92 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeRange {
    /// On NEWS2 scale 1.
    pub scale_one: SafeLimits,
    /// On NEWS2 scale 2.
    pub scale_two: SafeLimits,
    /// For the recheck of a red, in seconds.
    pub recheck_red_seconds: Range,
    /// For the recheck of an amber, in seconds.
    pub recheck_amber_seconds: Range,
}

impl Default for SafeRange {
    fn default() -> Self {
        Self {
            scale_one: SafeLimits {
                red_at_or_below: Range { from: 90, to: 94 },
                amber_at_or_below: Range { from: 92, to: 96 },
            },
            scale_two: SafeLimits {
                red_at_or_below: Range { from: 83, to: 87 },
                amber_at_or_below: Range { from: 85, to: 89 },
            },
            recheck_red_seconds: Range { from: 60, to: 900 },
            recheck_amber_seconds: Range {
                from: 300,
                to: 7_200,
            },
        }
    }
}

/// A limit outside the safe range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Which limit, by the name of its field.
    pub limit: String,
    /// What was given.
    pub given: u32,
    /// What the ward calls safe.
    pub safe: Range,
}

impl std::fmt::Display for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { limit, given, safe } = self;
        write!(f, "{limit} {given} (safe: {} to {})", safe.from, safe.to)
    }
}

/// Why a safe range was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeRefused {
    /// It ends before it begins, or cannot be worked by.
    #[error("the safe range of {0} must go from a smaller to a larger number, {1} to {2} at most")]
    OutOfOrder(&'static str, u32, u32),
    /// The ward's own default would need a second person each time.
    #[error("the ward's default plan lies outside this safe range: {0}")]
    DefaultOutside(Outside),
}

impl SafeRange {
    /// The limits that lie outside, by name. None: one clinician is enough.
    #[must_use]
    pub fn outside(&self, limits: &MonitoringPlan) -> Vec<Outside> {
        let of_scale = match limits.spo2_scale {
            Spo2Scale::One => self.scale_one,
            Spo2Scale::Two => self.scale_two,
        };
        let each = [
            (
                "red_at_or_below",
                u32::from(limits.red_at_or_below),
                of_scale.red_at_or_below,
            ),
            (
                "amber_at_or_below",
                u32::from(limits.amber_at_or_below),
                of_scale.amber_at_or_below,
            ),
            (
                "recheck_red_seconds",
                limits.recheck_red_seconds,
                self.recheck_red_seconds,
            ),
            (
                "recheck_amber_seconds",
                limits.recheck_amber_seconds,
                self.recheck_amber_seconds,
            ),
        ];
        let outside = each
            .into_iter()
            .filter(|(_, given, safe)| !safe.holds(*given));
        outside
            .map(|(limit, given, safe)| Outside {
                limit: limit.to_owned(),
                given,
                safe,
            })
            .collect()
    }

    /// The range, if it can be worked by and holds the ward's own default.
    ///
    /// # Errors
    /// [`RangeRefused`] says which number to change.
    pub fn checked(self, ward_default: &MonitoringPlan) -> Result<Self, RangeRefused> {
        let percent = Range { from: 50, to: 99 };
        let seconds = Range {
            from: 10,
            to: 86_400,
        };
        for (name, range, within) in [
            (
                "scale_one.red_at_or_below",
                self.scale_one.red_at_or_below,
                percent,
            ),
            (
                "scale_one.amber_at_or_below",
                self.scale_one.amber_at_or_below,
                percent,
            ),
            (
                "scale_two.red_at_or_below",
                self.scale_two.red_at_or_below,
                percent,
            ),
            (
                "scale_two.amber_at_or_below",
                self.scale_two.amber_at_or_below,
                percent,
            ),
            ("recheck_red_seconds", self.recheck_red_seconds, seconds),
            ("recheck_amber_seconds", self.recheck_amber_seconds, seconds),
        ] {
            if range.from > range.to || !within.holds(range.from) || !within.holds(range.to) {
                return Err(RangeRefused::OutOfOrder(name, within.from, within.to));
            }
        }
        match self.outside(ward_default).into_iter().next() {
            Some(outside) => Err(RangeRefused::DefaultOutside(outside)),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plans_of_the_procedures_lie_within_and_each_limit_is_looked_at() {
        let range = SafeRange::default();
        for plan in [
            MonitoringPlan::scale_one(),
            MonitoringPlan::target_88_to_92(),
        ] {
            assert_eq!(range.outside(&plan), []);
            for (changed, limit) in [
                (
                    MonitoringPlan {
                        red_at_or_below: 80,
                        ..plan.clone()
                    },
                    "red_at_or_below",
                ),
                (
                    MonitoringPlan {
                        amber_at_or_below: 98,
                        ..plan.clone()
                    },
                    "amber_at_or_below",
                ),
                (
                    MonitoringPlan {
                        recheck_red_seconds: 901,
                        ..plan.clone()
                    },
                    "recheck_red_seconds",
                ),
                (
                    MonitoringPlan {
                        recheck_amber_seconds: 299,
                        ..plan.clone()
                    },
                    "recheck_amber_seconds",
                ),
            ] {
                let outside = range.outside(&changed);
                assert_eq!(outside.len(), 1);
                assert_eq!(outside[0].limit, limit);
            }
        }
    }

    #[test]
    fn a_limit_of_the_other_scale_is_outside() {
        let plan = MonitoringPlan {
            spo2_scale: Spo2Scale::One,
            ..MonitoringPlan::target_88_to_92()
        };
        let outside = SafeRange::default().outside(&plan);
        assert_eq!(
            outside[0].to_string(),
            "red_at_or_below 85 (safe: 90 to 94)"
        );
        assert_eq!(outside.len(), 2);
    }

    #[test]
    fn a_range_that_leaves_out_the_wards_own_default_is_refused() {
        let mut range = SafeRange::default();
        assert_eq!(range.checked(&MonitoringPlan::scale_one()), Ok(range));
        range.scale_one.red_at_or_below = Range { from: 93, to: 94 };
        let refused = range.checked(&MonitoringPlan::scale_one()).unwrap_err();
        assert!(
            matches!(refused, RangeRefused::DefaultOutside(_)),
            "{refused}"
        );
        range.scale_one.red_at_or_below = Range { from: 94, to: 93 };
        let refused = range.checked(&MonitoringPlan::scale_one()).unwrap_err();
        assert!(matches!(refused, RangeRefused::OutOfOrder(..)), "{refused}");
    }
}
