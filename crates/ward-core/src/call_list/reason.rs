//! Why somebody is on the call list: codes without words, in the order of the list.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Problem, Severity};
use crate::contact::Why;
use crate::id::AlertNumber;
use crate::time::Timestamp;

/// Why somebody is on the call list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// An alert is open.
    Alert {
        /// Which.
        number: AlertNumber,
        /// About what.
        problem: Problem,
        /// How urgent.
        severity: Severity,
        /// The patient was reached after it last spoke.
        reached_since: bool,
    },
    /// A contact of an earlier day was missed.
    CarriedOver {
        /// Of which day: the first of all that were.
        since: Date,
    },
    /// Admitted today.
    NewToday,
    /// The plan asks for a contact today.
    DueToday {
        /// The day of the stay.
        day: i64,
        /// The last that was planned, or later: discharge, or assess again.
        last: bool,
    },
    /// Somebody asked for it, or it was agreed.
    Asked {
        /// Why.
        why: Why,
        /// For when.
        due: Timestamp,
    },
}

impl Reason {
    pub(super) fn of_alert(alert: &Alert, reached_at: Option<Timestamp>) -> Self {
        Self::Alert {
            number: alert.number,
            problem: alert.problem,
            severity: alert.severity,
            reached_since: reached_at.is_some_and(|at| at > alert.spoke_at),
        }
    }

    /// Its place in the order of the list, the most urgent first: open red, asked for help, open amber, carried over,
    /// silence, new today, on the schedule, the rest.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Alert {
                severity: Severity::Red,
                ..
            } => 0,
            Self::Alert {
                problem: Problem::AskedForHelp,
                ..
            }
            | Self::Asked {
                why: Why::CallBack, ..
            } => 1,
            Self::Alert {
                severity: Severity::Amber,
                ..
            } => 2,
            Self::CarriedOver { .. } => 3,
            Self::Alert {
                problem: Problem::Silence,
                ..
            } => 4,
            Self::NewToday => 5,
            Self::DueToday { .. } => 6,
            Self::Alert { .. } | Self::Asked { .. } => 7,
        }
    }

    /// Its name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Alert {
                severity: Severity::Red,
                ..
            } => "open_red",
            Self::Alert {
                problem: Problem::AskedForHelp,
                ..
            } => "asked_for_help",
            Self::Alert {
                severity: Severity::Amber,
                ..
            } => "open_amber",
            Self::Alert {
                problem: Problem::Silence,
                ..
            } => "silence",
            Self::Alert { .. } => "open_low",
            Self::CarriedOver { .. } => "carried_over",
            Self::NewToday => "new_today",
            Self::DueToday { last: false, .. } => "due_today",
            Self::DueToday { last: true, .. } => "planned_end",
            Self::Asked { why, .. } => why.name(),
        }
    }

    /// Whether the patient was reached after an alert last spoke.
    #[must_use]
    pub const fn was_reached_since(&self) -> bool {
        match self {
            Self::Alert { reached_since, .. } => *reached_since,
            Self::CarriedOver { .. }
            | Self::NewToday
            | Self::DueToday { .. }
            | Self::Asked { .. } => false,
        }
    }

    /// Of two of one rank, what was not spoken of yet first, then the older.
    pub(super) fn key(&self) -> (u8, bool, i64) {
        let age = match self {
            Self::Alert { number, .. } => number.0,
            Self::Asked { due, .. } => due.as_millis(),
            Self::CarriedOver { .. } | Self::NewToday | Self::DueToday { .. } => 0,
        };
        (self.rank(), self.was_reached_since(), age)
    }
}
