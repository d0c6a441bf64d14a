//! What a scorer must do, looked at from the printed chart.

use super::super::*;
use super::{Chart, SCALES};
use crate::plan::Spo2Scale;

pub type Scorer<'a> = dyn Fn(&Observations, Spo2Scale) -> Result<Score, OutOfRange> + 'a;

/// Where a scorer and the chart differ.
#[derive(Debug, PartialEq)]
pub struct Fault(String);

const LEVELS: [(Consciousness, &str); 5] = [
    (Consciousness::Alert, "alert"),
    (Consciousness::Confusion, "confusion"),
    (Consciousness::Voice, "voice"),
    (Consciousness::Pain, "pain"),
    (Consciousness::Unresponsive, "unresponsive"),
];

/// Not more than this many are told: a wrong table differs everywhere.
const TOLD_AT_MOST: usize = 5;

fn row_of_spo2(scale: Spo2Scale) -> &'static str {
    match scale {
        Spo2Scale::One => "spo2_scale_1",
        Spo2Scale::Two => "spo2_scale_2",
    }
}

fn breathed(on_oxygen: bool) -> &'static str {
    if on_oxygen { "oxygen" } else { "air" }
}

/// Every value that is taken, alone and in a set that is otherwise normal, on both scales, on air and on oxygen.
pub fn every_value(chart: &Chart, scorer: &Scorer<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for scale in SCALES {
        for on_oxygen in [false, true] {
            let oxygen = chart.word("air_or_oxygen", breathed(on_oxygen));
            let mut look = |parameter: Parameter, set: Observations, expected: u8| {
                let set = Observations {
                    on_oxygen: Some(on_oxygen),
                    ..set
                };
                let it = scorer(&set, scale);
                let told = it.as_ref().ok().map(|it| {
                    (
                        it.subscores.of(parameter),
                        it.subscores.on_oxygen,
                        it.total,
                        it.scale,
                    )
                });
                let sum = if parameter == Parameter::OnOxygen {
                    oxygen
                } else {
                    oxygen + expected
                };
                let right = (Some(expected), Some(oxygen), Some(sum), scale);
                if told != Some(right) && faults.len() < TOLD_AT_MOST {
                    faults.push(Fault(format!(
                        "{set:?} on {scale:?}: {it:?}, not {right:?}"
                    )));
                }
            };
            let normal = Observations {
                respiration_rate: Some(16),
                // 0 on both scales: on scale 2 at 96 oxygen counts, so another value stands for it.
                spo2: Spo2::from_percent(if scale == Spo2Scale::One { 96.0 } else { 90.0 }),
                on_oxygen: None,
                systolic_bp: Some(120),
                pulse: Some(70),
                consciousness: Some(Consciousness::Alert),
                temperature_tenths: Some(370),
            };
            look(Parameter::OnOxygen, normal, oxygen);
            for value in 0..=100_u16 {
                let expected = chart.number("respiration_rate", i32::from(value) * 10, on_oxygen);
                let set = Observations {
                    respiration_rate: Some(value),
                    ..normal
                };
                look(Parameter::RespirationRate, set, expected);
            }
            for tenths in 10..=1000_u16 {
                let whole = i32::from(tenths) / 10 * 10;
                let expected = chart.number(row_of_spo2(scale), whole, on_oxygen);
                let set = Observations {
                    spo2: Spo2::from_tenths(tenths),
                    ..normal
                };
                look(Parameter::Spo2, set, expected);
            }
            for value in 20..=300_u16 {
                let expected = chart.number("systolic_bp", i32::from(value) * 10, on_oxygen);
                let set = Observations {
                    systolic_bp: Some(value),
                    ..normal
                };
                look(Parameter::SystolicBp, set, expected);
            }
            for value in 20..=350_u16 {
                let expected = chart.number("pulse", i32::from(value) * 10, on_oxygen);
                let set = Observations {
                    pulse: Some(value),
                    ..normal
                };
                look(Parameter::Pulse, set, expected);
            }
            for tenths in 250..=450_u16 {
                let expected = chart.number("temperature", i32::from(tenths), on_oxygen);
                let set = Observations {
                    temperature_tenths: Some(tenths),
                    ..normal
                };
                look(Parameter::Temperature, set, expected);
            }
            for (level, word) in LEVELS {
                let set = Observations {
                    consciousness: Some(level),
                    ..normal
                };
                look(
                    Parameter::Consciousness,
                    set,
                    chart.word("consciousness", word),
                );
            }
        }
    }
    faults
}

type Put = dyn Fn(&mut Observations, usize);

/// A value of each band of one parameter, and what it scores on air and on oxygen.
struct Choices {
    put: Box<Put>,
    points: Vec<[u8; 2]>,
}

fn choices<T: Copy + 'static>(
    values: &[T],
    put: impl Fn(&mut Observations, T) + 'static,
    points: impl Fn(T, bool) -> u8,
) -> Choices {
    let points = values
        .iter()
        .map(|value| [points(*value, false), points(*value, true)]);
    Choices {
        points: points.collect(),
        put: {
            let values = values.to_vec();
            Box::new(move |set, which| put(set, values[which]))
        },
    }
}

