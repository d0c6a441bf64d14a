//! `cargo xtask safety`: the hazard log as code. A control that claims a test must name one that exists; inside
//! `cargo xtask test` it must have run and passed on this very commit.

mod check;
mod hazard;
mod known;
mod render;
mod risk;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::workspace;
use check::{Evidence, Standing};
use hazard::Hazard;

#[derive(Args)]
pub struct Options {
    /// Only write target/safety/, without building the tests to see which exist
    #[arg(long)]
    render: bool,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let hazards = hazard::read_all(&folder()?)?;
    if options.render {
        render::write(&hazards, &Evidence::none())?;
        return Ok(ExitCode::SUCCESS);
    }
    let evidence = Evidence {
        standing: Standing::Exists,
        names: known::tests()?,
    };
    let mut failed = 0;
    for (hazard, problems) in verdicts(&hazards, &evidence)? {
        println!(
            "{hazard}: {}",
            if problems.is_empty() {
                "every control is tied to a test"
            } else {
                "OPEN"
            }
        );
        problems
            .iter()
            .for_each(|problem| println!("    {problem}"));
        failed += problems.len();
    }
    println!(
        "\n{} hazards, {failed} open points; the log is in target/safety/",
        hazards.len()
    );
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// For `cargo xtask test`: what is wrong with each hazard, given the tests that passed in this run.
pub fn check_against(passed: &BTreeSet<String>) -> Result<Vec<(String, Vec<String>)>> {
    let evidence = Evidence {
        standing: Standing::Passed,
        names: passed.clone(),
    };
    verdicts(&hazard::read_all(&folder()?)?, &evidence)
}

fn verdicts(hazards: &[Hazard], evidence: &Evidence) -> Result<Vec<(String, Vec<String>)>> {
    render::write(hazards, evidence)?;
    Ok(hazards
        .iter()
        .map(|hazard| (hazard.id.clone(), check::problems(hazard, evidence)))
        .collect())
}

fn folder() -> Result<PathBuf> {
    Ok(workspace::root()?.join("safety/hazards"))
}
