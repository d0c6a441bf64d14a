//! The way through a ward: stays, and the person behind one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a stay is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Admitted to hospital, expected back.
    InHospital,
    /// In respite or another place of care.
    InRespite,
    /// Away, by agreement.
    Away,
}

/// Where a patient goes at the end of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Stays at home, to the GP's care.
    Home,
    /// Stays at home with a community team.
    CommunityTeam,
    /// A care home.
    CareHome,
    /// Admitted to hospital.
    Hospital,
    /// Hospice or end-of-life care.
    Hospice,
    /// Has withdrawn from the ward.
    Withdrawn,
    /// Has died.
    Died,
}

/// How readings and diaries come to the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A bridge reads the oximeter.
    Bridge,
    /// The patient's page on a phone or tablet.
    Page,
    /// Told on the telephone.
    Telephone,
    /// Written on paper and transcribed.
    Paper,
}

/// How a patient is at the end of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StayOutcome {
    /// As well as before.
    Recovered,
    /// Better, and better still to come.
    Improving,
    /// Still unwell: a further clinical assessment is arranged.
    StillUnwell,
    /// Worse, and looked after elsewhere.
    Worse,
    /// The patient did not want to go on.
    Withdrew,
}

/// Between admission and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum StayPhase {
    /// At home and looked after.
    Active,
    /// Somebody else looks after the patient.
    Paused {
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        since: Timestamp,
        /// Why.
        reason: PauseReason,
    },
    /// Over.
    Ended {
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// Where the patient went.
        destination: Destination,
    },
}

/// `POST …/stays/{stay}/pause`. For a hospital admission open alerts are closed; otherwise they must be resolved first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseRequest {
    /// Why.
    pub reason: PauseReason,
    /// In your words, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// `POST …/stays/{stay}/resume`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeRequest {
    /// When the patient left the hospital bed, for one who was in hospital; the time of the request when it is not said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// In your words, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// `POST …/stays/{stay}/discharge`. Refused while an alert is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DischargeRequest {
    /// Where to; a death or a hospital admission has a request of its own.
    pub destination: Destination,
    /// How the patient is.
    pub outcome: StayOutcome,
    /// For the GP, up to 8,000 characters.
    pub summary: String,
    /// Who sees to the patient now, up to 1,000 characters; a must for somebody who is still unwell or worse.
    #[serde(default)]
    pub follow_up: String,
    /// The day by which the kit is wanted back: within 60 days.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub kit_due_back: Option<Date>,
}

/// `POST …/stays/{stay}/death`: closes every open alert and stops every prompt at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeathRequest {
    /// How the ward came to know, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// `POST …/stays/{stay}/hospital`: closes every open alert and stops every prompt at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HospitalRequest {
    /// Expected back on this ward: the stay is paused. Otherwise it ends.
    pub expected_back: bool,
    /// Where and why, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// `POST …/stays/{stay}/transfer`: the patient, the chart, the kit and open alerts go to another ward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    /// The ward.
    pub to: Uuid,
    /// In your words, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// `POST …/stays/{stay}/channel`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelRequest {
    /// From now on.
    pub channel: Channel,
    /// In your words, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// A stay after a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StayView {
    /// Its id; it keeps it when the patient changes wards.
    pub stay: Uuid,
    /// The ward on which it is now.
    pub ward: Uuid,
    /// The person.
    pub patient: Uuid,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub admitted_at: Timestamp,
    /// How it stands.
    #[serde(flatten)]
    pub phase: StayPhase,
    /// How readings and diaries come.
    pub channel: Channel,
    /// The usual saturation at rest, in percent.
    pub baseline_spo2_percent: Option<f64>,
}

