//! The rule of the exertion test: what follows from a pair of a value at rest and a lowest on effort.
//!
//! A fall of the plan's points is amber. A lowest in the plan's red band is red, whatever the fall and whether or not the
//! plan has the rule: it is no value at rest, so the bands do not hear of it, and it must not be silent (hazard H34).

use super::{Finding, Found, follow};
use crate::alert::{Alert, Change, Lows, Problem, Severity, StruckLows, Subject, as_of};
use crate::assess::PAGES_UP_TO_AGE;
use crate::event::WardEvent;
use crate::exertion::may_be_tested;
use crate::moment::Moment;
use crate::pathway::out_of_phase::of_unwatched;
use crate::plan::{Band, MonitoringPlan};
use crate::reading::{Measured, Reading, Values};
use crate::stay::{Phase, Stay, StayState};
use crate::time::Timestamp;

/// The two readings that one test is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// At rest, before.
    pub rest: &'a Reading,
    /// The lowest during it, or just after.
    pub lowest: &'a Reading,
}

impl Pair<'_> {
    fn values(&self) -> Option<(&Values, &Values)> {
        match (&self.rest.measured, &self.lowest.measured) {
            (Measured::Values(rest), Measured::Values(lowest)) => Some((rest, lowest)),
            (Measured::Attempt { .. }, _) | (_, Measured::Attempt { .. }) => None,
        }
    }

    fn finding(&self, plan: &MonitoringPlan) -> Option<Finding> {
        let (rest, lowest) = self.values()?;
        let points = plan
            .rules
            .exertion_fall_points
            .filter(|points| lowest.spo2.is_below_by(*points, rest.spo2));
        let is_red = plan.band(lowest.spo2) == Band::Red;
        let band = match (is_red, points) {
            (true, _) => Band::Red,
            (false, Some(_)) => Band::Amber,
            (false, None) => Band::Green,
        };
        // Whoever was low at rest was not to be tested: a small fall of theirs is no all-clear.
        let is_test = may_be_tested(rest.spo2) || band > Band::Green;
        Some(Finding {
            problem: Problem::Exertion,
            band,
            sound: is_test && !rest.is_doubtful() && !lowest.is_doubtful(),
            spo2: Some(lowest.spo2),
            found: (band > Band::Green).then_some(Found::Exertion {
                rest: rest.spo2,
                lowest: lowest.spo2,
                points,
                at_or_below: is_red.then_some(plan.red_at_or_below),
            }),
        })
    }

    /// What the plan says of it: amber for its fall, red for its lowest, green for neither. `None`: it has no values.
    #[must_use]
    pub fn band(&self, plan: &MonitoringPlan) -> Option<Band> {
        self.finding(plan).map(|finding| finding.band)
    }

    /// Whether whoever did it was to be tested, by the value at rest.
    #[must_use]
    pub fn is_of_a_test(&self) -> bool {
        self.values()
            .is_some_and(|(rest, _)| may_be_tested(rest.spo2))
    }

    /// Whether this test, beyond doubt, found nothing: an older one is then over.
    #[must_use]
    pub fn is_surely_negative(&self, plan: &MonitoringPlan) -> bool {
        self.finding(plan)
            .is_some_and(|finding| finding.band == Band::Green && finding.sound)
    }
}

