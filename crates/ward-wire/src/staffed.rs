//! When somebody watches the board.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `PUT /api/wards/{ward}/staffed-hours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffedRequest {
    /// Monday to Sunday, by the ward's clock; `null` for a day on which nobody watches.
    pub days: [Option<Hours>; 7],
}

/// From, and until, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// `08:00:00`.
    #[schema(value_type = String)]
    pub from: Time,
    /// `20:00:00`; until midnight is `00:00:00`.
    #[schema(value_type = String)]
    pub until: Time,
}

/// When somebody watches the board of a ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffedView {
    /// Monday to Sunday, by the ward's clock.
    pub days: [Option<Hours>; 7],
    /// Whether somebody does now.
    pub staffed_now: bool,
    /// When somebody next does; now, when somebody does. Missing: nobody ever does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_staffed_at: Option<Timestamp>,
}
