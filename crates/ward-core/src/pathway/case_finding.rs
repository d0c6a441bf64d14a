//! People with a new positive result, reviewed daily: each is accepted, declined with a reason, or deferred.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::listed;
use super::referral::DeclineReason;
use crate::id::{CaseId, ClinicianId, ReferralId, WardId};
use crate::patient::{BirthDate, NhsNumber};
use crate::time::Timestamp;

/// One person on the list of new positive results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Ours.
    pub id: CaseId,
    /// The ward that reviews.
    pub ward: WardId,
    /// When the list was taken in.
    pub imported_at: Timestamp,
    /// Checked.
    pub nhs_number: NhsNumber,
    /// As the list has it.
    pub family_name: String,
    /// As the list has it.
    pub given_name: String,
    /// Day of birth.
    pub birth_date: BirthDate,
    /// As the list has it; may be empty.
    pub phone: String,
    /// As the list has it; may be empty.
    pub address: String,
    /// The day of the positive result.
    pub result_on: Date,
    /// What became of it.
    pub state: State,
}

/// What became of a person on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum State {
    /// Nobody has looked.
    New,
    /// To be looked at again.
    Deferred {
        /// Who said so.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// On this day of the ward.
        until: Date,
        /// Why.
        reason: String,
    },
    /// A referral was made.
    Accepted {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// The referral.
        referral: ReferralId,
    },
    /// Not for this ward.
    Declined {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: DeclineReason,
    },
}

impl State {
    /// Its name in the store and on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Deferred { .. } => "deferred",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
        }
    }

    /// Whether somebody still has to decide.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::New | Self::Deferred { .. } => true,
            Self::Accepted { .. } | Self::Declined { .. } => false,
        }
    }
}

/// What a reviewer decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Review {
    /// A referral is made.
    Accept(ReferralId),
    /// Not for this ward.
    Decline(DeclineReason),
    /// To be looked at again on that day.
    Defer {
        /// A day of the ward after today …
        until: Date,
        /// Why.
        reason: String,
    },
}

/// A deferral by more than this loses the person: the illness has then run most of its course.
pub const DEFER_AT_MOST_DAYS: i32 = 7;

/// Why a review was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefused {
    /// Somebody decided already.
    #[error("{why}. Possible now: {}", listed(&[]))]
    Decided {
        /// What was decided, by whom and when stands in the case.
        why: Decided,
    },
    /// Today or before, or too far ahead.
    #[error("a case can be deferred to a day from {from} to {until}")]
    DeferOutOfRange {
        /// Tomorrow.
        from: Date,
        /// The last day.
        until: Date,
    },
    /// Nobody will know why.
    #[error("say why the case is deferred")]
    NoReason,
}

/// How a case was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Decided {
    /// A referral was made: what is done now is done with the referral.
    #[error("this person was accepted at {at}: act on the referral")]
    Accepted {
        /// When.
        at: Timestamp,
        /// Which.
        referral: ReferralId,
    },
    /// Declined: a referral can be made by hand.
    #[error("this person was declined at {at}: make a referral if that has changed")]
    Declined {
        /// When.
        at: Timestamp,
    },
}

impl Case {
    /// The name as [`Patient::display_name`](crate::patient::Patient::display_name) writes it.
    #[must_use]
    pub fn display_name(&self) -> String {
        format!("{}, {}", self.family_name.to_uppercase(), self.given_name)
    }

    /// This case after a review. `today` is the ward's day.
    ///
    /// # Errors
    /// [`ReviewRefused`].
    pub fn after(
        &self,
        review: &Review,
        by: ClinicianId,
        today: Date,
        at: Timestamp,
    ) -> Result<Self, ReviewRefused> {
        match self.state {
            State::Accepted { at, referral, .. } => {
                let why = Decided::Accepted { at, referral };
                return Err(ReviewRefused::Decided { why });
            }
            State::Declined { at, .. } => {
                let why = Decided::Declined { at };
                return Err(ReviewRefused::Decided { why });
            }
            State::New | State::Deferred { .. } => {}
        }
        let state = match review {
            Review::Accept(referral) => State::Accepted {
                by,
                at,
                referral: *referral,
            },
            Review::Decline(reason) => State::Declined {
                by,
                at,
                reason: *reason,
            },
            Review::Defer { until, reason } => {
                let (from, last) = (days_after(today, 1), days_after(today, DEFER_AT_MOST_DAYS));
                if !(from..=last).contains(until) {
                    return Err(ReviewRefused::DeferOutOfRange { from, until: last });
                }
                if reason.trim().is_empty() {
                    return Err(ReviewRefused::NoReason);
                }
                State::Deferred {
                    by,
                    at,
                    until: *until,
                    reason: reason.clone(),
                }
            }
        };
        Ok(Self {
            state,
            ..self.clone()
        })
    }

