//! What a decoded measurement may be used for: a value, a value to be doubted, or no patient value at all.
//!
//! The policy mirrors HL7's Personal Health Device guide where that speaks: demonstration, testing, calibration,
//! "unavailable", "invalid", a sensor off or broken and a signal without pulse are never a patient's values; poor
//! signals are, and say so. The saturation is judged on its own, whatever the pulse.

use crate::doubts::Doubts;
use crate::pc60::Parameters;
use crate::plx::{Continuous, DeviceStatus, MeasurementStatus, SpotCheck};
use crate::sfloat::Sfloat;

/// Percent.
const PLAUSIBLE_SPO2: (u16, u16) = (1, 100);
/// Beats a minute.
const PLAUSIBLE_PULSE: (u16, u16) = (20, 350);

/// Why there is no patient value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The device is showing off.
    Demonstration,
    /// The device is under test.
    Testing,
    /// Sensor unconnected to user; probe off.
    NoFinger,
    /// The sensor is not plugged in.
    SensorDisconnected,
    /// The sensor is broken.
    SensorMalfunction,
    /// The device is broken.
    EquipmentMalfunction,
    /// Not yet measuring.
    CalibrationOngoing,
    /// The device says there is no measurement.
    Unavailable,
    /// The device says the measurement is not valid.
    Invalid,
    /// A signal without a pulse.
    Nonpulsatile,
    /// Still searching for the pulse.
    Searching,
    /// No number where the saturation should be.
    NoValue,
    /// A saturation that cannot be: under 1 % or over 100 %.
    Implausible,
    /// Values, but too few of them before the finger was gone.
    TooShort,
    /// A value, by a protocol that nobody has proved, and that the configuration does not accept.
    Unproven,
}

impl Reason {
    /// The reason's name, for the wire and for `decode`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Demonstration => "demonstration",
            Self::Testing => "testing",
            Self::NoFinger => "no_finger",
            Self::SensorDisconnected => "sensor_disconnected",
            Self::SensorMalfunction => "sensor_malfunctioning",
            Self::EquipmentMalfunction => "equipment_malfunction",
            Self::CalibrationOngoing => "calibration_ongoing",
            Self::Unavailable => "unavailable",
            Self::Invalid => "invalid",
            Self::Nonpulsatile => "nonpulsatile_signal",
            Self::Searching => "searching",
            Self::NoValue => "no_value",
            Self::Implausible => "implausible",
            Self::TooShort => "too_short",
            Self::Unproven => "unproven",
        }
    }

    /// The finger is gone, by the device's own word.
    #[must_use]
    pub const fn is_finger_out(self) -> bool {
        matches!(self, Self::NoFinger | Self::SensorDisconnected)
    }
}

/// A value that may be used, as far as its marks allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Tenths of a percent, 10 to 1000; further decimals are cut off.
    pub spo2_tenths_percent: u16,
    /// Tenths of a beat a minute, 200 to 3500; `None` when it cannot be used.
    pub pulse_tenths_bpm: Option<u16>,
    /// Hundredths of a percent.
    pub perfusion_hundredths_percent: Option<u16>,
    /// What makes it doubtful.
    pub doubts: Doubts,
}

/// Judges a spot check.
///
/// # Errors
/// The [`Reason`] why it is no patient value.
pub fn spot_check(check: &SpotCheck) -> Result<Value, Reason> {
    plx(
        check.spo2,
        check.pulse,
        check.pulse_amplitude_index,
        check.measurement_status,
        check.device_status,
    )
}

/// Judges a continuous measurement, by its normal averaging.
///
/// # Errors
/// The [`Reason`] why it is no patient value.
pub fn continuous(live: &Continuous) -> Result<Value, Reason> {
    let normal = live.normal;
    plx(
        normal.spo2,
        normal.pulse,
        live.pulse_amplitude_index,
        live.measurement_status,
        live.device_status,
    )
}

