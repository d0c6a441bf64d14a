//! Who may be admitted.

use crate::id::{StayId, WardId};
use crate::stay::{Destination, Phase, Stay};
use crate::time::Timestamp;

/// Why somebody is not admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionRefused {
    /// One stay at a time in an organisation.
    #[error(
        "this patient already has an open stay in this organisation. Possible now: transfer that stay, resume it if it is \
         paused, or end it"
    )]
    OpenStay {
        /// Which.
        stay: StayId,
        /// Where.
        ward: WardId,
    },
    /// The record says that they have died.
    #[error(
        "this patient is recorded as having died at {at}. Possible now: check the record, then readmit and say why it was wrong"
    )]
    HasDied {
        /// When it was recorded.
        at: Timestamp,
    },
    /// There is no stay to come back from.
    #[error("this patient has not been on a ward before. Possible now: refer or admit")]
    NeverHere,
}

/// What a person's stays so far say about another one.
///
/// # Errors
/// [`AdmissionRefused`]. `death_was_wrong`: somebody has checked, and the person is alive.
pub fn may_admit<'a>(
    so_far: impl IntoIterator<Item = &'a Stay>,
    death_was_wrong: bool,
) -> Result<(), AdmissionRefused> {
    let mut died = None;
    for stay in so_far {
        match stay.phase {
            Phase::Active | Phase::Paused { .. } => {
                return Err(AdmissionRefused::OpenStay {
                    stay: stay.id,
                    ward: stay.ward,
                });
            }
            Phase::Ended {
                at,
                destination: Destination::Died,
            } => died = died.max(Some(at)),
            Phase::Ended { .. } => {}
        }
    }
    match died {
        Some(at) if !death_was_wrong => Err(AdmissionRefused::HasDied { at }),
        Some(_) | None => Ok(()),
    }
}

/// The stay that somebody comes back from: the last that ended.
///
/// # Errors
/// As [`may_admit`], and when there was none.
pub fn may_readmit(so_far: &[Stay], death_was_wrong: bool) -> Result<&Stay, AdmissionRefused> {
    may_admit(so_far, death_was_wrong)?;
    so_far
        .iter()
        .max_by_key(|stay| (stay.phase.ended_at(), stay.admitted_at))
        .ok_or(AdmissionRefused::NeverHere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{EIGHT, Ward};
    use crate::time::minutes;

    fn stay(phase: Phase) -> Stay {
        Stay {
            phase,
            ..Ward::new().stay
        }
    }

    fn ended(after: u64, destination: Destination) -> Stay {
        let at = EIGHT.plus(minutes(after));
        stay(Phase::Ended { at, destination })
    }

    #[test]
    fn an_open_stay_keeps_a_second_one_out_and_an_ended_one_does_not() {
        assert!(may_admit(&[], false).is_ok());
        assert!(may_admit(&[ended(1, Destination::Home)], false).is_ok());
        let open = [ended(1, Destination::Home), stay(Phase::Active)];
        assert!(matches!(
            may_admit(&open, true),
            Err(AdmissionRefused::OpenStay { .. })
        ));
    }

    #[test]
    fn the_dead_are_only_readmitted_by_somebody_who_says_that_the_record_is_wrong() {
        let so_far = [ended(5, Destination::Died), ended(1, Destination::Home)];
        assert!(matches!(
            may_readmit(&so_far, false),
            Err(AdmissionRefused::HasDied { .. })
        ));
        assert_eq!(may_readmit(&so_far, true), Ok(&so_far[0]));
        assert_eq!(may_readmit(&[], false), Err(AdmissionRefused::NeverHere));
    }
}
