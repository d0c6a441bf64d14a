//! `cargo xtask bench`: every benchmark of the workspace, as a table of ratios to limits taken in the same run.
//!
//! What happens in a browser is measured there, by `tests/browser/bench`.
//!
//! A benchmark is a `[[bench]]` target with `harness = false` that prints one JSON object a line for each figure (see
//! [`Figure`]) and may print anything else beside. Never a test: a slow machine breaks nothing.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;

use crate::setup::{self, Purpose};
use crate::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// Only benchmarks with this in their name
    filter: Option<String>,
}

/// One measured figure beside the limit that it is held against.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    /// What was measured, with the words of PERFORMANCE: "durable single-reading POSTs, 64 connections".
    what: String,
    measured: f64,
    unit: String,
    /// The same unit, measured in the same run.
    limit: f64,
    /// What the limit is: "the same handler without storage".
    limit_is: String,
    /// The ratio to reach.
    target: f64,
    better: Better,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Better {
    Lower,
    Higher,
}

impl Figure {
    fn ratio(&self) -> f64 {
        self.measured / self.limit
    }

    fn reached(&self) -> bool {
        match self.better {
            Better::Lower => self.ratio() <= self.target,
            Better::Higher => self.ratio() >= self.target,
        }
    }
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let benches = benches()?;
    ensure!(
        !benches.is_empty(),
        "there are no benchmarks in the workspace yet"
    );
    let wanted = |bench: &&Bench| {
        options
            .filter
            .as_ref()
            .is_none_or(|part| bench.name.contains(part))
    };
    let mut figures = Vec::new();
    for bench in benches.iter().filter(wanted) {
        println!(
            "Running {} of {} (release build).",
            bench.name, bench.package
        );
        let mut command =
            workspace::cargo(&["bench", "-p", &bench.package, "--bench", &bench.name])?;
        read(&mut command, &mut figures)?;
    }
    if options
        .filter
        .as_ref()
        .is_none_or(|part| VISIBLE.contains(part.as_str()))
    {
        visible(&mut figures)?;
    }
    if figures.is_empty() {
        bail!("no benchmark gave a figure");
    }
    print!("{}", table(&figures));
    Ok(ExitCode::SUCCESS)
}

/// Its figures, and what else it says.
fn read(command: &mut Command, figures: &mut Vec<Figure>) -> Result<()> {
    let said = process::capture(command.stderr(Stdio::inherit()))?;
    for line in said.lines() {
        match line.trim_start().strip_prefix('{') {
            Some(_) => figures
                .push(serde_json::from_str(line).with_context(|| format!("not a figure: {line}"))?),
            None => println!("{line}"),
        }
    }
    Ok(())
}

const VISIBLE: &str = "visible";

/// How soon a reading stands on an open board: the released service, a real browser.
fn visible(figures: &mut Vec<Figure>) -> Result<()> {
    println!("Running {VISIBLE} of the browser tests (release build).");
    setup::prepare(Purpose::Test)?;
    process::must(&mut workspace::cargo(&[
        "build",
        "--quiet",
        "--release",
        "-p",
        "ward-server",
    ])?)?;
    let mut command = Command::new("node");
    command
        .arg("bench/visible.mjs")
        .current_dir(workspace::root()?.join("tests/browser"))
        .env(
            "WARDLIGHT_BIN",
            workspace::target()?.join("release/wardlight"),
        );
    if let Some(chromium) = setup::chromium() {
        command.env("WARDLIGHT_CHROMIUM", chromium);
    }
    read(&mut command, figures)
}

struct Bench {
    package: String,
    name: String,
}

fn benches() -> Result<Vec<Bench>> {
    let mut command: Command =
        workspace::cargo(&["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Metadata = serde_json::from_str(&process::capture(&mut command)?)?;
    let mut benches = Vec::new();
    for package in metadata.packages {
        for target in package
            .targets
            .into_iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "bench"))
        {
            benches.push(Bench {
                package: package.name.clone(),
                name: target.name,
            });
        }
    }
    Ok(benches)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// A Markdown table, so that it can go into a note as it is.
fn table(figures: &[Figure]) -> String {
    let mut text = String::from(
        "\n| what | measured | limit in this run | ratio | target | |\n|---|---|---|---|---|---|\n",
    );
    for figure in figures {
        let sign = match figure.better {
            Better::Lower => "≤",
            Better::Higher => "≥",
        };
        text.push_str(&format!(
            "| {} | {:.3} {} | {:.3} {} ({}) | {:.2} | {sign} {:.2} | {} |\n",
            figure.what,
            figure.measured,
            figure.unit,
            figure.limit,
            figure.unit,
            figure.limit_is,
            figure.ratio(),
            figure.target,
            if figure.reached() {
                "reached"
            } else {
                "not yet"
            },
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_limit() {
        let line = r#"{"what":"posts","measured":30.0,"unit":"/s","limit":40.0,"limit_is":"no storage","target":0.8,"better":"higher"}"#;
        let figure: Figure = serde_json::from_str(line).unwrap();
        assert!(!figure.reached());
        assert!(
            table(&[figure]).contains(
                "| posts | 30.000 /s | 40.000 /s (no storage) | 0.75 | ≥ 0.80 | not yet |"
            )
        );
    }
}
