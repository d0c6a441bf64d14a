//! Days and times of day as a ward has them: in its own zone, where a day has 23 or 25 hours twice a year.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A ward's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a time zone: use an IANA name, for example Europe/London")]
pub struct NotAZone(pub String);

impl Zone {
    /// Greenwich time without summer time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone with this IANA name.
    ///
    /// # Errors
    /// [`NotAZone`].
    pub fn named(name: &str) -> Result<Self, NotAZone> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| NotAZone(name.to_owned()))
    }

    /// The zone that needs no tables.
    #[must_use]
    pub const fn greenwich() -> Self {
        Self(TimeZone::UTC)
    }

    /// What calendar and clock on the wall of this ward say.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        let at =
            jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(if at.as_millis() < 0 {
                jiff::Timestamp::MIN
            } else {
                jiff::Timestamp::MAX
            });
        self.0.to_datetime(at)
    }

    /// The day that it is on this ward.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// When the clock on this ward's wall shows `time` on `day`. A time that is left out in March is as much later as
    /// the clock was put forward; of one that comes twice in October the first.
    #[must_use]
    pub fn at(&self, day: Date, time: Time) -> Timestamp {
        let local = day.to_datetime(time);
        self.0
            .to_ambiguous_timestamp(local)
            .compatible()
            .map_or(Timestamp::from_millis(i64::MAX), Timestamp::from)
    }

    /// When `day` begins on this ward.
    #[must_use]
    pub fn start_of(&self, day: Date) -> Timestamp {
        self.at(day, Time::midnight())
    }

    /// How many days `day` lies after `earlier`; negative when before.
    #[must_use]
    pub fn days_between(earlier: Date, day: Date) -> i64 {
        earlier
            .until(day)
            .map_or(0, |span| i64::from(span.get_days()))
    }
}

/// When somebody watches the board, by day of the week. Outside these hours every screen and message says that nobody does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffedHours(
    /// Monday to Sunday: from, and until (not included). Until midnight is written 24 h as `00:00`.
    pub [Option<(Time, Time)>; 7],
);

impl Default for StaffedHours {
    /// 08:00 to 20:00 on seven days, as the COVID virtual ward had it.
    fn default() -> Self {
        Self([Some((Time::constant(8, 0, 0, 0), Time::constant(20, 0, 0, 0))); 7])
    }
}

/// Why staffed hours were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("staffed hours must begin before they end: 08:00 to 20:00, or 08:00 to 00:00 for midnight")]
pub struct HoursOutOfOrder;

impl StaffedHours {
    /// Somebody always watches.
    #[must_use]
    pub const fn always() -> Self {
        Self([Some((Time::midnight(), Time::midnight())); 7])
    }

    /// These hours, if each day's begin before they end.
    ///
    /// # Errors
    /// [`HoursOutOfOrder`].
    pub fn checked(self) -> Result<Self, HoursOutOfOrder> {
        let in_order = |hours: &Option<(Time, Time)>| {
            hours.is_none_or(|(from, until)| until == Time::midnight() || from < until)
        };
        if self.0.iter().all(in_order) {
            Ok(self)
        } else {
            Err(HoursOutOfOrder)
        }
    }

    /// Whether somebody watches at `at`.
    #[must_use]
    pub fn is_staffed(&self, zone: &Zone, at: Timestamp) -> bool {
        let local = zone.local(at);
        let (day, time) = (local.date(), local.time());
        self.on(day.weekday()).is_some_and(|(from, until)| {
            from <= time && (until == Time::midnight() || time < until)
        })
    }

    /// The hours of one day of the week.
    #[must_use]
    pub fn on(&self, day: Weekday) -> Option<(Time, Time)> {
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(place).copied().flatten()
    }

    /// When the present watch ends. `None` when nobody watches at `at`, or somebody always does.
    #[must_use]
    pub fn ends(&self, zone: &Zone, at: Timestamp) -> Option<Timestamp> {
        if !self.is_staffed(zone, at) {
            return None;
        }
        let mut day = zone.day_of(at);
        for _ in 0..8 {
            let (_, until) = self.on(day.weekday())?;
            let next = day.tomorrow().ok()?;
            if until != Time::midnight() {
                let ends = zone.at(day, until);
                return (ends > at).then_some(ends);
            }
            let midnight = zone.start_of(next);
            if !self.is_staffed(zone, midnight) {
                return Some(midnight);
            }
            day = next;
        }
        None
    }

