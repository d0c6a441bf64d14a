//! Rules 1 and 2: severity only rises, and worse speaks again.

use crate::alert::{Change, State};
use crate::plan::{Band, MonitoringPlan};
use crate::story::Ward;
use crate::time::{minutes, seconds};

#[test]
fn a_good_value_raises_nothing() {
    Ward::new().reads(95.0).hears_nothing().with_nothing_open();
}

#[test]
fn each_plan_judges_by_its_own_bands() {
    for (percent, said) in [
        (95.0, ""),
        (94.9, "oxygen raised: amber unconfirmed"),
        (93.0, "oxygen raised: amber unconfirmed"),
        (92.9, "oxygen raised: red unconfirmed"),
        (40.0, "oxygen raised: red unconfirmed"),
    ] {
        Ward::new().reads(percent).hears(said);
    }
    for (percent, said) in [
        (89.0, ""),
        (88.0, ""),
        (87.9, "oxygen raised: amber unconfirmed"),
        (86.0, "oxygen raised: amber unconfirmed"),
        (85.9, "oxygen raised: red unconfirmed"),
    ] {
        Ward::on(MonitoringPlan::target_88_to_92())
            .reads(percent)
            .hears(said);
    }
}

#[test]
fn a_good_reading_clears_the_condition_and_never_the_alert() {
    Ward::new()
        .reads(91.0)
        .after(minutes(2))
        .reads(97.0)
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| {
            assert_eq!(alert.condition, Band::Green);
            assert_eq!(alert.worst.unwrap().whole_percent(), 91);
            assert!(alert.is_unacknowledged());
        });
}

#[test]
fn flapping_about_the_limit_makes_one_alert_that_speaks_twice_and_then_only_counts() {
    let mut ward = Ward::new().reads(92.0);
    ward = ward.after(minutes(2)).reads(96.0);
    ward = ward
        .after(minutes(2))
        .reads(92.0)
        .hears("oxygen confirmed: red second_reading")
        .acknowledged();
    for _ in 0..10 {
        ward = ward
            .after(minutes(1))
            .reads(96.0)
            .hears("oxygen continued: red second_reading")
            .after(minutes(1))
            .reads(92.0)
            .hears("oxygen continued: red second_reading");
    }
    assert_eq!(ward.alerts.len(), 1);
    assert_eq!(ward.oxygen().lows.unwrap().count, 12);
    assert!(!ward.oxygen().is_unacknowledged());
}

#[test]
fn an_acknowledged_amber_that_turns_red_is_nobodys_again_and_must_be_shown_anew() {
    Ward::new()
        .reads(94.0)
        .shown()
        .acknowledged()
        .after(minutes(10))
        .reads(92.0)
        .hears("oxygen severity_rose: red unconfirmed")
        .whose(|alert| {
            assert_eq!(alert.state, State::Raised);
            assert_eq!(alert.shown_at, None);
            assert_eq!(alert.show_by, Some(alert.spoke_at.plus(seconds(15))));
            assert_eq!(alert.severity_since, alert.spoke_at);
            assert_eq!(alert.recheck_by, Some(alert.spoke_at.plus(minutes(5))));
        });
}

#[test]
fn a_confirmed_amber_that_turns_red_is_unconfirmed_until_a_second_red() {
    Ward::new()
        .reads(94.0)
        .after(minutes(10))
        .reads(93.0)
        .hears("oxygen confirmed: amber second_reading")
        .acknowledged()
        .after(minutes(1))
        .reads(91.0)
        .hears("oxygen severity_rose: red unconfirmed")
        .after(seconds(59))
        .reads(91.0)
        .hears("oxygen continued: red unconfirmed")
        .after(seconds(1))
        .reads(92.0)
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn a_red_that_improves_to_amber_stays_a_red() {
    Ward::new()
        .reads(91.0)
        .after(minutes(3))
        .reads(94.0)
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| assert_eq!(alert.condition, Band::Amber));
}

#[test]
fn three_points_under_the_acknowledged_one_speaks_again_and_two_do_not() {
    Ward::new()
        .reads(91.0)
        .after(minutes(2))
        .reads(90.0)
        .acknowledged()
        .after(minutes(1))
        .reads(87.1)
        .hears("oxygen continued: red second_reading")
        .after(minutes(1))
        .reads(87.0)
        .hears("oxygen fell_further: red second_reading")
        .whose(|alert| assert!(alert.is_unacknowledged()))
        .acknowledged()
        .after(minutes(1))
        .reads(85.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(1))
        .reads(84.0)
        .hears("oxygen fell_further: red second_reading");
}

#[test]
fn a_slow_fall_under_the_acknowledged_one_adds_up() {
    let mut ward = Ward::new().reads(91.0).after(minutes(2)).reads(91.0);
    ward = ward.acknowledged();
    for percent in [90.0, 89.5, 88.1] {
        ward = ward
            .reads(percent)
            .hears("oxygen continued: red second_reading");
    }
    ward.reads(88.0)
        .hears("oxygen fell_further: red second_reading");
}

#[test]
fn a_slow_fall_that_nobody_has_taken_speaks_at_three_points_so_that_nobody_takes_it_unseen() {
    let mut ward = Ward::new().reads(92.0);
    let seen = ward.seq;
    ward = ward
        .after(seconds(20))
        .reads(90.0)
        .hears("oxygen continued: red unconfirmed")
        .after(seconds(20))
        .reads(89.0)
        .hears("oxygen fell_further: red unconfirmed");
    assert!(
        ward.try_acknowledge(crate::alert::Problem::Oxygen, crate::story::ASHA, seen)
            .is_err()
    );
}

#[test]
fn every_change_but_those_that_speak_leaves_an_acknowledgement_alone() {
    let speaks = [
        Change::Raised,
        Change::SeverityRose,
        Change::Confirmed,
        Change::FellFurther,
        Change::Relapsed,
    ];
    for change in speaks {
        assert!(change.speaks());
    }
    Ward::new()
        .reads(91.0)
        .acknowledged()
        .after(seconds(30))
        .reads(91.0)
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| assert!(!alert.is_unacknowledged()));
}
