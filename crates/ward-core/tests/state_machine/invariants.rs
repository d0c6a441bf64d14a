//! What must hold whatever happened, one sentence each. None of them needs to know what was heard before, but for the
//! newest word.

use ward_core::alert::{Alert, Change, Confirmation, Problem, SHOW_WITHIN, Severity, State};
use ward_core::assess::FALL_THAT_SPEAKS_AGAIN;
use ward_core::event::WardEvent;
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::time::Timestamp;

/// Of one change: what the alert was, and what it is.
pub fn of_change(
    before: Option<&Alert>,
    change: Change,
    after: &Alert,
    now: Timestamp,
) -> Result<(), String> {
    let holds = |sentence: &str, holds: bool| {
        if holds {
            Ok(())
        } else {
            Err(format!("{sentence}: {before:?} {change:?} {after:?}"))
        }
    };
    holds(
        "what speaks is nobody's",
        !change.speaks() || after.is_unacknowledged(),
    )?;
    holds(
        "what speaks must be shown in time",
        !change.speaks()
            || after.severity == Severity::Low
            || after.show_by.is_some_and(|by| by <= now.plus(SHOW_WITHIN)),
    )?;
    let Some(before) = before else {
        return holds("only what is new is raised", change == Change::Raised);
    };
    holds("a resolved alert never changes", before.is_open())?;
    holds("severity never falls", after.severity >= before.severity)?;
    holds(
        "the worst value stays",
        after.worst <= before.worst || before.worst.is_none(),
    )?;
    holds(
        "what no console has shown stays unseen until one has",
        !before.unseen || after.unseen || after.shown_at.is_some(),
    )?;
    holds(
        "worse speaks again",
        !is_worse(before, after) || change.speaks(),
    )?;
    holds(
        "a relapse speaks again",
        !is_relapse(before, after) || change.speaks(),
    )?;
    holds(
        "only what was taken half an hour ago relapses",
        change != Change::Relapsed || taken_half_an_hour_before(before, after),
    )
}

/// A low newer than all before it turned a good condition for the worse, half an hour after somebody had taken the alert.
fn is_relapse(before: &Alert, after: &Alert) -> bool {
    let last_at = |alert: &Alert| alert.lows.map(|lows| lows.last_at);
    after.problem == Problem::Oxygen
        && last_at(after) > last_at(before)
        && before.condition == Band::Green
        && after.condition > Band::Green
        && taken_half_an_hour_before(before, after)
}

/// Its newest low, at least.
fn taken_half_an_hour_before(before: &Alert, after: &Alert) -> bool {
    let lows = after
        .relapse
        .and_then(|relapse| relapse.lows)
        .or(after.lows);
    match (&before.state, lows) {
        (State::Acknowledged { at, .. }, Some(lows)) => {
            lows.last_at.millis_since(*at) >= 30 * 60 * 1000
        }
        (State::Acknowledged { .. } | State::Raised | State::Resolved { .. }, _) => false,
    }
}

/// More severe, borne out, or three points under what was acknowledged.
fn is_worse(before: &Alert, after: &Alert) -> bool {
    let rose = after.severity > before.severity;
    let borne_out = before.confirmation == Confirmation::Unconfirmed
        && after.confirmation != Confirmation::Unconfirmed;
    let fell = match (&before.state, after.worst) {
        (
            State::Acknowledged {
                worst: Some(worst), ..
            },
            Some(now),
        ) => before.worst > Some(now) && now.is_below_by(FALL_THAT_SPEAKS_AGAIN, *worst),
        (State::Acknowledged { .. } | State::Raised | State::Resolved { .. }, _) => false,
    };
    rose || borne_out || (fell && after.problem != Problem::LateLow)
}

/// Of everything that is open between two steps.
pub fn of_standing(open: &[&Alert], plan: &MonitoringPlan) -> Result<(), String> {
    for (nth, alert) in open.iter().enumerate() {
        let twin =
            |other: &&Alert| other.problem == alert.problem && other.subject == alert.subject;
        if open.iter().skip(nth + 1).any(twin) {
            return Err(format!("two open alerts of one problem: {alert:?}"));
        }
        if alert.problem == Problem::LateLow
            && (alert.severity > Severity::Low || alert.show_by.is_some())
        {
            return Err(format!("a late low pages: {alert:?}"));
        }
        let awaited = alert.confirmation == Confirmation::Unconfirmed
            && Severity::of(alert.condition) >= alert.severity;
        let within = plan.recheck_within(if alert.severity == Severity::Red {
            Band::Red
        } else {
            Band::Amber
        });
        let expected = awaited.then(|| alert.severity_since.plus(within));
        if alert.recheck_by != expected {
            return Err(format!("a recheck is due {expected:?}: {alert:?}"));
        }
    }
    Ok(())
}

/// The newest low that nothing good is surely after, within the day and after the last resolution, has an open alert at
/// least as severe.
pub fn of_newest_word(open: &[&Alert], severity: Severity) -> Result<(), String> {
    let heard = |alert: &&&Alert| alert.problem == Problem::Oxygen && alert.severity >= severity;
    match open.iter().find(heard) {
        Some(_) => Ok(()),
        None => Err(format!(
            "the newest word is {severity:?} and nothing says so: {open:?}"
        )),
    }
}

/// Everything that an event says is an id, a number, or words in small letters that the code itself wrote.
pub fn of_identity(event: &WardEvent) -> Result<(), String> {
    let json = serde_json::to_value(event).map_err(|error| error.to_string())?;
    let back: WardEvent =
        serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
    if back != *event {
        return Err(format!("an event does not survive its JSON: {event:?}"));
    }
    names_nobody(&json)
}

fn names_nobody(json: &serde_json::Value) -> Result<(), String> {
    use serde_json::Value;
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::String(text) => {
            let is_word = text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c == ' ');
            let is_id = text.parse::<uuid::Uuid>().is_ok();
            if is_word || is_id {
                Ok(())
            } else {
                Err(format!("an event says {text:?}"))
            }
        }
        Value::Array(items) => items.iter().try_for_each(names_nobody),
        Value::Object(fields) => fields.values().try_for_each(names_nobody),
    }
}
