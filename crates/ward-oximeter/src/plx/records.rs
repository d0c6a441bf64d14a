//! Fetching the records in a device's memory, and letting it delete them once they are safe elsewhere.
//!
//! Report, wait until the service holds every record, count, delete only when nothing has come in since. A device whose
//! count cannot be asked keeps its records: what it hands over again is known again by its bytes.

use super::collector::{Collector, Progress};
use super::racp::{Request, ResponseCode};
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now, Stored};

/// A report that breaks off is asked for again, not for ever: the next connection asks anew.
const TRIES: u8 = 2;
/// After a refused write, "procedure already in progress" for one.
const PAUSE_MS: u64 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The report can be asked for, not before this.
    Due(u64),
    Reporting,
    Aborting,
    /// Waiting for the service to hold what was handed over.
    HandedOver,
    /// It does: is anything in the memory that was not handed over?
    Confirmed,
    Counting,
    Deleting,
    Done,
}

/// The conversation with a device of the Pulse Oximeter Service.
#[derive(Debug)]
pub(crate) struct Records {
    control_point: Option<Endpoint>,
    collector: Collector,
    step: Step,
    handed_over: usize,
    tries: u8,
}

impl Records {
    pub(crate) fn new(control_point: Option<Endpoint>) -> Self {
        Self {
            control_point,
            collector: Collector::default(),
            step: match control_point {
                Some(_) => Step::Due(0),
                None => Step::Done,
            },
            handed_over: 0,
            tries: 0,
        }
    }

    fn ask(&mut self, request: Request, step: Step, at_ms: u64) -> Option<Command> {
        let to = self.control_point?;
        self.step = step;
        self.collector.asked(request, at_ms);
        Some(Command::new(request.name(), to, request.encode()).answered())
    }

    /// The answer to what was asked, `Some(Err)` when none will come.
    fn answer(&self) -> Option<Result<ResponseCode, ()>> {
        match self.collector.progress() {
            Progress::Answered(_, code) => Some(Ok(code)),
            Progress::Broken(_) => Some(Err(())),
            Progress::Idle | Progress::Running(_) => None,
        }
    }

    /// Moves on by what was answered.
    fn advance(&mut self, at_ms: u64) {
        let Some(answer) = self.answer() else {
            return;
        };
        self.step = match (self.step, answer) {
            (Step::Reporting, Ok(ResponseCode::SUCCESS | ResponseCode::NO_RECORDS)) => {
                match self.handed_over {
                    0 => Step::Done,
                    _ => Step::HandedOver,
                }
            }
            // Broken off: what came is delivered; what is left is asked for again.
            (Step::Aborting, _) => self.again(at_ms),
            (Step::Counting, Ok(ResponseCode::SUCCESS)) => match self.collector.stored() {
                Some(0) | None => Step::Done,
                Some(count) if usize::from(count) <= self.handed_over => Step::Deleting,
                // Measured meanwhile: handed over first.
                Some(_) => Step::Due(at_ms),
            },
            (Step::Reporting | Step::Counting | Step::Deleting, _) => Step::Done,
            (step, _) => step,
        };
    }

    const fn again(&self, at_ms: u64) -> Step {
        if self.tries < TRIES {
            Step::Due(at_ms)
        } else {
            Step::Done
        }
    }
}

