//! Every vector of the device families that are built, checked field by field.
//!
//! `vectors/ble.json` holds bytes that were captured, taken from public projects, documented, or derived by hand, and what
//! they must decode to. What is decoded is written down as JSON with the names of `expected`, and must be equal to it.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test program: a vector that does not fit its own format must fail"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use ward_oximeter::date_time::{CurrentTime, Stamp};
use ward_oximeter::device_info::{BatteryLevel, SystemId};
use ward_oximeter::pc60::{Body, Pc60Frame, Reassembler};
use ward_oximeter::plx::{
    Collector, Continuous, DeviceStatus, Features, MeasurementStatus, Racp, SpotCheck,
};
use ward_oximeter::sfloat::Sfloat;
use ward_oximeter::{DecodeError, Driver, Family, Frame, uuids};

const KINDS: [&str; 12] = [
    "sfloat",
    "date_time",
    "current_time",
    "plx_spot",
    "plx_cont",
    "plx_features",
    "racp",
    "sequence",
    "battery_2a19",
    "system_id",
    "pc60_frame",
    "pc60_stream",
];

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    kind: String,
    #[serde(default)]
    hex: String,
    #[serde(default)]
    chunks: Vec<String>,
    #[serde(default)]
    steps: Vec<Step>,
    expected: Option<Value>,
    alternative: Option<Value>,
    outcome: Option<Value>,
}

#[derive(Deserialize)]
struct Step {
    dir: String,
    #[serde(default)]
    characteristic: String,
    #[serde(default)]
    hex: String,
    kind: Option<String>,
    expected: Option<Value>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex
        .chars()
        .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.0.insert(name.into(), value.into());
        self
    }

    fn sfloat(&mut self, name: &str, value: Sfloat) -> &mut Self {
        match value {
            Sfloat::Number(number) => self.set(name, number.to_string().parse::<f64>().unwrap()),
            Sfloat::Special(special) => self
                .set(name, Value::Null)
                .set(&format!("{name}_special"), special.to_string()),
        }
    }

    fn stamp(&mut self, stamp: Stamp) -> &mut Self {
        self.set("timestamp", stamp.valid().map(|time| time.to_string()))
            .set("timestamp_state", stamp.state())
    }

    fn unless_zero(&mut self, name: &str, value: usize) -> &mut Self {
        if value == 0 {
            self
        } else {
            self.set(name, value)
        }
    }

    fn status(
        &mut self,
        measurement: Option<MeasurementStatus>,
        device: Option<DeviceStatus>,
    ) -> &mut Self {
        if let Some(status) = measurement {
            self.set("meas_status_raw", status.0)
                .set("meas_status", status.names().collect::<Vec<_>>());
        }
        if let Some(status) = device {
            self.set("dev_status_raw", status.0)
                .set("dev_status", status.names().collect::<Vec<_>>());
        }
        self
    }
}

fn spot_check(fields: &mut Fields, check: &SpotCheck) {
    fields
        .set("flags_raw", check.flags)
        .sfloat("spo2", check.spo2)
        .sfloat("pulse", check.pulse);
    if let Some(stamp) = check.timestamp {
        fields.stamp(stamp);
    }
    if let Some(index) = check.pulse_amplitude_index {
        fields.sfloat("pai", index);
    }
    fields
        .set("clock_not_set", check.clock_not_set())
        .status(check.measurement_status, check.device_status)
        .unless_zero("rfu_flags", check.reserved_flags().into())
        .unless_zero("trailing", check.trailing);
}

fn continuous(fields: &mut Fields, live: &Continuous) {
    fields
        .set("flags_raw", live.flags)
        .sfloat("spo2", live.normal.spo2)
        .sfloat("pulse", live.normal.pulse);
    for (name, pair) in [("fast", live.fast), ("slow", live.slow)] {
        if let Some(pair) = pair {
            fields
                .sfloat(&format!("{name}_spo2"), pair.spo2)
                .sfloat(&format!("{name}_pulse"), pair.pulse);
        }
    }
    if let Some(index) = live.pulse_amplitude_index {
        fields.sfloat("pai", index);
    }
    fields
        .status(live.measurement_status, live.device_status)
        .unless_zero("rfu_flags", live.reserved_flags().into())
        .unless_zero("trailing", live.trailing);
}

