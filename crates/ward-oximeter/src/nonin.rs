//! Nonin's own stream of the 3230 and 3150 (BLE): data format 19, once a second.
//!
//! Ten bytes, **big-endian**: length, status, battery (0.1 V), pulse amplitude index (0.01 %), seconds counter (2),
//! SpO2 (127: none), pulse (511: none). Source: Nonin's NetComm header and iOS sample, and a public library, which agree;
//! one public project that reads it little-endian is wrong. Evidence: documented; no capture is public.

mod meaning;
mod talk;

use uuid::Uuid;

use crate::driver::Decoder;
use crate::error::DecodeError;
use crate::family::{Family, Wiring, Write};
use crate::frame::Frame;
use crate::plx::set_names;
use crate::uuids;

pub(crate) use talk::Control;

/// Data format 19 and the control point.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::NONIN_SERVICE,
    notify: &[uuids::NONIN_DF19],
    write: Write::IfThere(uuids::NONIN_CONTROL_POINT),
    ..Wiring::of(Family::Nonin)
}];

/// One second of a Nonin, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Df19 {
    /// Status bits.
    pub status: u8,
    /// Tenths of a volt.
    pub battery_tenths_volt: u8,
    /// Hundredths of a percent.
    pub amplitude_hundredths_percent: u16,
    /// Seconds since the measurement began, by the device.
    pub counter: u16,
    /// Percent; 127 is sent for "none".
    pub spo2_percent: Option<u8>,
    /// Beats a minute; 511 is sent for "none".
    pub pulse_bpm: Option<u16>,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl Df19 {
    /// Poor signal.
    pub const WEAK_SIGNAL: u8 = 1 << 1;
    /// The device's own word that this is a qualified result.
    pub const SMARTPOINT: u8 = 1 << 2;
    /// No consecutive pulses yet.
    pub const SEARCHING: u8 = 1 << 3;
    /// Little battery left.
    pub const LOW_BATTERY: u8 = 1 << 5;

    const NAMES: [&'static str; 8] = [
        "display_sync",
        "weak_signal",
        "smartpoint",
        "searching",
        "correct_check",
        "low_battery",
        "encrypted",
        "rfu7",
    ];

    /// Decodes a value of ten bytes; more are ignored, and said.
    ///
    /// # Errors
    /// [`DecodeError::FrameTruncated`] for fewer, [`DecodeError::Length`] when the length byte says another length.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const LENGTH: u8 = 10;
        const NO_SPO2: u8 = 127;
        const NO_PULSE: u16 = 511;
        if bytes.first().is_some_and(|length| *length != LENGTH) {
            return Err(DecodeError::Length);
        }
        let [
            _,
            status,
            battery,
            amplitude_high,
            amplitude_low,
            counter_high,
            counter_low,
            spo2,
            pulse_high,
            pulse_low,
            rest @ ..,
        ] = bytes
        else {
            return Err(DecodeError::FrameTruncated);
        };
        let pulse = u16::from_be_bytes([*pulse_high, *pulse_low]);
        Ok(Self {
            status: *status,
            battery_tenths_volt: *battery,
            amplitude_hundredths_percent: u16::from_be_bytes([*amplitude_high, *amplitude_low]),
            counter: u16::from_be_bytes([*counter_high, *counter_low]),
            spo2_percent: (*spo2 != NO_SPO2).then_some(*spo2),
            pulse_bpm: (pulse != NO_PULSE).then_some(pulse),
            trailing: rest.len(),
        })
    }

    /// Whether a status bit is set.
    #[must_use]
    pub const fn has(&self, bit: u8) -> bool {
        self.status & bit != 0
    }

    /// Names of the set status bits, lowest first.
    pub fn status_names(&self) -> impl Iterator<Item = &'static str> {
        set_names(self.status.into(), &Self::NAMES)
    }
}

/// Marks the second at which the device itself says that the measurement is complete: once for each finger, since the
/// bit comes and goes with the signal.
#[derive(Clone, Debug, Default)]
pub(crate) struct SmartPoint {
    is_taken: bool,
}

impl Decoder for SmartPoint {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        if characteristic != uuids::NONIN_DF19 {
            return None;
        }
        let frame = Df19::decode(bytes).map(|second| {
            let is_there = second.spo2_percent.is_some();
            let completes = is_there && second.has(Df19::SMARTPOINT) && !self.is_taken;
            self.is_taken = is_there && (self.is_taken || completes);
            Frame::Nonin {
                second,
                completes,
                raw: bytes.to_vec(),
            }
        });
        Some(vec![frame])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_is_big_endian_and_a_wrong_length_is_refused() {
        let second = Df19::decode(&[10, 0x65, 0x16, 0, 0x96, 1, 0, 90, 1, 0x2C]).unwrap();
        assert_eq!((second.pulse_bpm, second.counter), (Some(300), 256));
        assert_eq!(Df19::decode(&[10, 0, 0]), Err(DecodeError::FrameTruncated));
        assert_eq!(Df19::decode(&[9; 10]), Err(DecodeError::Length));
        assert_eq!(Df19::decode(&[]), Err(DecodeError::FrameTruncated));
    }

    #[test]
    fn a_measurement_is_complete_once_for_each_finger() {
        let mut decoder = SmartPoint::default();
        let smart = Df19::SMARTPOINT;
        let completes: Vec<_> = [
            (0, 97),
            (smart, 97),
            (0, 97),
            (smart, 96),
            (0, 127),
            (smart, 127),
            (smart, 95),
        ]
        .into_iter()
        .flat_map(|(status, spo2)| {
            let bytes = [10, status, 30, 0, 0, 0, 1, spo2, 0, 70];
            decoder.decode(uuids::NONIN_DF19, &bytes).unwrap()
        })
        .map(|frame| {
            matches!(
                frame,
                Ok(Frame::Nonin {
                    completes: true,
                    ..
                })
            )
        })
        .collect();
        assert_eq!(completes, [false, true, false, false, false, false, true]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(second) = Df19::decode(&bytes) {
                prop_assert!(second.meanings(true, &bytes).len() == 3);
            }
        }
    }
}
