//! One line of the doctor's, and all of them together.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) enum Verdict {
    #[serde(rename = "ok")]
    Ok,
    /// The bridge works, and somebody should see to this.
    #[serde(rename = "warning")]
    Warning,
    /// The bridge does not work, or will soon not.
    #[serde(rename = "WRONG")]
    Wrong,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "WRONG",
        })
    }
}

/// What a check has found. Never a secret, never a whole address of an oximeter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) verdict: Verdict,
    pub(super) said: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, said: impl Into<String>) -> Self {
        Self {
            check,
            verdict: Verdict::Ok,
            said: said.into(),
            advice: None,
        }
    }

    pub(super) fn warning(
        check: &'static str,
        said: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Warning,
            advice: Some(advice.into()),
            ..Self::ok(check, said)
        }
    }

    pub(super) fn wrong(
        check: &'static str,
        said: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Wrong,
            ..Self::warning(check, said, advice)
        }
    }
}

/// All that was found.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    version: &'static str,
    /// Nothing is WRONG.
    well: bool,
    checks: Vec<Finding>,
}

impl Report {
    pub(super) fn new(checks: Vec<Finding>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            well: checks.iter().all(|it| it.verdict < Verdict::Wrong),
            checks,
        }
    }

    /// On standard output. True when nothing is WRONG.
    pub(super) fn say(&self, json: bool) -> anyhow::Result<bool> {
        let text = if json {
            serde_json::to_string_pretty(self)? + "\n"
        } else {
            self.to_string()
        };
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(self.well)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding {
            check,
            verdict,
            said,
            advice,
        } in &self.checks
        {
            // One line for each check, whatever a library has to say.
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            write!(f, "{verdict:<8} {check:<15} {said}")?;
            match advice {
                Some(advice) => writeln!(f, " -> {advice}")?,
                None => writeln!(f)?,
            }
        }
        let count = |verdict| {
            let checks = self.checks.iter();
            checks.filter(|it| it.verdict == verdict).count()
        };
        writeln!(
            f,
            "{} checks: {} WRONG, {} to see to",
            self.checks.len(),
            count(Verdict::Wrong),
            count(Verdict::Warning)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_no_failure_and_each_check_is_one_line() {
        let warned = Finding::warning("adapter", "two\n  lines", "do this");
        let report = Report::new(vec![Finding::ok("clock", "right"), warned.clone()]);
        assert!(report.well);
        assert_eq!(
            report.to_string(),
            "ok       clock           right\nwarning  adapter         two lines -> do this\n2 checks: 0 WRONG, 1 to see to\n"
        );
        assert!(!Report::new(vec![warned, Finding::wrong("bus", "gone", "x")]).well);
    }
}
