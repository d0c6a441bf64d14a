//! What follows from a reading: the oxygen rules, one reading at a time, in any order of arrival.

mod rejudge;
mod rules;

use std::time::Duration;

pub use rejudge::{PlansOverTime, Rejudged, rejudge};
pub use rules::{Found, Pair, Past, assess_exertion, without_exertion};

pub use crate::alert::FALL_THAT_SPEAKS_AGAIN;
use crate::alert::{
    Alert, Change, Confirmation, Heeded, Lows, NOT_YET_NUMBERED, Problem, Severity, State, Subject,
    as_of,
};
use crate::event::WardEvent;
use crate::id::StayId;
use crate::moment::Moment;
use crate::plan::{Band, MonitoringPlan};
use crate::reading::{Context, Measured, Reading, Timing};
use crate::silence;
use crate::spo2::Spo2;
use crate::stay::{Stay, StayState};
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::{Timestamp, minutes};

/// A low that is the newest word on a patient pages up to this age; an older one makes the silence red or amber.
pub const PAGES_UP_TO_AGE: Duration = minutes(24 * 60);

/// So many measurements in a row without a value are an alert of their own.
pub const ATTEMPTS_THAT_ALERT: u16 = 3;

/// What follows from one reading of a stay.
///
/// `state` is the stay's state *after* [`StayState::with`] this reading, `open` its open alerts. The events stand in the
/// order in which they are to be appended, and no two of them concern the same alert.
#[must_use]
pub fn assess_reading(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    reading: &Reading,
    now: Timestamp,
) -> Vec<WardEvent> {
    let state = &state.clone().as_of(now);
    let mut events = Vec::new();
    if let Timing::ClockWrong { off_by_ms } = reading.timing {
        let subject = Subject::Bridge(reading.bridge);
        let fault = Fault {
            subject,
            cause: Cause::ClockWrong,
            severity: Severity::Amber,
            spo2: None,
            detail: Detail::clock(off_by_ms),
        };
        events.extend(fault_event(&fault, open, now));
    }
    match &reading.measured {
        Measured::Attempt { reason } if state.attempts_in_a_row >= ATTEMPTS_THAT_ALERT => {
            let detail = Detail::Attempt {
                reason: reason.clone(),
            };
            let fault = Fault {
                subject: Subject::Stay(stay.id),
                cause: Cause::PoorSignal,
                severity: Severity::Amber,
                spo2: None,
                detail,
            };
            events.extend(fault_event(&fault, open, now));
        }
        Measured::Attempt { .. } => {}
        Measured::Values(_) if reading.context == Context::Exertion => {
            events.extend(heard_moving(stay, open, reading.effective_at, now));
        }
        Measured::Values(values) => {
            let value = Value {
                at: reading.effective_at,
                moment: Moment::of(reading),
                spo2: values.spo2,
                band: stay.plan.band(values.spo2),
                sound: !values.is_doubtful(),
            };
            let of_bands = assess_value(stay, state, open, value, now);
            let oxygen = after(&of_bands, open, stay.id);
            let of_rules = rules::assess_rules(stay, state, open, oxygen, reading, values, now);
            events.extend(of_bands.iter().cloned().chain(of_rules));
        }
    }
    events
}

/// Whoever tests themselves on the stairs is not silent, though the value is not judged.
fn heard_moving(stay: &Stay, open: &[Alert], at: Timestamp, now: Timestamp) -> Option<WardEvent> {
    let known = find(open, &Subject::Stay(stay.id), Problem::Silence)?;
    let known = as_of(known.clone(), now);
    let heard = silence::heard(known.clone(), at);
    (heard != known).then(|| WardEvent::Alert {
        change: Change::Continued,
        alert: Box::new(heard),
    })
}

/// The open oxygen alert as these events leave it.
fn after<'a>(events: &'a [WardEvent], open: &'a [Alert], stay: StayId) -> Option<&'a Alert> {
    let is_it = |alert: &&Alert| alert.problem == Problem::Oxygen && alert.is_open();
    let mut changed = events.iter().filter_map(|event| {
        if let WardEvent::Alert { alert, .. } = event {
            Some(&**alert)
        } else {
            None
        }
    });
    changed
        .rfind(is_it)
        .or_else(|| find(open, &Subject::Stay(stay), Problem::Oxygen))
}

fn fault_event(fault: &Fault, open: &[Alert], now: Timestamp) -> Option<WardEvent> {
    let known = find(open, &fault.subject, Problem::Technical(fault.cause));
    assess_fault(fault, known, now)
}

