//! People before they are on a ward: found, compared, referred, reviewed, admitted.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::pathway::{Channel, PatientView, Person, StayPhase};

/// Where a referral comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferralSource {
    /// The review of new positive results.
    CaseFinding,
    /// General practice.
    GeneralPractice,
    /// NHS 111.
    Nhs111,
    /// The ambulance service.
    Ambulance,
    /// An emergency department.
    EmergencyDepartment,
    /// A hospital ward, on the way home.
    HospitalWard,
    /// A care home.
    CareHome,
    /// Community services.
    CommunityServices,
    /// The person themselves, or their carer.
    SelfReferral,
    /// Somebody who was on this or another virtual ward before.
    Readmission,
}

/// What the person said when they were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAnswer {
    /// Yes.
    Given,
    /// They cannot decide; decided in their best interests.
    BestInterests,
    /// No.
    Refused,
}

/// How soon somebody is to be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    Immediate,
    /// Today.
    Today,
    /// Tomorrow will do.
    NextDay,
}

/// Why somebody is not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Too unwell to be at home: sent to hospital.
    TooUnwell,
    /// Outside the ward's criteria.
    OutsideCriteria,
    /// The person does not want it.
    NotWanted,
    /// Nobody at home can do it, and no way was found.
    NotSafeAtHome,
    /// The ward has no room.
    NoCapacity,
    /// Looked after elsewhere already.
    LookedAfterElsewhere,
    /// Could not be reached on any of the ladder's steps.
    NotReached,
    /// Any other.
    Other,
}

/// `POST …/referrals`. A person who is on record under this NHS number is recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferRequest {
    /// Who.
    pub person: Person,
    /// Where it comes from.
    pub source: ReferralSource,
    /// The person or team who asks, up to 100 characters.
    pub referred_by: String,
    /// Why, up to 1,000 characters.
    pub reason: String,
    /// What the person said, if they were asked.
    #[serde(default)]
    pub consent: Option<ConsentAnswer>,
    /// When they left the hospital bed they come from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// Somebody has compared them with those on record who are like them, and they are none of these.
    #[serde(default)]
    pub confirmed_new: bool,
}

/// `POST …/referrals/{referral}/step`: one step, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum ReferralStep {
    /// A clinician has looked. Can be said anew.
    Triage {
        /// How soon.
        urgency: Urgency,
    },
    /// The person was asked.
    Consent {
        /// What they said.
        answer: ConsentAnswer,
    },
    /// The ward takes the person on: after triage, and with consent.
    Accept,
    /// The ward does not.
    Decline {
        /// Why.
        reason: DeclineReason,
    },
    /// Whoever made it takes it back.
    Withdraw,
}

/// A referral and its person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReferralView {
    /// Its id.
    pub referral: Uuid,
    /// The person.
    pub patient: Uuid,
    /// `FAMILY NAME, Given`; missing in the answer to a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// Where it comes from.
    pub source: ReferralSource,
    /// Who asks.
    pub referred_by: String,
    /// Why.
    pub reason: String,
    /// What the person said; missing while nobody has asked.
    pub consent: Option<ConsentAnswer>,
    /// `referred`, `triaged`, `accepted`, `admitted`, `declined`, `withdrawn`.
    pub state: String,
    /// How soon, once triaged.
    pub urgency: Option<Urgency>,
    /// Why not, once declined.
    pub decline_reason: Option<DeclineReason>,
    /// The stay, once admitted.
    pub stay: Option<Uuid>,
    /// When they left the hospital bed they come from.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// What can be done with it now, in words.
    pub possible: Vec<String>,
}

/// Referrals to a ward, the newest first, up to 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReferralList {
    /// The referrals.
    pub referrals: Vec<ReferralView>,
}

/// When the ward rings somebody: day 1 is the day of admission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionContact {
    /// Every day.
    Daily,
    /// On these days.
    Days(Vec<u16>),
    /// Every so many days.
    EveryDays(u16),
}

