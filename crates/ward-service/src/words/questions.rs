//! The questions of a diary in another language.

use ward_core::questionnaire::{Kind, Questionnaire};
use ward_text::{Language, args};

/// The questionnaire with its questions in this language. What a ward has written itself, in English, stays as it is: a
/// question is said in another language only where its English is word for word the one that was translated.
#[must_use]
pub fn questionnaire_in(language: Language, asked: &Questionnaire) -> Questionnaire {
    let mut asked = asked.clone();
    put(language, "questionnaire-title", &mut asked.title);
    for question in &mut asked.questions {
        let id = format!("question-{}", question.id);
        put(language, &id, &mut question.text);
        if let Some(help) = &mut question.help {
            put(language, &format!("{id}-help"), help);
        }
        match &mut question.answer {
            Kind::Choice { options } => {
                for option in options {
                    put(language, &format!("{id}-{}", option.id), &mut option.text);
                }
            }
            Kind::Number { unit, .. } => {
                for known in ["percent", "beats", "celsius", "breaths"] {
                    put(language, &format!("unit-{known}"), unit);
                }
            }
            Kind::YesNo { .. } | Kind::Text { .. } => {}
        }
    }
    asked
}

fn put(language: Language, id: &str, text: &mut String) {
    if Language::English.try_say(id, &args![]).as_ref() == Some(text) {
        *text = language.say(id, &args![]);
    }
}
