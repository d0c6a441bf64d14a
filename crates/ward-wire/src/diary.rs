//! Questionnaires, diary entries, readings by hand, requests for help: what is entered, and what is answered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::Band;
use crate::observations::Observations;

/// Every version of every questionnaire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuestionnaireList {
    /// By name and version.
    pub questionnaires: Vec<QuestionnaireName>,
}

/// One version of a questionnaire, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuestionnaireName {
    /// `covid-oximetry-home`.
    pub name: String,
    /// 1, 2, 3 …
    pub version: u32,
    /// As the patient reads it.
    pub title: String,
}

/// One version of a questionnaire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Small letters, digits, hyphen and underscore.
    pub name: String,
    /// 1, 2, 3 … A version never changes.
    pub version: u32,
    /// As the patient reads it.
    pub title: String,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// By which its answer is known.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// How to answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether an entry is refused without it.
    #[serde(default)]
    pub required: bool,
    /// What can be answered.
    pub answer: AnswerKind,
}

/// What can be answered to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum AnswerKind {
    /// One of these, by its id.
    Choice {
        /// Two or more.
        options: Vec<Choice>,
    },
    /// `true` or `false`.
    YesNo {
        /// What a yes says to the ward.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        yes: Vec<Meaning>,
        /// What a no says to the ward.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        no: Vec<Meaning>,
    },
    /// A number.
    Number {
        /// `%`, `°C`.
        unit: String,
        /// At least.
        least: f64,
        /// At most.
        most: f64,
        /// Digits after the point, 0 or 1.
        #[serde(default)]
        decimals: u8,
        /// The part of a reading that it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measures: Option<Measures>,
    },
    /// The patient's own words.
    Text {
        /// Characters at most.
        longest: u16,
    },
}

/// Which part of a reading a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measures {
    /// Oxygen saturation, percent.
    Spo2,
    /// Beats a minute.
    Pulse,
    /// Breaths a minute.
    RespirationRate,
    /// Degrees Celsius.
    Temperature,
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answer.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// What it says to the ward.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Meaning>,
}

/// What an answer says to the ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "says", deny_unknown_fields)]
pub enum Meaning {
    /// A symptom.
    Symptom {
        /// `chest_pain`.
        code: String,
        /// How urgent.
        urgency: Urgency,
    },
    /// A wellbeing call is due.
    LowMood,
    /// A wellbeing call is due.
    Isolated,
    /// "Please call me".
    CallMe,
    /// "I have called 999".
    Called999,
}

/// How urgent a symptom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The ward is due a call.
    Amber,
    /// 999, and the ward acts now.
    Red,
}

/// One answer: true or false, a number, the id of a choice, or a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerValue {
    /// Yes or no.
    YesNo(bool),
    /// A number in the question's unit.
    Number(f64),
    /// What was chosen, or the patient's own words.
    Text(String),
}

/// Whose words staff write down, and how they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Whose.
    pub said_by: SaidBy,
    /// The carer's name, for a carer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<String>,
    /// How.
    pub means: Means,
}

/// Whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    /// The patient's.
    Patient,
    /// A carer's, by name.
    Carer,
    /// What staff saw or measured.
    Staff,
    /// A bridge; only in answers.
    Bridge,
}

/// How it came to the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// On the patient's own page; only in answers.
    Page,
    /// Told on the telephone.
    Telephone,
    /// Told on a video call.
    Video,
    /// At a home visit.
    Visit,
    /// Transcribed from paper.
    Paper,
    /// By a bridge; only in answers.
    Bridge,
}

/// Which questionnaire was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// `POST …/diary`: one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiaryRequest {
    /// Given by the sender: the same entry sent twice is stored once.
    pub id: Uuid,
    /// That of the stay's plan, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire: Option<Answered>,
    /// The time that it is about; now, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// By the ids of the questions.
    pub answers: BTreeMap<String, AnswerValue>,
    /// Whose words, and how they came: from staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// `POST …/readings`: one reading that a person gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingRequest {
    /// Given by the sender: the same reading sent twice is stored once.
    pub id: Uuid,
    /// Percent, as typed.
    pub spo2_percent: f64,
    /// Beats a minute, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse_bpm: Option<f64>,
    /// When it was measured; now, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// In what circumstances; at rest, where it is left out.
    #[serde(default)]
    pub context: Context,
    /// What was taken at the same time beside saturation and pulse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observations: Option<Observations>,
    /// Whose, and how it came: from staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// In what circumstances a reading was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// At rest.
    #[default]
    Rest,
    /// The lowest value of an exertion test.
    Exertion,
    /// The recovery value of an exertion test.
    Recovery,
}

/// `POST …/readings/{reading}/answer`: what is right about an odd value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// What is right.
    pub answer: OddAnswer,
    /// Whose answer, and how it came: from staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// What is right about an odd value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "it_is", deny_unknown_fields)]
