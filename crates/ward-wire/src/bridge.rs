//! Between a bridge and the service.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

mod status;

pub use status::*;

/// Readings in one request at most.
pub const BATCH_LIMIT: usize = 500;

/// Bytes in one request at most.
pub const BATCH_BYTES_LIMIT: usize = 512 * 1024;

/// `POST /api/bridge/enrol`: a one-time code, and the key by which the bridge will be known.
///
/// Sent again with the same code and the same key, it is answered alike while the code is good: an answer that was lost
/// costs nothing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// As `wardlight bridge add` printed it. Good once, for 30 minutes.
    pub code: String,
    /// The bridge's version, for the ward's list.
    pub version: String,
    /// The bridge's key. Missing only from a bridge of before there were keys: it is given a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyItem>,
}

/// A bridge's public key, and the proof that whoever sends it has the private one, which never leaves the box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyItem {
    /// Ed25519: 32 bytes in hexadecimal.
    pub public_key: String,
    /// Its signature over the text of [`crate::signature::enrolment_proof`] or [`crate::signature::rotation_proof`]:
    /// 64 bytes in hexadecimal.
    pub proof: String,
}

/// The bridge is enrolled.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EnrolReply {
    /// The bridge's id.
    pub bridge: Uuid,
    /// Only for a bridge that brought no key: 256 bits, for `Authorization: Bearer …`. The service keeps only its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What became of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyReply>,
}

/// `POST /api/bridge/key` is answered with this: the new key is kept. The old one is good until a day after the new one
/// was first used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyReply {
    /// The key's id, which is its fingerprint.
    pub id: String,
    /// By the service's clock. It is accepted after that too, and the ward is told.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// `GET /api/bridge/devices`: the oximeters that this bridge may connect to. It connects to no other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeviceList {
    /// One for each oximeter.
    pub devices: Vec<EnrolledDevice>,
    /// Another one whenever the list is another. The bridge says in its status by which it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An oximeter that a bridge may connect to. No name: a bridge knows nobody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnrolledDevice {
    /// Bluetooth address, `00:1C:05:FF:4E:5D`.
    pub address: String,
    /// At or under this whole percent for 15 s, a reading is sent at once, stable or not.
    pub low_limit_percent: u16,
    /// Stands for whoever wears it, as long as they do. It tells nothing of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Uuid>,
    /// How the oximeter is used. Missing: now and then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling: Option<SamplingItem>,
}

/// How an oximeter is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SamplingItem {
    /// Now and then, or all the time.
    pub mode: SamplingMode,
    /// A stream is summed up over so many seconds.
    pub window_seconds: u16,
}

/// When an oximeter is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SamplingMode {
    /// All the time.
    Continuous,
    /// Now and then, for a measurement. What the reader does not know is this too.
    #[serde(other)]
    Spot,
}

/// `POST /api/bridge/readings`: up to 500 readings, the most urgent first.
///
/// Each item is read on its own: one that cannot be read is quarantined with its bytes, the others are stored.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingBatch {
    /// By the bridge's wall clock.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// [`ReadingItem`]s.
    #[schema(value_type = Vec<ReadingItem>)]
    pub readings: Vec<Box<RawValue>>,
}

/// One reading as a bridge sends it. A member that the service does not know is passed over: a bridge that was upgraded
/// first must not have its readings set aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadingItem {
    /// The same at every try. UUIDv5 over device, device session, kind, device time or sequence, and values; UUIDv7 for
    /// live data without a time stamp.
    pub id: Uuid,
    /// Bluetooth address of the oximeter.
    pub device_address: String,
    /// By the bridge's wall clock when it was put into the spool. The same at every try.
    #[schema(value_type = String, format = DateTime)]
    pub measured_at: Timestamp,
    /// How long before this request it was measured, by the bridge's steady clock. Left out for what was spooled before
    /// the bridge's last start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// What was measured.
    pub measured: MeasuredItem,
    /// The frame it came from, in hexadecimal, for a spot check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_hex: Option<String>,
}