impl Conversation for Records {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        match frame {
            Frame::PlxFeatures(features) if !features.stores_spot_checks() => {
                // Nothing is stored; the control point answers for nothing.
                if matches!(self.step, Step::Due(_)) {
                    self.step = Step::Done;
                }
            }
            Frame::PlxSpotCheck { check, raw } => {
                self.collector.record(check, raw, at_ms);
                if self.step == Step::Reporting {
                    self.handed_over = self.handed_over.saturating_add(1);
                }
            }
            Frame::Racp(racp) => {
                self.collector.answered(racp, at_ms);
            }
            _ => {}
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let at_ms = now.at_ms;
        self.collector.tick(at_ms);
        let is_broken = matches!(self.collector.progress(), Progress::Broken(_));
        if self.step == Step::Reporting && is_broken {
            return self.ask(Request::Abort, Step::Aborting, at_ms);
        }
        let was = self.step;
        self.advance(at_ms);
        match self.step {
            Step::Due(from_ms) if at_ms >= from_ms => {
                self.handed_over = 0;
                self.tries = self.tries.saturating_add(1);
                self.ask(Request::Report, Step::Reporting, at_ms)
            }
            Step::Confirmed => self.ask(Request::Count, Step::Counting, at_ms),
            Step::Deleting if was != Step::Deleting => {
                self.ask(Request::Delete, Step::Deleting, at_ms)
            }
            _ => None,
        }
    }

    fn wake_ms(&self) -> Option<u64> {
        match self.step {
            Step::Due(from_ms) => Some(from_ms),
            Step::Reporting | Step::Aborting | Step::Counting | Step::Deleting => {
                self.collector.patience_ends_ms()
            }
            Step::HandedOver | Step::Confirmed | Step::Done => None,
        }
    }

    fn refused(&mut self, _command: &Command, at_ms: u64) {
        self.collector.disconnected();
        self.step = match self.step {
            Step::Reporting | Step::Aborting if self.tries < TRIES => {
                Step::Due(at_ms.saturating_add(PAUSE_MS))
            }
            _ => Step::Done,
        };
    }

    fn stored(&self) -> Stored {
        match self.step {
            _ if self.control_point.is_none() => Stored::None,
            Step::Due(_) | Step::Reporting | Step::Aborting => Stored::Asking,
            Step::HandedOver => Stored::HandedOver {
                records: self.handed_over,
            },
            Step::Confirmed | Step::Counting | Step::Deleting | Step::Done => Stored::Done,
        }
    }

