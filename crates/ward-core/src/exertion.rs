//! The exertion test: one person's saturation at rest, at its lowest on effort, and after a while, kept as one record.
//!
//! Forty steps, or standing up and sitting down for a minute; a fall of three points is a sign. It is begun at 96 % or more at
//! rest only, and stopped when the person feels worse (CEBM Oxford, rapid review of exercise tests for exertional desaturation
//! in COVID-19, 2020).
//!
//! Its three values are three readings of the stay, each with its circumstances. The one at rest and the one after are judged
//! as any other. The lowest is no value at rest: neither the bands, nor a trend, nor a baseline, nor NEWS2 hear of it (hazard
//! H34). It is judged with the value at rest, as a pair, by [`crate::assess::assess_exertion`].

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entry::{Author, Means};
use crate::hand::{HandRefused, Typed, stated_time};
use crate::id::{ClinicianId, ExertionId, ReadingId, StayId};
use crate::patient::{TooLong, fits};
use crate::reading::{CLOCK_TOLERANCE, Oxygen};
use crate::spo2::Spo2;
use crate::time::{Timestamp, minutes};

/// Under this whole percent at rest nobody is to be tested (CEBM, 2020).
pub const REST_AT_LEAST_PERCENT: u16 = 96;

/// Each of the two tests takes about a minute: so long before the lowest was the value at rest.
pub const TAKES: Duration = minutes(1);

/// The recovery is of this long after it at most.
pub const RECOVERY_AT_MOST: Duration = minutes(60);

/// After so many minutes the recovery is looked at.
const RECOVERY_MINUTES: std::ops::RangeInclusive<u16> = 1..=60;

/// Words of why a test was stopped, in characters.
const STOPPED_AT_MOST: usize = 200;

/// Whether somebody with this value at rest may be tested.
#[must_use]
pub const fn may_be_tested(rest: Spo2) -> bool {
    rest.whole_percent() >= REST_AT_LEAST_PERCENT
}

/// What was asked of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Forty steps on the flat.
    FortySteps,
    /// Standing up and sitting down for one minute.
    OneMinuteSitToStand,
}

/// The value after a rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// As typed, percent.
    pub spo2: f64,
    /// So many minutes after the effort.
    pub after_minutes: u16,
}

/// A test as it was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What was asked of the patient.
    pub effort: Effort,
    /// Before, as typed.
    pub rest: Typed,
    /// The lowest during the effort or just after it, as typed.
    pub lowest: Typed,
    /// After a rest, where it was looked at.
    pub recovery: Option<Recovery>,
    /// Why it was stopped before its end.
    pub stopped_early: Option<String>,
    /// What was breathed, where it was said.
    pub oxygen: Option<Oxygen>,
    /// When it ended, as they say; where they do not, the last value is of now.
    pub at: Option<Timestamp>,
}

/// When each of its values was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Before.
    pub rest: Timestamp,
    /// At its end.
    pub lowest: Timestamp,
    /// After.
    pub recovery: Option<Timestamp>,
}

/// A test on record. Its values are those of its readings, which may be asked about, answered or struck out since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExertionTest {
    /// Given by the sender, so that a repeat meets itself.
    pub id: ExertionId,
    /// Whose.
    pub stay: StayId,
    /// As it was told.
    pub told: Told,
    /// When it ended.
    pub at: Timestamp,
    /// Whose words.
    pub author: Author,
    /// How they came to the ward.
    pub means: Means,
    /// The carer who told of it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<String>,
    /// The member of staff who typed it.
    pub typed_by: Option<ClinicianId>,
    /// When it was.
    pub entered_at: Timestamp,
}

/// Which of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Before.
    Rest,
    /// On effort.
    Lowest,
    /// After.
    Recovery,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Lowest => "lowest",
            Self::Recovery => "recovery",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Rest => "at rest",
            Self::Lowest => "lowest",
            Self::Recovery => "after",
        }
    }

    /// The id of this value's reading.
    #[must_use]
    pub fn reading_of(self, test: ExertionId) -> ReadingId {
        ReadingId(Uuid::new_v5(&test.0, self.name().as_bytes()))
    }
}

