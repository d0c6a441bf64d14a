//! The message files, held against each other: nothing is missing in a translation, no number got lost in it, and the
//! English can be read by whoever is ill and frightened.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, Resource, VariantKey,
};
use fluent_syntax::parser::parse;

use crate::bundles::files_of;
use crate::language::Language;

const TRANSLATIONS: [Language; 2] = [Language::Polish, Language::Urdu];

/// What one text is made of.
#[derive(Default)]
struct Text {
    /// Its plain parts, one after another; of a choice the last one, `*`.
    words: String,
    /// What it speaks of.
    names: BTreeSet<String>,
}

fn texts_of(language: Language) -> BTreeMap<String, Text> {
    let mut all = BTreeMap::new();
    for (name, file) in files_of(language) {
        let resource: Resource<String> =
            parse(file).unwrap_or_else(|(_, errors)| panic!("{language:?} {name}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut text = Text::default();
                let pattern = message.value.unwrap();
                read(&pattern, &mut text);
                let twice = all.insert(message.id.name.clone(), text);
                assert!(twice.is_none(), "{language:?}: {} twice", message.id.name);
            }
        }
    }
    all
}

fn read(pattern: &Pattern<String>, text: &mut Text) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.words.push_str(value),
            PatternElement::Placeable { expression } => read_expression(expression, text),
        }
    }
}

fn read_expression(expression: &Expression<String>, text: &mut Text) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, text),
        Expression::Select { selector, variants } => {
            let mut chosen_by = Text::default();
            read_inline(selector, &mut chosen_by);
            text.names.extend(chosen_by.names);
            for variant in variants {
                if matches!(&variant.key, VariantKey::NumberLiteral { .. }) && !variant.default {
                    continue;
                }
                if variant.default {
                    read(&variant.value, text);
                }
            }
        }
    }
}

fn read_inline(inline: &InlineExpression<String>, text: &mut Text) {
    match inline {
        InlineExpression::VariableReference { id } => {
            text.names.insert(id.name.clone());
            text.words.push('7');
        }
        InlineExpression::MessageReference { id, .. } => {
            text.names.insert(format!("text {}", id.name));
            text.words.push_str(". ");
        }
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
            text.words.push_str(value);
        }
        other => panic!("texts use names and other texts alone: {other:?}"),
    }
}

/// Every number that stands in a text itself.
fn numbers(text: &Text) -> Vec<String> {
    let mut numbers: Vec<String> = text
        .words
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|number| !number.is_empty() && *number != "7")
        .map(ToOwned::to_owned)
        .collect();
    numbers.sort();
    numbers
}

#[test]
fn every_language_has_every_text_and_no_other() {
    let english: BTreeSet<_> = texts_of(Language::English).into_keys().collect();
    for language in TRANSLATIONS {
        let translated: BTreeSet<_> = texts_of(language).into_keys().collect();
        let missing: Vec<_> = english.difference(&translated).collect();
        let too_many: Vec<_> = translated.difference(&english).collect();
        assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
        assert!(too_many.is_empty(), "English lacks {too_many:?}");
    }
}

#[test]
fn a_translation_says_every_number_and_every_name_that_the_english_says() {
    let english = texts_of(Language::English);
    for language in TRANSLATIONS {
        for (id, text) in texts_of(language) {
            let Some(original) = english.get(&id) else {
                continue;
            };
            assert_eq!(text.names, original.names, "{language:?}: {id}");
            assert_eq!(numbers(&text), numbers(original), "{language:?}: {id}");
        }
    }
}

#[test]
fn digits_are_those_on_the_oximeter_in_every_language() {
    for language in TRANSLATIONS {
        for (id, text) in texts_of(language) {
            let other = text
                .words
                .chars()
                .find(|letter| letter.is_numeric() && !letter.is_ascii_digit());
            assert!(other.is_none(), "{language:?}: {id} has {other:?}");
        }
    }
}

#[test]
fn english_sentences_are_short_and_neither_beg_nor_apologise() {
    for (id, text) in texts_of(Language::English) {
        for word in ["please", "sorry", "simply", "easy"] {
            assert!(
                !text.words.to_lowercase().contains(word),
                "{id} says {word}"
            );
        }
        for sentence in text.words.split(['.', '?', '!', ':']) {
            let words = sentence.split_whitespace().count();
            assert!(words <= 20, "{id}: {words} words: {sentence}");
        }
    }
}

#[test]
fn a_checker_that_never_failed_proves_nothing() {
    let of = |source: &str| {
        let resource: Resource<String> = parse(source.to_owned()).unwrap();
        let Some(Entry::Message(message)) = resource.body.into_iter().next() else {
            panic!("{source}");
        };
        let mut text = Text::default();
        read(&message.value.unwrap(), &mut text);
        text
    };
    let original = of("a = Call 999, or ring { $phone } within { $minutes } minutes.");
    let lost_number = of("a = Zadzwoń, albo { $phone } w { $minutes } minut.");
    let lost_name = of("a = Zadzwoń 999, albo zadzwoń w { $minutes } minut.");
    let choice = of("a = Zadzwoń 999, albo { $phone } w { $minutes ->
    [one] { $minutes } minutę
   *[other] { $minutes } minut
}.");
    assert_ne!(numbers(&original), numbers(&lost_number));
    assert_ne!(original.names, lost_name.names);
    assert_eq!(original.names, choice.names);
    assert_eq!(numbers(&original), numbers(&choice));
}