/// Values, or an attempt that gave none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MeasuredItem {
    /// A result that the oximeter itself called final.
    SpotCheck(ValuesItem),
    /// The median of a stable window of a stream, or its last seconds, then marked `unsettled`.
    Window(ValuesItem),
    /// A measurement without a value.
    Attempt {
        /// Why: a status name of the Pulse Oximeter Service, or in words.
        reason: String,
    },
}

/// The values of one reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValuesItem {
    /// Oxygen saturation, 1 to 100, in percent.
    pub spo2_percent: f64,
    /// Pulse in beats a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse_bpm: Option<f64>,
    /// Perfusion index in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perfusion_index_percent: Option<f64>,
    /// Why the value may be wrong; empty for a sound one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtItem>,
    /// Of a window: what it held as a whole. One that cannot be read is left out with a note in the answer, and the
    /// reading is stored without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<SummaryItem>)]
    pub summary: Option<SentSummary>,
}

/// A summary as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SentSummary {
    /// In the form of this version.
    Read(SummaryItem),
    /// In no form that this version knows: kept apart, so that the reading is read.
    Unreadable(serde_json::Value),
}

/// The saturation of a continuous source from its previous reading, or from its beginning, to this one. Time without a
/// value, beside a flat wave, and in the last three seconds before the finger went counts at no percent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SummaryItem {
    /// How long the window was, over 0 to 86400, to a thousandth.
    pub seconds: f64,
    /// The lowest, in percent.
    pub spo2_min_percent: f64,
    /// The median by time, in percent. The reading's own value is this, or that of its last seconds when it was given
    /// early.
    pub spo2_median_percent: f64,
    /// The highest, in percent.
    pub spo2_max_percent: f64,
    /// How long at each whole percent, ascending, 1 to 101 of them; together no longer than the window.
    #[schema(min_items = 1, max_items = 101)]
    pub seconds_at: Vec<SecondsAtItem>,
}

/// How long the saturation stood at a whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SecondsAtItem {
    /// 1 to 100, rounded down.
    pub spo2_percent: u8,
    /// To a thousandth, over 0.
    pub seconds: f64,
}

/// Entries of [`SummaryItem::seconds_at`] at most.
pub const SECONDS_AT_LIMIT: usize = 101;

/// A reason to doubt a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoubtItem {
    /// Early estimated data.
    EarlyEstimate,
    /// Questionable measurement or pulse.
    Questionable,
    /// Low perfusion.
    LowPerfusion,
    /// Poor or inadequate signal.
    PoorSignal,
    /// Erratic signal.
    ErraticSignal,
    /// Sensor interference.
    Interference,
    /// Sensor displaced.
    Displaced,
    /// Still searching for the pulse.
    Searching,
    /// Motion.
    Motion,
    /// No stable window.
    Unsettled,
    /// No pulse, or one outside 20 to 350.
    PulseUnusable,
    /// Typed, and not confirmed.
    TypedNotConfirmed,
    /// From the memory of a device that did not know what time it was: `measured_at` is when the bridge got it.
    TimeNotKnown,
    /// A mark that the reader does not know.
    #[serde(other)]
    Other,
}

/// The answer to a batch. Given only when what it says is on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BatchReply {
    /// One for each item, in the order of the request.
    pub answers: Vec<Answer>,
    /// What the person who measured must be told, where nobody watches their readings any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<AdviceItem>,
    /// The epoch in which this was written. It changes when the service may have lost what it confirmed before: after a
    /// restore, or a failover that went back. A bridge then sends again what was confirmed in another epoch. Missing from
    /// a service that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// What of an item was left out, although it was stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteItem>,
}

/// What was left out of an item, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoteItem {
    /// The place of the reading in the request, from 0.
    pub item: usize,
    /// In words for whoever looks after the bridge.
    pub text: String,
}

/// What somebody must be told about a reading of theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AdviceItem {
    /// The place of the reading in the request, from 0.
    pub item: usize,
    /// In words for the person.
    pub text: String,
}

