//! What comes back from the emulated machine: one JSON object a line. Times are Unix milliseconds of the guest, whose
//! clock, service and oximeters are the same machine's.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace;

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A spot check or a stored record that the bridge has taken.
    Sent {
        scenario: String,
        spo2: f64,
        pulse: f64,
        /// When it was truly measured.
        measured_ms: i64,
    },
    /// The same values each second.
    Streamed {
        scenario: String,
        spo2: f64,
        pulse: f64,
        from_ms: i64,
        until_ms: i64,
    },
    /// Something that the oximeter has noticed.
    Note { scenario: String, what: String },
    /// The scenario's end; `why` is empty when it went as told.
    Ended { scenario: String, why: String },
    /// A reading that the service holds.
    Reading(Reading),
    /// An alert that the service has raised.
    Alert {
        device: Option<String>,
        problem: String,
        severity: String,
        raised_ms: i64,
    },
    /// Items that the service could not tie to a patient or use.
    Quarantined { items: u64 },
}

#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    pub device: String,
    pub kind: String,
    /// None for an attempt.
    pub spo2: Option<f64>,
    pub pulse: Option<f64>,
    pub effective_ms: i64,
    #[serde(default)]
    pub doubts: String,
}

pub fn read(file: &Path) -> Result<Vec<Fact>> {
    let text = read_text(file)?;
    text.lines()
        .map(|line| {
            serde_json::from_str(line).with_context(|| format!("{} holds {line}", file.display()))
        })
        .collect()
}

fn read_text(file: &Path) -> Result<String> {
    workspace::read(file)
        .context("the emulated machine has told nothing: see console.log beside it")
}
