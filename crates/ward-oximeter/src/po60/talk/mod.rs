//! Fetching the records of a PO60, and letting it delete them once they are safe elsewhere.
//!
//! Clock, count, records ten at a time; wait until the service holds them all; count again, and delete only when the count
//! is what was handed over. The clock is set only when the memory is empty: records of two clocks could not be told apart.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::record::{Po60, Record};
use crate::contec::sealed;
use crate::date_time::{DateTime, Stamp};
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now, Stored};

/// A question that is not answered, and an empty memory, which is no answer either.
const ANSWER_MS: u64 = 2_000;
/// Silence in the middle of the records: nothing more comes of these.
const SILENCE_MS: u64 = 500;
/// A block of records, after which the next one is asked for.
const BLOCK: u8 = 10;
/// A report that breaks off is asked for again, not for ever: the next connection asks anew.
const TRIES: u8 = 2;
/// It holds a hundred.
const MOST_RECORDS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// To be asked for.
    Clock,
    ClockAwaited,
    Count,
    CountAwaited,
    Report,
    Reporting,
    /// The next block is to be asked for.
    Next,
    /// Waiting for the service to hold what was handed over.
    HandedOver,
    Confirmed,
    Recounting,
    Delete,
    Deleting,
    SetClock,
    ClockSetAwaited,
    Done,
}

/// The conversation with a PO60.
#[derive(Debug)]
pub(crate) struct Records {
    to: Option<Endpoint>,
    step: Step,
    /// Without an answer until then, the step has failed.
    until_ms: u64,
    count: Option<u8>,
    /// Times and values of what was handed over.
    handed_over: HashSet<[u8; 21]>,
    in_block: u8,
    tries: u8,
    clock: Option<Stamp>,
}

impl Records {
    pub(crate) fn new(to: Option<Endpoint>) -> Self {
        Self {
            to,
            step: to.map_or(Step::Done, |_| Step::Clock),
            until_ms: 0,
            count: None,
            handed_over: HashSet::new(),
            in_block: 0,
            tries: 0,
            clock: None,
        }
    }

    fn has_all(&self) -> bool {
        self.count
            .is_some_and(|count| self.handed_over.len() == usize::from(count))
    }

    fn record(&mut self, record: &Record, at_ms: u64) {
        if !matches!(self.step, Step::Reporting | Step::Next) {
            return;
        }
        if self.handed_over.len() < MOST_RECORDS {
            self.handed_over.insert(record.identity());
        }
        self.in_block = self.in_block.saturating_add(1);
        self.until_ms = at_ms.saturating_add(SILENCE_MS);
        if self.has_all() {
            self.step = Step::HandedOver;
        } else if self.in_block >= BLOCK {
            self.step = Step::Next;
        }
    }

    fn counted(&mut self, count: Option<u8>) {
        self.step = match self.step {
            Step::CountAwaited => {
                self.count = count;
                match count {
                    Some(0) => Step::SetClock,
                    _ => Step::Report,
                }
            }
            Step::Recounting => match count {
                Some(0) => Step::SetClock,
                _ if count.is_some() && count == self.count => Step::Delete,
                // Measured meanwhile: handed over first.
                Some(_) => {
                    self.count = count;
                    self.report_again()
                }
                None => Step::Done,
            },
            step => step,
        };
    }

    fn report_again(&self) -> Step {
        if self.tries < TRIES {
            Step::Report
        } else {
            Step::Done
        }
    }

    /// Nothing came in time.
    fn give_up(&mut self) {
        self.step = match self.step {
            Step::ClockAwaited => Step::Count,
            Step::CountAwaited => Step::Report,
            // Not all that were counted: once more, and then they stay where they are.
            Step::Reporting if self.count.is_some() => self.report_again(),
            // They cannot be counted: handed over, and left where they are.
            Step::Reporting | Step::Recounting | Step::ClockSetAwaited => Step::Done,
            // Deleting is not known to be answered.
            Step::Deleting => Step::SetClock,
            step => step,
        };
    }

    fn ask(&mut self, name: &'static str, bytes: &[u8], step: Step, at_ms: u64) -> Option<Command> {
        self.step = step;
        self.until_ms = at_ms.saturating_add(ANSWER_MS);
        Some(Command::new(name, self.to?, sealed(bytes)))
    }

