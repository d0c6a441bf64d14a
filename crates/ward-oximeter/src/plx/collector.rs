//! Fetching stored spot-checks: which records are new, and whether the report came to its end.

use std::collections::VecDeque;

use super::racp::{Racp, Request, ResponseCode};
use super::spot_check::SpotCheck;

/// PLXS says a device stores 30 or more; beyond this many the oldest is forgotten and would count as new again.
const REMEMBERED: usize = 1024;
/// A device gives up after 5 s between its indications; a client needs more patience, not for ever. Our own figure.
const IDLE_LIMIT_MS: u64 = 30_000;

/// How the present procedure stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nothing was asked.
    #[default]
    Idle,
    /// Asked, and not yet answered.
    Running(Request),
    /// The request's own response arrived.
    Answered(Request, ResponseCode),
    /// The link went or the device fell silent: it is not resumed; records that came are delivered (PLXS section 3.4.4).
    Broken(Request),
}

/// Follows the control point over one device's connections.
///
/// It counts; it never withholds: each record is written down at once by whoever holds the frame, since a device sends
/// a confirmed record only once.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    progress: Progress,
    heard_at_ms: u64,
    stored: Option<u16>,
    new_records: usize,
    seen: VecDeque<Vec<u8>>,
}

impl Collector {
    /// A request was written and accepted by the device. (After a refused write, simply do not call this.)
    pub fn asked(&mut self, request: Request, at_ms: u64) {
        self.progress = Progress::Running(request);
        self.heard_at_ms = at_ms;
    }

    /// A 2A5E value arrived. Answers whether it is new: the same stamped bytes are the same record, whenever they come;
    /// bytes without a usable stamp may be a second measurement with equal values, and always count.
    pub fn record(&mut self, check: &SpotCheck, raw: &[u8], at_ms: u64) -> bool {
        self.heard_at_ms = at_ms;
        let stamped = check.timestamp.is_some_and(|stamp| stamp.valid().is_some());
        if stamped && self.seen.iter().any(|seen| seen == raw) {
            return false;
        }
        if stamped {
            if self.seen.len() >= REMEMBERED {
                self.seen.pop_front();
            }
            self.seen.push_back(raw.to_vec());
        }
        self.new_records = self.new_records.saturating_add(1);
        true
    }

    /// A 2A52 value arrived.
    pub fn answered(&mut self, racp: &Racp, at_ms: u64) {
        self.heard_at_ms = at_ms;
        match (*racp, self.progress) {
            (Racp::Count { count, .. }, Progress::Running(Request::Count)) => {
                self.stored = Some(count);
                self.progress = Progress::Answered(Request::Count, ResponseCode::SUCCESS);
            }
            (Racp::Response { request, code, .. }, Progress::Running(running))
                if request == running.op_code() =>
            {
                self.progress = Progress::Answered(running, code);
            }
            _ => {}
        }
    }

    /// The link is gone.
    pub fn disconnected(&mut self) {
        if let Progress::Running(request) = self.progress {
            self.progress = Progress::Broken(request);
        }
    }

    /// Looks at the clock: a procedure without a sign of life for 30 s is broken.
    pub fn tick(&mut self, at_ms: u64) {
        if at_ms.saturating_sub(self.heard_at_ms) > IDLE_LIMIT_MS {
            self.disconnected();
        }
    }

    /// When a procedure that gives no further sign of life counts as broken; nothing is asked: never.
    #[must_use]
    pub const fn patience_ends_ms(&self) -> Option<u64> {
        match self.progress {
            Progress::Running(_) => Some(self.heard_at_ms.saturating_add(IDLE_LIMIT_MS + 1)),
            Progress::Idle | Progress::Answered(..) | Progress::Broken(_) => None,
        }
    }

    /// How the present procedure stands.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Whether the report's own response arrived, so that nothing more is to come from storage.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        matches!(self.progress, Progress::Answered(Request::Report, _))
    }

    /// How many records the device said it holds.
    #[must_use]
    pub const fn stored(&self) -> Option<u16> {
        self.stored
    }

    /// How many different records have arrived.
    #[must_use]
    pub const fn new_records(&self) -> usize {
        self.new_records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMPED: [u8; 12] = [1, 93, 0, 88, 0, 0xEA, 7, 11, 20, 7, 15, 0];

    fn record(collector: &mut Collector, raw: &[u8]) -> bool {
        collector.record(&SpotCheck::decode(raw).unwrap(), raw, 0)
    }

    #[test]
    fn the_same_stamped_record_counts_once_even_after_a_reconnect() {
        let mut collector = Collector::default();
        collector.asked(Request::Report, 0);
        assert!(record(&mut collector, &STAMPED));
        collector.disconnected();
        assert_eq!(collector.progress(), Progress::Broken(Request::Report));
        collector.asked(Request::Report, 9);
        assert!(!record(&mut collector, &STAMPED));
        assert_eq!(collector.new_records(), 1);
    }

    #[test]
    fn two_equal_values_without_a_stamp_are_two_measurements() {
        let mut collector = Collector::default();
        assert!(record(&mut collector, &[0, 98, 0, 72, 0]));
        assert!(record(&mut collector, &[0, 98, 0, 72, 0]));
    }

    #[test]
    fn an_answer_to_something_else_does_not_complete_the_report() {
        let mut collector = Collector::default();
        collector.asked(Request::Report, 0);
        collector.answered(&Racp::decode(&[6, 0, 3, 1]).unwrap(), 1);
        assert!(!collector.is_complete());
        collector.answered(&Racp::decode(&[6, 0, 1, 6]).unwrap(), 2);
        assert!(collector.is_complete());
    }

    #[test]
    fn a_silent_procedure_breaks_after_thirty_seconds() {
        let mut collector = Collector::default();
        collector.asked(Request::Report, 1000);
        collector.tick(31_000);
        assert_eq!(collector.progress(), Progress::Running(Request::Report));
        collector.tick(31_001);
        assert_eq!(collector.progress(), Progress::Broken(Request::Report));
    }

    #[test]
    fn memory_is_bounded_however_many_records_come() {
        let mut collector = Collector::default();
        for number in 0..3000_u16 {
            let [low, high] = number.to_le_bytes();
            record(
                &mut collector,
                &[1, low, high & 7, 88, high, 0xEA, 7, 11, 20, 7, 15, 0],
            );
        }
        assert!(collector.seen.len() <= REMEMBERED);
    }
}
