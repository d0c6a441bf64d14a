//! What a set scores, and what follows from it.

use serde::{Deserialize, Serialize};

use super::{Observations, OutOfRange, Parameter, in_range, table};
use crate::plan::Spo2Scale;
use crate::spo2::Spo2;

/// What each parameter scores; `None` where it is unknown. On scale 2 a saturation of 93 % and over scores 0 on air and up to 3
/// on oxygen: while that is unknown its points are unknown too, and counted as a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscores {
    /// 0 to 3.
    pub respiration_rate: Option<u8>,
    /// 0 to 3.
    pub spo2: Option<u8>,
    /// 0 or 2.
    pub on_oxygen: Option<u8>,
    /// 0 to 3.
    pub systolic_bp: Option<u8>,
    /// 0 to 3.
    pub pulse: Option<u8>,
    /// 0 or 3.
    pub consciousness: Option<u8>,
    /// 0 to 3.
    pub temperature: Option<u8>,
}

impl Subscores {
    /// What one parameter scores.
    #[must_use]
    pub const fn of(&self, parameter: Parameter) -> Option<u8> {
        match parameter {
            Parameter::RespirationRate => self.respiration_rate,
            Parameter::Spo2 => self.spo2,
            Parameter::OnOxygen => self.on_oxygen,
            Parameter::SystolicBp => self.systolic_bp,
            Parameter::Pulse => self.pulse,
            Parameter::Consciousness => self.consciousness,
            Parameter::Temperature => self.temperature,
        }
    }
}

/// What follows, by what a set scores at least (Royal College of Physicians 2017, thresholds and triggers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Response {
    /// 0: observed at least every 12 hours.
    #[serde(rename = "routine_12_hourly")]
    Routine,
    /// 1 to 4: a nurse assesses; observed every 4 to 6 hours.
    #[serde(rename = "nurse_assesses_4_to_6_hourly")]
    NurseAssesses,
    /// One parameter alone scores 3: urgent ward-based review; observed every hour.
    #[serde(rename = "urgent_ward_review_hourly")]
    UrgentWardReview,
    /// 5 or 6: urgent, within the hour.
    #[serde(rename = "urgent_within_the_hour")]
    Urgent,
    /// 7 and over: emergency.
    #[serde(rename = "emergency")]
    Emergency,
}

impl Response {
    /// As it is written in data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Routine => "routine_12_hourly",
            Self::NurseAssesses => "nurse_assesses_4_to_6_hourly",
            Self::UrgentWardReview => "urgent_ward_review_hourly",
            Self::Urgent => "urgent_within_the_hour",
            Self::Emergency => "emergency",
        }
    }

    const fn to(at_least: u8, single_three: bool) -> Self {
        match (at_least, single_three) {
            (7.., _) => Self::Emergency,
            (5..=6, _) => Self::Urgent,
            (_, true) => Self::UrgentWardReview,
            (1..=4, false) => Self::NurseAssesses,
            (0, false) => Self::Routine,
        }
    }
}

/// What a set scores, with the scale that it was scored on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The scale of the saturation.
    pub scale: Spo2Scale,
    /// 0 to 20; only of a whole set.
    pub total: Option<u8>,
    /// No completion of the set scores less.
    pub at_least: u8,
    /// No completion of the set scores more.
    pub at_most: u8,
    /// What is unknown, in the order of the chart.
    pub missing: Vec<Parameter>,
    /// What each parameter scores.
    pub subscores: Subscores,
    /// What follows, by `at_least`.
    pub response: Response,
}

impl Score {
    /// Whether a parameter that is known scores 3 alone, whatever else the set turns out to hold.
    #[must_use]
    pub fn has_a_three(&self) -> bool {
        Parameter::ALL
            .iter()
            .any(|parameter| self.subscores.of(*parameter) == Some(table::MOST))
    }
}

/// What a set scores on a scale.
///
/// `at_least` and `at_most` are exact: some completion of the set scores each of them. Where it is unknown whether the person
/// was on oxygen both are tried, since on scale 2 that changes what a saturation of 93 % and over scores.
///
/// # Errors
/// [`OutOfRange`] names a value outside what is taken.
pub fn score(set: &Observations, scale: Spo2Scale) -> Result<Score, OutOfRange> {
    in_range(set)?;
    let by_rows = |rows: &[table::Scores], value: Option<u16>, on_oxygen| match value {
        Some(value) => Span::exactly(table::points(rows, value, on_oxygen)),
        None => Span::up_to(table::most(rows)),
    };
    let spo2 = |on_oxygen| {
        let whole = set.spo2.map(Spo2::whole_percent);
        let rows = table::of_spo2(scale);
        by_rows(rows, whole, on_oxygen)
    };
    let plain = |rows, value| by_rows(rows, value, false);
    let respiration_rate = plain(table::of_respiration_rate(), set.respiration_rate);
    let systolic_bp = plain(table::of_systolic_bp(), set.systolic_bp);
    let pulse = plain(table::of_pulse(), set.pulse);
    let temperature = plain(table::of_temperature(), set.temperature_tenths);
    let consciousness = match set.consciousness {
        Some(level) => Span::exactly(table::of_consciousness(level)),
        None => Span::up_to(table::MOST),
    };
    let apart_from_oxygen = [
        respiration_rate,
        systolic_bp,
        pulse,
        consciousness,
        temperature,
    ];
    let whole = |on_oxygen| {
        let oxygen = Span::exactly(table::of_oxygen(on_oxygen));
        apart_from_oxygen
            .into_iter()
            .chain([oxygen, spo2(on_oxygen)])
            .fold(Span::exactly(0), Span::and)
    };
    let (range, spo2) = match set.on_oxygen {
        Some(on_oxygen) => (whole(on_oxygen), spo2(on_oxygen)),
        None => (whole(false).or(whole(true)), spo2(false).or(spo2(true))),
    };
    let subscores = Subscores {
        respiration_rate: respiration_rate.known(set.respiration_rate.is_some()),
        spo2: spo2.known(set.spo2.is_some()),
        on_oxygen: set.on_oxygen.map(table::of_oxygen),
        systolic_bp: systolic_bp.known(set.systolic_bp.is_some()),
        pulse: pulse.known(set.pulse.is_some()),
        consciousness: consciousness.known(set.consciousness.is_some()),
        temperature: temperature.known(set.temperature_tenths.is_some()),
    };
    let missing = set.missing();
    let mut score = Score {
        scale,
        total: missing.is_empty().then_some(range.least),
        at_least: range.least,
        at_most: range.most,
        missing,
        subscores,
        response: Response::Routine,
    };
    score.response = Response::to(score.at_least, score.has_a_three());
    Ok(score)
}

/// From so many points to so many.
#[derive(Clone, Copy)]
struct Span {
    least: u8,
    most: u8,
}

impl Span {
    const fn exactly(points: u8) -> Self {
        Self {
            least: points,
            most: points,
        }
    }

    const fn up_to(most: u8) -> Self {
        Self { least: 0, most }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            least: self.least + other.least,
            most: self.most + other.most,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }

    /// The points, where the value is known and they do not hang on what is not.
    fn known(self, is_known: bool) -> Option<u8> {
        (is_known && self.least == self.most).then_some(self.least)
    }
}
