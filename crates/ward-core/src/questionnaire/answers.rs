//! What was answered: checked by the questionnaire, and heard for what it says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::observed::TypedObservations;
use crate::reading::ObservationSet;

use super::{Kind, Meaning, Measures, Question, Questionnaire, Urgency};

/// One answer. A choice is answered by its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    YesNo(bool),
    /// A number, in the question's unit.
    Number(f64),
    /// What was chosen, or the patient's own words.
    Text(String),
}

/// Answers by the ids of their questions. What was not answered is not here.
pub type Answers = BTreeMap<String, Answer>;

/// Why answers were refused: which question, and what is allowed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnswerRefused {
    /// Nothing was answered at all.
    #[error("answer one question at least")]
    Nothing,
    /// No such question.
    #[error("there is no question `{question}` in this questionnaire: its questions are {}", .known.join(", "))]
    NoSuchQuestion {
        /// As given.
        question: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// It must be answered.
    #[error("question `{0}` must be answered")]
    Missing(String),
    /// Not one of its options.
    #[error("question `{question}`: answer one of {}", .allowed.join(", "))]
    NotAnOption {
        /// Which question.
        question: String,
        /// The options' ids.
        allowed: Vec<String>,
    },
    /// Neither yes nor no.
    #[error("question `{0}`: answer true (yes) or false (no)")]
    NotYesOrNo(String),
    /// No number within the range.
    #[error(
        "question `{question}`: answer a number from {least} to {most} {unit}, with {decimals} digits after the point at most"
    )]
    NotInRange {
        /// Which question.
        question: String,
        /// At least.
        least: f64,
        /// At most.
        most: f64,
        /// Of what.
        unit: String,
        /// Digits after the point.
        decimals: u8,
    },
    /// No text, or too long a one.
    #[error("question `{question}`: answer a text of {longest} characters at most, without U+0000")]
    NotAText {
        /// Which question.
        question: String,
        /// Characters at most.
        longest: u16,
    },
}

/// A symptom that was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Symptom {
    /// Which.
    pub code: String,
    /// How urgent.
    pub urgency: Urgency,
}

/// What is asked of the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// "Please call me".
    CallMe,
    /// "I have called 999".
    Called999,
}

/// Why a wellbeing call is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wellbeing {
    /// Low in mood, worried, not coping.
    pub low_mood: bool,
    /// Alone, with nobody to turn to.
    pub isolated: bool,
}

impl Wellbeing {
    /// Whether there is any reason.
    #[must_use]
    pub const fn is_due(self) -> bool {
        self.low_mood || self.isolated
    }
}

/// What answers say to the ward.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// In order of their codes, each once, at its most urgent.
    pub symptoms: Vec<Symptom>,
    /// Every question that asks for a symptom was answered. Only then is silence about a symptom good news.
    pub complete: bool,
    /// The more urgent of what was asked of the ward.
    pub help: Option<Help>,
    /// Why a wellbeing call is due.
    pub wellbeing: Wellbeing,
    /// The saturation that was given, as typed.
    pub spo2: Option<f64>,
    /// The pulse that was given, as typed.
    pub pulse: Option<f64>,
    /// What else was measured, as typed.
    pub beside: TypedObservations,
}

impl Questionnaire {
    /// What these answers say, if they are answers to this questionnaire.
    ///
    /// # Errors
    /// [`AnswerRefused`] names the first question whose answer cannot be, and what can.
    pub fn hear(&self, answers: &Answers) -> Result<Heard, AnswerRefused> {
        if answers.is_empty() {
            return Err(AnswerRefused::Nothing);
        }
        if let Some(question) = answers.keys().find(|id| self.question(id).is_none()) {
            let known = self.questions.iter().map(|it| it.id.clone()).collect();
            let question = question.chars().take(60).collect();
            return Err(AnswerRefused::NoSuchQuestion { question, known });
        }
        for question in &self.questions {
            match answers.get(&question.id) {
                Some(answer) => question.check_answer(answer)?,
                None if question.required => {
                    return Err(AnswerRefused::Missing(question.id.clone()));
                }
                None => {}
            }
        }
        Ok(self.listen(answers))
    }

    /// What can be made out of answers that may be wrong in part: a red symptom is heard even if a number beside it is
    /// refused.
    #[must_use]
    pub fn listen(&self, answers: &Answers) -> Heard {
        let mut heard = Heard {
            complete: true,
            ..Heard::default()
        };
        for question in &self.questions {
            match answers.get(&question.id) {
                Some(answer) => {
                    for meaning in question.meanings_of(answer) {
                        heard.add(meaning);
                    }
                    heard.measure(question, answer);
                }
                None => heard.complete &= !question.asks_for_a_symptom(),
            }
        }
        heard.symptoms.sort();
        heard
    }

    fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

impl Heard {
    /// What was measured beside saturation and pulse. The questionnaire's own ranges let nothing through that cannot be.
    #[must_use]
    pub fn observations(&self) -> ObservationSet {
        self.beside.taken().unwrap_or_default()
    }

    /// The most urgent of its symptoms.
    #[must_use]
    pub fn urgency(&self) -> Option<Urgency> {
        self.symptoms.iter().map(|symptom| symptom.urgency).max()
    }

    fn add(&mut self, meaning: &Meaning) {
        match meaning {
            Meaning::Symptom { code, urgency } => {
                match self.symptoms.iter_mut().find(|held| held.code == *code) {
                    Some(held) => held.urgency = held.urgency.max(*urgency),
                    None => self.symptoms.push(Symptom {
                        code: code.clone(),
                        urgency: *urgency,
                    }),
                }
            }
            Meaning::LowMood => self.wellbeing.low_mood = true,
            Meaning::Isolated => self.wellbeing.isolated = true,
            Meaning::CallMe => self.help = self.help.max(Some(Help::CallMe)),
            Meaning::Called999 => self.help = self.help.max(Some(Help::Called999)),
        }
    }

    fn measure(&mut self, question: &Question, answer: &Answer) {
        let (Kind::Number { measures, .. }, Answer::Number(number)) = (&question.answer, answer)
        else {
            return;
        };
        match measures {
            Some(Measures::Spo2) => self.spo2 = Some(*number),
            Some(Measures::Pulse) => self.pulse = Some(*number),
            // As whole as the check of answers lets it through.
            Some(Measures::RespirationRate) => {
                self.beside.respiration_rate = Some(number.round());
            }
            Some(Measures::Temperature) => self.beside.temperature = Some(*number),
            None => {}
        }
    }
}

impl Question {
    fn asks_for_a_symptom(&self) -> bool {
        self.meanings()
            .any(|meaning| matches!(meaning, Meaning::Symptom { .. }))
    }

    fn meanings_of(&self, answer: &Answer) -> &[Meaning] {
        match (&self.answer, answer) {
            (Kind::YesNo { yes, .. }, Answer::YesNo(true)) => yes,
            (Kind::YesNo { no, .. }, Answer::YesNo(false)) => no,
            (Kind::Choice { options }, Answer::Text(chosen)) => options
                .iter()
                .find(|option| option.id == *chosen)
                .map_or(&[], |option| &option.means),
            (
                Kind::YesNo { .. } | Kind::Choice { .. } | Kind::Number { .. } | Kind::Text { .. },
                _,
            ) => &[],
        }
    }

