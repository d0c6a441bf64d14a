//! On which days a stay's plan asks for a contact, and since when one is owed.

use jiff::civil::Date;

use crate::care::{CarePlan, ContactSchedule};
use crate::day::Zone;

/// Which day of the stay `day` is: the day of admission is the first.
#[must_use]
pub fn number_of(admitted: Date, day: Date) -> i64 {
    Zone::days_between(admitted, day).saturating_add(1)
}

/// Whether the plan asks for a contact on this day of the stay.
///
/// Always on the first, to begin with, and on the last that was planned: who still has symptoms then is assessed again,
/// and who has none is discharged. A list of days that has run out asks for one every day, because nobody who is still on
/// the ward drops out of its sight.
#[must_use]
pub fn asks_for(care: &CarePlan, number: i64) -> bool {
    let planned = i64::from(care.days);
    if number < 1 {
        return false;
    }
    if number == 1 || number == planned {
        return true;
    }
    match &care.contact {
        ContactSchedule::Daily => true,
        ContactSchedule::Days(days) => {
            let listed = |day: &u16| i64::from(*day) == number;
            let last = days.iter().copied().max().map_or(1, i64::from);
            days.iter().any(listed) || number > planned.max(last)
        }
        ContactSchedule::EveryDays(days) => {
            let every = i64::from((*days).max(1));
            (number - 1) % every == 0
        }
    }
}

/// The first day after `reached`, up to `today`, that the plan asks for a contact on: since then one is owed.
#[must_use]
pub fn owed_since(
    care: &CarePlan,
    admitted: Date,
    reached: Option<Date>,
    today: Date,
) -> Option<Date> {
    let after = reached.and_then(|day| day.tomorrow().ok());
    let mut day = after.map_or(admitted, |after| after.max(admitted));
    while day <= today {
        if asks_for(care, number_of(admitted, day)) {
            return Some(day);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

/// The next day after `today` that the plan asks for a contact on.
#[must_use]
pub fn next_after(care: &CarePlan, admitted: Date, today: Date) -> Option<Date> {
    let mut day = today.tomorrow().ok()?;
    // Every schedule asks again after the planned days; none is longer than this number can say.
    for _ in 0..=u32::from(u16::MAX) {
        if asks_for(care, number_of(admitted, day)) {
            return Some(day);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(contact: ContactSchedule, planned: u16) -> Vec<i64> {
        let care = CarePlan {
            contact,
            days: planned,
            ..CarePlan::default()
        };
        (-2..=20)
            .filter(|number| asks_for(&care, *number))
            .collect()
    }

    #[test]
    fn the_days_of_the_procedure_and_the_first_and_the_last() {
        let listed = ContactSchedule::Days(vec![2, 5, 7, 10, 12]);
        assert_eq!(
            days(listed, 14),
            [1, 2, 5, 7, 10, 12, 14, 15, 16, 17, 18, 19, 20]
        );
        assert_eq!(
            days(ContactSchedule::Daily, 14),
            (1..=20).collect::<Vec<_>>()
        );
        assert_eq!(
            days(ContactSchedule::EveryDays(3), 14),
            [1, 4, 7, 10, 13, 14, 16, 19]
        );
        assert_eq!(
            days(ContactSchedule::EveryDays(0), 14),
            (1..=20).collect::<Vec<_>>()
        );
        assert_eq!(days(ContactSchedule::Days(Vec::new()), 18), [1, 18, 19, 20]);
        assert_eq!(
            days(ContactSchedule::Days(vec![17]), 14),
            [1, 14, 17, 18, 19, 20]
        );
    }

    #[test]
    fn what_is_owed_is_owed_since_the_first_day_after_the_last_that_reached() {
        let care = CarePlan {
            contact: ContactSchedule::Days(vec![2, 5, 7]),
            ..CarePlan::default()
        };
        let day = |number: i8| date(2026, 11, 20 + number);
        for (reached, today, expected) in [
            (None, day(1), Some(day(1))),
            (None, day(4), Some(day(1))),
            (Some(day(1)), day(1), None),
            (Some(day(1)), day(2), Some(day(2))),
            (Some(day(1)), day(6), Some(day(2))),
            (Some(day(3)), day(4), None),
            (Some(day(3)), day(5), Some(day(5))),
            (Some(day(7)), day(6), None),
        ] {
            assert_eq!(
                owed_since(&care, day(1), reached, today),
                expected,
                "{reached:?} {today}"
            );
        }
        assert_eq!(next_after(&care, day(1), day(2)), Some(day(5)));
    }
}
