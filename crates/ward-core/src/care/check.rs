//! Whether a plan of care can be worked by.

use jiff::civil::Time;

use super::{CarePlan, ContactSchedule, Schedule, Unstaffed};
use crate::plan::{MonitoringPlan, Spo2Scale};

/// The longest stay that a plan may foresee, in days.
pub const DAYS_AT_MOST: u16 = 365;

/// Times of day in one schedule at most.
pub const TIMES_AT_MOST: usize = 24;

/// Characters of a reason at most.
pub const REASON_AT_MOST: usize = 2_000;

/// Why a plan of care was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CareRefused {
    /// Times out of order, twice, or too many.
    #[error("the times of the {0} must stand in order, each once, 24 at most")]
    TimesOutOfOrder(&'static str),
    /// One slot begins before the last one ends.
    #[error(
        "the slots of the {which} around {first} and {second} overlap: shorten before_minutes or after_minutes, or move them apart"
    )]
    SlotsOverlap {
        /// Readings or diary.
        which: &'static str,
        /// The earlier time.
        first: Time,
        /// The later one.
        second: Time,
    },
    /// The diary.
    #[error(
        "the diary needs the name of its questionnaire, at most 100 characters, and a version from 1 on"
    )]
    Questionnaire,
    /// Days of contact.
    #[error(
        "contact days must stand in order, each once, from day 1 to the last day of the plan ({0})"
    )]
    ContactDays(u16),
    /// Every so many days.
    #[error("a contact every so many days takes a number from 1 to 30")]
    ContactEvery,
    /// The length.
    #[error("a plan lasts 1 to {DAYS_AT_MOST} days")]
    Days,
    /// The oxygen target.
    #[error("an oxygen target goes from a smaller to a larger whole percent, between 70 and 100")]
    Target,
    /// Scale 2 is for a prescribed target.
    #[error("scale 2 is for a prescribed oxygen target: give the target")]
    ScaleTwoWithoutTarget,
    /// What is prescribed must not be called low.
    #[error(
        "amber_at_or_below ({amber}) must lie below the oxygen target ({from} and over): a value on target is not low"
    )]
    AmberWithinTarget {
        /// The limit.
        amber: u16,
        /// Where the target begins.
        from: u16,
    },
    /// Where a red goes at night.
    #[error("the person on call needs a name (at most 200 characters) and a phone (at most 40)")]
    OnCall,
    /// The reason.
    #[error(
        "a plan needs a reason, {REASON_AT_MOST} characters at most: who reads it in a week must know why it is so"
    )]
    Reason,
}

impl CarePlan {
    /// The plan, if its numbers can be worked by beside these limits. Its author and reason are the
    /// [change](crate::plan_change)'s to look at.
    ///
    /// # Errors
    /// [`CareRefused`] says what to change.
    pub fn checked(self, limits: &MonitoringPlan) -> Result<Self, CareRefused> {
        self.schedule.check("readings")?;
        if let Some(diary) = &self.diary {
            diary.schedule.check("diary")?;
            let named = (1..=100).contains(&diary.questionnaire.trim().chars().count());
            if !named || diary.version == 0 {
                return Err(CareRefused::Questionnaire);
            }
        }
        if !(1..=DAYS_AT_MOST).contains(&self.days) {
            return Err(CareRefused::Days);
        }
        self.contact.check(self.days)?;
        if let Unstaffed::OnCall { name, phone } = &self.unstaffed {
            let fits =
                |text: &str, at_most: usize| (1..=at_most).contains(&text.trim().chars().count());
            if !fits(name, 200) || !fits(phone, 40) {
                return Err(CareRefused::OnCall);
            }
        }
        if self
            .oxygen_target
            .is_some_and(|target| target.from < 70 || target.from >= target.to || target.to > 100)
        {
            return Err(CareRefused::Target);
        }
        match (limits.spo2_scale, self.oxygen_target) {
            (Spo2Scale::Two, None) => Err(CareRefused::ScaleTwoWithoutTarget),
            (Spo2Scale::Two, Some(target)) if limits.amber_at_or_below >= target.from => {
                Err(CareRefused::AmberWithinTarget {
                    amber: limits.amber_at_or_below,
                    from: target.from,
                })
            }
            (Spo2Scale::One | Spo2Scale::Two, _) => Ok(self),
        }
    }
}

impl Schedule {
    fn check(&self, which: &'static str) -> Result<(), CareRefused> {
        let pairs = || self.times.iter().zip(self.times.iter().skip(1));
        if self.times.len() > TIMES_AT_MOST || pairs().any(|(first, second)| first >= second) {
            return Err(CareRefused::TimesOutOfOrder(which));
        }
        let width = i64::from(self.before_minutes) + i64::from(self.after_minutes);
        let overlap = |first: Time, second: Time, days: i64| {
            let apart = minute_of_day(second) - minute_of_day(first) + days * 24 * 60;
            width > apart
        };
        // Around midnight the last slot meets tomorrow's first.
        let round = self.times.last().zip(self.times.first());
        let each = pairs()
            .map(|pair| (pair, 0))
            .chain(round.map(|pair| (pair, 1)));
        for ((first, second), days) in each {
            if overlap(*first, *second, days) {
                let (first, second) = (*first, *second);
                return Err(CareRefused::SlotsOverlap {
                    which,
                    first,
                    second,
                });
            }
        }
        Ok(())
    }
}

