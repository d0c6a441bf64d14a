//! The rules beside the bands as fields of a form, both ways. An empty field is a rule that is off.

use serde::Deserialize;
use ward_core::plan::{News2Rule, PulseLimits, Rules, RulesRefused, SustainedRule, TrendRule};

use crate::pages::form::FormErrors;

/// The fields, as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RuleFields {
    /// A form that does not show the rules changes none.
    pub(crate) rules_shown: String,
    pub(crate) drop_amber: String,
    pub(crate) drop_red: String,
    pub(crate) trend_points: String,
    pub(crate) trend_readings: String,
    pub(crate) sustained_seconds: String,
    pub(crate) sustained_of: String,
    pub(crate) sustained_clears: String,
    pub(crate) too_high: String,
    pub(crate) on_oxygen: String,
    pub(crate) pulse_red_low: String,
    pub(crate) pulse_amber_low: String,
    pub(crate) pulse_amber_high: String,
    pub(crate) pulse_red_high: String,
    pub(crate) news2_amber: String,
    pub(crate) news2_red: String,
    pub(crate) news2_single: String,
    pub(crate) news2_spread: String,
    pub(crate) exertion: String,
}

impl RuleFields {
    pub(crate) fn of(rules: &Rules) -> Self {
        let text = |number: Option<u32>| number.map_or_else(String::new, |it| it.to_string());
        let small = |number: Option<u16>| text(number.map(u32::from));
        let tick = |on: bool| if on { "yes".to_owned() } else { String::new() };
        let (trend, sustained, pulse, news2) =
            (rules.trend, rules.sustained, rules.pulse, rules.news2);
        Self {
            rules_shown: "yes".to_owned(),
            drop_amber: small(rules.drop_amber_points),
            drop_red: small(rules.drop_red_points),
            trend_points: small(trend.map(|it| it.points)),
            trend_readings: small(trend.map(|it| it.readings)),
            sustained_seconds: text(sustained.map(|it| it.seconds)),
            sustained_of: text(sustained.map(|it| it.of_seconds)),
            sustained_clears: small(sustained.map(|it| it.clears_points)),
            too_high: small(rules.too_high_at_or_above),
            on_oxygen: tick(rules.on_oxygen),
            pulse_red_low: small(pulse.map(|it| it.red_at_or_below)),
            pulse_amber_low: small(pulse.map(|it| it.amber_at_or_below)),
            pulse_amber_high: small(pulse.map(|it| it.amber_at_or_above)),
            pulse_red_high: small(pulse.map(|it| it.red_at_or_above)),
            news2_amber: small(news2.map(|it| u16::from(it.amber_at_or_above))),
            news2_red: small(news2.map(|it| u16::from(it.red_at_or_above))),
            news2_single: tick(news2.is_some_and(|it| it.single_three_is_amber)),
            news2_spread: small(news2.map(|it| it.max_spread_minutes)),
            exertion: small(rules.exertion_fall_points),
        }
    }

    /// The fields by name: a page opens the part of them when one is wrong.
    #[expect(clippy::unused_self, reason = "a template asks the fields")]
    pub(crate) const fn names(&self) -> &'static [&'static str] {
        &[
            "drop_amber",
            "drop_red",
            "trend_points",
            "trend_readings",
            "sustained_seconds",
            "sustained_of",
            "sustained_clears",
            "too_high",
            "pulse_red_low",
            "pulse_amber_low",
            "pulse_amber_high",
            "pulse_red_high",
            "news2_amber",
            "news2_red",
            "news2_spread",
            "exertion",
        ]
    }

    /// The rules that the fields make; `kept` where the form did not show them.
    pub(crate) fn read(&self, errors: &mut FormErrors, kept: Rules) -> Rules {
        if self.rules_shown.is_empty() {
            return kept;
        }
        let mut field = Fields(errors);
        Rules {
            drop_amber_points: field.one("drop_amber", &self.drop_amber),
            drop_red_points: field.one("drop_red", &self.drop_red),
            trend: field
                .all([
                    ("trend_points", &self.trend_points),
                    ("trend_readings", &self.trend_readings),
                ])
                .map(|[points, readings]| TrendRule { points, readings }),
            sustained: field
                .all::<u32, 3>([
                    ("sustained_seconds", &self.sustained_seconds),
                    ("sustained_of", &self.sustained_of),
                    ("sustained_clears", &self.sustained_clears),
                ])
                .map(|[seconds, of_seconds, clears]| SustainedRule {
                    seconds,
                    of_seconds,
                    // What is more than a saturation can be is refused with the rest of the plan.
                    clears_points: u16::try_from(clears).unwrap_or(u16::MAX),
                }),
            too_high_at_or_above: field.one("too_high", &self.too_high),
            on_oxygen: !self.on_oxygen.is_empty(),
            pulse: field
                .all([
                    ("pulse_red_low", &self.pulse_red_low),
                    ("pulse_amber_low", &self.pulse_amber_low),
                    ("pulse_amber_high", &self.pulse_amber_high),
                    ("pulse_red_high", &self.pulse_red_high),
                ])
                .map(|[red_low, amber_low, amber_high, red_high]| PulseLimits {
                    red_at_or_below: red_low,
                    amber_at_or_below: amber_low,
                    amber_at_or_above: amber_high,
                    red_at_or_above: red_high,
                }),
            news2: field
                .all::<u16, 3>([
                    ("news2_amber", &self.news2_amber),
                    ("news2_red", &self.news2_red),
                    ("news2_spread", &self.news2_spread),
                ])
                .map(|[amber, red, spread]| News2Rule {
                    amber_at_or_above: u8::try_from(amber).unwrap_or(u8::MAX),
                    red_at_or_above: u8::try_from(red).unwrap_or(u8::MAX),
                    single_three_is_amber: !self.news2_single.is_empty(),
                    max_spread_minutes: spread,
                }),
            exertion_fall_points: field.one("exertion", &self.exertion),
        }
    }
}