    /// Whether it is to be looked at on this day of the ward.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        match self.state {
            State::New => true,
            State::Deferred { until, .. } => until <= today,
            State::Accepted { .. } | State::Declined { .. } => false,
        }
    }

    /// Whole years on this day.
    #[must_use]
    pub fn age_on(&self, today: Date) -> i16 {
        crate::plan_change::age_on(self.birth_date, today)
    }

    /// 65 or over: within the procedure's criteria by age alone (C1396 v1.3). Anybody younger is for a clinician to judge.
    #[must_use]
    pub fn meets_age(&self, today: Date) -> bool {
        self.age_on(today) >= 65
    }
}

fn days_after(day: Date, days: i32) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const ASHA: ClinicianId = ClinicianId(Uuid::from_u128(0xA5));
    const NOW: Timestamp = Timestamp::from_millis(1_795_248_000_000);

    fn case() -> Case {
        Case {
            id: CaseId(Uuid::from_u128(1)),
            ward: WardId(Uuid::from_u128(2)),
            imported_at: NOW,
            nhs_number: "943 476 5919".parse().unwrap(),
            family_name: "Example".to_owned(),
            given_name: "Ada".to_owned(),
            birth_date: "1960-02-29".parse().unwrap(),
            phone: String::new(),
            address: String::new(),
            result_on: date(2026, 11, 20),
            state: State::New,
        }
    }

    const TODAY: Date = date(2026, 11, 21);

    fn defer(until: Date) -> Review {
        Review::Defer {
            until,
            reason: "rings back tomorrow".to_owned(),
        }
    }

    #[test]
    fn a_deferred_case_comes_back_on_its_day_and_not_before() {
        let deferred = case()
            .after(&defer(date(2026, 11, 23)), ASHA, TODAY, NOW)
            .unwrap();
        for (day, due) in [(21, false), (22, false), (23, true), (30, true)] {
            assert_eq!(deferred.is_due(date(2026, 11, day)), due, "{day}");
        }
        let again = deferred.after(&defer(date(2026, 11, 24)), ASHA, date(2026, 11, 23), NOW);
        assert!(again.is_ok());
    }

    #[test]
    fn a_case_is_deferred_to_a_day_of_the_coming_week_and_with_a_reason() {
        for (day, fits) in [
            (20, false),
            (21, false),
            (22, true),
            (28, true),
            (29, false),
        ] {
            let review = defer(date(2026, 11, day));
            let deferred = case().after(&review, ASHA, TODAY, NOW);
            assert_eq!(deferred.is_ok(), fits, "{day}: {deferred:?}");
        }
        let review = Review::Defer {
            until: date(2026, 11, 22),
            reason: " ".to_owned(),
        };
        let refused = case().after(&review, ASHA, TODAY, NOW);
        assert_eq!(refused, Err(ReviewRefused::NoReason));
    }

    #[test]
    fn a_decision_stands_and_whoever_comes_second_is_told_what_it_was() {
        let referral = ReferralId(Uuid::from_u128(7));
        let accepted = case().after(&Review::Accept(referral), ASHA, TODAY, NOW);
        let declined = case().after(
            &Review::Decline(DeclineReason::OutsideCriteria),
            ASHA,
            TODAY,
            NOW,
        );
        for (decided, said) in [
            (accepted.unwrap(), "act on the referral"),
            (declined.unwrap(), "make a referral"),
        ] {
            assert!(!decided.is_due(TODAY) && !decided.state.is_open());
            for review in [
                Review::Accept(referral),
                Review::Decline(DeclineReason::Other),
                defer(date(2026, 11, 22)),
            ] {
                let refused = decided.after(&review, ASHA, TODAY, NOW).unwrap_err();
                assert!(refused.to_string().contains(said), "{refused}");
            }
        }
    }

    #[test]
    fn age_is_in_whole_years_on_a_leap_day_too() {
        for (day, age) in [
            (date(2025, 2, 28), 64),
            (date(2025, 3, 1), 65),
            (date(2028, 2, 28), 67),
            (date(2028, 2, 29), 68),
        ] {
            assert_eq!(case().age_on(day), age, "{day}");
        }
        assert!(!case().meets_age(date(2025, 2, 28)) && case().meets_age(date(2025, 3, 1)));
    }
}
