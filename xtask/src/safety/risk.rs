//! Severity, likelihood, and the risk that follows from both.
//!
//! The words and the matrix are those that NHS Digital gives as an example with DCB0129 and DCB0160. `(check)`: a clinical
//! safety officer has to adopt or replace them.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Minor,
    Significant,
    Considerable,
    Major,
    Catastrophic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    VeryLow,
    Low,
    Medium,
    High,
    VeryHigh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub severity: Severity,
    pub likelihood: Likelihood,
}

impl Risk {
    /// 1 (acceptable) to 5 (unacceptable).
    pub fn score(self) -> u8 {
        use Likelihood as L;
        use Severity as S;
        match (self.likelihood, self.severity) {
            (L::VeryLow, S::Minor | S::Significant) | (L::Low, S::Minor) => 1,
            (L::VeryLow, S::Considerable | S::Major)
            | (L::Low, S::Significant | S::Considerable)
            | (L::Medium, S::Minor | S::Significant)
            | (L::High, S::Minor) => 2,
            (L::VeryLow, S::Catastrophic)
            | (L::Low, S::Major)
            | (L::Medium, S::Considerable | S::Major)
            | (L::High, S::Significant | S::Considerable)
            | (L::VeryHigh, S::Minor) => 3,
            (L::Low, S::Catastrophic)
            | (L::Medium, S::Catastrophic)
            | (L::High, S::Major)
            | (L::VeryHigh, S::Significant | S::Considerable) => 4,
            (L::High, S::Catastrophic) | (L::VeryHigh, S::Major | S::Catastrophic) => 5,
        }
    }
}

impl std::fmt::Display for Risk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let likelihood = match self.likelihood {
            Likelihood::VeryLow => "very low",
            Likelihood::Low => "low",
            Likelihood::Medium => "medium",
            Likelihood::High => "high",
            Likelihood::VeryHigh => "very high",
        };
        let severity = match self.severity {
            Severity::Minor => "minor",
            Severity::Significant => "significant",
            Severity::Considerable => "considerable",
            Severity::Major => "major",
            Severity::Catastrophic => "catastrophic",
        };
        write!(out, "{severity} × {likelihood} = {}", self.score())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_never_falls_when_either_side_rises() {
        use Likelihood::{High, Low, Medium, VeryHigh, VeryLow};
        use Severity::{Catastrophic, Considerable, Major, Minor, Significant};
        let likelihoods = [VeryLow, Low, Medium, High, VeryHigh];
        let severities = [Minor, Significant, Considerable, Major, Catastrophic];
        let score = |l: usize, s: usize| {
            Risk {
                likelihood: likelihoods[l],
                severity: severities[s],
            }
            .score()
        };
        for l in 0..5 {
            for s in 0..5 {
                assert!(l == 0 || score(l, s) >= score(l - 1, s));
                assert!(s == 0 || score(l, s) >= score(l, s - 1));
            }
        }
        assert_eq!((score(0, 0), score(4, 4)), (1, 5));
    }
}