/// Which field a refused rule is about.
pub(crate) const fn field_of(refused: RulesRefused) -> &'static str {
    match refused {
        RulesRefused::Points => "drop_amber",
        RulesRefused::DropOutOfOrder => "drop_red",
        RulesRefused::TrendReadings => "trend_readings",
        RulesRefused::Sustained => "sustained_seconds",
        RulesRefused::TooHigh { .. } => "too_high",
        RulesRefused::Pulse => "pulse_red_low",
        RulesRefused::News2 => "news2_amber",
    }
}

struct Fields<'a>(&'a mut FormErrors);

impl Fields<'_> {
    fn one<T: std::str::FromStr>(&mut self, field: &'static str, text: &str) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.0.add(
                field,
                "Enter a whole number, or nothing to switch this rule off",
            );
        }
        number
    }

    /// All of them, or none.
    fn all<T: std::str::FromStr, const N: usize>(
        &mut self,
        fields: [(&'static str, &String); N],
    ) -> Option<[T; N]> {
        let any = fields.iter().any(|(_, text)| !text.trim().is_empty());
        if !any {
            return None;
        }
        let mut numbers = Vec::with_capacity(N);
        for (field, text) in fields {
            if text.trim().is_empty() {
                self.0.add(
                    field,
                    "Enter a whole number here too, or empty all of this rule to switch it off",
                );
            }
            numbers.extend(self.one(field, text));
        }
        numbers.try_into().ok()
    }
}

/// The rules as lines of a plan.
pub(crate) fn lines(rules: &Rules) -> Vec<(&'static str, String)> {
    let off = || "Off".to_owned();
    let drop = match (rules.drop_amber_points, rules.drop_red_points) {
        (None, None) => off(),
        (Some(amber), None) => format!("Amber at {amber} points"),
        (None, Some(red)) => format!("Red at {red} points"),
        (Some(amber), Some(red)) => format!("Amber at {amber} points, red at {red}"),
    };
    vec![
        ("Drop from the usual", drop),
        (
            "Trend from the first day",
            rules.trend.map_or_else(off, |it| {
                format!(
                    "Amber at {} points, median of {} readings",
                    it.points, it.readings
                )
            }),
        ),
        (
            "Low that lasts",
            rules.sustained.map_or_else(off, |it| {
                format!(
                    "Red at {} of {} seconds in red; over at {} points more",
                    it.seconds, it.of_seconds, it.clears_points
                )
            }),
        ),
        (
            "Too much oxygen",
            rules.too_high_at_or_above.map_or_else(off, |it| {
                format!("Amber at {it} % and over while on oxygen")
            }),
        ),
        (
            "On oxygen at home",
            if rules.on_oxygen { "Yes" } else { "No" }.to_owned(),
        ),
        (
            "Pulse",
            rules.pulse.map_or_else(off, |it| {
                format!(
                    "Red at {} and under or {} and over; amber at {} and under or {} and over",
                    it.red_at_or_below,
                    it.red_at_or_above,
                    it.amber_at_or_below,
                    it.amber_at_or_above
                )
            }),
        ),
        (
            "NEWS2",
            rules.news2.map_or_else(off, |it| {
                let single = if it.single_three_is_amber {
                    ", or 3 in one parameter"
                } else {
                    ""
                };
                format!(
                    "Amber at {}{single}, red at {}; one set within {} minutes",
                    it.amber_at_or_above, it.red_at_or_above, it.max_spread_minutes
                )
            }),
        ),
        (
            "Fall on exertion",
            rules
                .exertion_fall_points
                .map_or_else(off, |it| format!("Amber at {it} points")),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &RuleFields) -> (Rules, FormErrors) {
        let mut errors = FormErrors::default();
        let rules = fields.read(&mut errors, Rules::none());
        (rules, errors)
    }

    #[test]
    fn what_is_sent_back_as_it_came_changes_nothing() {
        for rules in [Rules::usual(), Rules::target_88_to_92(), Rules::none()] {
            let (read, errors) = read(&RuleFields::of(&rules));
            assert!(errors.is_empty());
            assert_eq!(read, rules);
        }
    }

    #[test]
    fn a_form_that_does_not_show_the_rules_changes_none() {
        let mut errors = FormErrors::default();
        let kept = RuleFields::default().read(&mut errors, Rules::usual());
        assert_eq!(kept, Rules::usual());
    }

    #[test]
    fn half_a_rule_is_asked_for_at_its_empty_field() {
        let fields = RuleFields {
            pulse_red_low: String::new(),
            trend_points: "three".to_owned(),
            ..RuleFields::of(&Rules::usual())
        };
        let (_, errors) = read(&fields);
        assert!(errors.of("pulse_red_low").is_some() && errors.of("trend_points").is_some());
    }
}
