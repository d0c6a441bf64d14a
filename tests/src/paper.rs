//! A PDF as its reader sees it: the words of each line, in the order in which they were written.

use std::collections::BTreeMap;

/// The lines of text of a PDF whose content is not compressed and whose fonts say what their letters mean.
#[must_use]
pub fn lines_of(pdf: &[u8]) -> Vec<String> {
    let fonts = meanings(pdf);
    let mut lines = Vec::new();
    let mut font = String::new();
    for line in pdf.split(|byte| *byte == b'\n') {
        if let Some(set) = line.strip_suffix(b"Tf") {
            font = String::from_utf8_lossy(set)
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned();
        } else if let Some(shown) = line.strip_suffix(b"Tj") {
            let meant = fonts.get(font.as_str()).expect("a font of the page");
            let letters = bytes_of(shown.trim_ascii())
                .chunks(2)
                .map(|pair| meant.get(pair).copied().unwrap_or('\u{fffd}'))
                .collect();
            lines.push(letters);
        }
    }
    lines
}

/// What each letter's number means, by what the pages call the font. Fonts stand in the file in the pages' order of them.
fn meanings(pdf: &[u8]) -> BTreeMap<&'static str, BTreeMap<Vec<u8>, char>> {
    let text = String::from_utf8_lossy(pdf);
    let maps = text.split("beginbfchar");
    let mut fonts = BTreeMap::new();
    let mut names = ["/P", "/B"].into_iter();
    let mut name = "";
    for map in maps.skip(1) {
        // A map of more than a hundred letters goes on in a second part.
        let entries: BTreeMap<Vec<u8>, char> = map
            .split("endbfchar")
            .next()
            .unwrap_or_default()
            .lines()
            .filter_map(entry)
            .collect();
        let known: Option<&BTreeMap<Vec<u8>, char>> = fonts.get(name);
        let goes_on = known.is_some_and(|known| entries.keys().next() > known.keys().last());
        if !goes_on {
            name = names.next().expect("two fonts");
        }
        fonts
            .entry(name)
            .or_insert_with(BTreeMap::new)
            .extend(entries);
    }
    fonts
}

/// `<0012> <0142>`
fn entry(line: &str) -> Option<(Vec<u8>, char)> {
    let (number, letter) = line.split_once(' ')?;
    let letter = u32::from_str_radix(letter.trim_matches(['<', '>']), 16).ok()?;
    Some((hex(number.as_bytes()), char::from_u32(letter)?))
}

fn hex(text: &[u8]) -> Vec<u8> {
    let digits: Vec<u32> = text
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).unwrap())
        .collect()
}

/// A string as PDF writes it: `<0012>` or `(…)` with escapes.
fn bytes_of(text: &[u8]) -> Vec<u8> {
    if text.first() == Some(&b'<') {
        return hex(text);
    }
    let inside = text
        .strip_prefix(b"(")
        .and_then(|text| text.strip_suffix(b")"));
    let mut rest = inside.expect("a string").iter().copied().peekable();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next().expect("an escape") {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            first @ b'0'..=b'7' => {
                let mut octal = u32::from(first - b'0');
                for _ in 0..2 {
                    octal = octal * 8 + u32::from(rest.next().expect("three digits") - b'0');
                }
                bytes.push(u8::try_from(octal).unwrap());
            }
            other => bytes.push(other),
        }
    }
    bytes
}
