//! The daily-contact call list, and what a call handler does from it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::{Band, ByWhom, PointView, Severity, WardView};

/// `GET /api/wards/{ward}/call-list`: every open stay of the ward stands in one of the four parts, and in one only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallListView {
    /// The ward.
    pub ward: WardView,
    /// The last event that this list contains. Take the list again when the feed says that something has changed.
    pub as_of: i64,
    /// By the service's clock.
    #[schema(value_type = String, format = DateTime)]
    pub server_time: Timestamp,
    /// The day that it is on the ward.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// To be rung, the most urgent first.
    pub to_call: Vec<CallRow>,
    /// In hospital or away: not to be rung at home.
    pub paused: Vec<CallRow>,
    /// A senior clinician has stopped the ladder; nothing has fallen due since.
    pub stopped: Vec<CallRow>,
    /// Nothing is due today.
    pub not_due: Vec<CallRow>,
    /// Names of the staff that the rows mention, by id.
    pub staff: BTreeMap<Uuid, String>,
}

/// One person on the list, with what is needed to ring them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRow {
    /// The stay.
    pub stay: Uuid,
    /// `FAMILY NAME, Given`.
    pub name: String,
    /// `09-Mar-1948`.
    pub birth_date: String,
    /// With spaces, `943 476 5919`.
    pub nhs_number: String,
    /// Phone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// The language to speak with them; empty for English.
    pub language: String,
    /// An interpreter is needed.
    pub interpreter: bool,
    /// A relay service carries their calls: `text_relay`, `sign_language`.
    pub relay: Option<String>,
    /// What staff must do about hearing, sight, speech, understanding.
    pub communication_needs: String,
    /// Through whom or where somebody without a fixed address is reached.
    pub reached_through: Option<String>,
    /// Whom to ring when the person does not answer, in this order.
    pub next_of_kin: Vec<NextOfKinView>,
    /// The day of the stay, from 1.
    pub day: i64,
    /// How many days the stay is planned for.
    pub planned_days: u16,
    /// Why, the most urgent reason first.
    pub reasons: Vec<ReasonView>,
    /// The newest values, oldest first.
    pub readings: Vec<PointView>,
    /// When the last measurement was made, with a value or without.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_tried_at: Option<Timestamp>,
    /// When the patient, or who speaks for them, was last reached.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reached_at: Option<Timestamp>,
    /// The newest call, whatever came of it.
    pub last: Option<LastCallView>,
    /// What was tried since they were last reached, and what to do next.
    pub ladder: Option<LadderView>,
    /// Who is seeing to it.
    pub claim: Option<ClaimView>,
    /// Who stopped the ladder, and when; the reason stands in the contacts.
    pub stopped: Option<ByWhom>,
    /// A visit that is booked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub visit_at: Option<Timestamp>,
    /// In hospital or away since.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paused_since: Option<Timestamp>,
    /// For who is not due: the next day that a contact is due on.
    #[schema(value_type = Option<String>, format = Date)]
    pub next_on: Option<Date>,
}

/// Somebody to ring when the person does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextOfKinView {
    /// Who.
    pub name: String,
    /// Daughter, neighbour.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// Whether the person lets the ward talk with them about their health.
    pub may_be_told: bool,
}

/// Why somebody is on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonView {
    /// `open_red`, `asked_for_help`, `open_amber`, `carried_over`, `silence`, `new_today`, `due_today`, `planned_end`,
    /// `open_low`, or what was asked for or agreed: `call_back`, `wellbeing`, `next_contact`, `visit`, `back_home`,
    /// `owed_before`.
    pub code: String,
    /// For an alert: how urgent.
    pub severity: Option<Severity>,
    /// For an alert: about what.
    pub problem: Option<String>,
    /// For an alert: its number.
    pub alert: Option<i64>,
    /// For an alert: the patient was reached after it last spoke.
    pub reached_since: bool,
    /// Carried over since this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub since: Option<Date>,
    /// Asked for, or agreed, for this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
}

/// The newest call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastCallView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Whose name the list's `staff` gives.
    pub by: Uuid,
    /// Who rang whom.
    pub direction: Direction,
    /// How.
    pub way: Way,
    /// With whom.
    pub whom: Whom,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// Where somebody who does not answer stands on the contact ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LadderView {
    /// What to do next: `patient`, `next_of_kin`, `visit`, `welfare_check`, `hear_of_welfare_check`.
    pub next: String,
    /// The next try of the patient counts as one at another time from then on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub again_from: Option<Timestamp>,
    /// Since when it has been tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_at: Option<Timestamp>,
    /// Tries of the patient.
    pub tries_of_patient: u32,
    /// Those of them at different times.
    pub at_different_times: u32,
    /// Tries of next of kin.
    pub tries_of_next_of_kin: u32,
    /// Visits that met nobody.
    pub visits: u32,
    /// Welfare checks asked for.
    pub welfare_checks: u32,
    /// The number on record is another's.
    pub wrong_number: bool,
}

