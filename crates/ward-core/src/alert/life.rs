//! What people, consoles and time do to an alert.

use super::{Alert, Change, Confirmation, Outcome, SHOW_WITHIN, State};
use crate::id::{ClinicianId, Seq};
use crate::plan::Band;
use crate::time::{CLOCK_STEP, Timestamp};

/// An acknowledgement that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// Taken now: the alert as it is after.
    Now(Box<Alert>),
    /// The same clinician had it already; the first time stands.
    Already {
        /// Since when.
        at: Timestamp,
    },
}

/// Why an acknowledgement was refused: in each case with what the person needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeRefused {
    /// Somebody else was first.
    #[error("a colleague has already acknowledged this alert")]
    AlreadyAcknowledged {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// It is over.
    #[error("this alert has already been resolved")]
    AlreadyResolved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// It has worsened since the clinician's screen showed it.
    #[error("this alert has worsened since your screen showed it: look again")]
    WorsenedSince {
        /// The event that they have not seen.
        spoke_seq: Seq,
    },
}

/// A named clinician takes an alert. `seen` is the newest event that their screen had applied.
///
/// # Errors
/// [`AcknowledgeRefused`]: somebody else has it, it is over, or it has worsened unseen.
pub fn acknowledge(
    alert: &Alert,
    by: ClinicianId,
    seen: Seq,
    now: Timestamp,
) -> Result<Acknowledged, AcknowledgeRefused> {
    match alert.state {
        // Who was given it says so: theirs since then, and nobody asks any more.
        State::Acknowledged {
            by: first,
            at,
            worst,
            assigned_by: Some(_),
        } if first == by && seen >= alert.spoke_seq => {
            let mut taken = alert.clone();
            taken.state = State::Acknowledged {
                by,
                at,
                worst,
                assigned_by: None,
            };
            Ok(Acknowledged::Now(Box::new(taken)))
        }
        State::Acknowledged { by: first, at, .. } if first == by => {
            Ok(Acknowledged::Already { at })
        }
        State::Acknowledged { by, at, .. } => {
            Err(AcknowledgeRefused::AlreadyAcknowledged { by, at })
        }
        State::Resolved { by, at, .. } => Err(AcknowledgeRefused::AlreadyResolved { by, at }),
        State::Raised if seen < alert.spoke_seq => Err(AcknowledgeRefused::WorsenedSince {
            spoke_seq: alert.spoke_seq,
        }),
        State::Raised => {
            let mut taken = seen_by_a_person(alert.clone(), now).heeded();
            taken.state = State::Acknowledged {
                by,
                at: now,
                worst: alert.worst,
                assigned_by: None,
            };
            taken.ladder.stop();
            taken.was_green = taken.condition == Band::Green;
            taken.was_below_red = taken.condition < Band::Red;
            Ok(Acknowledged::Now(Box::new(taken)))
        }
    }
}

/// Why a resolution was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveRefused {
    /// Nobody has taken it: a red that nobody owns must not vanish by one slip of the hand.
    #[error("acknowledge this alert first, then resolve it")]
    NotAcknowledged,
    /// Only a transfer ends an alert as transferred: it is raised anew where the patient goes.
    #[error("an alert goes to another ward only with its patient: choose what it led to here")]
    OnlyByTransfer,
    /// It is over.
    #[error("this alert has already been resolved")]
    AlreadyResolved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// It has worsened since the clinician's screen showed it.
    #[error("this alert has worsened since your screen showed it: look again")]
    WorsenedSince {
        /// The event that they have not seen.
        spoke_seq: Seq,
    },
}

/// A clinician ends an alert and says what changed in care. Any clinician of the ward may, whoever had taken it.
///
/// # Errors
/// [`ResolveRefused`]: nobody has taken it, it is over, it has worsened unseen, or a person says that it was transferred.
pub fn resolve(
    alert: &Alert,
    by: ClinicianId,
    outcome: Outcome,
    note: String,
    seen: Seq,
    now: Timestamp,
) -> Result<Alert, ResolveRefused> {
    match alert.state {
        State::Resolved { by, at, .. } => Err(ResolveRefused::AlreadyResolved { by, at }),
        State::Raised | State::Acknowledged { .. } if seen < alert.spoke_seq => {
            Err(ResolveRefused::WorsenedSince {
                spoke_seq: alert.spoke_seq,
            })
        }
        State::Raised => Err(ResolveRefused::NotAcknowledged),
        State::Acknowledged { .. } if outcome == Outcome::TransferredWard => {
            Err(ResolveRefused::OnlyByTransfer)
        }
        State::Acknowledged { .. } => {
            let mut over = seen_by_a_person(alert.clone(), now);
            over.recheck_by = None;
            over.ladder.stop();
            over.snooze = None;
            over.state = State::Resolved {
                by,
                at: now,
                outcome,
                note,
            };
            Ok(over)
        }
    }
}

