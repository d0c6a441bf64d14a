//! Numbers as people type them: with a comma or a point, a sign behind them, or the digits of their own keyboard.

/// The number that was typed; `None` for what is none.
pub(crate) fn typed(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter_map(digit).collect();
    let plain = plain.trim_end_matches('%');
    (!plain.is_empty() && plain.len() <= 8)
        .then(|| plain.parse().ok())
        .flatten()
        .filter(|number: &f64| number.is_finite())
}

fn digit(letter: char) -> Option<char> {
    let western = |zero: u32| char::from_digit(u32::from(letter).wrapping_sub(zero), 10);
    match letter {
        letter if letter.is_whitespace() => None,
        // Marks that set a direction come with what is pasted.
        '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}' => None,
        ',' | '٫' => Some('.'),
        '٠'..='٩' => western(0x660),
        '۰'..='۹' => western(0x6f0),
        other => Some(other),
    }
}

/// As an oximeter shows it: `96`, and `96.5` only where there is a half.
pub(crate) fn shown(number: f64) -> String {
    if number.fract() == 0.0 {
        format!("{number:.0}")
    } else {
        format!("{number:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_typed() {
        for (text, number) in [
            ("96", Some(96.0)),
            (" 96 % ", Some(96.0)),
            ("96,5", Some(96.5)),
            ("٩٦", Some(96.0)),
            ("۹۶٫۵", Some(96.5)),
            ("", None),
            ("ninety", None),
            ("9-6", None),
            ("nan", None),
            ("inf", None),
            ("1e3", Some(1000.0)),
            ("999999999", None),
        ] {
            assert_eq!(typed(text), number, "{text}");
        }
        assert_eq!((shown(96.0), shown(96.5)), ("96".into(), "96.5".into()));
    }
}
