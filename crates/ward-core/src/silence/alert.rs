//! The silence alert of a stay: raised once, told what was missed, and told when the patient is heard again.

use super::slot::Awaited;
use super::why::Missed;
use crate::alert::{
    Alert, Change, Confirmation, Heeded, NOT_YET_NUMBERED, Problem, Severity, State, Subject, as_of,
};
use crate::event::WardEvent;
use crate::id::StayId;
use crate::plan::Band;
use crate::stay::StayState;
use crate::technical::Detail;
use crate::time::Timestamp;

/// So many of the newest missed slots stand in an alert.
const MOST_LISTED: usize = 24;

/// How bad things were when the patient fell silent, by the newest readings and the newest words of the diary.
#[must_use]
pub fn what_came_before(state: &StayState) -> Severity {
    let conditions = [state.condition(), state.words.condition()];
    let severities = conditions.into_iter().flatten().map(Severity::of);
    severities.max().unwrap_or(Severity::Low)
}

/// What follows from slots that were missed, given the stay's open alerts. At most one silence is open: slots that are
/// missed while it is are added to it.
///
/// A diary that is missing between readings that came is of low priority: this patient is not silent.
#[must_use]
pub fn assess_missed(
    stay: StayId,
    state: &StayState,
    open: &[Alert],
    missed: &[Missed],
    now: Timestamp,
) -> Option<WardEvent> {
    let state = &state.clone().as_of(now);
    let subject = Subject::Stay(stay);
    let known = open
        .iter()
        .find(|alert| {
            alert.is_open() && alert.problem == Problem::Silence && alert.subject == subject
        })
        .map(|alert| as_of(alert.clone(), now));
    let told = |slot: &Missed| {
        known
            .as_ref()
            .and_then(|alert| alert.detail.as_ref())
            .is_some_and(|detail| detail.tells_of(slot))
    };
    let new: Vec<Missed> = missed.iter().filter(|slot| !told(slot)).copied().collect();
    if new.is_empty() {
        return None;
    }
    let heard_since = |slot: &Missed| {
        state
            .newest()
            .is_some_and(|newest| newest.at >= slot.slot.opens)
    };
    let silent = |slot: &Missed| slot.slot.awaited == Awaited::Reading || !heard_since(slot);
    let severity = if new.iter().any(silent) {
        what_came_before(state)
    } else {
        Severity::Low
    };
    let last_value_at = state.newest().map(|newest| newest.at);
    let (change, alert) = match known {
        None => (
            Change::Raised,
            raised(subject, state, severity, &new, last_value_at, now),
        ),
        Some(known) => go_on(&known, severity, &new, last_value_at, now),
    };
    Some(WardEvent::Alert {
        change,
        alert: Box::new(alert),
    })
}

fn go_on(
    known: &Alert,
    severity: Severity,
    new: &[Missed],
    last_value_at: Option<Timestamp>,
    now: Timestamp,
) -> (Change, Alert) {
    let mut alert = known.clone();
    let was_heard = matches!(
        &known.detail,
        Some(Detail::Missed {
            heard_again_at: Some(_),
            ..
        })
    );
    alert.detail = Some(with_more(alert.detail.take(), new, last_value_at));
    alert.severity = known.severity.max(severity);
    if severity > known.severity {
        alert.severity_since = now;
        (Change::SeverityRose, alert.speak(now))
    } else if was_heard && !known.is_unacknowledged() {
        // Whoever took it took a patient who was heard again.
        (Change::Relapsed, alert.speak(now))
    } else {
        (Change::Continued, alert.with_unseen_news())
    }
}

fn with_more(held: Option<Detail>, new: &[Missed], last_value_at: Option<Timestamp>) -> Detail {
    let (mut missed, mut count) = match held {
        Some(Detail::Missed { missed, count, .. }) => (missed, count),
        Some(_) | None => (Vec::new(), 0),
    };
    count = count.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
    missed.extend_from_slice(new);
    missed.sort_by_key(|missed| missed.slot);
    let too_many = missed.len().saturating_sub(MOST_LISTED);
    missed.drain(..too_many);
    Detail::Missed {
        missed,
        count,
        last_value_at,
        heard_again_at: None,
    }
}

fn raised(
    subject: Subject,
    state: &StayState,
    severity: Severity,
    missed: &[Missed],
    last_value_at: Option<Timestamp>,
    now: Timestamp,
) -> Alert {
    Alert {
        number: NOT_YET_NUMBERED,
        subject,
        problem: Problem::Silence,
        severity,
        confirmation: Confirmation::NotAsked,
        condition: state.condition().unwrap_or(Band::Green),
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: None,
        reds: None,
        worst: None,
        worst_sound: None,
        detail: Some(with_more(None, missed, last_value_at)),
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
    }
    .speak(now)
}

/// The silence alert after a value that was measured at `at`. It ends what is silent, not the alert; a value of before
/// the newest missed slot ends nothing. Unchanged when it says nothing new.
#[must_use]
pub fn heard(alert: Alert, at: Timestamp) -> Alert {
    came(alert, Awaited::Reading, at)
}

/// As [`heard`], of a diary entry that was made at `at`.
#[must_use]
pub fn diary_heard(alert: Alert, at: Timestamp) -> Alert {
    came(alert, Awaited::Diary, at)
}

fn came(mut alert: Alert, what: Awaited, at: Timestamp) -> Alert {
    if let (
        Problem::Silence,
        Some(Detail::Missed {
            missed,
            heard_again_at,
            ..
        }),
    ) = (alert.problem, &mut alert.detail)
    {
        for missed in missed.iter_mut() {
            if missed.slot.awaited == what && missed.slot.holds(at) && missed.came_at.is_none() {
                missed.came_at = Some(at);
            }
        }
        let newest = missed.iter().map(|missed| missed.slot.opens).max();
        if heard_again_at.is_none() && newest.is_none_or(|opens| at >= opens) {
            *heard_again_at = Some(at);
        }
    }
    alert
}
