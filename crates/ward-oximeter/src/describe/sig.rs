//! The kinds of the Bluetooth SIG.

use super::fields::Fields;
use crate::date_time::{CurrentTime, Stamp};
use crate::device_info::{BatteryLevel, SystemId};
use crate::error::DecodeError;
use crate::fields::Fields as Bytes;
use crate::plx::{Continuous, Features, Racp, SpotCheck};
use crate::sfloat::Sfloat;

pub(super) fn sfloat(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let mut bytes = Bytes::new(bytes);
    fields
        .sfloat("value", Sfloat::from_bits(bytes.u16("value")?))
        .unless_zero("trailing", bytes.trailing());
    Ok(())
}

pub(super) fn date_time(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let mut bytes = Bytes::new(bytes);
    fields
        .stamp(Stamp::take(&mut bytes, "date_time")?)
        .unless_zero("trailing", bytes.trailing());
    Ok(())
}

pub(super) fn current_time(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let current = CurrentTime::decode(bytes)?;
    fields
        .stamp(current.time)
        .set("day_of_week", current.day_of_week)
        .set("fractions256", current.fractions_256)
        .set("adjust_reason", current.adjust_reason)
        .unless_zero("trailing", current.trailing);
    Ok(())
}

pub(super) fn spot_check(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let check = SpotCheck::decode(bytes)?;
    fields
        .set("flags_raw", check.flags)
        .sfloat("spo2", check.spo2)
        .sfloat("pulse", check.pulse)
        .set("clock_not_set", check.clock_not_set());
    if let Some(stamp) = check.timestamp {
        fields.stamp(stamp);
    }
    if let Some(index) = check.pulse_amplitude_index {
        fields.sfloat("pai", index);
    }
    fields
        .status(check.measurement_status, check.device_status)
        .unless_zero("rfu_flags", check.reserved_flags().into())
        .unless_zero("trailing", check.trailing);
    Ok(())
}

pub(super) fn continuous(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let live = Continuous::decode(bytes)?;
    fields
        .set("flags_raw", live.flags)
        .sfloat("spo2", live.normal.spo2)
        .sfloat("pulse", live.normal.pulse);
    if let Some(fast) = live.fast {
        fields
            .sfloat("fast_spo2", fast.spo2)
            .sfloat("fast_pulse", fast.pulse);
    }
    if let Some(slow) = live.slow {
        fields
            .sfloat("slow_spo2", slow.spo2)
            .sfloat("slow_pulse", slow.pulse);
    }
    if let Some(index) = live.pulse_amplitude_index {
        fields.sfloat("pai", index);
    }
    fields
        .status(live.measurement_status, live.device_status)
        .unless_zero("rfu_flags", live.reserved_flags().into())
        .unless_zero("trailing", live.trailing);
    Ok(())
}

pub(super) fn features(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let features = Features::decode(bytes)?;
    fields
        .set("features_raw", features.features.0)
        .names("features", features.features.names());
    if let Some(mask) = features.measurement_status_support {
        fields.names("meas_status_support", mask.names());
    }
    if let Some(mask) = features.device_status_support {
        fields.names("dev_status_support", mask.names());
    }
    fields.unless_zero("trailing", features.trailing);
    Ok(())
}

pub(super) fn racp(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let trailing = match Racp::decode(bytes)? {
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
            fields
                .set("type", "response")
                .set("operator", operator)
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
    Ok(())
}

pub(super) fn battery(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let level = BatteryLevel::decode(bytes)?;
    fields
        .set("battery", level.raw)
        .unless_zero("trailing", level.trailing);
    Ok(())
}

pub(super) fn system_id(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let mut bytes = Bytes::new(bytes);
    let id = SystemId(bytes.take("system_id")?);
    fields
        .set("eui64", id.to_string())
        .unless_zero("trailing", bytes.trailing());
    Ok(())
}
