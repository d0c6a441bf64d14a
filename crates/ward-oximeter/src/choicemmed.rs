//! The newer ChoiceMMed devices: Innovo iP900BP-B, Zacurate 500E-B (model `C228_D4`).
//!
//! Inside the Nordic UART service, which PC-60 devices use with other characteristics: FFF0 is indicated, FFF1 notified, and
//! nothing comes before **both** are subscribed to. FFF1 sends `3E`, saturation, pulse (both SFLOAT), breaths a minute,
//! measurement status (2), device status (3), perfusion (SFLOAT) once a second, and `01` with one sample of the pulse wave
//! about 24 times a second. It looks like a PLX Continuous Measurement and is not one: `3E` read as its flags gives other
//! values. FFF2, read once, has the shape of PLX Features. Source: notes of two owners. Evidence: documented.
//!
//! Breaths a minute are decoded and make no reading. What FFF0 indicates, nobody has described: it is kept, not decoded.
//!
//! Only a device on a bench can settle: whether the status bits are those of PLX (they change when the finger goes), what FFF0
//! sends, and whether values repeat after the finger has gone; the wave is watched for that.

use uuid::Uuid;

use crate::driver::Decoder;
use crate::error::DecodeError;
use crate::family::{Family, Wiring};
use crate::fields::Fields;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::plx::{DeviceStatus, Features, MeasurementStatus};
use crate::sfloat::Sfloat;
use crate::uuids;

/// A wave that does not move for so many samples, about a second, is none.
const FLAT: u8 = 24;

/// Both must be subscribed to.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::NORDIC_UART_SERVICE,
    notify: &[uuids::CHOICEMMED_INDICATE, uuids::CHOICEMMED_NOTIFY],
    read: &[uuids::CHOICEMMED_FEATURES],
    ..Wiring::of(Family::ChoiceMmed)
}];

/// One notification or indication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceMmed {
    /// `3E` on FFF1.
    Values(Values),
    /// `01` on FFF1.
    Pleth {
        /// One sample of the pulse wave.
        sample: u8,
        /// It has not moved for a second.
        is_flat: bool,
    },
    /// What FFF0 indicates.
    Other(Vec<u8>),
}

/// The measured values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Percent.
    pub spo2: Sfloat,
    /// Beats a minute.
    pub pulse: Sfloat,
    /// Breaths a minute.
    pub respiration: u8,
    /// Taken as PLX has it.
    pub measurement_status: MeasurementStatus,
    /// Taken as PLX has it.
    pub device_status: DeviceStatus,
    /// Percent.
    pub perfusion: Sfloat,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

/// The decoder over one connection: it watches the wave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wave {
    last: Option<u8>,
    same: u8,
}

impl Values {
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        let sfloat = |fields: &mut Fields<'_>, name| fields.take(name).map(Sfloat::from_le_bytes);
        Ok(Self {
            spo2: sfloat(&mut fields, "spo2")?,
            pulse: sfloat(&mut fields, "pulse")?,
            respiration: fields.u8("resp_rate")?,
            measurement_status: MeasurementStatus(fields.u16("measurement_status")?),
            device_status: DeviceStatus(fields.u24("device_sensor_status")?),
            perfusion: sfloat(&mut fields, "pai")?,
            trailing: fields.trailing(),
        })
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        judge::plx(
            self.spo2,
            self.pulse,
            Some(self.perfusion),
            Some(self.measurement_status),
            Some(self.device_status),
        )
    }
}

impl ChoiceMmed {
    /// Decodes a notification of FFF1.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the first field that is missing, [`DecodeError::Sync`] for an unknown first byte.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match bytes {
            [0x3E, values @ ..] => Values::decode(values).map(Self::Values),
            [0x01, sample, ..] => Ok(Self::Pleth {
                sample: *sample,
                is_flat: false,
            }),
            [0x01] => Err(DecodeError::Truncated("pleth")),
            [] => Err(DecodeError::Truncated("type")),
            _ => Err(DecodeError::Sync),
        }
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        match self {
            Self::Values(values) => vec![Meaning::Sample(values.judge())],
            Self::Pleth { is_flat, .. } => vec![Meaning::Wave { is_flat: *is_flat }],
            Self::Other(_) => Vec::new(),
        }
    }
}

