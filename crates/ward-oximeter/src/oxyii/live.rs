//! The answer to 0x04: the values of now.

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::frame::Meaning;
use crate::judge::{self, Reason, Value};

/// The head of the answer; the pulse wave follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// 0 no finger, 1 idle, 3 a file is open: recording.
    pub state: u8,
    /// Percent; 0 and 255 are sent for "none".
    pub spo2_percent: Option<u8>,
    /// Beats a minute; 0 and 255 are sent for "none".
    pub pulse_bpm: Option<u8>,
    /// More for more motion.
    pub motion: u8,
    /// Percent, when the answer is long enough to say it.
    pub battery_percent: Option<u8>,
}

impl Live {
    /// Decodes the data of the answer to 0x04.
    ///
    /// # Errors
    /// [`DecodeError::FrameTruncated`] when bytes are missing.
    pub fn decode(data: &[u8]) -> Result<Self, DecodeError> {
        const BATTERY: usize = 13;
        let [_, _, _, _, _, state, spo2, motion, pulse, ..] = data else {
            return Err(DecodeError::FrameTruncated);
        };
        let value = |byte: u8| (byte != 0 && byte != 0xFF).then_some(byte);
        Ok(Self {
            state: *state,
            spo2_percent: value(*spo2),
            pulse_bpm: value(*pulse),
            motion: *motion,
            battery_percent: data.get(BATTERY).copied().filter(|percent| *percent <= 100),
        })
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        if self.state == 0 {
            return Err(Reason::NoFinger);
        }
        let spo2 = self.spo2_percent.ok_or(Reason::NoValue)?;
        let pulse = self.pulse_bpm.map(u16::from);
        judge::whole_numbers(spo2, pulse, None, Doubts::NONE)
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        [Meaning::Sample(self.judge())]
            .into_iter()
            .chain(self.battery_percent.map(Meaning::Battery))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(state: u8, spo2: u8, pulse: u8) -> Live {
        Live::decode(&[0, 0, 0, 0, 0, state, spo2, 2, pulse, 0, 0x44, 0, 0, 80, 0]).unwrap()
    }

    #[test]
    fn a_value_without_a_finger_is_none() {
        assert_eq!(live(3, 96, 61).judge().unwrap().spo2_tenths_percent, 960);
        assert_eq!(live(1, 96, 61).judge().unwrap().pulse_tenths_bpm, Some(610));
        assert_eq!(live(0, 96, 61).judge(), Err(Reason::NoFinger));
        assert_eq!(live(3, 0, 0).judge(), Err(Reason::NoValue));
        assert_eq!(live(3, 255, 61).judge(), Err(Reason::NoValue));
        assert!(
            live(3, 96, 255)
                .judge()
                .unwrap()
                .doubts
                .has(Doubts::PULSE_UNUSABLE)
        );
    }

    #[test]
    fn a_short_answer_has_values_without_a_battery() {
        let short = Live::decode(&[0, 0, 0, 0, 0, 1, 97, 0, 70]).unwrap();
        assert_eq!(short.meanings().len(), 1);
        assert_eq!(Live::decode(&[0; 8]), Err(DecodeError::FrameTruncated));
        assert_eq!(live(1, 97, 70).battery_percent, Some(80));
    }
}