/// Who is seeing to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimView {
    /// Who.
    pub clinician: Uuid,
    /// Their name.
    pub name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Held so long that they may have forgotten.
    pub old: bool,
}

/// `POST /api/wards/{ward}/calls/{stay}/claim`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// To take a call over: the claim as it stands on the screen.
    #[serde(default)]
    pub over: Option<OverClaim>,
}

/// The claim that somebody takes over.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverClaim {
    /// Whose it is.
    pub clinician: Uuid,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// `POST /api/wards/{ward}/calls/{stay}/contacts`, and `…/incoming` for a call that came in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogContactRequest {
    /// Given by the screen, so that a second press of the button writes nothing twice.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// When it was made, if not just now: within the last seven days.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// How.
    pub way: Way,
    /// With whom.
    pub whom: Whom,
    /// Their name, unless it is the patient; up to 200 characters.
    #[serde(default)]
    pub name: String,
    /// What came of it.
    pub outcome: CallOutcome,
    /// By which two different identifiers it was made sure that this is the person; always when they were reached.
    #[serde(default)]
    pub identity: Option<[Identifier; 2]>,
    /// Who helped to understand one another.
    #[serde(default)]
    pub support: Support,
    /// How they are, body and mind.
    #[serde(default)]
    pub wellbeing: Wellbeing,
    /// Red symptoms that were told or heard: `cannot_complete_sentences`, `seriously_unwell`, `blue_lips`,
    /// `new_confusion`, `chest_pain`.
    #[serde(default)]
    pub symptoms: Vec<String>,
    /// What was asked of the ward beyond this call.
    #[serde(default)]
    pub help: Option<Help>,
    /// Values that were told: ten at most. They are readings like any other.
    #[serde(default)]
    pub readings: Vec<ToldReading>,
    /// The advice that was given.
    #[serde(default)]
    pub advice: Vec<Advice>,
    /// When the ward will be in touch again, if that was agreed.
    #[serde(default)]
    pub next: Option<NextContact>,
    /// In the caller's words, up to 4,000 characters.
    #[serde(default)]
    pub note: String,
}

/// Values that were told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldReading {
    /// Given by the screen, so that a repeat meets itself.
    pub id: Uuid,
    /// Where the saturation belongs, in percent. An odd value is kept and asked about.
    pub spo2_percent: f64,
    /// Where the pulse belongs, in beats a minute.
    #[serde(default)]
    pub pulse_bpm: Option<f64>,
    /// When they were measured, as they say; now, where they do not.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// What was taken or told beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observations: Option<crate::observations::Observations>,
}

/// What became of values that were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToldReadingView {
    /// Its id.
    pub id: Uuid,
    /// How low it is, by the person's own plan.
    pub band: Band,
    /// What is odd about it, and must be asked: `swapped`, `very_low`, `unlikely_pulse`.
    pub odd: Option<String>,
}

/// What to tell whoever was spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SayView {
    /// `call_999`, `red_value` …
    pub code: String,
    /// In full.
    pub text: String,
}

/// Who rang whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallDirection)]
pub enum Direction {
    /// The ward rang or came.
    FromWard,
    /// Somebody rang the ward.
    ToWard,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallWay)]
pub enum Way {
    /// By telephone.
    Telephone,
    /// By video.
    Video,
    /// At the door.
    Visit,
}

/// With whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallWhom)]
pub enum Whom {
    /// The patient.
    Patient,
    /// Somebody who cares for the patient and speaks for them.
    Carer,
    /// Next of kin, a neighbour: they do not speak for the patient.
    NextOfKin,
    /// Who was asked to look whether the person is well.
    WelfareCheck,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// They were spoken to.
    Reached,
    /// Nobody answered, or nobody opened.
    NoAnswer,
    /// A message was left.
    LeftMessage,
    /// The number is another's, or whoever answered could not say who they are.
    WrongNumber,
}

/// Something that only the person, or who cares for them, can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallIdentifier)]
pub enum Identifier {
    /// First and family name.
    FullName,
    /// Day of birth.
    BirthDate,
    /// First line of the address and postcode.
    Address,
    /// NHS number.
    NhsNumber,
    /// Known by sight: for visits and video.
    KnownBySight,
}

/// Who helped to understand one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallSupport)]
pub enum Support {
    /// Nobody.
    #[default]
    None,
    /// An interpreter.
    Interpreter,
    /// A text or video relay.
    Relay,
    /// A family member who translated.
    Family,
}

/// Against yesterday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallChange)]
pub enum Change {
    /// Better.
    Better,
    /// The same.
    Same,
    /// Worse.
    Worse,
}

/// In what spirits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallMood)]
pub enum Mood {
    /// Well enough.
    Fine,
    /// Low or anxious.
    Low,
    /// So low that somebody must look after it today.
    VeryLow,
}

/// How somebody is, body and mind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CallWellbeing)]
pub struct Wellbeing {
    /// Overall.
    pub feels: Option<Change>,
    /// Breathing.
    pub breathing: Option<Change>,
    /// Spirits.
    pub mood: Option<Mood>,
    /// Alone, and missing company or help.
    pub isolated: Option<bool>,
}

