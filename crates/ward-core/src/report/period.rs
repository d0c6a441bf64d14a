//! From which day to which, by the ward's calendar.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::day::Zone;
use crate::time::Timestamp;

/// Days of one report at most: a year, and the weeks in which it is written.
pub const DAYS_AT_MOST: i64 = 400;

/// Days of a report for which nobody said which.
pub const USUAL_DAYS: i64 = 30;

/// A span of whole days of the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// When the first day begins.
    pub from: Timestamp,
    /// When the last day is over.
    pub until: Timestamp,
}

/// Why a period was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodRefused {
    /// It ends before it begins.
    #[error("the last day is before the first: change one of them")]
    Backwards,
    /// It is too long.
    #[error("a report is of {DAYS_AT_MOST} days at most: ask for fewer")]
    TooLong,
    /// It has not begun.
    #[error("the first day has not come yet: ask from today or earlier")]
    NotYet,
}

impl Period {
    /// The days from `first` to `last`. Without them the last thirty days, today among them.
    ///
    /// # Errors
    /// [`PeriodRefused`] says what to change.
    pub fn of(
        first: Option<Date>,
        last: Option<Date>,
        today: Date,
        zone: &Zone,
    ) -> Result<Self, PeriodRefused> {
        let last = last.unwrap_or(today);
        let first = first.unwrap_or_else(|| last.saturating_sub((USUAL_DAYS - 1).days()));
        if last < first {
            return Err(PeriodRefused::Backwards);
        }
        if Zone::days_between(first, last) >= DAYS_AT_MOST {
            return Err(PeriodRefused::TooLong);
        }
        if first > today {
            return Err(PeriodRefused::NotYet);
        }
        Ok(Self {
            first,
            last,
            from: zone.start_of(first),
            until: zone.start_of(last.saturating_add(1.day())),
        })
    }

    /// Its days, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let last = self.last;
        std::iter::successors(Some(self.first), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= last)
    }

    /// Whether something of `at` is of this period.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// How much of a span lies in this period and is over, in milliseconds.
    pub(super) fn part_of(&self, from: Timestamp, until: Timestamp, now: Timestamp) -> i64 {
        let until = until.min(self.until).min(now);
        until.millis_since(from.max(self.from)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn london() -> Zone {
        Zone::named("Europe/London").unwrap()
    }

    #[test]
    fn without_days_it_is_the_last_thirty() {
        let today = date(2026, 11, 22);
        let period = Period::of(None, None, today, &london()).unwrap();
        assert_eq!((period.first, period.last), (date(2026, 10, 24), today));
        assert_eq!(period.days().count(), 30);
        // Thirty days, and the hour by which the clock was put back.
        assert_eq!(
            period.until.millis_since(period.from),
            (30 * 24 + 1) * 3_600_000
        );
    }

    #[test]
    fn what_cannot_be_a_period_is_refused() {
        let today = date(2026, 11, 22);
        let of = |first, last| Period::of(Some(first), Some(last), today, &london());
        assert_eq!(of(today, date(2026, 11, 21)), Err(PeriodRefused::Backwards));
        assert!(of(date(2025, 10, 19), today).is_ok());
        assert_eq!(of(date(2025, 10, 18), today), Err(PeriodRefused::TooLong));
        let ahead = date(2026, 11, 23);
        assert_eq!(of(ahead, ahead), Err(PeriodRefused::NotYet));
        assert!(of(today, ahead).is_ok());
    }
}
