use std::time::Duration;

use jiff::tz::TimeZone;
use uuid::Uuid;

use super::*;
use crate::clock::Steady;
use crate::line::{LineState, LineTrouble};
use crate::state_file::{Ended, Oximeter};

/// What 80 columns hold.
const LARGE_WIDTH: usize = 13;

/// A winter's morning in London, three weeks after the box was switched on.
fn here(hh_mm: &str) -> Here {
    let at: Timestamp = format!("2026-11-22T{hh_mm}:00Z").parse().unwrap();
    let on: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let ms = u64::try_from(at.as_millisecond() - on.as_millisecond()).unwrap();
    let boot = Uuid::from_u128(7);
    Here {
        now: Moment {
            steady: Steady { boot, ms },
            at,
        },
        zone: TimeZone::get("Europe/London").unwrap(),
        clock: Clock::of_this_machine(),
    }
}

/// As the bridge wrote it a moment before `written`.
fn state(written: &str) -> State {
    let now = here(written).now;
    let mut state = State::new(now.before(Duration::from_secs(7200)), LineState::default());
    state.written = now;
    state.line.answered = Some(now);
    state.bluetooth_works = Some(true);
    state.waiting = Some(0);
    state.last_reading = Some(here("09:02").now);
    state.assigned = 1;
    state.oximeters = vec![Oximeter {
        tail: "4E:5D".to_owned(),
        heard: now,
        battery_percent: Some(60),
    }];
    state
}

fn said(here: &Here, state: Option<&State>) -> String {
    let words = here.words(state);
    assert!(words.large.len() <= 4, "{words:?}");
    for line in &words.large {
        assert!(line.chars().count() <= LARGE_WIDTH, "{line}");
    }
    assert_eq!(words.well, words.advice.is_empty(), "{words:?}");
    words.sentences.join(" ")
}

#[test]
fn a_bridge_that_works_says_so_with_the_last_reading_and_the_battery() {
    assert_eq!(
        said(&here("09:10"), Some(&state("09:10"))),
        "Connected to the ward. Last reading 09:02. Oximeter battery 60 %."
    );
    assert_eq!(
        here("09:10").words(Some(&state("09:10"))).large,
        ["CONNECTED", "LAST READING", "09:02", "BATTERY 60 %"]
    );
}

#[test]
fn without_an_answer_for_three_minutes_it_says_not_connected_since_when_and_what_is_safe() {
    let mut state = state("10:44");
    state.line.answered = Some(here("10:42").now);
    state.line.trouble = Some(LineTrouble {
        since: here("10:43").now,
        kind: TroubleKind::Unreachable,
    });
    state.waiting = Some(14);
    assert!(said(&here("10:44"), Some(&state)).starts_with("Connected"));
    state.written = here("10:45").now;
    let said = said(&here("10:45"), Some(&state));
    assert!(
        said.starts_with(
            "NOT CONNECTED to the ward since 10:42. 14 readings wait here and are safe."
        ),
        "{said}"
    );
    assert_eq!(
        here("10:45").words(Some(&state)).large,
        ["NOT CONNECTED", "SINCE 10:42", "14 KEPT HERE"]
    );
}

#[test]
fn a_bridge_that_asks_nobody_is_not_connected_either() {
    let mut state = state("10:45");
    state.line.answered = Some(here("10:42").now);
    assert!(said(&here("10:45"), Some(&state)).starts_with("NOT CONNECTED"));
    state.line = LineState::default();
    assert!(said(&here("10:45"), Some(&state)).starts_with("NOT CONNECTED"));
    state.started = here("10:44").now;
    assert!(said(&here("10:45"), Some(&state)).starts_with("Starting"));
}

#[test]
fn a_bridge_that_is_not_accepted_is_said_at_once_and_not_blamed_on_the_internet() {
    let mut state = state("10:45");
    state.line.trouble = Some(LineTrouble {
        since: here("10:45").now,
        kind: TroubleKind::NotAccepted,
    });
    let words = here("10:45").words(Some(&state));
    assert!(
        words.sentences[0].contains("does not accept this box"),
        "{words:?}"
    );
    assert!(words.advice[0].contains("new code"), "{words:?}");
}

#[test]
fn a_dead_or_hanging_bridge_is_told_by_the_age_of_its_last_word() {
    let state = state("10:42");
    assert!(said(&here("10:43"), Some(&state)).starts_with("Connected"));
    let said = said(&here("10:44"), Some(&state));
    assert!(
        said.starts_with("THIS BOX DOES NOT WORK since 10:42"),
        "{said}"
    );
}

#[test]
fn a_wall_clock_that_jumps_makes_no_living_bridge_dead_and_moves_no_time() {
    let mut here = here("10:42");
    here.now.at = "2026-11-22T16:42:00Z".parse().unwrap(); // six hours on, in no time
    let said = said(&here, Some(&state("10:42")));
    assert!(
        said.starts_with("Connected to the ward. Last reading 15:02."),
        "{said}"
    );
}

#[test]
fn what_was_written_before_the_box_was_switched_on_is_no_sign_of_life() {
    let mut restarted = here("10:42");
    restarted.now.steady.boot = Uuid::from_u128(8);
    let said = said(&restarted, Some(&state("10:42")));
    assert!(said.contains("has not started"), "{said}");
    assert!(said.contains("Last reading 09:02"), "{said}");
    assert!(super::Here::words(&here("10:42"), None).sentences[0].contains("has not started"));
}

#[test]
fn a_bridge_that_was_stopped_or_that_fails_says_which() {
    let mut state = state("10:42");
    state.ended = Some(Ended { why: None });
    assert!(said(&here("10:50"), Some(&state)).starts_with("SWITCHED OFF since 10:42"));
    let why = Some("this bridge is not enrolled".to_owned());
    state.ended = Some(Ended { why });
    assert!(said(&here("10:42"), Some(&state)).contains("is not enrolled"));
    // Nobody starts it any more.
    assert!(said(&here("10:50"), Some(&state)).contains("since 10:42"));
}

#[test]
fn bluetooth_that_does_not_work_is_said_although_the_ward_is_there() {
    let mut state = state("10:42");
    state.bluetooth_works = Some(false);
    let said = said(&here("10:42"), Some(&state));
    assert!(
        said.starts_with("Connected to the ward. BLUETOOTH DOES NOT WORK"),
        "{said}"
    );
}

#[test]
fn times_are_the_rooms_own_with_the_day_when_it_is_another() {
    let mut here = here("09:10");
    here.zone = TimeZone::get("Asia/Karachi").unwrap();
    let mut state = state("09:10");
    assert!(said(&here, Some(&state)).contains("Last reading 14:02."));
    state.last_reading = Some(here.now.before(Duration::from_secs(24 * 3600)));
    assert!(said(&here, Some(&state)).contains("Last reading yesterday 14:10."));
    state.last_reading = Some(here.now.before(Duration::from_secs(50 * 3600)));
    let said = said(&here, Some(&state));
    assert!(
        said.contains("Last reading Friday 20 November 12:10."),
        "{said}"
    );
}

#[test]
fn of_several_oximeters_the_emptiest_is_named() {
    let mut state = state("09:10");
    state.oximeters.push(Oximeter {
        tail: "00:07".to_owned(),
        heard: state.written,
        battery_percent: Some(8),
    });
    let words = here("09:10").words(Some(&state));
    let said = words.sentences.join(" ");
    assert!(
        said.contains("Lowest oximeter battery 8 % (address ends in 00:07)."),
        "{said}"
    );
    assert!(words.advice[0].contains("new batteries"));
}
