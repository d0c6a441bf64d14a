//! What the rules beside the bands remember of a stay's values. The same, in whatever order they came in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::Problem;
use crate::id::ReadingId;
use crate::moment::{Moment, Moments};
use crate::plan::MonitoringPlan;
use crate::reading::{Reading, Values};
use crate::spo2::Spo2;
use crate::time::{CLOCK_STEP, Timestamp, minutes};
use crate::window::TimeAt;

/// The first day is 24 hours, from the beginning of the hour of its first reading.
const FIRST_DAY_HOURS: i64 = 24;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// The longest trend that a plan may ask for.
const LAST_READINGS: usize = 12;

/// Windows of a continuous source that are kept at most: an hour of the shortest.
const MOST_WINDOWS: usize = 256;

/// Readings with more than saturation and pulse that are kept at most.
const MOST_OBSERVED: usize = 16;

/// What the rules beside the bands remember.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Past {
    /// Sound values of the first day: by hour since 1970, how often each was read, in tenths of a percent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    first_day: BTreeMap<i64, BTreeMap<u16, u32>>,
    /// The newest values at rest, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    last: Vec<Last>,
    /// The newest windows of a continuous source, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    windows: Vec<Held>,
    /// Readings with more than saturation and pulse that may belong to the newest set of observations, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    observed: Vec<Reading>,
    /// When a pulse was last measured.
    #[serde(skip_serializing_if = "Moments::is_empty")]
    newest_pulse: Moments,
    /// When an alert of a rule was last resolved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resolved: Vec<Resolved>,
}

/// An alert of a rule was resolved: what was measured before never raises another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Resolved {
    problem: Problem,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Last {
    at: Timestamp,
    reading: ReadingId,
    spo2: Spo2,
    sound: bool,
}

/// A window of a continuous source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) ends_at: Timestamp,
    reading: ReadingId,
    pub(super) length_ms: u32,
    pub(super) min: Spo2,
    pub(super) sound: bool,
    pub(super) time_at: Vec<TimeAt>,
}

impl Held {
    fn begins_at(&self) -> i64 {
        self.ends_at.as_millis() - i64::from(self.length_ms)
    }
}

impl Past {
    /// This and one more value at rest.
    #[must_use]
    pub(crate) fn with(
        mut self,
        reading: &Reading,
        values: &Values,
        plan: &MonitoringPlan,
    ) -> Self {
        let sound = !values.is_doubtful();
        if sound {
            self.note_first_day(reading.effective_at, values.spo2);
        }
        let last = Last {
            at: reading.effective_at,
            reading: reading.id,
            spo2: values.spo2,
            sound,
        };
        let place = self.last.partition_point(|held| *held < last);
        self.last.insert(place, last);
        if self.last.len() > LAST_READINGS {
            self.last.remove(0);
        }
        if values.pulse.is_some() && sound {
            self.newest_pulse.insert(Moment::of(reading));
        }
        self.note_window(reading, values, plan);
        self.note_observed(reading, values, plan);
        self
    }

    fn note_observed(&mut self, reading: &Reading, values: &Values, plan: &MonitoringPlan) {
        if !values.observations.is_empty() {
            let key = |it: &Reading| (it.effective_at, it.id);
            let place = self.observed.partition_point(|it| key(it) < key(reading));
            self.observed.insert(place, reading.clone());
        }
        let spread = plan.rules.news2.map_or(0, |rule| rule.max_spread_minutes);
        if let Some(newest) = self.last.last() {
            let from = newest.at.minus(minutes(u64::from(spread)));
            self.observed.retain(|it| it.effective_at >= from);
        }
        let too_many = self.observed.len().saturating_sub(MOST_OBSERVED);
        self.observed.drain(..too_many);
    }

