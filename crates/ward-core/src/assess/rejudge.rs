//! Judging again, without readings that were struck out or moved to somebody else.
//!
//! What was done on them stays on the log; what they hid comes to light. An open alert keeps its severity and says what
//! it no longer rests on; a low that a struck good reading had passed for over is raised now.

use super::{Band, Value, settle_condition, with_recheck};
use crate::alert::{Alert, Change, Confirmation, Lows, Problem, Subject, as_of};
use crate::event::WardEvent;
use crate::moment::Moment;
use crate::plan::MonitoringPlan;
use crate::reading::{Context, Measured, Reading, Timing};
use crate::spo2::Spo2;
use crate::stay::{Stay, StayState};
use crate::time::Timestamp;

use super::PAGES_UP_TO_AGE;

/// What follows from taking readings away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejudged {
    /// Where the stay stands by the readings that remain.
    pub state: StayState,
    /// What becomes of the open alerts, in the order in which it is to be appended; no two concern the same one.
    pub events: Vec<WardEvent>,
    /// Lows that come to light: each is then to be judged with the alerts that are open by then. What was wrong with a
    /// clock was said when they came in.
    pub to_judge: Vec<Reading>,
}

/// Which limits counted when: from these times on, oldest first. What was measured is read by the limits of when it came
/// in; a change of plan never rewrites history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlansOverTime<'a> {
    /// The plan now, and for whatever came in before the first that is known.
    pub now: &'a MonitoringPlan,
    /// Earlier and later plans, each with its beginning.
    pub since: Vec<(Timestamp, MonitoringPlan)>,
}

impl<'a> PlansOverTime<'a> {
    /// The plan has never been changed.
    #[must_use]
    pub const fn always(plan: &'a MonitoringPlan) -> Self {
        Self {
            now: plan,
            since: Vec::new(),
        }
    }

    fn at(&self, at: Timestamp) -> &MonitoringPlan {
        let begun = self.since.iter().filter(|(since, _)| *since <= at);
        begun
            .max_by_key(|(since, _)| *since)
            .or_else(|| self.since.iter().min_by_key(|(since, _)| *since))
            .map_or(self.now, |(_, plan)| plan)
    }

    /// Every plan that was in force at any moment between these two.
    pub(crate) fn between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = &MonitoringPlan> {
        let later = self
            .since
            .iter()
            .filter(move |(since, _)| from < *since && *since <= until)
            .map(|(_, plan)| plan);
        std::iter::once(self.at(from)).chain(later)
    }
}

/// A value of the past, as it was judged.
#[derive(Clone, Copy)]
struct Word<'a> {
    reading: &'a Reading,
    value: Value,
}

impl<'a> Word<'a> {
    fn of(reading: &'a Reading, plans: &PlansOverTime<'_>) -> Option<Self> {
        let Measured::Values(values) = &reading.measured else {
            return None;
        };
        (reading.context != Context::Exertion).then(|| Self {
            reading,
            value: Value {
                at: reading.effective_at,
                moment: Moment::of(reading),
                spo2: values.spo2,
                band: plans.at(reading.received_at).band(values.spo2),
                sound: !values.is_doubtful(),
            },
        })
    }

    fn is_low(&self) -> bool {
        self.value.band > Band::Green
    }

    fn is_sound_good(&self) -> bool {
        self.value.band == Band::Green && self.value.sound
    }

    /// Whether this good reading makes that low a late one.
    fn hides(&self, low: &Self) -> bool {
        self.is_sound_good() && self.value.moment.is_surely_after(&low.value.moment)
    }

    /// Which alert this low went to when it came in. Of one transaction all are stored before any is judged.
    fn heard_as(&self, all: &[Self]) -> Problem {
        let came = self.reading.received_at;
        let was_there = |word: &&Self| word.reading.received_at <= came;
        if all.iter().filter(was_there).any(|word| word.hides(self)) {
            Problem::LateLow
        } else if self.value.at >= came.minus(PAGES_UP_TO_AGE) {
            Problem::Oxygen
        } else {
            Problem::Silence
        }
    }
}

