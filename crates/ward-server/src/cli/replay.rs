//! `wardlight replay`: what a plan would have raised on a file of readings, if nobody had acted.

mod plan_file;
mod stream;
mod table;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use serde_json::Number;
use ward_core::replay::Raised;
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;

use plan_file::PlanFile;

/// What was given cannot be worked by; nothing was printed.
const BAD_INPUT: u8 = 2;

/// A plan is a few lines.
const PLAN_BYTES_LIMIT: u64 = 64 * 1024;

#[derive(Args)]
pub struct Options {
    /// The plan, as TOML: spo2_scale, red_at_or_below, amber_at_or_below, recheck_red_minutes, recheck_amber_minutes (or
    /// recheck_red_seconds, recheck_amber_seconds), baseline_spo2, [rules]; what is left out is as usual for that scale
    #[arg(long)]
    plan: PathBuf,
    /// The readings, as CSV with the columns measured_at, spo2 and pulse; `-` for standard input
    readings: PathBuf,
}

/// One line of the answer.
#[derive(Serialize)]
struct Line {
    problem: &'static str,
    severity: &'static str,
    raised_at: String,
    confirmed_at: Option<String>,
    cleared_at: Option<String>,
    worst_spo2: Option<Number>,
    readings: u32,
}

impl Line {
    fn of(raised: &Raised) -> Self {
        Self {
            problem: raised.problem.name(),
            severity: raised.severity.name(),
            raised_at: in_utc(raised.raised_at),
            confirmed_at: raised.confirmed_at.map(in_utc),
            cleared_at: raised.cleared_at.map(in_utc),
            worst_spo2: raised.worst_spo2.and_then(number),
            readings: raised.readings,
        }
    }
}

/// RFC 3339, with a fraction only where there is one.
fn in_utc(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map_or_else(|_| at.to_string(), |at| at.to_string())
}

/// With its tenth only where it has one.
fn number(spo2: Spo2) -> Option<Number> {
    if spo2.tenths().is_multiple_of(10) {
        Some(Number::from(spo2.whole_percent()))
    } else {
        Number::from_f64(spo2.percent())
    }
}

pub fn main(options: &Options) -> ExitCode {
    let said = match answer(options) {
        Ok(said) => said,
        Err(why) => {
            eprintln!("wardlight replay: {why}");
            return ExitCode::from(BAD_INPUT);
        }
    };
    for note in &said.notes {
        eprintln!("wardlight replay: {note}");
    }
    match std::io::stdout().lock().write_all(said.lines.as_bytes()) {
        // Whoever reads it may have seen enough before its end.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("wardlight replay: the answer cannot be written: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The answer, whole: nothing is printed before everything was read.
#[derive(Debug)]
struct Said {
    lines: String,
    notes: Vec<String>,
}

fn answer(options: &Options) -> Result<Said, String> {
    let plan = plan_file(&options.plan)?;
    let name = options.readings.display();
    if options.readings.as_os_str() == "-" {
        return said(&plan, std::io::stdin().lock())
            .map_err(|why| format!("standard input: {why}"));
    }
    let file = File::open(&options.readings).map_err(|why| format!("{name}: {why}"))?;
    said(&plan, BufReader::with_capacity(64 * 1024, file)).map_err(|why| format!("{name}: {why}"))
}

fn plan_file(path: &Path) -> Result<PlanFile, String> {
    let name = path.display();
    let mut text = String::new();
    let file = File::open(path).map_err(|why| format!("{name}: {why}"))?;
    file.take(PLAN_BYTES_LIMIT + 1)
        .read_to_string(&mut text)
        .map_err(|why| format!("{name}: {why}"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > PLAN_BYTES_LIMIT) {
        return Err(format!(
            "{name}: longer than {PLAN_BYTES_LIMIT} bytes: this is no plan"
        ));
    }
    PlanFile::read(&text).map_err(|why| format!("{name}: {why}"))
}

fn said(plan: &PlanFile, input: impl BufRead) -> Result<Said, String> {
    let mut notes = Vec::new();
    let mut rows = table::rows(input).map_err(|bad| bad.to_string())?;
    if rows.is_empty() {
        notes.push("there are no rows under the header: nothing was judged".to_owned());
    }
    if !rows.is_sorted_by_key(|row| row.at_ms) {
        // Stable: rows of one moment stay as they stand in the file.
        rows.sort_by_key(|row| row.at_ms);
        notes.push(
            "the rows were not in the order of time; they were sorted by measured_at".to_owned(),
        );
    }
    let replayed = stream::replayed(&plan.limits, plan.baseline_spo2, &rows);
    notes.extend(replayed.notes());
    let mut lines = String::new();
    for raised in &replayed.raised {
        let line = serde_json::to_string(&Line::of(raised)).map_err(|why| why.to_string())?;
        writeln!(lines, "{line}").map_err(|why| why.to_string())?;
    }
    Ok(Said { lines, notes })
}
