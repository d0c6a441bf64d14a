//! An alert that goes from hand to hand: taken over, given to a colleague, given back to the ward.

use super::{Alert, State};
use crate::id::{ClinicianId, Seq};
use crate::time::Timestamp;

/// An assignment that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Theirs from now on: the alert as it is after.
    Now(Box<Alert>),
    /// They had it already; the first time stands.
    Already {
        /// Since when.
        at: Timestamp,
    },
}

/// Why an alert stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignRefused {
    /// Nobody has it. Giving it away unseen would silence it before anybody has looked.
    #[error("nobody has this alert: acknowledge it first")]
    NotAcknowledged,
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

/// `by` gives an alert that somebody has to `to`, or takes it over when that is themselves. Whoever is given it has it at
/// once, so that it is never nobody's, and is asked to say so.
///
/// # Errors
/// [`AssignRefused`].
pub fn assign(
    alert: &Alert,
    by: ClinicianId,
    to: ClinicianId,
    seen: Seq,
    now: Timestamp,
) -> Result<Assigned, AssignRefused> {
    match alert.state {
        State::Resolved { by, at, .. } => Err(AssignRefused::AlreadyResolved { by, at }),
        State::Raised | State::Acknowledged { .. } if seen < alert.spoke_seq => {
            Err(AssignRefused::WorsenedSince {
                spoke_seq: alert.spoke_seq,
            })
        }
        State::Raised => Err(AssignRefused::NotAcknowledged),
        State::Acknowledged {
            by: holder,
            at,
            assigned_by: None,
            ..
        } if holder == to => Ok(Assigned::Already { at }),
        State::Acknowledged { worst, .. } => {
            let mut given = alert.clone();
            given.state = State::Acknowledged {
                by: to,
                at: now,
                worst,
                assigned_by: (to != by).then_some(by),
            };
            Ok(Assigned::Now(Box::new(given)))
        }
    }
}

/// The alert that `by` has and gives back: it is nobody's and speaks again. `None` when they do not have it.
#[must_use]
pub fn let_go(alert: &Alert, by: ClinicianId, now: Timestamp) -> Option<Alert> {
    alert.is_held_by(by).then(|| alert.clone().speak(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Acknowledged, Change, acknowledge};
    use crate::story::{ASHA, BEN, EIGHT, Ward};
    use crate::time::minutes;

    fn assigned(ward: &Ward, by: ClinicianId, to: ClinicianId) -> Alert {
        match assign(ward.oxygen(), by, to, ward.seq, ward.now).unwrap() {
            Assigned::Now(alert) => *alert,
            Assigned::Already { at } => panic!("had it since {at:?}"),
        }
    }

    #[test]
    fn who_is_given_an_alert_has_it_and_says_so_by_acknowledging() {
        let ward = Ward::new().reads(91.0).acknowledged().after(minutes(1));
        let given = assigned(&ward, ASHA, BEN);
        let State::Acknowledged {
            by,
            at,
            assigned_by,
            ..
        } = given.state
        else {
            panic!("{:?}", given.state)
        };
        assert_eq!((by, at, assigned_by), (BEN, ward.now, Some(ASHA)));
        let taken = acknowledge(&given, BEN, ward.seq, ward.now.plus(minutes(1)));
        let Ok(Acknowledged::Now(taken)) = taken else {
            panic!("{taken:?}")
        };
        assert!(taken.is_held_by(BEN));
        assert!(
            matches!(taken.state, State::Acknowledged { at, assigned_by: None, .. } if at == ward.now)
        );
    }

    #[test]
    fn who_takes_over_has_it_without_being_asked_again() {
        let ward = Ward::new().reads(91.0).acknowledged().after(minutes(1));
        let taken = assigned(&ward, BEN, BEN);
        assert!(matches!(
            taken.state,
            State::Acknowledged {
                by: BEN,
                assigned_by: None,
                ..
            }
        ));
        let again = assign(&taken, BEN, BEN, ward.seq, ward.now.plus(minutes(2)));
        assert_eq!(again, Ok(Assigned::Already { at: ward.now }));
    }

    #[test]
    fn what_nobody_has_looked_at_is_not_given_away() {
        let ward = Ward::new().reads(91.0);
        let refused = assign(ward.oxygen(), ASHA, BEN, ward.seq, ward.now);
        assert_eq!(refused, Err(AssignRefused::NotAcknowledged));
    }

    #[test]
    fn what_has_worsened_unseen_or_is_over_changes_no_hands() {
        let ward = Ward::new().reads(94.0).acknowledged();
        let seen = ward.seq;
        let worse = ward.after(minutes(2)).reads(91.0);
        let refused = assign(worse.oxygen(), ASHA, BEN, seen, worse.now);
        assert_eq!(
            refused,
            Err(AssignRefused::WorsenedSince {
                spoke_seq: worse.seq
            })
        );
        let over = Ward::new().reads(91.0).acknowledged().resolved();
        let refused = assign(&over.alerts[0], ASHA, BEN, over.seq, over.now);
        assert_eq!(
            refused,
            Err(AssignRefused::AlreadyResolved {
                by: ASHA,
                at: EIGHT
            })
        );
    }

    #[test]
    fn what_is_given_back_is_nobodys_and_speaks_again() {
        let ward = Ward::new().reads(91.0).acknowledged().after(minutes(1));
        assert_eq!(let_go(ward.oxygen(), BEN, ward.now), None);
        let back = let_go(ward.oxygen(), ASHA, ward.now).unwrap();
        assert!(back.is_unacknowledged() && Change::LetGo.speaks());
        assert_eq!((back.spoke_at, back.shown_at), (ward.now, None));
        // The recheck that was asked for is still awaited.
        assert_eq!(back.recheck_by, ward.oxygen().recheck_by);
    }
}
