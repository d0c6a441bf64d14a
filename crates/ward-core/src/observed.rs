//! What is taken beside saturation and pulse, as a person types it: respiration, blood pressure, temperature, level of
//! consciousness, and what was breathed.

use crate::news2::{self, Parameter};
use crate::reading::{Consciousness, ObservationSet, Oxygen};

/// A diastolic pressure that is taken, mmHg.
pub const DIASTOLIC: std::ops::RangeInclusive<u16> = 10..=250;

/// A flow of oxygen that is taken, tenths of a litre a minute: a concentrator at its least to a high-flow system at its most.
pub const FLOW_TENTHS: std::ops::RangeInclusive<u16> = 1..=800;

/// As typed; absent: not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TypedObservations {
    /// Breaths a minute.
    pub respiration_rate: Option<f64>,
    /// mmHg.
    pub systolic_bp: Option<f64>,
    /// mmHg.
    pub diastolic_bp: Option<f64>,
    /// Degrees Celsius.
    pub temperature: Option<f64>,
    /// Level of consciousness.
    pub consciousness: Option<Consciousness>,
    /// What was breathed.
    pub oxygen: Option<TypedOxygen>,
}

/// What was breathed, as typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TypedOxygen {
    /// Room air.
    Air,
    /// Supplemental oxygen.
    Supplemental {
        /// Litres a minute, where it is known.
        litres: Option<f64>,
    },
}

/// Which of them, by its name in the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Breaths a minute.
    RespirationRate,
    /// mmHg.
    SystolicBp,
    /// mmHg.
    DiastolicBp,
    /// Degrees Celsius.
    Temperature,
    /// Litres a minute.
    OxygenFlow,
}

impl Part {
    /// As the interface and the forms name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RespirationRate => "respiration_rate",
            Self::SystolicBp => "systolic_bp",
            Self::DiastolicBp => "diastolic_bp",
            Self::Temperature => "temperature",
            Self::OxygenFlow => "oxygen_flow",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::RespirationRate => "respiration rate",
            Self::SystolicBp => "systolic blood pressure",
            Self::DiastolicBp => "diastolic blood pressure",
            Self::Temperature => "temperature",
            Self::OxygenFlow => "oxygen flow",
        }
    }
}

/// Why typed observations were refused, and what is possible.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ObservationRefused {
    /// Not a value of this kind.
    #[error("{} must lie between {from} and {to}", part.words())]
    Range {
        /// Which.
        part: Part,
        /// At least.
        from: f64,
        /// At most.
        to: f64,
    },
    /// Counted, or read from a display that has none.
    #[error("{} must be a whole number", part.words())]
    NotWhole {
        /// Which.
        part: Part,
    },
    /// The lower one is the lower one.
    #[error("diastolic blood pressure must be lower than the systolic: are the two swapped?")]
    PressuresSwapped,
    /// Alone it says nothing.
    #[error("a diastolic blood pressure needs the systolic beside it")]
    DiastolicAlone,
}

impl ObservationRefused {
    /// The field to look at.
    #[must_use]
    pub const fn part(self) -> Part {
        match self {
            Self::Range { part, .. } | Self::NotWhole { part } => part,
            Self::PressuresSwapped => Part::DiastolicBp,
            Self::DiastolicAlone => Part::SystolicBp,
        }
    }
}

impl TypedObservations {
    /// As they are stored. Nothing is moved into its range; a temperature is rounded once, to a tenth.
    ///
    /// # Errors
    /// [`ObservationRefused`] names the first that cannot be.
    pub fn taken(self) -> Result<ObservationSet, ObservationRefused> {
        let scored = |parameter| news2::taken(parameter).unwrap_or((0, 0));
        let respiration_rate = whole(
            Part::RespirationRate,
            self.respiration_rate,
            scored(Parameter::RespirationRate),
        )?;
        let systolic_bp = whole(
            Part::SystolicBp,
            self.systolic_bp,
            scored(Parameter::SystolicBp),
        )?;
        let diastolic_bp = whole(
            Part::DiastolicBp,
            self.diastolic_bp,
            (*DIASTOLIC.start(), *DIASTOLIC.end()),
        )?;
        match (systolic_bp, diastolic_bp) {
            (None, Some(_)) => return Err(ObservationRefused::DiastolicAlone),
            (Some(systolic), Some(diastolic)) if diastolic >= systolic => {
                return Err(ObservationRefused::PressuresSwapped);
            }
            (_, None) | (Some(_), Some(_)) => {}
        }
        let temperature = self.temperature.map(|celsius| {
            let (from, to) = scored(Parameter::Temperature);
            news2::temperature_from(celsius).map_err(|_| range(Part::Temperature, from, to))
        });
        Ok(ObservationSet {
            respiration_rate,
            systolic_bp,
            diastolic_bp,
            temperature_tenths: temperature.transpose()?,
            consciousness: self.consciousness,
            oxygen: match self.oxygen {
                None => None,
                Some(TypedOxygen::Air) => Some(Oxygen::Air),
                Some(TypedOxygen::Supplemental { litres }) => Some(Oxygen::Supplemental {
                    flow_tenths: litres.map(flow).transpose()?,
                }),
            },
        })
    }
}

