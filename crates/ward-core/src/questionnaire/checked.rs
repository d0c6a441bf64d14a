//! Whether a questionnaire can be asked, and how severe it may make what is answered.

use std::collections::BTreeSet;

use crate::news2::{Parameter, taken};

use super::{Kind, Meaning, Measures, Question, Questionnaire, RED_SYMPTOMS, Urgency};

const MOST_QUESTIONS: usize = 60;
const MOST_OPTIONS: usize = 20;
const MOST_MEANINGS: usize = 5;
const LONGEST_NAME: usize = 60;
const LONGEST_TEXT: usize = 500;
const LONGEST_ANSWER: u16 = 4000;

/// A number that is a saturation or a pulse must be asked for this widely: what is odd is asked about, not refused.
const MEASURED_LEAST: f64 = 1.0;
const MEASURED_MOST: f64 = 350.0;

/// Why a questionnaire was refused, and what is allowed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QuestionnaireRefused {
    /// A name, id or code that cannot be one.
    #[error(
        "{what} `{given}` must be 1 to {LONGEST_NAME} small letters, digits, hyphens or underscores"
    )]
    NotAName {
        /// Of what.
        what: &'static str,
        /// As given.
        given: String,
    },
    /// Versions begin at 1.
    #[error("version must be 1 or more")]
    VersionZero,
    /// Nothing to ask, or too much.
    #[error("a questionnaire has 1 to {MOST_QUESTIONS} questions")]
    HowManyQuestions,
    /// Two questions, or two options of one, by the same id.
    #[error("the id `{0}` stands here twice: give each its own")]
    Twice(String),
    /// No text, too long a text, or one with U+0000.
    #[error("{what} must have 1 to {LONGEST_TEXT} characters, without U+0000")]
    Text {
        /// Where.
        what: String,
    },
    /// Nothing to choose, or too much.
    #[error("question `{0}`: a choice has 2 to {MOST_OPTIONS} options")]
    HowManyOptions(String),
    /// Too many meanings of one answer.
    #[error("question `{0}`: an answer means {MOST_MEANINGS} things at most")]
    HowManyMeanings(String),
    /// The range holds nothing.
    #[error(
        "question `{0}`: `least` must be below `most`, both between -10000 and 10000, with 0 or 1 decimals"
    )]
    Range(String),
    /// A saturation or a pulse in too narrow a range.
    #[error(
        "question `{0}`: what measures saturation or pulse must allow {MEASURED_LEAST} to {MEASURED_MOST}: an odd value is asked about, not refused"
    )]
    MeasuredRange(String),
    /// More than a person can breathe, or halves of breaths.
    #[error("question `{0}`: what measures breaths must lie within 0 to 100, without decimals")]
    BreathsRange(String),
    /// More than a thermometer shows.
    #[error("question `{0}`: what measures temperature must lie within 25 to 45")]
    TemperatureRange(String),
    /// Two questions for the same part of a reading.
    #[error("question `{0}`: each part of a reading is asked for once at most")]
    MeasuredTwice(String),
    /// Nothing that it could stand beside.
    #[error(
        "pulse, breaths and temperature are measured only beside a saturation: ask for that too"
    )]
    MeasuredAlone,
    /// Free text without room, or with too much.
    #[error("question `{0}`: `longest` must be 1 to {LONGEST_ANSWER} characters")]
    Longest(String),
    /// A symptom of the procedure, made less severe than it is.
    #[error("question `{question}`: the symptom `{code}` is red and cannot be less")]
    TooMild {
        /// Where.
        question: String,
        /// Which.
        code: String,
    },
}

fn lies_within(parameter: Parameter, least: f64, most: f64) -> bool {
    taken(parameter).is_some_and(|(from, to)| f64::from(from) <= least && most <= f64::from(to))
}

impl Questionnaire {
    /// The questionnaire, if it can be asked.
    ///
    /// # Errors
    /// [`QuestionnaireRefused`] says what to change, and where.
    pub fn checked(self) -> Result<Self, QuestionnaireRefused> {
        name("the name", &self.name)?;
        text("the title", &self.title)?;
        if self.version == 0 {
            return Err(QuestionnaireRefused::VersionZero);
        }
        if !(1..=MOST_QUESTIONS).contains(&self.questions.len()) {
            return Err(QuestionnaireRefused::HowManyQuestions);
        }
        unique(self.questions.iter().map(|question| question.id.as_str()))?;
        let mut measured = Vec::new();
        for question in &self.questions {
            question.check()?;
            if let Kind::Number {
                measures: Some(part),
                ..
            } = question.answer
            {
                if measured.contains(&part) {
                    return Err(QuestionnaireRefused::MeasuredTwice(question.id.clone()));
                }
                measured.push(part);
            }
        }
        if !measured.is_empty() && !measured.contains(&Measures::Spo2) {
            return Err(QuestionnaireRefused::MeasuredAlone);
        }
        Ok(self)
    }

