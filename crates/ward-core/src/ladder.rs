//! The contact ladder: what is done next for somebody who does not answer, and the evidence for each rung.
//!
//! The patient at different times, then next of kin, then a visit, then a welfare check. "No answer" is never "done": a
//! ladder ends when the patient is reached, or when a senior clinician stops it and says why.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clinician::Role;
use crate::contact::{ContactState, LONGEST_NOTE, Tries};
use crate::time::{Timestamp, minutes};

/// Two tries of the patient count as at different times when they lie so far apart. `[check]`
pub const TRIES_APART: Duration = minutes(60);
/// So many tries at different times, and next of kin are asked. `[check]`
pub const TRIES_OF_PATIENT: u32 = 3;
/// With an open red one try is enough: a person who may be in danger is not waited for. `[check]`
pub const TRIES_WHEN_RED: u32 = 1;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Ring the patient again.
    Patient,
    /// Ask next of kin.
    NextOfKin,
    /// Go there.
    Visit,
    /// Ask police, ambulance or the housing service to look.
    WelfareCheck,
    /// They were asked: find out what they found.
    HearOfWelfareCheck,
}

impl Rung {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::NextOfKin => "next_of_kin",
            Self::Visit => "visit",
            Self::WelfareCheck => "welfare_check",
            Self::HearOfWelfareCheck => "hear_of_welfare_check",
        }
    }
}

/// Where somebody who does not answer stands on the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// What is to be done next.
    pub rung: Rung,
    /// A try of the patient before this time would not be one at another time. Nobody has to wait for it.
    pub again_from: Option<Timestamp>,
    /// What was tried so far.
    pub tries: Tries,
}

/// The ladder after these tries; `None` before the first. A rung is passed when there is evidence that it was stood on,
/// whatever came before it: whoever visits at once has visited.
#[must_use]
pub fn standing(tries: &Tries, red_is_open: bool) -> Option<Ladder> {
    if tries.count() == 0 {
        return None;
    }
    let wanted = if red_is_open {
        TRIES_WHEN_RED
    } else {
        TRIES_OF_PATIENT
    };
    // A number that is another's is not tried three times.
    let patient_was_tried = tries.at_different_times >= wanted || tries.wrong_number;
    let rung = if tries.welfare_checks > 0 {
        Rung::HearOfWelfareCheck
    } else if tries.visits > 0 {
        Rung::WelfareCheck
    } else if tries.next_of_kin > 0 && patient_was_tried {
        Rung::Visit
    } else if patient_was_tried {
        Rung::NextOfKin
    } else {
        Rung::Patient
    };
    let again_from = tries.last_patient_at.map(|at| at.plus(TRIES_APART));
    Some(Ladder {
        rung,
        again_from: again_from.filter(|_| rung == Rung::Patient),
        tries: *tries,
    })
}

/// Why a ladder was not stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopRefused {
    /// Only a senior clinician may.
    #[error(
        "only a senior clinician may stop the contact ladder of somebody who does not answer: ask one, and go on trying until then"
    )]
    NotSenior,
    /// Nobody knows why.
    #[error("reason is missing: say why nobody tries further to reach this person")]
    NoReason,
    /// There is a limit.
    #[error("reason is too long: {LONGEST_NOTE} characters at most")]
    TooLong,
    /// There is nothing to stop.
    #[error(
        "nothing was tried since this person was last reached: a ladder can be stopped after a first attempt"
    )]
    NothingTried,
    /// It was stopped, and nothing was tried since.
    #[error("this ladder has been stopped already, and nothing was tried since")]
    AlreadyStopped {
        /// By whom.
        by: crate::id::ClinicianId,
        /// When.
        at: Timestamp,
    },
}

