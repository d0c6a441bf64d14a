//! Questionnaires: what a diary asks, as data with a version, and what an answer means for the ward.
//!
//! Questions are never code: a ward may write its own, and an entry keeps the version it was answered by. What code
//! holds fast is how severe the symptoms of the procedure are: no questionnaire makes a red symptom less than red.

mod answers;
mod checked;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, AnswerRefused, Answers, Heard, Help, Symptom, Wellbeing};
pub use checked::QuestionnaireRefused;

/// One version of a questionnaire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Small letters, digits, hyphen and underscore: `covid-oximetry-home`.
    pub name: String,
    /// 1, 2, 3 … A version never changes; what is to be different is a new one.
    pub version: u32,
    /// As the ward and the patient read it.
    pub title: String,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// By which its answer is known, within the questionnaire.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// How to answer it, where that is not plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether an entry is refused without it. Seldom wise: who is too breathless to go on must be heard.
    #[serde(default)]
    pub required: bool,
    /// What can be answered.
    pub answer: Kind,
}

/// What can be answered to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Kind {
    /// One of these.
    Choice {
        /// Two or more.
        options: Vec<Choice>,
    },
    /// Yes or no.
    YesNo {
        /// What a yes says.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        yes: Vec<Meaning>,
        /// What a no says.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        no: Vec<Meaning>,
    },
    /// A number.
    Number {
        /// As it stands behind the number: `%`, `/min`, `°C`.
        unit: String,
        /// At least this.
        least: f64,
        /// At most this.
        most: f64,
        /// So many digits after the point, 0 or 1.
        #[serde(default)]
        decimals: u8,
        /// The part of a reading that it is, if it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measures: Option<Measures>,
    },
    /// The patient's own words.
    Text {
        /// Characters at most.
        longest: u16,
    },
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// By which it is known.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// What it says to the ward.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Meaning>,
}

/// What an answer says to the ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "says", deny_unknown_fields)]
pub enum Meaning {
    /// A symptom.
    Symptom {
        /// Which.
        code: String,
        /// How urgent.
        urgency: Urgency,
    },
    /// Low in mood, worried, not coping: a wellbeing call is due.
    LowMood,
    /// Alone, with nobody to turn to: a wellbeing call is due.
    Isolated,
    /// "Please call me".
    CallMe,
    /// "I have called 999".
    Called999,
}

/// How urgent a symptom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The ward is due a call.
    Amber,
    /// 999, and the ward acts now.
    Red,
}

/// Which part of a reading a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measures {
    /// Oxygen saturation, percent.
    Spo2,
    /// Beats a minute.
    Pulse,
    /// Breaths a minute.
    RespirationRate,
    /// Degrees Celsius.
    Temperature,
}

impl Measures {
    /// An oximeter shows it: it is asked for where the reading is, not among the questions.
    #[must_use]
    pub const fn is_on_the_oximeter(self) -> bool {
        match self {
            Self::Spo2 | Self::Pulse => true,
            Self::RespirationRate | Self::Temperature => false,
        }
    }
}

/// Symptoms that are red with a normal number (NHS England C1396 v1.3; DOMAIN section 4).
pub const RED_SYMPTOMS: [&str; 5] = [
    "cannot_complete_sentences",
    "seriously_unwell",
    "blue_lips",
    "new_confusion",
    "chest_pain",
];

/// Symptoms that are amber at least.
pub const AMBER_SYMPTOMS: [&str; 2] = ["breathing_worse", "feeling_worse"];

/// The questionnaires that every organisation has from the start. A test holds that each can be read and is sound.
#[must_use]
pub fn built_in() -> Vec<Questionnaire> {
    const TEXTS: [&str; 2] = [
        include_str!("../questionnaires/covid-oximetry-home.toml"),
        include_str!("../questionnaires/frailty.toml"),
    ];
    TEXTS
        .iter()
        .filter_map(|text| toml::from_str::<Questionnaire>(text).ok()?.checked().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_questionnaire_can_be_read_and_asks_for_every_red_symptom() {
        let names: Vec<_> = built_in()
            .into_iter()
            .map(|it| (it.name, it.version))
            .collect();
        let expected = ["covid-oximetry-home", "frailty"].map(|name| (name.to_owned(), 1));
        assert_eq!(names, expected);
        for questionnaire in built_in() {
            let asked: Vec<_> = questionnaire.meanings().collect();
            for code in RED_SYMPTOMS {
                let found = asked.iter().any(|meaning| {
                    matches!(meaning, Meaning::Symptom { code: it, urgency: Urgency::Red } if it == code)
                });
                assert!(found, "{}: {code}", questionnaire.name);
            }
            for code in AMBER_SYMPTOMS {
                let found = asked.iter().any(
                    |meaning| matches!(meaning, Meaning::Symptom { code: it, .. } if it == code),
                );
                assert!(found, "{}: {code}", questionnaire.name);
            }
            for meaning in [Meaning::LowMood, Meaning::Isolated, Meaning::CallMe] {
                assert!(asked.contains(&&meaning), "{}", questionnaire.name);
            }
        }
    }

    #[test]
    fn a_questionnaire_survives_its_way_through_json() {
        for questionnaire in built_in() {
            let text = serde_json::to_string(&questionnaire).unwrap();
            assert_eq!(
                serde_json::from_str::<Questionnaire>(&text).unwrap(),
                questionnaire
            );
        }
    }
}