/// Judges the parameters of a PC-60 device.
///
/// # Errors
/// The [`Reason`] why it is no patient value.
pub fn pc60(parameters: &Parameters) -> Result<Value, Reason> {
    if parameters.has(Parameters::PROBE_OFF) {
        return Err(Reason::NoFinger);
    }
    if parameters.has(Parameters::PROBE_DISCONNECTED) {
        return Err(Reason::SensorDisconnected);
    }
    let searching = parameters.has(Parameters::PULSE_SEARCHING);
    let Some(spo2) = parameters.spo2_percent else {
        return Err(if searching {
            Reason::Searching
        } else {
            Reason::NoValue
        });
    };
    let doubts = Doubts::NONE
        .with_if(searching, Doubts::SEARCHING)
        .with_if(parameters.has(Parameters::CHECK_PROBE), Doubts::DISPLACED)
        .with_if(parameters.has(Parameters::MOTION), Doubts::MOTION)
        .with_if(
            parameters.has(Parameters::LOW_PERFUSION),
            Doubts::LOW_PERFUSION,
        );
    let perfusion = parameters
        .perfusion_tenths_percent
        .map(|tenths| u16::from(tenths) * 10);
    whole_numbers(spo2, parameters.pulse_bpm, perfusion, doubts)
}

/// Judges values that a device sends as whole numbers.
///
/// # Errors
/// [`Reason::Implausible`] for a saturation that cannot be.
pub fn whole_numbers(
    spo2_percent: u8,
    pulse_bpm: Option<u16>,
    perfusion_hundredths_percent: Option<u16>,
    doubts: Doubts,
) -> Result<Value, Reason> {
    let (low, high) = PLAUSIBLE_SPO2;
    let spo2 = u16::from(spo2_percent);
    if !(low..=high).contains(&spo2) {
        return Err(Reason::Implausible);
    }
    let (low, high) = PLAUSIBLE_PULSE;
    let pulse = pulse_bpm.filter(|bpm| (low..=high).contains(bpm));
    Ok(Value {
        spo2_tenths_percent: spo2 * 10,
        pulse_tenths_bpm: pulse.map(|bpm| bpm * 10),
        perfusion_hundredths_percent,
        doubts: doubts.with_if(pulse.is_none(), Doubts::PULSE_UNUSABLE),
    })
}

pub(crate) fn plx(
    spo2: Sfloat,
    pulse: Sfloat,
    perfusion: Option<Sfloat>,
    measurement: Option<MeasurementStatus>,
    device: Option<DeviceStatus>,
) -> Result<Value, Reason> {
    let measurement = measurement.unwrap_or_default();
    let device = device.unwrap_or_default();
    if let Some(reason) = refusal(measurement, device) {
        return Err(reason);
    }
    let Some(spo2) = spo2.number() else {
        let searching = device.has(DeviceStatus::SIGNAL_ANALYSIS_ONGOING);
        return Err(if searching {
            Reason::Searching
        } else {
            Reason::NoValue
        });
    };
    let (low, high) = PLAUSIBLE_SPO2;
    let tenths = u16::try_from(spo2.scaled(1))
        .ok()
        .filter(|_| spo2.is_within(low, high));
    let Some(spo2_tenths_percent) = tenths else {
        // Some firmwares send 0 where there is no value.
        return Err(if spo2.mantissa == 0 {
            Reason::NoValue
        } else {
            Reason::Implausible
        });
    };
    let (low, high) = PLAUSIBLE_PULSE;
    let pulse_tenths_bpm = pulse
        .number()
        .filter(|bpm| bpm.is_within(low, high))
        .and_then(|bpm| u16::try_from(bpm.scaled(1)).ok());
    let perfusion_hundredths_percent = perfusion
        .and_then(Sfloat::number)
        .and_then(|percent| u16::try_from(percent.scaled(2)).ok());
    let doubts =
        plx_doubts(measurement, device).with_if(pulse_tenths_bpm.is_none(), Doubts::PULSE_UNUSABLE);
    Ok(Value {
        spo2_tenths_percent,
        pulse_tenths_bpm,
        perfusion_hundredths_percent,
        doubts,
    })
}

