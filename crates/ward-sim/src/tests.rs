//! Each scenario on each device, through driver and settle, as the bridge does it.

use ward_oximeter::plx::{Collector, Request};
use ward_oximeter::{
    Driver, Family, Frame, Measurement, Outcome, Quality, Reason, Settle, SettleConfig, Source,
    family, uuids,
};

use crate::{Event, Habits, Model, Oximeter, Patient, Rhythm, Scenario};

const MODELS: [Model; 2] = [Model::Plx, Model::Pc60];
const SEEDS: [u64; 4] = [1, 2, 3, 1_000_003];

struct Night {
    readings: Vec<(u64, Measurement)>,
    attempts: Vec<Reason>,
}

/// Watches a device for so many seconds.
fn watch(mut oximeter: Oximeter, seconds: u64, low_limit_percent: u8) -> Night {
    let plan = family::choose(&oximeter.endpoints(), None).unwrap();
    let mut driver = Driver::new(plan.family);
    let mut settle = Settle::new(SettleConfig {
        low_limit_percent,
        accepts_unproven: false,
    });
    let mut night = Night {
        readings: Vec::new(),
        attempts: Vec::new(),
    };
    let mut last_ms = 0;
    for event in oximeter
        .by_ref()
        .take_while(|event| event.at_ms() < seconds * 1000)
    {
        let at_ms = event.at_ms();
        assert!(at_ms >= last_ms, "events come in order of time");
        let mut outcomes = settle.tick(at_ms);
        last_ms = at_ms;
        match event {
            Event::Connected { .. } => driver = Driver::new(plan.family),
            Event::Disconnected { .. } => outcomes.extend(settle.disconnected(at_ms)),
            Event::Packet(packet) => {
                assert!((1..=20).contains(&packet.bytes.len()));
                for frame in driver.decode(packet.characteristic, &packet.bytes) {
                    outcomes.extend(settle.push(&frame.unwrap(), at_ms));
                }
            }
        }
        for outcome in outcomes {
            match outcome {
                Outcome::Reading(reading) => night.readings.push((at_ms, reading)),
                Outcome::Attempt(attempt) => night.attempts.push(attempt.reason),
                Outcome::Waiting(_) => {}
            }
        }
    }
    night
}

fn device(model: Model, scenario: Scenario, seed: u64) -> Oximeter {
    Oximeter::new(model, Patient::new(scenario, seed), Habits::of(scenario))
}

fn everywhere(check: impl Fn(Model, u64)) {
    for model in MODELS {
        for seed in SEEDS {
            check(model, seed);
        }
    }
}

fn percent(reading: &Measurement) -> u16 {
    reading.value.spo2_tenths_percent / 10
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    everywhere(|model, seed| {
        let events = || {
            device(model, Scenario::PoorSignal, seed)
                .take(3_000)
                .collect::<Vec<_>>()
        };
        assert_eq!(events(), events());
    });
}

#[test]
fn a_device_is_recognised_by_what_is_found_on_it() {
    let family = |model| {
        family::choose(&device(model, Scenario::Stable, 1).endpoints(), None)
            .map(|plan| plan.family)
    };
    assert_eq!(MODELS.map(family), [Some(Family::Plx), Some(Family::Pc60)]);
}

#[test]
fn a_stable_patient_gives_settled_readings_at_each_spot_check() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::Stable, seed), 1_800, 92);
        assert!(night.readings.len() >= 3, "{model:?}");
        for (_, reading) in &night.readings {
            assert_eq!(reading.quality, Quality::Settled);
            assert!((95..=98).contains(&percent(reading)), "{reading:?}");
            assert!(reading.value.doubts.is_empty());
        }
        assert!(night.attempts.is_empty(), "{:?}", night.attempts);
    });
}

#[test]
fn a_spot_check_of_a_sig_device_comes_with_a_clock_that_was_never_set() {
    let night = watch(device(Model::Plx, Scenario::Stable, 1), 600, 92);
    let records: Vec<_> = night
        .readings
        .iter()
        .filter_map(|(_, reading)| match &reading.source {
            Source::SpotCheck(record) => Some(record),
            Source::Window { .. } => None,
        })
        .collect();
    let [record] = &records[..] else {
        panic!("{records:?}")
    };
    assert!(record.clock_not_set && !record.from_storage);
    assert_eq!(record.raw.len(), 19);
}

#[test]
fn a_sudden_fall_gives_a_low_reading_within_half_a_minute() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::SuddenFall, seed), 180, 92);
        let low = night
            .readings
            .iter()
            .find(|(_, reading)| percent(reading) <= 85);
        let (at_ms, _) = low.unwrap_or_else(|| panic!("{model:?} {seed}: {:?}", night.readings));
        assert!((60_000..100_000).contains(at_ms), "{at_ms}");
        assert!(percent(&night.readings[0].1) >= 95);
    });
}

#[test]
fn a_slow_fall_is_seen_going_down_and_under_the_limit() {
    everywhere(|model, seed| {
        // Four hours in eight minutes.
        let habits = Habits::of(Scenario::SlowFall).speed(30);
        let oximeter = Oximeter::new(model, Patient::new(Scenario::SlowFall, seed), habits);
        let night = watch(oximeter, 600, 92);
        let first = percent(&night.readings.first().unwrap().1);
        let last = percent(&night.readings.last().unwrap().1);
        assert!(first >= 95 && last <= 89, "{first} {last}");
    });
}

