//! The board: a ward's snapshot, and what a clinician does from it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::duty::{BoardFilter, ShiftView};

/// `GET /api/wards/{ward}/board`: the state of a ward, as of one event of its log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Board {
    /// The ward.
    pub ward: WardView,
    /// Changes when the log's numbers may have been given anew (after a restore): take the whole board again.
    pub epoch: Uuid,
    /// The last event that this snapshot contains. Follow the feed from here.
    pub as_of: i64,
    /// By the service's clock.
    #[schema(value_type = String, format = DateTime)]
    pub server_time: Timestamp,
    /// Who is looking.
    pub you: You,
    /// One for each open stay, the most urgent first.
    pub rows: Vec<BoardRow>,
    /// Open alerts about kit, the most urgent first.
    pub technical: Vec<AlertView>,
    /// Names of the ward's staff, and of whom the alerts mention, by id.
    pub staff: BTreeMap<Uuid, String>,
    /// Who is on duty, and whether the boards are quiet.
    #[serde(default)]
    pub shift: ShiftView,
}

/// A ward as its staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WardView {
    /// Its id.
    pub id: Uuid,
    /// Its code, said over the phone.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its phone.
    pub phone: String,
    /// IANA name of its time zone.
    pub time_zone: String,
}

/// The signed-in clinician on this ward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct You {
    /// Id.
    pub clinician: Uuid,
    /// Name.
    pub name: String,
    /// May acknowledge and resolve.
    pub may_act: bool,
    /// May come on duty and pause the boards' sound; a screen on the wall may not.
    #[serde(default)]
    pub may_take_duty: bool,
    /// What they last narrowed this board down to.
    #[serde(default)]
    pub filter: BoardFilter,
}

/// One person on the board, with what is needed to act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BoardRow {
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
    /// The language to speak with them; empty for English.
    #[serde(default)]
    pub language: String,
    /// How they are rung, where that is not simply by phone: through an interpreter, a relay.
    #[serde(default)]
    pub call_needs: String,
    /// The team that looks after them; empty where the ward has none.
    #[serde(default)]
    pub team: String,
    /// Address.
    pub address: String,
    /// How to get in.
    pub door_access: String,
    /// Who else is there.
    pub others_at_home: String,
    /// Oxygen at home.
    pub oxygen_at_home: String,
    /// Treatment-escalation plan and wishes.
    pub escalation_plan: String,
    /// Why nobody at home is looked after just now, since when; nothing for a stay that runs.
    #[serde(default)]
    pub away: Option<AwayView>,
    /// Limits of this person's plan.
    pub plan: PlanView,
    /// The newest values, oldest first.
    pub trend: Vec<PointView>,
    /// When the last measurement was made, with a value or without.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_tried_at: Option<Timestamp>,
    /// Open alerts, the most urgent first.
    pub alerts: Vec<AlertView>,
}

/// A stay that is paused, or over: it stands on the board while an alert is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AwayView {
    /// `in_hospital`, `in_respite`, `away`, `discharged`, `admitted_to_hospital`, `died`.
    pub why: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// The limits that a person's values are judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlanView {
    /// Nobody reviewed the plan before by this day, and so this one counts: look at it.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    pub review_missed: Option<jiff::civil::Date>,
    /// NEWS2 SpO2 scale, 1 or 2.
    pub spo2_scale: u8,
    /// Red at this whole percent and under.
    pub red_at_or_below: u16,
    /// Amber at this whole percent and under.
    pub amber_at_or_below: u16,
}

/// A value on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PointView {
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Oxygen saturation in percent, to a tenth.
    pub spo2_percent: f64,
    /// Pulse in beats a minute.
    pub pulse_bpm: Option<f64>,
    /// Its band by the plan that judged it.
    pub band: Band,
    /// It may be wrong.
    pub doubtful: bool,
}

/// How low a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Carry on.
    Green,
    /// Check again within the hour.
    Amber,
    /// Check again at once.
    Red,
}

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Low priority, no sound.
    Low,
    /// Medium priority.
    Amber,
    /// High priority.
    Red,
}

