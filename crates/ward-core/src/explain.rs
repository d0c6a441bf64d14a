//! What an alert rests on: which of the readings on record met its rule, and by which limits.
//!
//! It is found from what is kept, not from what the alert says of itself: whoever doubts an alert sees the readings.

use std::time::Duration;

use crate::alert::{Alert, Problem};
use crate::assess::Found;
use crate::plan::{Band, MonitoringPlan};
use crate::reading::{Context, Measured, Reading, Values};
use crate::technical::{Cause, Detail};
use crate::time::{Timestamp, minutes};

/// The readings of a trend are looked for so far back.
const TREND_LOOKS_BACK: Duration = minutes(14 * 24 * 60);

/// Attempts without a value are looked for so far back.
const ATTEMPTS_LOOK_BACK: Duration = minutes(60);

/// The values of an exertion test lie so close to its lowest.
const A_TEST_TAKES: Duration = minutes(60);

/// Within which times the readings lie that an alert rests on, both included. `None`: it rests on none, or on none that is
/// on record. `versions` are the alert at each step of its life: what was struck out since has left the newest one.
#[must_use]
pub fn span<'a>(versions: impl IntoIterator<Item = &'a Alert>) -> Option<(Timestamp, Timestamp)> {
    let spans = versions.into_iter().filter_map(span_of);
    spans.reduce(|(from, to), (other_from, other_to)| (from.min(other_from), to.max(other_to)))
}

fn span_of(alert: &Alert) -> Option<(Timestamp, Timestamp)> {
    let lows = alert.lows.map(|lows| (lows.first_at, lows.last_at));
    let one = |at: Timestamp| Some((at, at));
    match &alert.detail {
        Some(Detail::Rule { found }) => {
            let (first, last) = lows?;
            Some(match found {
                Found::Trend { .. } => (last.minus(TREND_LOOKS_BACK), last),
                Found::Sustained { of_seconds, .. } => {
                    let back = Duration::from_secs(u64::from(*of_seconds));
                    (first.minus(back), last)
                }
                Found::News2 { from, to, .. } => (first.min(*from), last.max(*to)),
                Found::Exertion { .. } => (first.minus(A_TEST_TAKES), last.plus(A_TEST_TAKES)),
                Found::Drop { .. } | Found::TooHigh { .. } | Found::Pulse { .. } => (first, last),
            })
        }
        Some(Detail::Missed { last_value_at, .. }) => one((*last_value_at)?),
        Some(Detail::NotWatched { measured_at, .. }) => one(*measured_at),
        Some(Detail::Disagreement { measured_at, .. }) => one((*measured_at)?),
        Some(Detail::Attempt { .. }) => {
            Some((alert.raised_at.minus(ATTEMPTS_LOOK_BACK), alert.spoke_at))
        }
        Some(_) | None => lows,
    }
}

/// Which of the readings an alert rests on, in the order in which they are given: the newest first. `limits_at` are the
/// limits by which something that came in then was judged.
pub fn basis<'a>(
    alert: &Alert,
    newest_first: impl IntoIterator<Item = &'a Reading>,
    limits_at: impl Fn(Timestamp) -> &'a MonitoringPlan,
) -> Vec<&'a Reading> {
    let all = newest_first.into_iter();
    let all = all.filter(|reading| rests_on(alert, reading, limits_at(reading.received_at)));
    match rule_of(alert) {
        Some(Found::Trend { readings, .. }) => all.take(usize::from(*readings)).collect(),
        Some(_) | None => all.collect(),
    }
}

const fn rule_of(alert: &Alert) -> Option<&Found> {
    match &alert.detail {
        Some(Detail::Rule { found }) => Some(found),
        Some(_) | None => None,
    }
}

fn rests_on(alert: &Alert, reading: &Reading, plan: &MonitoringPlan) -> bool {
    let values = match &reading.measured {
        Measured::Values(values) => values,
        Measured::Attempt { .. } => {
            return alert.problem == Problem::Technical(Cause::PoorSignal);
        }
    };
    // The lowest of an exertion test is never judged as one at rest.
    let of_a_test = reading.context == Context::Exertion;
    if let Some(found) = rule_of(alert) {
        return match found {
            Found::Exertion { rest, .. } => {
                reading.context != Context::Rest || values.spo2 == *rest
            }
            Found::Drop { .. }
            | Found::Trend { .. }
            | Found::Sustained { .. }
            | Found::TooHigh { .. }
            | Found::Pulse { .. }
            | Found::News2 { .. } => !of_a_test && met(found, values, plan),
        };
    }
    match alert.problem {
        Problem::Oxygen | Problem::LateLow => !of_a_test && plan.band(values.spo2) > Band::Green,
        Problem::Silence => true,
        Problem::Technical(Cause::PoorSignal) => false,
        Problem::Technical(_) => values.spo2 <= alert.worst.unwrap_or(values.spo2),
        Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Symptom
        | Problem::AskedForHelp => false,
    }
}

fn met(found: &Found, values: &Values, plan: &MonitoringPlan) -> bool {
    match found {
        Found::Drop {
            baseline, points, ..
        } => values.spo2.is_below_by(*points, *baseline),
        // What the score or the median was made of.
        Found::Trend { .. } | Found::News2 { .. } | Found::Exertion { .. } => true,
        Found::Sustained { at_or_below, .. } => {
            let stood_low = |window: &crate::window::WindowSummary| {
                let mut at = window.time_at().iter();
                at.any(|at| at.millis > 0 && u16::from(at.percent) <= *at_or_below)
            };
            values.spo2.whole_percent() <= *at_or_below
                || values.window.as_ref().is_some_and(stood_low)
        }
        Found::TooHigh { at_or_above, .. } => values.spo2.whole_percent() >= *at_or_above,
        Found::Pulse { .. } => {
            let limits = plan.rules.pulse.as_ref();
            let judged = limits.zip(values.pulse);
            judged.is_some_and(|(limits, pulse)| limits.judge(pulse).0 > Band::Green)
        }
    }
}

#[cfg(test)]
mod tests;
