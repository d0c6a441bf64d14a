//! PLX Continuous Measurement, 2A5F (PLXS 1.0.1, section 3.2).

use super::status::{DeviceStatus, MeasurementStatus};
use crate::error::DecodeError;
use crate::fields::Fields;
use crate::sfloat::Sfloat;

const FAST: u8 = 1 << 0;
const SLOW: u8 = 1 << 1;
const MEASUREMENT_STATUS: u8 = 1 << 2;
const DEVICE_STATUS: u8 = 1 << 3;
const PULSE_AMPLITUDE: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// A saturation (percent) and a pulse rate (beats a minute) of one averaging time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Percent.
    pub spo2: Sfloat,
    /// Beats a minute.
    pub pulse: Sfloat,
}

/// One continuous measurement as the device sent it, every 1 to 4 s, never stored and never stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continuous {
    /// The flags byte.
    pub flags: u8,
    /// The device's normal averaging: the only one that readings are made of.
    pub normal: Pair,
    /// Quick to follow.
    pub fast: Option<Pair>,
    /// Slow to follow.
    pub slow: Option<Pair>,
    /// Absent when the device does not send it.
    pub measurement_status: Option<MeasurementStatus>,
    /// Absent when the device does not send it.
    pub device_status: Option<DeviceStatus>,
    /// Pulse amplitude (perfusion) index, percent.
    pub pulse_amplitude_index: Option<Sfloat>,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl Continuous {
    /// Decodes a 2A5F value, 5 to 20 bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the first field that the flags promise and the bytes do not hold.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        let flags = fields.u8("flags")?;
        let has = |bit: u8| flags & bit != 0;
        Ok(Self {
            flags,
            normal: Pair::take(&mut fields, "spo2", "pulse")?,
            fast: has(FAST)
                .then(|| Pair::take(&mut fields, "fast", "fast"))
                .transpose()?,
            slow: has(SLOW)
                .then(|| Pair::take(&mut fields, "slow", "slow"))
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

    /// Flag bits of the future that are set, in place.
    #[must_use]
    pub const fn reserved_flags(&self) -> u8 {
        self.flags & RESERVED
    }
}

impl Pair {
    fn take(
        fields: &mut Fields<'_>,
        spo2: &'static str,
        pulse: &'static str,
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            spo2: Sfloat::from_bits(fields.u16(spo2)?),
            pulse: Sfloat::from_bits(fields.u16(pulse)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_two_is_the_measurement_status_here_and_not_the_sensor_status_of_a_spot_check() {
        let live = Continuous::decode(&[0x04, 98, 0, 72, 0, 0x20, 0]).unwrap();
        assert_eq!(
            live.measurement_status,
            Some(MeasurementStatus::MEASUREMENT_ONGOING)
        );
        assert_eq!(live.device_status, None);
    }

    #[test]
    fn a_vendor_frame_that_looks_alike_is_refused() {
        let choicemmed = [0x3E, 0x61, 0, 0x48, 0, 0x10, 0x20, 0, 0, 0, 0, 0x2A, 0xF0];
        assert_eq!(
            Continuous::decode(&choicemmed),
            Err(DecodeError::Truncated("device_sensor_status"))
        );
    }
}