    fn confirmed(&mut self, _at_ms: u64) {
        if self.step == Step::HandedOver {
            self.step = Step::Confirmed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plx::{Features, Racp, SpotCheck};
    use crate::uuids;

    struct Bench {
        records: Records,
        at_ms: u64,
    }

    fn bench() -> Bench {
        let to = Endpoint {
            service: uuids::PLX_SERVICE,
            characteristic: uuids::RACP,
        };
        Bench {
            records: Records::new(Some(to)),
            at_ms: 1_000,
        }
    }

    impl Bench {
        fn hear(&mut self, frame: &Frame) -> &mut Self {
            self.at_ms += 100;
            self.records.hear(frame, self.at_ms);
            self
        }

        fn record(&mut self, value: u8) -> &mut Self {
            let raw = vec![1, value, 0, 88, 0, 0xEA, 7, 11, 20, 7, value, 0];
            let check = SpotCheck::decode(&raw).unwrap();
            self.hear(&Frame::PlxSpotCheck { check, raw })
        }

        fn racp(&mut self, bytes: &[u8]) -> &mut Self {
            self.hear(&Frame::Racp(Racp::decode(bytes).unwrap()))
        }

        fn writes(&mut self) -> Option<Vec<u8>> {
            let now = Now {
                at_ms: self.at_ms,
                local: None,
            };
            let command = self.records.next(now)?;
            assert!(command.is_answered());
            Some(command.pieces(20).flatten().copied().collect())
        }

        fn after(&mut self, ms: u64) -> &mut Self {
            self.at_ms += ms;
            self
        }
    }

    #[test]
    fn records_are_deleted_only_after_the_service_has_them_and_nothing_came_in_since() {
        let mut bench = bench();
        assert_eq!(bench.writes(), Some(vec![1, 1]));
        assert_eq!(bench.records.stored(), Stored::Asking);
        bench.record(1).record(2).racp(&[6, 0, 1, 1]);
        assert_eq!(bench.writes(), None);
        assert_eq!(bench.records.stored(), Stored::HandedOver { records: 2 });
        assert_eq!(bench.after(3_600_000).writes(), None);
        bench.records.confirmed(bench.at_ms);
        assert_eq!(bench.writes(), Some(vec![4, 1]));
        bench.racp(&[5, 0, 2, 0]);
        assert_eq!(bench.writes(), Some(vec![2, 1]));
        assert_eq!(bench.writes(), None);
        bench.racp(&[6, 0, 2, 1]);
        assert_eq!(bench.writes(), None);
        assert_eq!(bench.records.stored(), Stored::Done);
    }

    #[test]
    fn what_was_measured_meanwhile_is_handed_over_before_anything_is_deleted() {
        let mut bench = bench();
        bench.writes();
        bench.record(1).racp(&[6, 0, 1, 1]).writes();
        bench.records.confirmed(bench.at_ms);
        assert_eq!(bench.writes(), Some(vec![4, 1]));
        bench.racp(&[5, 0, 2, 0]);
        assert_eq!(
            bench.writes(),
            Some(vec![1, 1]),
            "reported again, not deleted"
        );
    }

    #[test]
    fn a_device_that_has_nothing_or_forgets_by_itself_is_left_alone() {
        let mut empty = bench();
        empty.writes();
        empty.racp(&[6, 0, 1, 6]);
        assert_eq!(
            (empty.writes(), empty.records.stored()),
            (None, Stored::Done)
        );
        let mut forgetful = bench();
        forgetful.writes();
        forgetful.record(1).racp(&[6, 0, 1, 1]).writes();
        forgetful.records.confirmed(0);
        forgetful.writes();
        forgetful.racp(&[5, 0, 0, 0]);
        assert_eq!(forgetful.writes(), None);
    }

    #[test]
    fn a_device_without_a_count_keeps_its_records() {
        let mut bench = bench();
        bench.writes();
        bench.record(1).racp(&[6, 0, 1, 1]).writes();
        bench.records.confirmed(0);
        bench.writes();
        bench.racp(&[6, 0, 4, 2]);
        assert_eq!(bench.writes(), None);
    }

    #[test]
    fn a_report_that_falls_silent_is_aborted_and_asked_for_once_more() {
        let mut bench = bench();
        bench.writes();
        bench.record(1);
        let wake_ms = bench.records.wake_ms().unwrap();
        assert!(wake_ms > bench.at_ms + 29_000);
        bench.at_ms = wake_ms;
        assert_eq!(bench.writes(), Some(vec![3, 0]));
        // What was on its way comes all the same; the aborted report has no answer of its own.
        bench.record(2).racp(&[6, 0, 3, 1]);
        assert_eq!(bench.writes(), Some(vec![1, 1]));
        bench.after(31_000);
        assert_eq!(bench.writes(), Some(vec![3, 0]));
        bench.after(31_000);
        assert_eq!(
            (bench.writes(), bench.records.stored()),
            (None, Stored::Done)
        );
    }

    #[test]
    fn a_refused_report_is_tried_again_after_a_pause() {
        let mut bench = bench();
        let now = |at_ms| Now { at_ms, local: None };
        let first = bench.records.next(now(1_000)).unwrap();
        bench.records.refused(&first, 1_000);
        assert_eq!(bench.records.next(now(5_999)), None);
        assert_eq!(bench.records.wake_ms(), Some(6_000));
        let second = bench.records.next(now(6_000)).unwrap();
        bench.records.refused(&second, 6_000);
        assert_eq!(bench.records.next(now(60_000)), None);
    }

    #[test]
    fn a_device_that_says_it_stores_nothing_is_not_asked() {
        let mut bench = bench();
        bench.hear(&Frame::PlxFeatures(
            Features::decode(&[0x43, 0, 0x20, 0, 0x24, 8, 0]).unwrap(),
        ));
        assert_eq!(bench.writes(), None);
        assert_eq!(bench.records.stored(), Stored::Done);
    }
}
