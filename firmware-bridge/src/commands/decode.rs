//! `decode`: captured bytes, a JSON object a line, and what they mean.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use serde_json::Value;
use ward_oximeter::describe;

/// A capture of a whole night's stream is shorter; a longer line is answered with an error, and skipped.
const LONGEST_LINE: usize = 16 << 20;
/// Enough for a few thousand captures at once.
const BUFFER: usize = 256 << 10;

/// One line of the input.
enum Line {
    /// In the buffer, without its end.
    Whole,
    /// Longer than is taken; skipped.
    TooLong,
}

/// Answers each line of `input` by one line of `output`, in order; a line that cannot be decoded by the reason.
///
/// What is answered so far is written out before more input is waited for, so that a program can ask line by line.
///
/// # Errors
/// When `input` cannot be read or `output` cannot be written. A reader of `output` that has had enough is no error.
pub fn decode(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    match answer_all(&mut input, &mut output) {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn answer_all(
    input: &mut BufReader<&mut impl Read>,
    output: &mut BufWriter<&mut impl Write>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        if input.buffer().is_empty() {
            output.flush()?;
        }
        let answer = match next_line(input, &mut bytes)? {
            Some(Line::Whole) => answer(&bytes),
            Some(Line::TooLong) => {
                describe::refusal(&format!("line: longer than {LONGEST_LINE} bytes"))
            }
            None => return output.flush(),
        };
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
    }
}

fn answer(line: &[u8]) -> Value {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    match serde_json::from_slice::<Value>(line) {
        Ok(capture) => describe::capture(&capture),
        Err(why) => describe::refusal(&format!("json: {why}")),
    }
}

/// The next line into `line`; `None` at the end. What is too long is read over, not kept.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<Line>> {
    line.clear();
    let mut is_begun = false;
    let mut is_too_long = false;
    loop {
        let part = match input.fill_buf() {
            Ok(part) => part,
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            Err(why) => return Err(why),
        };
        let end = part.iter().position(|byte| *byte == b'\n');
        let taken = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
        is_begun |= !part.is_empty();
        is_too_long |= line.len() + taken.len() > LONGEST_LINE;
        if !is_too_long {
            line.extend_from_slice(taken);
        }
        let is_over = end.is_some() || part.is_empty();
        let used = taken.len() + usize::from(end.is_some());
        input.consume(used);
        if is_over {
            let found = if is_too_long {
                Line::TooLong
            } else {
                Line::Whole
            };
            return Ok(is_begun.then_some(found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> Vec<Value> {
        let mut output = Vec::new();
        decode(&mut &input[..], &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    const SPOT: &str = r#"{"kind": "plx_spot", "hex": "0062004800"}"#;

    fn is_spot(answer: &Value) -> bool {
        answer["ok"] == true && answer["spo2"] == 98 && answer["pulse"] == 72
    }

    #[test]
    fn each_line_has_its_answer_with_and_without_a_last_newline() {
        assert_eq!(answers(b""), [] as [Value; 0]);
        for end in ["", "\n", "\r\n"] {
            let input = format!("{SPOT}\r\n\n{SPOT}{end}");
            let all = answers(input.as_bytes());
            assert_eq!(all.len(), 3);
            assert!(is_spot(&all[0]) && is_spot(&all[2]));
            assert_eq!(all[1]["ok"], false, "a line without anything is no capture");
        }
    }

    #[test]
    fn what_is_no_capture_is_answered_and_the_next_line_is_decoded() {
        let nested = "[".repeat(100_000);
        for bad in [
            "{",
            "7",
            "[]",
            "null",
            "\"plx_spot\"",
            r#"{"hex": "00"}"#,
            r#"{"kind": 7, "hex": "00"}"#,
            r#"{"kind": "plx", "hex": "00"}"#,
            r#"{"kind": "plx_spot", "hex": "0"}"#,
            r#"{"kind": "plx_spot", "hex": "0g"}"#,
            r#"{"kind": "plx_spot", "hex": "\u00e900"}"#,
            r#"{"kind": "plx_spot", "hex": 98}"#,
            r#"{"kind": "plx_spot", "hex": ["00"]}"#,
            r#"{"kind": "pc60_stream", "chunks": "aa55"}"#,
            r#"{"kind": "pc60_stream", "chunks": [7]}"#,
            r#"{"kind": "sequence", "steps": {}}"#,
            r#"{"kind": "sequence"}"#,
            r#"{"kind": "no_stream", "chunks": []}"#,
            &nested,
        ] {
            let all = answers(format!("{bad}\n{SPOT}\n").as_bytes());
            assert_eq!(all.len(), 2, "{bad:.40}");
            assert!(
                all[0]["ok"] == false && all[0]["error"].is_string(),
                "{bad:.40}"
            );
            assert!(is_spot(&all[1]), "{bad:.40}");
        }
        let all = answers(&[b"\xFF\xFE{\n", SPOT.as_bytes()].concat());
        assert!(all[0]["ok"] == false && is_spot(&all[1]));
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() {
        let mut input = vec![b'a'; LONGEST_LINE + 1];
        input.push(b'\n');
        input.extend(SPOT.as_bytes());
        let all = answers(&input);
        assert_eq!(all.len(), 2);
        assert!(all[0]["error"].as_str().unwrap().contains("longer") && is_spot(&all[1]));
    }
}
