//! Exertion tests: what is told of one, and how those of a stay stand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::Band;
use crate::diary::{AdviceView, EnteredReading, From, Source};
use crate::observations::Oxygen;

/// `POST …/exertion-tests`: one test, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExertionRequest {
    /// Given by the sender: the same test sent twice is stored once.
    pub id: Uuid,
    /// What was asked of the patient.
    pub effort: Effort,
    /// Before. Under 96 % nobody is to be tested.
    pub rest: Measurement,
    /// The lowest during it, or just after.
    pub lowest: Measurement,
    /// After a rest, where it was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryRequest>,
    /// Why it was stopped before its end, 200 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_early: Option<String>,
    /// What was breathed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oxygen: Option<Oxygen>,
    /// When it ended. Left out, the last value is of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// The lowest lies above the value at rest, and is so.
    #[serde(default)]
    pub lowest_above_rest_is_so: bool,
    /// The value at rest is under 96 %: what was measured is kept all the same, and does not count as a test.
    #[serde(default)]
    pub as_readings: bool,
    /// Whose, and how it came.
    pub from: From,
}

/// What was asked of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Forty steps on the flat.
    FortySteps,
    /// Standing up and sitting down for one minute.
    OneMinuteSitToStand,
}

/// What an oximeter showed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Percent, as typed.
    pub spo2_percent: f64,
    /// Beats a minute, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse_bpm: Option<f64>,
}

/// What it showed after a rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryRequest {
    /// Percent, as typed.
    pub spo2_percent: f64,
    /// So many minutes after the effort, 1 to 60.
    pub after_minutes: u16,
}

/// What became of a test, and what to tell the patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExertionReply {
    /// The most urgent first: show it in this order.
    pub advice: Vec<AdviceView>,
    /// It was there already.
    pub repeated: bool,
    /// As it stands.
    pub test: ExertionView,
    /// Its readings, in the order in which they were measured: what is asked about one is answered at that reading.
    pub readings: Vec<EnteredReading>,
}

/// `GET …/exertion-tests`: the newest first, 50 at most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExertionList {
    /// Struck ones are among them.
    pub tests: Vec<ExertionView>,
    /// Names of the staff that they mention.
    pub staff: BTreeMap<Uuid, String>,
}

/// One test, by the values that count now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExertionView {
    /// Which.
    pub id: Uuid,
    /// What was asked of the patient.
    pub effort: Effort,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Percent at rest.
    pub rest_percent: Option<f64>,
    /// The lowest, percent.
    pub lowest_percent: Option<f64>,
    /// How far it fell, in points; nothing where it did not.
    pub fall_points: Option<f64>,
    /// Percent after a rest.
    pub recovery_percent: Option<f64>,
    /// After so many minutes.
    pub recovery_after_minutes: Option<u16>,
    /// Why it was stopped before its end.
    pub stopped_early: Option<String>,
    /// What was breathed.
    pub oxygen: Option<Oxygen>,
    /// It counts as a test: the person was at 96 % or more at rest, and neither it nor one of its two values was struck out.
    pub counts: bool,
    /// By the plan as it is now: amber for its fall, red for its lowest.
    pub band: Option<Band>,
    /// Who and how.
    pub source: Source,
    /// Struck through: who, when, why.
    #[schema(value_type = Option<Object>)]
    pub struck: Option<serde_json::Value>,
}
