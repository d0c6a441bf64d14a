//! Who is to be on duty when.

use serde::{Deserialize, Serialize};

use crate::duty::Post;
use crate::id::{ClinicianId, RotaId};
use crate::time::{Timestamp, minutes};

/// A turn is no longer than a night and the day after it.
const AT_MOST_HOURS: u64 = 24;

/// A rota is entered for the months to come; a year too far is a slip of the hand.
const AHEAD_AT_MOST_DAYS: u64 = 366;

/// What is over by more than this is history, not rota.
const BEHIND_AT_MOST_DAYS: u64 = 7;

/// A turn of duty as it is planned. Who really came is told by the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Ours.
    pub id: RotaId,
    /// Whose.
    pub clinician: ClinicianId,
    /// As what.
    pub post: Post,
    /// From.
    pub from: Timestamp,
    /// Until, not included.
    pub until: Timestamp,
}

/// Why a turn is not entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TurnRefused {
    /// Turned round.
    #[error("a turn ends after it begins")]
    EndsFirst,
    /// Too long.
    #[error("a turn lasts {AT_MOST_HOURS} hours at most: enter the rest as another turn")]
    TooLong,
    /// Too far away.
    #[error(
        "a turn begins within the last {BEHIND_AT_MOST_DAYS} days or the coming {AHEAD_AT_MOST_DAYS}"
    )]
    TooFar,
    /// One person, one place.
    #[error("this person has a turn in that time already")]
    Overlaps {
        /// Which.
        with: RotaId,
    },
}

impl Turn {
    const fn meets(&self, other: &Self) -> bool {
        self.from.as_millis() < other.until.as_millis()
            && other.from.as_millis() < self.until.as_millis()
    }

    /// The turn, when it can be. `others`: the turns that stand, of anybody.
    ///
    /// # Errors
    /// [`TurnRefused`] says what to change.
    pub fn checked(self, others: &[Self], now: Timestamp) -> Result<Self, TurnRefused> {
        if self.until <= self.from {
            return Err(TurnRefused::EndsFirst);
        }
        if self.until > self.from.plus(minutes(AT_MOST_HOURS * 60)) {
            return Err(TurnRefused::TooLong);
        }
        let days = |count: u64| minutes(count * 24 * 60);
        if self.from < now.minus(days(BEHIND_AT_MOST_DAYS))
            || self.from > now.plus(days(AHEAD_AT_MOST_DAYS))
        {
            return Err(TurnRefused::TooFar);
        }
        let mut theirs = others
            .iter()
            .filter(|other| other.clinician == self.clinician);
        match theirs.find(|other| self.meets(other)) {
            Some(other) => Err(TurnRefused::Overlaps { with: other.id }),
            None => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::story::{ASHA, BEN, EIGHT};

    fn turn(number: u128, clinician: ClinicianId, from_hour: u64, hours: u64) -> Turn {
        let from = EIGHT.plus(minutes(from_hour * 60));
        Turn {
            id: RotaId(Uuid::from_u128(number)),
            clinician,
            post: Post::Clinician,
            from,
            until: from.plus(minutes(hours * 60)),
        }
    }

    #[test]
    fn one_turn_may_follow_another_and_must_not_overlap_it() {
        let first = turn(1, ASHA, 0, 12);
        assert_eq!(
            turn(2, ASHA, 12, 12).checked(&[first], EIGHT),
            Ok(turn(2, ASHA, 12, 12))
        );
        assert_eq!(
            turn(2, ASHA, 11, 2).checked(&[first], EIGHT),
            Err(TurnRefused::Overlaps { with: first.id })
        );
        assert!(turn(2, BEN, 11, 2).checked(&[first], EIGHT).is_ok());
    }

    #[test]
    fn a_turn_has_a_length_and_is_of_these_days() {
        let no_length = turn(1, ASHA, 3, 0).checked(&[], EIGHT);
        assert_eq!(no_length, Err(TurnRefused::EndsFirst));
        let too_long = turn(1, ASHA, 3, 25).checked(&[], EIGHT);
        assert_eq!(too_long, Err(TurnRefused::TooLong));
        assert!(turn(1, ASHA, 3, 24).checked(&[], EIGHT).is_ok());
        let next_century = turn(1, ASHA, 24 * 367, 8).checked(&[], EIGHT);
        assert_eq!(next_century, Err(TurnRefused::TooFar));
        let long_ago = turn(1, ASHA, 0, 8).checked(&[], EIGHT.plus(minutes(8 * 24 * 60)));
        assert_eq!(long_ago, Err(TurnRefused::TooFar));
    }
}
