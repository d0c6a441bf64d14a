//! An alert that somebody passes on by hand: to whoever the next step tells, or to a colleague.

use super::{Alert, State};
use crate::escalation::{ByHand, MOST_LEVELS};
use crate::id::ClinicianId;
use crate::time::Timestamp;

/// Why an alert is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EscalateRefused {
    /// It is over.
    #[error("this alert has already been resolved")]
    AlreadyResolved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// There is no level left.
    #[error("this alert has been passed on as often as it can be: ring the person yourself")]
    NoLevelLeft,
}

/// `by` passes an alert on: to the person named, or to the next level. Whoever has it still has it; what is nobody's stays
/// nobody's, and its timers run on. What a screen has not shown is no reason to refuse: more people are told, not fewer.
///
/// # Errors
/// [`EscalateRefused`].
pub fn escalate(
    alert: &Alert,
    by: ClinicianId,
    to: Option<ClinicianId>,
    note: String,
    now: Timestamp,
) -> Result<Alert, EscalateRefused> {
    if let State::Resolved { by, at, .. } = alert.state {
        return Err(EscalateRefused::AlreadyResolved { by, at });
    }
    if alert.ladder.level >= MOST_LEVELS {
        return Err(EscalateRefused::NoLevelLeft);
    }
    let mut passed = alert.clone();
    if to.is_none() {
        passed.ladder.level += 1;
        passed.ladder.reached_at = Some(now);
        passed.ladder.next_at = None;
    }
    passed.ladder.by_hand = Some(ByHand {
        by,
        at: now,
        to,
        note,
    });
    Ok(passed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{ASHA, BEN, Ward};

    #[test]
    fn whoever_has_it_keeps_it_and_the_next_level_is_reached_once() {
        let ward = Ward::new().reads(91.0).acknowledged();
        let passed = escalate(ward.oxygen(), ASHA, None, "no answer".to_owned(), ward.now).unwrap();
        assert!(passed.is_held_by(ASHA));
        assert_eq!(passed.ladder.level, 1);
        assert_eq!(passed.spoke_seq, ward.oxygen().spoke_seq);
    }

    #[test]
    fn a_colleague_who_is_asked_takes_no_level() {
        let ward = Ward::new().reads(91.0);
        let passed = escalate(ward.oxygen(), ASHA, Some(BEN), String::new(), ward.now).unwrap();
        assert!(passed.is_unacknowledged());
        assert_eq!(passed.ladder.level, ward.oxygen().ladder.level);
        assert_eq!(passed.ladder.by_hand.unwrap().to, Some(BEN));
    }

    #[test]
    fn what_is_over_goes_no_further() {
        let ward = Ward::new().reads(91.0).acknowledged().resolved();
        let refused = escalate(&ward.alerts[0], BEN, None, String::new(), ward.now);
        assert!(matches!(
            refused,
            Err(EscalateRefused::AlreadyResolved { by: ASHA, .. })
        ));
    }
}
