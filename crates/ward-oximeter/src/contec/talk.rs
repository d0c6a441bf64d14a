//! Starting the values, and keeping them coming.
//!
//! Hello, state, start, battery, as the EMAY's own app does; then a sign of life every five seconds. When no values come, the
//! whole is said again. A Contec has no command here that stores, deletes or sets anything; the end of the connection ends
//! the values.

use super::frame::Contec;
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};

/// From one command of the beginning to the next: nobody has described which of them are answered.
const STEP_MS: u64 = 300;
const ALIVE_MS: u64 = 5_000;
/// Values that were started and do not come, or no longer, for so long are started again.
const PATIENCE_MS: u64 = 8_000;

/// What is said at the beginning.
const BEGINNING: [(&str, &[u8]); 4] = [
    ("hello", &[0x89, 0x09]),
    ("state", &[0x8E, 0x05, 0x13]),
    ("start values", &[0x9B, 0x01, 0x1C]),
    ("battery", &[0x86, 0x06]),
];
const ALIVE: (&str, &[u8]) = ("alive", &[0x9A, 0x1A]);

/// The conversation with a Contec or an EMAY.
#[derive(Debug)]
pub(crate) struct Start {
    to: Option<Endpoint>,
    /// How much of the beginning has been said.
    said: usize,
    /// The next word.
    due_ms: u64,
    /// The last values, or else when the beginning was over.
    heard_ms: u64,
}

impl Start {
    pub(crate) const fn new(to: Option<Endpoint>) -> Self {
        Self {
            to,
            said: 0,
            due_ms: 0,
            heard_ms: 0,
        }
    }
}

impl Conversation for Start {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        if let Frame::Contec(Contec::Values(_)) = frame {
            self.heard_ms = at_ms;
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let to = self.to?;
        if now.at_ms < self.due_ms {
            return None;
        }
        let is_dead = now.at_ms.saturating_sub(self.heard_ms) >= PATIENCE_MS;
        if self.said == BEGINNING.len() && is_dead {
            self.said = 0;
        }
        let ((name, bytes), pause_ms) = match BEGINNING.get(self.said) {
            Some(word) => {
                self.said += 1;
                self.heard_ms = now.at_ms;
                (*word, STEP_MS)
            }
            None => (ALIVE, ALIVE_MS),
        };
        self.due_ms = now.at_ms.saturating_add(pause_ms);
        Some(Command::new(name, to, bytes))
    }

    fn wake_ms(&self) -> Option<u64> {
        self.to.map(|_| self.due_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contec::Values;
    use crate::uuids;

    const TO: Endpoint = Endpoint {
        service: uuids::CONTEC_SERVICE,
        characteristic: uuids::CONTEC_WRITE,
    };

    fn values() -> Frame {
        Frame::Contec(Contec::Values(Values {
            status: 4,
            pulse_bpm: Some(72),
            spo2_percent: Some(97),
            perfusion: [0x7F, 0],
        }))
    }

    fn names(start: &mut Start, at_ms: u64) -> Vec<&'static str> {
        let now = Now { at_ms, local: None };
        std::iter::from_fn(|| start.next(now).map(|command| command.name())).collect()
    }

    #[test]
    fn the_values_are_started_step_by_step_and_kept_alive() {
        let mut start = Start::new(Some(TO));
        assert_eq!(names(&mut start, 1_000), ["hello"]);
        assert_eq!(names(&mut start, 1_100), [""; 0]);
        assert_eq!(names(&mut start, 1_300), ["state"]);
        assert_eq!(names(&mut start, 1_600), ["start values"]);
        assert_eq!(names(&mut start, 1_900), ["battery"]);
        assert_eq!(names(&mut start, 2_200), ["alive"]);
        start.hear(&values(), 7_000);
        assert_eq!(start.wake_ms(), Some(7_200));
        assert_eq!(names(&mut start, 7_200), ["alive"]);
        start.hear(&values(), 12_000);
        assert_eq!(names(&mut start, 12_200), ["alive"]);
    }

    #[test]
    fn values_that_stop_are_started_again() {
        let mut start = Start::new(Some(TO));
        for at_ms in (0..2_000).step_by(100) {
            names(&mut start, at_ms);
        }
        start.hear(&values(), 2_000);
        assert_eq!(names(&mut start, 6_200), ["alive"]);
        assert_eq!(names(&mut start, 11_200), ["hello"]);
        assert_eq!(names(&mut start, 11_500), ["state"]);
    }

    #[test]
    fn without_a_place_to_write_nothing_is_said() {
        let mut start = Start::new(None);
        assert_eq!((names(&mut start, 5_000), start.wake_ms()), (vec![], None));
    }
}
