//! What a bridge last said of itself. It is kept as one value; what an earlier bridge does not say is missing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::device::DeviceAddress;
use crate::time::{Timestamp, minutes};

/// A reading that waits for less is on its way.
const ON_ITS_WAY: Duration = minutes(2);
/// More of the spool's limit in use, in percent, is too much …
const FULL_PERCENT: u64 = 90;
/// … until no more than this is.
const ROOMY_PERCENT: u64 = 80;
/// Less than this free on the disk, in bytes, is too little …
const FREE_TOO_LITTLE: u64 = 200 << 20;
/// … until this much is.
const FREE_ENOUGH: u64 = 300 << 20;

/// What a bridge last said of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeStatus {
    /// When, by the service's clock.
    pub said_at: Timestamp,
    /// Whether its Bluetooth works.
    pub radio_up: bool,
    /// Its oximeters.
    pub oximeters: Vec<OximeterStatus>,
    /// Its Bluetooth adapter.
    #[serde(default)]
    pub adapter: Option<AdapterStatus>,
    /// The readings that it keeps.
    #[serde(default)]
    pub spool: Option<SpoolStatus>,
    /// Its clock.
    #[serde(default)]
    pub clock: Option<ClockStatus>,
    /// Its programs.
    #[serde(default)]
    pub versions: Option<Versions>,
    /// When its program was started, by the service's clock.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// The version of the list of oximeters that it works by.
    #[serde(default)]
    pub list_version: Option<String>,
}

/// What a bridge knows of one of its oximeters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OximeterStatus {
    /// Which.
    pub address: DeviceAddress,
    /// What is left in its battery, in percent, when it tells.
    pub battery_percent: Option<u8>,
    /// When it was last heard, by the service's clock. `None`: never, as far as this bridge has said.
    pub heard_at: Option<Timestamp>,
    /// Whether it is in reach now.
    #[serde(default)]
    pub in_reach: Option<bool>,
    /// Whether it is connected now.
    #[serde(default)]
    pub connected: Option<bool>,
    /// How strongly it was heard, in dBm.
    #[serde(default)]
    pub rssi_dbm: Option<i16>,
    /// What it says that it is.
    #[serde(default)]
    pub model: Option<String>,
    /// Its firmware's version.
    #[serde(default)]
    pub firmware: Option<String>,
    /// When its last reading was put on the bridge's disk.
    #[serde(default)]
    pub reading_at: Option<Timestamp>,
    /// Why it cannot be read.
    #[serde(default)]
    pub trouble: Option<Troubled>,
}

/// Why an oximeter cannot be read, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Troubled {
    /// Why.
    pub what: Trouble,
    /// By the service's clock.
    pub since: Timestamp,
}

/// Why an oximeter that is heard cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It sends nothing before it is paired, and pairing has not come about.
    WantsPairing,
    /// It has forgotten the pairing that the bridge remembers.
    StaleBond,
    /// No connection comes about.
    CannotConnect,
    /// Connections end before anything was measured.
    KeepsDropping,
    /// What it offers belongs to no oximeter that the bridge knows.
    UnknownDevice,
    /// Its kind is known and its values are not taken.
    UnsupportedFamily,
    /// It is connected and gives no value.
    NoValues,
    /// Something that a later bridge says.
    #[serde(other)]
    Other,
}

/// A bridge's Bluetooth adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterStatus {
    /// As its system calls it.
    pub name: Option<String>,
    /// Whether there is one.
    pub present: bool,
    /// Whether it is switched on.
    pub powered: bool,
    /// Whether the system's Bluetooth service answers.
    pub service_answers: bool,
}

