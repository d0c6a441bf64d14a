//! What a letter says once a mail program shows it: encodings taken away, by RFC 2045 and RFC 2047.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A header's value, unfolded and in plain words; empty when there is none.
#[must_use]
pub fn header(letter: &str, name: &str) -> String {
    let (head, _) = letter.split_once("\r\n\r\n").unwrap_or((letter, ""));
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let found = unfolded.split("\r\n").find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    });
    in_plain_words(&found.unwrap_or_default())
}

/// The body in plain words.
#[must_use]
pub fn body(letter: &str) -> String {
    let (_, body) = letter.split_once("\r\n\r\n").unwrap_or((letter, ""));
    match header(letter, "Content-Transfer-Encoding")
        .to_ascii_lowercase()
        .as_str()
    {
        "base64" => {
            let packed: String = body.split_whitespace().collect();
            String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap()
        }
        "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
        _ => body.to_owned(),
    }
}

fn quoted_printable(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (byte, code) {
            (b'=', Some(code)) => {
                plain.push(code);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).unwrap()
}

/// Takes `=?utf-8?b?…?=` apart. Two such words with a blank between them are one.
fn in_plain_words(value: &str) -> String {
    let mut plain = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?") {
        let mut parts = after.splitn(4, '?');
        let (Some(_), Some(how), Some(what), Some(later)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            break;
        };
        if !before.trim().is_empty() {
            plain.push_str(before);
        }
        if how.eq_ignore_ascii_case("b") {
            plain.push_str(&String::from_utf8_lossy(&STANDARD.decode(what).unwrap()));
        } else {
            plain.push_str(&quoted_printable(&what.replace('_', " ")));
        }
        rest = later.strip_prefix('=').unwrap_or(later);
    }
    plain + rest
}
