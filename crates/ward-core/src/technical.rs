//! Trouble with the kit: a class of alerts of its own, one open per cause and piece of kit.

use serde::{Deserialize, Serialize};

use crate::alert::{
    Alert, Change, Confirmation, Heeded, NOT_YET_NUMBERED, Problem, Severity, State, Subject,
};
use crate::bridge_watch::Found;
use crate::event::WardEvent;
use crate::id::StayId;
use crate::plan::{Band, MonitoringPlan};
use crate::reconcile::Disagrees;
use crate::self_test::NodePath;
use crate::silence::Missed;
use crate::spo2::Spo2;
use crate::time::Timestamp;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Several measurements in a row gave no value. A true low in shock has a poor signal.
    PoorSignal,
    /// A clock is off by more than two minutes.
    ClockWrong,
    /// A reading from an oximeter that nobody is known to wear.
    UnknownDevice,
    /// Something came in that could not be read. Its bytes are kept.
    UnreadableData,
    /// A bridge that reads somebody's oximeter has not been heard of.
    BridgeSilent,
    /// A bridge is heard of and its radio does not work.
    BluetoothDown,
    /// A bridge's key should have been renewed. It is still accepted: a date never silences anybody.
    BridgeKeyExpired,
    /// An oximeter's battery is nearly flat.
    DeviceBattery,
    /// An oximeter has not been heard for long, by a bridge whose Bluetooth works.
    OximeterNotHeard,
    /// An oximeter is heard and cannot be read.
    OximeterCannotBeRead,
    /// Readings stay on a bridge that is heard of.
    ReadingsStuck,
    /// A bridge's disk, or its share of it, is nearly full.
    DiskNearlyFull,
    /// A reading of somebody whose stay is over.
    AfterDischarge,
    /// A reading of somebody whose stay is paused.
    WhilePaused,
    /// Messages to a patient or to somebody on call do not get through.
    DeliveryFailing,
    /// A staffed ward has no live console with its sound armed.
    NobodyWatching,
    /// A synthetic low reading did not come through to a console.
    AlertPathBroken,
    /// Stored readings and alerts do not agree: a rule was not applied.
    AlertsDisagree,
}

/// What a person needs to find the fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Detail {
    /// How far the clock is off, in milliseconds; positive when it is ahead.
    Clock {
        /// Positive when ahead.
        off_by_ms: i64,
        /// When it was right again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_at: Option<Timestamp>,
    },
    /// Whose reading it may be: the stays that are read by the same bridge.
    Candidates {
        /// Their ids; the console knows their names.
        stays: Vec<StayId>,
    },
    /// Why it could not be read.
    Unreadable {
        /// In words.
        reason: String,
    },
    /// What a patient said, by the codes of the symptoms; never in their own words.
    Symptoms {
        /// The red ones.
        red: Vec<String>,
        /// The amber ones.
        amber: Vec<String>,
        /// Those of an earlier time, to be looked at.
        late: Vec<String>,
        /// Those that it rested on until the entries that told them were struck out or moved to somebody else.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        struck: Vec<String>,
    },
    /// What was asked of the ward.
    Help {
        /// "I have called 999".
        called_999: bool,
        /// How often it was asked.
        times: u32,
    },
    /// What was to come from a patient and did not.
    Missed {
        /// The slots, oldest first; the newest of them when they are many.
        missed: Vec<Missed>,
        /// How many there were.
        count: u32,
        /// When the last value before was measured. `None`: there has been none.
        last_value_at: Option<Timestamp>,
        /// When the patient was heard again.
        heard_again_at: Option<Timestamp>,
    },
    /// Kit that does not work, or soon will not.
    Kit {
        /// Whose readings it takes.
        stays: Vec<StayId>,
        /// Since when.
        since: Timestamp,
        /// What is left in its battery, in percent.
        percent: Option<u8>,
        /// When it worked again.
        ended_at: Option<Timestamp>,
        /// What more is known of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Found>,
        /// How often it has failed since the alert was raised: 1, and one more each time that it came back.
        #[serde(default = "once", skip_serializing_if = "is_once")]
        times: u32,
    },
    /// What does not get through.
    Delivery {
        /// The kind of message, by name.
        message: String,
        /// How often it was tried.
        attempts: u16,
        /// Why the last attempt came to nothing.
        trouble: Option<crate::message::Trouble>,
    },
    /// Which numbers met which limit of the plan.
    Rule {
        /// By rule.
        found: crate::assess::Found,
    },
    /// Why the last measurement gave no value.
    Attempt {
        /// In the words of the device's protocol.
        reason: String,
    },
    /// What is stored and what was alerted on do not agree.
    Disagreement {
        /// How so.
        what: Disagrees,
        /// Which problem there should have been an alert of, by name.
        about: String,
        /// When the reading that says so was measured; its value is the alert's worst.
        measured_at: Option<Timestamp>,
        /// How many things do not agree.
        count: u32,
    },
    /// A low of somebody whom nobody watches: the stay is paused or over.
    NotWatched {
        /// When the value was measured.
        measured_at: Timestamp,
        /// Since when nobody watches.
        since: Timestamp,
    },
    /// Nodes of the service on which a synthetic low reading did not come through.
    Path {
        /// Each by its name, the newest first.
        nodes: Vec<NodePath>,
    },
}

