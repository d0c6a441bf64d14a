//! Which values are one set of observations (hazard H21): what was taken together, and what was taken close enough to it.
//!
//! The newest value says when the set is of. Another one belongs to it only where it was taken no longer before than the plan's
//! spread, and the set says from when to when it reaches. Of each parameter the newest counts.

use std::time::Duration;

use super::{Observations, OutOfRange, Parameter, Score, pulse_from, score, table};
use crate::id::ReadingId;
use crate::plan::Spo2Scale;
use crate::reading::{Context, Measured, Oxygen, Reading, Values};
use crate::spo2::Spo2;
use crate::time::Timestamp;

/// One set, of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedSet {
    /// What is known.
    pub observations: Observations,
    /// What of it may be wrong. It counts for what it scores, and lets nothing be known for certain.
    pub doubtful: Vec<Parameter>,
    /// When the oldest value of it was taken.
    pub from: Timestamp,
    /// When the newest was.
    pub to: Timestamp,
    /// What it is made of, the newest first.
    pub readings: Vec<ReadingId>,
    scale: Spo2Scale,
}

/// The newest set among the readings of one stay, in any order; `None` where none gives a value.
///
/// The caller leaves out what was struck out and what is a copy of another. The lowest value of an exertion test is no
/// observation at rest. A reading whose own time is not certain is combined with no other. What lies after `now` is not
/// looked at, so that a set can be told as of any time.
#[must_use]
pub fn news2_set<'a>(
    readings: impl IntoIterator<Item = &'a Reading>,
    scale: Spo2Scale,
    spread: Duration,
    now: Timestamp,
) -> Option<ObservedSet> {
    let usable = |reading: &'a Reading| match (&reading.measured, reading.context) {
        (Measured::Values(values), Context::Rest | Context::Recovery) => Some((reading, values)),
        (Measured::Values(_), Context::Exertion) | (Measured::Attempt { .. }, _) => None,
    };
    let mut all: Vec<(&Reading, &Values)> = readings
        .into_iter()
        .filter(|reading| reading.effective_at <= now)
        .filter_map(usable)
        .collect();
    // Newest first; what was taken at one time in an order that does not hang on how it came in.
    all.sort_by_key(|(reading, _)| {
        std::cmp::Reverse((reading.effective_at, reading.received_at, reading.id))
    });
    let (newest, _) = *all.first()?;
    let to = newest.effective_at;
    let alone = has_no_certain_time(newest);
    let belongs = |reading: &Reading| {
        reading.id == newest.id
            || (!alone && !has_no_certain_time(reading) && reading.effective_at >= to.minus(spread))
    };
    all.retain(|(reading, _)| belongs(reading));
    Some(Gathering::of(&all).set(scale, to))
}

/// Only the sender's wall clock, or nothing at all, tells when it was taken.
fn has_no_certain_time(reading: &Reading) -> bool {
    reading.is_of_uncertain_time()
        || matches!(&reading.measured, Measured::Values(values)
            if values.doubts.contains(&crate::reading::Doubt::TimeNotKnown))
}

/// A value and where it stands.
#[derive(Clone, Copy)]
struct Found<'a, T> {
    value: T,
    of: &'a Reading,
    doubtful: bool,
}

struct Gathering<'a>(&'a [(&'a Reading, &'a Values)]);

impl<'a> Gathering<'a> {
    const fn of(all: &'a [(&'a Reading, &'a Values)]) -> Self {
        Self(all)
    }