/// What follows from one test of a stay in any phase. `is_over`: a newer one, beyond doubt, found nothing.
///
/// What is over or more than a day old makes no sound: a positive one is an alert of low priority, for review. So is a red of
/// before somebody ended the last such alert; an amber of that time was answered by them.
///
/// A replay and a what-if are asked about readings, and do not come here.
#[must_use]
pub fn assess_exertion(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    pair: Pair<'_>,
    is_over: bool,
    now: Timestamp,
) -> Option<WardEvent> {
    let finding = pair.finding(&stay.plan)?;
    let at = pair.lowest.effective_at;
    let moment = Moment::of(pair.lowest);
    let spo2 = finding.spo2?;
    let is_past = is_over || at < now.minus(PAGES_UP_TO_AGE);
    if stay.phase != Phase::Active {
        return of_unwatched(stay, open, (spo2, finding.band), at, is_past, now);
    }
    let was_ended = state
        .rules
        .resolved_at(Problem::Exertion)
        .is_some_and(|ended_at| moment.latest() < ended_at);
    if was_ended && finding.band < Band::Red {
        return None;
    }
    let subject = Subject::Stay(stay.id);
    let known = super::super::find(open, &subject, Problem::Exertion)
        .map(|alert| as_of(alert.clone(), now));
    let (change, alert) = match known {
        None if finding.band == Band::Green => return None,
        None => {
            let (change, mut alert) = follow::raised(stay.id, &finding, at, now);
            if is_past || was_ended {
                alert.severity = Severity::Low;
                alert.condition = Band::Green;
                alert = alert.speak(now);
            }
            (change, alert)
        }
        Some(_) if finding.band == Band::Green && is_past => return None,
        // One of the past is counted, and seen before anybody closes the alert; it does not speak.
        Some(known) if is_past || was_ended => {
            (Change::Continued, with_one_of_the_past(known, &finding, at))
        }
        Some(known) => follow::gone_on(&known, &finding, &moment, now)?,
    };
    Some(WardEvent::Alert {
        change,
        alert: Box::new(alert),
    })
}

fn with_one_of_the_past(known: Alert, finding: &Finding, at: Timestamp) -> Alert {
    let mut alert = known;
    alert.lows = Some(Lows::and(alert.lows, at, finding.sound));
    alert.worst = alert.worst.into_iter().chain(finding.spo2).min();
    alert.with_unseen_news()
}

/// What becomes of the open alert of exertion when one of its tests is struck out: it keeps its severity and says that it
/// rests on less; nothing of it stands when no test is left. `lowest` is that test's lowest reading.
#[must_use]
pub fn without_exertion(
    stay: &Stay,
    open: &[Alert],
    lowest: &Reading,
    left: &[Pair<'_>],
    now: Timestamp,
) -> Option<WardEvent> {
    let subject = Subject::Stay(stay.id);
    let known = super::super::find(open, &subject, Problem::Exertion)?;
    let Measured::Values(values) = &lowest.measured else {
        return None;
    };
    let at = lowest.effective_at;
    let mut alert = as_of(known.clone(), now);
    let lows = alert
        .lows
        .filter(|lows| lows.first_at <= at && at <= lows.last_at)?;
    let positive = |pair: &&Pair<'_>| {
        let at = pair.lowest.effective_at;
        lows.first_at <= at
            && at <= lows.last_at
            && pair.band(&stay.plan).is_some_and(|band| band > Band::Green)
    };
    let mut resting_on: Vec<&Pair<'_>> = left.iter().filter(positive).collect();
    resting_on.sort_by_key(|pair| (pair.lowest.effective_at, pair.lowest.id));
    let findings = || {
        resting_on
            .iter()
            .filter_map(|pair| pair.finding(&stay.plan))
    };
    let recounted = |band: Band| {
        resting_on
            .iter()
            .filter_map(|pair| Some((pair, pair.finding(&stay.plan)?)))
            .filter(|(_, finding)| finding.band >= band)
            .fold(None, |held, (pair, finding)| {
                Some(Lows::and(held, pair.lowest.effective_at, finding.sound))
            })
    };
    alert.lows = recounted(Band::Amber);
    alert.reds = recounted(Band::Red);
    alert.worst = findings().filter_map(|finding| finding.spo2).min();
    alert.worst_sound = findings()
        .filter(|finding| finding.sound)
        .filter_map(|finding| finding.spo2)
        .min();
    // The next fall is measured by what is true.
    alert.heeded.worst = alert
        .heeded
        .worst
        .max(alert.worst)
        .filter(|_| alert.worst.is_some());
    alert.heeded.worst_sound = alert
        .heeded
        .worst_sound
        .max(alert.worst_sound)
        .filter(|_| alert.worst_sound.is_some());
    let before = known.struck;
    alert.struck = Some(StruckLows {
        count: before.map_or(0, |struck| struck.count).saturating_add(1),
        worst: before
            .and_then(|struck| struck.worst)
            .into_iter()
            .chain([values.spo2])
            .min(),
    });
    if alert.lows.is_none() {
        alert = alert.standing(Band::Green);
    }
    Some(WardEvent::Alert {
        change: Change::Continued,
        alert: Box::new(alert.with_unseen_news()),
    })
}

#[cfg(test)]
mod tests;
