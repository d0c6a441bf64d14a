//! The kinds of Berry, Jumper, Contec, Beurer and ChoiceMMed.

use super::fields::Fields;
use crate::berry::Packet;
use crate::choicemmed::ChoiceMmed;
use crate::contec::Contec;
use crate::date_time::Stamp;
use crate::error::DecodeError;
use crate::jumper;
use crate::po60::Record;

pub(super) fn berry(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let packet = Packet::decode(bytes)?;
    fields
        .set("no_signal", packet.has_no_signal())
        .set("probe_unplugged", packet.is_probe_unplugged())
        .set("beep", packet.beeps())
        .set("no_finger", packet.has_no_finger())
        .set("searching", packet.is_searching())
        .set("signal", packet.signal())
        .set("pleth", packet.pleth())
        .set("bar", packet.bar())
        .set("pulse", packet.pulse_bpm())
        .set("spo2", packet.spo2_percent())
        .unless_zero("trailing", bytes.len().saturating_sub(Packet::LENGTH));
    Ok(())
}

/// Values only: a wave is no measurement.
pub(super) fn jumper(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let values = jumper::Values::decode(bytes)?;
    fields
        .set("pulse", values.pulse_bpm)
        .set("spo2", values.spo2_percent)
        .scaled("pi", Some(values.perfusion_tenths_percent), -1);
    Ok(())
}

pub(super) fn contec(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    const FIRST_ANSWER: u8 = 0xE0;
    match Contec::decode(bytes)? {
        Contec::Values(values) => fields
            .set("type", "measurement")
            .set("spo2", values.spo2_percent)
            .set("pulse", values.pulse_bpm),
        Contec::Wave(_) => fields.set("type", "waveform"),
        Contec::Other(first) if first < FIRST_ANSWER => fields.set("type", "command"),
        Contec::Other(_) => fields.set("type", "answer"),
    };
    Ok(())
}

pub(super) fn po60(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let record = Record::decode(bytes)?;
    let time = |stamp: Stamp| stamp.valid().map(|time| time.to_string());
    let [spo2_highest, spo2_lowest, spo2] = record.spo2();
    let [highest, lowest, average] = record.pulse_low_bits();
    fields
        .set("packet", record.packet())
        .set("last", record.is_last())
        .set("start", time(record.start()))
        .set("end", time(record.end()))
        .set("spo2_max", spo2_highest)
        .set("spo2_min", spo2_lowest)
        .set("spo2", spo2)
        .set("pulse_max_lo7", highest)
        .set("pulse_min_lo7", lowest)
        .set("pulse_lo7", average)
        .unless_zero("trailing", bytes.len().saturating_sub(Record::LENGTH));
    // Where they are the same as the low bits, they need not be said again.
    let proved = record.pulse_bpm();
    if let Some([highest, lowest, average]) = proved.filter(|[highest, ..]| *highest > 127) {
        fields
            .set("pulse_max", highest)
            .set("pulse_min", lowest)
            .set("pulse", average);
    }
    Ok(())
}

pub(super) fn choicemmed(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    match ChoiceMmed::decode(bytes)? {
        ChoiceMmed::Values(values) => {
            fields
                .set("type", "measurement")
                .sfloat("spo2", values.spo2)
                .sfloat("pulse", values.pulse)
                .set("resp_rate", values.respiration)
                .names("meas_status", values.measurement_status.names())
                .names("dev_status", values.device_status.names())
                .sfloat("pai", values.perfusion)
                .unless_zero("trailing", values.trailing);
        }
        ChoiceMmed::Pleth { sample, .. } => {
            fields.set("type", "pleth").set("pleth", sample);
        }
        ChoiceMmed::Other(_) => {}
    }
    Ok(())
}
