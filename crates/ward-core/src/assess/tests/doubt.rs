//! Rules 4 and 5: doubt counts one way, and SpO2 is judged on its own.

use crate::alert::Problem;
use crate::plan::{Band, MonitoringPlan, Rules};
use crate::reading::{Context, Doubt};
use crate::story::{Ward, value};
use crate::technical::Cause;
use crate::time::{minutes, seconds};

#[test]
fn a_doubtful_low_raises_a_red_unconfirmed_and_marked() {
    for doubt in [
        Doubt::PoorSignal,
        Doubt::Unsettled,
        Doubt::TypedNotConfirmed,
        Doubt::TimeNotKnown,
        Doubt::PulseUnusable,
        Doubt::Other,
    ] {
        Ward::new()
            .gets(value(85.0).with_doubt(doubt))
            .hears("oxygen raised: red unconfirmed")
            .whose(|alert| assert!(alert.is_doubtful()));
    }
}

#[test]
fn one_sound_low_of_that_severity_takes_the_mark_away_and_a_lesser_one_does_not() {
    Ward::new()
        .gets(value(85.0).doubtful())
        .after(seconds(10))
        .reads(94.0)
        .whose(|alert| assert!(alert.is_doubtful()))
        .after(seconds(10))
        .reads(92.0)
        .whose(|alert| assert!(!alert.is_doubtful()));
}

#[test]
fn a_doubtful_normal_clears_nothing_and_is_no_recheck() {
    Ward::new()
        .reads(91.0)
        .shown()
        .after(minutes(2))
        .gets(value(98.0).doubtful())
        .hears_nothing()
        .whose(|alert| {
            assert_eq!(alert.condition, Band::Red);
            assert!(alert.recheck_by.is_some());
        })
        .after(minutes(3))
        .hears("oxygen confirmed: red no_recheck");
}

#[test]
fn a_doubtful_amber_is_no_recheck_of_a_red() {
    Ward::new()
        .reads(84.0)
        .shown()
        .after(minutes(2))
        .gets(value(94.0).doubtful())
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| {
            assert_eq!(alert.condition, Band::Red);
            assert!(alert.recheck_by.is_some());
        })
        .after(minutes(3))
        .hears("oxygen confirmed: red no_recheck");
}

#[test]
fn a_doubtful_amber_makes_a_good_condition_amber_and_a_sound_good_one_clears_it() {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(96.0)
        .after(minutes(1))
        .gets(value(94.0).doubtful())
        .whose(|alert| assert_eq!(alert.condition, Band::Amber))
        .after(minutes(1))
        .reads(95.0)
        .whose(|alert| assert_eq!(alert.condition, Band::Green));
}

#[test]
fn a_doubtful_low_can_confirm_since_shock_has_a_poor_signal() {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .gets(value(88.0).doubtful())
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn an_attempt_without_a_value_is_no_recheck() {
    Ward::new()
        .reads(91.0)
        .shown()
        .after(minutes(4))
        .tries_in_vain()
        .hears_nothing()
        .after(minutes(1))
        .hears("oxygen confirmed: red no_recheck");
}

#[test]
fn three_attempts_in_a_row_are_an_alert_and_the_fourth_is_not_another() {
    Ward::new()
        .tries_in_vain()
        .tries_in_vain()
        .hears_nothing()
        .tries_in_vain()
        .hears("poor_signal raised: amber not_asked")
        .tries_in_vain()
        .hears_nothing();
}

#[test]
fn a_value_that_counts_between_attempts_begins_the_count_anew() {
    Ward::new()
        .tries_in_vain()
        .tries_in_vain()
        .reads(96.0)
        .tries_in_vain()
        .tries_in_vain()
        .hears_nothing()
        .with_nothing_open();
}

#[test]
fn a_doubtful_normal_between_attempts_does_not_hide_them() {
    Ward::new()
        .tries_in_vain()
        .gets(value(98.0).doubtful())
        .tries_in_vain()
        .gets(value(98.0).doubtful())
        .tries_in_vain()
        .hears("poor_signal raised: amber not_asked");
}

#[test]
fn poor_signal_that_goes_on_after_it_was_resolved_is_an_alert_again() {
    let problem = Problem::Technical(Cause::PoorSignal);
    let mut ward = Ward::new().tries_in_vain().tries_in_vain().tries_in_vain();
    ward = ward.acknowledged_the(problem);
    let seen = ward.seq;
    ward.try_resolve(problem, crate::story::ASHA, seen).unwrap();
    ward.tries_in_vain()
        .hears("poor_signal raised: amber not_asked");
}

#[test]
fn spo2_is_judged_whatever_the_pulse() {
    for bpm in [None, Some(20.0), Some(80.0), Some(350.0), Some(400.0)] {
        let plan = MonitoringPlan {
            rules: Rules::none(),
            ..MonitoringPlan::scale_one()
        };
        Ward::on(plan)
            .gets(value(1.0).with_pulse(bpm))
            .hears("oxygen raised: red unconfirmed");
    }
}

#[test]
fn the_lowest_value_of_an_exertion_test_is_not_judged_and_its_recovery_is() {
    Ward::new()
        .gets(value(85.0).in_context(Context::Exertion))
        .hears_nothing()
        .with_nothing_open()
        .gets(value(92.0).in_context(Context::Recovery))
        .hears("oxygen raised: red unconfirmed");
}

#[test]
fn a_good_value_under_exertion_clears_nothing_and_makes_nothing_late() {
    Ward::new()
        .reads(91.0)
        .after(minutes(2))
        .gets(value(97.0).in_context(Context::Exertion))
        .hears_nothing()
        .whose(|alert| assert_eq!(alert.condition, Band::Red))
        .gets(value(90.0).measured_ago(minutes(1)))
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn an_artefact_that_was_acknowledged_does_not_make_a_true_fall_silent() {
    Ward::new()
        .reads(90.0)
        .after(minutes(1))
        .reads(90.0)
        .gets(value(60.0).doubtful())
        .hears("oxygen fell_further: red second_reading")
        .acknowledged()
        .after(minutes(1))
        .gets(value(60.0).doubtful())
        .hears("oxygen continued: red second_reading")
        .reads(88.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(1))
        .reads(87.0)
        .hears("oxygen fell_further: red second_reading");
}

#[test]
fn the_first_sound_low_after_an_artefact_is_what_the_next_are_measured_by() {
    Ward::new()
        .gets(value(60.0).doubtful())
        .shown()
        .after(minutes(5))
        .hears("oxygen confirmed: red no_recheck")
        .acknowledged()
        .reads(88.0)
        .hears("oxygen continued: red no_recheck")
        .after(minutes(1))
        .reads(86.0)
        .hears("oxygen continued: red no_recheck")
        .after(minutes(1))
        .reads(85.0)
        .hears("oxygen fell_further: red no_recheck");
}

#[test]
fn a_sound_fall_adds_up_from_the_doubtful_value_that_was_acknowledged() {
    Ward::new()
        .gets(value(87.0).doubtful())
        .shown()
        .after(minutes(5))
        .acknowledged()
        .reads(85.0)
        .hears("oxygen continued: red no_recheck")
        .after(minutes(1))
        .reads(84.0)
        .hears("oxygen fell_further: red no_recheck");
}
