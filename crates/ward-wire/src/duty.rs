//! The shift: who is on duty, what they hand over, who is looking at whom, and whether the boards are quiet.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::Severity;
use crate::staffed::Hours;

/// A ward's staff just now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShiftView {
    /// Who is on duty, the longest first.
    pub on_duty: Vec<OnDutyView>,
    /// Who could be given an alert: clinicians of the ward, by name.
    pub colleagues: Vec<ColleagueView>,
    /// The boards' sound is paused.
    pub audio_pause: Option<AudioPauseView>,
    /// How much is handed over and not done yet.
    pub open_notes: u32,
    /// When somebody watches the board, Monday to Sunday, by the ward's clock.
    pub staffed: [Option<Hours>; 7],
}

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnDutyView {
    /// Who; the board's `staff` gives the name.
    pub clinician: Uuid,
    /// `lead`, `clinician`, `call_handler`, `on_call`.
    pub post: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// Somebody who could act on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColleagueView {
    /// Who.
    pub clinician: Uuid,
    /// Their name.
    pub name: String,
}

/// The boards of a ward are quiet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AudioPauseView {
    /// Who paused the sound.
    pub by: Uuid,
    /// Until when at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// The event by which it was paused: what speaks after it ends the pause.
    pub seq: i64,
}

/// Somebody has a patient's page open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PresentView {
    /// Who.
    pub clinician: Uuid,
    /// Whose page.
    pub stay: Uuid,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// What somebody has narrowed their board down to. An alert is never gone because of it: what is hidden is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoardFilter {
    /// A team; empty for all.
    pub team: String,
    /// A language; empty for all.
    pub language: String,
    /// `alert`, `nobody`, `mine`, `clinical`, `silence`, `technical`, `away`; empty for all.
    pub state: String,
}

/// `POST /api/wards/{ward}/alerts/{number}/assign`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRequest {
    /// The newest event that the clinician's screen had applied.
    pub seen: i64,
    /// To whom; missing, whoever asks takes it over.
    #[serde(default)]
    pub to: Option<Uuid>,
}

/// `POST /api/wards/{ward}/duty/accept`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptDutyRequest {
    /// `lead`, `clinician`, `call_handler`, `on_call`.
    pub post: String,
}

/// `POST /api/wards/{ward}/duty/leave`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeaveDutyRequest {
    /// Who takes the alerts that they still have; missing, they must have none.
    pub hand_to: Option<HandToView>,
}

/// Who takes alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HandToView {
    /// A colleague, who has them at once.
    Colleague {
        /// Who.
        clinician: Uuid,
    },
    /// The ward: they are nobody's and speak again.
    Ward,
}

/// `POST /api/wards/{ward}/handover-notes`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverNoteRequest {
    /// About whom, if about somebody.
    #[serde(default)]
    pub stay: Option<Uuid>,
    /// Up to 2,000 characters.
    pub body: String,
}

/// `POST /api/wards/{ward}/sound-tests`: what somebody said to the sound of a red on their screen.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoundTestRequest {
    /// Made up by the screen: told twice, it is written once.
    pub test: Uuid,
    /// The code of the screen: four to eight capital letters and digits.
    pub console: String,
    /// Whether they heard it.
    pub heard: bool,
    /// How long ago they said so, in milliseconds.
    #[serde(default)]
    pub waited_ms: u64,
}

/// `GET /api/wards/{ward}/duty`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DutyView {
    /// Who is there.
    pub shift: ShiftView,
    /// What is handed over: what is still to be done first, then what was done within a day.
    pub notes: Vec<HandoverNoteView>,
}

/// Something written for those who come next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoverNoteView {
    /// Which.
    pub id: Uuid,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub author: Uuid,
    /// About whom, if about somebody.
    pub stay: Option<Uuid>,
    /// In their words.
    pub body: String,
    /// Who did it.
    pub done_by: Option<Uuid>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Timestamp>,
}

/// `PUT /api/wards/{ward}/presence`, every 20 s while a patient's page is open and visible.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookRequest {
    /// Whose page.
    pub stay: Uuid,
}

/// Who else has the same patient's page open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LookedAt {
    /// Without whoever asks.
    pub others: Vec<ColleagueView>,
}

/// `GET /api/wards/{ward}/waiting`: what waits for somebody, for the pages beside the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WaitingView {
    /// Who is asking.
    pub you: Uuid,
    /// By the service's clock.
    #[schema(value_type = String, format = DateTime)]
    pub server_time: Timestamp,
    /// Alerts of high and medium priority that are nobody's, and those that were given to whoever asks, the most urgent
    /// first.
    pub alerts: Vec<WaitingAlert>,
    /// The boards are quiet until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub quiet_until: Option<Timestamp>,
}

/// An alert that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingAlert {
    /// Its number on the ward.
    pub number: i64,
    /// Said over the phone: `PEN 4711`.
    pub spoken: String,
    /// `red` or `amber`.
    pub severity: Severity,
    /// The event that last made it speak.
    pub spoke_seq: i64,
    /// `FAMILY NAME, Given`; empty for kit.
    pub name: String,
    /// A colleague gave it to whoever asks, who has not said yet that they have it.
    pub given_to_you: bool,
}