    fn note_first_day(&mut self, at: Timestamp, spo2: Spo2) {
        let hour = at.as_millis().div_euclid(HOUR_MS);
        let first = self.first_day.keys().next().copied().unwrap_or(hour);
        if hour >= first + FIRST_DAY_HOURS {
            return;
        }
        let of_hour = self.first_day.entry(hour).or_default();
        let count = of_hour.entry(spo2.tenths()).or_default();
        *count = count.saturating_add(1);
        // One that came late may begin the day earlier, and then it ends earlier.
        let first = first.min(hour);
        self.first_day
            .retain(|hour, _| *hour < first + FIRST_DAY_HOURS);
    }

    fn note_window(&mut self, reading: &Reading, values: &Values, plan: &MonitoringPlan) {
        let (Some(window), Some(rule)) = (&values.window, plan.rules.sustained) else {
            return;
        };
        let held = Held {
            ends_at: reading.effective_at,
            reading: reading.id,
            length_ms: window.length_ms(),
            min: window.min(),
            sound: !values.is_doubtful(),
            time_at: window.time_at().to_vec(),
        };
        let key = |held: &Held| (held.ends_at, held.reading);
        let place = self.windows.partition_point(|it| key(it) < key(&held));
        self.windows.insert(place, held);
        let newest = self.windows.last().map_or(0, |it| it.ends_at.as_millis());
        let from = newest - i64::from(rule.of_seconds) * 1000;
        self.windows.retain(|it| it.ends_at.as_millis() > from);
        let too_many = self.windows.len().saturating_sub(MOST_WINDOWS);
        self.windows.drain(..too_many);
    }

    /// Without what `now` has not come to: see [`crate::stay::StayState::as_of`].
    #[must_use]
    pub(crate) fn without_the_future(mut self, now: Timestamp) -> Self {
        let limit = now.plus(CLOCK_STEP);
        let hour = limit.as_millis().div_euclid(HOUR_MS);
        self.first_day.retain(|it, _| *it <= hour);
        self.last.retain(|it| it.at <= limit);
        self.windows.retain(|it| it.ends_at <= limit);
        self.observed.retain(|it| it.effective_at <= limit);
        self.newest_pulse = self.newest_pulse.without_the_future(now);
        self.resolved.retain(|it| it.at <= limit);
        self
    }

    /// Only what does not come from readings: they are gone through again.
    #[must_use]
    pub(crate) fn without_readings(&self) -> Self {
        Self {
            resolved: self.resolved.clone(),
            ..Self::default()
        }
    }

    /// This without one value that another takes the place of.
    #[must_use]
    pub(crate) fn without(mut self, reading: &Reading) -> Self {
        self.last.retain(|it| it.reading != reading.id);
        self.windows.retain(|it| it.reading != reading.id);
        self.observed.retain(|it| it.id != reading.id);
        self.newest_pulse.remove(&Moment::of(reading));
        self
    }

    /// When an alert of this rule was last resolved.
    pub(super) fn resolved_at(&self, problem: Problem) -> Option<Timestamp> {
        let mut resolved = self.resolved.iter();
        resolved.find(|it| it.problem == problem).map(|it| it.at)
    }

    /// An alert of this rule was resolved: the newest word, not the latest time.
    pub fn remember_resolution(&mut self, problem: Problem, at: Timestamp) {
        self.resolved.retain(|it| it.problem != problem);
        self.resolved.push(Resolved { problem, at });
    }

    /// Readings with more than saturation and pulse.
    pub(super) fn observed(&self) -> &[Reading] {
        &self.observed
    }

    /// Whether a pulse was surely measured after this.
    pub(super) fn has_pulse_after(&self, moment: &Moment) -> bool {
        self.newest_pulse.any_surely_after(moment)
    }

    /// The median of the first day, once `at` lies after it.
    pub(super) fn median_of_first_day(&self, at: Timestamp) -> Option<Spo2> {
        let first = self.first_day.keys().next()?;
        if at.as_millis() < (first + FIRST_DAY_HOURS) * HOUR_MS {
            return None;
        }
        let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
        for (tenths, count) in self.first_day.values().flatten() {
            *counts.entry(*tenths).or_default() += u64::from(*count);
        }
        let all: u64 = counts.values().sum();
        let nth = |place: u64| {
            let mut passed = 0;
            counts.iter().find_map(|(tenths, count)| {
                passed += count;
                (passed > place).then_some(*tenths)
            })
        };
        middle(nth(all.checked_sub(1)? / 2)?, nth(all / 2)?)
    }

