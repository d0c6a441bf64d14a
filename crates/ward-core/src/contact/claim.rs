//! Two handlers never ring the same person: whoever is about to ring claims the row, visibly. A claim does not run out
//! by itself, because a call may take long; an old one is said to be old, and any claim can be taken over, visibly too.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::state::ContactState;
use crate::id::{ClinicianId, WardId};
use crate::time::{Timestamp, minutes};

/// A claim of longer than this is said to be old.
pub const OLD_CLAIM_AFTER: Duration = minutes(30);

/// Somebody is seeing to this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: ClinicianId,
    /// Since when.
    pub at: Timestamp,
    /// On which ward: when the patient changes wards, the claim stays behind.
    pub ward: WardId,
}

impl Claim {
    /// Held so long that whoever holds it may have forgotten. A claim of the future was made by a clock that ran ahead.
    #[must_use]
    pub fn is_old(&self, now: Timestamp) -> bool {
        self.at > now.plus(crate::time::CLOCK_STEP) || self.at.plus(OLD_CLAIM_AFTER) <= now
    }
}

/// A claim as it stood on somebody's screen: what they take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it was.
    pub by: ClinicianId,
    /// Since when.
    pub at: Timestamp,
}

/// A claim that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Now, and from whom it was taken over, if from anybody.
    Now {
        /// As it is after.
        state: Box<ContactState>,
        /// Who had it.
        from: Option<ClinicianId>,
    },
    /// The same person had it already; the first time stands.
    Already {
        /// Since when.
        at: Timestamp,
    },
}

/// Why a row was not claimed or not let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefused {
    /// A colleague is seeing to it.
    #[error("a colleague has this call{}: choose another row, or take it over", if *.is_old { ", for a long time" } else { "" })]
    HeldBy {
        /// Who.
        by: ClinicianId,
        /// Since when.
        at: Timestamp,
        /// So long that they may have forgotten.
        is_old: bool,
    },
    /// What somebody wants to take over or let go is not there any more.
    #[error("nobody has this call now: claim it")]
    NobodyHasIt,
}

/// Claims the call of a stay on `ward`. `over` is the claim on the screen of somebody who takes it over: of two who take
/// over the same one, the second is told who was first.
///
/// # Errors
/// [`ClaimRefused::HeldBy`] with who has it and since when.
pub fn claim(
    state: &ContactState,
    ward: WardId,
    by: ClinicianId,
    over: Option<Ticket>,
    now: Timestamp,
) -> Result<Claimed, ClaimRefused> {
    let held = state.claim_on(ward);
    match held {
        Some(held) if held.by == by => return Ok(Claimed::Already { at: held.at }),
        Some(held) if over != Some(held.ticket()) => return Err(held.refusal(now)),
        Some(_) | None => {}
    }
    let mut state = state.clone();
    state.claim = Some(Claim { by, at: now, ward });
    Ok(Claimed::Now {
        state: Box::new(state),
        from: held.map(|held| held.by),
    })
}

/// Lets go of a claim. Only whoever has it can; a colleague takes it over.
///
/// # Errors
/// [`ClaimRefused`].
pub fn release(
    state: &ContactState,
    ward: WardId,
    by: ClinicianId,
    now: Timestamp,
) -> Result<ContactState, ClaimRefused> {
    match state.claim_on(ward) {
        None => Err(ClaimRefused::NobodyHasIt),
        Some(held) if held.by != by => Err(held.refusal(now)),
        Some(_) => Ok(ContactState {
            claim: None,
            ..state.clone()
        }),
    }
}

impl Claim {
    const fn ticket(&self) -> Ticket {
        Ticket {
            by: self.by,
            at: self.at,
        }
    }

    fn refusal(&self, now: Timestamp) -> ClaimRefused {
        ClaimRefused::HeldBy {
            by: self.by,
            at: self.at,
            is_old: self.is_old(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{ASHA, BEN, EIGHT};
    use uuid::Uuid;

    const PEN: WardId = WardId(Uuid::from_u128(1));
    const ACC: WardId = WardId(Uuid::from_u128(2));

    fn claimed(
        state: &ContactState,
        by: ClinicianId,
        over: Option<Ticket>,
        now: Timestamp,
    ) -> ContactState {
        match claim(state, PEN, by, over, now).unwrap() {
            Claimed::Now { state, .. } => *state,
            Claimed::Already { .. } => panic!("had it already"),
        }
    }

    #[test]
    fn the_second_is_told_who_has_the_call_and_since_when() {
        let state = claimed(&ContactState::default(), ASHA, None, EIGHT);
        let later = EIGHT.plus(minutes(3));
        let refused = ClaimRefused::HeldBy {
            by: ASHA,
            at: EIGHT,
            is_old: false,
        };
        assert_eq!(claim(&state, PEN, BEN, None, later), Err(refused));
        assert_eq!(release(&state, PEN, BEN, later), Err(refused));
        assert_eq!(
            claim(&state, PEN, ASHA, None, later),
            Ok(Claimed::Already { at: EIGHT })
        );
    }

    #[test]
    fn of_two_who_take_over_the_same_claim_one_does() {
        let state = claimed(&ContactState::default(), ASHA, None, EIGHT);
        let seen = Ticket {
            by: ASHA,
            at: EIGHT,
        };
        let later = EIGHT.plus(minutes(40));
        let cara = ClinicianId(Uuid::from_u128(0xCA));
        let state = claimed(&state, BEN, Some(seen), later);
        assert_eq!(
            claim(&state, PEN, cara, Some(seen), later),
            Err(ClaimRefused::HeldBy {
                by: BEN,
                at: later,
                is_old: false
            })
        );
    }

    #[test]
    fn a_claim_is_old_after_half_an_hour_and_is_still_there() {
        let state = claimed(&ContactState::default(), ASHA, None, EIGHT);
        for (passed, is_old) in [(29, false), (30, true), (60 * 24, true)] {
            let now = EIGHT.plus(minutes(passed));
            assert_eq!(
                claim(&state, PEN, BEN, None, now),
                Err(ClaimRefused::HeldBy {
                    by: ASHA,
                    at: EIGHT,
                    is_old
                })
            );
        }
    }

    #[test]
    fn a_claim_stays_behind_when_the_patient_changes_wards() {
        let state = claimed(&ContactState::default(), ASHA, None, EIGHT);
        assert_eq!(state.claim_on(ACC), None);
        assert!(matches!(
            claim(&state, ACC, BEN, None, EIGHT),
            Ok(Claimed::Now { from: None, .. })
        ));
    }

    #[test]
    fn who_lets_go_leaves_it_to_anybody() {
        let state = claimed(&ContactState::default(), ASHA, None, EIGHT);
        let state = release(&state, PEN, ASHA, EIGHT).unwrap();
        assert_eq!(
            release(&state, PEN, ASHA, EIGHT),
            Err(ClaimRefused::NobodyHasIt)
        );
        assert!(claim(&state, PEN, BEN, None, EIGHT).is_ok());
    }
}
