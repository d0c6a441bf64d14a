//! Rule 2: a relapse speaks again.

use crate::alert::{Alert, Change, Confirmation, Problem, ResolveRefused};
use crate::plan::Band;
use crate::story::{ASHA, EIGHT, Ward, value};
use crate::time::{minutes, seconds};

/// Red and borne out at eight, taken two minutes later, and well again.
fn taken_and_well_again() -> Ward {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .hears("oxygen confirmed: red second_reading")
        .after(minutes(1))
        .acknowledged()
        .after(minutes(5))
        .reads(96.0)
        .hears("oxygen continued: red second_reading")
}

#[test]
fn who_falls_again_hours_after_the_alert_was_taken_is_nobodys_again_and_must_be_shown_anew() {
    taken_and_well_again()
        .after(minutes(3 * 60))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed")
        .whose(|alert| {
            assert!(alert.is_unacknowledged());
            assert_eq!(alert.condition, Band::Red);
            assert_eq!(alert.raised_at, EIGHT);
            assert_eq!(alert.spoke_at, EIGHT.plus(minutes(3 * 60 + 7)));
            assert_eq!(alert.severity_since, alert.spoke_at);
            assert_eq!(alert.shown_at, None);
            assert_eq!(alert.show_by, Some(alert.spoke_at.plus(seconds(15))));
            assert_eq!(alert.recheck_by, Some(alert.spoke_at.plus(minutes(5))));
            assert_eq!(alert.lows.unwrap().count, 3);
        });
}

#[test]
fn a_relapse_speaks_from_thirty_minutes_after_the_acknowledgement_and_not_a_second_before() {
    let to_the_limit = minutes(25);
    taken_and_well_again()
        .after(to_the_limit)
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed");
    taken_and_well_again()
        .after(to_the_limit.checked_sub(seconds(1)).unwrap())
        .reads(91.0)
        .hears("oxygen continued: red second_reading")
        .whose(|alert| assert!(!alert.is_unacknowledged()));
}

#[test]
fn when_the_low_was_measured_says_whether_it_is_a_relapse_and_not_when_it_came_in() {
    taken_and_well_again()
        .after(minutes(3 * 60))
        .gets(value(91.0).measured_ago(minutes(2 * 60 + 40)))
        .hears("oxygen continued: red second_reading")
        .gets(value(91.0).measured_ago(minutes(2 * 60 + 35)))
        .hears("oxygen relapsed: red unconfirmed");
}

#[test]
fn a_fall_after_twenty_minutes_that_lasts_is_told_of_after_thirty_in_any_order() {
    taken_and_well_again()
        .after(minutes(15))
        .reads(91.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(15))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed");
    taken_and_well_again()
        .after(minutes(30))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed")
        .gets(value(91.0).measured_ago(minutes(15)))
        .hears("oxygen continued: red unconfirmed");
}

#[test]
fn who_was_well_when_the_alert_was_taken_relapses_like_any_other() {
    Ward::new()
        .reads(94.0)
        .after(minutes(1))
        .reads(94.0)
        .after(minutes(1))
        .reads(97.0)
        .acknowledged()
        .after(minutes(30))
        .reads(94.0)
        .hears("oxygen relapsed: amber unconfirmed")
        .whose(|alert| assert!(alert.is_unacknowledged()));
}

#[test]
fn who_was_never_well_since_does_not_relapse() {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .acknowledged()
        .after(minutes(60))
        .reads(94.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(60))
        .reads(93.0)
        .hears("oxygen continued: red second_reading");
}

#[test]
fn an_alert_that_nobody_has_speaks_already_and_does_not_relapse() {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .after(minutes(1))
        .reads(96.0)
        .after(minutes(3 * 60))
        .reads(91.0)
        .hears("oxygen continued: red second_reading");
}

#[test]
fn a_doubtful_low_is_a_relapse_and_marks_it() {
    for percent in [91.0, 94.0] {
        taken_and_well_again()
            .after(minutes(60))
            .gets(value(percent).doubtful())
            .hears("oxygen relapsed: red unconfirmed")
            .whose(|alert| assert!(alert.is_doubtful()))
            .after(seconds(10))
            .reads(92.0)
            .whose(|alert| assert!(!alert.is_doubtful()));
    }
}

#[test]
fn a_late_low_and_a_doubtful_normal_are_no_relapse() {
    let ward = taken_and_well_again().after(minutes(60)).reads(97.0);
    let before = ward.oxygen().clone();
    ward.gets(value(85.0).measured_ago(minutes(10)))
        .hears("late_low raised: low not_asked")
        .gets(value(98.0).doubtful())
        .hears_nothing()
        .whose(|alert| assert_eq!(*alert, before));
}

#[test]
fn the_lows_of_before_the_recovery_do_not_confirm_a_relapse_and_a_second_new_one_does() {
    taken_and_well_again()
        .after(minutes(60))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed")
        .after(seconds(59))
        .reads(91.0)
        .hears("oxygen continued: red unconfirmed")
        .after(seconds(1))
        .reads(91.0)
        .hears("oxygen confirmed: red second_reading");
}

