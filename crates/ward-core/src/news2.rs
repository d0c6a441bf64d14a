//! NEWS2, the National Early Warning Score of the Royal College of Physicians (2017): seven parameters, two scales for the
//! saturation, and what follows from the total.
//!
//! A home oximeter gives one or two of the seven. What was not measured is never a 0: without the whole set there is no total,
//! but a least and a most, and what follows is read from the least. NEWS2 is not for people under 16 and not for pregnancy.
//! Its bands are not those of a plan for the home: 92 % is red there and scores 2 here, and neither is translated into the other.

mod score;
mod set;
pub mod table;
mod whole;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use score::{Response, Score, Subscores, score};
pub use set::{ObservedSet, news2_set};
pub use whole::{pulse_from, respiration_rate_from, spo2_from, systolic_bp_from, temperature_from};

use crate::patient::BirthDate;
use crate::plan_change::{ADULT_FROM, age_on};
use crate::reading::Consciousness;
use crate::spo2::Spo2;

/// What is scored, in the order of the College's chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// Breaths a minute.
    RespirationRate,
    /// Oxygen saturation, on either scale.
    Spo2,
    /// Air or oxygen.
    OnOxygen,
    /// Systolic blood pressure, mmHg.
    SystolicBp,
    /// Beats a minute.
    Pulse,
    /// Level of consciousness (ACVPU).
    Consciousness,
    /// Degrees Celsius.
    Temperature,
}

impl Parameter {
    /// All seven, in the order of the chart.
    pub const ALL: [Self; 7] = [
        Self::RespirationRate,
        Self::Spo2,
        Self::OnOxygen,
        Self::SystolicBp,
        Self::Pulse,
        Self::Consciousness,
        Self::Temperature,
    ];

    /// As it is called where values come in and scores go out.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RespirationRate => "respiration_rate",
            Self::Spo2 => "spo2",
            Self::OnOxygen => "on_oxygen",
            Self::SystolicBp => "systolic_bp",
            Self::Pulse => "pulse",
            Self::Consciousness => "consciousness",
            Self::Temperature => "temperature",
        }
    }
}

/// One set of observations; `None` is unknown, which is never normal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observations {
    /// Breaths a minute, 0 to 100.
    pub respiration_rate: Option<u16>,
    /// Oxygen saturation, judged rounded down to a whole percent.
    pub spo2: Option<Spo2>,
    /// Whether the person was on supplemental oxygen.
    pub on_oxygen: Option<bool>,
    /// mmHg, 20 to 300.
    pub systolic_bp: Option<u16>,
    /// Beats a minute, 20 to 350.
    pub pulse: Option<u16>,
    /// Level of consciousness.
    pub consciousness: Option<Consciousness>,
    /// Tenths of a degree Celsius, 250 to 450.
    pub temperature_tenths: Option<u16>,
}

impl Observations {
    /// What is unknown, in the order of the chart.
    #[must_use]
    pub fn missing(&self) -> Vec<Parameter> {
        let unknown = |parameter: &Parameter| match parameter {
            Parameter::RespirationRate => self.respiration_rate.is_none(),
            Parameter::Spo2 => self.spo2.is_none(),
            Parameter::OnOxygen => self.on_oxygen.is_none(),
            Parameter::SystolicBp => self.systolic_bp.is_none(),
            Parameter::Pulse => self.pulse.is_none(),
            Parameter::Consciousness => self.consciousness.is_none(),
            Parameter::Temperature => self.temperature_tenths.is_none(),
        };
        Parameter::ALL.into_iter().filter(unknown).collect()
    }
}

/// A value that cannot be scored. It is refused, not moved to the nearest one that can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} must lie between {from} and {to}", parameter.name())]
pub struct OutOfRange {
    /// Which.
    pub parameter: Parameter,
    /// The least that is taken, in the unit of the parameter.
    pub from: u16,
    /// The most that is taken.
    pub to: u16,
}

/// The least and the most that is taken of a parameter, in its unit (temperature: degrees Celsius).
#[must_use]
pub const fn taken(parameter: Parameter) -> Option<(u16, u16)> {
    match parameter {
        Parameter::RespirationRate => Some((0, 100)),
        Parameter::Spo2 => Some((1, 100)),
        Parameter::SystolicBp => Some((20, 300)),
        Parameter::Pulse => Some((20, 350)),
        Parameter::Temperature => Some((25, 45)),
        Parameter::OnOxygen | Parameter::Consciousness => None,
    }
}

/// Somebody whom the score is not for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("NEWS2 is not for people under {ADULT_FROM}: the patient is {age}")]
pub struct TooYoung {
    /// In whole years.
    pub age: i16,
}

/// Whether the score is for somebody born on this day: from 16 on, whatever the plan.
///
/// It is not for pregnancy either (Royal College of Physicians 2017). Pregnancy is not on record here, so a clinician leaves
/// NEWS2 out of such a plan, and every page that shows a score says whom it is not for.
///
/// # Errors
/// [`TooYoung`].
pub fn suits(birth_date: BirthDate, today: Date) -> Result<(), TooYoung> {
    let age = age_on(birth_date, today);
    if age < ADULT_FROM {
        Err(TooYoung { age })
    } else {
        Ok(())
    }
}

/// Whether a value of this parameter is taken; a temperature in tenths.
fn is_taken(parameter: Parameter, value: u16) -> bool {
    let parts = match parameter {
        Parameter::Temperature => 10,
        Parameter::RespirationRate
        | Parameter::Spo2
        | Parameter::OnOxygen
        | Parameter::SystolicBp
        | Parameter::Pulse
        | Parameter::Consciousness => 1,
    };
    taken(parameter).is_none_or(|(from, to)| (from * parts..=to * parts).contains(&value))
}

fn in_range(set: &Observations) -> Result<(), OutOfRange> {
    let whole = [
        (Parameter::RespirationRate, set.respiration_rate),
        (Parameter::SystolicBp, set.systolic_bp),
        (Parameter::Pulse, set.pulse),
        (Parameter::Temperature, set.temperature_tenths),
    ];
    let outside = whole
        .into_iter()
        .find(|(parameter, value)| value.is_some_and(|value| !is_taken(*parameter, value)));
    match outside.and_then(|(parameter, _)| Some((parameter, taken(parameter)?))) {
        Some((parameter, (from, to))) => Err(OutOfRange {
            parameter,
            from,
            to,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
