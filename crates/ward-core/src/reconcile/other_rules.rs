//! The rules beside the oxygen limits: what they say of the newest word has an alert. They are asked again as they stand, so
//! that one more rule is one more that is looked at.

use std::time::Duration;

use super::{About, Disagreement, Disagrees, EITHER_ORDER, Evidence, Look, was_there};
use crate::alert::{Alert, Change, Problem, State, Subject};
use crate::assess::assess_reading;
use crate::diary::{Said, assess_diary};
use crate::event::WardEvent;
use crate::reading::{Reading, Source};
use crate::stay::Phase;
use crate::time::{Timestamp, minutes, seconds};

/// Readings that came in so close together, in two requests, may have been judged in either order.
const TOGETHER: Duration = seconds(10);

/// The newest reading is held against the other rules while it is no older than this: what is looked at every minute is
/// looked at in time, and what people change about a stay later does not matter.
const FRESH: Duration = minutes(10);

impl Look<'_> {
    /// What the other rules say of the newest reading, asked as they were when it came in.
    pub(super) fn newest_word_of_other_rules(&self) -> Vec<Disagreement> {
        let Evidence {
            stay,
            state,
            history,
            ..
        } = self.evidence;
        let newest = self.evidence.readings.iter();
        let newest = newest.max_by_key(|it| (it.received_at, it.effective_at, it.id));
        let Some(newest) = newest.filter(|it| self.is_as_it_was(it.received_at)) else {
            return Vec::new();
        };
        let came = newest.received_at;
        // Of two that came at nearly one moment it cannot be told which was judged last.
        let close = |it: &&Reading| it.received_at < came && it.received_at > came.minus(TOGETHER);
        if newest.source != Source::Oximeter
            || history.moved_in.contains(&newest.id)
            || self.evidence.readings.iter().any(|it| close(&it))
        {
            return Vec::new();
        }
        let follows = assess_reading(stay, state, &self.open(), newest, came);
        self.unheard(follows, About::of(newest))
    }

    /// What follows from the newest diary entry, asked as it was when it came in.
    pub(super) fn newest_diary(&self) -> Vec<Disagreement> {
        let newest = self.evidence.entries.iter();
        let newest = newest.max_by_key(|it| (it.recorded_at, it.at, it.id));
        let Some(newest) = newest.filter(|it| self.is_as_it_was(it.recorded_at)) else {
            return Vec::new();
        };
        let said = Said {
            at: newest.at,
            symptoms: newest.symptoms.clone(),
            help: None,
        };
        let Evidence { stay, state, .. } = self.evidence;
        let follows = assess_diary(stay, state, &self.open(), &said, newest.recorded_at);
        let about = About {
            record: newest.id.0,
            measured_at: newest.at,
            received_at: newest.recorded_at,
            spo2: None,
        };
        self.unheard(follows, about)
    }

    fn open(&self) -> Vec<Alert> {
        let alerts = self.evidence.alerts.iter();
        alerts.filter(|it| it.is_open()).cloned().collect()
    }

    /// Whether the rules can be asked about something that came in then: it is fresh, and people have changed nothing since.
    fn is_as_it_was(&self, came: Timestamp) -> bool {
        let before = came.minus(EITHER_ORDER);
        let plan_changed = self
            .evidence
            .plans
            .since
            .iter()
            .any(|(at, _)| *at >= before);
        let changed = self
            .evidence
            .history
            .changed_at
            .is_some_and(|at| at >= before);
        // An alert that was open then may have kept another from being raised beside it.
        let ended = self.evidence.alerts.iter().any(|alert| match alert.state {
            State::Resolved { at, .. } => at >= before,
            State::Raised | State::Acknowledged { .. } => false,
        });
        came > self.now.minus(FRESH)
            && !ended
            && self.evidence.stay.phase == Phase::Active
            && !plan_changed
            && !changed
            && !self.evidence.clock_was_wrong
    }

    /// Alerts that would be raised about this stay, of problems that had none when this came in. The oxygen limits are looked
    /// at one by one.
    fn unheard(&self, follows: Vec<WardEvent>, about: About) -> Vec<Disagreement> {
        let subject = Subject::Stay(self.evidence.stay.id);
        let heard = |problem: Problem| {
            let alerts = self.evidence.alerts.iter();
            let mut of_it = alerts.filter(|alert| alert.problem == problem);
            of_it.any(|alert| was_there(alert, about.received_at))
        };
        let exactly = [Problem::Oxygen, Problem::LateLow, Problem::Silence];
        follows
            .into_iter()
            .filter_map(|event| {
                let WardEvent::Alert {
                    change: Change::Raised,
                    alert,
                } = event
                else {
                    return None;
                };
                (alert.subject == subject).then_some(alert.problem)
            })
            .filter(|problem| !exactly.contains(problem) && !heard(*problem))
            .map(|problem| Disagreement {
                what: Disagrees::NoAlert,
                problem,
                about: Some(about),
            })
            .collect()
    }
}
