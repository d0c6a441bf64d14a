//! The kinds of makers whose protocols nobody has proved.

use super::fields::Fields;
use crate::accare::Accare;
use crate::error::DecodeError;
use crate::fe::Fe;
use crate::jks50f::Jks50f;
use crate::taidoc::TaiDoc;
use crate::vtm20f::Vtm20f;
use crate::yuwell::Yuwell;

pub(super) fn taidoc(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = TaiDoc::decode(bytes)?;
    let direction = if frame.is_answer {
        "response"
    } else {
        "request"
    };
    fields.set("cmd", frame.command).set("dir", direction);
    if let Some([spo2, pulse]) = frame.values() {
        fields.set("spo2", spo2).set("byte5", pulse);
    }
    Ok(())
}

/// Only what its one frame proves.
pub(super) fn yuwell(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    match Fe::decode::<Yuwell>(bytes)? {
        Fe::Values(values) => fields
            .set("pulse", values.pulse_bpm)
            .set("spo2", values.spo2_percent),
        Fe::Wave(wave) => fields.set("type", "waveform").set("pleth", wave.sample),
    };
    Ok(())
}

pub(super) fn vtm20f(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    match Fe::decode::<Vtm20f>(bytes)? {
        Fe::Values(values) => fields
            .set("type", "measurement")
            .set("pulse", values.pulse_bpm)
            .set("spo2", values.spo2_percent)
            .scaled("pi", values.perfusion_thousandths_percent, -3)
            .set("counter", values.counter),
        Fe::Wave(wave) => fields
            .set("type", "waveform")
            .set("pleth", wave.sample)
            .set("no_finger", wave.has_no_finger()),
    };
    Ok(())
}

pub(super) fn jks50f(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = Jks50f::decode(bytes)?;
    fields
        .set("finger", frame.has_finger)
        .set("spo2", frame.spo2_percent)
        .set("pulse", frame.pulse_bpm)
        .scaled("pi", frame.perfusion_hundredths_percent, -2);
    Ok(())
}

pub(super) fn accare(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    match Accare::decode(bytes)? {
        Accare::Values(values) => fields
            .set("type", "measurement")
            .set("pulse", values.pulse_bpm)
            .set("spo2", values.spo2_percent)
            .set("pi_raw", values.perfusion_raw)
            .set("battery_raw", values.battery_raw)
            .set("counter", values.counter),
        Accare::Other(command) => fields.set("type", "command").set("cmd", command),
    };
    Ok(())
}