/// What follows when `struck` no longer counts and `remaining` does: all other readings of the stay, each measurement
/// once. `before` is the stay's state, `open` its open alerts.
#[must_use]
pub fn rejudge(
    stay: &Stay,
    before: &StayState,
    plans: &PlansOverTime<'_>,
    remaining: &[Reading],
    struck: &[Reading],
    open: &[Alert],
    now: Timestamp,
) -> Rejudged {
    let kept: Vec<Word<'_>> = remaining
        .iter()
        .filter_map(|it| Word::of(it, plans))
        .collect();
    let gone: Vec<Word<'_>> = struck.iter().filter_map(|it| Word::of(it, plans)).collect();
    let all: Vec<Word<'_>> = kept.iter().chain(&gone).copied().collect();

    let mut state = rebuilt(plans, remaining, before).as_of(now);
    let uncovered: Vec<Word<'_>> = kept
        .iter()
        .filter(|low| low.is_low() && gone.iter().any(|word| word.hides(low)))
        .filter(|low| !kept.iter().any(|word| word.hides(low)))
        .copied()
        .collect();
    // Whoever ended the alert may have done so on a value that was never this person's.
    if let Some(resolved_at) = state.oxygen_resolved_at {
        let ended_on_it = uncovered.iter().any(|low| {
            low.value.moment.latest() < resolved_at
                && gone
                    .iter()
                    .any(|word| word.hides(low) && word.reading.received_at <= resolved_at)
        });
        if ended_on_it {
            state.oxygen_resolved_at = None;
        }
    }

    let subject = Subject::Stay(stay.id);
    let ours = open
        .iter()
        .filter(|alert| alert.is_open() && alert.subject == subject)
        .filter(|alert| is_of_oxygen(alert.problem));
    let mut events = Vec::new();
    let mut counted = Vec::new();
    for alert in ours {
        let of_it = |word: &&Word<'_>| {
            word.is_low()
                && word.heard_as(&all) == alert.problem
                && alert.lows.is_some_and(|lows| {
                    lows.first_at <= word.value.at && word.value.at <= lows.last_at
                })
        };
        let rests_on: Vec<Value> = kept.iter().filter(of_it).map(|word| word.value).collect();
        if alert.problem != Problem::LateLow {
            // A review is of the past: what comes to light is told as well.
            counted.extend(kept.iter().filter(of_it).map(|word| word.reading.id));
        }
        let taken: Vec<Value> = gone.iter().filter(of_it).map(|word| word.value).collect();
        let known = as_of(alert.clone(), now);
        let changed = without(&known, &rests_on, &taken, stay, &state, now);
        events.extend(changed.map(|(change, alert)| WardEvent::Alert {
            change,
            alert: Box::new(alert),
        }));
    }
    let mut to_judge: Vec<Reading> = uncovered
        .into_iter()
        .filter(|low| !counted.contains(&low.reading.id))
        .map(|low| without_clock_trouble(low.reading))
        .collect();
    to_judge.sort_by_key(|reading| (reading.effective_at, reading.id));
    Rejudged {
        state,
        events,
        to_judge,
    }
}

fn without_clock_trouble(reading: &Reading) -> Reading {
    let mut reading = reading.clone();
    if let Timing::ClockWrong { .. } = reading.timing {
        reading.timing = if reading.is_of_uncertain_time() {
            Timing::ByWallClock
        } else {
            Timing::ByAge
        };
    }
    reading
}

const fn is_of_oxygen(problem: Problem) -> bool {
    matches!(
        problem,
        Problem::Oxygen | Problem::LateLow | Problem::Silence
    )
}

/// Where a stay stands by these readings, as they came in. What does not come from readings stays.
fn rebuilt(plans: &PlansOverTime<'_>, readings: &[Reading], before: &StayState) -> StayState {
    let mut readings: Vec<&Reading> = readings.iter().collect();
    readings.sort_by_key(|reading| (reading.received_at, reading.effective_at, reading.id));
    let nothing = StayState::default();
    let start = StayState {
        trend: nothing.trend,
        newest_good: nothing.newest_good,
        newest_red: nothing.newest_red,
        newest_amber: nothing.newest_amber,
        newest_sound_amber: nothing.newest_sound_amber,
        attempts_in_a_row: nothing.attempts_in_a_row,
        last_tried_at: nothing.last_tried_at,
        rules: before.rules.without_readings(),
        ..before.clone()
    };
    readings.into_iter().fold(start, |state, reading| {
        state.with(reading, plans.at(reading.received_at))
    })
}

