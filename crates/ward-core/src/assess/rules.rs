//! The rules beside the bands: what else about a reading, or about the last of them, makes an alert.
//!
//! Each is judged at the newest word on a patient only. A value behind a newer one stands on the chart and pages nobody:
//! what is low among them goes to review by the bands already.

mod exertion;
mod find;
mod follow;
mod past;
#[cfg(test)]
mod tests;

pub use exertion::{Pair, assess_exertion, without_exertion};
pub use past::Past;

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Problem, Severity, Subject, as_of};
use crate::event::WardEvent;
use crate::moment::Moment;
use crate::news2::Parameter;
use crate::plan::{Band, Spo2Scale};
use crate::reading::{Oxygen, Reading, Values};
use crate::spo2::{Pulse, Spo2};
use crate::stay::{Stay, StayState};
use crate::time::Timestamp;

use super::PAGES_UP_TO_AGE;

/// What a rule rests on: whoever reads the alert sees which numbers met which limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum Found {
    /// Well under the stay's baseline.
    Drop {
        /// What is usual for this person.
        baseline: Spo2,
        /// The value.
        spo2: Spo2,
        /// The plan's limit that it met, in points.
        points: u16,
    },
    /// Lower over the last readings than on the first day.
    Trend {
        /// The median of the first day.
        first_day: Spo2,
        /// The median of the last readings.
        last: Spo2,
        /// Of so many.
        readings: u16,
        /// The plan's limit, in points.
        points: u16,
    },
    /// Under the red limit for long.
    Sustained {
        /// For so many milliseconds …
        low_ms: u64,
        /// … of the last so many seconds.
        of_seconds: u32,
        /// The plan's limit, in seconds.
        seconds: u32,
        /// At or under this whole percent.
        at_or_below: u16,
        /// The lowest in that time.
        lowest: Spo2,
    },
    /// Over the target while on oxygen.
    TooHigh {
        /// The value.
        spo2: Spo2,
        /// The plan's limit, in whole percent.
        at_or_above: u16,
        /// What was breathed, where it was said with the value; else the plan says that this person is on oxygen.
        stated: Option<Oxygen>,
    },
    /// Pulse outside its limits.
    Pulse {
        /// The value.
        pulse: Pulse,
        /// The plan's limit that it met, beats a minute.
        limit: u16,
    },
    /// The NEWS2 score of one set of observations.
    News2 {
        /// What it scores at least: what is missing or in doubt counts as nothing.
        at_least: u8,
        /// What it scores at most.
        at_most: u8,
        /// What is missing.
        missing: Vec<Parameter>,
        /// On which scale the saturation was scored.
        scale: Spo2Scale,
        /// The plan's limit that it met; `None`: a single parameter scores 3.
        limit: Option<u8>,
        /// When the oldest value of the set was taken.
        from: Timestamp,
        /// When the newest was.
        to: Timestamp,
    },
    /// A fall on exertion.
    Exertion {
        /// At rest, before.
        rest: Spo2,
        /// The lowest during it, or just after.
        lowest: Spo2,
        /// The plan's limit that the fall met, in points.
        points: Option<u16>,
        /// The plan's red limit, in whole percent, where the lowest met it.
        at_or_below: Option<u16>,
    },
}

/// What one rule says of the newest word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    problem: Problem,
    /// Green: the rule has nothing against it.
    band: Band,
    /// Beyond doubt. Doubt counts one way: it raises, and clears nothing.
    sound: bool,
    /// The saturation that it is about, where lower is worse.
    spo2: Option<Spo2>,
    found: Option<Found>,
}

/// What follows from a value by the rules beside the bands. `oxygen` is the open alert of the bands as it is after this
/// reading, if there is one.
pub(super) fn assess_rules(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    oxygen: Option<&Alert>,
    reading: &Reading,
    values: &Values,
    now: Timestamp,
) -> Vec<WardEvent> {
    let moment = Moment::of(reading);
    if reading.effective_at < now.minus(PAGES_UP_TO_AGE) {
        return Vec::new();
    }
    let subject = Subject::Stay(stay.id);
    let mut events = Vec::new();
    for finding in find::all(stay, state, reading, values) {
        let known = super::find(open, &subject, finding.problem).map(|it| as_of(it.clone(), now));
        let before_resolution = state
            .rules
            .resolved_at(finding.problem)
            .is_some_and(|at| moment.latest() < at);
        // Bands say it already, and as loudly: one alert about it is enough, until somebody has ended that one.
        let said = known.is_none()
            && is_of_low_oxygen(finding.problem)
            && oxygen.is_some_and(|it| Severity::of(it.condition) >= Severity::of(finding.band));
        if before_resolution || said {
            continue;
        }
        let next = match known {
            None if finding.band == Band::Green => None,
            None => Some(follow::raised(stay.id, &finding, reading.effective_at, now)),
            Some(known) => follow::gone_on(&known, &finding, &moment, now),
        };
        events.extend(next.map(|(change, alert)| WardEvent::Alert {
            change,
            alert: Box::new(alert),
        }));
    }
    events
}

const fn is_of_low_oxygen(problem: Problem) -> bool {
    matches!(
        problem,
        Problem::OxygenDrop | Problem::OxygenTrend | Problem::OxygenSustained
    )
}