    /// Everything that an answer may say.
    pub fn meanings(&self) -> impl Iterator<Item = &Meaning> {
        self.questions.iter().flat_map(Question::meanings)
    }
}

impl Question {
    pub(super) fn meanings(&self) -> impl Iterator<Item = &Meaning> {
        let (options, yes, no) = match &self.answer {
            Kind::Choice { options } => (options.as_slice(), [].as_slice(), [].as_slice()),
            Kind::YesNo { yes, no } => ([].as_slice(), yes.as_slice(), no.as_slice()),
            Kind::Number { .. } | Kind::Text { .. } => {
                ([].as_slice(), [].as_slice(), [].as_slice())
            }
        };
        options
            .iter()
            .flat_map(|option| &option.means)
            .chain(yes)
            .chain(no)
    }

    fn check(&self) -> Result<(), QuestionnaireRefused> {
        let here = || self.id.clone();
        name("the id", &self.id)?;
        text(&format!("the text of question `{}`", self.id), &self.text)?;
        if let Some(help) = &self.help {
            text(&format!("the help of question `{}`", self.id), help)?;
        }
        match &self.answer {
            Kind::Choice { options } => {
                if !(2..=MOST_OPTIONS).contains(&options.len()) {
                    return Err(QuestionnaireRefused::HowManyOptions(here()));
                }
                unique(options.iter().map(|option| option.id.as_str()))?;
                for option in options {
                    name("the id", &option.id)?;
                    text(
                        &format!("option `{}` of question `{}`", option.id, self.id),
                        &option.text,
                    )?;
                    self.check_meanings(&option.means)?;
                }
            }
            Kind::YesNo { yes, no } => {
                self.check_meanings(yes)?;
                self.check_meanings(no)?;
            }
            Kind::Number {
                unit,
                least,
                most,
                decimals,
                measures,
            } => {
                if !unit.is_empty() {
                    text(&format!("the unit of question `{}`", self.id), unit)?;
                }
                let sane = -10_000.0..=10_000.0;
                if !(sane.contains(least) && sane.contains(most) && least < most && *decimals <= 1)
                {
                    return Err(QuestionnaireRefused::Range(here()));
                }
                match measures {
                    Some(Measures::Spo2 | Measures::Pulse)
                        if *least > MEASURED_LEAST || *most < MEASURED_MOST =>
                    {
                        return Err(QuestionnaireRefused::MeasuredRange(here()));
                    }
                    Some(Measures::RespirationRate)
                        if !lies_within(Parameter::RespirationRate, *least, *most)
                            || *decimals > 0 =>
                    {
                        return Err(QuestionnaireRefused::BreathsRange(here()));
                    }
                    Some(Measures::Temperature)
                        if !lies_within(Parameter::Temperature, *least, *most) =>
                    {
                        return Err(QuestionnaireRefused::TemperatureRange(here()));
                    }
                    Some(
                        Measures::Spo2
                        | Measures::Pulse
                        | Measures::RespirationRate
                        | Measures::Temperature,
                    )
                    | None => {}
                }
            }
            Kind::Text { longest } => {
                if !(1..=LONGEST_ANSWER).contains(longest) {
                    return Err(QuestionnaireRefused::Longest(here()));
                }
            }
        }
        Ok(())
    }

    fn check_meanings(&self, meanings: &[Meaning]) -> Result<(), QuestionnaireRefused> {
        if meanings.len() > MOST_MEANINGS {
            return Err(QuestionnaireRefused::HowManyMeanings(self.id.clone()));
        }
        for meaning in meanings {
            let Meaning::Symptom { code, urgency } = meaning else {
                continue;
            };
            name("the symptom", code)?;
            if RED_SYMPTOMS.contains(&code.as_str()) && *urgency < Urgency::Red {
                return Err(QuestionnaireRefused::TooMild {
                    question: self.id.clone(),
                    code: code.clone(),
                });
            }
        }
        Ok(())
    }
}

