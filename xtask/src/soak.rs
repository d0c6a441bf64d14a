//! `cargo xtask soak`: the property tests of the rules, for as many steps as somebody has patience for.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// Steps for each state machine
    #[arg(long, default_value_t = 5_000_000)]
    steps: u64,
}

/// Runs the tests of ward-core that are ignored in everyday runs and have `soak` in their name.
pub fn run(options: &Options) -> Result<ExitCode> {
    let mut command = workspace::cargo(&[
        "test",
        "--release",
        "-p",
        "ward-core",
        "--",
        "--ignored",
        "--nocapture",
        "soak",
    ])?;
    process::must(command.env("WARDLIGHT_SOAK_STEPS", options.steps.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