/// What is asked of the ward beyond a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallHelp)]
pub enum Help {
    /// A clinician is to ring.
    CallMe,
    /// They have called 999.
    #[serde(rename = "called_999")]
    Called999,
}

/// Advice that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallAdvice)]
pub enum Advice {
    /// Carry on.
    CarryOn,
    /// Measure again.
    MeasureAgain,
    /// How to measure.
    HowToMeasure,
    /// Rest, fluids, paracetamol, lying on the front.
    SelfCare,
    /// Take the medicine as prescribed.
    Medicine,
    /// Ring the ward if it gets worse.
    RingTheWard,
    /// Ring the GP.
    RingTheGp,
    /// Ring 111.
    #[serde(rename = "ring_111")]
    Ring111,
    /// Ring 999.
    #[serde(rename = "ring_999")]
    Ring999,
}

/// When the ward will be in touch again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallNextContact)]
pub struct NextContact {
    /// When, within 31 days.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How.
    pub way: Way,
}

/// A call as it was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LoggedView {
    /// The entry.
    pub contact: ContactView,
    /// What became of the values that were told.
    pub readings: Vec<ToldReadingView>,
    /// What to tell whoever was spoken to, the most urgent first.
    pub say: Vec<SayView>,
    /// Open alerts that what was said, or told of values, has raised or made speak again.
    pub alerts: Vec<i64>,
    /// It had been written down before, under the same id.
    pub repeated: bool,
}

/// `GET /api/wards/{ward}/calls/{stay}/contacts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactsView {
    /// The newest first, 200 at most.
    pub contacts: Vec<ContactView>,
    /// Names of the staff that they mention, by id.
    pub staff: BTreeMap<Uuid, String>,
}

/// One line of a stay's record of contacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactView {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub stay: Uuid,
    /// The ward that the stay was on.
    pub ward: Uuid,
    /// When it was.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    pub written_at: Timestamp,
    /// By which member of staff.
    pub by: Uuid,
    /// It was entered in error and is struck through.
    pub struck: bool,
    /// What it was.
    #[serde(flatten)]
    pub what: WhatView,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum WhatView {
    /// A call or a visit, made or tried, or a call that came in.
    Call {
        /// Who rang whom.
        direction: Direction,
        /// How.
        way: Way,
        /// With whom.
        whom: Whom,
        /// Their name, unless it is the patient.
        name: String,
        /// What came of it.
        outcome: CallOutcome,
        /// By which identifiers the person was checked.
        identity: Option<[Identifier; 2]>,
        /// Who helped to understand one another.
        support: Support,
        /// How they were.
        wellbeing: Wellbeing,
        /// Red symptoms.
        symptoms: Vec<String>,
        /// What was asked of the ward.
        help: Option<Help>,
        /// Readings that were told.
        readings: Vec<Uuid>,
        /// The advice that was given.
        advice: Vec<Advice>,
        /// When the ward will be in touch again.
        next: Option<NextContact>,
        /// In the caller's words.
        note: String,
    },
    /// A senior clinician stopped the ladder.
    LadderStopped {
        /// Why.
        reason: String,
    },
    /// A home visit is booked.
    VisitBooked {
        /// For when.
        #[schema(value_type = String, format = DateTime)]
        visit_at: Timestamp,
        /// Who goes, and what for.
        purpose: String,
    },
    /// Referred onward.
    ReferredOnward {
        /// To whom.
        to: Onward,
        /// What for.
        note: String,
    },
    /// A link for a video call was made.
    VideoOffered,
}

/// To whom somebody is referred onward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallOnward)]
pub enum Onward {
    /// Social prescribing.
    LinkWorker,
    /// Talking therapies, the crisis team.
    MentalHealth,
    /// For the carer's own need.
    CarerSupport,
    /// The GP practice.
    Gp,
    /// Community nursing, therapy, urgent community response.
    CommunityServices,
    /// Adult social care.
    SocialCare,
    /// Somebody else, named in the note.
    Other,
}

/// `POST /api/wards/{ward}/calls/{stay}/stop-ladder`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopLadderRequest {
    /// Why nobody tries further, up to 4,000 characters.
    pub reason: String,
}

/// `POST /api/wards/{ward}/calls/{stay}/visits`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookVisitRequest {
    /// When, within 31 days.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who goes, and what for; up to 4,000 characters.
    pub purpose: String,
}

/// `POST /api/wards/{ward}/calls/{stay}/onward`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferOnwardRequest {
    /// To whom.
    pub to: Onward,
    /// What for, up to 4,000 characters.
    #[serde(default)]
    pub note: String,
}

/// A link for a video call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VideoRoomView {
    /// The entry that it stands in.
    pub contact: Uuid,
    /// For the patient and for the clinician.
    pub link: String,
}

/// `PUT /api/wards/{ward}/video-links`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VideoLinksRequest {
    /// `https://video.example.nhs.uk/{room}`; empty ends video calls.
    pub pattern: String,
}
