//! Times in words: when the ward looks, and when something was or will be. Days are the ward's.

use jiff::civil::{Time, Weekday};
use ward_core::day::{StaffedHours, Zone};
use ward_core::time::Timestamp;
use ward_service::Home;
use ward_service::words::when_in;
use ward_text::{Language, args};

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// `08:00`.
pub(crate) fn clock(zone: &Zone, at: Timestamp) -> String {
    zone.local(at).strftime("%H:%M").to_string()
}

fn weekday(language: Language, day: Weekday) -> String {
    language.say(
        "common-weekday",
        &args!["weekday" => day.to_monday_one_offset()],
    )
}

/// `08:00 today`, `08:00 tomorrow`, `08:00 on Monday 23 November`.
pub(crate) fn when(language: Language, home: &Home, at: Timestamp) -> String {
    when_in(language, &home.zone, at, home.now)
}

/// The hours of a week, one line for each run of days that are alike.
pub(crate) fn lines(language: Language, hours: &StaffedHours) -> Vec<String> {
    let mut runs: Vec<(Weekday, Weekday, (Time, Time))> = Vec::new();
    for day in WEEK {
        let Some(open) = hours.on(day) else { continue };
        match runs.last_mut() {
            Some((_, last, alike)) if *alike == open && last.next() == day => *last = day,
            _ => runs.push((day, day, open)),
        }
    }
    if runs.is_empty() {
        return vec![language.say("home-hours-never", &args![])];
    }
    runs.into_iter()
        .map(|(first, last, (from, until))| {
            let all_day = from == Time::midnight() && until == Time::midnight();
            let every_day = first == Weekday::Monday && last == Weekday::Sunday;
            let id = match (every_day, all_day) {
                (true, true) => "home-hours-always",
                (true, false) => "home-hours-every-day",
                (false, true) => "home-hours-all-day",
                (false, false) => "home-hours-days",
            };
            let args = args![
                "days" => days(language, first, last),
                "from" => hour(language, from),
                "until" => hour(language, until),
            ];
            language.say(id, &args)
        })
        .collect()
}

fn days(language: Language, first: Weekday, last: Weekday) -> String {
    if first == last {
        return weekday(language, first);
    }
    let args = args!["from" => weekday(language, first), "to" => weekday(language, last)];
    language.say("common-range", &args)
}

fn hour(language: Language, time: Time) -> String {
    if time == Time::midnight() {
        language.say("home-midnight", &args![])
    } else {
        time.strftime("%H:%M").to_string()
    }
}

/// Whether somebody looks now, and what to do when nobody does.
pub(crate) fn now(language: Language, home: &Home) -> String {
    let watched = home.watched();
    let local = home.zone.local(home.now);
    let until = home.ward.staffed.on(local.date().weekday());
    match (watched.now, until, watched.next) {
        (true, Some((from, until)), _) if from == until => {
            language.say("home-open-always", &args![])
        }
        (true, Some((_, until)), _) => {
            language.say("home-open", &args!["until" => hour(language, until)])
        }
        (true, None, _) => language.say("home-open-always", &args![]),
        (false, _, Some(next)) => {
            language.say("home-closed", &args!["when" => when(language, home, next)])
        }
        (false, _, None) => language.say("home-closed-always", &args![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    /// Without the marks that hold a number together in a line of the other direction.
    fn plain(lines: Vec<String>) -> Vec<String> {
        let bare = |line: String| line.replace(['\u{2068}', '\u{2069}'], "");
        lines.into_iter().map(bare).collect()
    }

    #[test]
    fn hours_are_said_in_as_few_lines_as_they_have_kinds_of_days() {
        let english = |hours: &StaffedHours| plain(lines(Language::English, hours));
        assert_eq!(
            english(&StaffedHours::default()),
            ["Every day, 08:00 to 20:00"]
        );
        assert_eq!(
            english(&StaffedHours::always()),
            ["Every day, at all hours"]
        );
        let mut hours = StaffedHours::default();
        hours.0[5] = Some((time(9, 0, 0, 0), Time::midnight()));
        hours.0[6] = None;
        assert_eq!(
            english(&hours),
            [
                "Monday to Friday, 08:00 to 20:00",
                "Saturday, 09:00 to midnight"
            ]
        );
        assert_eq!(
            english(&StaffedHours([None; 7])),
            ["Nobody looks at readings at set hours."]
        );
    }
}
