//! What an oxy device is asked: what it is, once; its clock is set, once; then its values.

use super::frame::request;
use crate::frame::Frame;
use crate::polled::{Answer, Opening, Questions};
use crate::talk::Now;

const INFO: u8 = 0x14;
const CONFIGURE: u8 = 0x16;
const SENSORS: u8 = 0x17;

/// The questions of this family.
#[derive(Debug)]
pub(crate) struct Requests;

impl Questions for Requests {
    const LONGEST_PIECE: usize = 20;

    fn opening(&mut self, number: u8, now: Now) -> Opening {
        match (number, now.local) {
            (0, _) => Opening::Ask("ask what it is", request(INFO, &[])),
            (1, Some(local)) => {
                let local = local.to_string().replace('T', ",");
                let json = format!(r#"{{"SetTIME":"{local}"}}"#);
                Opening::Ask("set clock", request(CONFIGURE, json.as_bytes()))
            }
            (1, None) => Opening::Skip,
            _ => Opening::Over,
        }
    }

    fn poll(&mut self) -> Vec<u8> {
        request(SENSORS, &[])
    }

    fn answer(&self, frame: &Frame) -> Option<Answer> {
        let Frame::ViatomOxy(frame) = frame else {
            return None;
        };
        Some(match frame.sensors() {
            Some(sensors) => Answer::Value {
                is_there: sensors.judge().is_ok(),
            },
            None => Answer::Opening,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Endpoint;
    use crate::polled::Polled;
    use crate::polled::bench::{runs_out, writes};
    use crate::talk::Conversation;
    use crate::uuids;
    use crate::viatom_oxy::OxyFrame;

    fn talk() -> Polled<Requests> {
        let to = Endpoint {
            service: uuids::VIATOM_OXY_SERVICE,
            characteristic: uuids::VIATOM_OXY_WRITE,
        };
        Polled::new(Requests, Some(to))
    }

    fn answer(data: &[u8]) -> Frame {
        Frame::ViatomOxy(OxyFrame {
            is_answer: true,
            code: 0,
            block: 0,
            data: data.to_vec(),
            trailing: 0,
        })
    }

    const VALUE: [u8; 13] = [98, 66, 0, 0, 0, 0, 0, 97, 0, 0, 10, 1, 0];

    #[test]
    fn it_is_asked_what_it_is_then_told_the_time_then_asked_each_second() {
        let mut talk = talk();
        assert_eq!(writes(&mut talk, 0).unwrap(), request(INFO, &[]));
        assert_eq!(writes(&mut talk, 500), None, "one question at a time");
        talk.hear(&answer(b"{\"Model\":\"1611\"}"), 600);
        let clock = writes(&mut talk, 600).unwrap();
        assert_eq!(
            clock.get(7..clock.len() - 1).unwrap(),
            br#"{"SetTIME":"2026-11-21,14:05:09"}"#
        );
        talk.hear(&answer(&[]), 700);
        assert_eq!(writes(&mut talk, 700).unwrap(), request(SENSORS, &[]));
        talk.hear(&answer(&VALUE), 750);
        assert_eq!(
            (writes(&mut talk, 1_699), talk.wake_ms()),
            (None, Some(1_700))
        );
        assert!(writes(&mut talk, 1_700).is_some());
        assert_eq!(
            talk.wake_ms(),
            Some(3_700),
            "an answer that does not come is not waited for"
        );
    }

    #[test]
    fn thirty_seconds_without_a_value_let_the_device_go_and_a_value_does_not() {
        let mut talk = talk();
        let (gone_ms, count) = runs_out(&mut talk, 0);
        assert!(
            (30_000..45_000).contains(&gone_ms) && count >= 17,
            "{gone_ms} {count}"
        );
        let mut talk = self::talk();
        for second in 0..300_u64 {
            let at_ms = second * 1_000;
            writes(&mut talk, at_ms);
            talk.hear(&answer(&VALUE), at_ms + 50);
        }
        assert!(!talk.is_finished());
        let empty = [0xFF, 0xFF, 0, 0, 0, 0, 0, 96, 0, 5, 0, 0, 0];
        for second in 300..335_u64 {
            let at_ms = second * 1_000;
            writes(&mut talk, at_ms);
            talk.hear(&answer(&empty), at_ms + 50);
        }
        assert!(talk.is_finished());
        assert_eq!((writes(&mut talk, 999_000), talk.wake_ms()), (None, None));
    }

    #[test]
    fn nothing_that_can_be_written_is_a_factory_reset() {
        let mut talk = talk();
        for at_ms in (0..60_000).step_by(100) {
            if let Some(bytes) = writes(&mut talk, at_ms) {
                assert!(matches!(bytes.get(1), Some(&(INFO | CONFIGURE | SENSORS))));
            }
        }
    }
}
