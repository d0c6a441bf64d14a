//! What is known of the radio and of each oximeter.

use std::collections::BTreeMap;

use ward_wire::bridge::{NAME_LIMIT, Trouble};

use crate::address::Address;
use crate::clock::Steady;

/// More oximeters than this are not kept in mind: the service takes 64.
const OXIMETERS_LIMIT: usize = 256;

/// An oximeter that was heard no longer ago than this is in reach, in milliseconds.
pub const IN_REACH_MS: u64 = 120_000;

/// What is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the Bluetooth works; `None` before anybody has tried.
    pub radio_up: Option<bool>,
    /// The adapter, once somebody has looked.
    pub adapter: Option<Adapter>,
    /// The version of the system's Bluetooth service.
    pub bluez: Option<String>,
    /// Each oximeter of which something is known since the start.
    pub oximeters: BTreeMap<Address, Oximeter>,
}

/// The Bluetooth adapter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adapter {
    /// As the system calls it, `hci0`.
    pub name: Option<String>,
    /// Whether there is one.
    pub present: bool,
    /// Whether it is switched on.
    pub powered: bool,
    /// Whether the system's Bluetooth service answers.
    pub service_answers: bool,
}

/// What is known of an oximeter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oximeter {
    /// When it was last heard, by an advert or over a connection.
    pub heard: Option<Steady>,
    /// How strong its last advert was, in dBm.
    pub rssi_dbm: Option<i16>,
    /// Whether it is connected.
    pub connected: bool,
    /// What is left in its battery, in percent, when it has said so.
    pub battery_percent: Option<u8>,
    /// What it says that it is.
    pub model: Option<String>,
    /// Its firmware's version.
    pub firmware: Option<String>,
    /// When its last reading was put on disk.
    pub reading: Option<Steady>,
    /// Why it cannot be read.
    pub trouble: Option<Troubled>,
}

/// Why an oximeter cannot be read, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Troubled {
    /// Why.
    pub what: Trouble,
    /// Since then.
    pub since: Steady,
}

impl Adapter {
    /// Whether oximeters can be heard through it.
    #[must_use]
    pub const fn works(&self) -> bool {
        self.present && self.powered && self.service_answers
    }
}

impl Known {
    /// What is known of this oximeter, to be written; `None` when there are too many.
    pub(super) fn oximeter(&mut self, device: &Address) -> Option<&mut Oximeter> {
        if !self.oximeters.contains_key(device) && self.oximeters.len() >= OXIMETERS_LIMIT {
            return None;
        }
        Some(self.oximeters.entry(device.clone()).or_default())
    }
}

impl Oximeter {
    /// Whether it is connected, or was heard a moment ago.
    #[must_use]
    pub fn is_in_reach(&self, now: Steady) -> bool {
        let age = self.heard.and_then(|heard| heard.age_ms(now));
        self.connected || age.is_some_and(|age| age <= IN_REACH_MS)
    }
}

/// A name as a device says it, without what cannot be read, and no longer than the service takes. `None` when nothing
/// is left.
pub(super) fn short(said: &str) -> Option<String> {
    let readable = said.chars().filter(|letter| !letter.is_control());
    let kept: String = readable.take(NAME_LIMIT).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}
