//! What a MightySat is told: the time, and to start. Its trends can also be cleared; that has no command here.

use super::frame::{ACKNOWLEDGED, REFUSED, request};
use crate::date_time::DateTime;
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};

const SET_CLOCK: u8 = 2;
/// Parameters 0x001F, waves 0x03, as documented.
const START: [u8; 4] = [3, 0x1F, 0, 3];
/// Parameters come once a second: without any for so long, it is told again.
const PATIENCE_MS: u64 = 5_000;
const TRIES: u8 = 5;

/// The conversation with a MightySat.
#[derive(Debug)]
pub(crate) struct Start {
    to: Option<Endpoint>,
    clock: Clock,
    due_ms: u64,
    tries: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    NotYet,
    /// Told, and not yet answered.
    Told,
    Done,
}

impl Start {
    pub(crate) const fn new(to: Option<Endpoint>) -> Self {
        Self {
            to,
            clock: Clock::NotYet,
            due_ms: 0,
            tries: 0,
        }
    }
}

impl Conversation for Start {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        let Frame::Masimo(frame) = frame else {
            return;
        };
        match (frame.message, frame.data.first()) {
            // The sources disagree about the form of the time: a device that does not take it measures all the same.
            (ACKNOWLEDGED | REFUSED, Some(&SET_CLOCK)) if self.clock == Clock::Told => {
                self.clock = Clock::Done;
                self.due_ms = at_ms;
            }
            _ if frame.parameters.is_some() => {
                self.tries = 0;
                self.due_ms = at_ms.saturating_add(PATIENCE_MS);
            }
            _ => {}
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        if now.at_ms < self.due_ms {
            return None;
        }
        let to = self.to?;
        if let (Clock::NotYet, Some(local)) = (self.clock, now.local) {
            self.clock = Clock::Told;
            self.due_ms = now.at_ms.saturating_add(PATIENCE_MS);
            return Some(Command::new("set clock", to, set_clock(local)).answered());
        }
        self.clock = Clock::Done;
        if self.tries >= TRIES {
            return None;
        }
        self.tries += 1;
        self.due_ms = now.at_ms.saturating_add(PATIENCE_MS);
        Some(Command::new("start", to, request(&START)).answered())
    }

    fn wake_ms(&self) -> Option<u64> {
        (self.tries < TRIES).then_some(self.due_ms)
    }
}

/// Seconds since 1970 of the wall clock, little-endian, as the maker's document has it.
fn set_clock(local: DateTime) -> Vec<u8> {
    let seconds = u32::try_from(local.seconds()).unwrap_or(u32::MAX);
    let mut payload = vec![SET_CLOCK];
    payload.extend(seconds.to_le_bytes());
    request(&payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masimo::MasimoFrame;
    use crate::polled::bench::writes;
    use crate::uuids;

    fn talk() -> Start {
        Start::new(Some(Endpoint {
            service: uuids::MASIMO_SERVICE,
            characteristic: uuids::MASIMO_WRITE,
        }))
    }

    fn frame(payload: &[u8]) -> Frame {
        Frame::Masimo(MasimoFrame::decode(&request(payload)).unwrap())
    }

    #[test]
    fn the_clock_is_set_and_then_it_is_started_whatever_it_says_to_the_clock() {
        for answer in [ACKNOWLEDGED, REFUSED] {
            let mut talk = talk();
            assert_eq!(writes(&mut talk, 0).unwrap()[..3], [0x77, 6, 2]);
            assert_eq!(writes(&mut talk, 100), None);
            talk.hear(&frame(&[answer, 2]), 200);
            assert_eq!(
                writes(&mut talk, 200).unwrap(),
                [0x77, 5, 3, 0x1F, 0, 3, 0xD6]
            );
        }
    }

    #[test]
    fn a_device_that_says_nothing_is_told_again_and_not_for_ever() {
        let mut talk = talk();
        let told = (0..200_000)
            .step_by(1_000)
            .filter(|at_ms| writes(&mut talk, *at_ms).is_some());
        assert_eq!(told.count(), 1 + usize::from(TRIES));
        assert_eq!(talk.wake_ms(), None);
    }

    #[test]
    fn one_that_streams_is_left_alone() {
        let mut talk = talk();
        writes(&mut talk, 0);
        talk.hear(&frame(&[ACKNOWLEDGED, 2]), 100);
        assert!(writes(&mut talk, 100).is_some());
        let parameters = [5, 0, 0, 0, 0, 0, 98, 0, 72, 0, 15, 0, 0xF4, 1, 0, 16];
        for second in 1..100 {
            talk.hear(&frame(&parameters), second * 1_000);
            assert_eq!(writes(&mut talk, second * 1_000), None);
        }
    }
}
