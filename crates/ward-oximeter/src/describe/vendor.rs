//! The other makers' kinds.

use super::fields::Fields;
use crate::error::DecodeError;
use crate::nonin::Df19;

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