/// In the order of the chart.
fn one_of_each_band(chart: &Chart, scale: Spo2Scale) -> [Choices; 7] {
    let whole = |row| move |value: u16, on| chart.number(row, i32::from(value) * 10, on);
    let percents: &[u16] = match scale {
        Spo2Scale::One => &[91, 93, 95, 96],
        Spo2Scale::Two => &[83, 84, 87, 88, 93, 96, 97],
    };
    [
        choices(
            &[8, 9, 12, 24, 25],
            |set, it| set.respiration_rate = Some(it),
            whole("respiration_rate"),
        ),
        choices(
            percents,
            |set, it| set.spo2 = Spo2::from_tenths(it * 10),
            whole(row_of_spo2(scale)),
        ),
        choices(
            &[false, true],
            |set, it| set.on_oxygen = Some(it),
            |it, _| chart.word("air_or_oxygen", breathed(it)),
        ),
        choices(
            &[90, 100, 110, 111, 220],
            |set, it| set.systolic_bp = Some(it),
            whole("systolic_bp"),
        ),
        choices(
            &[40, 50, 90, 91, 130, 131],
            |set, it| set.pulse = Some(it),
            whole("pulse"),
        ),
        choices(
            &[LEVELS[0], LEVELS[1]],
            |set, (level, _)| set.consciousness = Some(level),
            |(_, word), _| chart.word("consciousness", word),
        ),
        choices(
            &[350, 360, 361, 390, 391],
            |set, it| set.temperature_tenths = Some(it),
            |tenths: u16, on| chart.number("temperature", i32::from(tenths), on),
        ),
    ]
}

/// Where air or oxygen stands among the seven.
const OXYGEN: usize = 2;

/// The next one in counting order: unknown, the first value, the second …; `None` when all have been there.
fn next(of: &[Choices; 7], mut which: [Option<usize>; 7]) -> Option<[Option<usize>; 7]> {
    for (place, choices) in which.iter_mut().zip(of) {
        let following = place.map_or(0, |it| it + 1);
        if following < choices.points.len() {
            *place = Some(following);
            return Some(which);
        }
        *place = None;
    }
    None
}

/// Every sum that a completion of the rest makes, one after the other.
fn complete(of: &[Choices], which: &[Option<usize>], on: usize, sum: u8, see: &mut dyn FnMut(u8)) {
    let (Some((choices, of)), Some((place, which))) = (of.split_first(), which.split_first())
    else {
        return see(sum);
    };
    let range = place.map_or(0..choices.points.len(), |it| it..it + 1);
    for points in &choices.points[range] {
        complete(of, which, on, sum + points[on], see);
    }
}

/// Every partial set of one value a band, and every way to complete it: the least and the most of them are the range.
pub fn every_completion(chart: &Chart, scorer: &Scorer<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for scale in SCALES {
        let of = one_of_each_band(chart, scale);
        let mut at = Some([None; 7]);
        while let Some(which) = at {
            let mut set = Observations::default();
            for (choices, place) in of.iter().zip(which) {
                if let Some(place) = place {
                    (choices.put)(&mut set, place);
                }
            }
            let breathed = which[OXYGEN].map_or(0..2, |it| it..it + 1);
            let (mut least, mut most) = (u8::MAX, 0);
            for on in breathed.clone() {
                let mut completed = which;
                completed[OXYGEN] = Some(on);
                complete(&of, &completed, on, 0, &mut |sum| {
                    (least, most) = (least.min(sum), most.max(sum));
                });
            }
            // A 3 is certain where the value is known and scores 3 whatever was breathed.
            let a_three = of.iter().zip(which).any(|(choices, place)| {
                let all = |place: usize| breathed.clone().all(|on| choices.points[place][on] == 3);
                place.is_some_and(all)
            });
            let found = scorer(&set, scale).ok();
            let unknown = which.map(|place| place.is_none());
            let right = |it: &Score| is_right(it, (least, most), &unknown, a_three);
            if !found.as_ref().is_some_and(right) {
                let told = format!("{set:?} on {scale:?}: {found:?}, not {least} to {most}");
                faults.push(Fault(told));
                if faults.len() == TOLD_AT_MOST {
                    return faults;
                }
            }
            at = next(&of, which);
        }
    }
    faults
}

fn is_right(it: &Score, (least, most): (u8, u8), unknown: &[bool; 7], a_three: bool) -> bool {
    let missing: Vec<Parameter> = Parameter::ALL
        .into_iter()
        .zip(unknown)
        .filter(|(_, unknown)| **unknown)
        .map(|(parameter, _)| parameter)
        .collect();
    let total = missing.is_empty().then_some(least);
    let response = if least >= 7 {
        Response::Emergency
    } else if least >= 5 {
        Response::Urgent
    } else if a_three {
        Response::UrgentWardReview
    } else if least >= 1 {
        Response::NurseAssesses
    } else {
        Response::Routine
    };
    (it.at_least, it.at_most, it.total) == (least, most, total)
        && it.missing == missing
        && it.response == response
}
