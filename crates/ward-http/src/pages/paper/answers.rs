//! The questions of one day, as they are typed off a sheet.

use std::collections::BTreeMap;

use ward_core::questionnaire::{
    Answer, AnswerRefused, Answers, Kind, Meaning, Measures, Question, Questionnaire, Urgency,
};

use super::row::number;
use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::sentence;

/// A question with what was typed.
pub(super) struct Asked {
    /// Id and name of its field.
    pub(super) field: String,
    pub(super) text: String,
    pub(super) kind: AskedKind,
}

pub(super) enum AskedKind {
    /// Buttons; the red ones say so.
    Buttons(Vec<Button>),
    Number {
        unit: String,
        value: String,
    },
    Words {
        value: String,
    },
}

pub(super) struct Button {
    pub(super) choice: Choice,
    pub(super) is_red: bool,
}

fn field(question: &Question) -> String {
    format!("q-{}", question.id)
}

/// Oxygen and pulse have a place of their own. And paper asks nobody to ring: who ticked that would wait for a call that
/// nobody knows of.
pub(super) fn is_on_the_sheet(question: &Question) -> bool {
    let asks_for_help = |meanings: &[Meaning]| {
        meanings
            .iter()
            .any(|it| matches!(it, Meaning::CallMe | Meaning::Called999))
    };
    match &question.answer {
        Kind::Number { measures, .. } => !measures.is_some_and(Measures::is_on_the_oximeter),
        Kind::YesNo { yes, no } => !asks_for_help(yes) && !asks_for_help(no),
        Kind::Choice { .. } | Kind::Text { .. } => true,
    }
}

/// What is asked, with what was typed of it.
pub(super) fn asked(asked: &Questionnaire, form: &BTreeMap<String, String>) -> Vec<Asked> {
    let of = |question: &Question| {
        let field = field(question);
        let value = form.get(&field).cloned().unwrap_or_default();
        let button = |id: &str, words: &str, means: &[Meaning]| Button {
            choice: Choice::new(id, words, &value),
            is_red: means.iter().any(is_red),
        };
        let kind = match &question.answer {
            Kind::Choice { options } => AskedKind::Buttons(
                options
                    .iter()
                    .map(|option| button(&option.id, &option.text, &option.means))
                    .collect(),
            ),
            Kind::YesNo { yes, no } => {
                AskedKind::Buttons(vec![button("yes", "Yes", yes), button("no", "No", no)])
            }
            Kind::Number { unit, .. } => AskedKind::Number {
                unit: unit.clone(),
                value,
            },
            Kind::Text { .. } => AskedKind::Words { value },
        };
        Asked {
            field,
            text: question.text.clone(),
            kind,
        }
    };
    let questions = asked.questions.iter();
    questions.filter(|it| is_on_the_sheet(it)).map(of).collect()
}

fn is_red(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Symptom {
            urgency: Urgency::Red,
            ..
        }
    )
}

/// What was answered; nothing where the day was left empty. What is wrong is said at its field.
pub(super) fn read(
    asked: &Questionnaire,
    form: &BTreeMap<String, String>,
    errors: &mut FormErrors,
) -> Answers {
    let mut answers = Answers::new();
    for question in asked.questions.iter().filter(|it| is_on_the_sheet(it)) {
        let field = field(question);
        let typed = form.get(&field).map(|it| it.trim()).unwrap_or_default();
        if typed.is_empty() {
            continue;
        }
        let answer = match &question.answer {
            Kind::YesNo { .. } => Some(Answer::YesNo(typed == "yes")),
            Kind::Choice { .. } | Kind::Text { .. } => Some(Answer::Text(typed.replace('\0', ""))),
            Kind::Number { .. } => number(typed).map(Answer::Number),
        };
        match answer {
            Some(answer) => {
                answers.insert(question.id.clone(), answer);
            }
            None => errors.add(field, "Enter a number"),
        }
    }
    if !answers.is_empty()
        && let Err(why) = asked.hear(&answers)
    {
        errors.add(format!("q-{}", place(&why)), sentence(&why.to_string()));
    }
    answers
}

/// Questions that were answered otherwise before, with those answers.
pub(super) fn that_differ(
    asked: &Questionnaire,
    before: &Answers,
    form: &BTreeMap<String, String>,
) -> Vec<String> {
    let now = read(asked, form, &mut FormErrors::default());
    let differs = |question: &&Question| before.get(&question.id) != now.get(&question.id);
    let words = |question: &Question| {
        let was = match (before.get(&question.id), &question.answer) {
            (None, _) => "not answered".to_owned(),
            (Some(Answer::YesNo(yes)), _) => if *yes { "Yes" } else { "No" }.to_owned(),
            (Some(Answer::Number(number)), _) => number.to_string(),
            (Some(Answer::Text(text)), Kind::Choice { options }) => {
                let option = options.iter().find(|option| option.id == *text);
                option.map_or_else(|| text.clone(), |option| option.text.clone())
            }
            (Some(Answer::Text(text)), _) => text.clone(),
        };
        format!("{} {was}", question.text)
    };
    asked.questions.iter().filter(differs).map(words).collect()
}

fn place(why: &AnswerRefused) -> &str {
    match why {
        AnswerRefused::Nothing => "",
        AnswerRefused::Missing(question) | AnswerRefused::NotYesOrNo(question) => question,
        AnswerRefused::NoSuchQuestion { question, .. }
        | AnswerRefused::NotAnOption { question, .. }
        | AnswerRefused::NotInRange { question, .. }
        | AnswerRefused::NotAText { question, .. } => question,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::questionnaire::built_in;

    fn form(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(own).collect()
    }

    #[test]
    fn a_day_that_was_left_empty_has_no_answers_and_no_errors() {
        let mut errors = FormErrors::default();
        let typed = form(&[("q-words", "  "), ("q-temperature", "")]);
        assert!(read(&built_in()[0], &typed, &mut errors).is_empty());
        assert!(errors.is_empty());
    }

    #[test]
    fn answers_are_read_by_the_kind_of_their_question_and_oxygen_is_no_question_here() {
        let mut errors = FormErrors::default();
        let typed = form(&[
            ("q-temperature", "37,4"),
            ("q-chest_pain", "yes"),
            ("q-breathing", "worse"),
            ("q-oxygen", "95"),
        ]);
        let answers = read(&built_in()[0], &typed, &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(answers.get("temperature"), Some(&Answer::Number(37.4)));
        assert_eq!(answers.get("chest_pain"), Some(&Answer::YesNo(true)));
        assert_eq!(answers.len(), 3);
        let shown = asked(&built_in()[0], &typed);
        for not_there in ["q-oxygen", "q-call_me"] {
            assert!(shown.iter().all(|it| it.field != not_there));
        }
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        for (name, value) in [("q-temperature", "hot"), ("q-temperature", "400")] {
            let mut errors = FormErrors::default();
            read(&built_in()[0], &form(&[(name, value)]), &mut errors);
            assert!(errors.of(name).is_some(), "{value}: {errors:?}");
        }
    }
}