/// The readings that a bridge keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolStatus {
    /// How many wait to be sent.
    pub waiting: u64,
    /// When the one that waits longest was measured, by the service's clock.
    pub oldest_at: Option<Timestamp>,
    /// How many the service has refused.
    pub refused: u64,
    /// Bytes on disk.
    pub used_bytes: Option<u64>,
    /// Bytes that it may use.
    pub limit_bytes: Option<u64>,
    /// Bytes that are free on its disk.
    pub disk_free_bytes: Option<u64>,
    /// Since when readings wait and get no fewer. `None`: they are on their way.
    #[serde(default)]
    pub stuck_since: Option<Timestamp>,
    /// Whether there is too little room; it stays so until there is clearly enough.
    #[serde(default)]
    pub is_tight: bool,
}

/// A bridge's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStatus {
    /// By how much it is ahead of the service's, in milliseconds; negative when behind. The way of the request is in it.
    pub off_by_ms: i64,
    /// Whether its system says that it is kept right over the network.
    pub synchronised: Option<bool>,
}

/// A bridge's programs, as it names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The bridge itself.
    pub bridge: String,
    /// Its system's Bluetooth service.
    pub bluez: Option<String>,
    /// Its kernel.
    pub kernel: Option<String>,
}

impl BridgeStatus {
    /// What is known of this oximeter.
    #[must_use]
    pub fn oximeter(&self, address: &DeviceAddress) -> Option<&OximeterStatus> {
        self.oximeters.iter().find(|one| one.address == *address)
    }

    /// What was left in the battery of this oximeter when it was last heard.
    #[must_use]
    pub fn battery_of(&self, address: &DeviceAddress) -> Option<u8> {
        self.oximeter(address)?.battery_percent
    }

    /// This, with what the bridge knew before and does not know now: a bridge that was restarted has heard nothing yet,
    /// and when an oximeter was last heard is still known.
    #[must_use]
    pub fn after(mut self, before: Option<&Self>) -> Self {
        for one in &mut self.oximeters {
            if let Some(known) = before.and_then(|before| before.oximeter(&one.address)) {
                one.remember(known);
            }
        }
        if let Some(spool) = &mut self.spool {
            spool.follow(
                before.and_then(|before| before.spool.as_ref()),
                self.said_at,
            );
        }
        self
    }
}

impl OximeterStatus {
    fn remember(&mut self, known: &Self) {
        self.heard_at = self.heard_at.max(known.heard_at);
        self.reading_at = self.reading_at.max(known.reading_at);
        self.battery_percent = self.battery_percent.or(known.battery_percent);
        if self.model.is_none() {
            self.model.clone_from(&known.model);
        }
        if self.firmware.is_none() {
            self.firmware.clone_from(&known.firmware);
        }
        // A trouble that goes on began when it was first said.
        if let (Some(now), Some(then)) = (&mut self.trouble, known.trouble)
            && now.what == then.what
        {
            now.since = now.since.min(then.since);
        }
    }
}

impl SpoolStatus {
    /// Readings that get fewer are on their way, however old they are: after an outage the newest go first.
    fn follow(&mut self, before: Option<&Self>, now: Timestamp) {
        let waits = self.waiting > 0 && self.oldest_at.is_some_and(|at| at.plus(ON_ITS_WAY) <= now);
        self.stuck_since = waits.then(|| {
            before
                .filter(|before| self.waiting >= before.waiting)
                .and_then(|before| before.stuck_since)
                .map_or(now, |since| since.min(now))
        });
        self.is_tight = self.has_little_room(before.is_some_and(|before| before.is_tight));
    }

    fn has_little_room(&self, was_tight: bool) -> bool {
        let (most_percent, least_free) = if was_tight {
            (ROOMY_PERCENT, FREE_ENOUGH)
        } else {
            (FULL_PERCENT, FREE_TOO_LITTLE)
        };
        self.used_percent()
            .is_some_and(|percent| percent > most_percent)
            || self.disk_free_bytes.is_some_and(|free| free < least_free)
    }

    /// How much of its limit is in use, in percent.
    #[must_use]
    pub fn used_percent(&self) -> Option<u64> {
        let limit = self.limit_bytes.filter(|limit| *limit > 0)?;
        Some(self.used_bytes?.saturating_mul(100) / limit)
    }
}
