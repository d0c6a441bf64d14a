//! Samples are coming, and none has a value.

use super::episode::{MINUTE_MS, PATIENCE_MS};
use super::outcome::{Attempt, Outcome, Source};
use super::tally::{Tally, is_absence};
use crate::judge::Reason;

/// A stretch of samples without values.
#[derive(Clone, Debug)]
pub(super) struct Idle {
    began_ms: u64,
    sample_ms: u64,
    attempt_due_ms: u64,
    reason: Reason,
    tally: Tally,
}

impl Idle {
    pub(super) fn new(at_ms: u64, reason: Reason) -> Self {
        Self {
            began_ms: at_ms,
            sample_ms: at_ms,
            attempt_due_ms: at_ms.saturating_add(PATIENCE_MS),
            reason,
            tally: Tally::default(),
        }
    }

    /// Takes a sample. What tells more than an absence is an attempt after 40 s, and again each minute; an absence is
    /// one at the end of the connection only.
    pub(super) fn add(&mut self, at_ms: u64, reason: Reason, counts: bool) -> Option<Outcome> {
        self.sample_ms = at_ms;
        self.reason = reason;
        if counts {
            self.tally.add(reason);
        }
        let tells = self
            .tally
            .dominant()
            .is_some_and(|dominant| !is_absence(dominant));
        if !tells || at_ms < self.attempt_due_ms {
            return None;
        }
        let attempt = self.attempt();
        self.began_ms = at_ms;
        self.attempt_due_ms = at_ms.saturating_add(MINUTE_MS);
        self.tally = Tally::default();
        attempt
    }

    /// What was counted, as an attempt; nothing was counted: none.
    pub(super) fn attempt(&self) -> Option<Outcome> {
        Some(Outcome::Attempt(Attempt {
            reason: self.tally.dominant()?,
            began_ms: self.began_ms,
            ended_ms: self.sample_ms,
            samples: self.tally.total(),
            source: Source::Window { summary: None },
        }))
    }

    pub(super) const fn sample_ms(&self) -> u64 {
        self.sample_ms
    }

    pub(super) const fn reason(&self) -> Reason {
        self.reason
    }

    pub(super) fn into_tally(self) -> Tally {
        self.tally
    }
}
