use jiff::civil::{Time, time};
use ward_core::day::StaffedHours;
use ward_text::Language;

use super::every_language;
use crate::words::{hours_in, somebody_always_watches};

const DAY: Option<(Time, Time)> = Some((time(8, 0, 0, 0), time(18, 0, 0, 0)));
const LATE: Option<(Time, Time)> = Some((time(12, 0, 0, 0), time(0, 0, 0, 0)));

#[test]
fn hours_are_said_in_as_few_words_as_they_need() {
    for (hours, said) in [
        (
            StaffedHours::default(),
            "We look at readings every day 08:00 to 20:00.",
        ),
        (StaffedHours::always(), "We look at readings at every hour."),
        (
            StaffedHours([DAY, DAY, DAY, DAY, DAY, None, None]),
            "We look at readings Monday to Friday 08:00 to 18:00.",
        ),
        (
            StaffedHours([DAY, DAY, DAY, DAY, DAY, LATE, None]),
            "We look at readings Monday to Friday 08:00 to 18:00, Saturday 12:00 to 24:00.",
        ),
    ] {
        assert_eq!(hours_in(Language::English, &hours), said);
    }
    let never = hours_in(Language::English, &StaffedHours([None; 7]));
    assert!(never.contains("111") && never.contains("999"), "{never}");
}

#[test]
fn the_times_are_the_same_in_every_language() {
    let hours = StaffedHours([DAY, DAY, None, DAY, DAY, LATE, None]);
    assert!(!somebody_always_watches(&hours));
    assert!(somebody_always_watches(&StaffedHours::always()));
    for language in every_language() {
        let said = hours_in(language, &hours);
        assert_eq!(said.matches("08:00").count(), 2, "{said}");
        assert_eq!(said.matches("24:00").count(), 1, "{said}");
    }
}
