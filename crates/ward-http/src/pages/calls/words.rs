//! Times, values and reasons of the call list in words.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use ward_core::day::Zone;
use ward_wire::board::{AlertView, Band, PointView, Severity};
use ward_wire::calls::ReasonView;

use crate::pages::words::problem;
use crate::view;

/// What calendar and clock of the ward say, at the time of drawing.
#[derive(Clone, Debug)]
pub(super) struct Times {
    zone: Zone,
    now: ward_core::time::Timestamp,
}

impl Times {
    pub(super) const fn new(zone: Zone, now: ward_core::time::Timestamp) -> Self {
        Self { zone, now }
    }

    pub(super) fn today(&self) -> Date {
        self.zone.day_of(self.now)
    }

    pub(super) fn date(&self, at: Timestamp) -> Date {
        self.zone.day_of(at.into())
    }

    pub(super) fn is_to_come(&self, at: Timestamp) -> bool {
        at > view::time(self.now)
    }

    pub(super) fn is_today(&self, at: Timestamp) -> bool {
        self.date(at) == self.today()
    }

    /// `09:12`, or with its day when that is another.
    pub(super) fn at(&self, at: Timestamp) -> String {
        let local = self.zone.local(at.into());
        let time = local.strftime("%H:%M");
        match self.day(local.date()) {
            day if day == "today" => time.to_string(),
            day => format!("{time} {day}"),
        }
    }

    /// `09:12:03 on 22-Nov-2026`.
    pub(super) fn in_full(&self) -> String {
        let local = self.zone.local(self.now);
        local.strftime("%H:%M:%S on %d-%b-%Y").to_string()
    }

    /// `today`, `yesterday`, `tomorrow`, `Mon 23-Nov`.
    pub(super) fn day(&self, day: Date) -> String {
        match Zone::days_between(self.today(), day) {
            0 => "today".to_owned(),
            -1 => "yesterday".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => day.strftime("%a %d-%b").to_string(),
        }
    }

    /// `just now`, `12 min ago`, `3 h 10 min ago`, `2 days ago`.
    pub(super) fn ago(&self, at: Timestamp) -> String {
        let minutes = view::time(self.now).duration_since(at).as_mins();
        match minutes {
            ..1 => "just now".to_owned(),
            1..60 => format!("{minutes} min ago"),
            60..1440 if minutes % 60 == 0 => format!("{} h ago", minutes / 60),
            60..1440 => format!("{} h {} min ago", minutes / 60, minutes % 60),
            1440..2880 => "1 day ago".to_owned(),
            _ => format!("{} days ago", minutes / 1440),
        }
    }

    /// When the ward's clock shows this time: today, or yesterday where today's has not come yet.
    pub(super) fn last(&self, time: Time) -> Timestamp {
        let today = self.zone.at(self.today(), time);
        let soon = self.now.plus(ward_core::time::minutes(2));
        let yesterday = || self.today().yesterday().unwrap_or(self.today());
        view::time(if today > soon {
            self.zone.at(yesterday(), time)
        } else {
            today
        })
    }

    /// When the ward's clock shows this time, so many days from today.
    pub(super) fn on(&self, days: i64, time: Time) -> Timestamp {
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        let day = self.today().saturating_add(span);
        view::time(self.zone.at(day, time))
    }
}

/// A time of day as people type it: `8:15`, `0815`, `08.15`, `8`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.', ' ']) {
        Some(parts) => parts,
        None if text.len() > 2 => text.split_at_checked(text.len() - 2)?,
        None => (text, "0"),
    };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A value with its age.
pub(super) struct ValueWords {
    pub(super) percent: String,
    pub(super) pulse: String,
    pub(super) level: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) doubtful: bool,
    pub(super) at: String,
    pub(super) ago: String,
}

impl ValueWords {
    pub(super) fn of(point: &PointView, times: &Times) -> Self {
        let (level, mark, word) = of_band(point.band);
        Self {
            percent: point.spo2_percent.to_string(),
            pulse: point
                .pulse_bpm
                .map_or_else(String::new, |pulse| pulse.to_string()),
            level,
            mark,
            word,
            doubtful: point.doubtful,
            at: times.at(point.at),
            ago: times.ago(point.at),
        }
    }
}

/// How low: for the style sheet, its mark and its word.
pub(super) const fn of_band(band: Band) -> (&'static str, &'static str, &'static str) {
    match band {
        Band::Red => ("red", "***", "Red"),
        Band::Amber => ("amber", "**", "Amber"),
        Band::Green => ("green", "", "Green"),
    }
}

