//! `wardlight news2`: one set of observations a line comes in, one score a line goes out, in order and as it comes.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ward_core::news2::{self, Observations, OutOfRange, Parameter, Response, Score, Subscores};
use ward_core::plan::Spo2Scale;
use ward_core::reading::Consciousness;

/// What is said by `wardlight news2 --help` below the first line.
pub const HELP: &str = "\
Reads JSON lines on standard input and answers each with one JSON line, in order. Blank lines are skipped.

Keys, all optional; absent or null is unknown, which is never counted as normal:
  respiration_rate  breaths a minute, 0 to 100
  spo2              percent, 1 to 100; judged rounded down to a whole percent
  spo2_scale        1 (usual) or 2 (prescribed target of 88-92 %); 1 where it is not given
  on_oxygen         true or false
  systolic_bp       mmHg, 20 to 300
  pulse             beats a minute, 20 to 350
  consciousness     alert, confusion, voice, pain or unresponsive
  temperature       degrees Celsius, 25 to 45; rounded once to a tenth, a half upwards

Of the two whole numbers beside a fractional rate or pressure the one that scores more counts.
`total` is null unless the set is complete; no completion scores less than `at_least` or more than
`at_most`; `response` follows `at_least`. A line that cannot be scored, or that has another key, is
answered {\"ok\":false,\"reason\":…}.

NEWS2: Royal College of Physicians, 2017. Not for people under 16, not for pregnancy.";

/// A line longer than this is nobody's observations.
const LINE_AT_MOST: usize = 64 * 1024;

/// As a line comes in. Names are the interface's: another one is a slip, and a slip must not pass for "unknown".
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    respiration_rate: Option<Value>,
    spo2: Option<Value>,
    spo2_scale: Option<Value>,
    on_oxygen: Option<Value>,
    systolic_bp: Option<Value>,
    pulse: Option<Value>,
    consciousness: Option<Value>,
    temperature: Option<Value>,
}

/// As an answer goes out.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Scored {
        ok: bool,
        total: Option<u8>,
        at_least: u8,
        at_most: u8,
        missing: Vec<Parameter>,
        subscores: Subscores,
        response: Response,
        spo2_scale: u8,
    },
    Refused {
        ok: bool,
        reason: String,
    },
}

impl From<Result<Score, String>> for Answer {
    fn from(result: Result<Score, String>) -> Self {
        match result {
            Ok(score) => Self::Scored {
                ok: true,
                total: score.total,
                at_least: score.at_least,
                at_most: score.at_most,
                missing: score.missing,
                subscores: score.subscores,
                response: score.response,
                spo2_scale: match score.scale {
                    Spo2Scale::One => 1,
                    Spo2Scale::Two => 2,
                },
            },
            Err(reason) => Self::Refused { ok: false, reason },
        }
    }
}

/// Standard input to standard output. Whoever reads may have seen enough before the end: that is no error.
pub fn run() -> anyhow::Result<()> {
    let input = BufReader::new(std::io::stdin().lock());
    let mut output = BufWriter::new(std::io::stdout().lock());
    let written = answer_all(input, &mut output).and_then(|()| output.flush());
    match written {
        // Else the rest of the buffer would be tried again on the way out.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            drop(output.into_parts());
            Ok(())
        }
        other => other.context("news2 cannot read standard input or write standard output"),
    }
}

fn answer_all<R: Read>(mut input: BufReader<R>, output: &mut impl Write) -> std::io::Result<()> {
    let mut line = Vec::new();
    let mut is_first = true;
    loop {
        let Some(length) = next_line(&mut input, &mut line)? else {
            return Ok(());
        };
        let mut text = line.trim_ascii();
        if std::mem::take(&mut is_first) {
            // Some editors begin a file with a mark of its encoding.
            text = text
                .strip_prefix(b"\xEF\xBB\xBF")
                .unwrap_or(text)
                .trim_ascii();
        }
        let result = match length {
            Length::Whole if text.is_empty() => continue,
            Length::Whole => scored(text),
            Length::TooLong => Err(format!("the line is longer than {LINE_AT_MOST} bytes")),
        };
        serde_json::to_writer(&mut *output, &Answer::from(result))?;
        output.write_all(b"\n")?;
        // Whoever asks one at a time has each answer at once; a file is answered in large pieces.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

enum Length {
    Whole,
    TooLong,
}

/// The next line without what is too much of it; `None` at the end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<Length>> {
    line.clear();
    let limit = LINE_AT_MOST as u64 + 1;
    if input.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.len() <= LINE_AT_MOST || line.last() == Some(&b'\n') {
        return Ok(Some(Length::Whole));
    }
    skip_line(input)?;
    Ok(Some(Length::TooLong))
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        let (used, is_over) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(place) => (place + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if is_over {
            return Ok(());
        }
    }
}

fn scored(text: &[u8]) -> Result<Score, String> {
    // A list would pass for an object whose keys are left out.
    if text.first() != Some(&b'{') {
        return Err("a line must be a JSON object, from { to }".to_owned());
    }
    let given: Given = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let refused = |error: OutOfRange| error.to_string();
    let scale = match number("spo2_scale", given.spo2_scale)? {
        None | Some(1.0) => Spo2Scale::One,
        Some(2.0) => Spo2Scale::Two,
        Some(_) => return Err("spo2_scale must be 1 or 2".to_owned()),
    };
    let set = Observations {
        respiration_rate: number("respiration_rate", given.respiration_rate)?
            .map(news2::respiration_rate_from)
            .transpose()
            .map_err(refused)?,
        spo2: number("spo2", given.spo2)?
            .map(news2::spo2_from)
            .transpose()
            .map_err(refused)?,
        on_oxygen: flag("on_oxygen", given.on_oxygen.as_ref())?,
        systolic_bp: number("systolic_bp", given.systolic_bp)?
            .map(news2::systolic_bp_from)
            .transpose()
            .map_err(refused)?,
        pulse: number("pulse", given.pulse)?
            .map(news2::pulse_from)
            .transpose()
            .map_err(refused)?,
        consciousness: level("consciousness", given.consciousness)?,
        temperature_tenths: number("temperature", given.temperature)?
            .map(news2::temperature_from)
            .transpose()
            .map_err(refused)?,
    };
    news2::score(&set, scale).map_err(refused)
}

fn number(key: &str, value: Option<Value>) -> Result<Option<f64>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => Err(
            format!("{key} must be a number, or null where it is unknown"),
        ),
    }
}

fn flag(key: &str, value: Option<&Value>) -> Result<Option<bool>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => Err(
            format!("{key} must be true or false, or null where it is unknown"),
        ),
    }
}

fn level(key: &str, value: Option<Value>) -> Result<Option<Consciousness>, String> {
    let words = || {
        format!(
            "{key} must be alert, confusion, voice, pain or unresponsive, or null where it is unknown"
        )
    };
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(word)) => match word.as_str() {
            "alert" => Ok(Some(Consciousness::Alert)),
            "confusion" => Ok(Some(Consciousness::Confusion)),
            "voice" => Ok(Some(Consciousness::Voice)),
            "pain" => Ok(Some(Consciousness::Pain)),
            "unresponsive" => Ok(Some(Consciousness::Unresponsive)),
            _ => Err(words()),
        },
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(words())
        }
    }
}