/// How a stay begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdmissionTerms {
    /// The pathway to begin with, `covid-virtual-ward`; the ward's own defaults, if none is named.
    pub template: Option<String>,
    /// Another contact schedule than the pathway's.
    pub contact: Option<AdmissionContact>,
    /// The usual saturation at rest, in percent.
    pub baseline_spo2_percent: Option<f64>,
    /// How readings and diaries come; a bridge, if it is not said.
    pub channel: Option<Channel>,
}

/// `POST …/referrals/{referral}/admit`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdmitRequest {
    /// How the stay begins.
    pub terms: AdmissionTerms,
}

/// `POST …/patients/{patient}/readmit`. Who comes back from another ward is referred first, with source `readmission`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadmitRequest {
    /// Why, up to 1,000 characters.
    pub reason: String,
    /// The person is recorded as having died, and somebody has checked that they are alive.
    #[serde(default)]
    pub death_was_wrong: bool,
    /// When they left the hospital bed they come from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// How the stay begins.
    #[serde(default)]
    pub terms: AdmissionTerms,
}

/// People who were found, up to 50.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundList {
    /// The people.
    pub people: Vec<FoundPerson>,
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundPerson {
    /// The person.
    pub person: PatientView,
    /// Their stays on any ward of the organisation, the newest first.
    pub stays: Vec<FoundStay>,
}

/// People of the organisation who may be the one who was asked about, the likeliest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlikeList {
    /// The people.
    pub people: Vec<AlikePerson>,
}

/// Somebody who may be the one who was asked about. Of somebody whom only other wards know, no more is said than they are
/// recognised by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlikePerson {
    /// `FAMILY NAME, Given`.
    pub name: String,
    /// Day of birth.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// Why they may be the same: `same_number`, `nearly_the_same_number`, `same_name_and_birth`, `same_name_and_phone`.
    pub likeness: String,
    /// Whether the NHS number is theirs as it was typed.
    pub nhs_number_matches: bool,
    /// The names of the wards to ring about them, the one where they are first.
    pub wards: Vec<String>,
    /// The whole record, if this ward reaches them.
    pub here: Option<FoundPerson>,
}

/// A stay of somebody who was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundStay {
    /// Its id.
    pub stay: Uuid,
    /// Where.
    pub ward: Uuid,
    /// What that ward is called.
    pub ward_name: String,
    /// How it stands.
    #[serde(flatten)]
    pub phase: StayPhase,
}

/// What became of a list of new positive results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CasesImported {
    /// People who are new on the list.
    pub new: u32,
    /// People who stood on it with the same result.
    pub known: u32,
    /// Lines that were not taken.
    pub refused: Vec<LineRefused>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LineRefused {
    /// From 1; the first holds the names of the columns.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// People of the list, up to 500.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseList {
    /// The longest on it first.
    pub cases: Vec<CaseView>,
}

/// A person of the list of new positive results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    pub case: Uuid,
    /// When the list was taken in.
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
    /// With spaces.
    pub nhs_number: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Day of birth.
    #[schema(value_type = String, format = Date)]
    pub birth_date: Date,
    /// Whole years today.
    pub age: i16,
    /// 65 or over: within the criteria by age alone. Anybody younger is for a clinician to judge.
    pub meets_age: bool,
    /// Phone; may be empty.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// The day of the positive result.
    #[schema(value_type = String, format = Date)]
    pub result_on: Date,
    /// `new`, `deferred`, `accepted`, `declined`.
    pub state: String,
    /// To be looked at again on that day.
    #[schema(value_type = Option<String>, format = Date)]
    pub deferred_until: Option<Date>,
    /// The referral, once accepted.
    pub referral: Option<Uuid>,
}

/// `POST …/cases/{case}/review`: one decision, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum CaseReview {
    /// A referral is made.
    Accept {
        /// What the person said, if they were asked.
        #[serde(default)]
        consent: Option<ConsentAnswer>,
        /// Somebody has compared them with those on record who are like them.
        #[serde(default)]
        confirmed_new: bool,
    },
    /// Not for this ward.
    Decline {
        /// Why.
        reason: DeclineReason,
    },
    /// Look again on that day.
    Defer {
        /// A day of the coming week.
        #[schema(value_type = String, format = Date)]
        until: Date,
        /// Why, up to 1,000 characters.
        reason: String,
    },
}
