//! A shift on the call list: who comes next, and how far the ward has come today.

use std::time::Duration;

use super::{CallList, Reason, Row};
use crate::contact::{Tries, Why};
use crate::day::Zone;
use crate::id::{ClinicianId, StayId};
use crate::time::{Timestamp, minutes};

/// Who has just been tried is not offered again for so long, while others wait. `[check]`
pub const RESTS_AFTER_A_TRY: Duration = minutes(10);

/// How far the ward has come with its calls today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Reached today, and nothing asks for another call.
    pub done: usize,
    /// Still to be rung.
    pub left: usize,
    /// Of those, with an open red.
    pub red: usize,
    /// Of those, tried today and not reached.
    pub tried: usize,
    /// Of those, somebody is seeing to it.
    pub claimed: usize,
    /// Spoken to since their alert last spoke; the alert is open until a clinician ends it.
    pub spoken_to: usize,
}

impl CallList {
    /// How far the ward has come today.
    #[must_use]
    pub fn progress(&self, now: Timestamp, zone: &Zone) -> Progress {
        let today = zone.day_of(now);
        let is_today = |at: Option<Timestamp>| at.is_some_and(|at| zone.day_of(at) == today);
        let mut progress = Progress::default();
        for row in &self.to_call {
            if !row.waits() {
                progress.spoken_to += 1;
                progress.done += usize::from(is_today(row.reached_at));
                continue;
            }
            progress.left += 1;
            progress.red += usize::from(row.has_open_red());
            progress.tried += usize::from(is_today(row.tries().and_then(|tries| tries.last_at)));
            progress.claimed += usize::from(row.claim.is_some());
        }
        let rest = self.not_due.iter().chain(&self.stopped);
        progress.done += rest.filter(|row| is_today(row.reached_at)).count();
        progress
    }

    /// Whom `by` rings next: what they have claimed already; else the first of the list whom nobody has claimed and who
    /// need not be left alone for a while; else whoever is urgent. Never the one that `by` is just `leaving`. `None` when
    /// nobody is left.
    #[must_use]
    pub fn next_for(
        &self,
        by: ClinicianId,
        leaving: Option<StayId>,
        now: Timestamp,
    ) -> Option<StayId> {
        let others = || self.to_call.iter().filter(|row| Some(row.stay) != leaving);
        let waiting = || others().filter(|row| row.waits());
        let own = waiting().find(|row| row.claim.is_some_and(|claim| claim.by == by));
        let free = || waiting().filter(|row| row.claim.is_none());
        let ready = || free().find(|row| row.rests_until(now).is_none());
        let urgent = || free().find(|row| row.is_urgent());
        own.or_else(ready).or_else(urgent).map(|row| row.stay)
    }
}

