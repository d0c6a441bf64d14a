//! The way of an alert, tried every minute with a synthetic low reading: from the bridge's post to a console that shows it,
//! and on to the end of the alert. Which stage failed, and what people are told of it.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Change, Problem, Severity, Subject};
use crate::event::WardEvent;
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::Timestamp;

/// So many rounds in a row must fail before people are told: one may meet a restart.
pub const TOLD_AFTER: u32 = 2;

/// Nodes whose paths one alert tells of.
const NODES_AT_MOST: usize = 16;

/// One stage of the way, in the order in which a reading passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The service takes a signed request.
    Posted,
    /// The reading is on the log.
    Stored,
    /// Its alert is on the log.
    AlertRaised,
    /// The console has both from its feed.
    Delivered,
    /// The console's receipt is on record.
    Shown,
    /// The alert is taken.
    Acknowledged,
    /// The alert is ended.
    Resolved,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Posted,
        Self::Stored,
        Self::AlertRaised,
        Self::Delivered,
        Self::Shown,
        Self::Acknowledged,
        Self::Resolved,
    ];

    /// Its name in metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Stored => "stored",
            Self::AlertRaised => "alert_raised",
            Self::Delivered => "delivered",
            Self::Shown => "shown",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }
}

/// How one round of one node went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Every stage, each in time.
    Through,
    /// It did not get past this stage, or not in time.
    Failed(Stage),
}

/// What a node knows of its own rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathWatch {
    failed_in_a_row: u32,
    since: Option<Timestamp>,
}

/// What is to be said on every ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The way is broken here.
    Broken {
        /// At the newest round.
        stage: Stage,
        /// The first round that failed.
        since: Timestamp,
    },
    /// It works.
    Works,
}

impl PathWatch {
    /// After one more round. A verdict is given anew with every round: whether it is news is for the alerts to say, so that
    /// a node that was restarted in between says and clears the same.
    #[must_use]
    pub fn after(self, round: Round, at: Timestamp) -> (Self, Option<Verdict>) {
        match round {
            Round::Through => (Self::default(), Some(Verdict::Works)),
            Round::Failed(stage) => {
                let since = self.since.unwrap_or(at);
                let watch = Self {
                    failed_in_a_row: self.failed_in_a_row.saturating_add(1),
                    since: Some(since),
                };
                let told = watch.failed_in_a_row >= TOLD_AFTER;
                (watch, told.then_some(Verdict::Broken { stage, since }))
            }
        }
    }
}

/// The way of one node, as the alert tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodePath {
    /// Which node: the name that its configuration gives it.
    pub node: String,
    /// Where it broke.
    pub stage: Stage,
    /// The first round that failed.
    pub since: Timestamp,
    /// When it worked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// What follows on a ward from what a node found, given the alert that is open there. A person ends it; that it works
/// again is written on it.
#[must_use]
pub fn assess_path(
    node: &str,
    verdict: Verdict,
    open: Option<&Alert>,
    now: Timestamp,
) -> Option<WardEvent> {
    let known: &[NodePath] = match open.and_then(|alert| alert.detail.as_ref()) {
        Some(Detail::Path { nodes }) => nodes,
        _ => &[],
    };
    let before = known.iter().find(|path| path.node == node);
    let stands = before.filter(|path| path.ended_at.is_none());
    let now_there = match (verdict, stands) {
        (Verdict::Works, None) => return None,
        (Verdict::Works, Some(path)) => NodePath {
            ended_at: Some(now),
            ..path.clone()
        },
        (Verdict::Broken { stage, .. }, Some(path)) if path.stage == stage => return None,
        (Verdict::Broken { stage, since }, stands) => NodePath {
            node: node.to_owned(),
            stage,
            since: stands.map_or(since, |path| path.since),
            ended_at: None,
        },
    };
    let is_new = now_there.ended_at.is_none() && stands.is_none();
    let others = known.iter().filter(|path| path.node != node).cloned();
    let mut nodes: Vec<NodePath> = std::iter::once(now_there).chain(others).collect();
    nodes.truncate(NODES_AT_MOST);
    let detail = Detail::Path { nodes };
    let Some(open) = open else {
        let fault = Fault {
            subject: Subject::Ward,
            cause: Cause::AlertPathBroken,
            severity: Severity::Red,
            spo2: None,
            detail,
        };
        return assess_fault(&fault, None, now);
    };
    let mut alert = open.clone();
    alert.detail = Some(detail);
    // Who has it was told of what was broken then.
    let (change, alert) = if is_new && !open.is_unacknowledged() {
        (Change::SaidAgain, alert.speak(now))
    } else {
        (Change::Continued, alert)
    };
    Some(WardEvent::Alert {
        change,
        alert: Box::new(alert),
    })
}

