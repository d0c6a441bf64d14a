use ward_core::care::OxygenTarget;
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::spo2::Spo2;
use ward_text::Language;

use super::every_language;
use crate::words::{bands, target};

#[test]
fn the_words_are_the_procedures_on_the_default_plan() {
    let [green, amber, red] = bands(
        &MonitoringPlan::scale_one(),
        "01254 263000",
        Language::English,
    );
    assert_eq!(green.numbers, "95 or more");
    assert_eq!(amber.numbers, "93 or 94");
    assert_eq!(
        amber.advice,
        "Check again within 60 minutes. If it is still 93 or 94, ring the ward on 01254 263000, your GP or 111."
    );
    assert_eq!(red.numbers, "92 or less");
    assert!(red.advice.contains("999"));
}

#[test]
fn nobody_with_a_target_of_88_to_92_is_sent_to_hospital_at_89() {
    let limits = MonitoringPlan::target_88_to_92();
    let [green, amber, red] = bands(&limits, "01254 263000", Language::English);
    assert_eq!(green.numbers, "88 or more");
    assert_eq!(amber.numbers, "86 or 87");
    assert_eq!(red.numbers, "85 or less");
    let target = target(
        &limits,
        Some(OxygenTarget { from: 88, to: 92 }),
        Language::English,
    )
    .unwrap();
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
            let words = bands(&limits, "1", Language::English);
            for percent in 40..=100 {
                let named = words.iter().filter(|it| is_named(&it.numbers, percent));
                let named: Vec<Band> = named.map(|it| it.band).collect();
                let value = Spo2::from_percent(f64::from(percent)).unwrap();
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

/// The limits themselves stand in the words of every language, each on its own side.
#[test]
fn every_language_says_the_same_limits() {
    for limits in [
        MonitoringPlan::scale_one(),
        MonitoringPlan::target_88_to_92(),
    ] {
        let english = bands(&limits, "1", Language::English);
        for language in every_language() {
            for (said, original) in bands(&limits, "1", language).iter().zip(&english) {
                let digits = |text: &str| {
                    let numbers = text.split(|letter: char| !letter.is_ascii_digit());
                    let mut numbers: Vec<String> = numbers.map(str::to_owned).collect();
                    numbers.retain(|number| !number.is_empty());
                    numbers.sort();
                    numbers
                };
                assert_eq!(digits(&said.numbers), digits(&original.numbers));
                assert_eq!(
                    digits(&said.advice),
                    digits(&original.advice),
                    "{language:?}: {}",
                    said.advice
                );
            }
        }
    }
}
