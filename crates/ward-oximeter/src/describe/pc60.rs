//! PC-60 frames.

use super::fields::Fields;
use crate::error::DecodeError;
use crate::pc60::{Body, Pc60Frame};

pub(super) fn frame(fields: &mut Fields, bytes: &[u8]) -> Result<(), DecodeError> {
    let frame = Pc60Frame::decode(bytes)?;
    fields
        .set("token", frame.token)
        .set("type", frame.kind)
        .unless_zero("trailing", frame.trailing);
    match &frame.body {
        Body::Parameters(parameters) => {
            fields
                .set("spo2", parameters.spo2_percent)
                .set("pulse", parameters.pulse_bpm)
                .scaled("pi", parameters.perfusion_tenths_percent, -1)
                .names("status", parameters.status_names())
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
    Ok(())
}