fn racp(fields: &mut Fields, racp: Racp) {
    let trailing = match racp {
        Racp::Request {
            request,
            operator,
            trailing,
        } => {
            fields
                .set("type", "request")
                .set("request", request.name())
                .set("operator", operator);
            trailing
        }
        Racp::Count {
            operator,
            count,
            trailing,
        } => {
            fields
                .set("type", "count_response")
                .set("operator", operator)
                .set("count", count);
            trailing
        }
        Racp::Response {
            operator,
            request,
            code,
            trailing,
        } => {
            fields.set("type", "response").set("operator", operator);
            fields
                .set("request", request.name())
                .set("code", code.name());
            trailing
        }
        Racp::Unknown { opcode } => {
            fields.set("type", "unknown").set("opcode", opcode);
            0
        }
    };
    fields.unless_zero("trailing", trailing);
}

fn pc60(fields: &mut Fields, frame: &Pc60Frame) {
    fields
        .set("token", frame.token)
        .set("type", frame.kind)
        .unless_zero("trailing", frame.trailing);
    match &frame.body {
        Body::Parameters(parameters) => {
            fields
                .set("spo2", parameters.spo2_percent.map(f64::from))
                .set("pulse", parameters.pulse_bpm.map(f64::from))
                .set(
                    "pi",
                    parameters
                        .perfusion_tenths_percent
                        .map(|tenths| f64::from(tenths) / 10.0),
                )
                .set("status", parameters.status_names().collect::<Vec<_>>())
                .set("last_byte", parameters.last_byte);
        }
        Body::Pleth(pleth) => {
            fields
                .set("pleth", pleth.samples().to_vec())
                .set("beat", pleth.beats().collect::<Vec<_>>());
        }
        Body::WorkingStatus(status) => {
            fields.set("mode", status.mode).set("stage", status.stage);
        }
        Body::Battery(level) => {
            fields.set("battery_level", *level);
        }
        Body::Version(_) | Body::Other(_) => {}
    }
}

fn decode_into(fields: &mut Fields, kind: &str, bytes: &[u8]) -> Result<(), DecodeError> {
    match kind {
        "sfloat" => {
            fields.sfloat("value", Sfloat::from_le_bytes(bytes.try_into().unwrap()));
        }
        "date_time" => {
            fields.stamp(Stamp::decode(bytes)?);
        }
        "current_time" => {
            let current = CurrentTime::decode(bytes)?;
            fields
                .stamp(current.time)
                .set("day_of_week", current.day_of_week);
            fields
                .set("fractions256", current.fractions_256)
                .set("adjust_reason", current.adjust_reason);
        }
        "plx_spot" => spot_check(fields, &SpotCheck::decode(bytes)?),
        "plx_cont" => continuous(fields, &Continuous::decode(bytes)?),
        "plx_features" => {
            let features = Features::decode(bytes)?;
            fields.set("features_raw", features.features.0);
            fields.set("features", features.features.names().collect::<Vec<_>>());
            if let Some(mask) = features.measurement_status_support {
                fields.set("meas_status_support", mask.names().collect::<Vec<_>>());
            }
            if let Some(mask) = features.device_status_support {
                fields.set("dev_status_support", mask.names().collect::<Vec<_>>());
            }
            fields.unless_zero("trailing", features.trailing);
        }
        "racp" => racp(fields, Racp::decode(bytes)?),
        "battery_2a19" => {
            fields.set("battery", BatteryLevel::decode(bytes)?.raw);
        }
        "system_id" => {
            fields.set("eui64", SystemId::decode(bytes)?.to_string());
        }
        "pc60_frame" => pc60(fields, &Pc60Frame::decode(bytes)?),
        other => panic!("no decoder for {other}"),
    }
    Ok(())
}

