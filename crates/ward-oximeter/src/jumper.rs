//! Jumper JPD-500F and 500G (`My Oximeter`) and their clones: BPL iOxy, PLS-01BT, Andesfit.
//!
//! `81 pulse saturation perfusion`, the perfusion index in tenths of a percent; pulse 255 and saturation 127 for none. `80 …`
//! is the pulse wave, `2D 2D …` an idle mark. Source: public projects and a public SDK. Evidence: captured, one packet. There
//! is no checksum: a packet with any value outside of what such a device measures is taken for damaged as a whole.
//!
//! Only a device on a bench can settle: how long the last values are repeated when the finger has gone, and whether the wave
//! then stands still; what perfusion 0 means; whether a variant needs to be written to before it sends (one is said to).

use uuid::Uuid;

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::family::{Family, Wiring};
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::uuids;

const SPO2_PERCENT: std::ops::RangeInclusive<u8> = 35..=100;
const PULSE_BPM: std::ops::RangeInclusive<u8> = 25..=250;
const MOST_PERFUSION_TENTHS: u8 = 200;

/// Streams by itself.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::JUMPER_SERVICE,
    notify: &[uuids::JUMPER_NOTIFY],
    ..Wiring::of(Family::Jumper)
}];

/// One notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jumper {
    /// The measured values.
    Values(Values),
    /// Some samples of the pulse wave.
    Wave {
        /// All of them the same.
        is_flat: bool,
    },
    /// Nothing is measured.
    Idle,
}

/// The measured values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Beats a minute; 255 is sent for "none".
    pub pulse_bpm: Option<u8>,
    /// Percent; 127 is sent for "none".
    pub spo2_percent: Option<u8>,
    /// Tenths of a percent.
    pub perfusion_tenths_percent: u8,
}

impl Values {
    /// Decodes a notification that carries values.
    ///
    /// # Errors
    /// [`DecodeError::NotMeasurement`] for anything else: waves, idle marks, other lengths.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [0x81, pulse, spo2, perfusion] = bytes else {
            return Err(DecodeError::NotMeasurement);
        };
        Ok(Self {
            pulse_bpm: (*pulse != 255).then_some(*pulse),
            spo2_percent: (*spo2 != 127).then_some(*spo2),
            perfusion_tenths_percent: *perfusion,
        })
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let Some(spo2) = self.spo2_percent.filter(|spo2| *spo2 != 0) else {
            return Err(Reason::NoValue);
        };
        let pulse = self.pulse_bpm.filter(|pulse| *pulse != 0);
        if !SPO2_PERCENT.contains(&spo2)
            || pulse.is_some_and(|pulse| !PULSE_BPM.contains(&pulse))
            || self.perfusion_tenths_percent > MOST_PERFUSION_TENTHS
        {
            return Err(Reason::Implausible);
        }
        let perfusion = Some(u16::from(self.perfusion_tenths_percent) * 10);
        judge::whole_numbers(
            spo2,
            pulse.map(u16::from),
            perfusion.filter(|perfusion| *perfusion != 0),
            Doubts::NONE,
        )
    }
}

impl Jumper {
    /// Decodes a notification.
    ///
    /// # Errors
    /// [`DecodeError::NotMeasurement`] for what is neither values nor a wave nor an idle mark.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match bytes {
            [0x80, first, rest @ ..] => Ok(Self::Wave {
                is_flat: rest.iter().all(|sample| sample == first),
            }),
            [0x2D, rest @ ..] if rest.iter().all(|byte| *byte == 0x2D) => Ok(Self::Idle),
            _ => Values::decode(bytes).map(Self::Values),
        }
    }

    pub(crate) fn meanings(self) -> Vec<Meaning> {
        match self {
            Self::Values(values) => vec![Meaning::Sample(values.judge())],
            Self::Wave { is_flat } => vec![Meaning::Wave { is_flat }],
            // It may be a filler between values: silence says the same, and breaks no window.
            Self::Idle => Vec::new(),
        }
    }
}

pub(crate) fn decode(characteristic: Uuid, bytes: &[u8]) -> Option<Result<Frame, DecodeError>> {
    (characteristic == uuids::JUMPER_NOTIFY).then(|| Jumper::decode(bytes).map(Frame::Jumper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(bytes: [u8; 4]) -> Result<Value, Reason> {
        Values::decode(&bytes).unwrap().judge()
    }

    #[test]
    fn a_captured_packet_is_a_value() {
        let value = judged([0x81, 0x38, 0x63, 0x44]).unwrap();
        assert_eq!(
            (
                value.spo2_tenths_percent,
                value.pulse_tenths_bpm,
                value.perfusion_hundredths_percent
            ),
            (990, Some(560), Some(680))
        );
    }

    #[test]
    fn without_a_checksum_one_value_out_of_range_refuses_all_of_them() {
        for bytes in [
            [0x81, 72, 34, 40],
            [0x81, 72, 101, 40],
            [0x81, 24, 97, 40],
            [0x81, 251, 97, 40],
            [0x81, 72, 97, 201],
        ] {
            assert_eq!(judged(bytes), Err(Reason::Implausible), "{bytes:?}");
        }
        for bytes in [[0x81, 25, 35, 0], [0x81, 250, 100, 200]] {
            assert!(judged(bytes).is_ok(), "{bytes:?}");
        }
    }

    #[test]
    fn none_and_zero_are_no_values_and_a_saturation_without_pulse_is_one() {
        assert_eq!(judged([0x81, 255, 127, 0]), Err(Reason::NoValue));
        assert_eq!(judged([0x81, 0, 0, 0]), Err(Reason::NoValue));
        let value = judged([0x81, 255, 88, 0]).unwrap();
        assert_eq!(
            (value.pulse_tenths_bpm, value.perfusion_hundredths_percent),
            (None, None)
        );
        assert!(value.doubts.has(Doubts::PULSE_UNUSABLE));
    }

    #[test]
    fn waves_idle_marks_and_strangers_are_told_apart() {
        assert_eq!(
            Jumper::decode(&[0x80, 7, 7, 7]),
            Ok(Jumper::Wave { is_flat: true })
        );
        assert_eq!(
            Jumper::decode(&[0x80, 7, 8, 7]),
            Ok(Jumper::Wave { is_flat: false })
        );
        assert_eq!(Jumper::decode(&[0x2D; 4]), Ok(Jumper::Idle));
        for stranger in [&[][..], &[0x80], &[0x81, 72, 97], &[0x81, 72, 97, 40, 0]] {
            assert_eq!(Jumper::decode(stranger), Err(DecodeError::NotMeasurement));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(frame) = Jumper::decode(&bytes) {
                prop_assert!(frame.meanings().len() <= 1);
            }
        }
    }
}