impl Wave {
    fn watch(&mut self, frame: ChoiceMmed) -> ChoiceMmed {
        let ChoiceMmed::Pleth { sample, .. } = frame else {
            return frame;
        };
        let is_same = self.last.replace(sample) == Some(sample);
        self.same = if is_same {
            self.same.saturating_add(1)
        } else {
            1
        };
        ChoiceMmed::Pleth {
            sample,
            is_flat: self.same >= FLAT,
        }
    }
}

impl Decoder for Wave {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        let frame = match characteristic {
            uuids::CHOICEMMED_NOTIFY => {
                ChoiceMmed::decode(bytes).map(|frame| Frame::ChoiceMmed(self.watch(frame)))
            }
            uuids::CHOICEMMED_INDICATE => Ok(Frame::ChoiceMmed(ChoiceMmed::Other(bytes.to_vec()))),
            uuids::CHOICEMMED_FEATURES => Features::decode(bytes).map(Frame::PlxFeatures),
            _ => return None,
        };
        Some(vec![frame])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(spo2: [u8; 2], status: [u8; 5]) -> Result<Value, Reason> {
        let bytes = [&[0x3E][..], &spo2, &[72, 0, 16], &status, &[0x2A, 0xF0]].concat();
        match ChoiceMmed::decode(&bytes).unwrap() {
            ChoiceMmed::Values(values) => values.judge(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_values_are_judged_like_those_of_the_sig_service() {
        let value = judged([97, 0], [0x20, 0, 0, 0, 0]).unwrap();
        assert_eq!(
            (
                value.spo2_tenths_percent,
                value.pulse_tenths_bpm,
                value.perfusion_hundredths_percent
            ),
            (970, Some(720), Some(420))
        );
        assert!(value.doubts.is_empty());
        assert_eq!(
            judged([97, 0], [0x20, 0, 0, 0x08, 0]),
            Err(Reason::NoFinger)
        );
        assert_eq!(
            judged([97, 0], [0x20, 0x04, 0, 0, 0]),
            Err(Reason::Demonstration)
        );
        assert_eq!(judged([0xFF, 0x07], [0; 5]), Err(Reason::NoValue));
        assert_eq!(judged([0, 0], [0; 5]), Err(Reason::NoValue));
    }

    #[test]
    fn a_value_that_is_cut_off_is_refused_as_a_whole() {
        let error = |bytes: &[u8]| ChoiceMmed::decode(bytes).unwrap_err().to_string();
        assert_eq!(error(&[]), "truncated:type");
        assert_eq!(error(&[0x01]), "truncated:pleth");
        assert_eq!(error(&[0x3E, 97, 0, 72, 0]), "truncated:resp_rate");
        assert_eq!(error(&[0x02, 97, 0]), "sync");
    }

    #[test]
    fn a_wave_that_does_not_move_for_a_second_is_flat() {
        let mut decoder = Wave::default();
        let mut flat = |sample: u8| {
            let frames = decoder
                .decode(uuids::CHOICEMMED_NOTIFY, &[1, sample])
                .unwrap();
            matches!(
                frames[..],
                [Ok(Frame::ChoiceMmed(ChoiceMmed::Pleth {
                    is_flat: true,
                    ..
                }))]
            )
        };
        assert!((0..23).all(|_| !flat(40)));
        assert!(flat(40));
        assert!(!flat(41));
    }

    #[test]
    fn what_is_indicated_is_kept_and_no_value_is_made_of_it() {
        let bytes = [0x3E, 97, 0, 72, 0, 16, 0x20, 0, 0, 0, 0, 0x2A, 0xF0];
        let frames = Wave::default()
            .decode(uuids::CHOICEMMED_INDICATE, &bytes)
            .unwrap();
        let frame = frames[0].as_ref().unwrap();
        assert_eq!(frame.meanings(), []);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(values in prop::collection::vec((0..4_usize, prop::collection::vec(any::<u8>(), 0..24)), 0..40)) {
            let known = [
                uuids::CHOICEMMED_NOTIFY,
                uuids::CHOICEMMED_INDICATE,
                uuids::CHOICEMMED_FEATURES,
                uuids::BATTERY_LEVEL,
            ];
            let mut decoder = Wave::default();
            for (at, bytes) in values {
                for frame in decoder.decode(known[at], &bytes).into_iter().flatten().flatten() {
                    prop_assert!(frame.meanings().len() <= 1);
                }
            }
        }
    }
}
