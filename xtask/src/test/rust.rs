//! The Rust side: formatting, lints, programs, tests.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::report::Report;
use super::tally::Tally;
use crate::stop::Stop;
use crate::{postgres, process, workspace};

/// A cold build on two cores takes minutes; a test that hangs must not take the day.
const LINT_LIMIT: Duration = Duration::from_secs(30 * 60);
const TEST_LIMIT: Duration = Duration::from_secs(60 * 60);

pub fn lint(stop: &Stop, tally: &mut Tally) {
    let fmt = ["fmt", "--all", "--check", "--", "-l"];
    tally.step("cargo fmt", || echo(workspace::cargo(&fmt)?, stop));
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    tally.step("cargo clippy", || echo(workspace::cargo(&clippy)?, stop));
}

/// The programs that the tests start. Together with the tests, so that both are built from the same dependencies.
pub fn build(stop: &Stop, tally: &mut Tally) {
    let build = ["build", "--workspace", "--bins", "--tests"];
    tally.step("cargo build", || echo(workspace::cargo(&build)?, stop));
}

pub fn test(database: Option<String>, stop: &Stop, tally: &mut Tally) {
    tally.heading("cargo test");
    match run_tests(database, stop) {
        Ok(report) => tally.add(report),
        Err(error) => tally.fail(format!("cargo test: {error:#}")),
    }
}

fn run_tests(database: Option<String>, stop: &Stop) -> Result<Report> {
    stop.check()?;
    let mut command = workspace::cargo(&["test", "--workspace", "--no-fail-fast"])?;
    match database {
        Some(url) => command.env(postgres::URL_VARIABLE, url),
        None => command.env_remove(postgres::URL_VARIABLE),
    };
    let mut report = Report::default();
    let status = process::stream(command, stop, TEST_LIMIT, |line| {
        println!("{line}");
        report.line(line);
    })?;
    Ok(report.end("cargo test", status.success()))
}

/// Runs a command to its end, printing what it says, and insists that it succeeds.
pub fn echo(command: Command, stop: &Stop) -> Result<()> {
    stop.check()?;
    let status = process::stream(command, stop, LINT_LIMIT, |line| println!("{line}"))?;
    ensure!(status.success(), "it failed ({status})");
    Ok(())
}
