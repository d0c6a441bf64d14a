use std::time::Duration;

use uuid::Uuid;
use ward_core::alert::{Alert, Confirmation, Problem, Severity};
use ward_core::id::{BridgeId, DeviceId, ReadingId};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{
    Context, Doubt, Measured, ObservationSet, Reading, Source, Timing, Values,
};
use ward_core::replay::{Raised, replay};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::{Timestamp, minutes};
use ward_tests::{Bridge, TestWard, on_both_databases, spo2};

on_both_databases!(
    any_spot_readings_over_the_wire_end_as_their_replay_does,
    a_replay_by_another_plan_is_noticed,
);

/// What both say of an alert.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    problem: Problem,
    severity: Severity,
    raised_at: Timestamp,
    confirmed: bool,
    green: bool,
    worst: Option<Spo2>,
    readings: u32,
}

impl Told {
    fn of_stored(alert: &Alert) -> Self {
        Self {
            problem: alert.problem,
            severity: alert.severity,
            raised_at: alert.raised_at,
            confirmed: matches!(
                alert.confirmation,
                Confirmation::SecondReading | Confirmation::NoRecheck
            ),
            green: alert.condition == Band::Green,
            worst: alert.worst,
            readings: alert.lows.map_or(0, |lows| lows.count),
        }
    }

    fn of_replayed(raised: &Raised) -> Self {
        Self {
            problem: raised.problem,
            severity: raised.severity,
            raised_at: raised.raised_at,
            confirmed: raised.confirmed_at.is_some(),
            green: raised.cleared_at.is_some(),
            worst: raised.worst_spo2,
            readings: raised.readings,
        }
    }
}

fn next(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Measures and posts, with the ward's clock moved between; what the ward has stored then, and the readings.
async fn lived(ward: &TestWard, bridge: &Bridge, seed: u64) -> (Vec<Told>, Vec<Reading>) {
    const STEPS: [u64; 8] = [11, 30, 59, 60, 90, 240, 301, 700];
    let mut seed = seed;
    let patient = ward.patient(bridge).await;
    let mut readings = Vec::new();
    for number in 0..10_u128 {
        let step = STEPS[usize::try_from(next(&mut seed) % 8).unwrap()];
        ward.clock.advance(Duration::from_secs(step));
        ward.wards.sweep().await.unwrap();
        let tenths = u16::try_from(895 + next(&mut seed) % 80).unwrap();
        let value = Spo2::from_tenths(tenths).unwrap();
        let doubtful = next(&mut seed).is_multiple_of(4);
        let taken = spo2(value.percent());
        let taken = if doubtful { taken.doubtful() } else { taken };
        bridge.measures(&patient.oximeter, taken).await;
        let at = ward.clock.now();
        readings.push(Reading {
            id: ReadingId(Uuid::from_u128(number)),
            device: DeviceId(Uuid::nil()),
            bridge: BridgeId(Uuid::nil()),
            measured_at: at,
            received_at: at,
            effective_at: at,
            timing: Timing::ByAge,
            measured: Measured::Values(Values {
                spo2: value,
                pulse: Pulse::from_bpm(80.0),
                perfusion_hundredths: None,
                doubts: if doubtful {
                    vec![Doubt::PoorSignal]
                } else {
                    Vec::new()
                },
                window: None,
                observations: ObservationSet::default(),
            }),
            context: Context::Rest,
            source: Source::Oximeter,
        });
    }
    // Until every recheck is over.
    ward.after(minutes(60)).await;
    ward.wards.sweep().await.unwrap();
    let subject = ward_core::alert::Subject::Stay(patient.stay);
    let mut stored: Vec<Alert> = ward
        .open_alerts()
        .await
        .into_iter()
        .filter(|alert| alert.subject == subject)
        // What nobody sent is no part of a replay, nor is the kit.
        .filter(|alert| !matches!(alert.problem, Problem::Silence | Problem::Technical(_)))
        .collect();
    stored.sort_by_key(|alert| alert.number);
    (stored.iter().map(Told::of_stored).collect(), readings)
}

async fn plan_of(ward: &TestWard, bridge: &Bridge) -> MonitoringPlan {
    let stay = ward.patient(bridge).await.stay;
    let record = ward.wards.store().stay(stay).await.unwrap().unwrap();
    assert_eq!(record.stay.baseline_spo2, None);
    record.stay.plan
}

async fn any_spot_readings_over_the_wire_end_as_their_replay_does(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let plan = plan_of(&ward, &bridge).await;
    for seed in 1..7 {
        let (stored, readings) = lived(&ward, &bridge, seed).await;
        let raised = replay(&plan, None, &readings);
        let replayed: Vec<Told> = raised.iter().map(Told::of_replayed).collect();
        assert_eq!(replayed, stored, "seed {seed}: {readings:#?}");
    }
}

async fn a_replay_by_another_plan_is_noticed(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let mut plan = plan_of(&ward, &bridge).await;
    plan.amber_at_or_below -= 1;
    let mut differ = 0;
    for seed in 1..7 {
        let (stored, readings) = lived(&ward, &bridge, seed).await;
        let raised = replay(&plan, None, &readings);
        let replayed: Vec<Told> = raised.iter().map(Told::of_replayed).collect();
        differ += u32::from(replayed != stored);
    }
    assert!(
        differ > 0,
        "a limit that is one point off made no difference"
    );
}
