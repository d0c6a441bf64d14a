//! How many samples had no value, by reason.

use crate::judge::Reason;

/// Counts by reason; there are few reasons, so it is small.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Vec<(Reason, u32)>);

impl Tally {
    pub(super) fn add(&mut self, reason: Reason) {
        match self.0.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.0.push((reason, 1)),
        }
    }

    pub(super) fn total(&self) -> u32 {
        self.0
            .iter()
            .fold(0, |total, (_, count)| total.saturating_add(*count))
    }

    /// The most frequent reason that tells more than an absence; else the most frequent one.
    pub(super) fn dominant(&self) -> Option<Reason> {
        self.0
            .iter()
            .max_by_key(|(reason, count)| (!is_absence(*reason), *count))
            .map(|(reason, _)| *reason)
    }
}

/// Nothing there: ordinary before and after a measurement.
pub(super) const fn is_absence(reason: Reason) -> bool {
    reason.is_finger_out() || matches!(reason, Reason::NoValue)
}
