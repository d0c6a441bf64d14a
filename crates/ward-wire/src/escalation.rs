//! Who was told of an alert, passing it on, keeping it quiet for a while, and where one is reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who was told of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToldView {
    /// At which level; 0 for the end of the shift.
    pub level: u16,
    /// `clinician`, `contact`, `webhook`, `nobody`: that nobody could be told is said too.
    pub whom: String,
    /// Who of the staff; the board's `staff` gives the name.
    pub clinician: Option<Uuid>,
    /// Which of the outside contacts, from 1.
    pub contact: Option<u8>,
    /// `sms`, `email`, `web_push`, `webhook`.
    pub by: Option<String>,
    /// When that was last news.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `queued`, `sent`, `delivered`, `failed`, `cancelled`.
    pub state: String,
    /// Whom the step was to tell, where nobody holds that post: `lead`, `on_call`, `next_clinician`, `phone_tree`, `person`.
    pub instead_of: Option<String>,
}

/// An alert is quiet for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SnoozeView {
    /// Who has it meanwhile.
    pub by: Uuid,
    /// It speaks again then.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// `visit_on_its_way`, `patient_resting`, `kit_seen_to`, `agreed_elsewhere`, `as_noted`.
    pub reason: String,
    /// In their words.
    pub note: String,
}

/// `POST /api/wards/{ward}/alerts/{number}/escalate`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalateRequest {
    /// To whom; missing, whoever the next step tells.
    #[serde(default)]
    pub to: Option<Uuid>,
    /// What they should know; never who the patient is.
    #[serde(default)]
    pub note: String,
}

/// How far an alert has been passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Escalated {
    /// The level that it has reached.
    pub level: u16,
}

/// `POST /api/wards/{ward}/alerts/{number}/snooze`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeRequest {
    /// The newest event that the clinician's screen had applied.
    pub seen: i64,
    /// In so many minutes it speaks again: 5 to 480.
    pub minutes: u32,
    /// `visit_on_its_way`, `patient_resting`, `kit_seen_to`, `agreed_elsewhere`, `as_noted`.
    pub reason: String,
    /// In the clinician's words.
    #[serde(default)]
    pub note: String,
}

/// Until when an alert is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snoozed {
    /// It speaks again then.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// What a browser needs to subscribe to pushes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushKey {
    /// The service's public key (VAPID, RFC 8292), base64url without padding; `null`: pushes are not set up.
    pub key: Option<String>,
}

/// `POST /api/wards/{ward}/push`: a browser's subscription, as it gives it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    /// The push service's address for this browser.
    pub endpoint: String,
    /// The browser's public key, base64url without padding.
    pub p256dh: String,
    /// The browser's secret, base64url without padding.
    pub auth: String,
}

/// A way to reach oneself that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DetailAdded {
    /// Ours.
    pub id: Uuid,
}
