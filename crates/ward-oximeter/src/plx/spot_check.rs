//! PLX Spot-Check Measurement, 2A5E (PLXS 1.0.1, section 3.1).

use super::status::{DeviceStatus, MeasurementStatus};
use crate::date_time::Stamp;
use crate::error::DecodeError;
use crate::fields::Fields;
use crate::sfloat::Sfloat;

const TIMESTAMP: u8 = 1 << 0;
const MEASUREMENT_STATUS: u8 = 1 << 1;
const DEVICE_STATUS: u8 = 1 << 2;
const PULSE_AMPLITUDE: u8 = 1 << 3;
const CLOCK_NOT_SET: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// One spot-check measurement as the device sent it. Nothing is judged here: 103 % decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotCheck {
    /// The flags byte.
    pub flags: u8,
    /// Oxygen saturation, percent.
    pub spo2: Sfloat,
    /// Pulse rate, beats a minute.
    pub pulse: Sfloat,
    /// The device's own wall clock.
    pub timestamp: Option<Stamp>,
    /// Absent when the device does not send it.
    pub measurement_status: Option<MeasurementStatus>,
    /// Absent when the device does not send it.
    pub device_status: Option<DeviceStatus>,
    /// Pulse amplitude (perfusion) index, percent.
    pub pulse_amplitude_index: Option<Sfloat>,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl SpotCheck {
    /// Decodes a 2A5E value, 5 to 19 bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the first field that the flags promise and the bytes do not hold.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        let flags = fields.u8("flags")?;
        let has = |bit: u8| flags & bit != 0;
        Ok(Self {
            flags,
            spo2: Sfloat::from_bits(fields.u16("spo2")?),
            pulse: Sfloat::from_bits(fields.u16("pulse")?),
            timestamp: has(TIMESTAMP)
                .then(|| Stamp::take(&mut fields, "timestamp"))
                .transpose()?,
            measurement_status: has(MEASUREMENT_STATUS)
                .then(|| fields.u16("measurement_status").map(MeasurementStatus))
                .transpose()?,
            device_status: has(DEVICE_STATUS)
                .then(|| fields.u24("device_sensor_status").map(DeviceStatus))
                .transpose()?,
            pulse_amplitude_index: has(PULSE_AMPLITUDE)
                .then(|| fields.u16("pai").map(Sfloat::from_bits))
                .transpose()?,
            trailing: fields.trailing(),
        })
    }

    /// The time stamp is power-on garbage. Keep the reading, use the time of receipt.
    #[must_use]
    pub const fn clock_not_set(&self) -> bool {
        self.flags & CLOCK_NOT_SET != 0
    }

    /// Flag bits of the future that are set, in place.
    #[must_use]
    pub const fn reserved_flags(&self) -> u8 {
        self.flags & RESERVED
    }

    /// It was measured before this connection and kept by the device.
    #[must_use]
    pub fn is_from_storage(&self) -> bool {
        self.measurement_status
            .is_some_and(|status| status.has(MeasurementStatus::FROM_STORAGE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOICEMMED: [u8; 17] = [
        0x17, 0x61, 0, 0x60, 0, 0xE1, 7, 1, 1, 1, 0x22, 0x13, 0x20, 0, 0x20, 0, 0,
    ];

    #[test]
    fn a_real_capture_with_a_clock_that_was_never_set_decodes() {
        let check = SpotCheck::decode(&CHOICEMMED).unwrap();
        assert!(check.clock_not_set());
        assert_eq!(
            check.timestamp.unwrap().valid().unwrap().to_string(),
            "2017-01-01T01:34:19"
        );
        assert_eq!(check.pulse.number().unwrap().to_string(), "96");
    }

    #[test]
    fn every_shorter_prefix_is_refused_whole() {
        for length in 0..CHOICEMMED.len() {
            assert!(SpotCheck::decode(&CHOICEMMED[..length]).is_err());
        }
    }

    #[test]
    fn extra_bytes_and_future_flags_are_accepted_and_said() {
        let check = SpotCheck::decode(&[0x80, 98, 0, 72, 0, 1, 2]).unwrap();
        assert_eq!((check.reserved_flags(), check.trailing), (0x80, 2));
    }
}