/// An alert as a console shows it: whole, so that nothing has to be worked out there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertView {
    /// Its number on the ward.
    pub number: i64,
    /// Said over the phone: `PEN 4711`.
    pub spoken: String,
    /// The stay it is about.
    pub stay: Option<Uuid>,
    /// The bridge it is about.
    pub bridge: Option<Uuid>,
    /// The oximeter it is about, when nobody is known to wear it.
    pub device_address: Option<String>,
    /// `oxygen`, `late_low`, `silence`, or for kit `poor_signal`, `clock_wrong`, `unknown_device`, `unreadable_data`.
    pub problem: String,
    /// About kit, not about a person's values.
    pub technical: bool,
    /// A person's state, kit, or that nothing was heard.
    pub kind: AlertKind,
    /// The worst it has been.
    pub severity: Severity,
    /// `unconfirmed`, `second_reading`, `no_recheck`, `not_asked`.
    pub confirmation: String,
    /// How things stand by the newest word.
    pub condition: Band,
    /// All lows at this severity are in doubt.
    pub doubtful: bool,
    /// Place in the order of the board: 6 for a red that is nobody's. Then confirmed first, then by `severity_since`.
    pub rank: u8,
    /// When it was raised.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Timestamp,
    /// When it reached its present severity: of two of one rank the one that has waited longer stands above.
    #[schema(value_type = String, format = DateTime)]
    pub severity_since: Timestamp,
    /// The event that last made it speak: whoever acts must have seen it.
    pub spoke_seq: i64,
    /// When it last spoke.
    #[schema(value_type = String, format = DateTime)]
    pub spoke_at: Timestamp,
    /// The worst value in percent.
    pub worst_percent: Option<f64>,
    /// When the first of its lows was measured.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_low_at: Option<Timestamp>,
    /// When the last of its lows was measured.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_low_at: Option<Timestamp>,
    /// How many lows.
    pub lows: u32,
    /// Without a recheck by then it counts as confirmed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recheck_by: Option<Timestamp>,
    /// No console showed it in time, and none has since.
    pub unseen: bool,
    /// Who has it.
    pub acknowledged: Option<ByWhom>,
    /// Who gave it to them, until they say that they have it.
    pub assigned_by: Option<Uuid>,
    /// Who ended it.
    pub resolved: Option<ByWhom>,
    /// What it led to.
    pub outcome: Option<Outcome>,
    /// Stays that an unknown oximeter's value may belong to.
    pub candidates: Vec<Uuid>,
    /// The stays whose readings are taken by the kit that does not work.
    pub reads: Vec<Uuid>,
    /// What was to come and did not, oldest first.
    pub missed: Vec<MissedView>,
    /// Since when nothing was heard of the patient or the kit: the last value before, or when the kit stopped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub silent_since: Option<Timestamp>,
    /// When the patient was heard again, or the kit worked again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub heard_again_at: Option<Timestamp>,
    /// What a person needs to find the fault, in words.
    pub detail: Option<String>,
    /// How far it has been passed on since it began to wait; 0: not yet.
    #[serde(default)]
    pub level: u16,
    /// The event that last passed it on: a board that has an older one sounds anew.
    #[serde(default)]
    pub passed_on_seq: Option<i64>,
    /// When it is passed on next, while it is nobody's.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_level_at: Option<Timestamp>,
    /// Who was told, the newest last.
    #[serde(default)]
    pub told: Vec<crate::escalation::ToldView>,
    /// Somebody keeps it quiet for a while.
    #[serde(default)]
    pub snooze: Option<crate::escalation::SnoozeView>,
}

/// The three kinds of alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// How somebody is.
    Clinical,
    /// Kit does not do what it should.
    Technical,
    /// Nothing came where something was due.
    Silence,
}

/// A time of the plan at which nothing came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissedView {
    /// `reading` or `diary`.
    pub awaited: String,
    /// The time that the plan names.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `bridge_silent`, `bluetooth_down`, `readings_stuck`, `cannot_be_read`, `oximeter_flat`, `oximeter_not_heard`,
    /// `tried_in_vain`, `patient_silent`.
    pub why: String,
    /// When the kit that was silent was last heard: the bridge, or the oximeter.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub heard_at: Option<Timestamp>,
    /// When it came all the same.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub came_at: Option<Timestamp>,
}

/// A person and a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ByWhom {
    /// Whose name the board's `staff` gives.
    pub clinician: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// `POST /api/wards/{ward}/alerts/{number}/acknowledge`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRequest {
    /// The newest event that the clinician's screen had applied.
    pub seen: i64,
}

/// `POST /api/wards/{ward}/alerts/{number}/resolve`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// The newest event that the clinician's screen had applied.
    pub seen: i64,
    /// What changed in care.
    pub outcome: Outcome,
    /// In the clinician's words, up to 2,000 characters.
    #[serde(default)]
    pub note: String,
}

/// What an alert led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Looked at, nothing needed.
    NoChange,
    /// The measurement was wrong.
    MeasurementFault,
    /// Advice given by phone.
    AdviceGiven,
    /// A home visit was arranged.
    VisitArranged,
    /// Treatment was changed.
    TreatmentChanged,
    /// Passed to the GP or to 111.
    PassedOn,
    /// An ambulance was called.
    AmbulanceCalled,
    /// Admitted to hospital.
    AdmittedToHospital,
    /// The person has died.
    Died,
    /// Kit mended, moved or replaced.
    KitSeenTo,
    /// The patient went to another ward, and the alert with them.
    TransferredWard,
}

/// Who did it and when: for a repeated acknowledgement by the same clinician, the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Who.
    pub clinician: Uuid,
    /// Their name.
    pub name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
