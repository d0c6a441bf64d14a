//! One question on a page, and what was answered to it.

use std::collections::BTreeMap;

use ward_core::questionnaire::{
    Answer, Answers, Choice, Kind, Meaning, Question, Questionnaire, Urgency,
};
use ward_service::words::questionnaire_in;
use ward_text::args;

use crate::extract::without_nul;
use crate::pages::home::frame::Frame;
use crate::pages::home::number;

/// Every field of an answer begins so.
const FIELD: &str = "answer-";

/// A question as it is drawn.
pub(crate) struct Asked {
    /// The name of its field.
    pub(crate) field: String,
    pub(crate) text: String,
    pub(crate) help: Option<String>,
    /// The question in English, where nobody has approved the translation.
    pub(crate) english: Option<String>,
    pub(crate) answered: Answered,
    /// What was typed into its field.
    pub(crate) value: String,
    kind: Kind,
}

/// How it is answered.
pub(crate) enum Answered {
    /// By one of these.
    OneOf(Vec<Offered>),
    /// By a number of this unit.
    Number { unit: String, least: f64, most: f64 },
    /// In one's own words, of so many letters.
    Words(u16),
}

/// An answer to choose.
pub(crate) struct Offered {
    pub(crate) value: String,
    pub(crate) words: String,
    pub(crate) chosen: bool,
    /// It is a red symptom: not carried on to the next question.
    pub(crate) red: bool,
    /// It is an amber one.
    pub(crate) amber: bool,
}

/// The questions of a diary but for those that are a reading.
pub(crate) fn asked(questionnaire: &Questionnaire, frame: &Frame, given: &Given) -> Vec<Asked> {
    let translated = questionnaire_in(frame.language, questionnaire);
    let english = questionnaire.questions.iter();
    english
        .zip(&translated.questions)
        .filter(|(question, _)| !is_of_a_reading(question))
        .map(|(english, question)| {
            let beside = frame.is_draft() && english.text != question.text;
            Asked {
                english: beside.then(|| in_english(english)),
                ..Asked::of(question, frame, given)
            }
        })
        .collect()
}

/// The question, and what may be chosen, on one line.
fn in_english(question: &Question) -> String {
    let answers: Vec<&str> = match &question.answer {
        Kind::Choice { options } => options.iter().map(|it| it.text.as_str()).collect(),
        Kind::YesNo { .. } => vec!["Yes", "No"],
        Kind::Number { .. } | Kind::Text { .. } => Vec::new(),
    };
    format!("{} {}", question.text, answers.join(" / "))
        .trim_end()
        .to_owned()
}

const fn is_of_a_reading(question: &Question) -> bool {
    match question.answer {
        Kind::Number {
            measures: Some(part),
            ..
        } => part.is_on_the_oximeter(),
        Kind::Number { measures: None, .. }
        | Kind::Choice { .. }
        | Kind::YesNo { .. }
        | Kind::Text { .. } => false,
    }
}

impl Asked {
    fn of(question: &Question, frame: &Frame, given: &Given) -> Self {
        let field = format!("{FIELD}{}", question.id);
        let value = given.value(&field).to_owned();
        let offered = |id: &str, words: String, means: &[Meaning]| Offered {
            value: id.to_owned(),
            words,
            chosen: value == id,
            red: is_as_urgent(means, Urgency::Red),
            amber: is_as_urgent(means, Urgency::Amber),
        };
        let answered = match &question.answer {
            Kind::YesNo { yes, no } => Answered::OneOf(vec![
                offered("yes", frame.t("home-diary-yes"), yes),
                offered("no", frame.t("home-diary-no"), no),
            ]),
            Kind::Choice { options } => {
                let choice = |it: &Choice| offered(&it.id, it.text.clone(), &it.means);
                Answered::OneOf(options.iter().map(choice).collect())
            }
            Kind::Number {
                unit, least, most, ..
            } => Answered::Number {
                unit: unit.clone(),
                least: *least,
                most: *most,
            },
            Kind::Text { longest } => Answered::Words(*longest),
        };
        Self {
            field,
            text: question.text.clone(),
            help: question.help.clone(),
            english: None,
            answered,
            value,
            kind: question.answer.clone(),
        }
    }

    /// What to say of a number that cannot be.
    pub(crate) fn wrong_number(&self, frame: &Frame) -> String {
        let Answered::Number { least, most, .. } = &self.answered else {
            return String::new();
        };
        let args = args!["least" => number::shown(*least), "most" => number::shown(*most)];
        frame.language.say("home-diary-number", &args)
    }

    /// What to say where there is no answer.
    pub(crate) fn missing(&self, frame: &Frame) -> String {
        match self.answered {
            Answered::Number { .. } => self.wrong_number(frame),
            Answered::OneOf(_) | Answered::Words(_) => frame.t("home-diary-choose"),
        }
    }

    /// Whether there is an answer; what to say of one that cannot be.
    pub(crate) fn check(&self, given: &Given, frame: &Frame) -> Result<bool, String> {
        let typed = given.value(&self.field).trim();
        if typed.is_empty() {
            // Words are not asked for twice.
            return Ok(matches!(self.kind, Kind::Text { .. }));
        }
        if answer(&self.kind, typed).is_some() {
            return Ok(true);
        }
        Err(match &self.answered {
            Answered::Number { .. } => self.wrong_number(frame),
            Answered::Words(longest) => {
                frame.t1("home-diary-text", "longest", &longest.to_string())
            }
            Answered::OneOf(_) => frame.t("home-diary-choose"),
        })
    }
}