/// The problem that it is an alert of.
pub const PROBLEM: Problem = Problem::Technical(Cause::AlertPathBroken);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Acknowledged, acknowledge};
    use crate::id::{ClinicianId, Seq};
    use crate::time::minutes;

    const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    fn alert_of(event: Option<WardEvent>, seq: i64) -> (Change, Alert) {
        match event.map(|event| event.stamped(Seq(seq))) {
            Some(WardEvent::Alert { change, alert }) => (change, *alert),
            other => panic!("no alert: {other:?}"),
        }
    }

    fn nodes(alert: &Alert) -> Vec<(String, Stage, bool)> {
        let Some(Detail::Path { nodes }) = &alert.detail else {
            return Vec::new();
        };
        let each = nodes.iter();
        each.map(|it| (it.node.clone(), it.stage, it.ended_at.is_some()))
            .collect()
    }

    #[test]
    fn one_failure_is_a_restart_and_two_in_a_row_are_told() {
        let (watch, said) = PathWatch::default().after(Round::Failed(Stage::Shown), NOON);
        assert_eq!(said, None);
        let later = NOON.plus(minutes(1));
        let broken = Verdict::Broken {
            stage: Stage::Shown,
            since: NOON,
        };
        let (watch, said) = watch.after(Round::Failed(Stage::Shown), later);
        assert_eq!(said, Some(broken));
        let (watch, said) = watch.after(Round::Through, later);
        assert_eq!((watch, said), (PathWatch::default(), Some(Verdict::Works)));
        let (watch, _) = watch.after(Round::Failed(Stage::Posted), later);
        let (_, said) = watch.after(Round::Through, later);
        assert_eq!(said, Some(Verdict::Works));
    }

    #[test]
    fn an_alert_names_the_stage_of_each_node_is_said_once_and_tells_when_it_works_again() {
        let broken = |stage| Verdict::Broken { stage, since: NOON };
        let (change, alert) = alert_of(assess_path("a", broken(Stage::Posted), None, NOON), 1);
        assert_eq!((change, alert.severity), (Change::Raised, Severity::Red));
        assert_eq!(nodes(&alert), [("a".to_owned(), Stage::Posted, false)]);
        assert_eq!(
            assess_path("a", broken(Stage::Posted), Some(&alert), NOON),
            None
        );
        assert_eq!(assess_path("b", Verdict::Works, Some(&alert), NOON), None);

        let other = assess_path("b", broken(Stage::Shown), Some(&alert), NOON);
        let (change, alert) = alert_of(other, 2);
        assert_eq!(change, Change::Continued);
        let again = assess_path("a", Verdict::Works, Some(&alert), NOON);
        let (change, alert) = alert_of(again, 3);
        assert_eq!(change, Change::Continued);
        let both = [("a", Stage::Posted, true), ("b", Stage::Shown, false)];
        assert_eq!(nodes(&alert), both.map(|(a, b, c)| (a.to_owned(), b, c)));
        assert_eq!(assess_path("a", Verdict::Works, Some(&alert), NOON), None);
    }

    #[test]
    fn who_has_it_is_told_anew_when_it_breaks_again() {
        let broken = Verdict::Broken {
            stage: Stage::Stored,
            since: NOON,
        };
        let (_, alert) = alert_of(assess_path("a", broken, None, NOON), 1);
        let who = ClinicianId(uuid::Uuid::from_u128(5));
        let Ok(Acknowledged::Now(taken)) = acknowledge(&alert, who, Seq(1), NOON) else {
            panic!("not taken");
        };
        let (_, works) = alert_of(assess_path("a", Verdict::Works, Some(&taken), NOON), 2);
        assert!(!works.is_unacknowledged());
        let (change, again) = alert_of(assess_path("a", broken, Some(&works), NOON), 3);
        assert_eq!(change, Change::SaidAgain);
        assert!(again.is_unacknowledged());
    }
}
