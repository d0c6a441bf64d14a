//! What the person at home is told. The words are the message files', and the numbers those of the plan's own bands.
//!
//! A red result or a red symptom is answered with the 999 advice first, whatever the hour, and never with "we will call
//! you" alone. Nobody is told another plan's limits: who has a target of 88 to 92 % is not sent to hospital at 89.

use serde::{Deserialize, Serialize};

use crate::plan::Band;
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

    /// Whether it is said before anybody hangs up: it asks the person to do something, or answers what they asked for.
    #[must_use]
    pub const fn comes_before_hanging_up(self) -> bool {
        match self {
            Self::Call999
            | Self::WaitForAmbulance
            | Self::RedValue
            | Self::AskedBack
            | Self::AmberValue
            | Self::Worse
            | Self::WeWillCall
            | Self::StayNotRunning => true,
            Self::WardTold
            | Self::NobodyWatches
            | Self::WellbeingCall
            | Self::CarryOn
            | Self::Guide => false,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hangs_up_before_a_red_an_amber_or_a_999_was_answered() {
        let bands = [None, Some(Band::Green), Some(Band::Amber), Some(Band::Red)];
        let urgencies = [None, Some(Urgency::Amber), Some(Urgency::Red)];
        for (band, urgency) in bands.into_iter().flat_map(|it| urgencies.map(|u| (it, u))) {
            for help in [None, Some(Help::CallMe), Some(Help::Called999)] {
                for (staffed, unwatched) in [(true, false), (false, false), (false, true)] {
                    let situation = Situation {
                        band,
                        urgency,
                        help,
                        staffed,
                        unwatched,
                        ..Situation::default()
                    };
                    let first = advise(situation)[0];
                    let asks = band > Some(Band::Green)
                        || urgency.is_some()
                        || help == Some(Help::Called999);
                    assert!(!asks || first.comes_before_hanging_up(), "{situation:?}");
                }
            }
        }
        assert!(!Advice::CarryOn.comes_before_hanging_up());
    }
}
