//! What a patient is told about their numbers, in words made from their own plan. The default words would send somebody
//! with a prescribed target of 88–92 % to hospital at 89.

use crate::care::OxygenTarget;
use crate::plan::{Band, MonitoringPlan, Spo2Scale};

/// One band as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandWords {
    /// Which.
    pub band: Band,
    /// The numbers: `93 or 94`.
    pub numbers: String,
    /// What to do.
    pub advice: String,
}

/// Shown near every number: a finger reading is a guide.
pub const A_GUIDE: &str = "A reading from a finger is a guide. It can read too high, more often in darker skin. How you feel counts as much as the number.";

/// The bands of a plan from the best to the worst, as they are printed for the patient. Red says 999 first, at every hour.
#[must_use]
pub fn bands(limits: &MonitoringPlan, ward_phone: &str) -> [BandWords; 3] {
    let (red, amber) = (limits.red_at_or_below, limits.amber_at_or_below);
    let lowest_amber = red.saturating_add(1);
    let numbers = match amber - lowest_amber.min(amber) {
        0 => format!("{amber}"),
        1 => format!("{lowest_amber} or {amber}"),
        _ => format!("{lowest_amber} to {amber}"),
    };
    let within = span(limits.recheck_amber_seconds);
    [
        BandWords {
            band: Band::Green,
            numbers: format!("{} or more", amber.saturating_add(1)),
            advice: "Carry on, and measure again at your next time.".to_owned(),
        },
        BandWords {
            band: Band::Amber,
            advice: format!(
                "Check again within {within}. If it is still {numbers}, ring the ward on {ward_phone}, your GP or 111."
            ),
            numbers,
        },
        BandWords {
            band: Band::Red,
            numbers: format!("{red} or less"),
            advice: format!(
                "Check again at once. If it is still {red} or less, ring 999 or go to A&E straight away. Do not wait for the ward to ring you."
            ),
        },
    ]
}

/// What is printed beside the bands of somebody with a prescribed oxygen target.
#[must_use]
pub fn target(limits: &MonitoringPlan, target: Option<OxygenTarget>) -> Option<String> {
    let OxygenTarget { from, to } = target?;
    let usual = match limits.spo2_scale {
        Spo2Scale::One => "",
        Spo2Scale::Two => {
            " This is usual for you: show this paper to anybody who measures your oxygen."
        }
    };
    Some(format!("Your oxygen should be {from} to {to}.{usual}"))
}

fn span(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        60 => "an hour".to_owned(),
        minutes if minutes % 60 == 0 => format!("{} hours", minutes / 60),
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spo2::Spo2;

    #[test]
    fn the_words_are_the_procedures_on_the_default_plan() {
        let [green, amber, red] = bands(&MonitoringPlan::scale_one(), "01254 263000");
        assert_eq!(green.numbers, "95 or more");
        assert_eq!(amber.numbers, "93 or 94");
        assert_eq!(
            amber.advice,
            "Check again within an hour. If it is still 93 or 94, ring the ward on 01254 263000, your GP or 111."
        );
        assert_eq!(red.numbers, "92 or less");
        assert!(red.advice.contains("999"));
    }

    #[test]
    fn nobody_with_a_target_of_88_to_92_is_sent_to_hospital_at_89() {
        let limits = MonitoringPlan::target_88_to_92();
        let [green, amber, red] = bands(&limits, "01254 263000");
        assert_eq!(green.numbers, "88 or more");
        assert_eq!(amber.numbers, "86 or 87");
        assert_eq!(red.numbers, "85 or less");
        let target = target(&limits, Some(OxygenTarget { from: 88, to: 92 })).unwrap();
        assert!(target.starts_with("Your oxygen should be 88 to 92."));
    }

    /// Each number of each plan is named by the words of its own band and by no others.
    #[test]
    fn the_words_and_the_rules_never_disagree() {
        for red in 50..99 {
            for amber in red + 1..100 {
                let limits = MonitoringPlan {
                    red_at_or_below: red,
                    amber_at_or_below: amber,
                    ..MonitoringPlan::scale_one()
                };
                let words = bands(&limits, "1");
                for percent in 40..=100 {
                    let named = words.iter().filter(|it| is_named(&it.numbers, percent));
                    let named: Vec<Band> = named.map(|it| it.band).collect();
                    let value = Spo2::from_tenths(percent * 10).unwrap();
                    assert_eq!(named, [limits.band(value)], "{percent} on {red}/{amber}");
                }
            }
        }
    }

    fn is_named(words: &str, percent: u16) -> bool {
        let numbers: Vec<u16> = words
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        if words.ends_with("or more") {
            percent >= numbers[0]
        } else if words.ends_with("or less") {
            percent <= numbers[0]
        } else {
            (numbers[0]..=numbers[numbers.len() - 1]).contains(&percent)
        }
    }
}
