//! Times and nouns as the pages of a patient say them.

use jiff::civil::Date;
use ward_core::day::Zone;
use ward_core::plan::Band;
use ward_core::time::Timestamp;

/// The ward's zone, and what time it is.
#[derive(Clone, Debug)]
pub(super) struct PageClock {
    pub(super) zone: Zone,
    pub(super) now: Timestamp,
}

impl PageClock {
    /// `09:02` today, `Fri 20 Nov 09:02` on another day, with the year where it is another.
    pub(super) fn when(&self, at: Timestamp) -> String {
        let (local, today) = (self.zone.local(at), self.today());
        let form = match local.date() {
            day if day == today => "%H:%M",
            day if day.year() == today.year() => "%a %d %b %H:%M",
            _ => "%d-%b-%Y %H:%M",
        };
        local.strftime(form).to_string()
    }

    /// The same with its day, whatever day it is: for print and for what is copied elsewhere.
    pub(super) fn dated(&self, at: Timestamp) -> String {
        self.zone.local(at).strftime("%d-%b-%Y %H:%M").to_string()
    }

    pub(super) fn today(&self) -> Date {
        self.zone.day_of(self.now)
    }

    /// `12 min ago`, `3 h ago`, `2 days ago`.
    pub(super) fn ago(&self, at: Timestamp) -> String {
        let minutes = self.now.millis_since(at) / 60_000;
        match minutes {
            ..1 => "just now".to_owned(),
            1..120 => format!("{minutes} min ago"),
            120..2880 => format!("{} h ago", minutes / 60),
            _ => format!("{} days ago", minutes / 1440),
        }
    }

    /// For a form's field of date and time.
    pub(super) fn field(&self, at: Timestamp) -> String {
        self.zone.local(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// What such a field says.
    pub(super) fn of_field(&self, text: &str) -> Option<Timestamp> {
        let local: jiff::civil::DateTime = text.trim().parse().ok()?;
        Some(self.zone.at(local.date(), local.time()))
    }
}

/// `09-Mar-1948`.
pub(super) fn on_screen(day: Date) -> String {
    day.strftime("%d-%b-%Y").to_string()
}

/// `in_hospital` becomes `in hospital`.
pub(super) fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// `In hospital`.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// A word of the wire, as a person reads it.
pub(super) fn readable(word: &str) -> String {
    capital(&spaced(word))
}

/// The wire's name of a value that has one.
pub(super) fn wire_name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A band as the board marks it: sign and word, never a colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BandMark {
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) class: &'static str,
}

impl BandMark {
    pub(super) const fn of(band: Band) -> Self {
        let (mark, word, class) = match band {
            Band::Red => ("***", "Red", "red"),
            Band::Amber => ("**", "Amber", "amber"),
            Band::Green => ("", "Green", "green"),
        };
        Self { mark, word, class }
    }
}

/// Who struck something out, when and why, as it stands beside the record.
pub(super) fn struck(
    text: &str,
    clock: &PageClock,
    name: impl Fn(ward_core::id::ClinicianId) -> String,
) -> String {
    let Ok(strike) = serde_json::from_str::<ward_core::correction::Strike>(text) else {
        return "Struck out".to_owned();
    };
    let moved = if strike.moved_to.is_some() {
        "Moved to whom it belongs"
    } else {
        "Struck out"
    };
    let why = match strike.reason.as_str() {
        "" => spaced(strike.code.name()),
        words => format!("{}: {words}", spaced(strike.code.name())),
    };
    format!(
        "{moved} by {}, {} ({why})",
        name(strike.by),
        clock.when(strike.at)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::time::minutes;

    #[test]
    fn a_time_has_its_day_where_it_is_not_today_and_its_year_where_it_is_another() {
        let now = Timestamp::from_millis(1_795_262_400_000);
        let clock = PageClock {
            zone: Zone::utc(),
            now,
        };
        assert_eq!(clock.when(now), "12:00");
        assert_eq!(clock.when(now.minus(minutes(24 * 60))), "Fri 20 Nov 12:00");
        assert_eq!(
            clock.when(now.minus(minutes(400 * 24 * 60))),
            "17-Oct-2025 12:00"
        );
        assert_eq!(clock.of_field(&clock.field(now)), Some(now));
    }

    #[test]
    fn an_age_is_said_in_the_unit_that_fits() {
        let clock = PageClock {
            zone: Zone::utc(),
            now: Timestamp::from_millis(1_795_262_400_000),
        };
        for (minute, said) in [
            (0, "just now"),
            (119, "119 min ago"),
            (120, "2 h ago"),
            (2880, "2 days ago"),
        ] {
            assert_eq!(clock.ago(clock.now.minus(minutes(minute))), said);
        }
    }
}
