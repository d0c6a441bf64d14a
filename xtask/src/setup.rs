//! `cargo xtask setup`: what a fresh machine needs. As root it installs; otherwise it says exactly what is missing.

mod debian;
mod look;
mod npm;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

pub use debian::{Need, chromium, provide};

use crate::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// What for: the demo needs only the stylesheet, the tests a database and a browser too
    #[arg(long = "for", value_enum, default_value = "test")]
    purpose: Purpose,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    Demo,
    Test,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    prepare(options.purpose)?;
    println!("setup: everything is there");
    Ok(ExitCode::SUCCESS)
}

/// Quick and silent when everything is there.
pub fn prepare(purpose: Purpose) -> Result<()> {
    look::prepare()?;
    if purpose == Purpose::Test {
        debian::prepare()?;
        npm::install(&workspace::root()?.join("tests/browser"))?;
    }
    Ok(())
}

/// Whether we may install packages, and whether servers that refuse root need another account.
pub fn is_root() -> Result<bool> {
    let id = process::capture(Command::new("id").arg("-u")).context("cannot ask who we are")?;
    Ok(id.trim() == "0")
}
