//! Readings as comma-separated values (RFC 4180), read strictly: a row that is not understood is said with its line and its
//! column, since a low may stand in it.

use std::io::BufRead;

use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;

/// A row of three values is some fifty bytes.
const ROW_BYTES_LIMIT: usize = 64 * 1024;
/// Four months of every second: 160 MB.
const ROWS_LIMIT: usize = 10_000_000;
/// So much of what was not understood is said again.
const SAID_CHARS: usize = 40;

const COLUMNS: [&str; 3] = ["measured_at", "spo2", "pulse"];

/// One row. Sixteen bytes, since there may be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// UTC milliseconds.
    pub(super) at_ms: i64,
    pub(super) spo2: Spo2,
    /// `None`: left out, or none that can be.
    pub(super) pulse: Option<Pulse>,
}

/// What cannot be worked by, and where it stands.
#[derive(Debug, thiserror::Error)]
pub(super) enum Bad {
    #[error("{0}")]
    Header(String),
    #[error("line {line}: {why}")]
    Line { line: u64, why: String },
    #[error("line {line}, column {column}: {why}")]
    Cell {
        line: u64,
        column: &'static str,
        why: String,
    },
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
}

/// All rows, as they stand in the file.
pub(super) fn rows(input: impl BufRead) -> Result<Vec<Row>, Bad> {
    let mut records = Records::new(input);
    let mut fields = Vec::new();
    if records.next(&mut fields)?.is_none() {
        return Err(Bad::Header(format!(
            "it is empty: a first line with the columns {} is needed",
            COLUMNS.join(",")
        )));
    }
    let places = places(&fields)?;
    let width = fields.len();
    let mut rows = Vec::new();
    while let Some(line) = records.next(&mut fields)? {
        if fields.len() != width {
            let found = fields.len();
            let why = format!(
                "{found} fields, but the header has {width}: a decimal comma, or a comma that is not in quotes?"
            );
            return Err(Bad::Line { line, why });
        }
        if rows.len() >= ROWS_LIMIT {
            let why = format!("more than {ROWS_LIMIT} rows: replay a part of it");
            return Err(Bad::Line { line, why });
        }
        rows.push(row(&fields, &places, line)?);
    }
    Ok(rows)
}

/// Where each column stands. Upper and lower case are one.
fn places(header: &[Vec<u8>]) -> Result<[usize; 3], Bad> {
    let names: Vec<String> = header
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .collect();
    if names
        .iter()
        .any(|name| name.contains('\0') || name.contains('\u{fffd}'))
    {
        return Err(Bad::Header(
            "it is not in UTF-8: save it as CSV in UTF-8".to_owned(),
        ));
    }
    let mut places = [0; 3];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == column);
        *place = match (found.next(), found.next()) {
            (Some((at, _)), None) => at,
            (Some(_), Some(_)) => {
                return Err(Bad::Header(format!("two columns are called {column}")));
            }
            (None, _) => {
                let there: Vec<String> = names.iter().map(|name| shortened(name)).collect();
                return Err(Bad::Header(format!(
                    "there is no column {column} in the first line; there are {}",
                    shortened(&there.join(", "))
                )));
            }
        };
    }
    Ok(places)
}