impl Row {
    /// Something asks for a call that was not spoken of yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.reasons
            .iter()
            .any(|reason| !reason.was_reached_since())
    }

    /// A red is open.
    #[must_use]
    pub fn has_open_red(&self) -> bool {
        self.reasons.iter().any(|reason| reason.rank() == 0)
    }

    /// An open red, or somebody who asked to be called: not left alone after a try that reached nobody.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        let urgent = |reason: &Reason| reason.rank() <= 1 && !reason.was_reached_since();
        self.reasons.iter().any(urgent)
    }

    /// Until when there is no hurry to ring: shortly after a try; until the patient can be tried at another time; until
    /// the time that was agreed. Nobody has to wait for it.
    #[must_use]
    pub fn rests_until(&self, now: Timestamp) -> Option<Timestamp> {
        let after_a_try = self
            .tries()
            .and_then(|tries| tries.last_at)
            .map(|at| at.plus(RESTS_AFTER_A_TRY));
        let again = self
            .ladder
            .and_then(|ladder| ladder.again_from)
            .filter(|_| !self.is_urgent());
        let still = |at: &Timestamp| *at > now;
        [after_a_try, again, self.agreed_for(now)]
            .into_iter()
            .flatten()
            .filter(still)
            .max()
    }

    /// The time that was agreed, when nothing but that asks for a call.
    fn agreed_for(&self, now: Timestamp) -> Option<Timestamp> {
        let waiting = self.reasons.iter().filter(|it| !it.was_reached_since());
        let due = waiting.map(|reason| match reason {
            Reason::Asked {
                why: Why::NextContact | Why::Visit,
                due,
            } => Some(*due),
            Reason::Asked { .. }
            | Reason::Alert { .. }
            | Reason::CarriedOver { .. }
            | Reason::NewToday
            | Reason::DueToday { .. } => Some(now),
        });
        due.min().flatten()
    }

    fn tries(&self) -> Option<Tries> {
        self.ladder.map(|ladder| ladder.tries)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::alert::{Problem, Severity};
    use crate::contact::Claim;
    use crate::id::{Seq, WardId};
    use crate::ladder::standing;
    use crate::story::{ASHA, BEN, EIGHT};

    fn row(number: u128, reasons: Vec<Reason>) -> Row {
        Row {
            stay: StayId(Uuid::from_u128(number)),
            day: 3,
            reasons,
            reached_at: None,
            ladder: None,
            claim: None,
            claim_is_old: false,
            next_on: None,
            admitted_at: EIGHT,
        }
    }

    fn due() -> Vec<Reason> {
        vec![Reason::DueToday {
            day: 3,
            last: false,
        }]
    }

    fn alert(severity: Severity, reached_since: bool) -> Vec<Reason> {
        vec![Reason::Alert {
            number: Seq(7),
            problem: Problem::Oxygen,
            severity,
            reached_since,
        }]
    }

    fn tried(row: Row, at: Timestamp) -> Row {
        let tries = Tries {
            patient: 1,
            at_different_times: 1,
            first_at: Some(at),
            last_at: Some(at),
            last_patient_at: Some(at),
            ..Tries::default()
        };
        let ladder = standing(&tries, row.has_open_red());
        Row { ladder, ..row }
    }

    fn claimed(row: Row, by: ClinicianId) -> Row {
        let claim = Claim {
            by,
            at: EIGHT,
            ward: WardId(Uuid::nil()),
        };
        Row {
            claim: Some(claim),
            ..row
        }
    }

    fn next(to_call: Vec<Row>, now: Timestamp) -> Option<u128> {
        let list = CallList {
            to_call,
            ..CallList::default()
        };
        list.next_for(ASHA, None, now).map(|stay| stay.0.as_u128())
    }

    #[test]
    fn next_is_what_one_has_claimed_then_the_first_whom_nobody_has() {
        let (one, two, three) = (row(1, due()), row(2, due()), row(3, due()));
        assert_eq!(next(vec![], EIGHT), None);
        assert_eq!(next(vec![one.clone(), two.clone()], EIGHT), Some(1));
        let bens = claimed(one, BEN);
        assert_eq!(next(vec![bens.clone(), two.clone()], EIGHT), Some(2));
        let own = claimed(three, ASHA);
        assert_eq!(next(vec![bens.clone(), two, own], EIGHT), Some(3));
        assert_eq!(next(vec![bens], EIGHT), None);
        let list = CallList {
            to_call: vec![row(1, due()), row(2, due())],
            ..CallList::default()
        };
        let one = StayId(Uuid::from_u128(1));
        let after_one = list.next_for(ASHA, Some(one), EIGHT);
        assert_eq!(after_one, Some(StayId(Uuid::from_u128(2))));
    }

    #[test]
    fn who_was_just_tried_waits_for_another_time_while_others_are_rung() {
        let tried_one = tried(row(1, due()), EIGHT);
        let later = EIGHT.plus(minutes(30));
        assert_eq!(next(vec![tried_one.clone(), row(2, due())], later), Some(2));
        assert_eq!(next(vec![tried_one.clone()], later), None);
        assert_eq!(next(vec![tried_one], EIGHT.plus(minutes(60))), Some(1));
    }

    #[test]
    fn a_red_is_never_left_alone_and_is_gone_up_the_ladder_with() {
        let red = tried(row(1, alert(Severity::Red, false)), EIGHT);
        let soon = EIGHT.plus(minutes(2));
        assert_eq!(next(vec![red.clone(), row(2, due())], soon), Some(2));
        assert_eq!(next(vec![red.clone()], soon), Some(1));
        let then = EIGHT.plus(RESTS_AFTER_A_TRY);
        assert_eq!(next(vec![red, row(2, due())], then), Some(1));
    }

    #[test]
    fn a_time_that_was_agreed_is_waited_for_unless_something_else_asks() {
        let two_hours = EIGHT.plus(minutes(120));
        let agreed = |why| Reason::Asked {
            why,
            due: two_hours,
        };
        let waiting = row(1, vec![agreed(Why::NextContact)]);
        assert_eq!(next(vec![waiting.clone()], EIGHT), None);
        assert_eq!(next(vec![waiting], two_hours), Some(1));
        let both = row(1, [due(), vec![agreed(Why::NextContact)]].concat());
        assert_eq!(next(vec![both], EIGHT), Some(1));
        assert_eq!(
            next(vec![row(1, vec![agreed(Why::CallBack)])], EIGHT),
            Some(1)
        );
    }

    #[test]
    fn progress_counts_everybody_once() {
        let reached = |row: Row| Row {
            reached_at: Some(EIGHT),
            ..row
        };
        let list = CallList {
            to_call: vec![
                row(1, alert(Severity::Red, false)),
                reached(row(2, alert(Severity::Red, true))),
                tried(row(3, due()), EIGHT),
                claimed(row(4, due()), BEN),
            ],
            not_due: vec![reached(row(5, Vec::new())), row(6, Vec::new())],
            paused: vec![row(7, due())],
            stopped: Vec::new(),
        };
        let progress = list.progress(EIGHT.plus(minutes(5)), &Zone::utc());
        let expected = Progress {
            done: 2,
            left: 3,
            red: 1,
            tried: 1,
            claimed: 1,
            spoken_to: 1,
        };
        assert_eq!(progress, expected);
        let tomorrow = list.progress(EIGHT.plus(minutes(24 * 60)), &Zone::utc());
        assert_eq!((tomorrow.done, tomorrow.tried), (0, 0));
    }
}
