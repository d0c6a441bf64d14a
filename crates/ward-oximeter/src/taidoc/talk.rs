//! Asking a TaiDoc for its result until there is one, then letting it switch off.

use super::TaiDoc;
use crate::date_time::DateTime;
use crate::family::Endpoint;
use crate::frame::Frame;
use crate::talk::{Command, Conversation, Now};

/// As the public projects do.
const ASK_EVERY_MS: u64 = 5_000;
/// The answer to "set clock" is waited for so long.
const CLOCK_MS: u64 = 1_000;
/// The patient may look at the result before the display goes dark.
const LINGER_MS: u64 = 10_000;
const FAREWELL_MS: u64 = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Clock,
    /// To be asked then.
    Ask(u64),
    /// There is a result: it may switch off then.
    Off(u64),
    /// Said; the device may be let go then.
    Farewell(u64),
    Over,
}

/// The conversation with a TaiDoc.
#[derive(Debug)]
pub(crate) struct Ask {
    to: Option<Endpoint>,
    step: Step,
}

impl Ask {
    pub(crate) const fn new(to: Option<Endpoint>) -> Self {
        Self {
            to,
            step: Step::Clock,
        }
    }
}

/// Year in seven bits, month in four, day in five, little-endian; minute, hour.
fn clock(local: DateTime) -> Option<[u8; 4]> {
    let year = local.year.checked_sub(2000).filter(|year| *year < 0x80)?;
    let date = year << 9 | u16::from(local.month) << 5 | u16::from(local.day);
    let [low, high] = date.to_le_bytes();
    Some([low, high, local.minute, local.hour])
}

impl Conversation for Ask {
    fn hear(&mut self, frame: &Frame, at_ms: u64) {
        let (Frame::TaiDoc { frame, .. }, Step::Ask(_)) = (frame, self.step) else {
            return;
        };
        if frame.result().is_some() {
            self.step = Step::Off(at_ms.saturating_add(LINGER_MS));
        } else if frame.is_answer && frame.command == TaiDoc::SET_CLOCK {
            self.step = Step::Ask(at_ms);
        }
    }

    fn next(&mut self, now: Now) -> Option<Command> {
        let to = self.to?;
        match self.step {
            Step::Clock => match now.local.and_then(clock) {
                Some(time) => {
                    self.step = Step::Ask(now.at_ms.saturating_add(CLOCK_MS));
                    let request = TaiDoc::request(TaiDoc::SET_CLOCK, time);
                    Some(Command::new("set clock", to, request))
                }
                None => {
                    self.step = Step::Ask(now.at_ms);
                    self.next(now)
                }
            },
            Step::Ask(due_ms) if now.at_ms >= due_ms => {
                self.step = Step::Ask(now.at_ms.saturating_add(ASK_EVERY_MS));
                let request = TaiDoc::request(TaiDoc::VALUES, [0; 4]);
                Some(Command::new("read values", to, request))
            }
            Step::Off(due_ms) if now.at_ms >= due_ms => {
                self.step = Step::Farewell(now.at_ms.saturating_add(FAREWELL_MS));
                let request = TaiDoc::request(TaiDoc::POWER_OFF, [0; 4]);
                Some(Command::new("power off", to, request))
            }
            Step::Farewell(until_ms) if now.at_ms >= until_ms => {
                self.step = Step::Over;
                None
            }
            Step::Ask(_) | Step::Off(_) | Step::Farewell(_) | Step::Over => None,
        }
    }

    fn wake_ms(&self) -> Option<u64> {
        self.to?;
        match self.step {
            Step::Clock => Some(0),
            Step::Ask(at_ms) | Step::Off(at_ms) | Step::Farewell(at_ms) => Some(at_ms),
            Step::Over => None,
        }
    }

    fn is_finished(&self) -> bool {
        self.step == Step::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Framing;
    use crate::taidoc::tests::answer;
    use crate::uuids;

    const TO: Endpoint = Endpoint {
        service: uuids::TAIDOC_SERVICE,
        characteristic: uuids::TAIDOC_BOTH,
    };
    const LOCAL: DateTime = DateTime {
        year: 2026,
        month: 11,
        day: 22,
        hour: 9,
        minute: 30,
        second: 15,
    };

    fn writes(ask: &mut Ask, at_ms: u64, local: Option<DateTime>) -> Option<Vec<u8>> {
        let command = ask.next(Now { at_ms, local })?;
        Some(command.pieces(20).flatten().copied().collect())
    }

    fn hear(ask: &mut Ask, bytes: &[u8], at_ms: u64) {
        ask.hear(&TaiDoc::read(bytes).unwrap(), at_ms);
    }

    #[test]
    fn the_requests_are_those_that_are_known_and_clearing_is_none_of_them() {
        assert_eq!(
            TaiDoc::request(TaiDoc::VALUES, [0; 4]),
            [0x51, 0x49, 0, 0, 0, 0, 0xA3, 0x3D]
        );
        assert_eq!(
            TaiDoc::request(TaiDoc::POWER_OFF, [0; 4]),
            [0x51, 0x50, 0, 0, 0, 0, 0xA3, 0x44]
        );
        // 2026-11-22: 26 << 9 | 11 << 5 | 22 = 0x3576.
        assert_eq!(clock(LOCAL), Some([0x76, 0x35, 30, 9]));
        assert_eq!(
            clock(DateTime {
                year: 2128,
                ..LOCAL
            }),
            None
        );
    }

    #[test]
    fn it_is_asked_every_five_seconds_until_there_is_a_result_and_then_switched_off() {
        let mut ask = Ask::new(Some(TO));
        assert_eq!(
            writes(&mut ask, 0, Some(LOCAL)),
            Some(TaiDoc::request(TaiDoc::SET_CLOCK, [0x76, 0x35, 30, 9]))
        );
        assert_eq!(writes(&mut ask, 100, Some(LOCAL)), None);
        hear(&mut ask, &answer(TaiDoc::SET_CLOCK, 0x76, 9), 200);
        let values = Some(TaiDoc::request(TaiDoc::VALUES, [0; 4]));
        assert_eq!(writes(&mut ask, 200, None), values);
        hear(&mut ask, &answer(TaiDoc::VALUES, 0, 0), 300);
        assert_eq!(ask.wake_ms(), Some(5_200));
        assert_eq!(writes(&mut ask, 5_200, None), values);
        hear(&mut ask, &answer(TaiDoc::VALUES, 98, 72), 5_300);
        assert_eq!(writes(&mut ask, 15_299, None), None);
        assert_eq!(
            writes(&mut ask, 15_300, None),
            Some(TaiDoc::request(TaiDoc::POWER_OFF, [0; 4]))
        );
        assert!(!ask.is_finished());
        assert_eq!(writes(&mut ask, 17_300, None), None);
        assert!(ask.is_finished());
    }

    #[test]
    fn a_device_without_a_result_is_never_switched_off_and_no_clock_is_set_by_a_wrong_one() {
        let mut ask = Ask::new(Some(TO));
        let values = Some(TaiDoc::request(TaiDoc::VALUES, [0; 4]));
        for at_ms in (0..600_000).step_by(5_000) {
            assert_eq!(writes(&mut ask, at_ms, None), values);
        }
        assert!(!ask.is_finished());
    }
}