pub enum OddAnswer {
    /// Looked at again: it is as typed.
    AsTyped,
    /// Oxygen and pulse were swapped.
    Swapped,
    /// Neither.
    Corrected {
        /// Percent.
        spo2_percent: f64,
        /// Beats a minute.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pulse_bpm: Option<f64>,
    },
}

/// `POST …/help`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpRequest {
    /// What.
    pub help: Help,
    /// Whose words, and how they came: from staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// What is asked of the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// "Please call me".
    CallMe,
    /// "I have called 999".
    Called999,
}

/// What became of something that was entered, and what to tell whoever entered it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnteredReply {
    /// The most urgent first: show it in this order.
    pub advice: Vec<AdviceView>,
    /// It was there already.
    pub repeated: bool,
    /// The readings.
    pub readings: Vec<EnteredReading>,
    /// A question about symptoms was not answered: ask it.
    pub unanswered: bool,
}

/// One piece of advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdviceView {
    /// Which: `call_999`, `red_value`, `carry_on` …
    pub advice: String,
    /// In words for the person at home.
    pub text: String,
}

/// A reading that was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnteredReading {
    /// Which.
    pub reading: Uuid,
    /// As it counts.
    pub spo2_percent: f64,
    /// As it counts.
    pub pulse_bpm: Option<f64>,
    /// By the patient's own plan.
    pub band: Band,
    /// What is asked about it: `swapped`, `very_low`, `unlikely_pulse`. Answer at `…/readings/{reading}/answer`.
    pub asked: Option<String>,
    /// Of the past, behind something newer: it pages nobody.
    pub over: bool,
}

/// Who said something, and how it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Whose words or values.
    pub said_by: SaidBy,
    /// The carer's name.
    pub carer: Option<String>,
    /// How.
    pub means: Means,
    /// The member of staff whose words they are, or who typed them: their name stands in `staff`.
    pub staff: Option<Uuid>,
}

/// `GET …/diary`: the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DiaryView {
    /// Struck ones are among them.
    pub entries: Vec<DiaryEntryView>,
    /// Names of the staff that the entries mention.
    pub staff: BTreeMap<Uuid, String>,
}

/// One diary entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DiaryEntryView {
    /// Which.
    pub id: Uuid,
    /// The time that it is about.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// Who and how.
    pub source: Source,
    /// What was answered.
    pub questionnaire: Answered,
    /// By the ids of the questions.
    pub answers: BTreeMap<String, AnswerValue>,
    /// What was heard in them.
    pub symptoms: Vec<SymptomView>,
    /// As bad as its worst symptom.
    pub band: Band,
    /// Every question about symptoms was answered.
    pub complete: bool,
    /// A wellbeing call is due.
    pub wellbeing: bool,
    /// The readings that came with it.
    pub readings: Vec<Uuid>,
    /// Struck through: who, when, why.
    #[schema(value_type = Option<Object>)]
    pub struck: Option<serde_json::Value>,
}

/// A symptom that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SymptomView {
    /// `chest_pain`.
    pub code: String,
    /// In words.
    pub words: String,
    /// How urgent.
    pub urgency: Urgency,
}

/// `GET …/chart`: the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChartView {
    /// Struck ones and copies are among them.
    pub readings: Vec<ChartReading>,
    /// Names of the staff that the readings mention.
    pub staff: BTreeMap<Uuid, String>,
}

/// One reading on a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChartReading {
    /// Which.
    pub reading: Uuid,
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// Who and how.
    pub source: Source,
    /// Percent; nothing for an attempt that gave no value.
    pub spo2_percent: Option<f64>,
    /// Beats a minute.
    pub pulse_bpm: Option<f64>,
    /// What the whole window held, for a continuous source whose bridge said it.
    pub summary: Option<crate::bridge::SummaryItem>,
    /// By the plan as it is now.
    pub band: Option<Band>,
    /// Why it may be wrong.
    pub doubts: Vec<String>,
    /// In what circumstances.
    pub context: Context,
    /// What was taken beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observations: Option<Observations>,
    /// As it was typed.
    pub typed: Option<TypedValues>,
    /// What is asked about it, and not answered yet.
    pub asked: Option<String>,
    /// The same measurement, heard by another bridge: counted once.
    pub copy: bool,
    /// Struck through: who, when, why.
    #[schema(value_type = Option<Object>)]
    pub struck: Option<serde_json::Value>,
}

/// Values as they were typed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TypedValues {
    /// Where the saturation belongs.
    pub spo2_percent: f64,
    /// Where the pulse belongs.
    pub pulse_bpm: Option<f64>,
}

/// `POST …/access`: a code for the patient, or for a carer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessRequest {
    /// The carer's name; the code is the patient's, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<String>,
}

/// A code, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessCode {
    /// To be typed in with the patient's date of birth.
    pub code: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// `POST /api/patient/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientSignIn {
    /// From the ward.
    pub code: String,
    /// The patient's, `1948-03-09`.
    pub birth_date: String,
}

/// A token, shown once, for `Authorization: Bearer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatientToken {
    /// Good for as long as the stay.
    pub token: String,
}
