use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::entry::{Author, Means};
use crate::id::{BridgeId, DeviceId};
use crate::reading::{Consciousness, Doubt, ObservationSet, Source, Timing};
use crate::spo2::Pulse;
use crate::time::minutes;

const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);
const HALF_AN_HOUR: Duration = minutes(30);

/// A saturation and a pulse, so many minutes before noon.
fn finger(minutes_ago: u64, percent: u16, bpm: u16) -> Reading {
    let at = NOON.minus(minutes(minutes_ago));
    Reading {
        id: ReadingId(Uuid::from_u128(
            u128::from(minutes_ago) * 1000 + u128::from(percent),
        )),
        device: DeviceId(Uuid::from_u128(1)),
        bridge: BridgeId(Uuid::from_u128(2)),
        measured_at: at,
        received_at: at,
        effective_at: at,
        timing: Timing::ByAge,
        measured: Measured::Values(Values {
            spo2: Spo2::from_tenths(percent * 10).unwrap(),
            pulse: Pulse::from_tenths(bpm * 10),
            perfusion_hundredths: None,
            doubts: Vec::new(),
            window: None,
            observations: ObservationSet::default(),
        }),
        context: Context::Rest,
        source: Source::Oximeter,
    }
}

fn values(reading: &mut Reading) -> &mut Values {
    match &mut reading.measured {
        Measured::Values(values) => values,
        Measured::Attempt { .. } => panic!("no values"),
    }
}

/// What a nurse takes on a visit: everything, and all of it normal.
fn visit(minutes_ago: u64) -> Reading {
    let mut reading = finger(minutes_ago, 97, 70);
    reading.timing = Timing::Stated;
    reading.source = Source::ByHand {
        author: Author::Patient,
        means: Means::Visit,
    };
    values(&mut reading).observations = ObservationSet {
        respiration_rate: Some(16),
        systolic_bp: Some(125),
        diastolic_bp: Some(80),
        temperature_tenths: Some(368),
        consciousness: Some(Consciousness::Alert),
        oxygen: Some(Oxygen::Air),
    };
    reading
}

fn set(readings: &[Reading]) -> ObservedSet {
    news2_set(readings, Spo2Scale::One, HALF_AN_HOUR, NOON).unwrap()
}

#[test]
fn what_was_entered_together_is_one_set() {
    let whole = set(&[visit(10), finger(300, 80, 150)]);
    assert_eq!(
        (whole.from, whole.to),
        (NOON.minus(minutes(10)), NOON.minus(minutes(10)))
    );
    assert!(!whole.is_spread());
    assert_eq!(whole.readings, [visit(10).id]);
    let score = whole.score().unwrap();
    assert_eq!((score.total, score.missing), (Some(0), Vec::new()));
}

#[test]
fn values_further_apart_than_the_spread_are_never_one_set() {
    for (minutes_ago, complete) in [(29, true), (30, true), (31, false), (600, false)] {
        let it = set(&[finger(0, 90, 70), visit(minutes_ago)]);
        let score = it.score().unwrap();
        // The newest saturation counts, whatever stood in the older set.
        assert_eq!(score.subscores.spo2, Some(3), "{minutes_ago}");
        assert_eq!(score.total, complete.then_some(3), "{minutes_ago}");
        assert_eq!(it.is_spread(), complete, "{minutes_ago}");
        let from = if complete { minutes_ago } else { 0 };
        assert_eq!(
            (it.from, it.to),
            (NOON.minus(minutes(from)), NOON),
            "{minutes_ago}"
        );
    }
}

#[test]
fn the_spread_is_counted_from_the_newest_not_from_one_to_the_next() {
    let mut breaths = finger(25, 96, 70);
    values(&mut breaths).observations.respiration_rate = Some(30);
    let it = set(&[finger(0, 96, 70), breaths, visit(45)]);
    assert_eq!(it.observations.respiration_rate, Some(30));
    assert_eq!(it.observations.systolic_bp, None);
    assert_eq!(it.from, NOON.minus(minutes(25)));
}

