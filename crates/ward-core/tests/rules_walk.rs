//! The rules beside the bands against a plain second telling of them: each is worked out anew from all readings at every
//! step. Shown to catch rules that are wrong on purpose.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the walk makes up is in range; if it were not, the test would fail"
)]

mod common;

use std::collections::BTreeMap;

use common::EIGHT;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use uuid::Uuid;
use ward_core::alert::{self, Acknowledged, Alert, Change, Outcome, Problem, Severity, State};
use ward_core::assess::assess_reading;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, DeviceId, ReadingId, Seq};
use ward_core::plan::{Band, MonitoringPlan, Rules, SustainedRule};
use ward_core::reading::{
    Context, Doubt, Measured, ObservationSet, Oxygen, Reading, Source, Timing, Values,
};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::stay::{Stay, StayState};
use ward_core::time::{Timestamp, minutes};
use ward_core::window::{TimeAt, WindowSummary};

const RULES: [Problem; 5] = [
    Problem::OxygenDrop,
    Problem::OxygenTrend,
    Problem::OxygenSustained,
    Problem::OxygenTooHigh,
    Problem::Pulse,
];

#[derive(Clone, Debug)]
enum Step {
    Reads(Given),
    Acknowledge(usize),
    Resolve(usize),
}

/// A reading, so many seconds after the one before.
#[derive(Clone, Debug)]
struct Given {
    after_s: u64,
    tenths: u16,
    bpm: Option<u16>,
    doubtful: bool,
    exertion: bool,
    oxygen: Option<bool>,
    /// Seconds at the red limit or under, and seconds above it, of a continuous source.
    window: Option<(u32, u32)>,
}

fn step() -> impl Strategy<Value = Step> {
    let gap = prop_oneof![3 => 20_u64..90, 2 => 600_u64..7200, 2 => 7200_u64..40_000];
    let window = prop_oneof![
        3 => (0_u32..61, 0_u32..61),
        1 => Just((60, 0)),
        1 => Just((0, 120)),
        1 => Just((0, 121)),
    ];
    let given = (
        gap,
        880_u16..1000,
        prop::option::weighted(0.8, prop_oneof![3 => 51_u16..111, 1 => 20_u16..160]),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.1),
        prop::option::weighted(0.4, any::<bool>()),
        prop::option::weighted(0.5, window),
    );
    let reads = given.prop_map(
        |(after_s, tenths, bpm, doubtful, exertion, oxygen, window)| {
            Step::Reads(Given {
                after_s,
                tenths,
                bpm,
                doubtful,
                exertion,
                oxygen,
                window,
            })
        },
    );
    prop_oneof![
        12 => reads,
        1 => (0_usize..5).prop_map(Step::Acknowledge),
        1 => (0_usize..5).prop_map(Step::Resolve),
    ]
}

fn reading(given: &Given, place: usize, at: Timestamp, red: u16) -> Reading {
    let spo2 = Spo2::from_tenths(given.tenths).unwrap();
    let window = given
        .window
        .filter(|(low, high)| low + high > 0)
        .map(|(low, high)| {
            let low_at = u8::try_from(red - 1).unwrap();
            // One over the limit: neither low nor high enough to clear.
            let high_at = u8::try_from(if high % 2 == 0 { red + 2 } else { red + 1 }).unwrap();
            let time_at: Vec<TimeAt> = [(low_at, low), (high_at, high)]
                .into_iter()
                .filter(|(_, seconds)| *seconds > 0)
                .map(|(percent, seconds)| TimeAt {
                    percent,
                    millis: seconds * 1000,
                })
                .collect();
            let end = |at: &TimeAt| Spo2::from_tenths(u16::from(at.percent) * 10).unwrap();
            let (first, last) = (end(&time_at[0]), end(&time_at[time_at.len() - 1]));
            WindowSummary::new((low + high) * 1000, (first, first, last), time_at).unwrap()
        });
    Reading {
        id: ReadingId(Uuid::from_u128(place as u128 + 1)),
        device: DeviceId(Uuid::from_u128(4)),
        bridge: BridgeId(Uuid::from_u128(5)),
        measured_at: at,
        received_at: at,
        effective_at: at,
        timing: Timing::ByAge,
        measured: Measured::Values(Values {
            spo2,
            pulse: given.bpm.and_then(|bpm| Pulse::from_bpm(f64::from(bpm))),
            perfusion_hundredths: None,
            window,
            observations: ObservationSet {
                oxygen: given.oxygen.map(|on| {
                    if on {
                        Oxygen::Supplemental { flow_tenths: None }
                    } else {
                        Oxygen::Air
                    }
                }),
                ..ObservationSet::default()
            },
            doubts: if given.doubtful {
                vec![Doubt::Motion]
            } else {
                Vec::new()
            },
        }),
        context: if given.exertion {
            Context::Exertion
        } else {
            Context::Rest
        },
        source: Source::Oximeter,
    }
}