    fn is_waiting(&self) -> bool {
        matches!(
            self.step,
            Step::ClockAwaited
                | Step::CountAwaited
                | Step::Reporting
                | Step::Recounting
                | Step::Deleting
                | Step::ClockSetAwaited
        )
    }

    /// The command that sets the clock, when it is wrong and the right time is known.
    fn clock_to_set(&self, local: Option<DateTime>) -> Option<[u8; 9]> {
        let local = local?;
        let year = u8::try_from(local.year.checked_sub(2000)?).ok();
        let year = year.filter(|year| *year < 0x80)?;
        let is_right = self
            .clock
            .and_then(Stamp::valid)
            .is_some_and(|clock| is_about(clock, local));
        let DateTime {
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = local;
        (!is_right).then_some([0x83, year, month, day, hour, minute, second, 0, 0])
    }
}

/// Within a minute, in the same hour. Setting it once too often does no harm.
fn is_about(clock: DateTime, local: DateTime) -> bool {
    let hour = |time: DateTime| (time.year, time.month, time.day, time.hour);
    hour(clock) == hour(local) && clock.minute.abs_diff(local.minute) <= 1
}

impl Conversation for Records {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        match frame {
            Frame::DateTime(stamp) => {
                self.clock = Some(*stamp);
                if self.step == Step::ClockAwaited {
                    self.step = Step::Count;
                }
            }
            Frame::Po60(Po60::Count(count)) => self.counted(*count),
            Frame::Po60(Po60::Record(record)) => self.record(record, at_ms),
            Frame::Po60(Po60::ClockSet(_)) if self.step == Step::ClockSetAwaited => {
                self.step = Step::Done;
            }
            _ => {}
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let at_ms = now.at_ms;
        if self.is_waiting() && at_ms >= self.until_ms {
            self.give_up();
        }
        match self.step {
            Step::Clock => self.ask("read clock", &[0x89], Step::ClockAwaited, at_ms),
            Step::Count => self.ask("count", &[0x90, 0x05], Step::CountAwaited, at_ms),
            Step::Report => {
                self.tries = self.tries.saturating_add(1);
                self.handed_over.clear();
                self.in_block = 0;
                self.ask("report", &[0x99, 0x00], Step::Reporting, at_ms)
            }
            Step::Next => {
                self.in_block = 0;
                self.ask("report next", &[0x99, 0x01], Step::Reporting, at_ms)
            }
            Step::Confirmed => self.ask("count", &[0x90, 0x05], Step::Recounting, at_ms),
            Step::Delete => self.ask("delete", &[0x99, 0x7F], Step::Deleting, at_ms),
            Step::SetClock => match self.clock_to_set(now.local) {
                Some(bytes) => self.ask("set clock", &bytes, Step::ClockSetAwaited, at_ms),
                None => {
                    self.step = Step::Done;
                    None
                }
            },
            _ => None,
        }
    }

    fn wake_ms(&self) -> Option<u64> {
        match self.step {
            Step::HandedOver | Step::Done => None,
            _ if self.is_waiting() => Some(self.until_ms),
            _ => Some(0),
        }
    }

    fn refused(&mut self, _command: &Command, _at_ms: u64) {
        self.step = Step::Done;
    }

    fn stored(&self) -> Stored {
        match self.step {
            _ if self.to.is_none() => Stored::None,
            Step::Clock
            | Step::ClockAwaited
            | Step::Count
            | Step::CountAwaited
            | Step::Report
            | Step::Reporting
            | Step::Next => Stored::Asking,
            Step::HandedOver => Stored::HandedOver {
                records: self.handed_over.len(),
            },
            Step::Confirmed
            | Step::Recounting
            | Step::Delete
            | Step::Deleting
            | Step::SetClock
            | Step::ClockSetAwaited
            | Step::Done => Stored::Done,
        }
    }

    fn confirmed(&mut self, _at_ms: u64) {
        if self.step == Step::HandedOver {
            self.step = Step::Confirmed;
        }
    }

    fn is_finished(&self) -> bool {
        self.step == Step::Done
    }
}
