//! The side that runs in a browser: types of the pages' scripts, their unit tests, and the whole system in Chromium.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::report::Report;
use super::rust::echo;
use super::suite::{self, SUITES, Suite};
use super::tally::Tally;
use crate::stop::Stop;
use crate::{process, setup, workspace};

const LIMIT: Duration = Duration::from_secs(25 * 60);

const TYPES: &str = "types of the pages' scripts";

/// Type checking without compiling: the scripts are served as they are written.
pub fn check_types(stop: &Stop, tally: &mut Tally) {
    match suite::has_scripts() {
        Ok(true) => tally.step(TYPES, || {
            let folder = suite::browser_folder()?;
            let mut command = Command::new(folder.join("node_modules/.bin/tsc"));
            command
                .args(["--project", "tsconfig.json", "--pretty", "false"])
                .current_dir(folder);
            echo(command, stop)
        }),
        Ok(false) => tally.skip(TYPES, "the pages have no scripts yet"),
        Err(error) => tally.fail(format!("{TYPES}: {error:#}")),
    }
}

/// All test files of one suite, `js` or `browser`.
pub fn run(name: &str, stop: &Stop, tally: &mut Tally) {
    for suite in SUITES.iter().filter(|suite| suite.name == name) {
        tally.heading(suite.title);
        match run_node(suite, stop) {
            Ok(report) => tally.add(report),
            Err(error) => tally.fail(format!("{}: {error:#}", suite.title)),
        }
    }
}

/// One file after another: they share two cores with a browser.
fn run_node(suite: &Suite, stop: &Stop) -> Result<Report> {
    stop.check()?;
    let files = suite.files()?;
    if files.is_empty() {
        return Ok(Report::problem(format!("{}: there are none", suite.title)));
    }
    let mut command = Command::new("node");
    command.args([
        "--test",
        "--test-concurrency=1",
        "--test-reporter=./lib/reporter.mjs",
        "--test-reporter-destination=stdout",
    ]);
    command.args(files).current_dir(suite::browser_folder()?);
    command.env("WARDLIGHT_BIN", workspace::built("wardlight")?);
    command.env(
        "WARDLIGHT_BRIDGE_BIN",
        workspace::built("wardlight-bridge")?,
    );
    if let Some(chromium) = setup::chromium() {
        command.env("WARDLIGHT_CHROMIUM", chromium);
    }
    let mut report = Report::of(suite.name);
    let status = process::stream(command, stop, LIMIT, |line| {
        println!("{line}");
        report.line(line);
    })?;
    Ok(report.end("node --test", status.success()))
}