#[test]
fn an_older_value_of_the_same_kind_is_no_part_of_the_set() {
    let it = set(&[finger(0, 93, 70), finger(5, 99, 60)]);
    assert_eq!(it.readings, [finger(0, 93, 70).id]);
    assert!(!it.is_spread());
}

#[test]
fn a_value_in_doubt_raises_and_never_calms() {
    let doubtful = |minutes_ago, percent| {
        let mut reading = finger(minutes_ago, percent, 70);
        values(&mut reading).pulse = None;
        values(&mut reading).doubts = vec![Doubt::PoorSignal];
        reading
    };
    // A doubtful low after a good one counts, and nothing is certain any more.
    let low = set(&[doubtful(0, 88), visit(10)]);
    let score = low.score().unwrap();
    assert_eq!(low.doubtful, [Parameter::Spo2]);
    assert_eq!((score.total, score.at_least, score.at_most), (None, 3, 3));
    // A doubtful good one after a low changes nothing.
    let mut ill = visit(10);
    values(&mut ill).spo2 = Spo2::from_percent(88.0).unwrap();
    let good = set(&[doubtful(0, 98), ill]);
    assert_eq!(
        (good.doubtful.len(), good.score().unwrap().total),
        (0, Some(3))
    );
    // Alone, it says nothing at all about what the saturation is.
    let alone = set(&[doubtful(0, 98)]).score().unwrap();
    assert_eq!((alone.at_least, alone.at_most), (0, 20));
    // Of two in doubt the worse one.
    let two = set(&[doubtful(0, 98), doubtful(3, 90)]);
    assert_eq!(two.observations.spo2, Spo2::from_percent(90.0));
}

#[test]
fn what_has_no_certain_time_is_combined_with_nothing() {
    let mut uncertain = visit(5);
    uncertain.timing = Timing::ByWallClock;
    let it = set(&[finger(0, 95, 70), uncertain.clone()]);
    assert_eq!(it.observations.respiration_rate, None);
    assert_eq!(it.readings.len(), 1);
    // As the newest it stands alone.
    let it = set(&[uncertain, finger(6, 95, 131)]);
    assert_eq!((it.readings.len(), it.observations.pulse), (1, Some(70)));
    let mut from_memory = visit(5);
    values(&mut from_memory).doubts = vec![Doubt::TimeNotKnown];
    assert_eq!(
        set(&[finger(0, 95, 70), from_memory])
            .observations
            .respiration_rate,
        None
    );
}

#[test]
fn an_exertion_test_an_attempt_and_what_is_still_to_come_are_no_observations() {
    let mut exertion = finger(1, 85, 140);
    exertion.context = Context::Exertion;
    let mut tried = finger(0, 85, 70);
    tried.measured = Measured::Attempt {
        reason: "no_finger".to_owned(),
    };
    let mut ahead = finger(0, 85, 70);
    ahead.effective_at = NOON.plus(minutes(1));
    let it = set(&[
        exertion.clone(),
        tried.clone(),
        ahead.clone(),
        finger(2, 97, 70),
    ]);
    assert_eq!(it.readings, [finger(2, 97, 70).id]);
    assert_eq!(
        news2_set(
            &[exertion, tried, ahead],
            Spo2Scale::One,
            HALF_AN_HOUR,
            NOON
        ),
        None
    );
    let mut recovery = finger(1, 93, 70);
    recovery.context = Context::Recovery;
    assert_eq!(set(&[recovery, visit(9)]).score().unwrap().total, Some(2));
}

