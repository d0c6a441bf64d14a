//! The rules beside the bands, on the wire and off it.

use ward_core::plan::{News2Rule, PulseLimits, Rules, SustainedRule, TrendRule};
use ward_wire::plan as wire;

pub(super) const fn of_wire(rules: &wire::Rules) -> Rules {
    Rules {
        drop_amber_points: rules.drop_amber_points,
        drop_red_points: rules.drop_red_points,
        trend: match rules.trend {
            Some(it) => Some(TrendRule {
                points: it.points,
                readings: it.readings,
            }),
            None => None,
        },
        sustained: match rules.sustained {
            Some(it) => Some(SustainedRule {
                seconds: it.seconds,
                of_seconds: it.of_seconds,
                clears_points: it.clears_points,
            }),
            None => None,
        },
        too_high_at_or_above: rules.too_high_at_or_above,
        on_oxygen: rules.on_oxygen,
        pulse: match rules.pulse {
            Some(it) => Some(PulseLimits {
                red_at_or_below: it.red_at_or_below,
                amber_at_or_below: it.amber_at_or_below,
                amber_at_or_above: it.amber_at_or_above,
                red_at_or_above: it.red_at_or_above,
            }),
            None => None,
        },
        news2: match rules.news2 {
            Some(it) => Some(News2Rule {
                amber_at_or_above: it.amber_at_or_above,
                red_at_or_above: it.red_at_or_above,
                single_three_is_amber: it.single_three_is_amber,
                max_spread_minutes: it.max_spread_minutes,
            }),
            None => None,
        },
        exertion_fall_points: rules.exertion_fall_points,
    }
}

pub(super) fn to_wire(rules: &Rules) -> wire::Rules {
    wire::Rules {
        drop_amber_points: rules.drop_amber_points,
        drop_red_points: rules.drop_red_points,
        trend: rules.trend.map(|it| wire::Trend {
            points: it.points,
            readings: it.readings,
        }),
        sustained: rules.sustained.map(|it| wire::Sustained {
            seconds: it.seconds,
            of_seconds: it.of_seconds,
            clears_points: it.clears_points,
        }),
        too_high_at_or_above: rules.too_high_at_or_above,
        on_oxygen: rules.on_oxygen,
        pulse: rules.pulse.map(|it| wire::PulseLimits {
            red_at_or_below: it.red_at_or_below,
            amber_at_or_below: it.amber_at_or_below,
            amber_at_or_above: it.amber_at_or_above,
            red_at_or_above: it.red_at_or_above,
        }),
        news2: rules.news2.map(|it| wire::News2Limits {
            amber_at_or_above: it.amber_at_or_above,
            red_at_or_above: it.red_at_or_above,
            single_three_is_amber: it.single_three_is_amber,
            max_spread_minutes: it.max_spread_minutes,
        }),
        exertion_fall_points: rules.exertion_fall_points,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_from_the_wire_as_they_went() {
        for rules in [Rules::usual(), Rules::target_88_to_92(), Rules::none()] {
            let wire = to_wire(&rules);
            let text = serde_json::to_string(&wire).unwrap();
            let back: wire::Rules = serde_json::from_str(&text).unwrap();
            assert_eq!(of_wire(&back), rules);
        }
    }
}
