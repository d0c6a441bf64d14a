//! Why nothing came: the bridge, its radio, the oximeter, a finger that gave no value, or the patient.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::slot::{Awaited, Slot};
use crate::bridge_watch::{BridgeStatus, Trouble};
use crate::device::DeviceAddress;
use crate::time::{Timestamp, seconds};

/// A bridge that nothing was heard of for so long is silent. It says that it is there every minute; that two words got
/// lost is no silence yet, and with the looks a quarter of a minute apart it is told within three minutes.
pub const BRIDGE_SILENT_AFTER: Duration = seconds(150);

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
    /// Whether the bridge tells of this oximeter.
    pub tells_of_it: bool,
    /// When the oximeter was last heard; `None`: never, as far as the bridge tells.
    pub heard_at: Option<Timestamp>,
    /// Why it could not be read.
    pub trouble: Option<Trouble>,
    /// So many readings wait on the bridge and get no fewer.
    pub readings_stuck: Option<u64>,
}

impl Kit {
    /// What a bridge, last heard of at `bridge_heard_at`, has said of itself and of this oximeter.
    #[must_use]
    pub fn of(
        bridge_heard_at: Option<Timestamp>,
        status: Option<&BridgeStatus>,
        address: Option<&DeviceAddress>,
    ) -> Self {
        let oximeter = status
            .zip(address)
            .and_then(|(status, address)| status.oximeter(address));
        Self {
            bridge_heard_at,
            radio_up: status.map(|status| status.radio_up),
            battery_percent: oximeter.and_then(|one| one.battery_percent),
            tells_of_it: oximeter.is_some(),
            heard_at: oximeter.and_then(|one| one.heard_at),
            trouble: oximeter.and_then(|one| Some(one.trouble?.what)),
            readings_stuck: status
                .and_then(|status| status.spool)
                .and_then(|spool| spool.stuck_since.map(|_| spool.waiting)),
        }
    }
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
    /// The bridge is there, and readings stay on it: what is missed may be among them.
    ReadingsStuck {
        /// How many.
        waiting: u64,
    },
    /// The oximeter is heard and cannot be read.
    CannotBeRead {
        /// Why.
        trouble: Trouble,
    },
    /// The oximeter's battery was nearly flat when it was last heard of.
    OximeterFlat {
        /// What was left.
        percent: u8,
        /// When it was last heard.
        #[serde(default)]
        heard_at: Option<Timestamp>,
    },
    /// The oximeter was not heard in that time: not used, switched off, flat or out of reach.
    OximeterNotHeard {
        /// When it last was; `None`: never yet.
        heard_at: Option<Timestamp>,
        /// What was left in its battery then, in percent.
        percent: Option<u8>,
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
    if silent {
        return Why::BridgeSilent {
            since: kit.bridge_heard_at,
        };
    }
    if kit.radio_up == Some(false) {
        return Why::BluetoothDown;
    }
    if let Some(waiting) = kit.readings_stuck {
        return Why::ReadingsStuck { waiting };
    }
    // Connected without a value: nobody had a finger in it. That is the patient, not the kit.
    if let Some(trouble) = kit.trouble.filter(|what| *what != Trouble::NoValues) {
        return Why::CannotBeRead { trouble };
    }
    let heard_at = kit.heard_at;
    match kit.battery_percent {
        Some(percent) if percent <= NEARLY_FLAT_PERCENT => Why::OximeterFlat { percent, heard_at },
        percent if kit.tells_of_it && heard_at.is_none_or(|at| at < slot.opens) => {
            Why::OximeterNotHeard { heard_at, percent }
        }
        Some(_) | None => Why::PatientSilent,
    }
}
