use ward_core::advice::{Advice, Situation, advise};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::questionnaire::{Help, Urgency};
use ward_text::Language;

use super::every_language;
use crate::words::{Facts, advice_in_words, advice_title};

fn say(advice: Advice, plan: &MonitoringPlan) -> String {
    advice_in_words(advice, &facts(plan), Language::English)
}

fn facts(plan: &MonitoringPlan) -> Facts<'_> {
    Facts {
        plan,
        phone: "01254 555 0100",
        opens: "08:00 tomorrow",
    }
}

fn every_situation() -> Vec<Situation> {
    let mut all = Vec::new();
    let bands = [None, Some(Band::Green), Some(Band::Amber), Some(Band::Red)];
    for band in bands {
        for urgency in [None, Some(Urgency::Amber), Some(Urgency::Red)] {
            for help in [None, Some(Help::CallMe), Some(Help::Called999)] {
                for bits in 0..32 {
                    all.push(Situation {
                        band,
                        urgency,
                        help,
                        asked_back: bits & 1 > 0,
                        wellbeing: bits & 2 > 0,
                        staffed: bits & 4 > 0,
                        over: bits & 8 > 0,
                        unwatched: bits & 16 > 0,
                    });
                }
            }
        }
    }
    all
}

#[test]
fn a_red_is_answered_with_999_first_whatever_the_hour() {
    for plan in [
        MonitoringPlan::scale_one(),
        MonitoringPlan::target_88_to_92(),
    ] {
        for situation in every_situation() {
            let advice = advise(situation);
            let first = say(advice[0], &plan);
            let red = situation.band == Some(Band::Red)
                || situation.urgency == Some(Urgency::Red)
                || situation.help == Some(Help::Called999);
            if red && !situation.over {
                assert!(first.contains("999"), "{situation:?}: {first}");
            }
        }
    }
}

#[test]
fn nobody_is_told_to_wait_for_a_call_alone_nor_left_to_think_that_somebody_watches() {
    let plan = MonitoringPlan::scale_one();
    for situation in every_situation() {
        let advice = advise(situation);
        assert!(!advice.is_empty(), "{situation:?}");
        let all: String = advice.iter().map(|it| say(*it, &plan)).collect();
        if advice.contains(&Advice::WeWillCall) {
            assert!(all.contains("999"), "{situation:?}");
        }
        assert_eq!(
            all.contains("Nobody is watching") || all.contains("nobody is watching"),
            !situation.staffed || situation.unwatched,
            "{situation:?}"
        );
    }
}

#[test]
fn a_red_names_999_in_its_first_sentence_in_every_language() {
    let plan = MonitoringPlan::target_88_to_92();
    for language in every_language() {
        for advice in [Advice::Call999, Advice::RedValue, Advice::WaitForAmbulance] {
            let said = advice_in_words(advice, &facts(&plan), language);
            let first = said.split(['.', '۔']).next().unwrap();
            assert!(first.contains("999"), "{language:?}: {said}");
        }
    }
}

#[test]
fn every_text_is_there_and_names_no_other_plans_limits() {
    let plan = MonitoringPlan::target_88_to_92();
    for language in every_language() {
        for advice in Advice::ALL {
            let text = advice_in_words(advice, &facts(&plan), language);
            let title = advice_title(advice, &facts(&plan), language);
            let fallback = language.say("advice-if-all-else-fails", &ward_text::args![]);
            for said in [&text, &title] {
                assert!(!said.contains(['{', '}', '$']), "{said}");
                assert!(*said != fallback && !said.contains("advice-"), "{said}");
                for number in ["92", "93", "94", "95"] {
                    assert!(!said.contains(number), "another plan's limit: {said}");
                }
            }
        }
        let red = advice_in_words(Advice::RedValue, &facts(&plan), language);
        assert!(red.contains("85"), "{red}");
    }
    assert!(say(Advice::RedValue, &plan).contains("85 or lower"));
}

#[test]
fn nobody_watches_is_said_in_every_language_whether_or_not_somebody_ever_does() {
    let plan = MonitoringPlan::scale_one();
    for language in every_language() {
        let ever = Facts {
            opens: "",
            ..facts(&plan)
        };
        let until = advice_in_words(Advice::NobodyWatches, &facts(&plan), language);
        let never = advice_in_words(Advice::NobodyWatches, &ever, language);
        assert!(until.contains("08:00 tomorrow") && until.contains("111"));
        assert!(until != never && never.contains("111") && never.contains("999"));
    }
}
