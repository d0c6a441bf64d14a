//! `cargo xtask …`: set-up, demo, tests and the safety file, in plain Rust and the standard library where it will do.

mod bench;
mod deb;
mod deep_ble;
mod demo;
mod fuzz;
mod postgres;
mod process;
mod safety;
mod setup;
mod soak;
mod stop;
mod temporary;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set up, try, test and argue for Wardlight"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what this machine lacks (as root), or say exactly what it lacks
    Setup(setup::Options),
    /// Every check that a change must pass; ends with `N passed, N failed`
    Test(test::Options),
    /// A seeded ward and a simulated bridge, to look at in a browser
    Demo(demo::Options),
    /// The bridge as a Debian package
    Deb(deb::Options),
    /// The benchmarks, as ratios to limits that are measured in the same run
    Bench(bench::Options),
    /// The long property tests of the rules
    Soak(soak::Options),
    /// The bridge on the real Bluetooth stack, in an emulated machine, with virtual oximeters (not part of `test`)
    DeepBle(deep_ble::Options),
    /// Fuzz the packet decoders
    Fuzz(fuzz::Options),
    /// Check the hazard log against the tests, and render it
    Safety(safety::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Setup(options) => setup::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Deb(options) => deb::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Soak(options) => soak::run(&options),
        Command::DeepBle(options) => deep_ble::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Safety(options) => safety::run(&options),
    };
    result.unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}
