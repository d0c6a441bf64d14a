//! The status bits of PLX measurements (PLXS 1.0.1, sections 3.2.1.5 and 3.2.1.6) and their names.

/// Measurement Status, 16 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeasurementStatus(pub u16);

/// Device and Sensor Status, 24 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceStatus(pub u32);

impl MeasurementStatus {
    /// Set on perfectly normal finals of some devices: means nothing for us.
    pub const MEASUREMENT_ONGOING: Self = Self(1 << 5);
    /// Preliminary.
    pub const EARLY_ESTIMATE: Self = Self(1 << 6);
    /// Sent from the device's memory.
    pub const FROM_STORAGE: Self = Self(1 << 9);
    /// Not a patient's.
    pub const DEMONSTRATION: Self = Self(1 << 10);
    /// Not a patient's.
    pub const TESTING: Self = Self(1 << 11);
    /// Not yet a measurement.
    pub const CALIBRATION_ONGOING: Self = Self(1 << 12);
    /// There is no measurement.
    pub const UNAVAILABLE: Self = Self(1 << 13);
    /// The device doubts it.
    pub const QUESTIONABLE: Self = Self(1 << 14);
    /// The device takes it back.
    pub const INVALID: Self = Self(1 << 15);

    const NAMES: [&'static str; 16] = [
        "rfu0",
        "rfu1",
        "rfu2",
        "rfu3",
        "rfu4",
        "measurement_ongoing",
        "early_estimate",
        "validated",
        "fully_qualified",
        "from_storage",
        "demonstration",
        "testing",
        "calibration_ongoing",
        "unavailable",
        "questionable",
        "invalid",
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

impl DeviceStatus {
    /// The device is broken.
    pub const EQUIPMENT_MALFUNCTION: Self = Self(1 << 1);
    /// Irregular signal processing.
    pub const SIGNAL_PROCESSING_IRREGULARITY: Self = Self(1 << 2);
    /// Signal not good enough.
    pub const INADEQUATE_SIGNAL: Self = Self(1 << 3);
    /// Signal poor.
    pub const POOR_SIGNAL: Self = Self(1 << 4);
    /// Little blood flow in the finger.
    pub const LOW_PERFUSION: Self = Self(1 << 5);
    /// Signal erratic.
    pub const ERRATIC_SIGNAL: Self = Self(1 << 6);
    /// No pulse in the signal.
    pub const NONPULSATILE_SIGNAL: Self = Self(1 << 7);
    /// The pulse is doubtful.
    pub const QUESTIONABLE_PULSE: Self = Self(1 << 8);
    /// Still searching.
    pub const SIGNAL_ANALYSIS_ONGOING: Self = Self(1 << 9);
    /// Light or electricity disturbs the sensor.
    pub const SENSOR_INTERFERENCE: Self = Self(1 << 10);
    /// No finger.
    pub const SENSOR_UNCONNECTED_TO_USER: Self = Self(1 << 11);
    /// A sensor of a kind that the device does not know.
    pub const UNKNOWN_SENSOR: Self = Self(1 << 12);
    /// The sensor sits badly.
    pub const SENSOR_DISPLACED: Self = Self(1 << 13);
    /// The sensor is broken.
    pub const SENSOR_MALFUNCTIONING: Self = Self(1 << 14);
    /// The sensor is not plugged in.
    pub const SENSOR_DISCONNECTED: Self = Self(1 << 15);

    const NAMES: [&'static str; 24] = [
        "extended_display_update",
        "equipment_malfunction",
        "signal_processing_irregularity",
        "inadequate_signal",
        "poor_signal",
        "low_perfusion",
        "erratic_signal",
        "nonpulsatile_signal",
        "questionable_pulse",
        "signal_analysis_ongoing",
        "sensor_interference",
        "sensor_unconnected_to_user",
        "unknown_sensor",
        "sensor_displaced",
        "sensor_malfunctioning",
        "sensor_disconnected",
        "rfu16",
        "rfu17",
        "rfu18",
        "rfu19",
        "rfu20",
        "rfu21",
        "rfu22",
        "rfu23",
    ];

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Names of the set bits, lowest first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        set_names(self.0, &Self::NAMES)
    }
}

/// The names whose bit is set, in the order of the bits.
pub(crate) fn set_names(
    bits: u32,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'static str> {
    (0_u32..)
        .zip(names)
        .filter(move |(bit, _)| bits.checked_shr(*bit).unwrap_or(0) & 1 == 1)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_carry_the_names_of_the_specification() {
        let measurement: Vec<_> = MeasurementStatus(0x8021).names().collect();
        assert_eq!(measurement, ["rfu0", "measurement_ongoing", "invalid"]);
        // A Nonin with a badly placed finger, from HL7's example bundle.
        let device: Vec<_> = DeviceStatus(0x00_0118).names().collect();
        assert_eq!(
            device,
            ["inadequate_signal", "poor_signal", "questionable_pulse"]
        );
        assert_eq!(DeviceStatus(1 << 23).names().collect::<Vec<_>>(), ["rfu23"]);
    }
}