/// Why a test was not taken, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ExertionRefused {
    /// One of its values cannot be.
    #[error("{}: {why}", .part.in_words())]
    Value {
        /// Which.
        part: Part,
        /// What can.
        why: HandRefused,
    },
    /// Its time cannot be.
    #[error(transparent)]
    Time(HandRefused),
    /// It is of a time to come.
    #[error(
        "the value after {after_minutes} min is still to come: leave it empty, or say when the test ended"
    )]
    RecoveryToCome {
        /// As told.
        after_minutes: u16,
    },
    /// No such time after a test.
    #[error("say after how many minutes, from {} to {}", RECOVERY_MINUTES.start(), RECOVERY_MINUTES.end())]
    RecoveryMinutes,
    /// Who is low at rest is not tested.
    #[error(
        "{rest} % at rest is under {REST_AT_LEAST_PERCENT} %: do not do an exertion test, or stop it. Save what was measured as readings: the value at rest is judged by the plan"
    )]
    RestTooLow {
        /// At rest.
        rest: Spo2,
    },
    /// Hardly anybody's saturation is higher at its lowest.
    #[error(
        "the lowest, {lowest} %, is above the value at rest, {rest} %: are they the wrong way round? Correct them, or say that it is so"
    )]
    LowestAboveRest {
        /// At rest.
        rest: Spo2,
        /// On effort.
        lowest: Spo2,
    },
    /// Too many words.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl Told {
    /// When each value was measured, by the service's clock.
    ///
    /// A stated time in the future is refused, but for what clocks may be apart: nobody tells of a test before it is done.
    ///
    /// # Errors
    /// [`ExertionRefused`].
    pub fn times(&self, admitted_at: Timestamp, now: Timestamp) -> Result<Times, ExertionRefused> {
        let after = match self.recovery {
            Some(recovery) if !RECOVERY_MINUTES.contains(&recovery.after_minutes) => {
                return Err(ExertionRefused::RecoveryMinutes);
            }
            Some(recovery) => Some(recovery.after_minutes),
            None => None,
        };
        let span = |after_minutes: u16| minutes(u64::from(after_minutes));
        // Whoever tells of a recovery and of no time is telling it now.
        let told_at = self.at.or(after.map(|it| now.minus(span(it))));
        let lowest = stated_time(told_at, admitted_at, now).map_err(ExertionRefused::Time)?;
        if told_at.is_some_and(|at| at > now.plus(CLOCK_TOLERANCE)) {
            return Err(ExertionRefused::Time(HandRefused::Future));
        }
        let recovery = match after {
            Some(after_minutes) => {
                let at = lowest.plus(span(after_minutes));
                if at > now.plus(CLOCK_TOLERANCE) {
                    return Err(ExertionRefused::RecoveryToCome { after_minutes });
                }
                Some(at.min(now))
            }
            None => None,
        };
        Ok(Times {
            rest: lowest.minus(TAKES),
            lowest,
            recovery,
        })
    }

    /// Whether it can be taken as told. `is_so`: whoever tells of it was asked about a lowest above the value at rest, and says
    /// that it is so. `as_readings`: it is known not to count as a test, and what was measured is kept all the same.
    ///
    /// # Errors
    /// [`ExertionRefused`], first for what cannot be, then for a person who is not to be tested.
    pub fn checked(&self, is_so: bool, as_readings: bool) -> Result<(), ExertionRefused> {
        let rest = self.value(Part::Rest, self.rest)?;
        let lowest = self.value(Part::Lowest, self.lowest)?;
        if let Some(typed) = self.typed_recovery() {
            self.value(Part::Recovery, typed)?;
        }
        if let Some(why) = &self.stopped_early {
            fits("stopped_early", why, STOPPED_AT_MOST)?;
        }
        if !may_be_tested(rest) && !as_readings {
            return Err(ExertionRefused::RestTooLow { rest });
        }
        if lowest > rest && !is_so {
            return Err(ExertionRefused::LowestAboveRest { rest, lowest });
        }
        Ok(())
    }

    /// The recovery, as a value typed without a pulse.
    #[must_use]
    pub fn typed_recovery(&self) -> Option<Typed> {
        self.recovery.map(|recovery| Typed {
            spo2: recovery.spo2,
            pulse: None,
        })
    }

    fn value(&self, part: Part, typed: Typed) -> Result<Spo2, ExertionRefused> {
        let taken = typed
            .taken()
            .map_err(|why| ExertionRefused::Value { part, why })?;
        Ok(taken.values.spo2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::story::EIGHT;

    fn typed(spo2: f64) -> Typed {
        Typed { spo2, pulse: None }
    }

    fn told(rest: f64, lowest: f64) -> Told {
        Told {
            effort: Effort::FortySteps,
            rest: typed(rest),
            lowest: typed(lowest),
            recovery: None,
            stopped_early: None,
            oxygen: None,
            at: None,
        }
    }

    fn with_recovery(after_minutes: u16, at: Option<Timestamp>) -> Told {
        let recovery = Some(Recovery {
            spo2: 96.0,
            after_minutes,
        });
        Told {
            recovery,
            at,
            ..told(97.0, 93.0)
        }
    }

    #[test]
    fn under_ninety_six_at_rest_nobody_is_tested_and_half_a_point_under_is_under() {
        assert_eq!(told(96.0, 92.0).checked(false, false), Ok(()));
        for rest in [95.9, 95.0, 88.0] {
            let refused = told(rest, 85.0).checked(false, false).unwrap_err();
            assert!(matches!(refused, ExertionRefused::RestTooLow { .. }));
            assert!(refused.to_string().contains("do not do"), "{refused}");
            // What was measured all the same is kept.
            assert_eq!(told(rest, 85.0).checked(false, true), Ok(()));
        }
    }

    #[test]
    fn a_lowest_above_the_rest_is_asked_about_and_taken_when_it_is_so() {
        let odd = told(96.0, 98.0);
        let refused = odd.checked(false, false).unwrap_err();
        assert!(matches!(refused, ExertionRefused::LowestAboveRest { .. }));
        assert_eq!(odd.checked(true, false), Ok(()));
        assert_eq!(told(96.0, 96.0).checked(false, false), Ok(()));
    }

    #[test]
    fn what_cannot_be_is_named_with_its_place() {
        for (told, part) in [
            (told(0.0, 90.0), Part::Rest),
            (told(97.0, 140.0), Part::Lowest),
        ] {
            let refused = told.checked(false, false).unwrap_err();
            assert!(
                matches!(refused, ExertionRefused::Value { part: named, .. } if named == part),
                "{refused}"
            );
        }
        let wordy = Told {
            stopped_early: Some("x".repeat(201)),
            ..told(97.0, 96.0)
        };
        assert!(matches!(
            wordy.checked(false, false),
            Err(ExertionRefused::TooLong(_))
        ));
    }

    #[test]
    fn without_a_time_the_last_value_is_of_now() {
        let now = EIGHT.plus(minutes(600));
        let times = told(97.0, 93.0).times(EIGHT, now).unwrap();
        assert_eq!((times.rest, times.lowest), (now.minus(TAKES), now));
        let times = with_recovery(2, None).times(EIGHT, now).unwrap();
        assert_eq!(times.lowest, now.minus(minutes(2)));
        assert_eq!(times.recovery, Some(now));
    }

    #[test]
    fn nothing_of_the_future_is_taken() {
        let now = EIGHT.plus(minutes(600));
        let ahead = with_recovery(2, Some(now.plus(minutes(3))));
        assert_eq!(
            ahead.times(EIGHT, now),
            Err(ExertionRefused::Time(HandRefused::Future))
        );
        let to_come = with_recovery(10, Some(now.minus(minutes(5))));
        assert_eq!(
            to_come.times(EIGHT, now),
            Err(ExertionRefused::RecoveryToCome { after_minutes: 10 })
        );
        for never in [0, 61] {
            assert_eq!(
                with_recovery(never, None).times(EIGHT, now),
                Err(ExertionRefused::RecoveryMinutes)
            );
        }
        let long_ago = with_recovery(2, Some(EIGHT.minus(minutes(8 * 24 * 60))));
        assert_eq!(
            long_ago.times(EIGHT, now),
            Err(ExertionRefused::Time(HandRefused::BeforeStay))
        );
    }

    proptest! {
        #[test]
        fn rest_comes_before_the_lowest_and_recovery_never_before_it(
            after in prop::option::of(0_u16..70),
            ago in prop::option::of(-10_i64..3000),
        ) {
            let now = EIGHT.plus(minutes(4000));
            let at = ago.map(|ago| Timestamp::from_millis(now.as_millis() - ago * 60_000));
            let told = Told {
                recovery: after.map(|after_minutes| Recovery { spo2: 96.0, after_minutes }),
                at,
                ..told(97.0, 93.0)
            };
            if let Ok(times) = told.times(EIGHT, now) {
                prop_assert!(times.rest < times.lowest && times.lowest <= now);
                prop_assert_eq!(times.recovery.is_some(), after.is_some());
                let recovery = times.recovery.unwrap_or(times.lowest);
                prop_assert!(times.lowest <= recovery && recovery <= now);
            }
        }
    }
}
