//! When somebody watches, in words.

use jiff::civil::Time;
use ward_core::day::StaffedHours;
use ward_text::{Language, args};

/// When somebody watches, as a sentence: `We look at readings Monday to Friday 08:00 to 18:00.`
#[must_use]
pub fn hours_in(language: Language, hours: &StaffedHours) -> String {
    let runs = runs(hours);
    let watched: Vec<_> = runs
        .iter()
        .filter_map(|(first, last, hours)| Some((*first, *last, (*hours)?)))
        .collect();
    match watched.as_slice() {
        [] => language.say("paper-hours-never", &args![]),
        [(1, 7, (from, until))] if from == until => language.say("paper-hours-always", &args![]),
        some => {
            let some: Vec<String> = some
                .iter()
                .map(|(first, last, hours)| one(language, *first, *last, *hours))
                .collect();
            let all = some.join(&language.say("paper-hours-and", &args![]));
            language.say("paper-hours", &args!["hours" => all])
        }
    }
}

/// Whether nobody watches at some hour of the week.
#[must_use]
pub fn somebody_always_watches(hours: &StaffedHours) -> bool {
    let all_day = |hours: &Option<(Time, Time)>| {
        hours.is_some_and(|(from, until)| from == until && from == Time::midnight())
    };
    hours.0.iter().all(all_day)
}

type Hours = Option<(Time, Time)>;

/// Days of the same hours that follow each other: first and last, 1 for Monday.
fn runs(hours: &StaffedHours) -> Vec<(i8, i8, Hours)> {
    let mut runs: Vec<(i8, i8, Hours)> = Vec::new();
    for (day, hours) in (1..).zip(&hours.0) {
        match runs.last_mut() {
            Some((_, last, same)) if same == hours => *last = day,
            _ => runs.push((day, day, *hours)),
        }
    }
    runs
}

fn one(language: Language, first: i8, last: i8, (from, until): (Time, Time)) -> String {
    let weekday = |day: i8| language.say("common-weekday", &args!["weekday" => day]);
    let weekdays = match (first, last) {
        (1, 7) => language.say("paper-hours-every-day", &args![]),
        _ if first == last => weekday(first),
        _ => {
            let (from, to) = (weekday(first), weekday(last));
            language.say("common-range", &args!["from" => from, "to" => to])
        }
    };
    if from == until {
        return language.say("paper-hours-all-day", &args!["weekdays" => weekdays]);
    }
    let until = match until.strftime("%H:%M").to_string() {
        midnight if midnight == "00:00" => "24:00".to_owned(),
        time => time,
    };
    let from = from.strftime("%H:%M").to_string();
    let args = args!["weekdays" => weekdays, "from" => from, "to" => until];
    language.say("paper-hours-one", &args)
}