    /// The median of the newest `readings` values, all of which lie after the first day, and whether they are all sound.
    pub(super) fn median_of_last(&self, readings: u16) -> Option<(Spo2, bool)> {
        let readings = usize::from(readings);
        let last = self.last.get(self.last.len().checked_sub(readings)?..)?;
        let first = self.first_day.keys().next()?;
        let day_ends = (first + FIRST_DAY_HOURS) * HOUR_MS;
        if last.iter().any(|it| it.at.as_millis() < day_ends) {
            return None;
        }
        let mut values: Vec<u16> = last.iter().map(|it| it.spo2.tenths()).collect();
        values.sort_unstable();
        let (low, high) = (
            values.get((readings - 1) / 2).copied()?,
            values.get(readings / 2).copied()?,
        );
        Some((middle(low, high)?, last.iter().all(|it| it.sound)))
    }

    /// The windows that touch the last so many seconds before the newest one's end, if that one is this reading's.
    pub(super) fn windows_until(
        &self,
        reading: &Reading,
        seconds: u32,
    ) -> Option<Vec<(&Held, u64)>> {
        let newest = self.windows.last()?;
        if newest.reading != reading.id {
            return None;
        }
        let from = newest.ends_at.as_millis() - i64::from(seconds) * 1000;
        let part = |held: &Held| {
            let begins = held.begins_at().max(from);
            u64::try_from(held.ends_at.as_millis() - begins).unwrap_or(0)
        };
        let parts = self.windows.iter().map(|held| (held, part(held)));
        Some(parts.filter(|(_, part)| *part > 0).collect())
    }
}

/// Half way between two, cut to a tenth.
fn middle(low: u16, high: u16) -> Option<Spo2> {
    Spo2::from_tenths(low.midpoint(high))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reading::Measured;
    use crate::story::{Taken, Ward, value};

    fn past(readings: &[Reading]) -> Past {
        let plan = MonitoringPlan::scale_one();
        readings.iter().fold(Past::default(), |past, reading| {
            let Measured::Values(values) = &reading.measured else {
                return past;
            };
            past.with(reading, values, &plan)
        })
    }

    fn taken() -> impl Strategy<Value = Taken> {
        (80_u8..100, 0_u64..4000, any::<bool>(), any::<bool>()).prop_map(
            |(percent, ago, doubtful, continuous)| {
                let taken = value(f64::from(percent)).measured_ago(minutes(ago));
                let taken = if doubtful { taken.doubtful() } else { taken };
                if continuous {
                    taken.with_window(60, &[(percent, 60)])
                } else {
                    taken
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_the_same_in_any_order(
            taken in prop::collection::vec(taken(), 1..40),
            mixed in any::<proptest::sample::Index>(),
        ) {
            let mut ward = Ward::new();
            let readings: Vec<Reading> = taken.into_iter().map(|it| ward.reading(it)).collect();
            let mut other = readings.clone();
            other.reverse();
            other.rotate_left(mixed.index(readings.len()));
            prop_assert_eq!(past(&readings), past(&other));
        }
    }

    #[test]
    fn what_is_remembered_survives_the_store_and_is_little() {
        let mut ward = Ward::new();
        let readings: Vec<Reading> = (0_u32..3000)
            .map(|minute| {
                value(90.0 + f64::from(minute % 8)).measured_ago(minutes(3000 - u64::from(minute)))
            })
            .map(|it| ward.reading(it.with_window(60, &[(90, 30), (97, 30)])))
            .collect();
        let past = past(&readings);
        let text = serde_json::to_string(&past).unwrap();
        assert!(text.len() < 8_000, "{} bytes", text.len());
        assert_eq!(serde_json::from_str::<Past>(&text).unwrap(), past);
    }
}
