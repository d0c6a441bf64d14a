//! A replay of arbitrary spot readings against an oracle that knows no states and no steps: at every point it looks at all
//! readings so far.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a place that is not there fails the test, as it should"
)]

mod common;

use common::{Dice, EIGHT};
use uuid::Uuid;
use ward_core::alert::{Problem, Severity};
use ward_core::id::{BridgeId, DeviceId, ReadingId};
use ward_core::plan::{Band, MonitoringPlan, Rules};
use ward_core::reading::{
    Context, Doubt, Measured, ObservationSet, Reading, Source, Timing, Values,
};
use ward_core::replay::{Raised, replay};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;

#[derive(Clone, Copy, Debug)]
struct Given {
    /// Milliseconds since the beginning.
    at: i64,
    tenths: u16,
    sound: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Expected {
    red: bool,
    raised_at: i64,
    confirmed_at: Option<i64>,
    cleared_at: Option<i64>,
    worst: u16,
    readings: usize,
}

/// Red and amber limit, and the two recheck times in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Limits {
    red: u16,
    amber: u16,
    recheck_red: i64,
    recheck_amber: i64,
}

/// 2 red, 1 amber, 0 good.
fn level(limits: &Limits, tenths: u16) -> u8 {
    match tenths {
        it if it < 10 * (limits.red + 1) => 2,
        it if it < 10 * (limits.amber + 1) => 1,
        _ => 0,
    }
}

/// How things stand after these readings: a red until something sound and better is later, an amber until something sound
/// and good is.
fn standing(limits: &Limits, so_far: &[Given]) -> u8 {
    let stands = |low: &Given, over_from: u8| {
        !so_far
            .iter()
            .any(|it| it.sound && it.at > low.at && level(limits, it.tenths) <= over_from)
    };
    let any = |wanted: u8, over_from: u8| {
        so_far
            .iter()
            .any(|it| level(limits, it.tenths) == wanted && stands(it, over_from))
    };
    if any(2, 1) { 2 } else { u8::from(any(1, 0)) }
}

/// The one oxygen alert that nobody answers. Time is looked at in every millisecond that matters: readings and deadlines.
fn oracle(limits: &Limits, given: &[Given]) -> Option<Expected> {
    let first = given.iter().position(|it| level(limits, it.tenths) > 0)?;
    let mut told: Option<Expected> = None;
    let mut since = 0;
    let mut awaited = false;
    let recheck = |red: bool| {
        if red {
            limits.recheck_red
        } else {
            limits.recheck_amber
        }
    };
    for (place, now) in given.iter().enumerate().skip(first) {
        if let Some(alert) = &mut told
            && alert.confirmed_at.is_none()
            && awaited
            && since + recheck(alert.red) <= now.at
        {
            alert.confirmed_at = Some(since + recheck(alert.red));
        }
        let here = level(limits, now.tenths);
        let so_far = &given[..=place];
        match &mut told {
            None => {
                since = now.at;
                told = Some(Expected {
                    red: here == 2,
                    raised_at: now.at,
                    confirmed_at: None,
                    cleared_at: None,
                    worst: now.tenths,
                    readings: 1,
                });
            }
            Some(alert) if here > 0 => {
                alert.readings += 1;
                alert.worst = alert.worst.min(now.tenths);
                if here == 2 && !alert.red {
                    alert.red = true;
                    alert.confirmed_at = None;
                    since = now.at;
                }
                let wanted = if alert.red { 2 } else { 1 };
                let mut lows = so_far
                    .iter()
                    .filter(|it| level(limits, it.tenths) >= wanted);
                if alert.confirmed_at.is_none()
                    && here >= wanted
                    && lows.any(|it| now.at - it.at >= 60_000)
                {
                    alert.confirmed_at = Some(now.at);
                }
            }
            Some(_) => {}
        }
        let stands = standing(limits, so_far);
        let alert = told.as_mut()?;
        awaited = stands >= if alert.red { 2 } else { 1 };
        if alert.confirmed_at.is_none() && awaited && since + recheck(alert.red) <= now.at {
            alert.confirmed_at = Some(now.at);
        }
        alert.cleared_at = if stands == 0 {
            alert.cleared_at.or(Some(now.at))
        } else {
            None
        };
    }
    let alert = told.as_mut()?;
    if alert.confirmed_at.is_none() && awaited {
        alert.confirmed_at = Some(since + recheck(alert.red));
    }
    told
}

/// What a replay could get wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    /// Time ends with the last reading.
    EndsWithTheLastReading,
    /// A recheck is awaited a second too long.
    WaitsASecondTooLong,
    /// Doubt is forgotten: a doubtful good value clears.
    ForgetsDoubt,
    /// 92.9 is taken for a 93.
    RoundsUp,
    /// Of two readings of one moment the first is lost.
    LosesOneOfAMoment,
    /// What cleared once stays cleared.
    ClearsForEver,
}

