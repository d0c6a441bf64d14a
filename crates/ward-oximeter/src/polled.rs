//! The conversation with a device that says nothing until it is asked: a few opening questions, then one for each value.

use std::fmt;

use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};

/// From one question for a value to the next: two of them in each interval that a stable window needs.
const RHYTHM_MS: u64 = 1_000;
/// A question that is not answered is asked again, or passed over.
const PATIENCE_MS: u64 = 2_000;
/// So many values that are none, for so long: the device is let go, so that its battery and its owner's phone get their
/// turn. Home Assistant's integrations do the same.
const VAIN_POLLS: u32 = 15;
const VAIN_MS: u64 = 30_000;

/// A family's questions.
pub(crate) trait Questions: fmt::Debug + Send {
    /// The longest write that every device of the family takes.
    const LONGEST_PIECE: usize = usize::MAX;

    /// The opening question of this number, from 0.
    fn opening(&mut self, number: u8, now: Now) -> Opening;
    /// The question for a value.
    fn poll(&mut self) -> Vec<u8>;
    /// What a frame answers.
    fn answer(&self, frame: &Frame) -> Option<Answer>;
}

/// One of the questions before the first value.
#[derive(Debug)]
pub(crate) enum Opening {
    /// To be asked; its name and its bytes.
    Ask(&'static str, Vec<u8>),
    /// Not this time.
    Skip,
    /// There are no more.
    Over,
}

/// What a frame answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An opening question.
    Opening,
    /// The question for a value, with a value or without.
    Value { is_there: bool },
}

/// One question at a time.
#[derive(Debug)]
pub(crate) struct Polled<Q> {
    questions: Q,
    to: Option<Endpoint>,
    /// The number of the next opening question.
    opening: Option<u8>,
    asked_ms: u64,
    due_ms: u64,
    polls_in_vain: u32,
    vain_since_ms: Option<u64>,
    is_finished: bool,
}

impl<Q: Questions> Polled<Q> {
    pub(crate) const fn new(questions: Q, to: Option<Endpoint>) -> Self {
        Self {
            questions,
            to,
            opening: Some(0),
            asked_ms: 0,
            due_ms: 0,
            polls_in_vain: 0,
            vain_since_ms: None,
            is_finished: false,
        }
    }

    fn ask(&mut self, name: &'static str, bytes: Vec<u8>, at_ms: u64) -> Option<Command> {
        self.asked_ms = at_ms;
        self.due_ms = at_ms.saturating_add(PATIENCE_MS);
        Some(Command::new(name, self.to?, bytes).in_pieces_of(Q::LONGEST_PIECE))
    }

    fn next_opening(&mut self, now: Now) -> Option<(&'static str, Vec<u8>)> {
        while let Some(number) = self.opening {
            self.opening = number.checked_add(1);
            match self.questions.opening(number, now) {
                Opening::Ask(name, bytes) => return Some((name, bytes)),
                Opening::Skip => {}
                Opening::Over => self.opening = None,
            }
        }
        None
    }
}

impl<Q: Questions> Conversation for Polled<Q> {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        match self.questions.answer(frame) {
            Some(Answer::Opening) => self.due_ms = self.due_ms.min(at_ms),
            Some(Answer::Value { is_there }) => {
                if is_there {
                    self.polls_in_vain = 0;
                    self.vain_since_ms = Some(at_ms);
                }
                self.due_ms = self.asked_ms.saturating_add(RHYTHM_MS).max(at_ms);
            }
            None => {}
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        if self.is_finished || now.at_ms < self.due_ms {
            return None;
        }
        if let Some((name, bytes)) = self.next_opening(now) {
            return self.ask(name, bytes, now.at_ms);
        }
        let since_ms = *self.vain_since_ms.get_or_insert(now.at_ms);
        let vain_ms = now.at_ms.saturating_sub(since_ms);
        if self.polls_in_vain >= VAIN_POLLS && vain_ms >= VAIN_MS {
            self.is_finished = true;
            return None;
        }
        self.polls_in_vain = self.polls_in_vain.saturating_add(1);
        let poll = self.questions.poll();
        self.ask("ask for a value", poll, now.at_ms)
    }

    fn wake_ms(&self) -> Option<u64> {
        (!self.is_finished).then_some(self.due_ms)
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }
}

#[cfg(test)]
pub(crate) mod bench {
    //! For the tests of the families.

    use super::*;
    use crate::date_time::DateTime;

    pub(crate) const NOON: DateTime = DateTime {
        year: 2026,
        month: 11,
        day: 21,
        hour: 14,
        minute: 5,
        second: 9,
    };

    /// The next write at this time, whole.
    pub(crate) fn writes(talk: &mut dyn Conversation, at_ms: u64) -> Option<Vec<u8>> {
        let local = Some(NOON);
        let command = talk.next(Now { at_ms, local })?;
        Some(command.pieces(20).flatten().copied().collect())
    }

    /// Runs until the device is let go, never answering; gives the time and the number of writes.
    pub(crate) fn runs_out(talk: &mut dyn Conversation, from_ms: u64) -> (u64, usize) {
        let (mut at_ms, mut count) = (from_ms, 0);
        while !talk.is_finished() && at_ms < from_ms + 600_000 {
            count += usize::from(writes(talk, at_ms).is_some());
            at_ms = talk.wake_ms().unwrap_or(at_ms).max(at_ms + 1);
        }
        (at_ms, count)
    }
}
