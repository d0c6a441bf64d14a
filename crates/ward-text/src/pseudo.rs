//! English in disguise. A page that is shown in it and still has a plain English word somewhere has that word from
//! elsewhere than the message files. It is also half as long again, as many a translation is.

use std::borrow::Cow;

/// Every letter with an accent, every vowel twice.
pub(crate) fn accented(text: &str) -> Cow<'_, str> {
    let mut disguised = String::with_capacity(text.len() * 3);
    for letter in text.chars() {
        let accented = accent(letter);
        disguised.push(accented);
        if "aeiouAEIOU".contains(letter) {
            disguised.push(accented);
        }
    }
    Cow::Owned(disguised)
}

/// The same, with each word shown from right to left.
pub(crate) fn right_to_left(text: &str) -> Cow<'_, str> {
    const FROM_RIGHT: char = '\u{202e}';
    const AS_BEFORE: char = '\u{202c}';
    let disguised = accented(text);
    let mut turned = String::with_capacity(disguised.len() + 12);
    for part in disguised.split_inclusive(' ') {
        let word = part.trim_end_matches(' ');
        if !word.is_empty() {
            turned.push(FROM_RIGHT);
            turned.push_str(word);
            turned.push(AS_BEFORE);
        }
        turned.push_str(part.get(word.len()..).unwrap_or_default());
    }
    Cow::Owned(turned)
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const ACCENTED: &str = "àƀćđēƒɠħīĵķŀɱƞōƥɋřşŧūṽŵẋýžÀƁĆĐĒƑƓĦĪĴĶĿṀŃŌƤɊŘŞŦŪṼŴẊÝŽ";
    let pair = PLAIN
        .chars()
        .zip(ACCENTED.chars())
        .find(|(plain, _)| *plain == letter);
    pair.map_or(letter, |(_, accented)| accented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_plain_letter_is_left_and_digits_stay() {
        let alphabet = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 999";
        for disguised in [accented(alphabet), right_to_left(alphabet)] {
            assert!(!disguised.chars().any(|it| it.is_ascii_alphabetic()));
            assert!(disguised.contains("999"), "{disguised}");
        }
    }
}
