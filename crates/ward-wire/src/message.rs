//! What the webhook is sent: a message to a patient or to somebody on call, for whoever carries it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The header that carries the message's id: a message may come more than once, and is the same as long as this is.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A message. Answer with any status from 200 to 299 once it is yours to deliver; with any other it comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMessage {
    /// As in the header `Idempotency-Key`.
    pub id: Uuid,
    /// Which attempt this is: 1, 2, 3 …
    pub attempt: u16,
    /// Whose stay it is about.
    pub stay: Uuid,
    /// `patient` or `on_call`.
    pub recipient: String,
    /// Where it goes, as it stands in the record.
    pub phone: String,
    /// What it is: `recheck`, `slot_reminder`, `call_announced`, `out_of_hours_advice`, `on_call_red`, `kit_reminder`.
    pub kind: String,
    /// The language of the text.
    pub language: String,
    /// What it says.
    pub text: String,
    /// It is worth nothing after.
    pub expires_at: jiff::Timestamp,
}