/// This alert without the lows that were taken away. Its severity stays, and so does whoever has it, unless things stand
/// worse than they were made to look.
fn without(
    known: &Alert,
    rests_on: &[Value],
    taken: &[Value],
    stay: &Stay,
    state: &StayState,
    now: Timestamp,
) -> Option<(Change, Alert)> {
    let mut alert = known.clone();
    if !taken.is_empty() {
        alert = resting_on_the_others(alert, rests_on, taken);
        if alert.lows.is_none() {
            // Nothing says that it stands badly, unless the readings that remain do.
            alert.condition = Band::Green;
        }
    }
    let settled = settle_condition(&alert, &stay.plan, state);
    let mut alert = settled.unwrap_or_else(|| with_recheck(alert, &stay.plan));
    if alert.condition > known.condition && !known.is_unacknowledged() {
        // It was taken, or left at rest, by a value that was not this person's.
        return Some((Change::SaidAgain, alert.speak(now)));
    }
    if alert == *known {
        return None;
    }
    if !taken.is_empty() {
        alert = alert.with_unseen_news();
    }
    Some((Change::Continued, alert))
}

fn resting_on_the_others(mut alert: Alert, rests_on: &[Value], taken: &[Value]) -> Alert {
    let reds = |values: &[Value]| -> Vec<Value> {
        values
            .iter()
            .filter(|it| it.band == Band::Red)
            .copied()
            .collect()
    };
    alert.lows = recounted(alert.lows, rests_on, taken);
    alert.reds = recounted(alert.reds, &reds(rests_on), &reds(taken));
    if let Some(relapse) = &mut alert.relapse {
        let since = |values: &[Value]| -> Vec<Value> {
            values
                .iter()
                .filter(|it| it.at >= relapse.from)
                .copied()
                .collect()
        };
        let (left, gone) = (since(rests_on), since(taken));
        relapse.lows = recounted(relapse.lows, &left, &gone);
        relapse.reds = recounted(relapse.reds, &reds(&left), &reds(&gone));
    }
    let deepest = |values: &[Value]| values.iter().map(|it| it.spo2).min();
    let sound: Vec<Value> = rests_on.iter().filter(|it| it.sound).copied().collect();
    alert.worst = alert.lows.and_then(|_| deepest(rests_on));
    alert.worst_sound = alert.lows.and_then(|_| deepest(&sound));
    // The next fall is measured by what is true, not by a value of somebody else.
    alert.heeded.worst = no_deeper_than(alert.heeded.worst, alert.worst);
    alert.heeded.worst_sound = no_deeper_than(alert.heeded.worst_sound, alert.worst_sound);
    let deepest_taken = [alert.struck.and_then(|struck| struck.worst), deepest(taken)];
    alert.struck = Some(crate::alert::StruckLows {
        count: alert
            .struck
            .map_or(0, |struck| struck.count)
            .saturating_add(u32::try_from(taken.len()).unwrap_or(u32::MAX)),
        worst: deepest_taken.into_iter().flatten().min(),
    });
    if alert.lows_at_severity().is_none() && alert.confirmation != Confirmation::NotAsked {
        // Nothing bears it out any more.
        alert.confirmation = Confirmation::Unconfirmed;
    }
    alert
}

fn no_deeper_than(heeded: Option<Spo2>, left: Option<Spo2>) -> Option<Spo2> {
    left.and_then(|left| heeded.map(|heeded| heeded.max(left)))
}

/// These lows less those that were taken, with the ends of those that are left.
fn recounted(held: Option<Lows>, left: &[Value], taken: &[Value]) -> Option<Lows> {
    let held = held?;
    if taken.is_empty() {
        return Some(held);
    }
    let taken = u32::try_from(taken.len()).unwrap_or(u32::MAX);
    let count = held.count.saturating_sub(taken);
    if count == 0 {
        return None;
    }
    Some(Lows {
        first_at: left.iter().map(|it| it.at).min()?,
        last_at: left.iter().map(|it| it.at).max()?,
        count,
        sound: left.iter().any(|it| it.sound),
    })
}