fn range(part: Part, from: u16, to: u16) -> ObservationRefused {
    ObservationRefused::Range {
        part,
        from: f64::from(from),
        to: f64::from(to),
    }
}

fn whole(
    part: Part,
    given: Option<f64>,
    (from, to): (u16, u16),
) -> Result<Option<u16>, ObservationRefused> {
    let Some(given) = given else { return Ok(None) };
    if !(f64::from(from)..=f64::from(to)).contains(&given) {
        return Err(range(part, from, to));
    }
    // So few that looking through them is as good as a cast, and cannot be wrong.
    let found = (from..=to).find(|value| f64::from(*value) == given);
    found.map(Some).ok_or(ObservationRefused::NotWhole { part })
}

/// To the nearest tenth.
fn flow(litres: f64) -> Result<u16, ObservationRefused> {
    let refused = ObservationRefused::Range {
        part: Part::OxygenFlow,
        from: f64::from(*FLOW_TENTHS.start()) / 10.0,
        to: f64::from(*FLOW_TENTHS.end()) / 10.0,
    };
    let nearest = |tenths: &u16| (litres * 10.0 - f64::from(*tenths)).abs() <= 0.5;
    let within = 0.1..=80.0;
    if within.contains(&litres) {
        FLOW_TENTHS.into_iter().find(nearest).ok_or(refused)
    } else {
        Err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(typed: TypedObservations) -> String {
        typed.taken().unwrap_err().to_string()
    }

    #[test]
    fn a_full_set_is_taken_as_it_was_typed() {
        let typed = TypedObservations {
            respiration_rate: Some(18.0),
            systolic_bp: Some(128.0),
            diastolic_bp: Some(76.0),
            temperature: Some(37.85),
            consciousness: Some(Consciousness::Confusion),
            oxygen: Some(TypedOxygen::Supplemental { litres: Some(1.5) }),
        };
        let expected = ObservationSet {
            respiration_rate: Some(18),
            systolic_bp: Some(128),
            diastolic_bp: Some(76),
            temperature_tenths: Some(379),
            consciousness: Some(Consciousness::Confusion),
            oxygen: Some(Oxygen::Supplemental {
                flow_tenths: Some(15),
            }),
        };
        assert_eq!(typed.taken(), Ok(expected));
        let nothing = TypedObservations::default().taken().unwrap();
        assert!(nothing.is_empty());
    }

    #[test]
    fn what_cannot_be_is_refused_and_never_moved() {
        let none = TypedObservations::default();
        for (breaths, told) in [
            (100.5, "respiration rate must lie between 0 and 100"),
            (-1.0, "respiration rate must lie between 0 and 100"),
            (f64::NAN, "respiration rate must lie between 0 and 100"),
            (17.5, "respiration rate must be a whole number"),
        ] {
            let respiration_rate = Some(breaths);
            assert_eq!(
                refused(TypedObservations {
                    respiration_rate,
                    ..none
                }),
                told
            );
        }
        for celsius in [24.9, 45.01, 98.6, f64::INFINITY] {
            let temperature = Some(celsius);
            assert_eq!(
                refused(TypedObservations {
                    temperature,
                    ..none
                }),
                "temperature must lie between 25 and 45"
            );
        }
        for litres in [0.0, 80.1, f64::NAN] {
            let oxygen = Some(TypedOxygen::Supplemental {
                litres: Some(litres),
            });
            assert_eq!(
                refused(TypedObservations { oxygen, ..none }),
                "oxygen flow must lie between 0.1 and 80"
            );
        }
    }

    #[test]
    fn two_pressures_that_are_swapped_or_halved_are_asked_about() {
        let of = |systolic_bp, diastolic_bp| TypedObservations {
            systolic_bp,
            diastolic_bp,
            ..TypedObservations::default()
        };
        assert_eq!(
            of(Some(80.0), Some(120.0)).taken(),
            Err(ObservationRefused::PressuresSwapped)
        );
        assert_eq!(
            of(Some(80.0), Some(80.0)).taken(),
            Err(ObservationRefused::PressuresSwapped)
        );
        assert_eq!(
            of(None, Some(80.0)).taken(),
            Err(ObservationRefused::DiastolicAlone)
        );
        assert!(of(Some(120.0), None).taken().is_ok());
    }

    #[test]
    fn every_flow_of_a_tenth_survives_being_typed() {
        for tenths in FLOW_TENTHS {
            let litres = Some(f64::from(tenths) / 10.0);
            let oxygen = Some(TypedOxygen::Supplemental { litres });
            let typed = TypedObservations {
                oxygen,
                ..TypedObservations::default()
            };
            let taken = typed.taken().unwrap().oxygen;
            assert_eq!(
                taken,
                Some(Oxygen::Supplemental {
                    flow_tenths: Some(tenths)
                })
            );
        }
    }
}