/// What a rule says of the newest reading: a band, and whether it is beyond doubt.
type Says = Option<(Band, bool)>;

fn values(reading: &Reading) -> &Values {
    match &reading.measured {
        Measured::Values(values) => values,
        Measured::Attempt { .. } => unreachable!("the walk has values alone"),
    }
}

fn median(mut tenths: Vec<u16>) -> u16 {
    tenths.sort_unstable();
    let half = tenths.len() / 2;
    if tenths.len() % 2 == 1 {
        tenths[half]
    } else {
        (tenths[half - 1] + tenths[half]) / 2
    }
}

/// Each rule from all readings at rest, the newest last. Numbers as the plan of the walk has them.
fn says(problem: Problem, all: &[&Reading], baseline: u16, red: u16) -> Says {
    let newest = all[all.len() - 1];
    let its = values(newest);
    let sound = its.doubts.is_empty();
    let band = |amber: bool| if amber { Band::Amber } else { Band::Green };
    match problem {
        Problem::OxygenDrop => {
            let under = i32::from(baseline) - i32::from(its.spo2.tenths());
            Some((
                if under >= 50 {
                    Band::Red
                } else {
                    band(under >= 30)
                },
                sound,
            ))
        }
        Problem::OxygenTrend => {
            let hour = |at: Timestamp| at.as_millis().div_euclid(3_600_000);
            let sound_ones = || all.iter().filter(|it| values(it).doubts.is_empty());
            let first = sound_ones().map(|it| hour(it.effective_at)).min()?;
            let is_of_first_day = |it: &Reading| hour(it.effective_at) < first + 24;
            let day = sound_ones().filter(|it| is_of_first_day(it));
            let day = median(day.map(|it| values(it).spo2.tenths()).collect());
            let last = all.get(all.len().checked_sub(3)?..)?;
            if last.iter().any(|it| is_of_first_day(it)) {
                return None;
            }
            let now = median(last.iter().map(|it| values(it).spo2.tenths()).collect());
            Some((
                band(now + 30 <= day),
                last.iter().all(|it| values(it).doubts.is_empty()),
            ))
        }
        Problem::OxygenSustained => {
            its.window.as_ref()?;
            let until = newest.effective_at.as_millis();
            let (mut low, mut known, mut clear, mut low_is_sound) = (0, 0, true, false);
            for it in all {
                let Some(window) = &values(it).window else {
                    continue;
                };
                let ends = it.effective_at.as_millis();
                let begins = (ends - i64::from(window.length_ms())).max(until - 120_000);
                if begins >= ends {
                    continue;
                }
                let under = |percent: u16| -> i64 {
                    let at = window.time_at().iter();
                    at.filter(|at| u16::from(at.percent) <= percent)
                        .map(|at| i64::from(at.millis))
                        .sum()
                };
                known += ends - begins;
                low += under(red).min(ends - begins);
                low_is_sound |= under(red) > 0 && values(it).doubts.is_empty();
                clear &= under(red + 1) == 0 && values(it).doubts.is_empty();
            }
            if low >= 60_000 {
                Some((Band::Red, low_is_sound))
            } else {
                (clear && known >= 120_000).then_some((Band::Green, true))
            }
        }
        Problem::OxygenTooHigh => {
            let on = matches!(its.observations.oxygen, Some(Oxygen::Supplemental { .. }));
            Some((band(on && its.spo2.tenths() >= 960), sound))
        }
        Problem::Pulse => {
            let bpm = its.pulse?.tenths() / 10;
            let band = match bpm {
                0..=40 | 131.. => Band::Red,
                41..=50 | 111..=130 => Band::Amber,
                51..=110 => Band::Green,
            };
            Some((band, sound))
        }
        other => unreachable!("{other:?} is no rule of this walk"),
    }
}

