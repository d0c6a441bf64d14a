//! From numbers as they are typed or sent to the numbers that the table knows.
//!
//! The table has whole numbers. Of the two that a fraction lies between, the one that scores more counts: 8.5 breaths a minute
//! count as 8, 20.5 as 21. Nothing falls between two bands, and no fraction calms. A saturation is always rounded down, which
//! is the same rule on scale 1. A temperature is rounded once to the tenth that a thermometer shows, a half upwards: 38.05
//! is 38.1. What lies outside the range is refused before anything is rounded.

use super::table::{self, Scores};
use super::{OutOfRange, Parameter, taken};
use crate::spo2::Spo2;

/// Breaths a minute, as they are scored.
///
/// # Errors
/// [`OutOfRange`], also for what is no number.
pub fn respiration_rate_from(per_minute: f64) -> Result<u16, OutOfRange> {
    let given = checked(Parameter::RespirationRate, per_minute)?;
    Ok(worse_neighbour(table::of_respiration_rate(), given))
}

/// Percent, kept to a tenth; the score rounds it down.
///
/// # Errors
/// [`OutOfRange`], also for what is no number.
pub fn spo2_from(percent: f64) -> Result<Spo2, OutOfRange> {
    let given = checked(Parameter::Spo2, percent)?;
    Spo2::from_percent(given).ok_or(out_of_range(Parameter::Spo2))
}

/// mmHg, as they are scored.
///
/// # Errors
/// [`OutOfRange`], also for what is no number.
pub fn systolic_bp_from(mmhg: f64) -> Result<u16, OutOfRange> {
    let given = checked(Parameter::SystolicBp, mmhg)?;
    Ok(worse_neighbour(table::of_systolic_bp(), given))
}

/// Beats a minute, as they are scored.
///
/// # Errors
/// [`OutOfRange`], also for what is no number.
pub fn pulse_from(bpm: f64) -> Result<u16, OutOfRange> {
    let given = checked(Parameter::Pulse, bpm)?;
    Ok(worse_neighbour(table::of_pulse(), given))
}

/// Degrees Celsius in tenths, rounded once, a half upwards.
///
/// # Errors
/// [`OutOfRange`], also for what is no number.
pub fn temperature_from(celsius: f64) -> Result<u16, OutOfRange> {
    let given = checked(Parameter::Temperature, celsius)?;
    // The addend keeps 38.15, which binary holds as 38.1499…, from being rounded down.
    Ok(whole(given * 10.0 + 0.5 + 1e-9))
}

fn checked(parameter: Parameter, value: f64) -> Result<f64, OutOfRange> {
    let within = |(from, to)| (f64::from(from)..=f64::from(to)).contains(&value);
    if taken(parameter).is_some_and(within) {
        Ok(value)
    } else {
        Err(out_of_range(parameter))
    }
}

fn out_of_range(parameter: Parameter) -> OutOfRange {
    let (from, to) = taken(parameter).unwrap_or((0, 0));
    OutOfRange {
        parameter,
        from,
        to,
    }
}

/// Of the whole numbers beside a value the one that scores more; the lower where they score alike.
fn worse_neighbour(rows: &[Scores], value: f64) -> u16 {
    let (below, above) = (whole(value), whole(value.ceil()));
    let scored = |value| table::points(rows, value, false);
    if scored(above) > scored(below) {
        above
    } else {
        below
    }
}

fn whole(value: f64) -> u16 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "callers have checked the range: 0 to 450"
    )]
    let whole = value.floor() as u16;
    whole
}
