use crate::alert::{Problem, Severity};
use crate::plan::{Band, MonitoringPlan, Rules};
use crate::reading::{Consciousness, Context, ObservationSet, Oxygen};
use crate::story::{Ward, value};
use crate::technical::Detail;
use crate::time::{minutes, seconds};

use super::Found;

const HOUR: u64 = 60;

fn found(ward: &Ward, problem: Problem) -> Found {
    match ward.the(problem).detail.clone() {
        Some(Detail::Rule { found }) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_points_under_what_is_usual_is_amber_though_the_bands_say_green() {
    let ward = Ward::new().whose_usual_is(98.0);
    let ward = ward.reads(95.1).hears_nothing();
    let ward = ward.after(minutes(5)).reads(95.0);
    let ward = ward.hears("oxygen_drop raised: amber not_asked");
    assert!(matches!(
        found(&ward, Problem::OxygenDrop),
        Found::Drop { points: 3, .. }
    ));
    // A good value clears the condition, never the alert.
    let ward = ward.after(minutes(5)).reads(97.0);
    let ward = ward.hears("oxygen_drop continued: amber not_asked");
    assert_eq!(ward.the(Problem::OxygenDrop).condition, Band::Green);
}

#[test]
fn a_drop_is_red_only_where_a_clinician_has_said_from_where_on() {
    let rules = Rules {
        drop_red_points: Some(5),
        ..Rules::usual()
    };
    let plan = MonitoringPlan {
        red_at_or_below: 88,
        amber_at_or_below: 90,
        rules,
        ..MonitoringPlan::scale_one()
    };
    let usual = MonitoringPlan {
        rules: Rules::usual(),
        ..plan.clone()
    };
    Ward::on(usual)
        .whose_usual_is(97.0)
        .reads(91.0)
        .hears("oxygen_drop raised: amber not_asked");
    Ward::on(plan)
        .whose_usual_is(97.0)
        .reads(93.0)
        .hears("oxygen_drop raised: amber not_asked")
        .reads(92.0)
        .hears("oxygen_drop severity_rose: red not_asked");
}

#[test]
fn without_a_baseline_nothing_is_a_drop() {
    Ward::new()
        .reads(99.0)
        .after(minutes(5))
        .reads(95.0)
        .hears_nothing();
}

/// What the bands say already is not said twice; once their alert is over, the rule speaks for itself.
#[test]
fn what_the_bands_say_as_loudly_is_not_said_twice() {
    let ward = Ward::new().whose_usual_is(98.0).reads(93.0);
    let ward = ward.hears("oxygen raised: amber unconfirmed");
    // A good reading by the bands, and still a drop.
    let ward = ward.after(minutes(10)).reads(95.0);
    ward.hears("oxygen continued: amber unconfirmed | oxygen_drop raised: amber not_asked");
}

#[test]
fn what_was_measured_before_the_alert_was_ended_raises_no_other() {
    let mut ward = Ward::new().whose_usual_is(98.0).reads(95.0);
    ward = ward.after(minutes(5)).acknowledged_the(Problem::OxygenDrop);
    ward.try_resolve(Problem::OxygenDrop, crate::story::ASHA, ward.seq)
        .unwrap();
    let ward = ward
        .gets(value(95.0).measured_ago(minutes(2)))
        .hears_nothing();
    ward.after(minutes(1))
        .reads(95.0)
        .hears("oxygen_drop raised: amber not_asked");
}

#[test]
fn a_value_behind_a_newer_one_pages_nobody() {
    let ward = Ward::new().whose_usual_is(98.0).reads(97.0);
    ward.gets(value(95.0).measured_ago(minutes(9)))
        .hears_nothing();
}

#[test]
fn doubt_raises_and_clears_nothing() {
    let ward = Ward::new().whose_usual_is(98.0);
    let ward = ward.gets(value(95.0).doubtful());
    let ward = ward.hears("oxygen_drop raised: amber not_asked");
    assert!(ward.the(Problem::OxygenDrop).is_doubtful());
    let ward = ward.after(minutes(5)).gets(value(98.0).doubtful());
    assert_eq!(ward.the(Problem::OxygenDrop).condition, Band::Amber);
}

#[test]
fn the_last_three_are_set_against_the_first_day_once_it_is_over() {
    let mut ward = Ward::new();
    for percent in [98.0, 97.0, 98.0] {
        ward = ward.reads(percent).hears_nothing().after(minutes(4 * HOUR));
    }
    // Within the first day nothing is a trend.
    for _ in 0..3 {
        ward = ward.reads(95.0).hears_nothing().after(minutes(60));
    }
    // The first day: 98 97 98 95 95 95, its median 96. On the second, 95 is no three points lower.
    ward = ward.after(minutes(20 * HOUR));
    for _ in 0..3 {
        ward = ward.reads(95.0).hears_nothing().after(minutes(60));
    }
    let mut other = Ward::new();
    for percent in [98.0, 98.0, 98.0] {
        other = other.reads(percent).after(minutes(4 * HOUR));
    }
    other = other.after(minutes(20 * HOUR));
    other = other.reads(95.0).hears_nothing().after(minutes(60));
    other = other.reads(95.0).hears_nothing().after(minutes(60));
    other = other
        .reads(95.0)
        .hears("oxygen_trend raised: amber not_asked");
    let Found::Trend {
        first_day, last, ..
    } = found(&other, Problem::OxygenTrend)
    else {
        panic!("no trend");
    };
    assert_eq!((first_day.tenths(), last.tenths()), (980, 950));
    // Two good ones turn the median.
    other = other
        .after(minutes(60))
        .reads(97.0)
        .hears("oxygen_trend continued: amber not_asked");
    other = other.after(minutes(60)).reads(98.0);
    other.hears("oxygen_trend continued: amber not_asked");
}

#[test]
fn a_minute_of_two_under_the_red_limit_is_red_whatever_the_median_says() {
    let ward = Ward::new();
    let ward = ward
        .gets(value(95.0).with_window(60, &[(91, 25), (95, 35)]))
        .hears_nothing();
    let ward = ward.after(seconds(60));
    let ward = ward.gets(value(95.0).with_window(60, &[(92, 35), (95, 25)]));
    let ward = ward.hears("oxygen_sustained raised: red not_asked");
    let Found::Sustained { low_ms, lowest, .. } = found(&ward, Problem::OxygenSustained) else {
        panic!("not sustained");
    };
    assert_eq!((low_ms, lowest.tenths()), (60_000, 910));
    // At limit + 1 for two minutes it is not over; at limit + 2 it is.
    let mut ward = ward;
    for _ in 0..3 {
        ward = ward.after(seconds(60));
        ward = ward.gets(value(95.0).with_window(60, &[(93, 10), (95, 50)]));
        assert_eq!(ward.the(Problem::OxygenSustained).condition, Band::Red);
    }
    ward = ward.after(seconds(60));
    ward = ward.gets(value(95.0).with_window(60, &[(94, 10), (95, 50)]));
    assert_eq!(ward.the(Problem::OxygenSustained).condition, Band::Red);
    ward = ward.after(seconds(60));
    ward = ward.gets(value(95.0).with_window(60, &[(94, 60)]));
    assert_eq!(ward.the(Problem::OxygenSustained).condition, Band::Green);
}

#[test]
fn one_second_less_is_not_sustained() {
    let ward = Ward::new().gets(value(95.0).with_window(60, &[(91, 25), (95, 35)]));
    let ward = ward.after(seconds(60));
    ward.gets(value(95.0).with_window(60, &[(92, 34), (95, 26)]))
        .hears_nothing();
}

#[test]
fn on_oxygen_93_is_too_much_for_a_target_of_88_to_92_and_on_air_it_is_not() {
    let oxygen = Oxygen::Supplemental {
        flow_tenths: Some(10),
    };
    let ward = Ward::on(MonitoringPlan::target_88_to_92());
    let ward = ward.reads(95.0).hears_nothing().after(minutes(5));
    let ward = ward.gets(value(97.0).on(Oxygen::Air)).hears_nothing();
    let ward = ward
        .after(minutes(5))
        .gets(value(92.9).on(oxygen))
        .hears_nothing();
    let ward = ward.after(minutes(5)).gets(value(93.0).on(oxygen));
    let ward = ward.hears("oxygen_too_high raised: amber not_asked");
    assert_eq!(ward.the(Problem::OxygenTooHigh).worst, None);

    let mut plan = MonitoringPlan::target_88_to_92();
    plan.rules.on_oxygen = true;
    let ward = Ward::on(plan)
        .gets(value(94.0).on(Oxygen::Air))
        .hears_nothing();
    ward.after(minutes(5))
        .reads(94.0)
        .hears("oxygen_too_high raised: amber not_asked");
}

#[test]
fn a_pulse_is_judged_by_its_own_limits_whatever_the_saturation() {
    let with = |bpm: f64| value(98.0).with_pulse(Some(bpm));
    for (bpm, severity) in [
        (40.9, Some(Severity::Red)),
        (41.0, Some(Severity::Amber)),
        (50.9, Some(Severity::Amber)),
        (51.0, None),
        (110.9, None),
        (111.0, Some(Severity::Amber)),
        (130.9, Some(Severity::Amber)),
        (131.0, Some(Severity::Red)),
    ] {
        let ward = Ward::new().gets(with(bpm));
        let raised = ward
            .open()
            .next()
            .map(|alert| (alert.problem, alert.severity));
        assert_eq!(raised, severity.map(|it| (Problem::Pulse, it)), "{bpm}");
    }
    // A low saturation and a fast pulse are two alerts: one may be over before the other.
    Ward::new()
        .gets(value(91.0).with_pulse(Some(131.0)))
        .hears("oxygen raised: red unconfirmed | pulse raised: red not_asked");
    Ward::new()
        .gets(value(98.0).with_pulse(None))
        .hears_nothing();
}

#[test]
fn worse_speaks_again_and_so_does_a_relapse() {
    let with = |bpm: f64| value(98.0).with_pulse(Some(bpm));
    let ward = Ward::new()
        .gets(with(120.0))
        .acknowledged_the(Problem::Pulse);
    let ward = ward.after(minutes(5)).gets(with(135.0));
    let ward = ward.hears("pulse severity_rose: red not_asked");
    let ward = ward.acknowledged_the(Problem::Pulse);
    let ward = ward.after(minutes(5)).gets(with(80.0));
    let ward = ward.hears("pulse continued: red not_asked");
    let ward = ward.after(minutes(31)).gets(with(120.0));
    ward.hears("pulse relapsed: red not_asked");
}

#[test]
fn an_exertion_value_is_judged_by_no_rule() {
    let exertion = value(90.0)
        .with_pulse(Some(140.0))
        .in_context(Context::Exertion);
    Ward::new()
        .whose_usual_is(98.0)
        .gets(exertion)
        .hears_nothing();
}

#[test]
fn a_plan_without_rules_has_bands_alone() {
    let plan = MonitoringPlan {
        rules: Rules::none(),
        ..MonitoringPlan::scale_one()
    };
    Ward::on(plan)
        .whose_usual_is(98.0)
        .gets(
            value(95.0)
                .with_pulse(Some(140.0))
                .with_window(60, &[(90, 60)]),
        )
        .hears_nothing();
}

fn unwell() -> ObservationSet {
    ObservationSet {
        respiration_rate: Some(25),
        systolic_bp: Some(100),
        temperature_tenths: Some(384),
        consciousness: Some(Consciousness::Alert),
        oxygen: Some(Oxygen::Air),
        ..ObservationSet::default()
    }
}

#[test]
fn a_set_is_alerted_by_what_it_scores_at_least() {
    // 3 for breathing, 2 for the pressure, 1 for the temperature.
    let ward = Ward::new().gets(value(98.0).observing(unwell()));
    let ward = ward.hears("news2 raised: amber not_asked");
    assert!(matches!(
        found(&ward, Problem::News2),
        Found::News2 {
            at_least: 6,
            at_most: 6,
            limit: Some(5),
            ..
        }
    ));
    // Confused as well: 9.
    let worse = ObservationSet {
        consciousness: Some(Consciousness::Confusion),
        ..unwell()
    };
    let ward = ward.after(minutes(60)).gets(value(98.0).observing(worse));
    let ward = ward.hears("news2 severity_rose: red not_asked");
    // A partial set clears nothing, whatever it scores; a whole one does.
    let partial = ObservationSet {
        respiration_rate: Some(16),
        ..ObservationSet::default()
    };
    let ward = ward.after(minutes(60)).gets(value(98.0).observing(partial));
    assert_eq!(ward.the(Problem::News2).condition, Band::Red);
    let well = ObservationSet {
        respiration_rate: Some(16),
        systolic_bp: Some(120),
        temperature_tenths: Some(370),
        ..unwell()
    };
    let ward = ward.after(minutes(60)).gets(value(98.0).observing(well));
    assert_eq!(ward.the(Problem::News2).condition, Band::Green);
}

#[test]
fn one_parameter_of_three_points_is_amber_and_what_is_missing_is_said() {
    let partial = ObservationSet {
        respiration_rate: Some(8),
        ..ObservationSet::default()
    };
    let ward = Ward::new().gets(value(98.0).observing(partial));
    let Found::News2 { limit, missing, .. } = found(&ward, Problem::News2) else {
        panic!("no score");
    };
    assert_eq!((limit, missing.len()), (None, 4));
}

#[test]
fn what_an_oximeter_gives_alone_is_left_to_the_bands() {
    Ward::new()
        .gets(value(91.0).with_pulse(Some(125.0)))
        .hears("oxygen raised: red unconfirmed | pulse raised: amber not_asked");
}

#[test]
fn values_of_other_times_are_no_set() {
    let breaths = ObservationSet {
        respiration_rate: Some(24),
        ..ObservationSet::default()
    };
    let pressure = ObservationSet {
        systolic_bp: Some(95),
        ..ObservationSet::default()
    };
    let oxygen = ObservationSet {
        oxygen: Some(Oxygen::Supplemental { flow_tenths: None }),
        ..ObservationSet::default()
    };
    for (apart, heard) in [(14, true), (16, false)] {
        let ward = Ward::new().gets(value(98.0).observing(breaths));
        let ward = ward.hears_nothing().after(minutes(apart));
        let ward = ward.gets(value(98.0).observing(pressure)).hears_nothing();
        let ward = ward.after(minutes(apart));
        let ward = ward.gets(value(98.0).observing(oxygen));
        assert_eq!(
            ward.open().any(|alert| alert.problem == Problem::News2),
            heard,
            "{apart}"
        );
    }
}