fn is_as_urgent(means: &[Meaning], wanted: Urgency) -> bool {
    means.iter().any(|meaning| match meaning {
        Meaning::Symptom { urgency, .. } => *urgency == wanted,
        Meaning::LowMood | Meaning::Isolated | Meaning::CallMe | Meaning::Called999 => false,
    })
}

/// What was typed so far, by field.
#[derive(Clone, Default)]
pub(crate) struct Given(BTreeMap<String, String>);

impl Given {
    pub(crate) fn of(form: &[(String, String)]) -> Self {
        let answers = form.iter().filter(|(field, _)| field.starts_with(FIELD));
        Self(answers.cloned().collect())
    }

    /// What was answered before, as it would be typed.
    pub(crate) fn again(answers: &Answers) -> Self {
        let typed = |answer: &Answer| match answer {
            Answer::YesNo(true) => "yes".to_owned(),
            Answer::YesNo(false) => "no".to_owned(),
            Answer::Number(number) => number::shown(*number),
            Answer::Text(text) => text.clone(),
        };
        let fields = answers.iter();
        Self(
            fields
                .map(|(id, answer)| (format!("{FIELD}{id}"), typed(answer)))
                .collect(),
        )
    }

    pub(crate) fn value(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    pub(crate) fn forget(&mut self, field: &str) {
        self.0.remove(field);
    }

    /// What was typed on the other pages.
    pub(crate) fn but(&self, field: &str) -> Vec<(String, String)> {
        let others = self
            .0
            .iter()
            .filter(|(other, value)| *other != field && !value.is_empty());
        others
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    /// What of it is an answer to these questions.
    pub(crate) fn answers(&self, questionnaire: &Questionnaire) -> Answers {
        let questions = questionnaire.questions.iter();
        questions
            .filter_map(|question| {
                let typed = self.value(&format!("{FIELD}{}", question.id)).trim();
                Some((question.id.clone(), answer(&question.answer, typed)?))
            })
            .collect()
    }
}

fn answer(kind: &Kind, typed: &str) -> Option<Answer> {
    match kind {
        Kind::YesNo { .. } => match typed {
            "yes" => Some(Answer::YesNo(true)),
            "no" => Some(Answer::YesNo(false)),
            _ => None,
        },
        Kind::Choice { options } => {
            let chosen = options.iter().find(|option| option.id == typed)?;
            Some(Answer::Text(chosen.id.clone()))
        }
        Kind::Number {
            least,
            most,
            decimals,
            ..
        } => {
            let number = number::typed(typed)?;
            // More digits than the question asks for are cut off: a thermometer may show two.
            let scale = if *decimals == 0 { 1.0 } else { 10.0 };
            let cut = (number * scale).floor() / scale;
            (*least..=*most)
                .contains(&cut)
                .then_some(Answer::Number(cut))
        }
        Kind::Text { longest } => {
            let fits = (1..=usize::from(*longest)).contains(&typed.chars().count());
            fits.then(|| Answer::Text(without_nul(typed.to_owned())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::questionnaire::built_in;
    use ward_text::Language;

    fn given(fields: &[(&str, &str)]) -> Given {
        let owned =
            |(field, value): &(&str, &str)| (format!("{FIELD}{field}"), (*value).to_owned());
        Given::of(&fields.iter().map(owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_answered_on_the_pages_is_heard_by_the_questionnaire() {
        let questionnaire = &built_in()[0];
        let answers = given(&[
            ("temperature", "38,55"),
            ("chest_pain", "yes"),
            ("breathing", "worse"),
            ("words", " cold feet "),
            ("nothing-such", "yes"),
        ])
        .answers(questionnaire);
        let heard = questionnaire.hear(&answers).unwrap();
        assert_eq!(heard.urgency(), Some(Urgency::Red));
        assert_eq!(answers["temperature"], Answer::Number(38.5));
        assert_eq!(answers["words"], Answer::Text("cold feet".to_owned()));
        assert_eq!(answers.len(), 4);
    }

    #[test]
    fn what_was_kept_of_a_diary_is_answered_again_as_it_was() {
        let questionnaire = &built_in()[0];
        let answers = given(&[
            ("temperature", "38,5"),
            ("chest_pain", "no"),
            ("breathing", "same"),
            ("words", "cold feet"),
        ])
        .answers(questionnaire);
        assert_eq!(answers.len(), 4);
        assert_eq!(Given::again(&answers).answers(questionnaire), answers);
    }

    #[test]
    fn a_reading_is_asked_for_on_its_own_page_and_each_red_answer_is_marked() {
        let frame = Frame::of_nobody(Language::English, String::new());
        for questionnaire in built_in() {
            let questions = asked(&questionnaire, &frame, &Given::default());
            assert!(questions.iter().all(|it| it.field != "answer-oxygen"));
            let red = questions.iter().filter(|it| match &it.answered {
                Answered::OneOf(offered) => offered.iter().any(|it| it.red),
                Answered::Number { .. } | Answered::Words(_) => false,
            });
            assert_eq!(red.count(), 5, "{}", questionnaire.name);
        }
    }

    #[test]
    fn an_answer_that_cannot_be_is_told_what_can() {
        let frame = Frame::of_nobody(Language::English, String::new());
        let typed = given(&[("temperature", "385")]);
        let questions = asked(&built_in()[0], &frame, &typed);
        let temperature = questions.iter().find(|it| it.field == "answer-temperature");
        let said = temperature.unwrap().check(&typed, &frame).unwrap_err();
        assert!(said.contains("25") && said.contains("45"), "{said}");
    }
}
