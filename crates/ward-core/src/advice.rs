//! What the person at home is told, in the words of the message files and the numbers of the plan's own bands.
//!
//! A red result or a red symptom is answered with the 999 advice first, whatever the hour, and never with "we will call
//! you" alone. Nobody is told another plan's limits: who has a target of 88 to 92 % is not sent to hospital at 89.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{Band, MonitoringPlan};
use crate::questionnaire::{Help, Urgency};

/// What has just been said or measured, as far as the advice depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The worst band of the values that have just been given.
    pub band: Option<Band>,
    /// The most urgent symptom.
    pub urgency: Option<Urgency>,
    /// What was asked of the ward.
    pub help: Option<Help>,
    /// A value was odd and is asked about.
    pub asked_back: bool,
    /// A wellbeing call is due.
    pub wellbeing: bool,
    /// Somebody watches the board.
    pub staffed: bool,
    /// The stay is paused or over: nobody watches this person.
    pub unwatched: bool,
    /// All this is of the past, behind something newer.
    pub over: bool,
}

/// One piece of advice. The first is the most urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// A red symptom: 999 now.
    Call999,
    /// 999 was called: open the door, stay by the phone.
    WaitForAmbulance,
    /// A red value: look again at once; still red: 999.
    RedValue,
    /// An odd value: look again and answer.
    AskedBack,
    /// An amber value: look again within the hour; still amber: the ward, the GP or 111.
    AmberValue,
    /// Breathing or feeling worse: ring the ward or 111.
    Worse,
    /// Who asked to be called.
    WeWillCall,
    /// Somebody is told, and the ward's phone.
    WardTold,
    /// Nobody watches: 111, and 999 in an emergency.
    NobodyWatches,
    /// The stay is paused or over, so nobody watches this person.
    StayNotRunning,
    /// Somebody will ring about how they feel.
    WellbeingCall,
    /// All as it should be.
    CarryOn,
    /// A finger reading is a guide.
    Guide,
}

impl Advice {
    /// Every one, the most urgent first.
    pub const ALL: [Self; 13] = [
        Self::Call999,
        Self::WaitForAmbulance,
        Self::RedValue,
        Self::AskedBack,
        Self::AmberValue,
        Self::Worse,
        Self::WeWillCall,
        Self::WardTold,
        Self::NobodyWatches,
        Self::StayNotRunning,
        Self::WellbeingCall,
        Self::CarryOn,
        Self::Guide,
    ];

    /// Its name in the message files and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Call999 => "call_999",
            Self::WaitForAmbulance => "wait_for_ambulance",
            Self::RedValue => "red_value",
            Self::AskedBack => "asked_back",
            Self::AmberValue => "amber_value",
            Self::Worse => "worse",
            Self::WeWillCall => "we_will_call",
            Self::WardTold => "ward_told",
            Self::NobodyWatches => "nobody_watches",
            Self::StayNotRunning => "stay_not_running",
            Self::WellbeingCall => "wellbeing_call",
            Self::CarryOn => "carry_on",
            Self::Guide => "guide",
        }
    }
}

/// What to tell, the most urgent first. Never empty.
#[must_use]
pub fn advise(situation: Situation) -> Vec<Advice> {
    let Situation {
        band,
        urgency,
        help,
        asked_back,
        wellbeing,
        staffed,
        unwatched,
        over,
    } = situation;
    let help = help.filter(|_| !over);
    let red_value = band == Some(Band::Red) && !over;
    let amber_value = band == Some(Band::Amber) && !over;
    let red = (urgency == Some(Urgency::Red) && !over) || help == Some(Help::Called999);
    let worse = urgency == Some(Urgency::Amber) && !over;
    let troubled = red || red_value || amber_value || worse || help.is_some();
    let said = |advice: Advice| match advice {
        Advice::Call999 => red && help != Some(Help::Called999),
        Advice::WaitForAmbulance => help == Some(Help::Called999),
        Advice::RedValue => red_value,
        Advice::AskedBack => asked_back,
        Advice::AmberValue => amber_value,
        Advice::Worse => worse && !red && !red_value,
        Advice::WeWillCall => help == Some(Help::CallMe) && staffed && !unwatched,
        Advice::WardTold => troubled && staffed && !unwatched,
        // Who enters something at night may believe that it is read.
        Advice::NobodyWatches => !staffed && !unwatched,
        Advice::StayNotRunning => unwatched,
        Advice::WellbeingCall => wellbeing && !unwatched,
        Advice::CarryOn => !troubled && !asked_back && !unwatched,
        Advice::Guide => band.is_some(),
    };
    Advice::ALL.into_iter().filter(|it| said(*it)).collect()
}

/// The texts of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts(BTreeMap<String, String>);

/// What the texts speak of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Whose bands.
    pub plan: &'a MonitoringPlan,
    /// The ward's phone.
    pub phone: &'a str,
    /// When somebody watches again, in the ward's own time, `08:00 tomorrow`; empty when nobody ever does.
    pub opens: &'a str,
}

impl Texts {
    /// English, as built in. A test holds that it can be read, and has every text.
    #[must_use]
    pub fn english() -> Self {
        Self(toml::from_str(include_str!("../messages/advice.en.toml")).unwrap_or_default())
    }

    /// One piece of advice, in full.
    #[must_use]
    pub fn say(&self, advice: Advice, facts: &Facts<'_>) -> String {
        let Facts { plan, phone, opens } = facts;
        let key = match advice {
            Advice::NobodyWatches if opens.is_empty() => "nobody_watches_ever",
            other => other.name(),
        };
        // A file without the text must not leave anybody without the word that matters.
        let text = self.0.get(key).map_or(
            "In an emergency call 999. For help at any hour call 111.",
            String::as_str,
        );
        let (red, amber) = (plan.red_at_or_below, plan.amber_at_or_below);
        text.replace("{red}", &red.to_string())
            .replace("{amber_from}", &red.saturating_add(1).to_string())
            .replace("{amber}", &amber.to_string())
            .replace("{green_from}", &amber.saturating_add(1).to_string())
            .replace("{phone}", phone)
            .replace("{opens}", opens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let texts = Texts::english();
        for plan in [
            MonitoringPlan::scale_one(),
            MonitoringPlan::target_88_to_92(),
        ] {
            for situation in every_situation() {
                let advice = advise(situation);
                let first = texts.say(advice[0], &facts(&plan));
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
        let texts = Texts::english();
        let plan = MonitoringPlan::scale_one();
        for situation in every_situation() {
            let advice = advise(situation);
            assert!(!advice.is_empty(), "{situation:?}");
            let all: String = advice
                .iter()
                .map(|it| texts.say(*it, &facts(&plan)))
                .collect();
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
    fn every_text_is_there_and_leaves_nothing_to_fill_in() {
        let texts = Texts::english();
        let plan = MonitoringPlan::target_88_to_92();
        let known: Vec<_> = Advice::ALL.iter().map(|it| it.name()).collect();
        for name in &known {
            assert!(texts.0.contains_key(*name), "{name}");
        }
        for key in texts.0.keys() {
            let known = known.contains(&key.as_str()) || key == "nobody_watches_ever";
            assert!(known, "{key} is said by nobody");
        }
        for advice in Advice::ALL {
            let text = texts.say(advice, &facts(&plan));
            assert!(!text.contains('{') && !text.contains('}'), "{text}");
            for number in ["92", "93", "94", "95"] {
                assert!(!text.contains(number), "another plan's limit: {text}");
            }
        }
        let red = texts.say(Advice::RedValue, &facts(&plan));
        assert!(red.contains("85 or lower"), "{red}");
    }
}
