//! Values and groups as a person reads them.

use ward_core::report::{By, Unit};

use super::super::when::day;

/// A value with its unit.
pub(super) fn value(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else {
        return "–".to_owned();
    };
    match unit {
        Unit::Count if value.fract() == 0.0 => format!("{value:.0}"),
        Unit::Count => format!("{value:.1}"),
        Unit::Seconds => span(value),
        Unit::Days => format!("{value:.1}"),
        Unit::Percent => format!("{value:.0} %"),
        Unit::PerPatientDay => format!("{value:.2}"),
    }
}

/// `0.4 s`, `2 min 5 s`, `3 h 20 min`, `2 days 4 h`: two parts at most.
fn span(seconds: f64) -> String {
    if seconds < 10.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    let parts = [
        (86_400.0, "days"),
        (3_600.0, "h"),
        (60.0, "min"),
        (1.0, "s"),
    ];
    let mut rest = whole;
    let mut said = Vec::new();
    for (long, name) in parts {
        let many = (rest / long).floor();
        rest -= many * long;
        if many > 0.0 {
            let name = if name == "days" && many < 2.0 {
                "day"
            } else {
                name
            };
            said.push(format!("{many:.0} {name}"));
        } else if !said.is_empty() {
            break;
        }
        if said.len() == 2 {
            break;
        }
    }
    said.join(" ")
}

/// What the first column of a breakdown's table is called.
pub(super) const fn heading(by: By) -> &'static str {
    match by {
        By::Whole => "Ward",
        By::Priority => "Priority",
        By::Problem => "Problem",
        By::Hour => "Hour of the day",
        By::Day => "Day",
        By::Outcome => "Outcome",
        By::AgeBand => "Age",
        By::Language => "Language",
        By::Device => "Oximeter",
        By::Source => "Source of referral",
        By::Direction => "Step up or down",
        By::Destination => "Destination",
        By::Stay => "Stay",
    }
}

/// A group of a breakdown. Names that files have are made readable; what people have typed stays as it is.
pub(super) fn group(by: By, name: &str) -> String {
    match by {
        By::Whole => "Whole ward".to_owned(),
        By::Hour => format!("{name}:00"),
        By::Day => name.parse().map_or_else(|_| name.to_owned(), day),
        By::Device if name == "none" => "No oximeter of the ward".to_owned(),
        By::AgeBand | By::Language | By::Device | By::Stay => name.to_owned(),
        By::Priority | By::Problem | By::Outcome | By::Source | By::Direction | By::Destination => {
            plain(name)
        }
    }
}

fn plain(name: &str) -> String {
    match name {
        "nhs_111" => return "NHS 111".to_owned(),
        "news2" => return "NEWS2".to_owned(),
        _ => {}
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_two_parts_at_most() {
        for (seconds, words) in [
            (0.35, "0.3 s"),
            (45.0, "45 s"),
            (125.0, "2 min 5 s"),
            (3_600.0, "1 h"),
            (12_030.0, "3 h 20 min"),
            (86_401.0, "1 day"),
            (187_200.0, "2 days 4 h"),
        ] {
            assert_eq!(value(Some(seconds), Unit::Seconds), words);
        }
        assert_eq!(value(None, Unit::Seconds), "–");
        assert_eq!(value(Some(33.333), Unit::Percent), "33 %");
    }

    #[test]
    fn names_of_files_are_read_as_words() {
        assert_eq!(group(By::Source, "nhs_111"), "NHS 111");
        assert_eq!(group(By::Problem, "asked_for_help"), "Asked for help");
        assert_eq!(
            group(By::Language, "British Sign Language"),
            "British Sign Language"
        );
        assert_eq!(group(By::Day, "2026-11-22"), "22-Nov-2026");
    }
}
