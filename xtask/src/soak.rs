//! `cargo xtask soak`: the property tests of the rules, for as many steps as somebody has patience for.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;

use crate::stop::Stop;
use crate::test::Report;
use crate::{process, workspace};

/// The tests read from here for how long to go on.
const STEPS_VARIABLE: &str = "WARDLIGHT_SOAK_STEPS";

#[derive(Args)]
pub struct Options {
    /// Steps for each state machine
    #[arg(long, default_value_t = 5_000_000)]
    steps: u64,
    /// Give up after this many hours
    #[arg(long, default_value_t = 12)]
    hours: u64,
}

/// Runs the tests of ward-core that are ignored in everyday runs and have `soak` in their name.
pub fn run(options: &Options) -> Result<ExitCode> {
    let stop = Stop::enter()?;
    let mut command = workspace::cargo(&["test", "--release", "-p", "ward-core", "--"])?;
    command.args(["--ignored", "--nocapture", "soak"]);
    command.env(STEPS_VARIABLE, options.steps.to_string());
    let mut report = Report::default();
    let limit = Duration::from_secs(options.hours * 3600);
    let status = process::stream(command, &stop, limit, |line| {
        println!("{line}");
        report.line(line);
    })?;
    ensure!(status.success(), "the soak tests failed");
    let report = report.end("cargo test", true);
    ensure!(
        report.passed_count > 0,
        "ward-core has no ignored test with `soak` in its name: nothing was soaked"
    );
    println!("{} passed", report.passed_count);
    Ok(ExitCode::SUCCESS)
}
