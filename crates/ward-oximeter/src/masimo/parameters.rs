//! Message 5, once a second: the values of now, each with its own exceptions, as asked for with mask 0x1F.

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::frame::Meaning;
use crate::judge::{self, Reason, Value};

/// One value and what is exceptional about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Exception bits.
    pub exceptions: u8,
    /// As sent.
    pub raw: u16,
    none: u16,
}

/// The values of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Exceptions of the whole device, as bits.
    pub system: u32,
    /// Percent.
    pub spo2: Parameter,
    /// Beats a minute.
    pub pulse: Parameter,
    /// Pleth variability index, percent.
    pub variability: Parameter,
    /// Hundredths of a percent.
    pub perfusion: Parameter,
    /// Respiration rate from the pleth, breaths a minute.
    pub respiration: Parameter,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl Parameter {
    const LOW_CONFIDENCE: u8 = 1 << 0;
    const INVALID: u8 = 1 << 2;
    const START_UP: u8 = 1 << 4;

    const fn byte(exceptions: u8, raw: u8) -> Self {
        let raw = raw as u16;
        let none = 0xFF;
        Self {
            exceptions,
            raw,
            none,
        }
    }

    const fn word(exceptions: u8, raw: u16) -> Self {
        let none = 0xFFFF;
        Self {
            exceptions,
            raw,
            none,
        }
    }

    const fn has(self, bit: u8) -> bool {
        self.exceptions & bit != 0
    }

    /// The number; `None` when it is said to be invalid or is the word for "none".
    #[must_use]
    pub fn value(self) -> Option<u16> {
        (!self.has(Self::INVALID) && self.raw != self.none).then_some(self.raw)
    }
}

impl Parameters {
    const SENSOR_OFF: u32 = 1 << 21;
    const SEARCHING: u32 = 1 << 22;
    const INTERFERENCE: u32 = 1 << 23;
    const LOW_PERFUSION: u32 = 1 << 24;

    /// Decodes what follows the message's number.
    ///
    /// # Errors
    /// [`DecodeError::FrameTruncated`] when bytes are missing.
    pub fn decode(data: &[u8]) -> Result<Self, DecodeError> {
        let [
            s0,
            s1,
            s2,
            s3,
            spo2_exceptions,
            spo2,
            pulse_exceptions,
            pulse,
            variability_exceptions,
            variability,
            perfusion_exceptions,
            perfusion_low,
            perfusion_high,
            respiration_exceptions,
            respiration,
            rest @ ..,
        ] = data
        else {
            return Err(DecodeError::FrameTruncated);
        };
        let perfusion = u16::from_le_bytes([*perfusion_low, *perfusion_high]);
        Ok(Self {
            system: u32::from_le_bytes([*s0, *s1, *s2, *s3]),
            spo2: Parameter::byte(*spo2_exceptions, *spo2),
            pulse: Parameter::byte(*pulse_exceptions, *pulse),
            variability: Parameter::byte(*variability_exceptions, *variability),
            perfusion: Parameter::word(*perfusion_exceptions, perfusion),
            respiration: Parameter::byte(*respiration_exceptions, *respiration),
            trailing: rest.len(),
        })
    }

    const fn has(&self, bit: u32) -> bool {
        self.system & bit != 0
    }

    /// Names of the system exceptions that are set, lowest bit first; those that nobody has described are `rfuN`.
    pub fn system_names(&self) -> impl Iterator<Item = String> {
        let system = self.system;
        (0..u32::BITS)
            .filter(move |bit| system & (1 << bit) != 0)
            .map(|bit| match 1 << bit {
                Self::SENSOR_OFF => "sensor_off".to_owned(),
                Self::SEARCHING => "searching".to_owned(),
                Self::INTERFERENCE => "interference".to_owned(),
                Self::LOW_PERFUSION => "low_perfusion".to_owned(),
                _ => format!("rfu{bit}"),
            })
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        if self.has(Self::SENSOR_OFF) {
            return Err(Reason::NoFinger);
        }
        let searching = self.has(Self::SEARCHING);
        let spo2 = self.spo2.value().ok_or(if searching {
            Reason::Searching
        } else if self.spo2.has(Parameter::INVALID) {
            Reason::Invalid
        } else {
            Reason::NoValue
        })?;
        let spo2 = u8::try_from(spo2).map_err(|_| Reason::Implausible)?;
        let doubts = Doubts::NONE
            .with_if(searching, Doubts::SEARCHING)
            .with_if(self.has(Self::INTERFERENCE), Doubts::INTERFERENCE)
            .with_if(self.has(Self::LOW_PERFUSION), Doubts::LOW_PERFUSION)
            .with_if(
                self.spo2.has(Parameter::LOW_CONFIDENCE),
                Doubts::QUESTIONABLE,
            )
            .with_if(self.spo2.has(Parameter::START_UP), Doubts::EARLY_ESTIMATE);
        let pulse = self.pulse.value().filter(|_| {
            !self
                .pulse
                .has(Parameter::LOW_CONFIDENCE | Parameter::START_UP)
        });
        judge::whole_numbers(spo2, pulse, self.perfusion.value(), doubts)
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        vec![Meaning::Sample(self.judge())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(system: u32, exceptions: u8, spo2: u8, pulse: u8) -> Parameters {
        let mut data = system.to_le_bytes().to_vec();
        data.extend([exceptions, spo2, 0, pulse, 0, 15, 0, 0xF4, 1, 0, 16]);
        Parameters::decode(&data).unwrap()
    }

    #[test]
    fn exceptions_refuse_a_value_or_mark_it() {
        let sound = parameters(0, 0, 98, 72).judge().unwrap();
        assert_eq!(
            (sound.perfusion_hundredths_percent, sound.doubts.is_empty()),
            (Some(500), true)
        );
        assert_eq!(
            parameters(1 << 21, 0, 98, 72).judge(),
            Err(Reason::NoFinger)
        );
        assert_eq!(
            parameters(1 << 22, 4, 255, 255).judge(),
            Err(Reason::Searching)
        );
        assert_eq!(parameters(0, 4, 98, 72).judge(), Err(Reason::Invalid));
        assert_eq!(parameters(0, 0, 255, 72).judge(), Err(Reason::NoValue));
        for (system, exceptions, mark) in [
            (1 << 22, 0, Doubts::SEARCHING),
            (1 << 23, 0, Doubts::INTERFERENCE),
            (1 << 24, 0, Doubts::LOW_PERFUSION),
            (0, 1, Doubts::QUESTIONABLE),
            (0, 16, Doubts::EARLY_ESTIMATE),
        ] {
            assert!(
                parameters(system, exceptions, 91, 72)
                    .judge()
                    .unwrap()
                    .doubts
                    .has(mark)
            );
        }
    }

    #[test]
    fn exceptions_that_nobody_has_described_keep_their_number() {
        let names: Vec<_> = parameters(1 | 1 << 21 | 1 << 31, 0, 98, 72)
            .system_names()
            .collect();
        assert_eq!(names, ["rfu0", "sensor_off", "rfu31"]);
    }
}