#[test]
fn a_relapse_without_a_recheck_is_confirmed_after_five_minutes() {
    taken_and_well_again()
        .after(minutes(60))
        .reads(91.0)
        .shown()
        .acknowledged()
        .after(minutes(5))
        .hears("oxygen confirmed: red no_recheck")
        .whose(|alert| assert!(alert.is_unacknowledged()));
}

#[test]
fn a_red_that_relapses_to_an_amber_speaks_and_the_red_that_follows_does_too() {
    taken_and_well_again()
        .after(minutes(60))
        .reads(94.0)
        .hears("oxygen relapsed: red unconfirmed")
        .whose(|alert| assert_eq!((alert.condition, alert.recheck_by), (Band::Amber, None)))
        .acknowledged()
        .after(minutes(20))
        .hears_nothing()
        .reads(91.0)
        .hears("oxygen continued: red unconfirmed")
        .after(seconds(5))
        .hears("oxygen confirmed: red no_recheck")
        .whose(|alert| assert!(alert.is_unacknowledged()));
}

#[test]
fn a_relapse_that_is_worse_than_ever_is_a_rise() {
    Ward::new()
        .reads(94.0)
        .acknowledged()
        .after(minutes(5))
        .reads(96.0)
        .after(minutes(60))
        .reads(91.0)
        .hears("oxygen severity_rose: red unconfirmed")
        .whose(|alert| assert_eq!(alert.relapse, None));
}

#[test]
fn a_relapse_that_was_taken_is_silent_for_another_half_hour_and_the_next_one_speaks() {
    taken_and_well_again()
        .after(minutes(60))
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .hears("oxygen confirmed: red second_reading")
        .acknowledged()
        .after(minutes(10))
        .reads(96.0)
        .after(minutes(10))
        .reads(91.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(5))
        .reads(96.0)
        .after(minutes(5))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed");
}

#[test]
fn nobody_takes_or_ends_a_relapse_on_the_good_value_of_an_old_screen() {
    let mut ward = taken_and_well_again();
    let seen = ward.seq;
    ward = ward.after(minutes(60)).reads(91.0);
    let spoke_seq = ward.seq;
    assert!(ward.try_acknowledge(Problem::Oxygen, ASHA, seen).is_err());
    assert_eq!(
        ward.try_resolve(Problem::Oxygen, ASHA, seen),
        Err(ResolveRefused::WorsenedSince { spoke_seq })
    );
    ward.try_acknowledge(Problem::Oxygen, ASHA, spoke_seq)
        .unwrap();
}

#[test]
fn an_alert_that_was_stored_before_there_were_relapses_relapses_too() {
    let mut ward = taken_and_well_again();
    for alert in &mut ward.alerts {
        let mut stored = serde_json::to_value(&*alert).unwrap();
        let fields = stored.as_object_mut().unwrap();
        assert!(fields.remove("was_green").is_some());
        assert!(fields.remove("was_below_red").is_some());
        assert!(fields.remove("relapse").is_some());
        *alert = serde_json::from_value::<Alert>(stored).unwrap();
        assert_eq!(alert.confirmation, Confirmation::SecondReading);
    }
    ward.after(minutes(60))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed");
}

#[test]
fn on_the_wire_and_on_the_log_a_relapse_has_its_names() {
    assert_eq!(Change::Relapsed.name(), "relapsed");
    assert!(Change::Relapsed.speaks());
    let event = crate::event::WardEvent::Alert {
        change: Change::Relapsed,
        alert: Box::new(taken_and_well_again().oxygen().clone()),
    };
    assert_eq!(event.kind(), "alert_worsened");
}

/// Red and borne out at eight, taken two minutes later, and then amber.
fn taken_and_amber() -> Ward {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .after(minutes(1))
        .acknowledged()
        .after(minutes(5))
        .reads(94.0)
        .hears("oxygen continued: red second_reading")
}

#[test]
fn who_was_amber_for_hours_and_is_red_again_is_nobodys_again() {
    taken_and_amber()
        .after(minutes(3 * 60))
        .reads(93.0)
        .hears("oxygen continued: red second_reading")
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed")
        .whose(|alert| assert!(alert.is_unacknowledged()));
}

#[test]
fn who_was_red_again_too_soon_for_a_sound_and_stays_red_is_told_of_after_half_an_hour() {
    taken_and_amber()
        .after(minutes(10))
        .reads(91.0)
        .hears("oxygen continued: red second_reading")
        .after(minutes(20))
        .reads(91.0)
        .hears("oxygen relapsed: red unconfirmed");
}

#[test]
fn a_red_that_was_never_better_does_not_relapse() {
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .acknowledged()
        .after(minutes(3 * 60))
        .reads(91.0)
        .hears("oxygen continued: red second_reading");
}
