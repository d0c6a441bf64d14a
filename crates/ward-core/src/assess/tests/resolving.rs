//! Rule 8: resolving while still low.

use crate::alert::{Problem, ResolveRefused, Severity};
use crate::plan::Band;
use crate::story::{ASHA, Ward, value};
use crate::time::{minutes, seconds};

#[test]
fn the_next_low_after_a_resolution_raises_a_new_alert() {
    let ward = Ward::new()
        .reads(91.0)
        .acknowledged()
        .resolved()
        .with_nothing_open()
        .after(seconds(1))
        .reads(94.0)
        .hears("oxygen raised: amber unconfirmed");
    assert_eq!(ward.alerts.len(), 2);
    assert_eq!(ward.alerts[0].severity, Severity::Red);
}

#[test]
fn a_low_of_the_very_moment_of_the_resolution_raises_a_new_alert() {
    Ward::new()
        .reads(91.0)
        .acknowledged()
        .resolved()
        .reads(91.0)
        .hears("oxygen raised: red unconfirmed");
}

#[test]
fn lows_measured_before_the_resolution_never_raise_another() {
    Ward::new()
        .reads(91.0)
        .after(minutes(10))
        .acknowledged()
        .resolved()
        .after(minutes(5))
        .gets(value(85.0).measured_ago(minutes(6)))
        .hears_nothing()
        .gets(value(91.0).measured_ago(minutes(20)))
        .hears_nothing()
        .with_nothing_open();
}

#[test]
fn lows_of_before_the_resolution_do_not_confirm_the_new_alert() {
    Ward::new()
        .reads(91.0)
        .after(minutes(10))
        .acknowledged()
        .resolved()
        .after(seconds(30))
        .reads(91.0)
        .hears("oxygen raised: red unconfirmed")
        .gets(value(85.0).measured_ago(minutes(6)))
        .hears_nothing()
        .whose(|alert| assert_eq!(alert.lows.unwrap().count, 1));
}

#[test]
fn an_alert_that_relapsed_unseen_is_not_closed_on_the_good_value_of_an_old_screen() {
    let mut ward = Ward::new()
        .reads(91.0)
        .acknowledged()
        .after(seconds(30))
        .reads(96.0);
    let seen = ward.seq;
    ward = ward
        .after(seconds(20))
        .reads(90.0)
        .hears("oxygen continued: red unconfirmed");
    let relapse = ward.seq;
    assert!(!ward.oxygen().is_unacknowledged());
    assert_eq!(
        ward.try_resolve(Problem::Oxygen, ASHA, seen),
        Err(ResolveRefused::WorsenedSince { spoke_seq: relapse })
    );
    ward.try_resolve(Problem::Oxygen, ASHA, relapse).unwrap();
}

#[test]
fn one_more_low_of_a_red_condition_does_not_stand_in_the_way_of_a_resolution() {
    let mut ward = Ward::new().reads(91.0).acknowledged();
    let seen = ward.seq;
    ward = ward
        .after(seconds(20))
        .reads(90.0)
        .hears("oxygen continued: red unconfirmed");
    ward.try_resolve(Problem::Oxygen, ASHA, seen).unwrap();
}

#[test]
fn the_red_of_an_alert_that_is_over_is_no_condition_of_the_next() {
    Ward::new()
        .reads(85.0)
        .acknowledged()
        .resolved()
        .after(minutes(10))
        .gets(value(94.0).doubtful())
        .hears("oxygen raised: amber unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Amber))
        .gets(value(97.0).doubtful())
        .hears_nothing()
        .reads(93.0)
        .hears("oxygen continued: amber unconfirmed");
}