    /// The newest value that is there.
    fn newest<T>(&self, of: impl Fn(&Values) -> Option<T>) -> Option<Found<'a, T>> {
        self.0.iter().find_map(|(reading, values)| {
            Some(Found {
                value: of(values)?,
                of: reading,
                doubtful: false,
            })
        })
    }

    /// The newest beyond doubt, unless a newer one in doubt scores more: doubt counts one way.
    fn newest_or_worse<T: Copy>(
        &self,
        of: impl Fn(&Values) -> Option<T>,
        points: impl Fn(T) -> u8,
    ) -> Option<Found<'a, T>> {
        let mut in_doubt: Option<Found<'a, T>> = None;
        for (reading, values) in self.0 {
            let Some(value) = of(values) else { continue };
            let found = Found {
                value,
                of: reading,
                doubtful: values.is_doubtful(),
            };
            let scores_more = |it: &Found<'_, T>| points(it.value) > points(found.value);
            match in_doubt {
                None if found.doubtful => in_doubt = Some(found),
                None => return Some(found),
                Some(_) if found.doubtful => {
                    in_doubt = in_doubt.filter(scores_more).or(Some(found));
                }
                Some(doubt) if scores_more(&doubt) => return Some(doubt),
                Some(_) => return Some(found),
            }
        }
        in_doubt
    }

    fn set(&self, scale: Spo2Scale, to: Timestamp) -> ObservedSet {
        let within = |value: Option<u16>, parameter| {
            value.filter(|value| super::is_taken(parameter, *value))
        };
        let on_oxygen =
            self.newest(|values| values.observations.oxygen.map(Oxygen::is_supplemental));
        let breathed = on_oxygen.map(|found| found.value);
        let spo2 = self.newest_or_worse(
            |values| Some(values.spo2),
            // Unknown oxygen: as on oxygen, which never scores less.
            |value: Spo2| {
                table::points(
                    table::of_spo2(scale),
                    value.whole_percent(),
                    breathed.unwrap_or(true),
                )
            },
        );
        let pulse = self.newest_or_worse(
            |values| values.pulse.and_then(|pulse| pulse_from(pulse.bpm()).ok()),
            |value| table::points(table::of_pulse(), value, false),
        );
        let respiration_rate = self.newest(|values| {
            within(
                values.observations.respiration_rate,
                Parameter::RespirationRate,
            )
        });
        let systolic_bp =
            self.newest(|values| within(values.observations.systolic_bp, Parameter::SystolicBp));
        let temperature = self.newest(|values| {
            within(
                values.observations.temperature_tenths,
                Parameter::Temperature,
            )
        });
        let consciousness = self.newest(|values| values.observations.consciousness);
        let used = [
            spo2.map(|it| it.of),
            pulse.map(|it| it.of),
            on_oxygen.map(|it| it.of),
            respiration_rate.map(|it| it.of),
            systolic_bp.map(|it| it.of),
            temperature.map(|it| it.of),
            consciousness.map(|it| it.of),
        ];
        let is_used = |reading: &Reading| used.iter().flatten().any(|it| it.id == reading.id);
        let made_of = self.0.iter().map(|(reading, _)| *reading);
        let made_of: Vec<&Reading> = made_of.filter(|reading| is_used(reading)).collect();
        let mut doubtful = Vec::new();
        if spo2.is_some_and(|it| it.doubtful) {
            doubtful.push(Parameter::Spo2);
        }
        if pulse.is_some_and(|it| it.doubtful) {
            doubtful.push(Parameter::Pulse);
        }
        let oldest = made_of.iter().map(|reading| reading.effective_at).min();
        let newest = made_of.iter().map(|reading| reading.effective_at).max();
        ObservedSet {
            observations: Observations {
                respiration_rate: respiration_rate.map(|it| it.value),
                spo2: spo2.map(|it| it.value),
                on_oxygen: breathed,
                systolic_bp: systolic_bp.map(|it| it.value),
                pulse: pulse.map(|it| it.value),
                consciousness: consciousness.map(|it| it.value),
                temperature_tenths: temperature.map(|it| it.value),
            },
            doubtful,
            from: oldest.unwrap_or(to),
            to: newest.unwrap_or(to),
            readings: made_of.iter().map(|reading| reading.id).collect(),
            scale,
        }
    }
}

impl ObservedSet {
    /// What it scores. A value in doubt counts for what it scores in `at_least`, and as unknown in `at_most`; with one there is
    /// no total.
    ///
    /// # Errors
    /// [`OutOfRange`], which [`news2_set`] has left out before.
    pub fn score(&self) -> Result<Score, OutOfRange> {
        let counted = score(&self.observations, self.scale)?;
        if self.doubtful.is_empty() {
            return Ok(counted);
        }
        let mut beyond_doubt = self.observations;
        for parameter in &self.doubtful {
            match parameter {
                Parameter::Spo2 => beyond_doubt.spo2 = None,
                Parameter::Pulse => beyond_doubt.pulse = None,
                Parameter::RespirationRate => beyond_doubt.respiration_rate = None,
                Parameter::OnOxygen => beyond_doubt.on_oxygen = None,
                Parameter::SystolicBp => beyond_doubt.systolic_bp = None,
                Parameter::Consciousness => beyond_doubt.consciousness = None,
                Parameter::Temperature => beyond_doubt.temperature_tenths = None,
            }
        }
        let without = score(&beyond_doubt, self.scale)?;
        Ok(Score {
            total: None,
            at_most: counted.at_most.max(without.at_most),
            ..counted
        })
    }

    /// Its values were not all taken at one time.
    #[must_use]
    pub fn is_spread(&self) -> bool {
        self.from != self.to
    }
}

#[cfg(test)]
mod tests;
