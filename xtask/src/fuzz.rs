//! `cargo xtask fuzz`: coverage-guided fuzzing of the packet decoders where the tools for it are there; where they are
//! not, the property test that says the same (nothing panics on any bytes), for longer.

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;

use crate::{process, workspace};

/// The folder of the cargo-fuzz targets, a package outside the workspace.
const TARGETS: &str = "crates/ward-oximeter/fuzz";

#[derive(Args)]
pub struct Options {
    /// Seconds for each target
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Cases for each property test, where there is no fuzzer
    #[arg(long, default_value_t = 200_000)]
    cases: u64,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    match lacking()? {
        None => fuzz(options)?,
        Some(why) => {
            println!("No coverage-guided fuzzing: {why}.");
            println!(
                "Running the property tests of ward-oximeter with {} cases each instead.",
                options.cases
            );
            let mut command = workspace::cargo(&["test", "--release", "-p", "ward-oximeter"])?;
            process::must(command.env("PROPTEST_CASES", options.cases.to_string()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn fuzz(options: &Options) -> Result<()> {
    let folder = workspace::root()?.join(TARGETS);
    let targets = process::capture(nightly(&["fuzz", "list", "--fuzz-dir"]).arg(&folder))?;
    for target in targets
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        println!("Fuzzing {target} for {} s.", options.seconds);
        let mut run = nightly(&["fuzz", "run", "--fuzz-dir"]);
        run.arg(&folder).args([target, "--"]);
        process::must(run.arg(format!("-max_total_time={}", options.seconds)))?;
    }
    Ok(())
}

/// Why cargo-fuzz cannot run here, if it cannot.
fn lacking() -> Result<Option<&'static str>> {
    let succeeds =
        |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    Ok(if !workspace::root()?.join(TARGETS).is_dir() {
        Some("there are no fuzz targets yet")
    } else if workspace::find_program("cargo-fuzz").is_none() {
        Some("cargo-fuzz is not installed")
    } else if !succeeds(&mut nightly(&["--version"])) {
        Some("there is no nightly toolchain")
    } else {
        None
    })
}

/// Through rustup's own `cargo`: the variable that cargo sets for us names the stable one.
fn nightly(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .arg("+nightly")
        .args(arguments)
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}
