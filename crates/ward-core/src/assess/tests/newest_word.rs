//! Rule 3: the newest word counts, however late.

use crate::alert::{Problem, ResolveRefused, Severity};
use crate::plan::Band;
use crate::story::{ASHA, EIGHT, Ward, value};
use crate::time::{minutes, seconds};

#[test]
fn a_low_that_is_the_newest_word_raises_and_pages_at_any_age_up_to_a_day() {
    for age in [minutes(42), minutes(5 * 60), minutes(24 * 60)] {
        Ward::new()
            .gets(value(91.0).measured_ago(age))
            .hears("oxygen raised: red unconfirmed")
            .whose(|alert| assert!(alert.show_by.is_some()));
    }
}

#[test]
fn older_than_a_day_it_makes_the_silence_as_severe_as_it_was() {
    let long_ago = minutes(24 * 60) + seconds(1);
    Ward::new()
        .gets(value(91.0).measured_ago(long_ago))
        .hears("silence raised: red not_asked")
        .whose_other(Problem::Silence, |alert| {
            assert!(alert.show_by.is_some());
            assert_eq!(alert.recheck_by, None);
            assert_eq!(alert.condition, Band::Red);
        });
    Ward::new()
        .gets(value(94.0).measured_ago(long_ago))
        .hears("silence raised: amber not_asked")
        .acknowledged_the(Problem::Silence)
        .gets(value(92.0).measured_ago(long_ago))
        .hears("silence severity_rose: red not_asked")
        .reads(96.0)
        .hears("silence continued: red not_asked")
        .whose_other(Problem::Silence, |alert| {
            assert_eq!(alert.condition, Band::Green);
        });
}

#[test]
fn a_low_behind_a_newer_good_reading_goes_to_review_and_does_not_page() {
    Ward::new()
        .reads(96.0)
        .gets(value(85.0).measured_ago(minutes(20)))
        .hears("late_low raised: low not_asked")
        .whose_other(Problem::LateLow, |alert| {
            assert_eq!(alert.severity, Severity::Low);
            assert_eq!(alert.show_by, None);
            assert_eq!(alert.recheck_by, None);
            // "Was red at 07:40."
            let reds = alert.reds.unwrap();
            assert_eq!(reds.first_at, EIGHT.minus(minutes(20)));
            assert_eq!(alert.worst.unwrap().whole_percent(), 85);
        })
        .after(minutes(24 * 60))
        .hears_nothing();
}

#[test]
fn a_late_low_clears_nothing_and_worsens_nothing() {
    let ward = Ward::new()
        .reads(94.0)
        .acknowledged()
        .after(minutes(10))
        .reads(96.0);
    let before = ward.oxygen().clone();
    ward.gets(value(80.0).measured_ago(minutes(5)))
        .hears("late_low raised: low not_asked")
        .whose(|alert| assert_eq!(*alert, before));
}

#[test]
fn many_late_lows_make_one_review_that_nobody_closes_without_having_seen_the_last() {
    let mut ward = Ward::new()
        .reads(96.0)
        .gets(value(93.0).measured_ago(minutes(20)))
        .acknowledged_the(Problem::LateLow);
    let seen = ward.seq;
    ward = ward
        .gets(value(80.0).measured_ago(minutes(10)))
        .hears("late_low continued: low not_asked");
    let newest = ward.seq;
    assert_eq!(
        ward.try_resolve(Problem::LateLow, ASHA, seen),
        Err(ResolveRefused::WorsenedSince { spoke_seq: newest })
    );
    assert_eq!(ward.the(Problem::LateLow).lows.unwrap().count, 2);
    ward.try_resolve(Problem::LateLow, ASHA, newest).unwrap();
}

#[test]
fn a_newer_good_reading_that_is_doubtful_does_not_make_a_low_late() {
    Ward::new()
        .gets(value(97.0).doubtful())
        .gets(value(91.0).measured_ago(minutes(20)))
        .hears("oxygen raised: red unconfirmed");
}

#[test]
fn a_newer_low_does_not_make_a_low_late() {
    Ward::new()
        .reads(94.0)
        .gets(value(91.0).measured_ago(minutes(20)))
        .hears("oxygen severity_rose: red unconfirmed");
}

#[test]
fn of_a_good_and_a_low_of_one_moment_the_low_pages_whichever_came_first() {
    for values in [[96.0, 91.0], [91.0, 96.0]] {
        let ward = Ward::new().reads(values[0]).reads(values[1]);
        assert_eq!(ward.oxygen().condition, Band::Red);
        assert_eq!(ward.alerts.len(), 1);
    }
}

#[test]
fn an_older_good_reading_that_comes_in_late_clears_nothing() {
    let ward = Ward::new().reads(91.0);
    let before = ward.oxygen().clone();
    ward.gets(value(97.0).measured_ago(minutes(1)))
        .hears_nothing()
        .whose(|alert| assert_eq!(*alert, before));
}

#[test]
fn a_low_of_long_ago_behind_a_newer_low_goes_to_review() {
    Ward::new()
        .reads(94.0)
        .gets(value(80.0).measured_ago(minutes(30 * 60)))
        .hears("late_low raised: low not_asked");
}