/// What a reading may be, and whether it has each part.
fn any_reading() -> impl Strategy<Value = Reading> {
    let parts = (any::<[bool; 6]>(), 60..=100_u16, 30..200_u16, 0..120_u64);
    parts.prop_map(|(has, percent, bpm, minutes_ago)| {
        let mut reading = finger(minutes_ago, percent, bpm);
        let values = values(&mut reading);
        let [breaths, pressure, temperature, level, oxygen, doubt] = has;
        values.observations = ObservationSet {
            respiration_rate: breaths.then_some(bpm % 40),
            systolic_bp: pressure.then_some(80 + bpm),
            diastolic_bp: None,
            temperature_tenths: temperature.then_some(300 + percent),
            consciousness: level.then_some(Consciousness::Alert),
            oxygen: oxygen.then_some(Oxygen::Air),
        };
        if doubt {
            values.doubts = vec![Doubt::Motion];
        }
        reading
    })
}

type Sets = dyn Fn(&[Reading], Duration) -> Option<ObservedSet>;

/// Every value of a set stands in a reading of it, and none of these lies further from another than the spread.
fn holds_together(readings: &[Reading], spread: Duration, sets: &Sets) -> Result<(), String> {
    let Some(it) = sets(readings, spread) else {
        return if readings.is_empty() {
            Ok(())
        } else {
            Err("nothing of something".to_owned())
        };
    };
    let newest = readings.iter().map(|it| it.effective_at).max();
    if it.to < it.from
        || it.from.plus(spread) < it.to
        || newest.is_none_or(|at| it.from < at.minus(spread))
    {
        return Err(format!("from {:?} to {:?}", it.from, it.to));
    }
    let made_of: Vec<Reading> = readings
        .iter()
        .filter(|reading| it.readings.contains(&reading.id))
        .filter(|reading| (it.from..=it.to).contains(&reading.effective_at))
        .cloned()
        .collect();
    let any = |holds: &dyn Fn(&ObservationSet) -> bool| {
        made_of.iter().any(|reading| match &reading.measured {
            Measured::Values(values) => holds(&values.observations),
            Measured::Attempt { .. } => false,
        })
    };
    let seen = it.observations;
    let stands = (seen.respiration_rate.is_none()
        || any(&|of| of.respiration_rate == seen.respiration_rate))
        && (seen.systolic_bp.is_none() || any(&|of| of.systolic_bp == seen.systolic_bp))
        && (seen.temperature_tenths.is_none()
            || any(&|of| of.temperature_tenths == seen.temperature_tenths))
        && (seen.consciousness.is_none() || any(&|of| of.consciousness == seen.consciousness))
        && (seen.on_oxygen.is_none() || any(&|of| of.oxygen.is_some()));
    if !stands {
        return Err(format!("{seen:?} of {made_of:?}"));
    }
    let mut turned = readings.to_vec();
    turned.reverse();
    if sets(&turned, spread) != Some(it) {
        return Err("another order, another set".to_owned());
    }
    Ok(())
}

fn right(readings: &[Reading], spread: Duration) -> Option<ObservedSet> {
    news2_set(readings, Spo2Scale::Two, spread, NOON)
}

proptest! {
    #[test]
    fn a_set_is_of_one_time_whatever_came_in_and_in_whatever_order(
        readings in prop::collection::vec(any_reading(), 0..8), spread in 1..60_u64,
    ) {
        let told = holds_together(&readings, minutes(spread), &right);
        prop_assert!(told.is_ok(), "{told:?}");
    }
}

#[test]
fn sets_that_reach_too_far_or_take_what_comes_first_are_caught() {
    let readings = [finger(0, 95, 70), visit(50)];
    let too_far = |readings: &[Reading], spread: Duration| right(readings, spread * 2);
    assert!(holds_together(&readings, HALF_AN_HOUR, &right).is_ok());
    assert!(holds_together(&readings, HALF_AN_HOUR, &too_far).is_err());
    let first_come = |readings: &[Reading], spread: Duration| {
        let first = readings.first().cloned();
        right(first.as_slice(), spread)
    };
    assert!(holds_together(&[finger(0, 95, 70), visit(5)], HALF_AN_HOUR, &first_come).is_err());
}