    fn check_answer(&self, answer: &Answer) -> Result<(), AnswerRefused> {
        let question = self.id.clone();
        match &self.answer {
            Kind::Choice { options } => {
                let chosen =
                    matches!(answer, Answer::Text(id) if options.iter().any(|it| it.id == *id));
                let allowed = || options.iter().map(|option| option.id.clone()).collect();
                if chosen {
                    Ok(())
                } else {
                    Err(AnswerRefused::NotAnOption {
                        question,
                        allowed: allowed(),
                    })
                }
            }
            Kind::YesNo { .. } => match answer {
                Answer::YesNo(_) => Ok(()),
                Answer::Number(_) | Answer::Text(_) => Err(AnswerRefused::NotYesOrNo(question)),
            },
            Kind::Number {
                unit,
                least,
                most,
                decimals,
                ..
            } => match answer {
                Answer::Number(number)
                    if (*least..=*most).contains(number) && has_decimals(*number, *decimals) =>
                {
                    Ok(())
                }
                Answer::Number(_) | Answer::YesNo(_) | Answer::Text(_) => {
                    Err(AnswerRefused::NotInRange {
                        question,
                        least: *least,
                        most: *most,
                        unit: unit.clone(),
                        decimals: *decimals,
                    })
                }
            },
            Kind::Text { longest } => match answer {
                Answer::Text(text)
                    if text.chars().count() <= usize::from(*longest) && !text.contains('\0') =>
                {
                    Ok(())
                }
                Answer::Text(_) | Answer::YesNo(_) | Answer::Number(_) => {
                    Err(AnswerRefused::NotAText {
                        question,
                        longest: *longest,
                    })
                }
            },
        }
    }
}

fn has_decimals(number: f64, at_most: u8) -> bool {
    let scaled = number * 10_f64.powi(i32::from(at_most));
    (scaled - scaled.round()).abs() < 1e-6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::built_in;

    fn answers(given: &[(&str, Answer)]) -> Answers {
        given
            .iter()
            .map(|(id, answer)| ((*id).to_owned(), answer.clone()))
            .collect()
    }

    fn refused(given: &[(&str, Answer)]) -> String {
        built_in()[0].hear(&answers(given)).unwrap_err().to_string()
    }

    fn heard(given: &[(&str, Answer)]) -> Heard {
        built_in()[0].hear(&answers(given)).unwrap()
    }

    #[test]
    fn an_answer_that_cannot_be_is_refused_with_its_question_and_what_can() {
        let text = |text: &str| Answer::Text(text.to_owned());
        assert_eq!(refused(&[]), "answer one question at least");
        let unknown = refused(&[("blood_group", text("A"))]);
        assert!(unknown.contains("`blood_group`") && unknown.contains("breathing"));
        for wrong in [text("a bit"), Answer::YesNo(true), Answer::Number(1.0)] {
            assert_eq!(
                refused(&[("breathing", wrong)]),
                "question `breathing`: answer one of better, same, worse"
            );
        }
        for wrong in [text("yes"), Answer::Number(1.0)] {
            assert!(refused(&[("chest_pain", wrong)]).contains("true (yes) or false (no)"));
        }
        for wrong in [
            text("37"),
            Answer::Number(24.9),
            Answer::Number(45.1),
            Answer::Number(36.66),
            Answer::Number(f64::NAN),
        ] {
            assert!(refused(&[("temperature", wrong)]).contains("from 25 to 45 °C"));
        }
        for wrong in [text(&"x".repeat(2001)), text("\0"), Answer::YesNo(true)] {
            assert!(refused(&[("words", wrong)]).contains("2000 characters"));
        }
    }

    #[test]
    fn breaths_and_temperature_that_a_plan_measures_stand_beside_the_saturation() {
        let mut asked = built_in()[0].clone();
        for question in &mut asked.questions {
            let part = match question.id.as_str() {
                "breaths" => Measures::RespirationRate,
                "temperature" => Measures::Temperature,
                _ => continue,
            };
            if let Kind::Number { measures, .. } = &mut question.answer {
                *measures = Some(part);
            }
        }
        let asked = asked.checked().unwrap();
        let given = answers(&[
            ("oxygen", Answer::Number(96.0)),
            ("breaths", Answer::Number(22.0)),
            ("temperature", Answer::Number(38.1)),
        ]);
        let set = asked.hear(&given).unwrap().observations();
        assert_eq!(
            (set.respiration_rate, set.temperature_tenths),
            (Some(22), Some(381))
        );
        // Where they are only asked for they stay in the diary.
        assert!(
            built_in()[0]
                .hear(&given)
                .unwrap()
                .observations()
                .is_empty()
        );
    }

    #[test]
    fn what_is_said_is_heard() {
        let well = heard(&[("breathing", Answer::Text("same".to_owned()))]);
        assert_eq!((well.urgency(), well.complete), (None, false));
        let ill = heard(&[
            ("breathing", Answer::Text("worse".to_owned())),
            ("full_sentences", Answer::YesNo(false)),
            ("call_me", Answer::YesNo(true)),
            ("alone", Answer::YesNo(true)),
            ("oxygen", Answer::Number(97.0)),
            ("pulse", Answer::Number(88.0)),
        ]);
        assert_eq!(ill.urgency(), Some(Urgency::Red));
        let codes: Vec<_> = ill.symptoms.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["breathing_worse", "cannot_complete_sentences"]);
        assert_eq!(ill.help, Some(Help::CallMe));
        assert!(ill.wellbeing.isolated && !ill.wellbeing.low_mood);
        assert_eq!((ill.spo2, ill.pulse), (Some(97.0), Some(88.0)));
    }

    #[test]
    fn a_red_symptom_is_heard_beside_a_number_that_cannot_be() {
        let given = answers(&[
            ("chest_pain", Answer::YesNo(true)),
            ("temperature", Answer::Number(400.0)),
        ]);
        assert!(built_in()[0].hear(&given).is_err());
        assert_eq!(built_in()[0].listen(&given).urgency(), Some(Urgency::Red));
    }

    #[test]
    fn only_answers_to_all_that_asks_for_symptoms_are_complete() {
        let questionnaire = &built_in()[0];
        let mut all = Answers::new();
        for question in &questionnaire.questions {
            let calm = match &question.answer {
                Kind::Choice { options } => Answer::Text(options[0].id.clone()),
                Kind::YesNo { yes, .. } => Answer::YesNo(yes.is_empty()),
                Kind::Number { .. } | Kind::Text { .. } => continue,
            };
            all.insert(question.id.clone(), calm);
        }
        let calm = questionnaire.hear(&all).unwrap();
        assert!(calm.complete && calm.symptoms.is_empty(), "{calm:?}");
        for question in &questionnaire.questions {
            let mut but_one = all.clone();
            but_one.remove(&question.id);
            let asked = question.asks_for_a_symptom();
            let heard = questionnaire.hear(&but_one).unwrap();
            assert_eq!(heard.complete, !asked, "{}", question.id);
        }
    }
}