/// The first reason, most telling first, for which nothing of this measurement is a patient's value.
fn refusal(measurement: MeasurementStatus, device: DeviceStatus) -> Option<Reason> {
    const BY_MEASUREMENT: [(MeasurementStatus, Reason); 2] = [
        (MeasurementStatus::DEMONSTRATION, Reason::Demonstration),
        (MeasurementStatus::TESTING, Reason::Testing),
    ];
    const BY_DEVICE: [(DeviceStatus, Reason); 4] = [
        (
            DeviceStatus::SENSOR_DISCONNECTED,
            Reason::SensorDisconnected,
        ),
        (DeviceStatus::SENSOR_UNCONNECTED_TO_USER, Reason::NoFinger),
        (
            DeviceStatus::SENSOR_MALFUNCTIONING,
            Reason::SensorMalfunction,
        ),
        (
            DeviceStatus::EQUIPMENT_MALFUNCTION,
            Reason::EquipmentMalfunction,
        ),
    ];
    const BY_MEASUREMENT_LATER: [(MeasurementStatus, Reason); 3] = [
        (
            MeasurementStatus::CALIBRATION_ONGOING,
            Reason::CalibrationOngoing,
        ),
        (MeasurementStatus::UNAVAILABLE, Reason::Unavailable),
        (MeasurementStatus::INVALID, Reason::Invalid),
    ];
    let by_measurement = |table: &[(MeasurementStatus, Reason)]| {
        table
            .iter()
            .find(|(bit, _)| measurement.has(*bit))
            .map(|(_, why)| *why)
    };
    by_measurement(&BY_MEASUREMENT)
        .or_else(|| {
            BY_DEVICE
                .iter()
                .find(|(bit, _)| device.has(*bit))
                .map(|(_, why)| *why)
        })
        .or_else(|| by_measurement(&BY_MEASUREMENT_LATER))
        .or_else(|| {
            device
                .has(DeviceStatus::NONPULSATILE_SIGNAL)
                .then_some(Reason::Nonpulsatile)
        })
}