/// Why somebody is rung.
pub(super) struct Why {
    pub(super) level: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) text: String,
}

impl Why {
    pub(super) fn of(reason: &ReasonView, alert: Option<&AlertView>, times: &Times) -> Self {
        let (level, mark, word) = match reason.severity {
            Some(Severity::Red) => ("red", "***", "Red"),
            Some(Severity::Amber) => ("amber", "**", "Amber"),
            Some(Severity::Low) => ("low", "*", "Low"),
            None => ("plain", "", ""),
        };
        let text = match alert {
            Some(alert) => of_alert(reason, alert, times),
            None => without_alert(reason, times),
        };
        Self {
            level,
            mark,
            word,
            text,
        }
    }
}

fn of_alert(reason: &ReasonView, alert: &AlertView, times: &Times) -> String {
    let spoken_to = if reason.reached_since {
        ". Spoken to since"
    } else {
        ""
    };
    let detail = alert.detail.as_deref().unwrap_or_default();
    let space = if detail.is_empty() { "" } else { " " };
    format!(
        "{}{spoken_to}. {}, {}.{space}{detail}",
        problem(alert),
        alert.spoken,
        times.ago(alert.spoke_at)
    )
}

fn without_alert(reason: &ReasonView, times: &Times) -> String {
    let due = reason.due.map(|due| times.at(due)).unwrap_or_default();
    match reason.code.as_str() {
        "carried_over" => {
            let since = reason.since.map(|day| times.day(day)).unwrap_or_default();
            format!("Carried over: due since {since}")
        }
        "new_today" => "New today: first call".to_owned(),
        "due_today" => "Due today by the plan".to_owned(),
        "planned_end" => "Last planned day: discharge, or assess again".to_owned(),
        "call_back" => format!("Asked to be rung back, since {due}"),
        "wellbeing" => format!("Low in spirits or alone, since {due}"),
        "next_contact" => format!("Agreed for {due}"),
        "visit" => format!("Visit booked for {due}"),
        "back_home" => format!("Back at home since {due}"),
        "owed_before" => "A call was owed when the plan was changed".to_owned(),
        other => view::detail::in_words(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> Times {
        // 22 November 2026, 09:00 in London.
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        Times::new(Zone::named("Europe/London").unwrap(), now.into())
    }

    #[test]
    fn a_time_stands_with_its_day_when_that_is_not_today() {
        let at = |text: &str| times().at(text.parse().unwrap());
        assert_eq!(at("2026-11-22T08:05:00Z"), "08:05");
        assert_eq!(at("2026-11-21T08:05:00Z"), "08:05 yesterday");
        assert_eq!(at("2026-11-23T14:00:00Z"), "14:00 tomorrow");
        assert_eq!(at("2026-11-18T08:05:00Z"), "08:05 Wed 18-Nov");
    }

    #[test]
    fn ages_are_told_in_the_unit_that_matters() {
        let ago = |text: &str| times().ago(text.parse().unwrap());
        assert_eq!(ago("2026-11-22T09:00:30Z"), "just now");
        assert_eq!(ago("2026-11-22T08:48:00Z"), "12 min ago");
        assert_eq!(ago("2026-11-22T07:00:00Z"), "2 h ago");
        assert_eq!(ago("2026-11-22T05:50:00Z"), "3 h 10 min ago");
        assert_eq!(ago("2026-11-21T05:50:00Z"), "1 day ago");
        assert_eq!(ago("2026-11-19T05:50:00Z"), "3 days ago");
    }

    #[test]
    fn a_time_of_day_is_read_as_people_type_it() {
        for (text, expected) in [
            ("8:15", Some((8, 15))),
            ("0815", Some((8, 15))),
            (" 08.15 ", Some((8, 15))),
            ("815", Some((8, 15))),
            ("8", Some((8, 0))),
            ("25:00", None),
            ("8:75", None),
            ("soon", None),
            ("", None),
            ("é5", None),
        ] {
            let time = time_of_day(text);
            let read = time.map(|time| (time.hour(), time.minute()));
            assert_eq!(read, expected, "{text}");
        }
        let eight = Time::constant(8, 0, 0, 0);
        let ten = Time::constant(22, 0, 0, 0);
        assert_eq!(times().at(times().last(eight)), "08:00");
        assert_eq!(times().at(times().last(ten)), "22:00 yesterday");
        assert_eq!(times().at(times().on(1, ten)), "22:00 tomorrow");
    }
}
