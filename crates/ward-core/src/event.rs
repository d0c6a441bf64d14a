//! One thing that happened on a ward. Appended to the ward's log with the next number, never changed, never removed.
//!
//! Events carry ids, never names: who a stay's patient is, a console learns from the board that its permit lets it see.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Change};
use crate::device::Assignment;
use crate::id::{BridgeId, Seq, StayId};
use crate::stay::{Point, Stay};
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WardEvent {
    /// A patient's stay began.
    StayAdmitted {
        /// The stay as it began.
        stay: Stay,
    },
    /// An oximeter was given to a stay, or the assignment was ended.
    DeviceAssigned {
        /// From when until when.
        assignment: Assignment,
    },
    /// Readings of one stay were stored.
    ReadingsRecorded {
        /// Whose.
        stay: StayId,
        /// The values, oldest first.
        points: Vec<Point>,
        /// Measurements that gave no value.
        attempts: u32,
    },
    /// Something was kept that is nobody's reading, or no reading.
    DataQuarantined {
        /// Who sent it.
        bridge: BridgeId,
        /// How many items.
        items: u32,
        /// Why, for the last of them.
        reason: String,
    },
    /// An alert was raised or changed.
    Alert {
        /// How.
        change: Change,
        /// As it is after.
        alert: Box<Alert>,
    },
}

impl WardEvent {
    /// The event's name on the log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::StayAdmitted { .. } => "stay_admitted",
            Self::DeviceAssigned { .. } => "device_assigned",
            Self::ReadingsRecorded { .. } => "readings_recorded",
            Self::DataQuarantined { .. } => "data_quarantined",
            Self::Alert { change, .. } => match change {
                Change::Raised => "alert_raised",
                Change::SeverityRose | Change::FellFurther => "alert_worsened",
                Change::Confirmed => "alert_confirmed",
                Change::Continued => "alert_continued",
                Change::Acknowledged => "alert_acknowledged",
                Change::Resolved => "alert_resolved",
                Change::Shown => "alert_shown",
                Change::NotShown => "alert_not_shown",
            },
        }
    }

    /// The event as the log's number `seq` makes it.
    #[must_use]
    pub fn stamped(self, seq: Seq) -> Self {
        match self {
            Self::Alert { change, alert } => Self::Alert {
                change,
                alert: Box::new(alert.stamped(seq, change)),
            },
            other @ (Self::StayAdmitted { .. }
            | Self::DeviceAssigned { .. }
            | Self::ReadingsRecorded { .. }
            | Self::DataQuarantined { .. }) => other,
        }
    }
}

/// An event on the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// Its number on the ward's log.
    pub seq: Seq,
    /// When it was appended, by the service's clock.
    pub at: Timestamp,
    /// What happened.
    pub event: WardEvent,
}