/// What became of one item. All three are durable: the bridge may forget it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It has a wearer and is on their chart.
    Stored,
    /// It was there already.
    Duplicate,
    /// Kept with its bytes and shown to the ward, with no value on anybody's chart.
    Quarantined {
        /// Why, in words.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_travels_in_the_form_that_the_interface_description_shows() {
        let text = r#"{"id":"018f3a7e-0000-7000-8000-000000000001","device_address":"00:1C:05:FF:4E:5D",
            "measured_at":"2026-11-21T09:02:00Z","age_ms":1500,
            "measured":{"kind":"window","spo2_percent":91.5,"pulse_bpm":88,"doubts":["unsettled","from_mars"]}}"#;
        let item: ReadingItem = serde_json::from_str(text).unwrap();
        let MeasuredItem::Window(values) = &item.measured else {
            panic!("a window: {item:?}")
        };
        assert_eq!(values.doubts, [DoubtItem::Unsettled, DoubtItem::Other]);
        let again: ReadingItem =
            serde_json::from_str(&serde_json::to_string(&item).unwrap()).unwrap();
        assert_eq!(again, item);
    }

    #[test]
    fn a_list_of_an_earlier_service_is_read_and_a_mode_that_is_not_known_is_now_and_then() {
        let earlier = r#"{"devices":[{"address":"00:1C:05:FF:4E:5D","low_limit_percent":92}]}"#;
        let list: DeviceList = serde_json::from_str(earlier).unwrap();
        assert_eq!((list.version, list.devices[0].slot), (None, None));
        for (mode, read) in [
            ("spot", SamplingMode::Spot),
            ("continuous", SamplingMode::Continuous),
            ("overnight", SamplingMode::Spot),
        ] {
            let text = format!(r#"{{"mode":"{mode}","window_seconds":60}}"#);
            let item: SamplingItem = serde_json::from_str(&text).unwrap();
            assert_eq!(item.mode, read, "{mode}");
        }
    }

    #[test]
    fn a_summary_of_any_form_takes_no_reading_with_it() {
        let values = |summary: &str| {
            let text = format!(r#"{{"kind":"window","spo2_percent":91.5,"summary":{summary}}}"#);
            let read: MeasuredItem = serde_json::from_str(&text).unwrap();
            let again = serde_json::to_string(&read).unwrap();
            assert_eq!(serde_json::from_str::<MeasuredItem>(&again).unwrap(), read);
            let MeasuredItem::Window(values) = read else {
                panic!("a window: {read:?}")
            };
            values.summary
        };
        let good = r#"{"seconds":60.25,"spo2_min_percent":90.1,"spo2_median_percent":91.5,"spo2_max_percent":97,
            "seconds_at":[{"spo2_percent":90,"seconds":20.125},{"spo2_percent":97,"seconds":40}],"newer":true}"#;
        let Some(SentSummary::Read(summary)) = values(good) else {
            panic!("a summary")
        };
        assert_eq!(summary.seconds_at[0].seconds, 20.125);
        assert_eq!(values("null"), None);
        for bad in [
            "7",
            "[]",
            r#""all well""#,
            &good.replace("97,", r#""high","#),
        ] {
            assert!(
                matches!(values(bad), Some(SentSummary::Unreadable(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_newer_bridges_reading_is_read_and_one_without_a_value_is_not() {
        let newer = r#"{"id":"018f3a7e-0000-7000-8000-000000000001","device_address":"00:1C:05:FF:4E:5D","firmware":"9",
            "measured_at":"2026-11-21T09:02:00Z","measured":{"kind":"window","spo2_percent":91,"skin":"warm"}}"#;
        assert!(serde_json::from_str::<ReadingItem>(newer).is_ok());
        let misspelt = newer.replace("spo2_percent", "spo2_precent");
        let error = serde_json::from_str::<ReadingItem>(&misspelt).unwrap_err();
        assert!(error.to_string().contains("spo2_percent"));
    }
}