    /// When somebody next watches: `at` itself when somebody does. `None` when nobody ever does.
    #[must_use]
    pub fn next_staffed(&self, zone: &Zone, at: Timestamp) -> Option<Timestamp> {
        if self.is_staffed(zone, at) {
            return Some(at);
        }
        let mut day = zone.day_of(at);
        for _ in 0..8 {
            if let Some((from, _)) = self.on(day.weekday()) {
                let begins = zone.at(day, from);
                if begins > at {
                    return Some(begins);
                }
            }
            day = day.tomorrow().ok()?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn london() -> Zone {
        Zone::named("Europe/London").unwrap()
    }

    fn utc(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn a_day_has_23_hours_in_march_and_25_in_october() {
        for (day, hours) in [
            (date(2026, 3, 28), 24),
            (date(2026, 3, 29), 23),
            (date(2026, 10, 25), 25),
        ] {
            let zone = london();
            let span = zone
                .start_of(day.tomorrow().unwrap())
                .millis_since(zone.start_of(day));
            assert_eq!(span, hours * 3_600_000, "{day}");
        }
    }

    #[test]
    fn a_time_that_is_left_out_comes_later_and_one_that_comes_twice_is_the_first() {
        let zone = london();
        let skipped = zone.at(date(2026, 3, 29), time(1, 30, 0, 0));
        assert_eq!(skipped, utc("2026-03-29T01:30:00Z"));
        let twice = zone.at(date(2026, 10, 25), time(1, 30, 0, 0));
        assert_eq!(twice, utc("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn the_day_is_the_wards_not_greenwichs() {
        let zone = london();
        assert_eq!(zone.day_of(utc("2026-06-30T23:30:00Z")), date(2026, 7, 1));
        assert_eq!(zone.day_of(utc("2026-12-31T23:30:00Z")), date(2026, 12, 31));
        assert!(Zone::named("Europe/Blackburn").is_err());
    }

    #[test]
    fn a_ward_is_staffed_from_eight_to_eight_by_its_own_clock() {
        let (zone, hours) = (london(), StaffedHours::default());
        for (at, staffed) in [
            ("2026-07-01T06:59:59Z", false),
            ("2026-07-01T07:00:00Z", true),
            ("2026-07-01T18:59:59Z", true),
            ("2026-07-01T19:00:00Z", false),
            ("2026-12-01T08:00:00Z", true),
            ("2026-12-01T20:00:00Z", false),
        ] {
            assert_eq!(hours.is_staffed(&zone, utc(at)), staffed, "{at}");
        }
        assert!(StaffedHours::always().is_staffed(&zone, utc("2026-12-01T03:00:00Z")));
    }

    #[test]
    fn the_next_staffed_hour_may_be_days_away_or_never() {
        let zone = london();
        let mut weekdays = StaffedHours::default();
        weekdays.0[5] = None;
        weekdays.0[6] = None;
        // A Friday at nine in the evening; the Monday after.
        assert_eq!(
            weekdays.next_staffed(&zone, utc("2026-12-04T21:00:00Z")),
            Some(utc("2026-12-07T08:00:00Z"))
        );
        let noon = utc("2026-12-04T12:00:00Z");
        assert_eq!(weekdays.next_staffed(&zone, noon), Some(noon));
        assert_eq!(StaffedHours([None; 7]).next_staffed(&zone, noon), None);
    }

    #[test]
    fn a_watch_ends_at_its_hour_or_at_the_midnight_after_which_nobody_comes() {
        let (zone, hours) = (london(), StaffedHours::default());
        let ends = |hours: &StaffedHours, at| hours.ends(&zone, utc(at));
        assert_eq!(
            ends(&hours, "2026-07-01T12:00:00Z"),
            Some(utc("2026-07-01T19:00:00Z"))
        );
        assert_eq!(ends(&hours, "2026-07-01T19:00:00Z"), None);
        assert_eq!(ends(&StaffedHours::always(), "2026-07-01T12:00:00Z"), None);
        let mut weekdays = StaffedHours::always();
        weekdays.0[5] = None;
        weekdays.0[6] = None;
        // Wednesday noon; Friday's midnight, which is Saturday's.
        assert_eq!(
            ends(&weekdays, "2026-12-02T12:00:00Z"),
            Some(utc("2026-12-05T00:00:00Z"))
        );
    }

    #[test]
    fn hours_that_end_before_they_begin_are_refused() {
        let mut hours = StaffedHours::default();
        assert!(hours.clone().checked().is_ok() && StaffedHours::always().checked().is_ok());
        hours.0[0] = Some((time(20, 0, 0, 0), time(8, 0, 0, 0)));
        assert_eq!(hours.checked(), Err(HoursOutOfOrder));
    }
}
