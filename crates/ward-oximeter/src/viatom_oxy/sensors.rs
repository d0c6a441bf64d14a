//! The answer to 0x17: the values of now.

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::frame::Meaning;
use crate::judge::{self, Reason, Value};

/// Thirteen bytes; what the others mean is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensors {
    /// Percent; 0 and 255 are sent for "none".
    pub spo2_percent: Option<u8>,
    /// Beats a minute; 0 and 255 are sent for "none".
    pub pulse_bpm: Option<u8>,
    /// What the two say together.
    pub state: State,
    /// Percent.
    pub battery_percent: u8,
    /// 0 no, 1 yes, 2 full.
    pub charging: u8,
    /// More for more motion.
    pub motion: u8,
    /// Tenths of a percent.
    pub perfusion_tenths_percent: u8,
    /// A finger is in.
    pub finger: bool,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

/// What saturation and pulse say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A value.
    Ok,
    /// Both 255.
    NoFinger,
    /// Both 0.
    Calibrating,
}

impl State {
    /// `ok`, `no_finger`, `calibrating`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoFinger => "no_finger",
            Self::Calibrating => "calibrating",
        }
    }
}

impl Sensors {
    pub(super) const LENGTH: usize = 13;

    /// Decodes the data of the answer to 0x17.
    ///
    /// # Errors
    /// [`DecodeError::FrameTruncated`] when bytes are missing.
    pub fn decode(data: &[u8]) -> Result<Self, DecodeError> {
        let [
            spo2,
            pulse,
            _,
            _,
            _,
            _,
            _,
            battery,
            charging,
            motion,
            perfusion,
            finger,
            _,
            rest @ ..,
        ] = data
        else {
            return Err(DecodeError::FrameTruncated);
        };
        let value = |byte: u8| (byte != 0 && byte != 0xFF).then_some(byte);
        Ok(Self {
            spo2_percent: value(*spo2),
            pulse_bpm: value(*pulse),
            state: match (spo2, pulse) {
                (0xFF, 0xFF) => State::NoFinger,
                (0, 0) => State::Calibrating,
                _ => State::Ok,
            },
            battery_percent: *battery,
            charging: *charging,
            motion: *motion,
            perfusion_tenths_percent: *perfusion,
            finger: *finger != 0,
            trailing: rest.len(),
        })
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        match (self.state, self.spo2_percent) {
            (State::NoFinger, _) => Err(Reason::NoFinger),
            (State::Calibrating, _) if self.finger => Err(Reason::CalibrationOngoing),
            _ if !self.finger => Err(Reason::NoFinger),
            (_, None) => Err(Reason::NoValue),
            (_, Some(spo2)) => {
                let perfusion = u16::from(self.perfusion_tenths_percent);
                judge::whole_numbers(
                    spo2,
                    self.pulse_bpm.map(u16::from),
                    Some(perfusion * 10).filter(|perfusion| *perfusion != 0),
                    Doubts::NONE,
                )
            }
        }
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        let battery = (self.battery_percent <= 100).then_some(self.battery_percent);
        [Meaning::Sample(self.judge())]
            .into_iter()
            .chain(battery.map(Meaning::Battery))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sensors(spo2: u8, pulse: u8, finger: u8) -> Sensors {
        Sensors::decode(&[spo2, pulse, 0, 0, 0, 0, 0, 97, 0, 146, 10, finger, 0]).unwrap()
    }

    #[test]
    fn a_value_without_a_finger_is_a_repeat_and_never_a_patients() {
        let value = sensors(98, 66, 1).judge().unwrap();
        assert_eq!(
            (
                value.spo2_tenths_percent,
                value.perfusion_hundredths_percent
            ),
            (980, Some(100))
        );
        assert_eq!(sensors(98, 66, 0).judge(), Err(Reason::NoFinger));
        assert_eq!(sensors(255, 255, 1).judge(), Err(Reason::NoFinger));
        assert_eq!(sensors(0, 0, 1).judge(), Err(Reason::CalibrationOngoing));
        assert_eq!(sensors(0, 0, 0).judge(), Err(Reason::NoFinger));
        assert_eq!(sensors(0, 70, 1).judge(), Err(Reason::NoValue));
        assert_eq!(sensors(140, 70, 1).judge(), Err(Reason::Implausible));
    }

    #[test]
    fn a_pulse_that_is_none_is_not_two_hundred_and_fifty_five() {
        let value = sensors(91, 255, 1).judge().unwrap();
        assert_eq!(value.pulse_tenths_bpm, None);
        assert!(value.doubts.has(Doubts::PULSE_UNUSABLE));
    }
}