/// What the rules do with a reading; a wrong one is put in its place to see it caught.
type Assess = dyn Fn(&Stay, &StayState, &[Alert], &Reading, Timestamp) -> Vec<WardEvent>;

fn walk(steps: &[Step], assess: &Assess) -> Result<(), String> {
    let plan = MonitoringPlan {
        rules: Rules {
            drop_red_points: Some(5),
            too_high_at_or_above: Some(96),
            sustained: Some(SustainedRule::default()),
            ..Rules::usual()
        },
        ..MonitoringPlan::scale_one()
    }
    .checked()
    .unwrap();
    let red = plan.red_at_or_below;
    let mut stay = common::stay(plan);
    let baseline = 990;
    stay.baseline_spo2 = Spo2::from_tenths(baseline);
    let (mut state, mut alerts, mut seq) = (StayState::default(), Vec::<Alert>::new(), Seq(100));
    let mut expected: BTreeMap<Problem, (Severity, Band)> = BTreeMap::new();
    let mut readings: Vec<Reading> = Vec::new();
    let mut now = EIGHT;
    let by = ClinicianId(Uuid::from_u128(7));
    let put = |alerts: &mut Vec<Alert>, change: Change, alert: Alert, seq: &mut Seq| {
        *seq = seq.next();
        let alert = alert.stamped(*seq, change);
        match alerts.iter_mut().find(|held| held.number == alert.number) {
            Some(held) => *held = alert,
            None => alerts.push(alert),
        }
    };
    for (place, step) in steps.iter().enumerate() {
        match step {
            Step::Reads(given) => {
                now = now.plus(std::time::Duration::from_secs(given.after_s));
                let reading = reading(given, place, now, red);
                state = state.with(&reading, &stay.plan);
                let open: Vec<Alert> = alerts.iter().filter(|it| it.is_open()).cloned().collect();
                for event in assess(&stay, &state, &open, &reading, now) {
                    if let WardEvent::Alert { change, alert } = event {
                        put(&mut alerts, change, *alert, &mut seq);
                    }
                }
                readings.push(reading);
                let newest = &readings[readings.len() - 1];
                if newest.context == Context::Exertion {
                    continue;
                }
                let at_rest: Vec<&Reading> = readings
                    .iter()
                    .filter(|it| it.context == Context::Rest)
                    .collect();
                let bands = alerts
                    .iter()
                    .find(|it| it.is_open() && it.problem == Problem::Oxygen)
                    .map(|it| it.condition);
                for problem in RULES {
                    let Some((band, sound)) = says(problem, &at_rest, baseline, red) else {
                        continue;
                    };
                    let of_low = !matches!(problem, Problem::OxygenTooHigh | Problem::Pulse);
                    match expected.get_mut(&problem) {
                        Some((severity, condition)) => {
                            *severity = (*severity).max(Severity::of(band).max(Severity::Amber));
                            if band > Band::Green || sound {
                                *condition = band;
                            }
                        }
                        None if band == Band::Green || (of_low && bands >= Some(band)) => {}
                        None => {
                            expected.insert(problem, (Severity::of(band), band));
                        }
                    }
                }
            }
            Step::Acknowledge(which) => {
                now = now.plus(minutes(1));
                let problem = RULES[*which];
                let it = alerts
                    .iter()
                    .find(|it| it.is_open() && it.problem == problem);
                if let Some(Ok(Acknowledged::Now(alert))) =
                    it.map(|it| alert::acknowledge(it, by, seq, now))
                {
                    put(&mut alerts, Change::Acknowledged, *alert, &mut seq);
                }
            }
            Step::Resolve(which) => {
                now = now.plus(minutes(1));
                let problem = RULES[*which];
                let it = alerts
                    .iter()
                    .find(|it| it.is_open() && it.problem == problem);
                if let Some(Ok(over)) = it.map(|it| {
                    alert::resolve(it, by, Outcome::AdviceGiven, "rang".to_owned(), seq, now)
                }) {
                    if let State::Resolved { at, .. } = over.state {
                        state.rules.remember_resolution(problem, at);
                    }
                    put(&mut alerts, Change::Resolved, over, &mut seq);
                    expected.remove(&problem);
                }
            }
        }
        let open = || {
            alerts
                .iter()
                .filter(|it| it.is_open() && RULES.contains(&it.problem))
        };
        let actual: BTreeMap<Problem, (Severity, Band)> = open()
            .map(|it| (it.problem, (it.severity, it.condition)))
            .collect();
        if open().count() != actual.len() {
            return Err(format!("step {place}: two alerts of one rule are open"));
        }
        if actual != expected {
            return Err(format!("step {place}: {actual:?}, expected {expected:?}"));
        }
    }
    Ok(())
}