fn row(fields: &[Vec<u8>], places: &[usize; 3], line: u64) -> Result<Row, Bad> {
    let [measured_at, spo2, pulse] = *places;
    let cell = |place: usize, column| {
        let bytes = fields.get(place).map(Vec::as_slice).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.trim()),
            Err(_) => Err(Bad::Cell {
                line,
                column,
                why: "this is not UTF-8".to_owned(),
            }),
        }
    };
    let bad = |column, text: &str, why: &str| Bad::Cell {
        line,
        column,
        why: format!("{} {why}", quoted(text)),
    };

    let text = cell(measured_at, "measured_at")?;
    let at: jiff::Timestamp = text.parse().map_err(|_| {
        let why = "is no time of RFC 3339 with an offset, such as 2026-11-21T08:00:00Z or 2026-11-21T08:00:00+01:00";
        bad("measured_at", text, why)
    })?;
    let text = cell(spo2, "spo2")?;
    let saturation = text
        .parse()
        .ok()
        .and_then(Spo2::from_percent)
        .ok_or_else(|| bad("spo2", text, "is no percentage between 1 and 100"))?;
    let text = cell(pulse, "pulse")?;
    // As from a bridge: a pulse that cannot be is a reason for doubt, not for refusal.
    let beats = if text.is_empty() {
        None
    } else {
        let number: Option<f64> = text.parse().ok().filter(|it: &f64| it.is_finite());
        let number = number.ok_or_else(|| bad("pulse", text, "is no number of beats a minute"))?;
        Pulse::from_bpm(number)
    };
    Ok(Row {
        at_ms: Timestamp::from(at).as_millis(),
        spo2: saturation,
        pulse: beats,
    })
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        format!("{:?}", shortened(text))
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SAID_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Records of comma-separated values, one at a time.
struct Records<R> {
    input: R,
    line: u64,
    bytes: Vec<u8>,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// At the beginning of a field.
    Start,
    Plain,
    Quoted,
    /// After a quote in a quoted field: its end, or half of two.
    Closing,
}

impl<R: BufRead> Records<R> {
    const fn new(input: R) -> Self {
        Self {
            input,
            line: 0,
            bytes: Vec::new(),
        }
    }

    /// The next record that is not an empty line, and the line on which it begins.
    fn next(&mut self, fields: &mut Vec<Vec<u8>>) -> Result<Option<u64>, Bad> {
        fields.clear();
        let mut began = 0;
        let mut length = 0;
        let mut within = Within::Start;
        loop {
            if !self.read_line()? {
                return if within == Within::Quoted {
                    let why = "a quoted field that begins here has no end".to_owned();
                    Err(Bad::Line { line: began, why })
                } else {
                    Ok(None)
                };
            }
            if within == Within::Start {
                if self.bytes.is_empty() {
                    continue;
                }
                began = self.line;
                fields.push(Vec::new());
            }
            length += self.bytes.len();
            if length > ROW_BYTES_LIMIT {
                return Err(self.too_long(began));
            }
            for byte in &self.bytes {
                within = taken(within, *byte, fields).map_err(|why| Bad::Line {
                    line: self.line,
                    why,
                })?;
            }
            if within != Within::Quoted {
                return Ok(Some(began));
            }
            if let Some(field) = fields.last_mut() {
                field.push(b'\n');
            }
        }
    }

    /// A line without its end, LF or CRLF; of the first one also without its byte order mark.
    fn read_line(&mut self) -> Result<bool, Bad> {
        self.bytes.clear();
        let limit = u64::try_from(ROW_BYTES_LIMIT + 2).unwrap_or(u64::MAX);
        let mut part = std::io::Read::take(&mut self.input, limit);
        let read = part.read_until(b'\n', &mut self.bytes)?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        if self.bytes.ends_with(b"\n") {
            self.bytes.pop();
            if self.bytes.ends_with(b"\r") {
                self.bytes.pop();
            }
        } else if read > ROW_BYTES_LIMIT {
            return Err(self.too_long(self.line));
        }
        if self.line == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.bytes.drain(..3);
        }
        Ok(true)
    }

    fn too_long(&self, line: u64) -> Bad {
        let why = format!("longer than {ROW_BYTES_LIMIT} bytes: a quote that was not closed?");
        Bad::Line { line, why }
    }
}

fn taken(within: Within, byte: u8, fields: &mut Vec<Vec<u8>>) -> Result<Within, String> {
    let mut keep = |within| {
        if let Some(field) = fields.last_mut() {
            field.push(byte);
        }
        within
    };
    Ok(match (within, byte) {
        (Within::Start, b'"') => Within::Quoted,
        (Within::Quoted, b'"') => Within::Closing,
        (Within::Start | Within::Plain | Within::Closing, b',') => {
            fields.push(Vec::new());
            Within::Start
        }
        (Within::Closing, b'"') => keep(Within::Quoted),
        (Within::Closing, _) => {
            return Err("after the end of a quoted field a comma is expected".to_owned());
        }
        (Within::Quoted, _) => keep(Within::Quoted),
        (Within::Start | Within::Plain, _) => keep(Within::Plain),
    })
}
