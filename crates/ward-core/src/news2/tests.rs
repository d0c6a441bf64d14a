mod chart;
mod checks;

use chart::Chart;
use checks::{Fault, every_completion, every_value};

use super::*;
use crate::plan::Spo2Scale;

const SCALES: [Spo2Scale; 2] = [Spo2Scale::One, Spo2Scale::Two];

#[test]
fn every_value_of_every_parameter_scores_as_on_the_printed_chart() {
    assert_eq!(every_value(&Chart::printed(), &score), Vec::<Fault>::new());
}

#[test]
fn at_least_and_at_most_are_what_some_completion_scores_and_none_goes_beyond() {
    assert_eq!(
        every_completion(&Chart::printed(), &score),
        Vec::<Fault>::new()
    );
}

/// What a programmer may get wrong, and what the checks must say of it.
#[test]
fn a_seeded_fault_is_caught() {
    let chart = Chart::printed();
    let other = |scale| match scale {
        Spo2Scale::One => Spo2Scale::Two,
        Spo2Scale::Two => Spo2Scale::One,
    };
    let swapped =
        |set: &Observations, scale| score(set, other(scale)).map(|it| Score { scale, ..it });
    let as_normal = |set: &Observations, scale| {
        let mut it = score(set, scale)?;
        it.total = Some(it.at_least);
        it.at_most = it.at_least;
        Ok(it)
    };
    let forgets_oxygen = |set: &Observations, scale| {
        let on_air = Observations {
            on_oxygen: set.on_oxygen.map(|_| false),
            ..*set
        };
        score(&on_air, scale)
    };
    let takes_unknown_for_air = |set: &Observations, scale| {
        let on_air = Observations {
            on_oxygen: Some(set.on_oxygen.unwrap_or(false)),
            ..*set
        };
        let mut it = score(&on_air, scale)?;
        if set.on_oxygen.is_none() {
            it.total = None;
            it.at_most += 2;
            it.subscores.on_oxygen = None;
            it.missing = set.missing();
        }
        Ok(it)
    };
    let one_row_off = |set: &Observations, scale| {
        let moved = Observations {
            systolic_bp: set.systolic_bp.map(|it| if it == 219 { 220 } else { it }),
            ..*set
        };
        score(&moved, scale)
    };
    let loose = |set: &Observations, scale| {
        let mut it = score(set, scale)?;
        if it.total.is_none() {
            it.at_most += 1;
        }
        Ok(it)
    };
    let calmed = |set: &Observations, scale| {
        let mut it = score(set, scale)?;
        if it.total.is_none() {
            it.response = Response::Routine;
        }
        Ok(it)
    };
    type Scorer<'a> = &'a dyn Fn(&Observations, Spo2Scale) -> Result<Score, OutOfRange>;
    let by_value: [(&str, Scorer<'_>); 3] = [
        ("scale swapped", &swapped),
        ("oxygen forgotten", &forgets_oxygen),
        ("one value in the wrong band", &one_row_off),
    ];
    for (name, wrong) in by_value {
        assert_ne!(every_value(&chart, wrong), [], "{name}");
    }
    let by_completion: [(&str, Scorer<'_>); 6] = [
        ("scale swapped", &swapped),
        ("missing counted as 0", &as_normal),
        ("oxygen forgotten", &forgets_oxygen),
        ("unknown oxygen taken for air", &takes_unknown_for_air),
        ("a range that is not tight", &loose),
        ("calmed by what is missing", &calmed),
    ];
    for (name, wrong) in by_completion {
        assert_ne!(every_completion(&chart, wrong), [], "{name}");
    }
}

#[test]
fn a_chart_with_a_gap_or_an_overlap_is_not_taken_for_the_printed_one() {
    let printed = include_str!("chart.txt");
    for (right, wrong) in [("111..219", "111..218"), ("21..24", "20..24")] {
        assert!(printed.contains(right));
        let broken = Chart::parse(&printed.replace(right, wrong));
        let caught = std::panic::catch_unwind(|| every_value(&broken, &score));
        assert!(caught.is_err(), "{wrong}");
    }
}

fn whole_set() -> Observations {
    Observations {
        respiration_rate: Some(16),
        spo2: Spo2::from_percent(97.0),
        on_oxygen: Some(false),
        systolic_bp: Some(120),
        pulse: Some(70),
        consciousness: Some(Consciousness::Alert),
        temperature_tenths: Some(370),
    }
}

#[test]
fn a_set_of_saturation_and_pulse_alone_has_no_total() {
    let home = Observations {
        spo2: Spo2::from_percent(92.9),
        pulse: Some(95),
        ..Observations::default()
    };
    let it = score(&home, Spo2Scale::One).unwrap();
    // 92.9 is a 92. Unknown: 3 breaths, 2 oxygen, 3 pressure, 3 consciousness, 3 temperature.
    assert_eq!((it.total, it.at_least, it.at_most), (None, 3, 17));
    let names: Vec<&str> = it.missing.iter().map(|it| it.name()).collect();
    assert_eq!(
        names,
        [
            "respiration_rate",
            "on_oxygen",
            "systolic_bp",
            "consciousness",
            "temperature"
        ]
    );
    assert_eq!(it.response, Response::NurseAssesses);
}

#[test]
fn on_scale_two_unknown_oxygen_makes_a_high_saturation_a_range() {
    for (percent, at_most, known) in [
        (92.0, 2, Some(0)),
        (93.0, 3, None),
        (95.9, 4, None),
        (97.0, 5, None),
    ] {
        let set = Observations {
            spo2: Spo2::from_percent(percent),
            on_oxygen: None,
            ..whole_set()
        };
        let it = score(&set, Spo2Scale::Two).unwrap();
        assert_eq!(
            (it.total, it.at_least, it.at_most),
            (None, 0, at_most),
            "{percent}"
        );
        assert_eq!(it.subscores.spo2, known, "{percent}");
        assert_eq!(it.missing, [Parameter::OnOxygen], "{percent}");
    }
}

#[test]
fn the_response_is_read_from_what_is_certain() {
    let with = |change: &dyn Fn(&mut Observations)| {
        let mut set = whole_set();
        change(&mut set);
        score(&set, Spo2Scale::One).unwrap().response
    };
    assert_eq!(with(&|_| {}), Response::Routine);
    assert_eq!(with(&|set| set.pulse = Some(91)), Response::NurseAssesses);
    let four = |set: &mut Observations| (set.pulse, set.respiration_rate) = (Some(120), Some(22));
    assert_eq!(with(&four), Response::NurseAssesses);
    assert_eq!(
        with(&|set| set.pulse = Some(131)),
        Response::UrgentWardReview
    );
    assert_eq!(
        with(&|set| (set.pulse, set.systolic_bp) = (Some(131), Some(110))),
        Response::UrgentWardReview
    );
    assert_eq!(
        with(&|set| (set.pulse, set.systolic_bp) = (Some(131), Some(100))),
        Response::Urgent
    );
    assert_eq!(
        with(
            &|set| (set.pulse, set.systolic_bp, set.temperature_tenths) =
                (Some(131), Some(90), None)
        ),
        Response::Urgent
    );
    assert_eq!(
        with(&|set| (set.pulse, set.systolic_bp, set.respiration_rate) =
            (Some(131), Some(90), Some(9))),
        Response::Emergency
    );
    // A 3 that is certain stands, whatever is unknown beside it.
    let confused = Observations {
        consciousness: Some(Consciousness::Confusion),
        ..Observations::default()
    };
    let it = score(&confused, Spo2Scale::Two).unwrap();
    assert_eq!((it.at_least, it.response), (3, Response::UrgentWardReview));
}

#[test]
fn what_cannot_be_is_refused_and_named_not_moved_to_what_can() {
    type Set = fn(&mut Observations, u16);
    let edges: [(Parameter, u16, u16, Set); 4] = [
        (Parameter::RespirationRate, 0, 100, |set, it| {
            set.respiration_rate = Some(it);
        }),
        (Parameter::SystolicBp, 20, 300, |set, it| {
            set.systolic_bp = Some(it);
        }),
        (Parameter::Pulse, 20, 350, |set, it| set.pulse = Some(it)),
        (Parameter::Temperature, 250, 450, |set, it| {
            set.temperature_tenths = Some(it);
        }),
    ];
    for (parameter, from, to, put) in edges {
        for value in 0..=1000 {
            let mut set = Observations::default();
            put(&mut set, value);
            let refused = score(&set, Spo2Scale::One).err().map(|it| it.parameter);
            let expected = (!(from..=to).contains(&value)).then_some(parameter);
            assert_eq!(refused, expected, "{parameter:?} {value}");
        }
    }
    let hot = Observations {
        temperature_tenths: Some(451),
        ..Observations::default()
    };
    assert_eq!(
        score(&hot, Spo2Scale::One).unwrap_err().to_string(),
        "temperature must lie between 25 and 45"
    );
}

#[test]
fn a_fraction_counts_as_the_whole_number_beside_it_that_scores_more() {
    for (given, counts) in [
        (8.0, 8),
        (8.5, 8),
        (11.5, 11),
        (20.1, 21),
        (24.5, 25),
        (12.5, 12),
        (99.5, 99),
    ] {
        assert_eq!(respiration_rate_from(given), Ok(counts), "{given}");
    }
    for (given, counts) in [
        (90.9, 90),
        (100.5, 100),
        (110.5, 110),
        (219.1, 220),
        (150.5, 150),
    ] {
        assert_eq!(systolic_bp_from(given), Ok(counts), "{given}");
    }
    for (given, counts) in [
        (40.5, 40),
        (50.5, 50),
        (90.1, 91),
        (110.5, 111),
        (130.9, 131),
    ] {
        assert_eq!(pulse_from(given), Ok(counts), "{given}");
    }
}

/// Said without rounding: no fraction scores less than either number beside it.
#[test]
fn no_fraction_calms() {
    type From = fn(f64) -> Result<u16, OutOfRange>;
    let each: [(Parameter, From, &[table::Scores]); 3] = [
        (
            Parameter::RespirationRate,
            respiration_rate_from,
            table::of_respiration_rate(),
        ),
        (
            Parameter::SystolicBp,
            systolic_bp_from,
            table::of_systolic_bp(),
        ),
        (Parameter::Pulse, pulse_from, table::of_pulse()),
    ];
    for (parameter, from, rows) in each {
        let (least, most) = taken(parameter).unwrap();
        for whole in least..most {
            let scored = |value| table::points(rows, value, false);
            let worse = scored(whole).max(scored(whole + 1));
            for hundredths in 1..100 {
                let value = f64::from(whole) + f64::from(hundredths) / 100.0;
                assert_eq!(scored(from(value).unwrap()), worse, "{parameter:?} {value}");
            }
            assert_eq!(from(f64::from(whole)), Ok(whole));
        }
    }
}

#[test]
fn a_temperature_is_rounded_once_to_a_tenth_and_a_half_goes_up() {
    for tenths in 250..450_u16 {
        for hundredths in 0..10_u16 {
            // As it is typed, so that the test has the same binary fractions as a keyboard.
            let typed = format!("{}.{}{hundredths}", tenths / 10, tenths % 10);
            let expected = tenths + u16::from(hundredths >= 5);
            assert_eq!(
                temperature_from(typed.parse().unwrap()),
                Ok(expected),
                "{typed}"
            );
        }
    }
    assert_eq!(temperature_from(38.049_999), Ok(380));
    assert_eq!(temperature_from(45.0), Ok(450));
}

#[test]
fn the_range_is_looked_at_before_anything_is_rounded() {
    for celsius in [24.96, 45.04, 451.0, f64::NAN, f64::INFINITY, -1.0] {
        assert!(temperature_from(celsius).is_err(), "{celsius}");
    }
    for spo2 in [0.9, 100.01, f64::NAN] {
        assert!(spo2_from(spo2).is_err(), "{spo2}");
    }
    assert!(respiration_rate_from(-0.1).is_err() && respiration_rate_from(100.1).is_err());
    assert!(systolic_bp_from(19.9).is_err() && systolic_bp_from(300.5).is_err());
    assert!(pulse_from(19.99).is_err() && pulse_from(350.1).is_err());
    assert_eq!(spo2_from(91.99).unwrap().whole_percent(), 91);
}

#[test]
fn nobody_under_sixteen_is_scored() {
    let born = BirthDate("2010-11-22".parse().unwrap());
    let on = |day: &str| suits(born, day.parse().unwrap());
    assert_eq!(on("2026-11-21"), Err(TooYoung { age: 15 }));
    assert_eq!(on("2026-11-22"), Ok(()));
}

#[test]
fn a_score_survives_the_store_and_its_response_has_one_name() {
    let it = score(&Observations::default(), Spo2Scale::Two).unwrap();
    let text = serde_json::to_string(&it).unwrap();
    assert_eq!(serde_json::from_str::<Score>(&text).unwrap(), it);
    for response in [
        Response::Routine,
        Response::NurseAssesses,
        Response::UrgentWardReview,
        Response::Urgent,
        Response::Emergency,
    ] {
        assert_eq!(serde_json::to_value(response).unwrap(), response.name());
    }
    for parameter in Parameter::ALL {
        assert_eq!(serde_json::to_value(parameter).unwrap(), parameter.name());
    }
}