/// Whether somebody may stop the ladder of this stay. It starts again with the next contact that falls due.
///
/// # Errors
/// [`StopRefused`] says what is missing.
pub fn may_stop(state: &ContactState, role: Role, reason: &str) -> Result<(), StopRefused> {
    if role != Role::SeniorClinician {
        return Err(StopRefused::NotSenior);
    }
    if reason.trim().is_empty() {
        return Err(StopRefused::NoReason);
    }
    if reason.chars().count() > LONGEST_NOTE {
        return Err(StopRefused::TooLong);
    }
    match (state.tries.count(), state.stopped) {
        (0, Some(stopped)) => Err(StopRefused::AlreadyStopped {
            by: stopped.by,
            at: stopped.at,
        }),
        (0, None) => Err(StopRefused::NothingTried),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{ASHA, EIGHT};

    fn tried(at_different_times: u32, next_of_kin: u32, visits: u32, welfare_checks: u32) -> Tries {
        Tries {
            patient: at_different_times,
            at_different_times,
            next_of_kin,
            visits,
            welfare_checks,
            last_patient_at: (at_different_times > 0).then_some(EIGHT),
            ..Tries::default()
        }
    }

    fn rung(tries: Tries, red_is_open: bool) -> Option<Rung> {
        standing(&tries, red_is_open).map(|ladder| ladder.rung)
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung_with_evidence_for_each() {
        for (tries, expected) in [
            (tried(0, 0, 0, 0), None),
            (tried(1, 0, 0, 0), Some(Rung::Patient)),
            (tried(2, 0, 0, 0), Some(Rung::Patient)),
            (tried(3, 0, 0, 0), Some(Rung::NextOfKin)),
            (tried(9, 0, 0, 0), Some(Rung::NextOfKin)),
            (tried(1, 1, 0, 0), Some(Rung::Patient)),
            (tried(3, 1, 0, 0), Some(Rung::Visit)),
            (tried(1, 0, 1, 0), Some(Rung::WelfareCheck)),
            (tried(3, 1, 1, 0), Some(Rung::WelfareCheck)),
            (tried(3, 1, 1, 1), Some(Rung::HearOfWelfareCheck)),
        ] {
            assert_eq!(rung(tries, false), expected, "{tries:?}");
        }
    }

    #[test]
    fn with_an_open_red_one_try_is_enough() {
        assert_eq!(rung(tried(1, 0, 0, 0), true), Some(Rung::NextOfKin));
        assert_eq!(rung(tried(1, 1, 0, 0), true), Some(Rung::Visit));
    }

    #[test]
    fn a_number_that_is_anothers_is_not_tried_three_times() {
        let tries = Tries {
            patient: 1,
            wrong_number: true,
            ..Tries::default()
        };
        assert_eq!(rung(tries, false), Some(Rung::NextOfKin));
    }

    #[test]
    fn the_next_try_counts_as_one_at_another_time_an_hour_later() {
        let ladder = standing(&tried(1, 0, 0, 0), false).unwrap();
        assert_eq!(ladder.again_from, Some(EIGHT.plus(TRIES_APART)));
        let further_up = standing(&tried(3, 0, 0, 0), false).unwrap();
        assert_eq!(further_up.again_from, None);
    }

    #[test]
    fn only_a_senior_clinician_stops_it_with_a_reason_and_after_an_attempt() {
        let tried = ContactState {
            tries: tried(1, 0, 0, 0),
            ..ContactState::default()
        };
        let senior = Role::SeniorClinician;
        for role in [Role::Clinician, Role::CallHandler, Role::WallBoard] {
            assert_eq!(may_stop(&tried, role, "moved"), Err(StopRefused::NotSenior));
        }
        assert_eq!(may_stop(&tried, senior, "  "), Err(StopRefused::NoReason));
        let endless = "a".repeat(LONGEST_NOTE + 1);
        assert_eq!(
            may_stop(&tried, senior, &endless),
            Err(StopRefused::TooLong)
        );
        assert_eq!(may_stop(&tried, senior, "moved"), Ok(()));
        assert_eq!(
            may_stop(&ContactState::default(), senior, "moved"),
            Err(StopRefused::NothingTried)
        );
        let stopped = ContactState {
            stopped: Some(crate::contact::Stopped {
                contact: crate::id::ContactId(uuid::Uuid::nil()),
                at: EIGHT,
                by: ASHA,
            }),
            ..ContactState::default()
        };
        assert_eq!(
            may_stop(&stopped, senior, "moved"),
            Err(StopRefused::AlreadyStopped {
                by: ASHA,
                at: EIGHT
            })
        );
    }
}
