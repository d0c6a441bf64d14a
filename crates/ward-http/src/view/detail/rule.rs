//! Which numbers met which limit of the plan, in words.

use ward_core::assess::Found;
use ward_core::plan::Spo2Scale;
use ward_core::reading::Oxygen;

pub(super) fn words(found: &Found) -> String {
    match found {
        Found::Drop {
            baseline,
            spo2,
            points,
        } => format!(
            "{spo2} %, where {baseline} % is usual for this person: {points} points or more lower."
        ),
        Found::Trend {
            first_day,
            last,
            readings,
            points,
        } => format!(
            "The last {readings} readings have a median of {last} %, those of the first day {first_day} %: {points} points or more lower."
        ),
        Found::Sustained {
            low_ms,
            of_seconds,
            seconds,
            at_or_below,
            lowest,
        } => format!(
            "At {at_or_below} % or under for {} of the last {of_seconds} seconds, down to {lowest} %; the limit is {seconds} seconds.",
            low_ms / 1000
        ),
        Found::TooHigh {
            spo2,
            at_or_above,
            stated,
        } => {
            let on = match stated {
                Some(Oxygen::Supplemental {
                    flow_tenths: Some(flow),
                }) => format!("on {}.{} litres of oxygen a minute", flow / 10, flow % 10),
                Some(Oxygen::Supplemental { flow_tenths: None } | Oxygen::Air) => {
                    "on oxygen".to_owned()
                }
                None => "on oxygen by the plan".to_owned(),
            };
            format!("{spo2} % {on}: {at_or_above} % or more is more than the target.")
        }
        Found::Pulse { pulse, limit } => {
            let side = if pulse.tenths() / 10 <= *limit {
                "or under"
            } else {
                "or over"
            };
            format!(
                "Pulse {} a minute: the limit is {limit} {side}.",
                pulse.tenths() / 10
            )
        }
        Found::News2 {
            at_least,
            at_most,
            missing,
            scale,
            limit,
            from,
            to,
        } => {
            let score = if at_least == at_most && missing.is_empty() {
                format!("NEWS2 {at_least}")
            } else {
                let names: Vec<String> = missing
                    .iter()
                    .map(|parameter| parameter.name().replace('_', " "))
                    .collect();
                let missing = if names.is_empty() {
                    "some values are in doubt".to_owned()
                } else {
                    format!("missing: {}", names.join(", "))
                };
                format!("NEWS2 at least {at_least}, at most {at_most} ({missing})")
            };
            let scale = match scale {
                Spo2Scale::One => 1,
                Spo2Scale::Two => 2,
            };
            let limit = limit.map_or_else(
                || "one parameter alone scores 3".to_owned(),
                |limit| format!("the limit is {limit}"),
            );
            let minutes = to.millis_since(*from) / 60_000;
            let spread = if minutes == 0 {
                "taken together".to_owned()
            } else {
                format!("taken within {minutes} min")
            };
            format!("{score}, SpO2 scale {scale}, {spread}: {limit}.")
        }
        Found::Exertion {
            rest,
            lowest,
            points,
            at_or_below,
        } => {
            let pair = format!("From {rest} % at rest to {lowest} % on exertion");
            let limits = [
                points.map(|points| format!("a fall of {points} points or more")),
                at_or_below.map(|limit| format!("the red limit is {limit} % or under")),
            ];
            let limits: Vec<String> = limits.into_iter().flatten().collect();
            format!("{pair}: {}.", limits.join(", and "))
        }
    }
}

#[cfg(test)]
mod tests {
    use ward_core::spo2::{Pulse, Spo2};

    use super::*;

    #[test]
    fn every_rule_says_its_value_and_its_limit() {
        let spo2 = |percent: f64| Spo2::from_percent(percent).unwrap();
        let pulse = |bpm: f64| Pulse::from_bpm(bpm).unwrap();
        for (found, expected) in [
            (
                Found::Pulse {
                    pulse: pulse(40.9),
                    limit: 40,
                },
                "Pulse 40 a minute: the limit is 40 or under.",
            ),
            (
                Found::Pulse {
                    pulse: pulse(140.0),
                    limit: 131,
                },
                "Pulse 140 a minute: the limit is 131 or over.",
            ),
            (
                Found::TooHigh {
                    spo2: spo2(95.0),
                    at_or_above: 93,
                    stated: Some(Oxygen::Supplemental {
                        flow_tenths: Some(15),
                    }),
                },
                "95 % on 1.5 litres of oxygen a minute: 93 % or more is more than the target.",
            ),
            (
                Found::Drop {
                    baseline: spo2(98.0),
                    spo2: spo2(95.0),
                    points: 3,
                },
                "95 %, where 98 % is usual for this person: 3 points or more lower.",
            ),
        ] {
            assert_eq!(words(&found), expected);
        }
    }
}
