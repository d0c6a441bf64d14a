//! Times and days as staff read and write them, by the ward's clock.

use jiff::civil::{Date, Time};
use jiff::fmt::strtime;
use ward_core::day::Zone;
use ward_core::time::Timestamp;

use crate::pages::staff::Staff;
use crate::routes::App;

/// The ward's clock, now.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub(super) zone: Zone,
    pub(super) now: Timestamp,
    pub(super) today: Date,
}

impl When {
    pub(super) fn of(app: &App, staff: &Staff) -> Self {
        let (zone, now) = (staff.ward.zone(), app.wards.clock().now());
        let today = zone.day_of(now);
        Self { zone, now, today }
    }

    /// `09:02`, with the day when that is not today.
    pub(super) fn at(&self, at: Timestamp) -> String {
        let local = self.zone.local(at);
        let time = local.strftime("%H:%M").to_string();
        if local.date() == self.today {
            time
        } else {
            format!("{time} on {}", day(local.date()))
        }
    }

    /// `09:02`.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        self.zone.local(at).strftime("%H:%M").to_string()
    }

    /// `20-Nov-2026 09:02`, for lists in which days differ.
    pub(super) fn stamp(&self, at: Timestamp) -> String {
        self.zone
            .local(at)
            .strftime("%d-%b-%Y %H:%M:%S")
            .to_string()
    }

    /// `today`, `yesterday`, or how many days ago.
    pub(super) fn days_ago(&self, day: Date) -> String {
        match Zone::days_between(day, self.today) {
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            days => format!("{days} days ago"),
        }
    }
}

/// `09-Mar-1948`.
pub(super) fn day(day: Date) -> String {
    day.strftime("%d-%b-%Y").to_string()
}

/// A day as somebody types it: `9/3/1948`, `09-Mar-1948` or `1948-03-09`.
pub(super) fn typed_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let slashes = text.replace(['-', '.', ' '], "/");
    ["%Y/%m/%d", "%d/%m/%Y", "%d/%b/%Y", "%d/%B/%Y"]
        .into_iter()
        .find_map(|pattern| {
            let parsed = strtime::parse(pattern, &slashes).ok()?;
            let day = parsed.to_date().ok()?;
            // A year of two figures would be one of the first century.
            (day.year() >= 1_800).then_some(day)
        })
}

/// A time of day as somebody types it: `8:00`, `08.00` or `0800`.
pub(super) fn typed_time(text: &str) -> Option<Time> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let others = text.trim().chars().filter(|c| !c.is_ascii_digit()).count();
    if others > 1 || !(3..=4).contains(&digits.len()) {
        return None;
    }
    let (hour, minute) = digits.split_at(digits.len() - 2);
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_day_may_be_typed_in_any_of_the_usual_ways() {
        for text in [
            "1948-03-09",
            "9/3/1948",
            "09-Mar-1948",
            "9 march 1948",
            " 09.03.1948 ",
        ] {
            assert_eq!(typed_day(text), Some(date(1948, 3, 9)), "{text}");
        }
        for text in ["", "9/3/48", "31/02/1948", "yesterday", "1948"] {
            assert_eq!(typed_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_may_be_typed_with_a_colon_a_dot_or_neither() {
        for text in ["8:00", "08:00", "0800", "800", "08.00"] {
            assert_eq!(typed_time(text), Some(time(8, 0, 0, 0)), "{text}");
        }
        for text in ["", "8", "24:00", "08:60", "8 o'clock", "08:00:00"] {
            assert_eq!(typed_time(text), None, "{text}");
        }
    }
}
