//! A bridge's heartbeat: how it is, once a minute, apart from readings.
//!
//! Everything but `radio_up` and `oximeters` may be missing: bridges of before it are still heard. A member that the
//! service does not know is passed over: a bridge that was upgraded first must not fall silent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Oximeters in a [`StatusRequest`] at most.
pub const OXIMETERS_LIMIT: usize = 64;

/// Characters of a name, model or version; what is longer is cut off.
pub const NAME_LIMIT: usize = 64;

/// `POST /api/bridge/status`: how the bridge is. Once a minute, and at once when something changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusRequest {
    /// Whether its Bluetooth works.
    pub radio_up: bool,
    /// What it knows of its oximeters, up to 64.
    pub oximeters: Vec<OximeterItem>,
    /// Its Bluetooth adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<AdapterItem>,
    /// The readings that it keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spool: Option<SpoolItem>,
    /// Its clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockItem>,
    /// Its programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<VersionsItem>,
    /// For how many seconds its program has run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime_seconds: Option<u64>,
    /// The `version` of the list of oximeters that it works by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_version: Option<String>,
}

/// What a bridge knows of one of its oximeters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OximeterItem {
    /// Its Bluetooth address, `00:1C:05:FF:4E:5D`.
    pub device_address: String,
    /// What is left in its battery, 0 to 100 percent, when it tells.
    #[serde(default)]
    pub battery_percent: Option<u8>,
    /// How long ago it was last heard, in milliseconds, by the bridge's steady clock. Missing: not since the bridge started.
    #[serde(default)]
    pub heard_ago_ms: Option<u64>,
    /// The slot that the list of oximeters gives for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Uuid>,
    /// Whether it was heard within the last two minutes, or is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reach: Option<bool>,
    /// Whether it is connected now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected: Option<bool>,
    /// How strongly it was heard last, in dBm: -40 beside it, -90 at the edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rssi_dbm: Option<i16>,
    /// Its model, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its firmware's version, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// How long ago its last reading was put on the bridge's disk, in milliseconds. Missing: none since the bridge started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading_ago_ms: Option<u64>,
    /// Why it cannot be read. Missing: nothing is known to be in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// For how long that has been so, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble_for_ms: Option<u64>,
}

/// Why an oximeter cannot be read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It sends nothing before it is paired, and pairing has not come about.
    WantsPairing,
    /// It has forgotten the pairing that the bridge remembers, and could not be paired anew.
    StaleBond,
    /// It is heard, and no connection comes about.
    CannotConnect,
    /// Connections come about and end before anything was measured.
    KeepsDropping,
    /// What it offers belongs to no oximeter that the bridge knows.
    UnknownDevice,
    /// A kind of oximeter that is known and whose values are not taken.
    UnsupportedFamily,
    /// It is connected and gives no value: no finger, no signal, or a demonstration.
    NoValues,
    /// Something that the reader of this list does not know.
    #[serde(other)]
    Other,
}

/// A bridge's Bluetooth adapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdapterItem {
    /// As the system calls it, `hci0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether there is one.
    pub present: bool,
    /// Whether it is switched on.
    pub powered: bool,
    /// Whether the system's Bluetooth service answers. When it does not, the other two are as it said last.
    pub service_answers: bool,
}

/// The readings that a bridge keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpoolItem {
    /// How many wait to be sent.
    pub waiting: u64,
    /// For how long the one that waits longest has waited, in milliseconds. Missing: none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_waits_ms: Option<u64>,
    /// How many the service has refused.
    #[serde(default)]
    pub refused: u64,
    /// Bytes on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_bytes: Option<u64>,
    /// Bytes that it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// Bytes that are free on the bridge's disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_free_bytes: Option<u64>,
}

/// A bridge's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockItem {
    /// Its wall clock when this was sent. The service compares it with its own.
    #[schema(value_type = String, format = DateTime)]
    pub wall: Timestamp,
    /// Whether its system says that the clock is kept right over the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synchronised: Option<bool>,
}

/// A bridge's programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionsItem {
    /// The bridge itself.
    pub bridge: String,
    /// The system's Bluetooth service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bluez: Option<String>,
    /// The kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
}

/// The status is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusReply {
    /// The next one is awaited within so many seconds.
    pub again_in_seconds: u32,
    /// The service's clock when the request came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub now: Option<Timestamp>,
    /// How far the bridge's wall clock is off by that, in milliseconds; positive when it is ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_off_by_ms: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_bridge_is_read_and_a_later_one_too() {
        let earlier = r#"{"radio_up":true,"oximeters":[{"device_address":"00:1C:05:FF:4E:5D"}]}"#;
        let read: StatusRequest = serde_json::from_str(earlier).unwrap();
        assert!(read.radio_up && read.adapter.is_none());
        assert_eq!(read.oximeters[0].trouble, None);
        let later = r#"{"radio_up":true,"moon":"full","oximeters":[{"device_address":"00:1C:05:FF:4E:5D",
            "trouble":"bitten_by_dog","trouble_for_ms":5,"smell":"none"}]}"#;
        let read: StatusRequest = serde_json::from_str(later).unwrap();
        assert_eq!(read.oximeters[0].trouble, Some(Trouble::Other));
    }

    #[test]
    fn what_is_not_known_is_not_sent() {
        let request = StatusRequest {
            radio_up: true,
            ..StatusRequest::default()
        };
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(text, r#"{"radio_up":true,"oximeters":[]}"#);
    }
}
