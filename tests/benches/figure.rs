//! Figures, and what several rounds of them come to.

use std::time::Duration;

use serde::Serialize;

/// One line for the table of `cargo xtask bench`.
#[derive(Serialize)]
pub struct Figure {
    pub what: String,
    pub measured: f64,
    pub unit: &'static str,
    /// In the same unit, from the same run.
    pub limit: f64,
    pub limit_is: String,
    /// The ratio to reach.
    pub target: f64,
    pub better: Better,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Lower,
    Higher,
}

impl Figure {
    pub fn print(&self) {
        match serde_json::to_string(self) {
            Ok(line) => println!("{line}"),
            Err(why) => println!("a figure could not be written: {why}"),
        }
    }
}

/// A measurement and its limit, from one round.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub measured: f64,
    pub limit: f64,
}

/// The round with the median ratio: its two figures belong together.
pub fn median_pair(mut rounds: Vec<Pair>) -> Pair {
    rounds.sort_by(|a, b| (a.measured / a.limit).total_cmp(&(b.measured / b.limit)));
    let middle = rounds.len() / 2;
    rounds.get(middle).copied().unwrap_or(Pair {
        measured: f64::NAN,
        limit: f64::NAN,
    })
}

/// Times, sorted, in milliseconds.
pub struct Times(Vec<f64>);

impl Times {
    pub fn of(times: &[Duration]) -> Self {
        let mut ms: Vec<f64> = times
            .iter()
            .map(|time| time.as_secs_f64() * 1_000.0)
            .collect();
        ms.sort_by(f64::total_cmp);
        Self(ms)
    }

    /// The time that so many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.0.len().saturating_sub(1) * percent).div_ceil(100);
        self.0.get(at).copied().unwrap_or(f64::NAN)
    }

    pub fn min(&self) -> f64 {
        self.percentile(0)
    }

    pub fn p50(&self) -> f64 {
        self.percentile(50)
    }

    pub fn p99(&self) -> f64 {
        self.percentile(99)
    }

    /// `0.44 / 0.61 / 1.20 ms`.
    pub fn in_words(&self) -> String {
        format!(
            "min {:.2}, p50 {:.2}, p99 {:.2} ms",
            self.min(),
            self.p50(),
            self.p99()
        )
    }
}
