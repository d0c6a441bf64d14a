//! Why nothing came: the bridge, its radio, the oximeter, a finger that gave no value, or the patient.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::slot::{Awaited, Slot};
use crate::time::{Timestamp, minutes};

/// A bridge that nothing was heard of for so long is silent. It says that it is there every minute.
pub const BRIDGE_SILENT_AFTER: Duration = minutes(15);

/// An oximeter's battery with no more left than this is nearly flat, in percent.
pub const NEARLY_FLAT_PERCENT: u8 = 10;

/// Something that came from a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Came {
    /// When it was measured or answered.
    pub at: Timestamp,
    /// What it was.
    pub what: What,
}

/// What can come from a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A reading with a value, doubtful or not: somebody is there and measures.
    Value,
    /// A measurement that gave no value.
    Attempt,
    /// A diary entry.
    Entry,
}

/// What is known of the kit that reads a patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kit {
    /// When the bridge was last heard of.
    pub bridge_heard_at: Option<Timestamp>,
    /// Whether its radio worked when it last said so.
    pub radio_up: Option<bool>,
    /// What was left in the oximeter's battery when it was last heard of, in percent.
    pub battery_percent: Option<u8>,
}

/// Why nothing came, as well as the kit can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Why {
    /// Nothing was heard of the bridge either.
    BridgeSilent {
        /// Since when; `None` when it has never been heard of.
        since: Option<Timestamp>,
    },
    /// The bridge is there, its radio does not work.
    BluetoothDown,
    /// The oximeter's battery was nearly flat when it was last heard of.
    OximeterFlat {
        /// What was left.
        percent: u8,
    },
    /// Somebody tried, and no measurement gave a value. A true low in shock has a poor signal.
    TriedInVain {
        /// How often.
        attempts: u32,
    },
    /// The kit works, as far as anybody knows: it is the patient who is silent.
    PatientSilent,
}

/// A slot in which nothing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Missed {
    /// Which slot.
    #[serde(flatten)]
    pub slot: Slot,
    /// Why.
    pub why: Why,
    /// When it came all the same, after it had been missed.
    #[serde(default)]
    pub came_at: Option<Timestamp>,
}

/// Those of the closed slots in which nothing came of what they asked for. `kit` is that of whom a bridge reads.
#[must_use]
pub fn missed(closed: &[Slot], came: &[Came], kit: Option<&Kit>) -> Vec<Missed> {
    let answered = |slot: &Slot| {
        let wanted = match slot.awaited {
            Awaited::Reading => What::Value,
            Awaited::Diary => What::Entry,
        };
        came.iter()
            .any(|came| came.what == wanted && slot.holds(came.at))
    };
    let missed = closed.iter().filter(|slot| !answered(slot));
    missed
        .map(|slot| Missed {
            slot: *slot,
            why: why(slot, came, kit),
            came_at: None,
        })
        .collect()
}

fn why(slot: &Slot, came: &[Came], kit: Option<&Kit>) -> Why {
    let in_slot = |what: What| {
        let within = came
            .iter()
            .filter(|came| came.what == what && slot.holds(came.at));
        u32::try_from(within.count()).unwrap_or(u32::MAX)
    };
    // A diary needs no kit.
    if slot.awaited == Awaited::Diary {
        return Why::PatientSilent;
    }
    let attempts = in_slot(What::Attempt);
    if attempts > 0 {
        return Why::TriedInVain { attempts };
    }
    let Some(kit) = kit else {
        return Why::PatientSilent;
    };
    let silent = kit
        .bridge_heard_at
        .is_none_or(|at| at < slot.closes.minus(BRIDGE_SILENT_AFTER));
    match kit.battery_percent {
        _ if silent => Why::BridgeSilent {
            since: kit.bridge_heard_at,
        },
        _ if kit.radio_up == Some(false) => Why::BluetoothDown,
        Some(percent) if percent <= NEARLY_FLAT_PERCENT => Why::OximeterFlat { percent },
        Some(_) | None => Why::PatientSilent,
    }
}
