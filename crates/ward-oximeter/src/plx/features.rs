//! PLX Features, 2A60 (PLXS 1.0.1, section 3.3): what the device can do, constant during a connection.

use super::status::{DeviceStatus, MeasurementStatus, set_names};
use crate::error::DecodeError;
use crate::fields::Fields;

/// The feature bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureSet(pub u16);

/// A decoded 2A60 value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// What is supported.
    pub features: FeatureSet,
    /// The measurement status bits that the device can ever set.
    pub measurement_status_support: Option<MeasurementStatus>,
    /// The device and sensor status bits that the device can ever set.
    pub device_status_support: Option<DeviceStatus>,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl FeatureSet {
    /// Measurement status is sent.
    pub const MEASUREMENT_STATUS: Self = Self(1 << 0);
    /// Device and sensor status is sent.
    pub const DEVICE_STATUS: Self = Self(1 << 1);
    /// Spot-checks are stored: there is a record access control point to ask for them.
    pub const SPOT_CHECK_STORAGE: Self = Self(1 << 2);

    const NAMES: [&'static str; 16] = [
        "measurement_status",
        "device_sensor_status",
        "spot_check_storage",
        "timestamp",
        "fast",
        "slow",
        "pai",
        "multiple_bonds",
        "rfu8",
        "rfu9",
        "rfu10",
        "rfu11",
        "rfu12",
        "rfu13",
        "rfu14",
        "rfu15",
    ];

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Names of the set bits, lowest first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        set_names(self.0.into(), &Self::NAMES)
    }
}

impl Features {
    /// Decodes a 2A60 value of 2, 4, 5 or 7 bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the field that is missing.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        let features = FeatureSet(fields.u16("features")?);
        Ok(Self {
            features,
            measurement_status_support: features
                .has(FeatureSet::MEASUREMENT_STATUS)
                .then(|| {
                    fields
                        .u16("measurement_status_support")
                        .map(MeasurementStatus)
                })
                .transpose()?,
            device_status_support: features
                .has(FeatureSet::DEVICE_STATUS)
                .then(|| fields.u24("device_sensor_status_support").map(DeviceStatus))
                .transpose()?,
            trailing: fields.trailing(),
        })
    }

    /// Whether stored records can be asked for.
    #[must_use]
    pub const fn stores_spot_checks(&self) -> bool {
        self.features.has(FeatureSet::SPOT_CHECK_STORAGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_masks_tell_which_alarms_a_device_can_ever_raise() {
        // ChoiceMMed: never Invalid, never Questionable.
        let features = Features::decode(&[0x43, 0, 0x20, 0, 0x24, 0x08, 0]).unwrap();
        assert!(
            !features
                .measurement_status_support
                .unwrap()
                .has(MeasurementStatus::INVALID)
        );
        assert!(
            features
                .device_status_support
                .unwrap()
                .has(DeviceStatus::SENSOR_UNCONNECTED_TO_USER)
        );
        assert!(!features.stores_spot_checks());
    }
}