fn plx_doubts(measurement: MeasurementStatus, device: DeviceStatus) -> Doubts {
    const BY_DEVICE: [(DeviceStatus, Doubts); 10] = [
        (DeviceStatus::QUESTIONABLE_PULSE, Doubts::QUESTIONABLE),
        (DeviceStatus::UNKNOWN_SENSOR, Doubts::QUESTIONABLE),
        (DeviceStatus::LOW_PERFUSION, Doubts::LOW_PERFUSION),
        (
            DeviceStatus::SIGNAL_PROCESSING_IRREGULARITY,
            Doubts::POOR_SIGNAL,
        ),
        (DeviceStatus::INADEQUATE_SIGNAL, Doubts::POOR_SIGNAL),
        (DeviceStatus::POOR_SIGNAL, Doubts::POOR_SIGNAL),
        (DeviceStatus::ERRATIC_SIGNAL, Doubts::ERRATIC_SIGNAL),
        (DeviceStatus::SIGNAL_ANALYSIS_ONGOING, Doubts::SEARCHING),
        (DeviceStatus::SENSOR_INTERFERENCE, Doubts::INTERFERENCE),
        (DeviceStatus::SENSOR_DISPLACED, Doubts::DISPLACED),
    ];
    let by_measurement = Doubts::NONE
        .with_if(
            measurement.has(MeasurementStatus::EARLY_ESTIMATE),
            Doubts::EARLY_ESTIMATE,
        )
        .with_if(
            measurement.has(MeasurementStatus::QUESTIONABLE),
            Doubts::QUESTIONABLE,
        );
    BY_DEVICE
        .into_iter()
        .fold(by_measurement, |doubts, (bit, mark)| {
            doubts.with_if(device.has(bit), mark)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(bytes: &[u8]) -> Result<Value, Reason> {
        spot_check(&SpotCheck::decode(bytes).unwrap())
    }

    #[test]
    fn a_measurement_status_that_is_no_patients_value_refuses_it() {
        use Reason::{CalibrationOngoing, Demonstration, Invalid, Testing, Unavailable};
        for (bit, reason) in [
            (10, Demonstration),
            (11, Testing),
            (12, CalibrationOngoing),
            (13, Unavailable),
            (15, Invalid),
        ] {
            let [low, high] = (1_u16 << bit).to_le_bytes();
            assert_eq!(judged(&[2, 98, 0, 72, 0, low, high]), Err(reason));
        }
    }

    #[test]
    fn a_sensor_that_is_off_or_broken_refuses_it_and_a_poor_signal_marks_it() {
        let device = |bit: u32| {
            let [low, middle, high, _] = (1_u32 << bit).to_le_bytes();
            judged(&[4, 98, 0, 72, 0, low, middle, high])
        };
        for (bit, reason) in [
            (1, Reason::EquipmentMalfunction),
            (7, Reason::Nonpulsatile),
            (11, Reason::NoFinger),
            (14, Reason::SensorMalfunction),
            (15, Reason::SensorDisconnected),
        ] {
            assert_eq!(device(bit), Err(reason));
        }
        for (bit, mark) in [
            (2, "poor_signal"),
            (3, "poor_signal"),
            (4, "poor_signal"),
            (5, "low_perfusion"),
            (6, "erratic_signal"),
            (8, "questionable"),
            (9, "searching"),
            (10, "interference"),
            (12, "questionable"),
            (13, "displaced"),
        ] {
            assert_eq!(
                device(bit).unwrap().doubts.names().collect::<Vec<_>>(),
                [mark]
            );
        }
        assert!(device(0).unwrap().doubts.is_empty());
    }

    #[test]
    fn measurement_ongoing_means_nothing() {
        assert!(
            judged(&[2, 98, 0, 72, 0, 0x20, 0])
                .unwrap()
                .doubts
                .is_empty()
        );
    }

    #[test]
    fn a_saturation_without_a_usable_pulse_is_still_a_value() {
        for pulse in [[0xFF, 0x07], [19, 0], [0x5F, 0x01]] {
            let value = judged(&[0, 84, 0, pulse[0], pulse[1]]).unwrap();
            assert_eq!(
                (value.spo2_tenths_percent, value.pulse_tenths_bpm),
                (840, None)
            );
            assert!(value.doubts.has(Doubts::PULSE_UNUSABLE));
        }
        assert_eq!(
            judged(&[0, 84, 0, 0x5E, 0x01]).unwrap().pulse_tenths_bpm,
            Some(3500)
        );
    }

    #[test]
    fn a_saturation_that_cannot_be_is_refused() {
        assert_eq!(judged(&[0, 103, 0, 72, 0]), Err(Reason::Implausible));
        assert_eq!(judged(&[0, 0x62, 0x80, 72, 0]), Err(Reason::Implausible));
        assert_eq!(judged(&[0, 0, 0, 72, 0]), Err(Reason::NoValue));
        assert_eq!(judged(&[0, 0xFF, 0x07, 72, 0]), Err(Reason::NoValue));
        assert_eq!(judged(&[0, 1, 0, 72, 0]).unwrap().spo2_tenths_percent, 10);
    }

    #[test]
    fn a_held_value_after_probe_off_is_not_a_value() {
        let held = Parameters {
            spo2_percent: Some(97),
            pulse_bpm: Some(78),
            perfusion_tenths_percent: Some(112),
            status: Parameters::PROBE_OFF,
            last_byte: 0x40,
        };
        assert_eq!(pc60(&held), Err(Reason::NoFinger));
    }
}
