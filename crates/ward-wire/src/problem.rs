//! Errors as `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request was refused, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:wardlight:problem:` and the code, for programs.
    #[serde(rename = "type")]
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do next, in a sentence.
    pub detail: String,
    /// For an alert that somebody else has: who and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<crate::board::Done>,
    /// For a signed request whose time is too far off: the service's time, to sign anew by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub service_time: Option<jiff::Timestamp>,
}
