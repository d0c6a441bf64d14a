//! One item of a batch, parsed on its own: a bad one is kept with its bytes and does not take the others with it.
//!
//! Whatever is wrong with an item, a saturation in it is looked for: it may be a low.

use std::time::Duration;

use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, ReadingId};
use ward_core::reading::{Context, Doubt, Measured, Values};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;
use ward_service::{IncomingReading, Item, Unreadable};
use ward_wire::bridge::{DoubtItem, MeasuredItem, ReadingItem, ValuesItem};

use crate::extract::without_nul;
use crate::window_summary;

/// A frame in hexadecimal may be this long.
const RAW_LIMIT: usize = 4_096;

/// An attempt's reason is cut to so many characters.
const REASON_LIMIT: usize = 200;

/// An item, and what of it is left out although it is stored.
pub(crate) fn parse(bridge: BridgeId, raw: &RawValue) -> (Item, Option<String>) {
    match serde_json::from_str::<ReadingItem>(raw.get())
        .map_err(|error| error.to_string())
        .and_then(|item| reading(item, raw))
    {
        Ok((reading, note)) => (Item::Reading(reading), note),
        Err(reason) => (Item::Unreadable(unreadable(bridge, raw, reason)), None),
    }
}

fn reading(item: ReadingItem, raw: &RawValue) -> Result<(IncomingReading, Option<String>), String> {
    let device_address: DeviceAddress = item
        .device_address
        .parse()
        .map_err(|error| format!("device_address: {error}"))?;
    let mut note = None;
    let measured = match item.measured {
        MeasuredItem::SpotCheck(values) => Measured::Values(measured_values(&values)?),
        MeasuredItem::Window(mut values) => {
            let summary = values.summary.take().map(window_summary::read);
            let window = match summary.transpose() {
                Ok(window) => window,
                Err(why) => {
                    note = Some(without_nul(why));
                    None
                }
            };
            Measured::Values(Values {
                window,
                ..measured_values(&values)?
            })
        }
        MeasuredItem::Attempt { reason } => Measured::Attempt {
            reason: without_nul(reason.chars().take(REASON_LIMIT).collect()),
        },
    };
    let reading = IncomingReading {
        id: ReadingId(item.id),
        device_address,
        measured_at: Timestamp::from(item.measured_at),
        age: item.age_ms.map(Duration::from_millis),
        measured,
        context: Context::Rest,
        raw: item.raw_hex.as_deref().map(from_hex).transpose()?,
        text: raw.get().as_bytes().to_vec(),
    };
    Ok((reading, note))
}

/// SpO2 is judged on its own: a pulse that cannot be is a reason for doubt, not for refusal.
fn measured_values(item: &ValuesItem) -> Result<Values, String> {
    let spo2 = Spo2::from_percent(item.spo2_percent).ok_or_else(|| {
        format!(
            "spo2_percent: {} is not between 1 and 100",
            item.spo2_percent
        )
    })?;
    let pulse = item.pulse_bpm.and_then(Pulse::from_bpm);
    let mut doubts: Vec<Doubt> = item.doubts.iter().map(|doubt| doubt_of(*doubt)).collect();
    if pulse.is_none() {
        doubts.push(Doubt::PulseUnusable);
    }
    doubts.sort_unstable();
    doubts.dedup();
    Ok(Values {
        spo2,
        pulse,
        perfusion_hundredths: item.perfusion_index_percent.and_then(hundredths),
        doubts,
        window: None,
        observations: ward_core::reading::ObservationSet::default(),
    })
}

fn hundredths(percent: f64) -> Option<u16> {
    // Perfusion indices lie between 0 and 20 %; anything else is left out.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    (0.0..=100.0)
        .contains(&percent)
        .then(|| (percent * 100.0).round() as u16)
}

const fn doubt_of(item: DoubtItem) -> Doubt {
    match item {
        DoubtItem::EarlyEstimate => Doubt::EarlyEstimate,
        DoubtItem::Questionable => Doubt::Questionable,
        DoubtItem::LowPerfusion => Doubt::LowPerfusion,
        DoubtItem::PoorSignal => Doubt::PoorSignal,
        DoubtItem::ErraticSignal => Doubt::ErraticSignal,
        DoubtItem::Interference => Doubt::Interference,
        DoubtItem::Displaced => Doubt::Displaced,
        DoubtItem::Searching => Doubt::Searching,
        DoubtItem::Motion => Doubt::Motion,
        DoubtItem::Unsettled => Doubt::Unsettled,
        DoubtItem::PulseUnusable => Doubt::PulseUnusable,
        DoubtItem::TypedNotConfirmed => Doubt::TypedNotConfirmed,
        DoubtItem::TimeNotKnown => Doubt::TimeNotKnown,
        DoubtItem::Other => Doubt::Other,
    }
}

fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let wrong =
        || "raw_hex: pairs of hexadecimal digits are expected, 8,192 digits at most".to_owned();
    if !text.len().is_multiple_of(2) || text.len() > RAW_LIMIT * 2 || !text.is_ascii() {
        return Err(wrong());
    }
    let pairs = (0..text.len()).step_by(2).map(|at| {
        text.get(at..at + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    });
    pairs.collect::<Option<Vec<u8>>>().ok_or_else(wrong)
}

fn unreadable(bridge: BridgeId, raw: &RawValue, reason: String) -> Unreadable {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or(Value::Null);
    let id = value
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| Uuid::try_parse(id).ok());
    // Without an id of its own, equal content from one bridge is one item.
    let id = id.unwrap_or(bridge.0);
    let percent = value
        .get("measured")
        .and_then(|measured| measured.get("spo2_percent"))
        .or_else(|| value.get("spo2_percent"));
    let percent = percent.and_then(|percent| {
        percent
            .as_f64()
            .or_else(|| percent.as_str().and_then(|text| text.trim().parse().ok()))
    });
    Unreadable {
        id: ReadingId(id),
        // The words of a parser may quote what it could not read.
        reason: without_nul(reason),
        device_address: value
            .get("device_address")
            .and_then(Value::as_str)
            .and_then(|address| address.parse().ok()),
        spo2: percent.and_then(Spo2::from_percent),
        text: raw.get().as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Item {
        parse(
            BridgeId(Uuid::nil()),
            &RawValue::from_string(text.to_owned()).unwrap(),
        )
        .0
    }

    fn with(measured: &str) -> String {
        format!(
            r#"{{"id":"018f3a7e-0000-7000-8000-000000000001","device_address":"00:1C:05:FF:4E:5D","measured_at":"2026-11-21T09:02:00Z","measured":{measured}}}"#
        )
    }

    #[test]
    fn a_saturation_with_an_impossible_pulse_is_a_doubtful_reading() {
        for pulse in ["0", "511", "null"] {
            let Item::Reading(reading) = item(&with(&format!(
                r#"{{"kind":"spot_check","spo2_percent":84,"pulse_bpm":{pulse}}}"#
            ))) else {
                panic!("{pulse}")
            };
            let Measured::Values(values) = reading.measured else {
                panic!()
            };
            assert_eq!(
                (values.spo2.whole_percent(), values.pulse, values.doubts),
                (84, None, vec![Doubt::PulseUnusable])
            );
        }
    }

    #[test]
    fn what_no_oximeter_can_mean_is_kept_with_its_reason() {
        for percent in ["0", "101", "-3", "127"] {
            let Item::Unreadable(kept) = item(&with(&format!(
                r#"{{"kind":"window","spo2_percent":{percent}}}"#
            ))) else {
                panic!("{percent}")
            };
            assert!(kept.reason.contains("between 1 and 100"));
            assert_eq!(kept.spo2, None);
        }
    }

    #[test]
    fn a_low_inside_an_item_that_cannot_be_read_is_still_seen() {
        for text in [
            r#"{"measured":{"spo2_percent":84}}"#,
            r#"{"spo2_percent":"84"}"#,
            r#"{"device_address":"00:1C:05:FF:4E:5D","measured":{"kind":"window","spo2_percent":84.0,"pulse_bpm":"fast"}}"#,
        ] {
            let Item::Unreadable(kept) = item(text) else {
                panic!("{text}")
            };
            assert_eq!(kept.spo2.map(Spo2::whole_percent), Some(84), "{text}");
            assert_eq!(kept.text, text.as_bytes());
        }
    }

    #[test]
    fn an_item_of_any_shape_is_kept_and_never_fatal() {
        for text in ["null", "7", "[]", "{}", r#""low""#, r#"{"id":7}"#] {
            assert!(matches!(item(text), Item::Unreadable(_)), "{text}");
        }
    }
}