fn bands(limits: &Limits) -> MonitoringPlan {
    let seconds = |millis: i64| u32::try_from(millis / 1000).unwrap();
    MonitoringPlan {
        red_at_or_below: limits.red,
        amber_at_or_below: limits.amber,
        recheck_red_seconds: seconds(limits.recheck_red),
        recheck_amber_seconds: seconds(limits.recheck_amber),
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
    .checked()
    .unwrap()
}

fn reading(number: usize, given: &Given) -> Reading {
    let at = Timestamp::from_millis(EIGHT.as_millis() + given.at);
    let doubts = if given.sound {
        Vec::new()
    } else {
        vec![Doubt::Motion]
    };
    Reading {
        id: ReadingId(Uuid::from_u128(number as u128)),
        device: DeviceId(Uuid::nil()),
        bridge: BridgeId(Uuid::nil()),
        measured_at: at,
        received_at: at,
        effective_at: at,
        timing: Timing::ByAge,
        measured: Measured::Values(Values {
            spo2: Spo2::from_tenths(given.tenths).unwrap(),
            pulse: Pulse::from_bpm(70.0),
            perfusion_hundredths: None,
            doubts,
            window: None,
            observations: ObservationSet::default(),
        }),
        context: Context::Rest,
        source: Source::Oximeter,
    }
}

fn replayed(fault: Fault, limits: &Limits, given: &[Given]) -> Vec<Raised> {
    let mut plan = bands(limits);
    let mut given = given.to_vec();
    match fault {
        Fault::None | Fault::EndsWithTheLastReading | Fault::ClearsForEver => {}
        Fault::WaitsASecondTooLong => {
            plan.recheck_red_seconds += 1;
            plan.recheck_amber_seconds += 1;
        }
        Fault::ForgetsDoubt => given.iter_mut().for_each(|it| it.sound = true),
        Fault::RoundsUp => given
            .iter_mut()
            .for_each(|it| it.tenths = it.tenths.div_ceil(10) * 10),
        Fault::LosesOneOfAMoment => {
            given.reverse();
            given.dedup_by_key(|it| it.at);
            given.reverse();
        }
    }
    let readings: Vec<Reading> = given
        .iter()
        .enumerate()
        .map(|(number, it)| reading(number, it))
        .collect();
    let mut raised = replay(&plan, None, &readings);
    let last = readings.last().map(|reading| reading.effective_at);
    for alert in &mut raised {
        match fault {
            Fault::EndsWithTheLastReading => {
                alert.confirmed_at = alert.confirmed_at.filter(|at| Some(*at) <= last);
            }
            Fault::ClearsForEver => {
                let good = given.iter().find(|it| {
                    it.sound
                        && plan.band(Spo2::from_tenths(it.tenths).unwrap()) == Band::Green
                        && EIGHT.as_millis() + it.at > alert.raised_at.as_millis()
                });
                alert.cleared_at = good.map(|it| Timestamp::from_millis(EIGHT.as_millis() + it.at));
            }
            Fault::None
            | Fault::WaitsASecondTooLong
            | Fault::ForgetsDoubt
            | Fault::RoundsUp
            | Fault::LosesOneOfAMoment => {}
        }
    }
    raised
}

fn agrees(fault: Fault, seed: u64) -> Result<(), String> {
    let mut dice = Dice(seed);
    let red = 85 + u16::try_from(dice.below(8)).unwrap();
    let limits = Limits {
        red,
        amber: red + 1 + u16::try_from(dice.below(3)).unwrap(),
        recheck_red: dice.pick(&[10_000, 59_000, 300_000], 300_000),
        recheck_amber: dice.pick(&[60_000, 600_000, 3_600_000], 3_600_000),
    };
    let mut at = 0;
    let mut given = Vec::new();
    for _ in 0..1 + dice.below(14) {
        let step = [
            0, 1, 10_000, 59_000, 59_999, 60_000, 60_001, 299_999, 300_000, 900_000,
        ];
        at += dice.pick(&step, 0);
        let around = i32::from(10 * limits.amber) + 10;
        let tenths = around - 60 + i32::try_from(dice.below(80)).unwrap();
        given.push(Given {
            at,
            tenths: u16::try_from(tenths.clamp(10, 1000)).unwrap(),
            sound: dice.below(4) > 0,
        });
    }
    let expected: Vec<Expected> = oracle(&limits, &given).into_iter().collect();
    let found: Vec<Expected> = replayed(fault, &limits, &given)
        .into_iter()
        .map(|alert| {
            let since = |at: Timestamp| at.millis_since(EIGHT);
            assert_eq!(alert.problem, Problem::Oxygen);
            Expected {
                red: alert.severity == Severity::Red,
                raised_at: since(alert.raised_at),
                confirmed_at: alert.confirmed_at.map(since),
                cleared_at: alert.cleared_at.map(since),
                worst: alert.worst_spo2.unwrap().tenths(),
                readings: usize::try_from(alert.readings).unwrap(),
            }
        })
        .collect();
    if found == expected {
        Ok(())
    } else {
        Err(format!(
            "seed {seed}: {limits:?}\n{given:?}\nexpected {expected:?}\nfound    {found:?}"
        ))
    }
}

#[test]
fn a_replay_of_any_spot_readings_is_what_the_oracle_says() {
    for seed in 0..20_000 {
        if let Err(difference) = agrees(Fault::None, seed) {
            panic!("{difference}");
        }
    }
}

#[test]
fn each_planted_fault_is_caught() {
    for fault in [
        Fault::EndsWithTheLastReading,
        Fault::WaitsASecondTooLong,
        Fault::ForgetsDoubt,
        Fault::RoundsUp,
        Fault::LosesOneOfAMoment,
        Fault::ClearsForEver,
    ] {
        assert!(
            (0..2_000).any(|seed| agrees(fault, seed).is_err()),
            "{fault:?} was not noticed"
        );
    }
}
