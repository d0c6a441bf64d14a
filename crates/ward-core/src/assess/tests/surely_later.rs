//! Rules 3 and 6 where clocks and the way of a message contradict each other: a low is late, or before a resolution, only
//! when that is beyond doubt.

use crate::alert::Problem;
use crate::plan::Band;
use crate::stay::StayState;
use crate::story::{EIGHT, Ward, value};
use crate::time::{minutes, seconds};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_good_value_that_was_long_on_its_way_does_not_make_the_low_after_it_late() {
    // Measured at 0 s, in at 25 s; the low is of 20 s, in at 26 s.
    Ward::new()
        .after(seconds(25))
        .gets(
            value(97.0)
                .measured_ago(seconds(25))
                .on_its_way(seconds(25)),
        )
        .hears_nothing()
        .after(seconds(1))
        .gets(value(80.0).measured_ago(seconds(6)))
        .hears("oxygen raised: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Red));
}

#[test]
fn a_good_value_that_was_long_on_its_way_does_not_clear_the_low_measured_after_it() {
    Ward::new()
        .gets(value(80.0).measured_ago(seconds(1)))
        .after(seconds(20))
        .gets(
            value(97.0)
                .measured_ago(seconds(40))
                .on_its_way(seconds(39)),
        )
        .hears_nothing()
        .whose(|alert| assert_eq!(alert.condition, Band::Red))
        .after(seconds(30))
        .reads(97.0)
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Green));
}

#[test]
fn a_good_value_of_another_bridge_makes_a_low_late_when_it_is_two_minutes_newer() {
    let low = |ago| value(80.0).measured_ago(ago).by_another_bridge();
    Ward::new()
        .reads(97.0)
        .gets(low(seconds(120)))
        .hears("oxygen raised: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Red));
    Ward::new()
        .reads(97.0)
        .gets(low(seconds(121)))
        .hears("late_low raised: low not_asked");
}

#[test]
fn a_bridge_whose_clock_was_set_back_keeps_no_red_standing_for_ever() {
    Ward::new()
        .gets(
            value(80.0)
                .measured_ago(seconds(1))
                .with_clock_ahead_ms(HOUR_MS),
        )
        .after(minutes(2))
        .reads(97.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Red))
        .after(seconds(1))
        .reads(97.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Green));
}

#[test]
fn a_low_of_unknown_age_is_not_late_behind_a_good_value_that_came_in_before_it() {
    Ward::new()
        .reads(97.0)
        .after(minutes(1))
        .gets(value(80.0).measured_ago(minutes(50)).of_unknown_age())
        .hears("oxygen raised: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Red))
        .after(minutes(2))
        .reads(97.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Red))
        .after(seconds(1))
        .reads(97.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Green));
}

#[test]
fn a_low_of_unknown_age_that_comes_in_after_the_resolution_raises_a_new_alert() {
    let resolved = || {
        Ward::new()
            .reads(91.0)
            .acknowledged()
            .resolved()
            .after(minutes(10))
    };
    resolved()
        .gets(value(80.0).measured_ago(minutes(50)).of_unknown_age())
        .hears("oxygen raised: red unconfirmed");
    resolved()
        .gets(value(80.0).measured_ago(minutes(50)))
        .hears_nothing();
}

#[test]
fn a_good_value_of_unknown_age_silences_no_low_that_comes_in_with_it_or_after_it() {
    Ward::new()
        .gets(value(97.0).of_unknown_age())
        .gets(value(80.0).measured_ago(seconds(30)))
        .hears("oxygen raised: red unconfirmed");
    Ward::new()
        .gets(value(97.0).with_clock_ahead_ms(HOUR_MS).of_unknown_age())
        .gets(value(80.0).measured_ago(seconds(30)))
        .hears("oxygen raised: red unconfirmed");
}

#[test]
fn a_clock_that_was_six_hours_ahead_silences_nobody_once_it_is_mended() {
    let mut ward = Ward::new()
        .after(minutes(6 * 60))
        .reads(91.0)
        .acknowledged()
        .reads(97.0)
        .resolved()
        .after(seconds(5))
        .reads(97.0);
    ward.now = EIGHT.plus(minutes(1));
    ward.gets(value(80.0).measured_ago(seconds(2)))
        .hears("oxygen raised: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Red));
}

#[test]
fn a_state_of_the_future_loses_what_would_silence_and_keeps_what_was_low() {
    let ward = Ward::new()
        .reads(91.0)
        .acknowledged()
        .after(seconds(1))
        .reads(97.0)
        .resolved();
    let now = EIGHT.minus(minutes(1));
    let state = ward.state.as_of(now);
    assert!(state.newest_good.is_empty());
    assert_eq!(
        (state.oxygen_resolved_at, state.last_tried_at),
        (None, None)
    );
    assert_eq!(state.trend, vec![]);
    assert_eq!(state.condition(), Some(Band::Red));
    assert_eq!(state.newest_red.iter().map(|red| red.at).max(), Some(now));
}

#[test]
fn two_seconds_ahead_is_no_future() {
    let ward = Ward::new().reads(91.0).after(seconds(1)).reads(97.0);
    let state = ward.state;
    assert_eq!(state.clone().as_of(EIGHT.minus(seconds(1))), state);
    assert_ne!(state.clone().as_of(EIGHT.minus(seconds(2))), state);
}

#[test]
fn a_state_that_was_stored_when_it_held_one_time_of_each_kind_still_says_the_same() {
    let at = EIGHT.as_millis();
    let old = serde_json::json!({
        "trend": [], "word": {"at": at, "band": "green", "spo2": 970},
        "newest_good_at": at, "newest_red_at": at - 60_000, "newest_amber_at": null,
        "newest_sound_amber_at": null, "oxygen_resolved_at": at - 1000,
        "attempts_in_a_row": 2, "last_tried_at": at,
    });
    let state: StayState = serde_json::from_value(old).unwrap();
    assert_eq!(state.condition(), Some(Band::Green));
    assert_eq!(state.attempts_in_a_row, 2);
    let again = serde_json::to_value(&state).unwrap();
    assert_eq!(serde_json::from_value::<StayState>(again).unwrap(), state);
    let mut ward = Ward::new();
    ward.state.newest_good = state.newest_good;
    ward.gets(value(80.0).measured_ago(seconds(121)))
        .hears("late_low raised: low not_asked")
        .gets(value(80.0).measured_ago(seconds(120)))
        .hears("oxygen raised: red unconfirmed")
        .whose_other(Problem::LateLow, |alert| {
            assert_eq!(alert.lows.unwrap().count, 1);
        });
}
