//! Bytes as hex digits.

use serde_json::Value;

use super::Problem;

/// The bytes of a text of hex digits, large or small; absent is empty.
pub(super) fn bytes(member: &'static str, text: Option<&Value>) -> Result<Vec<u8>, Problem> {
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    let digits = text.as_str().ok_or(Problem::Hex(member))?.as_bytes();
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(Problem::Hex(member));
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect::<Option<_>>()
        .ok_or(Problem::Hex(member))
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Small hex digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}