fn find<'a>(open: &'a [Alert], subject: &Subject, problem: Problem) -> Option<&'a Alert> {
    open.iter()
        .find(|alert| alert.is_open() && alert.problem == problem && alert.subject == *subject)
}

#[derive(Clone, Copy)]
struct Value {
    at: Timestamp,
    moment: Moment,
    spo2: Spo2,
    band: Band,
    sound: bool,
}

fn assess_value(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    value: Value,
    now: Timestamp,
) -> Vec<WardEvent> {
    let subject = Subject::Stay(stay.id);
    let mut events = Vec::new();
    let heard_by = match place_of(state, value, now) {
        Place::Clears | Place::BeforeResolution => None,
        Place::Current => Some(Problem::Oxygen),
        Place::Late => Some(Problem::LateLow),
        Place::LongAgo => Some(Problem::Silence),
    };
    for problem in [Problem::Oxygen, Problem::LateLow, Problem::Silence] {
        let known = find(open, &subject, problem).map(|alert| as_of(alert.clone(), now));
        let heard = known.clone().map(|alert| silence::heard(alert, value.at));
        let event = match (heard.as_ref(), heard_by == Some(problem)) {
            (None, true) => Some((Change::Raised, raise(stay, state, problem, value, now))),
            (Some(alert), true) => Some(go_on(alert, &stay.plan, state, value, now)),
            (Some(alert), false) => settle_condition(alert, &stay.plan, state)
                .or_else(|| heard.clone().filter(|_| heard != known))
                .map(|alert| (Change::Continued, alert)),
            (None, false) => None,
        };
        events.extend(event.map(|(change, alert)| WardEvent::Alert {
            change,
            alert: Box::new(alert),
        }));
    }
    events
}

/// Where a value stands among what is already known.
enum Place {
    /// Not low: it may clear a condition.
    Clears,
    /// Low, surely measured before the last resolution: never raises another alert.
    BeforeResolution,
    /// Low, and to be acted on.
    Current,
    /// Low, but a sound good reading that is surely newer is stored: for review.
    Late,
    /// Low, more than a day old, and nothing since.
    LongAgo,
}

fn place_of(state: &StayState, value: Value, now: Timestamp) -> Place {
    if value.band == Band::Green {
        Place::Clears
    } else if state
        .oxygen_resolved_at
        .is_some_and(|resolved_at| value.moment.latest() < resolved_at)
    {
        Place::BeforeResolution
    } else if state.newest_good.any_surely_after(&value.moment) {
        Place::Late
    } else if value.at >= now.minus(PAGES_UP_TO_AGE) {
        Place::Current
    } else if state.has_word_after(&value.moment) {
        Place::Late
    } else {
        Place::LongAgo
    }
}

/// How things stand now for an alert of this problem, by the newest word. A review is of the past: it has no condition.
///
/// An oxygen alert is never said to stand worse than it ever was: a red of an alert that is over, or of more than a day
/// ago, is no red of this one.
fn condition(problem: Problem, severity: Severity, state: &StayState, otherwise: Band) -> Band {
    let condition = state.condition().unwrap_or(otherwise);
    match problem {
        Problem::Oxygen if severity < Severity::of(condition) => Band::Amber,
        Problem::Oxygen | Problem::Silence => condition,
        Problem::LateLow
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Symptom
        | Problem::AskedForHelp
        | Problem::Technical(_) => Band::Green,
    }
}

fn raise(stay: &Stay, state: &StayState, problem: Problem, value: Value, now: Timestamp) -> Alert {
    let (severity, confirmation) = match problem {
        Problem::Oxygen => (Severity::of(value.band), Confirmation::Unconfirmed),
        Problem::Silence => (Severity::of(value.band), Confirmation::NotAsked),
        Problem::LateLow
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Symptom
        | Problem::AskedForHelp
        | Problem::Technical(_) => (Severity::Low, Confirmation::NotAsked),
    };
    let alert = Alert {
        number: NOT_YET_NUMBERED,
        subject: Subject::Stay(stay.id),
        problem,
        severity,
        confirmation,
        condition: condition(problem, severity, state, value.band),
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: Some(Lows::one(value.at, value.sound)),
        reds: (value.band == Band::Red).then(|| Lows::one(value.at, value.sound)),
        worst: Some(value.spo2),
        worst_sound: value.sound.then_some(value.spo2),
        detail: None,
        spoke_seq: NOT_YET_NUMBERED,
        spoke_at: now,
        heeded: Heeded::default(),
        shown_at: None,
        show_by: None,
        unseen: false,
        recheck_by: None,
        was_green: false,
        was_below_red: false,
        relapse: None,
        struck: None,
        ladder: crate::escalation::Ladder::default(),
        snooze: None,
    };
    with_recheck(alert.speak(now), &stay.plan)
}

