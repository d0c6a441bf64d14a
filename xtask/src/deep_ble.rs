//! `cargo xtask deep-ble`: the bridge on the real Bluetooth stack, without Bluetooth hardware.
//!
//! An emulated machine boots Debian's own kernel on this machine's files, read-only. In it run Debian's bluetoothd, the
//! service and the bridge as they are, and virtual oximeters behind a virtual controller (`tests/deep-ble`). What they
//! have sent and what the service holds comes back in one file, and is compared here.

mod facts;
mod guest;
mod packages;
mod verdict;
mod ward;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::stop::Stop;
use crate::{process, workspace};
use facts::Fact;

#[derive(Args)]
pub struct Options {
    /// Only these, in this order; all if none is named
    #[arg(value_enum)]
    scenarios: Vec<Scenario>,
    /// End the emulated machine after so many minutes
    #[arg(long, default_value_t = 30)]
    limit_minutes: u64,
}

/// What a virtual oximeter does; told in `tests/deep-ble/scenarios.py` under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Spot checks with and without a time, a reconnect, a repeat
    Spot,
    /// Out of the house for longer than bluetoothd remembers it
    Away,
    /// A value a second, a low stretch, out of range and back
    Stream,
    /// Records from its memory
    Stored,
    /// Records by a clock that is hours slow
    Clock,
    /// A report that stalls and is asked for again
    Stalled,
    /// Values only after pairing; a reconnect with the bond
    Bond,
    /// The oximeter has lost its bond
    Forgotten,
}

impl Scenario {
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    /// Each has an oximeter of its own, and so a patient of its own.
    fn address(self) -> String {
        format!("C0:01:02:03:04:{:02X}", self as u8 + 1)
    }
}

/// For building, downloading (some 190 MB) and unpacking.
const SET_UP_LIMIT: Duration = Duration::from_secs(60 * 60);

pub fn run(options: &Options) -> Result<ExitCode> {
    let stop = Stop::enter()?;
    ensure!(
        std::env::consts::ARCH == "x86_64",
        "deep-ble emulates the machine that it runs on, and knows only x86-64 yet"
    );
    let mut scenarios = options.scenarios.clone();
    if scenarios.is_empty() {
        scenarios = Scenario::value_variants().to_vec();
    }
    // One oximeter cannot be given to two patients.
    let mut named = Vec::new();
    scenarios.retain(|scenario| {
        let is_new = !named.contains(scenario);
        named.push(*scenario);
        is_new
    });
    println!("Building the service and the bridge (minutes the first time).");
    let build = workspace::cargo(&[
        "build",
        "-p",
        "ward-server",
        "-p",
        "firmware-bridge",
        "--bins",
    ])?;
    let status = process::stream(build, &stop, SET_UP_LIMIT, |line| println!("{line}"))?;
    ensure!(status.success(), "the build failed");
    let folder = workspace::target()?.join("deep-ble");
    let lab = packages::prepare(&folder, &stop)?;
    stop.check()?;

    let run = fresh(folder.join("run"))?;
    let code = ward::prepare(&run, &scenarios)?;
    guest::settle(&run, &lab, &code, &scenarios)?;
    println!(
        "Booting the emulated machine: about {} minutes. Everything that it says stays in {}",
        minutes_expected(&scenarios),
        run.display()
    );
    let begun = Instant::now();
    let limit = Duration::from_secs(options.limit_minutes.saturating_mul(60));
    guest::boot(&run, &lab, &stop, limit)?;
    println!(
        "The emulated machine is off after {} s.\n",
        begun.elapsed().as_secs()
    );

    let facts = facts::read(&run.join("facts.jsonl"))?;
    Ok(report(&facts, &scenarios))
}

fn report(facts: &[Fact], scenarios: &[Scenario]) -> ExitCode {
    let mut failed = 0;
    for scenario in scenarios {
        let verdict = verdict::judge(facts, &scenario.name(), &scenario.address());
        for line in &verdict.seen {
            println!("  {line}");
        }
        for line in &verdict.wrong {
            println!("  WRONG: {line}");
        }
        let word = if verdict.wrong.is_empty() {
            "ok"
        } else {
            failed += 1;
            "FAILED"
        };
        println!("{word:<6} {}\n", scenario.name());
    }
    for line in verdict::judge_all(facts) {
        println!("WRONG: {line}");
        failed += 1;
    }
    println!("deep-ble: {} scenarios, {failed} failures", scenarios.len());
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The last run's folder goes: what it holds belongs to one run.
fn fresh(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// As measured on two cores with other work beside it.
fn minutes_expected(scenarios: &[Scenario]) -> u32 {
    let seconds: u32 = scenarios
        .iter()
        .map(|scenario| match scenario {
            Scenario::Spot | Scenario::Bond | Scenario::Stored | Scenario::Clock => 30,
            Scenario::Forgotten => 60,
            Scenario::Away | Scenario::Stalled => 70,
            Scenario::Stream => 170,
        })
        .sum();
    (seconds + 90).div_ceil(60)
}
