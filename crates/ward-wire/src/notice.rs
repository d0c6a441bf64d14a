//! What staff are told outside the boards: the body of the webhook of notices, and what is pushed to a browser.
//!
//! The webhook keeps to [Standard Webhooks](https://www.standardwebhooks.com/): `webhook-id` is the notice's id and stays
//! the same at every attempt; `webhook-timestamp` is when this attempt was made, in seconds since 1970;
//! `webhook-signature` is one or two of `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, a space between
//! them. Whoever receives it compares in constant time, passes over what is more than five minutes old, and takes each id
//! once. While a secret is being changed every request is signed with both.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The header that carries the notice's id.
pub const WEBHOOK_ID: &str = "webhook-id";

/// The header that says when this attempt was made, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";

/// The header that carries one signature for each secret.
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";

/// What [`NoticeHook::kind`] says.
pub const ALERT_NOTICE: &str = "alert.notice";

/// The body of the webhook. Answer with any status from 200 to 299 once the notice is yours to pass on. 400, 410, 413 and
/// 422 say that it never will be; after any other it comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeHook {
    /// `alert.notice`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When this attempt was made.
    pub timestamp: jiff::Timestamp,
    /// The notice.
    pub data: NoticeData,
}

/// A notice: it names a ward and an alert, never a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeData {
    /// As in the header `webhook-id`.
    pub id: Uuid,
    /// Which attempt this is: 1, 2, 3 …
    pub attempt: u16,
    /// The ward's code, as on the board.
    pub ward: String,
    /// The alert's number on that ward; `null` when it is about none.
    pub alert: Option<i64>,
    /// `red`, `amber` or `low`.
    pub severity: String,
    /// The level of the escalation, from 1.
    pub level: u8,
    /// One line.
    pub title: String,
    /// What it says, in a few lines.
    pub text: String,
    /// Where to look, behind the sign-in.
    pub link: Option<String>,
    /// It is worth nothing after.
    pub expires_at: jiff::Timestamp,
}

/// What a push carries to a browser, encrypted for it (RFC 8291).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedNotice {
    /// The notice's id.
    pub id: Uuid,
    /// Notices of one alert have the same: a newer one takes the place of the one that is shown.
    pub tag: String,
    /// `red`, `amber` or `low`.
    pub severity: String,
    /// One line.
    pub title: String,
    /// What it says, in a few lines.
    pub text: String,
    /// Where to look, behind the sign-in.
    pub link: Option<String>,
}