const fn once() -> u32 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
const fn is_once(times: &u32) -> bool {
    *times == 1
}

impl Detail {
    /// A clock that is off by so much.
    #[must_use]
    pub const fn clock(off_by_ms: i64) -> Self {
        Self::Clock {
            off_by_ms,
            ended_at: None,
        }
    }

    /// Whether this missed slot is in it.
    pub(crate) fn tells_of(&self, slot: &Missed) -> bool {
        let same =
            |held: &Missed| (held.slot.awaited, held.slot.at) == (slot.slot.awaited, slot.slot.at);
        if let Self::Missed { missed, .. } = self {
            missed.iter().any(same)
        } else {
            false
        }
    }
}

/// A fault that has just been noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kit, or whose.
    pub subject: Subject,
    /// What is wrong with it.
    pub cause: Cause,
    /// How urgent.
    pub severity: Severity,
    /// The value behind it, when there is one.
    pub spo2: Option<Spo2>,
    /// What a person needs to find it.
    pub detail: Detail,
}

/// A reading from an oximeter that nobody is known to wear. A red value raises a red: somebody is in danger, and these
/// are the people it may be.
#[must_use]
pub fn unknown_device(
    subject: Subject,
    spo2: Option<Spo2>,
    ward_default: &MonitoringPlan,
    candidates: Vec<StayId>,
) -> Fault {
    let severity = match spo2.map(|spo2| ward_default.band(spo2)) {
        Some(Band::Red) => Severity::Red,
        Some(Band::Amber) => Severity::Amber,
        Some(Band::Green) | None => Severity::Low,
    };
    Fault {
        subject,
        cause: Cause::UnknownDevice,
        severity,
        spo2,
        detail: Detail::Candidates { stays: candidates },
    }
}

/// What follows from a fault, given the alert that is already open for it.
///
/// A fault that is known and no worse is not said again: a clock that stays wrong makes one alert, not one a minute.
#[must_use]
pub fn assess_fault(fault: &Fault, open: Option<&Alert>, now: Timestamp) -> Option<WardEvent> {
    let Some(open) = open else {
        return Some(WardEvent::Alert {
            change: Change::Raised,
            alert: Box::new(raised(fault, now)),
        });
    };
    let worse = fault.severity > open.severity;
    let deeper = fault
        .spo2
        .is_some_and(|spo2| open.speaks_again_at(spo2, false));
    let mut alert = open.clone();
    alert.severity = alert.severity.max(fault.severity);
    alert.worst = [alert.worst, fault.spo2].into_iter().flatten().min();
    let change = if worse {
        alert.severity_since = now;
        Change::SeverityRose
    } else if deeper {
        Change::FellFurther
    } else if alert.worst != open.worst {
        return Some(WardEvent::Alert {
            change: Change::Continued,
            alert: Box::new(alert),
        });
    } else {
        return None;
    };
    alert.detail = Some(fault.detail.clone());
    Some(WardEvent::Alert {
        change,
        alert: Box::new(alert.speak(now)),
    })
}

fn raised(fault: &Fault, now: Timestamp) -> Alert {
    Alert {
        number: NOT_YET_NUMBERED,
        subject: fault.subject.clone(),
        problem: Problem::Technical(fault.cause),
        severity: fault.severity,
        confirmation: Confirmation::NotAsked,
        condition: Band::Green,
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: None,
        reds: None,
        worst: fault.spo2,
        worst_sound: None,
        detail: Some(fault.detail.clone()),
        spoke_seq: NOT_YET_NUMBERED,
        spoke_at: now,
        heeded: Heeded::default(),
        shown_at: None,
        show_by: None,
        unseen: false,
        recheck_by: None,
        was_green: false,
        was_below_red: false,
        relapse: None,
        struck: None,
        ladder: crate::escalation::Ladder::default(),
        snooze: None,
    }
    .speak(now)
}
