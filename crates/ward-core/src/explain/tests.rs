use proptest::prelude::*;

use super::*;
use crate::plan::MonitoringPlan;
use crate::reading::ObservationSet;
use crate::story::{Taken, Ward, attempt, value};
use crate::time::seconds;

/// The values that an alert of this ward rests on, the newest first, in tenths of a percent.
fn values_behind(ward: &Ward, problem: Problem) -> Vec<u16> {
    let alert = ward.the(problem);
    let (from, to) = span([alert]).unwrap();
    let newest_first = ward.readings.iter().rev();
    let within = newest_first.filter(|it| from <= it.effective_at && it.effective_at <= to);
    basis(alert, within, |_| &ward.stay.plan)
        .into_iter()
        .filter_map(|reading| match &reading.measured {
            Measured::Values(values) => Some(values.spo2.tenths()),
            Measured::Attempt { .. } => None,
        })
        .collect()
}

fn usual() -> Ward {
    Ward::on(MonitoringPlan {
        rules: crate::plan::Rules::usual(),
        ..MonitoringPlan::scale_one()
    })
}

fn a_minute_later(ward: Ward, taken: Taken) -> Ward {
    ward.after(minutes(1)).gets(taken)
}

#[test]
fn an_oxygen_alert_rests_on_the_lows_at_rest_and_on_nothing_else() {
    let taken = [
        value(96.0),
        value(92.0),
        attempt(),
        value(88.0).in_context(Context::Exertion),
        value(95.0),
        value(93.9),
        value(97.0),
    ];
    let ward = taken.into_iter().fold(Ward::new(), a_minute_later);
    assert_eq!(values_behind(&ward, Problem::Oxygen), [939, 920]);
}

#[test]
fn a_reading_that_was_struck_out_is_found_by_what_the_alert_was() {
    let ward = Ward::new().reads(90.0).after(minutes(2)).reads(91.0);
    let (before, mut after) = (ward.oxygen().clone(), ward.oxygen().clone());
    after.lows = after.lows.map(|lows| crate::alert::Lows {
        first_at: lows.last_at,
        ..lows
    });
    let first = ward.readings[0].effective_at;
    assert!(span([&after]).unwrap().0 > first);
    assert_eq!(span([&before, &after]).unwrap().0, first);
}

#[test]
fn a_trend_rests_on_as_many_readings_as_its_rule_takes() {
    let mut ward = usual();
    for _ in 0..6 {
        ward = ward.reads(99.0).after(minutes(4 * 60));
    }
    for _ in 0..8 {
        ward = ward.reads(95.0).after(minutes(4 * 60));
    }
    let taken = ward.stay.plan.rules.trend.unwrap().readings;
    let behind = values_behind(&ward, Problem::OxygenTrend);
    assert_eq!(behind, vec![950; usize::from(taken)]);
}

#[test]
fn a_sustained_low_rests_on_the_windows_that_stood_low_and_a_pulse_on_pulses_over_its_limit() {
    // Medians over the red limit; the lows are in the windows.
    let mut ward = usual();
    for _ in 0..12 {
        let window = value(95.0).with_window(60, &[(91, 40), (95, 20)]);
        ward = ward.after(minutes(1)).gets(window);
    }
    let behind = values_behind(&ward, Problem::OxygenSustained);
    assert!(!behind.is_empty() && behind.iter().all(|value| *value == 950));

    let calm = value(97.0).with_pulse(Some(80.0));
    let fast = value(96.0).with_pulse(Some(140.0));
    let ward = [calm.clone(), fast, calm]
        .into_iter()
        .fold(usual(), a_minute_later);
    assert_eq!(values_behind(&ward, Problem::Pulse), [960]);
}

#[test]
fn a_score_rests_on_every_value_of_its_set() {
    let breathing = ObservationSet {
        respiration_rate: Some(26),
        ..ObservationSet::default()
    };
    let cold = ObservationSet {
        temperature_tenths: Some(349),
        ..ObservationSet::default()
    };
    let ward = usual()
        .gets(value(97.0).observing(cold))
        .after(seconds(40))
        .gets(value(96.0).observing(breathing));
    assert_eq!(values_behind(&ward, Problem::News2), [960, 970]);
}

proptest! {
    /// What is found on record is as much as the alert says that it counted.
    #[test]
    fn as_many_readings_are_found_as_the_alert_has_counted(
        values in prop::collection::vec((86_u16..=99, 61_u64..4_000), 1..40),
    ) {
        let mut ward = Ward::new();
        for (percent, gap_s) in values {
            ward = ward.after(seconds(gap_s)).reads(f64::from(percent));
        }
        let open: Vec<Alert> = ward.open().cloned().collect();
        for alert in open.iter().filter(|alert| alert.problem == Problem::Oxygen) {
            let behind = values_behind(&ward, Problem::Oxygen);
            prop_assert_eq!(behind.len(), alert.lows.unwrap().count as usize);
            prop_assert_eq!(behind.iter().min().copied(), alert.worst.map(crate::spo2::Spo2::tenths));
        }
    }
}
