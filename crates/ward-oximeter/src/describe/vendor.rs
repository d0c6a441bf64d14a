//! The other makers' kinds, first half.

use super::fields::Fields;
use crate::error::DecodeError;
use crate::masimo::MasimoFrame;
use crate::nonin::Df19;
use crate::oxyii::{Live, OxyIIFrame};
use crate::viatom_oxy::{OxyFrame, Sensors, State};

pub(super) fn nonin(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let second = Df19::decode(bytes)?;
    fields
        .names("status", second.status_names())
        .scaled("battery_volts", Some(second.battery_tenths_volt), -1)
        .scaled("pai", Some(second.amplitude_hundredths_percent), -2)
        .set("counter", second.counter)
        .set("spo2", second.spo2_percent)
        .set("pulse", second.pulse_bpm)
        .unless_zero("trailing", second.trailing);
    Ok(())
}

pub(super) fn viatom_frame(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = OxyFrame::decode(bytes)?;
    let dir = if frame.is_answer {
        "response"
    } else {
        "request"
    };
    fields
        .set("dir", dir)
        .set("cmd_or_status", frame.code)
        .set("block", frame.block)
        .set("len", frame.data.len())
        .unless_zero("trailing", frame.trailing);
    if let Some(values) = frame.sensors() {
        sensors(fields, &values);
    }
    Ok(())
}

pub(super) fn viatom_sensors(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let values = Sensors::decode(bytes)?;
    sensors(fields, &values);
    fields.unless_zero("trailing", values.trailing);
    Ok(())
}

fn sensors(fields: &mut Fields, values: &Sensors) {
    let is_value = values.state == State::Ok;
    fields
        .set("spo2", values.spo2_percent)
        .set("pulse", values.pulse_bpm)
        .set("state", values.state.name())
        .set("battery", values.battery_percent)
        .set("charging", values.charging)
        .set("motion", values.motion)
        .set("finger", values.finger);
    if is_value {
        fields.scaled("pi", Some(values.perfusion_tenths_percent), -1);
    }
}

pub(super) fn oxyii_frame(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = OxyIIFrame::decode(bytes)?;
    fields
        .set("cmd", frame.command)
        .set("flag", frame.flag)
        .set("seq", frame.sequence)
        .set("len", frame.data.len())
        .unless_zero("trailing", frame.trailing);
    if let Some(Live {
        spo2_percent,
        pulse_bpm,
        motion,
        battery_percent,
        ..
    }) = frame.live()
    {
        fields
            .set("spo2", spo2_percent)
            .set("pulse", pulse_bpm)
            .set("motion", motion)
            .set("battery", battery_percent);
    }
    Ok(())
}

pub(super) fn masimo(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = MasimoFrame::decode(bytes)?;
    fields
        .set("msg", frame.message)
        .unless_zero("trailing", frame.trailing);
    if let Some(values) = frame.parameters {
        fields
            .set("system", values.system_names().collect::<Vec<_>>())
            .set("spo2", values.spo2.value())
            .set("pulse", values.pulse.value())
            .set("pvi", values.variability.value())
            .scaled("pi", values.perfusion.value(), -2)
            .set("rrp", values.respiration.value());
    }
    Ok(())
}
