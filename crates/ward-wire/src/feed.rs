//! The feed: what follows the board. One JSON text per websocket message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::{AlertView, PointView};
use crate::duty::PresentView;

/// How often the service says that it is still there, in seconds.
pub const STILL_HERE_EVERY_SECONDS: u64 = 5;

/// After this much silence, by its own clock, a console says that it is not live, in seconds.
pub const NOT_LIVE_AFTER_SECONDS: u64 = 12;

/// From the service to a console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Frame {
    /// One event of the ward's log. The next one has the next number: a console refuses a gap and takes the board again.
    Event {
        /// Its number.
        seq: i64,
        /// When it was appended.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// What happened.
        event: Event,
    },
    /// Everything up to here has been sent.
    CaughtUp {
        /// The newest event.
        seq: i64,
        /// As on the board.
        epoch: Uuid,
    },
    /// Every five seconds.
    StillHere {
        /// By the service's clock.
        #[schema(value_type = String, format = DateTime)]
        server_time: Timestamp,
        /// The newest event.
        seq: i64,
        /// How long ago the service last read its database, in milliseconds, or how long it has not been able to write
        /// to it, if that is longer. Over ten seconds is not live.
        database_age_ms: u64,
        /// As on the board.
        epoch: Uuid,
        /// Who has which patient's page open.
        present: Vec<PresentView>,
        /// Consoles of this ward that are visible and whose sound is armed, as far as this node knows.
        watching: u32,
    },
}

/// What happened, without any name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A stay began: take the board again for the new row.
    StayAdmitted {
        /// The stay.
        stay: Uuid,
    },
    /// An oximeter was given to a stay or taken back.
    DeviceAssigned {
        /// The stay.
        stay: Uuid,
    },
    /// Readings of one stay.
    Readings {
        /// Whose.
        stay: Uuid,
        /// Values, oldest first.
        points: Vec<PointView>,
        /// Measurements without a value.
        attempts: u32,
    },
    /// Something was kept that could not be read or belongs to nobody.
    DataQuarantined {
        /// Who sent it.
        bridge: Uuid,
        /// How many items.
        items: u32,
        /// Why, for the last of them.
        reason: String,
    },
    /// Something about a stay has changed that the board shows: take it again.
    StayChanged {
        /// The stay, if it is about one.
        stay: Option<Uuid>,
        /// What: `phase_changed`, `plan_set` …
        what: String,
    },
    /// Something happened that the board does not show; call lists and charts may.
    Noted {
        /// The stay, if it is about one.
        stay: Option<Uuid>,
        /// What: `contact_recorded`, `diary_submitted` …
        what: String,
    },
    /// An alert, as it is after the change.
    Alert {
        /// `raised`, `severity_rose`, `confirmed`, `fell_further`, `relapsed`, `continued`, `acknowledged`, `resolved`,
        /// `assigned`, `let_go`, `said_again`, `shown`, `not_shown`. `speaks` says which speak.
        change: String,
        /// Whether it asks to be acknowledged anew. Red and amber sound then; low ones make no sound.
        speaks: bool,
        /// The alert.
        alert: Box<AlertView>,
    },
    /// Something that the service cannot read, or that it knows and whoever reads this does not: the board tells what
    /// came of it. The number counts all the same.
    #[serde(other)]
    Unreadable,
}

/// From a console to the service: how far it has come. The only thing that a console ever sends on the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The newest event that is on its screen.
    pub applied: i64,
    /// The page is visible.
    pub visible: bool,
    /// Its sound is armed: somebody has said that they hear it.
    pub armed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_is_not_known_is_one_that_cannot_be_read() {
        let newer: Event = serde_json::from_str(r#"{"kind":"discharged","stay":7}"#).unwrap();
        assert_eq!(newer, Event::Unreadable);
        let said = serde_json::to_string(&Event::Unreadable).unwrap();
        assert_eq!(said, r#"{"kind":"unreadable"}"#);
    }
}
