//! The side that runs in a browser: types of the pages' scripts, their unit tests, and the whole system in Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::report::Report;
use super::rust::echo;
use super::tally::Tally;
use crate::stop::Stop;
use crate::{process, setup, workspace};

const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Type checking without compiling: the scripts are served as they are written.
pub fn check_types(stop: &Stop, tally: &mut Tally) {
    match has_scripts() {
        Ok(true) => tally.step("types of the pages' scripts", || {
            let folder = browser_folder()?;
            let mut command = Command::new(folder.join("node_modules/.bin/tsc"));
            command
                .args(["--project", "tsconfig.json"])
                .current_dir(folder);
            echo(command, stop)
        }),
        Ok(false) => tally.skip(
            "types of the pages' scripts",
            "the pages have no scripts yet",
        ),
        Err(error) => tally.fail(format!("types of the pages' scripts: {error:#}")),
    }
}

pub fn unit_tests(stop: &Stop, tally: &mut Tally) {
    node(
        &Suite {
            title: "unit tests of the pages' scripts",
            binary: "js",
            folder: "unit",
        },
        stop,
        tally,
    );
}

pub fn browser_tests(stop: &Stop, tally: &mut Tally) {
    node(
        &Suite {
            title: "browser tests",
            binary: "browser",
            folder: "specs",
        },
        stop,
        tally,
    );
}

struct Suite {
    title: &'static str,
    /// First part of the full names of its tests.
    binary: &'static str,
    /// Below tests/browser.
    folder: &'static str,
}

fn node(suite: &Suite, stop: &Stop, tally: &mut Tally) {
    tally.heading(suite.title);
    match run_node(suite, stop) {
        Ok(report) => tally.add(report),
        Err(error) => tally.fail(format!("{}: {error:#}", suite.title)),
    }
}

/// One file after another: they share two cores with a browser.
fn run_node(suite: &Suite, stop: &Stop) -> Result<Report> {
    stop.check()?;
    let folder = browser_folder()?;
    let mut files = files_below(&folder.join(suite.folder), ".test.mjs")?;
    files.sort();
    if files.is_empty() {
        return Ok(Report::problem(format!(
            "{}: there are none in {}",
            suite.title, suite.folder
        )));
    }
    let mut command = Command::new("node");
    command.args([
        "--test",
        "--test-concurrency=1",
        "--test-reporter=./lib/reporter.mjs",
        "--test-reporter-destination=stdout",
    ]);
    command.args(files).current_dir(&folder);
    command.env("WARDLIGHT_BIN", workspace::built("wardlight")?);
    command.env(
        "WARDLIGHT_BRIDGE_BIN",
        workspace::built("wardlight-bridge")?,
    );
    if let Some(chromium) = setup::chromium() {
        command.env("WARDLIGHT_CHROMIUM", chromium);
    }
    let mut report = Report::of(suite.binary);
    let status = process::stream(command, stop, LIMIT, |line| {
        println!("{line}");
        report.line(line);
    })?;
    Ok(report.end("node --test", status.success()))
}

/// Titles of the browser tests as full names, read from their files without running them.
pub fn browser_titles() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in files_below(&browser_folder()?.join("specs"), ".test.mjs")? {
        let stem = file
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_suffix(".test.mjs"));
        let stem = stem
            .context("a browser test whose file name is not plain text")?
            .to_owned();
        let text = workspace::read(&file)?;
        names.extend(titles(&text).map(|title| format!("browser::{stem}::{title}")));
    }
    Ok(names)
}

/// `test("…"` at the start of a line, with any of the three quotes.
fn titles(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let call = line.trim_start().strip_prefix("test(")?;
        let quote = call
            .chars()
            .next()
            .filter(|first| "\"'`".contains(*first))?;
        call.strip_prefix(quote)?.split(quote).next()
    })
}

fn has_scripts() -> Result<bool> {
    let folder = workspace::root()?.join("crates/ward-http/static");
    let scripts = files_below(&folder, ".js")?;
    Ok(scripts
        .iter()
        .any(|script| !script.components().any(|part| part.as_os_str() == "vendor")))
}

fn browser_folder() -> Result<PathBuf> {
    Ok(workspace::root()?.join("tests/browser"))
}

fn files_below(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path, ending)?);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_from_the_text_of_a_spec() {
        let text = "import test from 'node:test';\ntest(\"an alert appears\", async () => {\n  test('inner, all the same', f);\n// test(\"not this\")\n";
        assert_eq!(
            titles(text).collect::<Vec<_>>(),
            ["an alert appears", "inner, all the same"]
        );
    }
}