/// Ends an alert together with what it was about: the patient has died, was admitted to hospital or went to another ward.
/// Whoever had it, and whether anybody had.
#[must_use]
pub fn closed(
    alert: Alert,
    by: ClinicianId,
    outcome: Outcome,
    note: String,
    now: Timestamp,
) -> Alert {
    let mut over = alert;
    over.show_by = None;
    over.unseen = false;
    over.recheck_by = None;
    over.ladder.stop();
    over.snooze = None;
    over.state = State::Resolved {
        by,
        at: now,
        outcome,
        note,
    };
    over
}

/// A console (a visible page with sound armed) has applied the ward's log up to `seq`. `None` when that says nothing new.
#[must_use]
pub fn shown(alert: &Alert, seq: Seq, now: Timestamp) -> Option<Alert> {
    let news = alert.is_open() && alert.shown_at.is_none() && seq >= alert.spoke_seq;
    news.then(|| seen_by_a_person(alert.clone(), now))
}

pub(super) fn seen_by_a_person(mut alert: Alert, now: Timestamp) -> Alert {
    alert.shown_at = alert.shown_at.or(Some(now));
    alert.show_by = None;
    alert.unseen = false;
    alert
}

/// This alert without times that `now` has not come to: it was written when the service's clock was ahead. A recheck and
/// a showing are due at their whole span from `now` at the latest. What is on record of people stays as it is.
#[must_use]
pub fn as_of(mut alert: Alert, now: Timestamp) -> Alert {
    let limit = now.plus(CLOCK_STEP);
    if let Some(by) = alert.recheck_by.filter(|_| alert.severity_since > limit) {
        let whole_span = by.millis_since(alert.severity_since);
        alert.recheck_by = Some(Timestamp::from_millis(
            now.as_millis().saturating_add(whole_span),
        ));
    }
    if alert.severity_since > limit {
        alert.severity_since = now;
    }
    if alert.show_by.is_some_and(|by| by > limit.plus(SHOW_WITHIN)) {
        alert.show_by = Some(now.plus(SHOW_WITHIN));
    }
    if let Some(relapse) = &mut alert.relapse
        && relapse.from > limit
    {
        relapse.from = now;
    }
    alert.ladder = alert.ladder.believed(now);
    alert.snooze = alert.snooze.map(|snooze| snooze.believed(now));
    alert
}

/// What follows from time alone, one change at a time; `None` when nothing is due yet. Deadlines that lie further ahead
/// than their whole span are moved to it first.
#[must_use]
pub fn time_passed(alert: &Alert, now: Timestamp) -> Option<(Change, Alert)> {
    if !alert.is_open() {
        return None;
    }
    let believed = as_of(alert.clone(), now);
    if believed != *alert {
        return Some((Change::Continued, believed));
    }
    if alert.recheck_by.is_some_and(|by| by <= now) {
        let mut confirmed = alert.clone().speak(now);
        confirmed.confirmation = Confirmation::NoRecheck;
        confirmed.recheck_by = None;
        return Some((Change::Confirmed, confirmed));
    }
    if alert.show_by.is_some_and(|by| by <= now) {
        let mut unseen = alert.clone();
        unseen.show_by = None;
        unseen.unseen = true;
        return Some((Change::NotShown, unseen));
    }
    if alert
        .snooze
        .as_ref()
        .is_some_and(|quiet| quiet.until <= now)
    {
        return Some((Change::SnoozeEnded, alert.clone().speak(now)));
    }
    passed_on(alert, now)
}

/// The next level of what is still nobody's. One level at a time: after an outage each that is overdue is reached once, in
/// order; the next one's time is set when this one is on the log.
fn passed_on(alert: &Alert, now: Timestamp) -> Option<(Change, Alert)> {
    if !alert.is_unacknowledged() {
        return None;
    }
    if alert.ladder.shift_ends_at.is_some_and(|at| at <= now) {
        let mut left = alert.clone();
        left.ladder.shift_ends_at = None;
        return Some((Change::LeftAtShiftEnd, left));
    }
    if alert.ladder.next_at.is_some_and(|at| at <= now) {
        let mut up = alert.clone();
        up.ladder.level = up.ladder.level.saturating_add(1);
        up.ladder.reached_at = Some(now);
        up.ladder.next_at = None;
        return Some((Change::Escalated, up));
    }
    None
}
