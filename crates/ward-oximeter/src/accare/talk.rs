//! Starting the values of an ACCARE.

use super::{Accare, sealed};
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};

/// Values that do not come, or no longer, for so long are started again.
const PATIENCE_MS: u64 = 5_000;
const START: [u8; 2] = [0x12, 0x00];

/// The conversation with an ACCARE.
#[derive(Debug)]
pub(crate) struct Start {
    to: Option<Endpoint>,
    due_ms: u64,
}

impl Start {
    pub(crate) const fn new(to: Option<Endpoint>) -> Self {
        Self { to, due_ms: 0 }
    }
}

impl Conversation for Start {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        if let Frame::Accare(Accare::Values(_)) = frame {
            self.due_ms = at_ms.saturating_add(PATIENCE_MS);
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let to = self.to.filter(|_| now.at_ms >= self.due_ms)?;
        self.due_ms = now.at_ms.saturating_add(PATIENCE_MS);
        Some(Command::new("start values", to, sealed(&START)))
    }

    fn wake_ms(&self) -> Option<u64> {
        self.to.map(|_| self.due_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uuids;

    #[test]
    fn values_are_started_and_started_again_when_they_stop() {
        let to = Endpoint {
            service: uuids::FFE5_SERVICE,
            characteristic: uuids::FFE9_WRITE,
        };
        let mut start = Start::new(Some(to));
        let writes = |start: &mut Start, at_ms| {
            let command = start.next(Now { at_ms, local: None })?;
            Some(command.pieces(20).flatten().copied().collect::<Vec<_>>())
        };
        let bytes = vec![0xFE, 0x5A, 0x06, 0x12, 0x00, 0x18];
        assert_eq!(writes(&mut start, 0), Some(bytes.clone()));
        assert_eq!(writes(&mut start, 4_999), None);
        let values = Accare::decode(&sealed(&[
            0x10, 0, 72, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        ]));
        start.hear(&Frame::Accare(values.unwrap()), 4_000);
        assert_eq!(
            (writes(&mut start, 8_999), start.wake_ms()),
            (None, Some(9_000))
        );
        assert_eq!(writes(&mut start, 9_000), Some(bytes));
        assert_eq!(Start::new(None).wake_ms(), None);
    }
}
