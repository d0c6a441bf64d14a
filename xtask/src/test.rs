//! `cargo xtask test`: every check that a change must pass, counted, on one dev profile.
//!
//! A step that cannot run is a failure that is said aloud, never a silence, and the last line is always the sum.

mod pages;
mod report;
mod repository;
mod rust;
mod suite;
mod tally;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

pub use report::{Report, program};
pub use suite::known_names;

use crate::postgres::Cluster;
use crate::setup::{self, Purpose};
use crate::stop::Stop;
use crate::{safety, workspace};
use tally::Tally;

#[derive(Args)]
pub struct Options {
    /// Only a part; the safety file is checked only against the whole
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting, lints, tests of all crates
    Rust,
    /// The whole system in a browser
    Browser,
    /// Types and unit tests of the pages' scripts
    Js,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let stop = Stop::enter()?;
    let mut tally = Tally::default();
    tally.step("set-up", || setup::prepare(Purpose::Test));
    steps(options.only, &stop, &mut tally);
    tally.note_names(&workspace::scratch()?.join("passed-tests.txt"))?;
    tally.print_failures();
    println!("{}", tally.closing_line());
    Ok(if tally.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn steps(only: Option<Part>, stop: &Stop, tally: &mut Tally) {
    let wanted = |part: Part| only.is_none() || only == Some(part);
    if wanted(Part::Rust) {
        repository::check(tally);
        rust::lint(stop, tally);
    }
    if wanted(Part::Rust) || wanted(Part::Browser) {
        rust::build(stop, tally);
    }
    if wanted(Part::Rust) {
        let cluster = cluster(stop, tally);
        rust::test(cluster.as_ref().map(Cluster::url), stop, tally);
    }
    if wanted(Part::Js) {
        pages::check_types(stop, tally);
        pages::run("js", stop, tally);
    }
    if wanted(Part::Browser) {
        pages::run("browser", stop, tally);
    }
    match only {
        None => safety(tally),
        Some(_) => tally.skip("safety file", "only a part of the tests was run"),
    }
}

/// Without the database the tests still run: those that need it fail by themselves, and this is a failure of its own.
fn cluster(stop: &Stop, tally: &mut Tally) -> Option<Cluster> {
    let mut cluster = None;
    tally.step("throw-away PostgreSQL", || {
        stop.check()?;
        cluster = Some(Cluster::start().context("no PostgreSQL for the tests")?);
        Ok(())
    });
    cluster
}

fn safety(tally: &mut Tally) {
    tally.heading("safety file");
    match safety::check_against(&tally.passed) {
        Ok(verdicts) => {
            for (hazard, problems) in verdicts {
                tally.count(&format!("safety::{hazard}"), &problems);
            }
        }
        Err(error) => tally.count("safety", &[format!("{error:#}")]),
    }
}
