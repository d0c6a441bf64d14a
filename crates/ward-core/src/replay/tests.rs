use std::time::Duration;

use super::*;
use crate::id::{BridgeId, DeviceId, ReadingId};
use crate::plan::Rules;
use crate::reading::{Context, Doubt, Measured, ObservationSet, Source, Timing, Values};
use crate::spo2::Pulse;
use crate::time::{minutes, seconds};

const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

/// Of a plan whose only rule is the bands.
fn bands() -> MonitoringPlan {
    MonitoringPlan {
        rules: Rules {
            drop_amber_points: None,
            drop_red_points: None,
            trend: None,
            sustained: None,
            too_high_at_or_above: None,
            pulse: None,
            news2: None,
            exertion_fall_points: None,
            ..Rules::usual()
        },
        ..MonitoringPlan::scale_one()
    }
}

fn reading(after: Duration, percent: f64) -> Reading {
    let at = EIGHT.plus(after);
    Reading {
        id: ReadingId(Uuid::from_u128(u128::from(at.as_millis().unsigned_abs()))),
        device: DeviceId(Uuid::nil()),
        bridge: BridgeId(Uuid::nil()),
        measured_at: at,
        received_at: at,
        effective_at: at,
        timing: Timing::ByAge,
        measured: Measured::Values(Values {
            spo2: Spo2::from_percent(percent).unwrap(),
            pulse: Pulse::from_bpm(70.0),
            perfusion_hundredths: None,
            doubts: Vec::new(),
            window: None,
            observations: ObservationSet::default(),
        }),
        context: Context::Rest,
        source: Source::Oximeter,
    }
}

fn doubtful(mut reading: Reading) -> Reading {
    if let Measured::Values(values) = &mut reading.measured {
        values.doubts.push(Doubt::PoorSignal);
    }
    reading
}

fn run(readings: &[Reading]) -> Vec<Raised> {
    replay(&bands(), None, readings)
}

fn raised(severity: Severity, worst: f64, readings: u32) -> Raised {
    Raised {
        problem: Problem::Oxygen,
        severity,
        raised_at: EIGHT,
        confirmed_at: None,
        cleared_at: None,
        worst_spo2: Spo2::from_percent(worst),
        readings,
    }
}

#[test]
fn a_single_red_is_confirmed_when_nobody_has_rechecked_after_five_minutes() {
    let alerts = run(&[reading(seconds(0), 91.0)]);
    let expected = Raised {
        confirmed_at: Some(EIGHT.plus(minutes(5))),
        ..raised(Severity::Red, 91.0, 1)
    };
    assert_eq!(alerts, [expected]);
}

#[test]
fn a_good_recheck_in_time_clears_and_confirms_nothing() {
    let alerts = run(&[reading(seconds(0), 91.0), reading(minutes(4), 97.0)]);
    let expected = Raised {
        cleared_at: Some(EIGHT.plus(minutes(4))),
        ..raised(Severity::Red, 91.0, 1)
    };
    assert_eq!(alerts, [expected]);
}

#[test]
fn a_doubtful_recheck_clears_nothing() {
    let alerts = run(&[
        reading(seconds(0), 91.0),
        doubtful(reading(minutes(4), 97.0)),
    ]);
    assert_eq!(alerts[0].cleared_at, None);
    assert_eq!(alerts[0].confirmed_at, Some(EIGHT.plus(minutes(5))));
}

#[test]
fn a_recheck_at_the_very_deadline_comes_too_late_to_hold_it_up() {
    let alerts = run(&[reading(seconds(0), 91.0), reading(minutes(5), 97.0)]);
    assert_eq!(alerts[0].confirmed_at, Some(EIGHT.plus(minutes(5))));
    assert_eq!(alerts[0].cleared_at, Some(EIGHT.plus(minutes(5))));
}

#[test]
fn a_second_low_confirms_from_sixty_seconds_on() {
    for (apart, confirmed) in [(59, minutes(5)), (60, seconds(60))] {
        let alerts = run(&[reading(seconds(0), 92.9), reading(seconds(apart), 90.0)]);
        let expected = Raised {
            confirmed_at: Some(EIGHT.plus(confirmed)),
            ..raised(Severity::Red, 90.0, 2)
        };
        assert_eq!(alerts, [expected], "{apart} s");
    }
}

#[test]
fn an_amber_that_turns_red_is_confirmed_at_its_last_severity_only() {
    let alerts = run(&[
        reading(seconds(0), 94.0),
        reading(minutes(2), 93.0),
        reading(minutes(10), 91.0),
        reading(minutes(12), 96.0),
    ]);
    let expected = Raised {
        cleared_at: Some(EIGHT.plus(minutes(12))),
        ..raised(Severity::Red, 91.0, 3)
    };
    assert_eq!(alerts, [expected]);
}

#[test]
fn what_clears_and_comes_back_is_cleared_only_when_it_stays_so() {
    let mut lows = vec![
        reading(seconds(0), 91.0),
        reading(minutes(3), 97.0),
        reading(minutes(90), 91.0),
    ];
    let alerts = run(&lows);
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].cleared_at, None);
    // The second low bears the first one out.
    assert_eq!(alerts[0].confirmed_at, Some(EIGHT.plus(minutes(90))));
    lows.push(reading(minutes(100), 97.0));
    assert_eq!(run(&lows)[0].cleared_at, Some(EIGHT.plus(minutes(100))));
}

#[test]
fn on_a_ward_that_answers_each_bout_is_an_alert_of_its_own() {
    let readings = [
        reading(seconds(0), 91.0),
        reading(minutes(3), 97.0),
        reading(minutes(90), 94.0),
        reading(minutes(100), 97.0),
    ];
    let mut replay = Replay::new(bands(), None, Ends::WhenGreen);
    for reading in &readings {
        replay.take(reading);
    }
    let alerts = replay.finish();
    let told: Vec<_> = alerts
        .iter()
        .map(|alert| {
            (
                alert.severity,
                alert.raised_at.millis_since(EIGHT) / 60_000,
                alert.confirmed_at,
            )
        })
        .collect();
    assert_eq!(
        told,
        [(Severity::Red, 0, None), (Severity::Amber, 90, None)]
    );
}

#[test]
fn a_recheck_awaited_again_after_its_time_is_due_at_once() {
    let plan = MonitoringPlan {
        recheck_red_seconds: 10,
        ..bands()
    };
    let readings = [
        reading(seconds(0), 91.0),
        reading(seconds(5), 97.0),
        reading(seconds(20), 91.0),
    ];
    let alerts = replay(&plan, None, &readings);
    assert_eq!(alerts[0].confirmed_at, Some(EIGHT.plus(seconds(20))));
}

#[test]
fn alerts_about_kit_are_no_part_of_a_replay() {
    let attempts: Vec<Reading> = (0..6)
        .map(|minute| Reading {
            measured: Measured::Attempt {
                reason: "searching".to_owned(),
            },
            ..reading(minutes(minute), 97.0)
        })
        .collect();
    assert_eq!(run(&attempts), []);
}

#[test]
fn no_readings_raise_nothing() {
    assert_eq!(run(&[]), []);
}
