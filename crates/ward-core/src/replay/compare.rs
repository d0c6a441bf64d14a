//! Two plans over the same readings: how often each raises what, and which alerts only one of them raises.

use std::collections::BTreeMap;

use super::Raised;
use crate::alert::{Problem, Severity};
use crate::time::Timestamp;

/// How many alerts of each problem and severity.
pub type Tally = BTreeMap<(Problem, Severity), u32>;

/// Counts alerts.
#[must_use]
pub fn tally(raised: &[Raised]) -> Tally {
    let mut counts = Tally::new();
    for alert in raised {
        let count = counts.entry((alert.problem, alert.severity)).or_default();
        *count = u32::saturating_add(*count, 1);
    }
    counts
}

/// An alert that only one of the two plans raises so severely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlyOne {
    /// The alert.
    pub raised: Raised,
    /// What the other plan raises of the same problem meanwhile, which is less severe. `None`: nothing.
    pub instead: Option<Severity>,
}

/// What a change of the plan changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Raised by the proposed plan alone.
    pub new: Vec<OnlyOne>,
    /// Raised by the plan in force alone: they would go.
    pub gone: Vec<OnlyOne>,
}

impl Difference {
    /// Reds that would be raised no longer, or as something less.
    #[must_use]
    pub fn reds_gone(&self) -> usize {
        let gone = self.gone.iter();
        gone.filter(|only| only.raised.severity == Severity::Red)
            .count()
    }
}

/// What a change changes. Both are what came of [`Ends::WhenGreen`](super::Ends::WhenGreen), in the order of time.
///
/// An alert is the other plan's too when that one raises the same problem at least as severely while the alert lasts.
#[must_use]
pub fn compare(in_force: &[Raised], proposed: &[Raised]) -> Difference {
    Difference {
        new: only_in(proposed, in_force),
        gone: only_in(in_force, proposed),
    }
}

fn only_in(these: &[Raised], others: &[Raised]) -> Vec<OnlyOne> {
    let mut only = Vec::new();
    for raised in these {
        let meanwhile = others
            .iter()
            .take_while(|other| other.raised_at <= ends_at(raised))
            .filter(|other| other.problem == raised.problem && ends_at(other) >= raised.raised_at);
        let instead = meanwhile.map(|other| other.severity).max();
        if instead < Some(raised.severity) {
            only.push(OnlyOne {
                raised: raised.clone(),
                instead,
            });
        }
    }
    only
}

fn ends_at(raised: &Raised) -> Timestamp {
    raised
        .cleared_at
        .unwrap_or(Timestamp::from_millis(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(severity: Severity, from: i64, until: Option<i64>) -> Raised {
        Raised {
            problem: Problem::Oxygen,
            severity,
            raised_at: Timestamp::from_millis(from),
            confirmed_at: None,
            cleared_at: until.map(Timestamp::from_millis),
            worst_spo2: None,
            readings: 1,
        }
    }

    #[test]
    fn a_red_that_goes_or_becomes_less_is_gone_and_one_that_begins_earlier_is_not() {
        let in_force = [
            alert(Severity::Red, 10, Some(20)),
            alert(Severity::Red, 30, Some(40)),
            alert(Severity::Red, 50, Some(60)),
            alert(Severity::Amber, 70, None),
        ];
        let proposed = [
            alert(Severity::Red, 5, Some(20)),
            alert(Severity::Amber, 31, Some(40)),
            alert(Severity::Red, 70, None),
        ];
        let difference = compare(&in_force, &proposed);
        let told = |only: &[OnlyOne]| -> Vec<(i64, Option<Severity>)> {
            let only = only.iter();
            only.map(|it| (it.raised.raised_at.as_millis(), it.instead))
                .collect()
        };
        assert_eq!(
            told(&difference.gone),
            [(30, Some(Severity::Amber)), (50, None)]
        );
        assert_eq!(told(&difference.new), [(70, Some(Severity::Amber))]);
        assert_eq!(difference.reds_gone(), 2);
    }

    #[test]
    fn another_problem_is_no_answer() {
        let pulse = Raised {
            problem: Problem::Pulse,
            ..alert(Severity::Red, 10, None)
        };
        let oxygen = [alert(Severity::Red, 10, None)];
        let difference = compare(&oxygen, std::slice::from_ref(&pulse));
        assert_eq!((difference.new.len(), difference.gone.len()), (1, 1));
        assert_eq!(compare(&oxygen, &oxygen), Difference::default());
        assert_eq!(
            tally(&oxygen),
            Tally::from([((Problem::Oxygen, Severity::Red), 1)])
        );
    }
}