/// What was decoded, in the words of `expected`.
fn decoded(kind: &str, bytes: &[u8]) -> Value {
    let mut fields = Fields::default();
    match decode_into(&mut fields, kind, bytes) {
        Ok(()) => fields.set("ok", true),
        Err(error) => {
            fields = Fields::default();
            fields.set("ok", false).set("error", error.to_string())
        }
    };
    Value::Object(fields.0)
}

/// Numbers by value: 98 and 98.0 are the same.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        other => other.clone(),
    }
}

fn check(id: &str, found: &Value, expected: &Value, alternative: Option<&Value>) {
    let found = plain(found);
    let fits = |wanted: &Value| found == plain(wanted);
    assert!(
        fits(expected) || alternative.is_some_and(fits),
        "{id}: {found} is not {expected}"
    );
}

fn check_stream(vector: &Vector) {
    let mut stream = Reassembler::default();
    let frames: Vec<_> = vector
        .chunks
        .iter()
        .flat_map(|chunk| stream.push(&bytes(chunk)))
        .filter_map(|frame| frame.ok().map(|frame| hex(&frame.raw)))
        .collect();
    let found = json!({ "ok": true, "frames": frames });
    check(
        &vector.id,
        &found,
        vector.expected.as_ref().unwrap(),
        vector.alternative.as_ref(),
    );
}

fn check_sequence(vector: &Vector) {
    let mut driver = Driver::new(Family::Plx);
    let mut collector = Collector::default();
    for (number, step) in vector.steps.iter().enumerate() {
        let at_ms = u64::try_from(number).unwrap() * 100;
        let value = bytes(&step.hex);
        if let (Some(kind), Some(expected)) = (&step.kind, &step.expected) {
            check(&vector.id, &decoded(kind, &value), expected, None);
        }
        match (step.dir.as_str(), step.characteristic.as_str()) {
            ("write", "2A52") => match Racp::decode(&value) {
                // A write without an expected decoding is one that the device refused.
                Ok(Racp::Request { request, .. }) if step.expected.is_some() => {
                    collector.asked(request, at_ms);
                }
                _ => {}
            },
            ("indicate", short) => {
                let uuid = if short == "2A5E" {
                    uuids::PLX_SPOT_CHECK
                } else {
                    uuids::RACP
                };
                for frame in driver.decode(uuid, &value) {
                    match frame.unwrap() {
                        Frame::PlxSpotCheck { check, raw } => {
                            collector.record(&check, &raw, at_ms);
                        }
                        Frame::Racp(racp) => collector.answered(&racp, at_ms),
                        other => panic!("{other:?}"),
                    }
                }
            }
            ("event", _) => collector.disconnected(),
            other => panic!("{other:?}"),
        }
    }
    let outcome = vector.outcome.as_ref().unwrap();
    for (name, wanted) in outcome.as_object().unwrap() {
        let found = match name.as_str() {
            "new_records" => json!(collector.new_records()),
            "complete" => json!(collector.is_complete()),
            other => panic!("{}: unknown outcome {other}", vector.id),
        };
        assert_eq!(plain(&found), plain(wanted), "{}: {name}", vector.id);
    }
}

#[test]
fn every_vector_decodes_to_exactly_what_it_says() {
    let Vectors { vectors } = serde_json::from_str(include_str!("../vectors/ble.json")).unwrap();
    let mut counts: BTreeMap<&str, usize> = KINDS.into_iter().map(|kind| (kind, 0)).collect();
    for vector in &vectors {
        let Some(count) = counts.get_mut(vector.kind.as_str()) else {
            continue;
        };
        *count += 1;
        match vector.kind.as_str() {
            "pc60_stream" => check_stream(vector),
            "sequence" => check_sequence(vector),
            kind => {
                let found = decoded(kind, &bytes(&vector.hex));
                check(
                    &vector.id,
                    &found,
                    vector.expected.as_ref().unwrap(),
                    vector.alternative.as_ref(),
                );
            }
        }
    }
    println!("{counts:?}");
    assert!(
        counts.values().all(|count| *count > 0),
        "a kind without a vector: {counts:?}"
    );
}
