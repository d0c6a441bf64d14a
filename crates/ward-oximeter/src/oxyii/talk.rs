//! What an OxyII ring is asked: the greeting, its clock, then its values.

use super::frame::{LIVE, request};
use crate::date_time::DateTime;
use crate::frame::Frame;
use crate::polled::{Answer, Opening, Questions};
use crate::talk::Now;

const GREETING: u8 = 0xFF;
/// Belongs to the greeting; what it does is not known.
const SETUP: u8 = 0x10;
const SET_CLOCK: u8 = 0xC0;
const CONFIG: u8 = 0x00;

/// MD5 of "lepucloud": a constant of the protocol, no secret.
const SALT: [u8; 16] = [
    0xC2, 0xA7, 0xCF, 0x50, 0xDA, 0xFE, 0xD8, 0x85, 0xA8, 0xF8, 0xF7, 0xEA, 0xC4, 0x43, 0x35, 0xF3,
];

/// The questions of this family.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    sequence: u8,
}

impl Requests {
    fn request(&mut self, command: u8, data: &[u8]) -> Vec<u8> {
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        request(command, sequence, data)
    }
}

impl Questions for Requests {
    fn opening(&mut self, number: u8, now: Now) -> Opening {
        match (number, now.local) {
            // It is not answered: the next question waits its two seconds.
            (0, _) => Opening::Ask("greet", self.request(GREETING, &greeting(now))),
            (1, _) => Opening::Ask("set up", self.request(SETUP, &[0])),
            (2, Some(local)) => Opening::Ask("set clock", self.request(SET_CLOCK, &clock(local))),
            (2, None) => Opening::Skip,
            (3, _) => Opening::Ask("ask for its settings", self.request(CONFIG, &[])),
            _ => Opening::Over,
        }
    }

    fn poll(&mut self) -> Vec<u8> {
        self.request(LIVE, &[])
    }

    fn answer(&self, frame: &Frame) -> Option<Answer> {
        let Frame::OxyII(frame) = frame else {
            return None;
        };
        Some(match frame.live() {
            Some(live) => Answer::Value {
                is_there: live.judge().is_ok(),
            },
            None => Answer::Opening,
        })
    }
}

/// The session key, hidden by the salt: every second byte of the salt, the first letters of a serial number (any ring takes
/// "0000"), and the time. The sources disagree about the order of the time's bits, and rings take either.
fn greeting(now: Now) -> Vec<u8> {
    let seconds = now.local.map_or(now.at_ms / 1_000, |local| {
        u64::try_from(local.seconds()).unwrap_or(0)
    });
    let time = (0..4).map(|shift| (seconds >> shift).to_le_bytes()[0]);
    let key = SALT.into_iter().step_by(2).chain(*b"0000").chain(time);
    key.zip(SALT).map(|(key, salt)| key ^ salt).collect()
}

/// Kept as it is written: what the ring's display shall show.
fn clock(local: DateTime) -> [u8; 8] {
    let [low, high] = local.year.to_le_bytes();
    let DateTime {
        month,
        day,
        hour,
        minute,
        second,
        ..
    } = local;
    [low, high, month, day, hour, minute, second, 0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Endpoint;
    use crate::oxyii::OxyIIFrame;
    use crate::polled::Polled;
    use crate::polled::bench::writes;
    use crate::talk::Conversation;
    use crate::uuids;

    fn talk() -> Polled<Requests> {
        let to = Endpoint {
            service: uuids::OXYII_SERVICE,
            characteristic: uuids::OXYII_WRITE,
        };
        Polled::new(Requests::default(), Some(to))
    }

    /// The commands that are written when each is answered at once, but for the greeting.
    fn written(until_ms: u64) -> Vec<OxyIIFrame> {
        let mut talk = talk();
        let mut all = Vec::new();
        for at_ms in (0..until_ms).step_by(100) {
            let Some(bytes) = writes(&mut talk, at_ms) else {
                continue;
            };
            let asked = OxyIIFrame::decode(&bytes).unwrap();
            if asked.command != GREETING {
                let data = if asked.command == LIVE {
                    vec![0, 0, 0, 0, 0, 1, 97, 0, 70]
                } else {
                    vec![]
                };
                talk.hear(
                    &Frame::OxyII(OxyIIFrame {
                        flag: 1,
                        data,
                        ..asked.clone()
                    }),
                    at_ms + 20,
                );
            }
            all.push(asked);
        }
        all
    }

    #[test]
    fn the_greeting_comes_first_then_the_clock_then_a_question_each_second() {
        let all = written(6_000);
        let commands: Vec<_> = all.iter().map(|frame| frame.command).collect();
        assert_eq!(commands, [0xFF, 0x10, 0xC0, 0x00, 4, 4, 4, 4]);
        assert_eq!(all[2].data, [0xEA, 0x07, 11, 21, 14, 5, 9, 0]);
        assert!(
            all.iter()
                .enumerate()
                .all(|(number, frame)| usize::from(frame.sequence) == number)
        );
    }

    #[test]
    fn the_greeting_is_the_session_key_under_the_salt() {
        let greeting = greeting(Now {
            at_ms: 5_000_000,
            local: None,
        });
        let key: Vec<_> = greeting
            .iter()
            .zip(SALT)
            .map(|(byte, salt)| byte ^ salt)
            .collect();
        assert_eq!(key[..8], [0xC2, 0xCF, 0xDA, 0xD8, 0xA8, 0xF7, 0xC4, 0x35]);
        assert_eq!(key[8..12], *b"0000");
        assert_eq!(key.len(), 16);
    }

    #[test]
    fn nothing_that_can_be_written_harms_the_ring() {
        let commands = written(120_000).into_iter().map(|frame| frame.command);
        assert!(
            commands
                .into_iter()
                .all(|command| [0xFF, 0x10, 0xC0, 0x00, 0x04].contains(&command))
        );
    }
}
