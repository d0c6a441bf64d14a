//! One reading of a day, as it is typed off a sheet.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use ward_core::day::Zone;
use ward_core::hand::Typed;
use ward_core::id::ReadingId;
use ward_core::reading::{Context, ObservationSet};
use ward_service::NewReading;

use crate::pages::form::FormErrors;
use crate::pages::frame::sentence;

/// Rows of one day at most: as many times as a plan may have, and what was measured beside them.
pub(super) const ROWS_AT_MOST: usize = 16;

/// A row as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) time: String,
    pub(super) oxygen: String,
    pub(super) pulse: String,
}

impl Row {
    /// An empty one for a time of the plan, or for any.
    pub(super) fn empty(number: usize, time: Option<Time>) -> Self {
        let time = time.map(|time| time.strftime("%H:%M").to_string());
        Self {
            number,
            time: time.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Those of a form, in their order.
    pub(super) fn all(form: &BTreeMap<String, String>) -> Vec<Self> {
        let field = |name: &str, number: usize| form.get(&format!("{name}-{number}"));
        (1..=ROWS_AT_MOST)
            .filter(|number| field("oxygen", *number).is_some())
            .map(|number| {
                let text = |name| field(name, number).map(|it| it.trim().to_owned());
                Self {
                    number,
                    time: text("time").unwrap_or_default(),
                    oxygen: text("oxygen").unwrap_or_default(),
                    pulse: text("pulse").unwrap_or_default(),
                }
            })
            .collect()
    }

    /// The reading, if the row has one. What is wrong with it is said at its fields.
    pub(super) fn reading(
        &self,
        id: ReadingId,
        zone: &Zone,
        day: Date,
        errors: &mut FormErrors,
    ) -> Option<NewReading> {
        let field = |name: &str| format!("{name}-{}", self.number);
        if self.oxygen.is_empty() {
            if !self.pulse.is_empty() {
                errors.add(field("oxygen"), "Enter the oxygen beside this pulse");
            }
            return None;
        }
        let spo2 = number(&self.oxygen);
        if spo2.is_none() {
            errors.add(field("oxygen"), "Oxygen must be a number, such as 95");
        }
        let pulse = number(&self.pulse);
        if pulse.is_none() && !self.pulse.is_empty() {
            errors.add(
                field("pulse"),
                "Pulse must be a number, such as 82, or left out",
            );
            return None;
        }
        let time = clock_time(&self.time);
        if time.is_none() {
            errors.add(field("time"), "Enter the time as hours and minutes, 08:00");
        }
        let (spo2, time) = (spo2?, time?);
        let typed = Typed { spo2, pulse };
        if let Err(why) = typed.taken() {
            errors.add(field("oxygen"), sentence(&why.to_string()));
            return None;
        }
        Some(NewReading {
            id,
            typed,
            at: Some(zone.at(day, time)),
            context: Context::Rest,
            observations: ObservationSet::default(),
        })
    }
}

/// `95`, `95.5`, `95,5`, `95 %`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim().replace(',', ".");
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number)
}

/// `08:00`, `8.00`, `0800`, `8`.
pub(super) fn clock_time(text: &str) -> Option<Time> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only = |letter: char| letter.is_ascii_digit() || matches!(letter, ':' | '.' | ' ');
    if digits.is_empty() || digits.len() > 4 || !text.chars().all(only) {
        return None;
    }
    let parts: Vec<&str> = text.split([':', '.']).map(str::trim).collect();
    let (hours, minutes) = match parts.as_slice() {
        [hours, minutes] => (*hours, *minutes),
        [_] if digits.len() > 2 => digits.split_at(digits.len() - 2),
        [_] => (digits.as_str(), "0"),
        _ => return None,
    };
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn read(row: &Row) -> (Option<NewReading>, FormErrors) {
        let zone = Zone::named("Europe/London").unwrap();
        let mut errors = FormErrors::default();
        let id = ReadingId(uuid::Uuid::from_u128(1));
        let reading = row.reading(id, &zone, date(2026, 11, 22), &mut errors);
        (reading, errors)
    }

    fn row(time: &str, oxygen: &str, pulse: &str) -> Row {
        Row {
            number: 2,
            time: time.to_owned(),
            oxygen: oxygen.to_owned(),
            pulse: pulse.to_owned(),
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("08:00", Some(time(8, 0, 0, 0))),
            ("8.05", Some(time(8, 5, 0, 0))),
            ("0815", Some(time(8, 15, 0, 0))),
            ("815", Some(time(8, 15, 0, 0))),
            ("20", Some(time(20, 0, 0, 0))),
            ("25:00", None),
            ("8:75", None),
            ("eight", None),
            ("", None),
            ("08:00:00", None),
        ] {
            assert_eq!(clock_time(text), expected, "{text}");
        }
    }

    #[test]
    fn a_row_is_a_reading_or_nothing_or_says_what_is_wrong_with_it() {
        let (reading, errors) = read(&row("08:00", "95 %", "82"));
        let reading = reading.unwrap();
        assert!(errors.is_empty());
        assert_eq!(
            (reading.typed.spo2, reading.typed.pulse),
            (95.0, Some(82.0))
        );
        let (nothing, errors) = read(&row("08:00", "", ""));
        assert!(nothing.is_none() && errors.is_empty());

        for (wrong, field) in [
            (row("08:00", "", "82"), "oxygen-2"),
            (row("08:00", "ninety", "82"), "oxygen-2"),
            (row("08:00", "400", "82"), "oxygen-2"),
            (row("08:00", "95", "fast"), "pulse-2"),
            (row("", "95", "82"), "time-2"),
        ] {
            let (reading, errors) = read(&wrong);
            assert!(reading.is_none() && errors.of(field).is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn an_odd_pair_is_taken_and_asked_about_later() {
        let (reading, errors) = read(&row("08:00", "72", "95"));
        assert!(reading.is_some() && errors.is_empty());
    }
}