/// `GET …/stays/{stay}`: the stay, the person, and what can be done now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StayRecordView {
    /// The stay.
    #[serde(flatten)]
    pub stay: StayView,
    /// The person.
    pub person: PatientView,
    /// Numbers of the open alerts.
    pub open_alerts: Vec<i64>,
    /// What can be done with the stay now, in words.
    pub possible: Vec<String>,
    /// What asked for it.
    pub referral: Option<Uuid>,
    /// The stay after which the patient came back.
    pub readmission_of: Option<Uuid>,
    /// When the patient last left a hospital bed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// How it ended.
    pub end: Option<EndView>,
    /// Why each step was taken, oldest first.
    pub notes: Vec<NoteView>,
}

/// How a stay ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EndView {
    /// Who ended it.
    pub by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Where the patient went.
    pub destination: Destination,
    /// How the patient was.
    pub outcome: Option<StayOutcome>,
    /// For the GP.
    pub summary: String,
    /// Who sees to the patient now.
    pub follow_up: String,
    /// The day by which the kit is wanted back.
    #[schema(value_type = Option<String>, format = Date)]
    pub kit_due_back: Option<Date>,
}

/// A step and why it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoteView {
    /// Who.
    pub by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Which step.
    pub step: String,
    /// In their words.
    pub text: String,
}

/// What is known of a person. The same in a request: what is left out is not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// With or without spaces.
    pub nhs_number: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Day of birth.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// Phone.
    #[serde(default)]
    pub phone: String,
    /// Address; may be empty for somebody who is reached through a worker or place.
    #[serde(default)]
    pub address: String,
    /// How to get in.
    #[serde(default)]
    pub door_access: String,
    /// Who else is there.
    #[serde(default)]
    pub others_at_home: String,
    /// Oxygen at home.
    #[serde(default)]
    pub oxygen_at_home: String,
    /// Treatment-escalation plan and wishes.
    #[serde(default)]
    pub escalation_plan: String,
    /// More of the person.
    #[serde(default)]
    pub details: PersonDetails,
}

/// A person on record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PatientView {
    /// Our own id.
    pub patient: Uuid,
    /// `FAMILY NAME, Given`.
    pub name: String,
    /// What is known.
    pub known: Person,
}

/// More of a person. Everything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonDetails {
    /// As the person states it.
    pub sex: Option<Sex>,
    /// The language to speak with them; empty for English.
    pub language: String,
    /// An interpreter is needed.
    pub interpreter: bool,
    /// A relay service carries their calls.
    pub relay: Option<Relay>,
    /// Hearing, sight, speech, understanding: what staff must do about it.
    pub communication_needs: String,
    /// For somebody without a fixed address.
    pub reached_through: Option<ReachedThrough>,
    /// Who gets the summary.
    pub gp_practice: Option<GpPractice>,
    /// Whom to ring when the person does not answer, in this order; up to five.
    pub next_of_kin: Vec<NextOfKin>,
    /// What the home can carry.
    pub home: HomeCheck,
}

/// As the person states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of these.
    Indeterminate,
}

/// A service between the ward's phone and the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relay {
    /// Text to speech and back.
    TextRelay,
    /// A sign language interpreter on video.
    SignLanguage,
}

/// The worker or place through which a person without a fixed address is reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReachedThrough {
    /// Who.
    pub name: String,
    /// For whom they work.
    pub organisation: String,
    /// Their phone.
    pub phone: String,
    /// Where the person is usually found, and when.
    pub place: String,
}

/// A general practice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GpPractice {
    /// `P81001`.
    pub ods_code: String,
    /// In full.
    pub name: String,
    /// Phone.
    pub phone: String,
}

/// Somebody to ring when the person does not answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NextOfKin {
    /// Who.
    pub name: String,
    /// Daughter, neighbour.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// Whether the person lets the ward talk with them about their health.
    pub may_be_told: bool,
    /// Whether they have a key.
    pub has_key: bool,
}

/// What the home can carry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HomeCheck {
    /// Warm enough.
    pub heating_works: Option<bool>,
    /// What is done when the power is cut.
    pub power_cut_plan: String,
    /// Whether a mobile phone has signal there.
    pub mobile_signal: Option<bool>,
    /// Anything else that a visitor must know.
    pub remarks: String,
}
