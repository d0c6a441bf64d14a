//! What is written to a Nonin: that the measurement is complete, so that it can switch off; and the clock of a 3150.
//!
//! The control point can also delete bonds, change the security mode and clear the memory. None of that has a command.

use crate::date_time::DateTime;
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};
use crate::uuids;

/// A finger that stays in is listened to for so long after the device's own final, then the device is let go.
const LINGER_MS: u64 = 60_000;
/// From the last word to the end of the connection.
const FAREWELL_MS: u64 = 2_000;

/// The conversation with a Nonin.
#[derive(Debug)]
pub(crate) struct Control {
    to: Option<Endpoint>,
    /// A WristOx 3150, which is worn: its stream has no end, and it has a clock.
    is_worn: bool,
    clock_set: bool,
    farewell: Farewell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Farewell {
    NotYet,
    /// To be said then.
    Due(u64),
    /// Said; the device may be let go then.
    Said(u64),
    Over,
}

impl Control {
    pub(crate) const fn new(to: Option<Endpoint>) -> Self {
        Self {
            to,
            is_worn: false,
            clock_set: false,
            farewell: Farewell::NotYet,
        }
    }
}

impl Conversation for Control {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        match frame {
            Frame::Text {
                characteristic: uuids::MODEL_NUMBER,
                text,
            } => self.is_worn = text.contains("3150"),
            Frame::Nonin {
                completes: true, ..
            } if self.farewell == Farewell::NotYet => {
                self.farewell = Farewell::Due(at_ms.saturating_add(LINGER_MS));
            }
            // The finger has gone: there is nothing more to wait for.
            Frame::Nonin { second, .. } if second.spo2_percent.is_none() => {
                if let Farewell::Due(due_ms) = self.farewell {
                    self.farewell = Farewell::Due(due_ms.min(at_ms));
                }
            }
            _ => {}
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let to = self.to?;
        if let (true, false, Some(local)) = (self.is_worn, self.clock_set, now.local) {
            self.clock_set = true;
            return Some(Command::new("set clock", to, set_time(local)).answered());
        }
        match self.farewell {
            Farewell::Due(due_ms) if now.at_ms >= due_ms && !self.is_worn => {
                self.farewell = Farewell::Said(now.at_ms.saturating_add(FAREWELL_MS));
                Some(Command::new("measurement complete", to, *b"\x62NMI").answered())
            }
            Farewell::Said(until_ms) if now.at_ms >= until_ms => {
                self.farewell = Farewell::Over;
                None
            }
            _ => None,
        }
    }

    fn wake_ms(&self) -> Option<u64> {
        match self.farewell {
            Farewell::Due(at_ms) if self.to.is_some() && !self.is_worn => Some(at_ms),
            Farewell::Said(at_ms) => Some(at_ms),
            Farewell::Due(_) | Farewell::NotYet | Farewell::Over => None,
        }
    }

    fn is_finished(&self) -> bool {
        self.farewell == Farewell::Over
    }
}

/// `DTM=YYMMDDhhmmss`, as the 3150 takes it.
fn set_time(local: DateTime) -> Vec<u8> {
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = local;
    let year = year % 100;
    let text = format!("DTM={year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}\r\n");
    [b"\x60NMI\x12", text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nonin::Df19;

    const TO: Endpoint = Endpoint {
        service: uuids::NONIN_SERVICE,
        characteristic: uuids::NONIN_CONTROL_POINT,
    };

    fn second(completes: bool, spo2: u8) -> Frame {
        let raw = vec![10, 0, 0x1E, 1, 0xF4, 0, 12, spo2, 0, 72];
        let second = Df19::decode(&raw).unwrap();
        Frame::Nonin {
            second,
            completes,
            raw,
        }
    }

    fn writes(control: &mut Control, at_ms: u64) -> Option<Vec<u8>> {
        let local = DateTime {
            year: 2026,
            month: 1,
            day: 2,
            hour: 3,
            minute: 4,
            second: 5,
        };
        let now = Now {
            at_ms,
            local: Some(local),
        };
        let command = control.next(now)?;
        Some(command.pieces(20).flatten().copied().collect())
    }

    #[test]
    fn the_device_is_let_go_when_its_final_has_come_and_the_finger_has_gone() {
        let mut control = Control::new(Some(TO));
        control.hear(&second(false, 97), 0);
        assert_eq!(
            (writes(&mut control, 90_000), control.wake_ms()),
            (None, None)
        );
        control.hear(&second(true, 97), 100_000);
        assert_eq!(writes(&mut control, 101_000), None);
        control.hear(&second(false, 127), 105_000);
        assert_eq!(
            writes(&mut control, 105_000),
            Some(vec![0x62, 0x4E, 0x4D, 0x49])
        );
        assert!(!control.is_finished());
        let wake_ms = control.wake_ms().unwrap();
        assert_eq!(writes(&mut control, wake_ms), None);
        assert!(control.is_finished());
    }

    #[test]
    fn a_finger_that_stays_in_is_listened_to_for_a_minute_more() {
        let mut control = Control::new(Some(TO));
        control.hear(&second(true, 97), 1_000);
        assert_eq!(control.wake_ms(), Some(61_000));
        assert_eq!(writes(&mut control, 60_999), None);
        assert!(writes(&mut control, 61_000).is_some());
    }

    #[test]
    fn a_wrist_oximeter_gets_its_clock_and_is_never_sent_to_sleep() {
        let mut control = Control::new(Some(TO));
        let text = "3150".to_owned();
        control.hear(
            &Frame::Text {
                characteristic: uuids::MODEL_NUMBER,
                text,
            },
            0,
        );
        assert_eq!(
            writes(&mut control, 0).unwrap(),
            b"\x60NMI\x12DTM=260102030405\r\n"
        );
        control.hear(&second(true, 97), 1_000);
        assert_eq!(
            (writes(&mut control, 3_600_000), control.wake_ms()),
            (None, None)
        );
    }
}