fn minute_of_day(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

impl ContactSchedule {
    fn check(&self, days: u16) -> Result<(), CareRefused> {
        match self {
            Self::Daily => Ok(()),
            Self::EveryDays(every) if (1..=30).contains(every) => Ok(()),
            Self::EveryDays(_) => Err(CareRefused::ContactEvery),
            Self::Days(listed) => {
                let within = listed.iter().all(|day| (1..=days).contains(day));
                let in_order = listed.is_sorted_by(|first, second| first < second);
                if within && in_order && !listed.is_empty() {
                    Ok(())
                } else {
                    Err(CareRefused::ContactDays(days))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::care::{DiaryPlan, OxygenTarget};

    fn with(change: impl FnOnce(&mut CarePlan)) -> Result<CarePlan, CareRefused> {
        let mut care = CarePlan::default();
        change(&mut care);
        care.checked(&MonitoringPlan::scale_one())
    }

    #[test]
    fn the_default_can_be_worked_by() {
        assert_eq!(with(|_| {}), Ok(CarePlan::default()));
    }

    #[test]
    fn times_stand_in_order_and_their_slots_do_not_overlap() {
        let eight = time(8, 0, 0, 0);
        let nine = time(9, 0, 0, 0);
        for times in [vec![nine, eight], vec![eight, eight]] {
            let refused = with(|care| care.schedule.times = times).unwrap_err();
            assert_eq!(refused, CareRefused::TimesOutOfOrder("readings"));
        }
        let refused = with(|care| care.schedule.times = vec![eight, nine]).unwrap_err();
        assert!(matches!(refused, CareRefused::SlotsOverlap { .. }));
        let touching = with(|care| {
            care.schedule.times = vec![eight, nine];
            care.schedule.before_minutes = 30;
            care.schedule.after_minutes = 30;
        });
        assert!(touching.is_ok());
        let around_midnight = with(|care| {
            care.schedule.times = vec![time(0, 30, 0, 0), time(23, 0, 0, 0)];
        });
        assert!(matches!(
            around_midnight,
            Err(CareRefused::SlotsOverlap { .. })
        ));
        assert!(with(|care| care.schedule.times.clear()).is_ok());
        assert!(with(|care| care.schedule.before_minutes = 1400).is_err());
    }

    #[test]
    fn contact_days_lie_within_the_plan() {
        for (days, fits) in [
            (vec![2, 5, 7, 10, 12], true),
            (vec![], false),
            (vec![0, 2], false),
            (vec![5, 2], false),
            (vec![2, 2], false),
            (vec![2, 15], false),
        ] {
            let done = with(|care| care.contact = ContactSchedule::Days(days.clone()));
            assert_eq!(done.is_ok(), fits, "{days:?}");
        }
        assert!(with(|care| care.contact = ContactSchedule::EveryDays(0)).is_err());
        assert!(with(|care| care.contact = ContactSchedule::EveryDays(3)).is_ok());
        assert!(with(|care| care.days = 0).is_err());
    }

    #[test]
    fn a_diary_names_its_questionnaire_and_a_night_its_person() {
        let diary = |name: &str, version| DiaryPlan {
            questionnaire: name.to_owned(),
            version,
            schedule: CarePlan::default().schedule,
        };
        assert!(with(|care| care.diary = Some(diary("covid", 1))).is_ok());
        assert!(with(|care| care.diary = Some(diary(" ", 1))).is_err());
        assert!(with(|care| care.diary = Some(diary("covid", 0))).is_err());
        let on_call = |name: &str, phone: &str| Unstaffed::OnCall {
            name: name.to_owned(),
            phone: phone.to_owned(),
        };
        assert!(with(|care| care.unstaffed = on_call("on-call registrar", "01254 555555")).is_ok());
        assert!(with(|care| care.unstaffed = on_call("on-call registrar", " ")).is_err());
    }

    #[test]
    fn scale_two_needs_a_target_that_it_does_not_call_low() {
        let on_two = |target| {
            let care = CarePlan {
                oxygen_target: target,
                ..CarePlan::default()
            };
            care.checked(&MonitoringPlan::target_88_to_92())
        };
        assert_eq!(on_two(None), Err(CareRefused::ScaleTwoWithoutTarget));
        assert!(on_two(Some(OxygenTarget { from: 88, to: 92 })).is_ok());
        assert_eq!(
            on_two(Some(OxygenTarget { from: 87, to: 92 })),
            Err(CareRefused::AmberWithinTarget {
                amber: 87,
                from: 87
            })
        );
        assert_eq!(
            on_two(Some(OxygenTarget { from: 92, to: 88 })),
            Err(CareRefused::Target)
        );
    }
}