fn name(what: &'static str, given: &str) -> Result<(), QuestionnaireRefused> {
    let fits = (1..=LONGEST_NAME).contains(&given.len())
        && given
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if fits {
        Ok(())
    } else {
        let given = given.chars().take(LONGEST_NAME).collect();
        Err(QuestionnaireRefused::NotAName { what, given })
    }
}

fn text(what: &str, given: &str) -> Result<(), QuestionnaireRefused> {
    let fits =
        !given.trim().is_empty() && given.chars().count() <= LONGEST_TEXT && !given.contains('\0');
    if fits {
        Ok(())
    } else {
        Err(QuestionnaireRefused::Text {
            what: what.to_owned(),
        })
    }
}

fn unique<'a>(mut ids: impl Iterator<Item = &'a str>) -> Result<(), QuestionnaireRefused> {
    let mut seen = BTreeSet::new();
    match ids.find(|id| !seen.insert(*id)) {
        Some(id) => Err(QuestionnaireRefused::Twice(id.to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::built_in;

    fn changed(
        change: impl FnOnce(&mut Questionnaire),
    ) -> Result<Questionnaire, QuestionnaireRefused> {
        let mut questionnaire = built_in().remove(0);
        change(&mut questionnaire);
        questionnaire.checked()
    }

    fn said(change: impl FnOnce(&mut Questionnaire)) -> String {
        changed(change).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_its_place() {
        assert!(changed(|_| {}).is_ok());
        assert!(said(|it| it.name = "Covid Diary".to_owned()).contains("`Covid Diary`"));
        assert!(said(|it| it.version = 0).contains("version"));
        assert!(said(|it| it.questions.clear()).contains("1 to 60"));
        let twice = said(|it| {
            let first = it.questions[0].clone();
            it.questions.push(first);
        });
        assert!(twice.contains("twice"), "{twice}");
        assert!(
            said(|it| it.questions[0].text = "\0".to_owned())
                .contains(&built_in()[0].questions[0].id)
        );
        assert!(
            said(|it| it.questions[0].answer = Kind::Choice {
                options: Vec::new()
            })
            .contains("2 to 20 options")
        );
    }

    #[test]
    fn no_questionnaire_makes_chest_pain_less_than_red() {
        let milder = said(|it| {
            it.questions[0].answer = Kind::YesNo {
                yes: vec![Meaning::Symptom {
                    code: "chest_pain".to_owned(),
                    urgency: Urgency::Amber,
                }],
                no: Vec::new(),
            };
        });
        assert!(milder.contains("`chest_pain` is red"), "{milder}");
    }

    #[test]
    fn a_saturation_is_asked_for_widely_enough_to_hear_a_swapped_one() {
        let number = |least, most, measures| Kind::Number {
            unit: "%".to_owned(),
            least,
            most,
            decimals: 0,
            measures,
        };
        let narrow = said(|it| {
            it.questions.truncate(1);
            it.questions[0].answer = number(70.0, 100.0, Some(Measures::Spo2));
        });
        assert!(narrow.contains("asked about, not refused"), "{narrow}");
        for (least, most) in [(5.0, 5.0), (f64::NAN, 5.0), (0.0, f64::INFINITY)] {
            let range = changed(|it| it.questions[0].answer = number(least, most, None));
            assert!(range.is_err(), "{least} {most}");
        }
        let alone = said(|it| {
            it.questions.truncate(1);
            it.questions[0].answer = number(1.0, 350.0, Some(Measures::Pulse));
        });
        assert!(alone.contains("only beside a saturation"), "{alone}");
    }

    #[test]
    fn breaths_and_temperature_stay_within_what_is_scored() {
        let asking = |least, most, decimals, part| {
            changed(|it| {
                it.questions.truncate(2);
                let number = |least, most, decimals, measures| Kind::Number {
                    unit: String::new(),
                    least,
                    most,
                    decimals,
                    measures: Some(measures),
                };
                it.questions[0].answer = number(1.0, 350.0, 1, Measures::Spo2);
                it.questions[1].answer = number(least, most, decimals, part);
            })
        };
        assert!(asking(0.0, 100.0, 0, Measures::RespirationRate).is_ok());
        assert!(asking(0.0, 101.0, 0, Measures::RespirationRate).is_err());
        assert!(asking(0.0, 80.0, 1, Measures::RespirationRate).is_err());
        assert!(asking(25.0, 45.0, 1, Measures::Temperature).is_ok());
        assert!(asking(20.0, 45.0, 1, Measures::Temperature).is_err());
    }
}