/// One more low of the same problem: it may be worse, and then the alert speaks again.
fn go_on(
    known: &Alert,
    plan: &MonitoringPlan,
    state: &StayState,
    value: Value,
    now: Timestamp,
) -> (Change, Alert) {
    let mut alert = known.clone();
    alert.lows = Some(Lows::and(known.lows, value.at, value.sound));
    if value.band == Band::Red {
        alert.reds = Some(Lows::and(known.reds, value.at, value.sound));
    }
    alert.worst = [known.worst, Some(value.spo2)].into_iter().flatten().min();
    if value.sound {
        alert.worst_sound = [known.worst_sound, Some(value.spo2)]
            .into_iter()
            .flatten()
            .min();
        // The first one beyond doubt is what the next are measured by.
        alert.heeded.worst_sound = known.heeded.worst_sound.or(Some(value.spo2));
    }

    let rises = known.problem != Problem::LateLow && Severity::of(value.band) > known.severity;
    if rises {
        alert.severity = Severity::of(value.band);
        alert.severity_since = now;
        if known.problem == Problem::Oxygen {
            alert.confirmation = Confirmation::Unconfirmed;
            // Nothing was so severe before: all that is counts, before the relapse or after.
            alert.relapse = None;
        }
    }
    let relapse_from = known
        .relapse_speaks_from(value.band, now)
        .filter(|from| !rises && value.moment.latest() >= *from);
    if let Some(from) = relapse_from {
        alert = alert.relapsed(from, now);
    }
    let condition = condition(known.problem, alert.severity, state, value.band);
    let mut alert = alert
        .with_relapse_low(value.moment.latest(), value.band, value.sound)
        .standing(condition);
    let confirms =
        alert.confirmation == Confirmation::Unconfirmed && alert.lows_confirm_each_other();
    if confirms {
        alert.confirmation = Confirmation::SecondReading;
    }
    // All that it rested on was struck out: the first true low of this band is told as a new one is.
    let begins_anew = known.has_nothing_left_of(value.band);
    if begins_anew && !rises {
        alert.severity_since = now;
    }
    let fell_further = known.problem != Problem::LateLow
        && (begins_anew || known.speaks_again_at(value.spo2, value.sound));
    let change = if rises {
        Change::SeverityRose
    } else if relapse_from.is_some() {
        Change::Relapsed
    } else if confirms {
        Change::Confirmed
    } else if fell_further {
        Change::FellFurther
    } else {
        Change::Continued
    };
    let news = known.problem == Problem::LateLow || alert.condition > known.condition;
    let alert = if change.speaks() {
        alert.speak(now)
    } else if news {
        // A relapse so soon makes no sound (flapping would never stop), but nobody closes the alert on the good value
        // that their screen still shows; and nobody closes a review of lows that they have not seen.
        alert.with_unseen_news()
    } else {
        alert
    };
    (change, with_recheck(alert, plan))
}

/// A value that is not a low of this alert: the condition may have changed with the newest word. A good reading clears
/// the condition, never the alert.
fn settle_condition(known: &Alert, plan: &MonitoringPlan, state: &StayState) -> Option<Alert> {
    let condition = condition(known.problem, known.severity, state, known.condition);
    let mut alert = known.clone().standing(condition);
    if alert.condition > known.condition {
        alert = alert.with_unseen_news();
    }
    (alert.condition != known.condition).then(|| with_recheck(alert, plan))
}

/// A recheck is awaited while the newest word is as bad as the alert and nothing has borne it out. The timer runs from
/// when this severity was reached.
fn with_recheck(mut alert: Alert, plan: &MonitoringPlan) -> Alert {
    let awaited = alert.confirmation == Confirmation::Unconfirmed
        && Severity::of(alert.condition) >= alert.severity;
    alert.recheck_by = awaited.then(|| {
        let band = if alert.severity == Severity::Red {
            Band::Red
        } else {
            Band::Amber
        };
        alert.severity_since.plus(plan.recheck_within(band))
    });
    alert
}

#[cfg(test)]
mod tests;