#[test]
fn a_clip_without_a_finger_gives_no_reading_and_says_so() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::FingerOut, seed), 1_300, 92);
        assert!(night.readings.is_empty());
        // Three sessions, one attempt each; the spot check of a SIG device does not come without a finger.
        assert!(
            night.attempts.len() >= 2
                && night
                    .attempts
                    .iter()
                    .all(|reason| *reason == Reason::NoFinger)
        );
    });
}

#[test]
fn a_poor_signal_gives_doubtful_readings_and_attempts_but_nothing_settled() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::PoorSignal, seed), 600, 92);
        assert!(!night.readings.is_empty() || !night.attempts.is_empty());
        for (_, reading) in &night.readings {
            assert_eq!(reading.quality, Quality::Unsettled, "{reading:?}");
            assert!(!reading.value.doubts.is_empty());
        }
    });
}

#[test]
fn a_patient_with_lung_disease_reads_around_ninety() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::Copd88To92, seed), 3_600, 85);
        assert!(night.readings.len() >= 6);
        assert!(
            night
                .readings
                .iter()
                .all(|(_, reading)| (88..=92).contains(&percent(reading)))
        );
    });
}

#[test]
fn a_recovering_patient_ends_higher_than_at_the_beginning() {
    everywhere(|model, seed| {
        // A day in an hour.
        let habits = Habits::of(Scenario::Recovering).speed(24);
        let night = watch(
            Oximeter::new(model, Patient::new(Scenario::Recovering, seed), habits),
            3_900,
            92,
        );
        let readings: Vec<_> = night
            .readings
            .iter()
            .map(|(_, reading)| percent(reading))
            .collect();
        assert!(
            readings.first().unwrap() + 3 <= *readings.last().unwrap(),
            "{readings:?}"
        );
    });
}

#[test]
fn a_racing_pulse_is_read_as_it_is() {
    everywhere(|model, seed| {
        let night = watch(device(model, Scenario::Tachycardic, seed), 300, 92);
        let pulse = night
            .readings
            .first()
            .unwrap()
            .1
            .value
            .pulse_tenths_bpm
            .unwrap();
        assert!((1_290..=1_410).contains(&pulse), "{pulse}");
    });
}

#[test]
fn who_stops_measuring_is_not_heard_of_again() {
    everywhere(|model, seed| {
        let mut oximeter = device(model, Scenario::StopsMeasuring, seed);
        let connected = oximeter
            .by_ref()
            .filter(|event| matches!(event, Event::Connected { .. }))
            .count();
        assert_eq!(connected, 2);
        assert_eq!(oximeter.next(), None);
    });
}

#[test]
fn repeated_values_after_the_finger_has_gone_are_not_taken_for_new_ones() {
    // Four seconds of finger: with the two repeats there would be enough for a reading.
    let rhythm = Rhythm::SpotChecks {
        first_s: 0,
        every_s: 60,
        lasts_s: 4,
        times: Some(1),
    };
    let habits = Habits::of(Scenario::Stable).rhythm(rhythm);
    let night = watch(
        Oximeter::new(Model::Pc60, Patient::new(Scenario::Stable, 1), habits),
        60,
        92,
    );
    assert!(night.readings.is_empty(), "{:?}", night.readings);
    assert_eq!(night.attempts, [Reason::TooShort]);
}

#[test]
fn the_memory_of_a_sig_device_is_asked_for_and_sent_once() {
    let mut oximeter = device(Model::Plx, Scenario::Stable, 5);
    let mut driver = Driver::new(Family::Plx);
    let mut collector = Collector::default();
    let features = driver.decode(
        uuids::PLX_FEATURES,
        &oximeter.read(uuids::PLX_FEATURES).unwrap(),
    );
    assert!(
        matches!(&features[..], [Ok(Frame::PlxFeatures(features))] if features.stores_spot_checks())
    );
    assert!(matches!(oximeter.next(), Some(Event::Connected { .. })));

    for (request, records) in [
        (Request::Count, 0),
        (Request::Report, 2),
        (Request::Report, 2),
    ] {
        collector.asked(request, 500);
        oximeter.write(uuids::RACP, &request.encode(), 500).unwrap();
        for event in oximeter.by_ref() {
            let Event::Packet(packet) = event else {
                panic!("{event:?}")
            };
            for frame in driver.decode(packet.characteristic, &packet.bytes) {
                match frame.unwrap() {
                    Frame::PlxSpotCheck { check, raw } => {
                        assert!(check.is_from_storage());
                        collector.record(&check, &raw, 500);
                    }
                    Frame::Racp(racp) => collector.answered(&racp, 500),
                    _ => {}
                }
            }
            if packet.characteristic == uuids::RACP {
                break;
            }
        }
        assert_eq!(collector.new_records(), records);
    }
    assert_eq!(collector.stored(), Some(2));
    assert!(collector.is_complete());
}
