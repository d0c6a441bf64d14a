use ward_core::questionnaire::{Kind, Questionnaire, built_in};
use ward_text::Language;

use crate::words::questionnaire_in;

fn texts(asked: &Questionnaire) -> Vec<&str> {
    let mut texts = vec![asked.title.as_str()];
    for question in &asked.questions {
        texts.push(&question.text);
        texts.extend(question.help.as_deref());
        if let Kind::Choice { options } = &question.answer {
            texts.extend(options.iter().map(|option| option.text.as_str()));
        }
    }
    texts
}

#[test]
fn every_question_that_everybody_has_is_asked_in_every_language() {
    for asked in built_in() {
        assert_eq!(questionnaire_in(Language::English, &asked), asked);
        for language in [Language::Polish, Language::Urdu, Language::Pseudo] {
            let translated = questionnaire_in(language, &asked);
            for (own, english) in texts(&translated).into_iter().zip(texts(&asked)) {
                assert_ne!(own, english, "{language:?}");
            }
        }
    }
}

#[test]
fn only_words_change_with_the_language_and_a_wards_own_question_stays_as_it_is() {
    let mut asked = built_in().remove(0);
    let own = "How did you sleep, compared with yesterday?";
    own.clone_into(&mut asked.questions[9].text);
    let mut translated = questionnaire_in(Language::Urdu, &asked);
    assert_eq!(translated.questions[9].text, own);
    for (question, original) in translated.questions.iter_mut().zip(&asked.questions) {
        assert_eq!(question.id, original.id);
        question.text.clone_from(&original.text);
        question.help.clone_from(&original.help);
        match (&mut question.answer, &original.answer) {
            (Kind::Choice { options }, Kind::Choice { options: before }) => {
                for (option, original) in options.iter_mut().zip(before) {
                    option.text.clone_from(&original.text);
                }
            }
            (Kind::Number { unit, .. }, Kind::Number { unit: before, .. }) => {
                unit.clone_from(before);
            }
            _ => {}
        }
    }
    translated.title.clone_from(&asked.title);
    assert_eq!(translated, asked);
}
