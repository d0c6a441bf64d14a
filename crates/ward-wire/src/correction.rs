//! Striking out and moving what was entered in error, and messages as staff see them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why something is struck through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StrikeCode {
    /// It is somebody else's.
    WrongPatient,
    /// Mistyped, misread, or measured wrongly.
    WrongValue,
    /// It was at another time.
    WrongTime,
    /// It is there twice.
    EnteredTwice,
    /// Kit was tried out; nobody was measured.
    TriedOut,
    /// For another reason: say which in `text`.
    Other,
}

/// To strike something out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeRequest {
    /// Why.
    pub code: StrikeCode,
    /// In words, 500 characters at most.
    #[serde(default)]
    pub text: String,
}

/// To move a reading to whom it belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveReadingRequest {
    /// The ward of that stay; you must be a clinician there too.
    pub to_ward: Uuid,
    /// Whose it is.
    pub to_stay: Uuid,
    /// In words, 500 characters at most.
    #[serde(default)]
    pub text: String,
}

/// A reading that was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MovedReading {
    /// Its id on the stay that it was moved to.
    pub reading: Uuid,
}

/// To tell a patient when the ward will ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceCallRequest {
    /// When, within the next seven days.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A message to a patient, or about one to somebody on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageView {
    /// As whoever carries it knows it.
    pub id: Uuid,
    /// `patient` or `on_call`.
    pub recipient: String,
    /// `recheck`, `slot_reminder`, `call_announced`, `out_of_hours_advice`, `on_call_red`, `kit_reminder`.
    pub kind: String,
    /// It is not sent before.
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    /// It is worth nothing after.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// `queued`, `leased`, `failed` (and tried again), `sent`, `cancelled`, `expired`, `given_up`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u16,
    /// When it was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// Why the last attempt came to nothing.
    pub trouble: Option<String>,
}

/// The messages of a stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageList {
    /// The newest first, 200 at most.
    pub messages: Vec<MessageView>,
}
