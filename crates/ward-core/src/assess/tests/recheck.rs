//! Confirmation and recheck timers (DOMAIN section 4).

use crate::alert::Confirmation;
use crate::plan::{Band, MonitoringPlan};
use crate::story::{EIGHT, Ward, value};
use crate::time::{minutes, seconds};

#[test]
fn a_second_red_confirms_at_sixty_seconds_and_not_at_fifty_nine() {
    Ward::new()
        .reads(91.0)
        .after(seconds(59))
        .reads(90.0)
        .hears("oxygen continued: red unconfirmed");
    Ward::new()
        .reads(91.0)
        .after(seconds(60))
        .reads(92.0)
        .hears("oxygen confirmed: red second_reading")
        .whose(|alert| assert_eq!(alert.recheck_by, None));
}

#[test]
fn the_measured_times_confirm_and_not_the_times_of_arrival() {
    Ward::new()
        .reads(91.0)
        .after(minutes(3))
        .gets(value(90.0).measured_ago(seconds(150)))
        .hears("oxygen continued: red unconfirmed")
        .gets(value(90.0).measured_ago(minutes(5)))
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn an_amber_does_not_confirm_a_red() {
    Ward::new()
        .reads(94.0)
        .after(seconds(30))
        .reads(91.0)
        .hears("oxygen severity_rose: red unconfirmed")
        .after(minutes(2))
        .reads(94.0)
        .hears("oxygen continued: red unconfirmed")
        .after(minutes(2))
        .reads(94.0)
        .hears("oxygen continued: red unconfirmed");
}

#[test]
fn red_without_a_recheck_is_confirmed_after_five_minutes_and_is_nobodys_again() {
    Ward::new()
        .reads(91.0)
        .shown()
        .acknowledged()
        .after(minutes(5).checked_sub(seconds(1)).unwrap())
        .hears_nothing()
        .after(seconds(1))
        .hears("oxygen confirmed: red no_recheck")
        .whose(|alert| {
            assert!(alert.is_unacknowledged());
            assert_eq!(alert.recheck_by, None);
        });
}

#[test]
fn amber_without_a_recheck_is_confirmed_after_the_hour() {
    Ward::new()
        .reads(93.0)
        .shown()
        .after(minutes(59))
        .hears_nothing()
        .after(minutes(1))
        .hears("oxygen confirmed: amber no_recheck");
}

#[test]
fn recheck_times_are_the_plans() {
    let plan = MonitoringPlan {
        recheck_red_seconds: 20,
        recheck_amber_seconds: 40,
        ..MonitoringPlan::scale_one()
    };
    Ward::on(plan.clone())
        .reads(91.0)
        .shown()
        .after(seconds(20))
        .hears("oxygen confirmed: red no_recheck");
    Ward::on(plan)
        .reads(93.0)
        .shown()
        .after(seconds(40))
        .hears("oxygen confirmed: amber no_recheck");
}

#[test]
fn a_good_recheck_ends_the_waiting_and_a_relapse_begins_it_where_it_was() {
    Ward::new()
        .reads(91.0)
        .shown()
        .after(seconds(20))
        .reads(96.0)
        .whose(|alert| assert_eq!((alert.condition, alert.recheck_by), (Band::Green, None)))
        .after(seconds(20))
        .reads(91.0)
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| assert_eq!(alert.recheck_by, Some(EIGHT.plus(minutes(5)))));
}

#[test]
fn a_sound_amber_after_a_red_is_a_recheck_and_leaves_the_condition_amber() {
    Ward::new()
        .reads(91.0)
        .shown()
        .after(minutes(3))
        .reads(94.0)
        .whose(|alert| assert_eq!((alert.condition, alert.recheck_by), (Band::Amber, None)))
        .after(minutes(60))
        .hears_nothing()
        .reads(92.0)
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn a_red_that_came_in_after_the_newer_amber_needs_no_recheck_either() {
    Ward::new()
        .reads(94.0)
        .gets(value(91.0).measured_ago(minutes(2)))
        .hears("oxygen severity_rose: red unconfirmed")
        .whose(|alert| assert_eq!((alert.condition, alert.recheck_by), (Band::Amber, None)));
}

#[test]
fn the_recheck_of_an_amber_that_turned_red_is_the_reds_and_runs_from_the_turn() {
    Ward::new()
        .reads(94.0)
        .after(minutes(58))
        .reads(91.0)
        .whose(|alert| {
            assert_eq!(alert.recheck_by, Some(EIGHT.plus(minutes(63))));
            assert_eq!(alert.raised_at, EIGHT);
        });
}

#[test]
fn two_values_of_one_moment_do_not_confirm_each_other_and_the_worse_is_the_condition() {
    Ward::new()
        .reads(94.0)
        .reads(91.0)
        .reads(96.0)
        .whose(|alert| {
            assert_eq!(alert.confirmation, Confirmation::Unconfirmed);
            assert_eq!(alert.condition, Band::Red);
            assert!(alert.recheck_by.is_some());
        });
    Ward::new()
        .reads(96.0)
        .reads(94.0)
        .hears("oxygen raised: amber unconfirmed")
        .reads(91.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Red));
}