fn run(cases: u32, assess: &Assess) -> Result<(), String> {
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    runner
        .run(&prop::collection::vec(step(), 1..60), |steps| {
            walk(&steps, assess).map_err(TestCaseError::fail)
        })
        .map_err(|error| match error {
            TestError::Fail(why, _) | TestError::Abort(why) => why.to_string(),
        })
}

#[test]
fn every_rule_says_what_a_plain_telling_of_it_says() {
    run(1500, &assess_reading).unwrap();
}

#[test]
fn rules_that_are_wrong_on_purpose_are_caught() {
    let with_plan = |change: fn(&mut Rules)| {
        move |stay: &Stay, state: &StayState, open: &[Alert], reading: &Reading, now| {
            let mut stay = stay.clone();
            change(&mut stay.plan.rules);
            assess_reading(&stay, state, open, reading, now)
        }
    };
    let without = |gone: Problem| {
        move |stay: &Stay, state: &StayState, open: &[Alert], reading: &Reading, now| {
            let events = assess_reading(stay, state, open, reading, now);
            let is_gone = |event: &WardEvent| matches!(event, WardEvent::Alert { alert, change: Change::Raised } if alert.problem == gone);
            events.into_iter().filter(|event| !is_gone(event)).collect()
        }
    };
    let mut wrong: Vec<(String, Box<Assess>)> = vec![
        (
            "a point more".to_owned(),
            Box::new(with_plan(|it| it.drop_amber_points = Some(4))),
        ),
        (
            "two for a trend".to_owned(),
            Box::new(with_plan(|it| {
                it.trend = it.trend.map(|trend| ward_core::plan::TrendRule {
                    readings: 5,
                    ..trend
                });
            })),
        ),
        (
            "a second less".to_owned(),
            Box::new(with_plan(|it| {
                it.sustained = it.sustained.map(|rule| SustainedRule {
                    seconds: 59,
                    ..rule
                });
            })),
        ),
        (
            "clears a point early".to_owned(),
            Box::new(with_plan(|it| {
                it.sustained = it.sustained.map(|rule| SustainedRule {
                    clears_points: 1,
                    ..rule
                });
            })),
        ),
        (
            "air is oxygen".to_owned(),
            Box::new(with_plan(|it| it.on_oxygen = true)),
        ),
        (
            "a beat later".to_owned(),
            Box::new(with_plan(|it| {
                it.pulse = it.pulse.map(|limits| ward_core::plan::PulseLimits {
                    amber_at_or_above: 112,
                    ..limits
                });
            })),
        ),
        (
            "doubt clears".to_owned(),
            Box::new(|stay, state, open, reading, now| {
                let mut reading = reading.clone();
                if let Measured::Values(values) = &mut reading.measured {
                    values.doubts.clear();
                }
                assess_reading(stay, state, open, &reading, now)
            }),
        ),
        (
            "exertion is rest".to_owned(),
            Box::new(|stay, state, open, reading, now| {
                let reading = Reading {
                    context: Context::Rest,
                    ..reading.clone()
                };
                assess_reading(stay, state, open, &reading, now)
            }),
        ),
    ];
    for problem in RULES {
        wrong.push((format!("no {}", problem.name()), Box::new(without(problem))));
    }
    for (name, assess) in &wrong {
        assert!(run(1500, assess).is_err(), "{name} was not noticed");
    }
}
