//! What is taken beside saturation and pulse: the rest of a set of observations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was taken beside saturation and pulse; what is left out was not taken. A value outside its range is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Observations {
    /// Breaths a minute, a whole number from 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respiration_rate: Option<f64>,
    /// Systolic blood pressure, mmHg, a whole number from 20 to 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub systolic_bp: Option<f64>,
    /// Diastolic blood pressure, mmHg, a whole number from 10 to 250, lower than the systolic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diastolic_bp: Option<f64>,
    /// Degrees Celsius, 25 to 45; rounded once to a tenth, a half upwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Level of consciousness (ACVPU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consciousness: Option<Consciousness>,
    /// Air or oxygen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oxygen: Option<Oxygen>,
}

/// Level of consciousness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consciousness {
    /// Alert.
    Alert,
    /// New confusion.
    Confusion,
    /// Responds to voice.
    Voice,
    /// Responds to pain.
    Pain,
    /// Unresponsive.
    Unresponsive,
}

/// What was breathed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Oxygen {
    /// Room air. With braces, so that litres beside it are refused and not passed over.
    Air {},
    /// Supplemental oxygen.
    Supplemental {
        /// 0.1 to 80, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        litres_per_minute: Option<f64>,
    },
}
