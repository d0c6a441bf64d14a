//! What people are told of a disagreement: once, by one alert about that stay.

use super::{About, Disagreement, EITHER_ORDER};
use crate::alert::{Alert, Change, Lows, Problem, Severity, State, Subject};
use crate::event::WardEvent;
use crate::stay::Stay;
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::Timestamp;

const PROBLEM: Problem = Problem::Technical(Cause::AlertsDisagree);

/// What follows from what was found, given all alerts of the stay, open and over. `None` when it has been said.
///
/// Who ended such an alert has looked at the chart: what had come in well before is not said again. Who has one is told
/// anew when something has come in since that nobody was told of.
#[must_use]
pub fn said(
    found: &[Disagreement],
    stay: &Stay,
    alerts: &[Alert],
    now: Timestamp,
) -> Option<WardEvent> {
    let earlier: Vec<&Alert> = alerts.iter().filter(|it| it.problem == PROBLEM).collect();
    let open = earlier.iter().find(|alert| alert.is_open());
    if open.is_some_and(|alert| alert.is_unacknowledged()) {
        return None;
    }
    let taken_at = open.and_then(|alert| alert.held_since());
    let ended = earlier.iter().filter_map(|alert| match alert.state {
        State::Resolved { at, .. } => Some(at),
        State::Raised | State::Acknowledged { .. } => None,
    });
    let ended_at = ended.max();
    let is_new = |it: &Disagreement| {
        let Some(about) = it.about else {
            return taken_at.is_none() && ended_at.is_none();
        };
        let came = about.received_at;
        taken_at.is_none_or(|taken| came > taken)
            && ended_at.is_none_or(|ended| came.plus(EITHER_ORDER) > ended)
    };
    let new: Vec<&Disagreement> = found.iter().filter(|it| is_new(it)).collect();
    let first = *new.first()?;
    let fault = Fault {
        subject: Subject::Stay(stay.id),
        cause: Cause::AlertsDisagree,
        severity: Severity::Red,
        spo2: first.about.and_then(|about| about.spo2),
        detail: Detail::Disagreement {
            what: first.what,
            about: first.problem.name().to_owned(),
            measured_at: first.about.map(|about| about.measured_at),
            count: u32::try_from(new.len()).unwrap_or(u32::MAX),
        },
    };
    // Which reading it was: when it was measured, as of any low.
    let is_low = |about: &About| first.problem == Problem::Oxygen && about.spo2.is_some();
    let low = first.about.filter(is_low);
    let lows = low.map(|about| Lows::one(about.measured_at, true));
    let Some(open) = open else {
        let raised = assess_fault(&fault, None, now);
        return raised.map(|event| with_lows(event, lows));
    };
    let mut again = (*open).clone();
    again.worst = [open.worst, fault.spo2].into_iter().flatten().min();
    again.detail = Some(fault.detail);
    again.lows = lows;
    Some(WardEvent::Alert {
        change: Change::SaidAgain,
        alert: Box::new(again.speak(now)),
    })
}

fn with_lows(event: WardEvent, lows: Option<Lows>) -> WardEvent {
    if let WardEvent::Alert { change, mut alert } = event {
        alert.lows = lows;
        WardEvent::Alert { change, alert }
    } else {
        event
    }
}
