use proptest::prelude::*;

use super::*;
use crate::driver::Driver;
use crate::family::Family;
use crate::plx::{Continuous, DeviceStatus, MeasurementStatus, Pair};
use crate::sfloat::{Decimal, Sfloat, Special};
use crate::uuids;

const LIMIT: SettleConfig = SettleConfig {
    low_limit_percent: 92,
    accepts_unproven: false,
};
pub(super) const NOT_A_NUMBER: Sfloat = Sfloat::Special(Special::NotANumber);

pub(super) fn tenths(value: u16) -> Sfloat {
    Sfloat::Number(Decimal {
        mantissa: i16::try_from(value).unwrap(),
        exponent: -1,
    })
}

pub(super) fn live(spo2: Sfloat, pulse: Sfloat, device: DeviceStatus) -> Frame {
    Frame::PlxContinuous(Continuous {
        flags: 0x08,
        normal: Pair { spo2, pulse },
        fast: None,
        slow: None,
        measurement_status: None,
        device_status: Some(device),
        pulse_amplitude_index: None,
        trailing: 0,
    })
}

pub(super) fn spo2(value: u16) -> Frame {
    live(tenths(value), tenths(780), DeviceStatus::default())
}

pub(super) fn no_finger() -> Frame {
    live(
        NOT_A_NUMBER,
        NOT_A_NUMBER,
        DeviceStatus::SENSOR_UNCONNECTED_TO_USER,
    )
}

/// A settle, and all that came out of it with the time it came.
pub(super) struct Bedside {
    pub(super) settle: Settle,
    pub(super) outcomes: Vec<(u64, Outcome)>,
}

impl Bedside {
    pub(super) fn new() -> Self {
        Self {
            settle: Settle::new(LIMIT),
            outcomes: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, at_ms: u64, frame: &Frame) {
        self.outcomes.extend(
            self.settle
                .push(frame, at_ms)
                .into_iter()
                .map(|outcome| (at_ms, outcome)),
        );
    }

    pub(super) fn disconnect(&mut self, at_ms: u64) {
        self.outcomes.extend(
            self.settle
                .disconnected(at_ms)
                .into_iter()
                .map(|outcome| (at_ms, outcome)),
        );
    }

    fn tick(&mut self, at_ms: u64) {
        self.outcomes.extend(
            self.settle
                .tick(at_ms)
                .into_iter()
                .map(|outcome| (at_ms, outcome)),
        );
    }

    /// Once a second from `from` up to, not with, `until`.
    pub(super) fn seconds(&mut self, from: u64, until: u64, frame: impl Fn(u64) -> Frame) {
        for second in from..until {
            self.push(second * 1000, &frame(second));
        }
    }

    /// Second, tenths of a percent, quality.
    pub(super) fn readings(&self) -> Vec<(u64, u16, Quality)> {
        self.measurements()
            .map(|(at_ms, reading)| {
                (
                    at_ms / 1000,
                    reading.value.spo2_tenths_percent,
                    reading.quality,
                )
            })
            .collect()
    }

    pub(super) fn measurements(&self) -> impl Iterator<Item = (u64, &Measurement)> {
        self.outcomes
            .iter()
            .filter_map(|(at_ms, outcome)| match outcome {
                Outcome::Reading(reading) => Some((*at_ms, reading)),
                Outcome::Attempt(_) | Outcome::Waiting(_) => None,
            })
    }

    fn attempts(&self) -> Vec<(u64, Reason)> {
        self.outcomes
            .iter()
            .filter_map(|(at_ms, outcome)| match outcome {
                Outcome::Attempt(attempt) => Some((at_ms / 1000, attempt.reason)),
                Outcome::Reading(_) | Outcome::Waiting(_) => None,
            })
            .collect()
    }
}

use Quality::{Settled, Unsettled};

fn spot(hex: &[u8]) -> Vec<Outcome> {
    let mut settle = Settle::new(LIMIT);
    let frames = Driver::new(Family::Plx).decode(uuids::PLX_SPOT_CHECK, hex);
    frames
        .into_iter()
        .flat_map(|frame| settle.push(&frame.unwrap(), 5_000))
        .collect()
}

#[test]
fn a_spot_check_is_a_reading_at_once_with_its_bytes_and_its_clock() {
    let raw = [
        0x17, 0x61, 0, 0x60, 0, 0xE1, 7, 1, 1, 1, 0x22, 0x13, 0x20, 0, 0x20, 0, 0,
    ];
    let outcomes = spot(&raw);
    let [Outcome::Reading(reading)] = &outcomes[..] else {
        panic!("{outcomes:?}")
    };
    assert_eq!(
        (
            reading.value.spo2_tenths_percent,
            reading.value.pulse_tenths_bpm
        ),
        (970, Some(960))
    );
    assert_eq!(
        reading.value.doubts.names().collect::<Vec<_>>(),
        ["low_perfusion"]
    );
    let Source::SpotCheck(record) = &reading.source else {
        panic!("{reading:?}")
    };
    assert_eq!(record.raw, raw);
    assert!(record.clock_not_set && !record.from_storage);
    assert_eq!(
        record.device_time.unwrap().to_string(),
        "2017-01-01T01:34:19"
    );
}

#[test]
fn a_spot_check_that_is_no_patients_value_is_an_attempt_with_its_reason() {
    let outcomes = spot(&[2, 98, 0, 72, 0, 0, 4]);
    assert!(matches!(
        &outcomes[..],
        [Outcome::Attempt(Attempt {
            reason: Reason::Demonstration,
            samples: 1,
            ..
        })]
    ));
}

#[test]
fn a_quiet_finger_gives_one_settled_reading_and_one_each_minute() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 200, |second| {
        spo2(970 + u16::try_from(second % 3).unwrap())
    });
    assert_eq!(
        bedside.readings(),
        [
            (13, 971, Settled),
            (73, 971, Settled),
            (133, 971, Settled),
            (193, 971, Settled)
        ]
    );
}

#[test]
fn a_reading_carries_how_long_the_saturation_stood_at_each_percent() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 14, |second| spo2(if second < 4 { 979 } else { 960 }));
    let (_, reading) = bedside.measurements().next().unwrap();
    let Source::Window {
        summary: Some(summary),
    } = &reading.source
    else {
        panic!("{reading:?}")
    };
    let stood: Vec<_> = summary
        .time_at
        .iter()
        .map(|at| (at.percent, at.millis))
        .collect();
    assert_eq!(stood, [(96, 6_000), (97, 4_000)]);
}

#[test]
fn a_wavering_signal_is_given_unsettled_after_forty_seconds_and_a_settled_one_follows() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 45, |second| {
        spo2(if second % 2 == 0 { 950 } else { 990 })
    });
    bedside.seconds(45, 60, |_| spo2(970));
    assert_eq!(
        bedside.readings(),
        [(40, 990, Unsettled), (57, 970, Settled)]
    );
    let (_, first) = bedside.measurements().next().unwrap();
    assert!(first.value.doubts.has(Doubts::UNSETTLED));
}

#[test]
fn fifteen_seconds_under_the_limit_do_not_wait_for_the_minute() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 20, |_| spo2(960));
    bedside.seconds(20, 36, |second| {
        spo2(if second % 2 == 0 { 880 } else { 920 })
    });
    assert_eq!(
        bedside.readings(),
        [(13, 960, Settled), (35, 920, Unsettled)]
    );
}

#[test]
fn a_stable_low_after_a_good_reading_is_given_as_soon_as_it_is_ripe() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 20, |_| spo2(960));
    bedside.seconds(20, 40, |_| spo2(880));
    assert_eq!(bedside.readings(), [(13, 960, Settled), (33, 880, Settled)]);
}

#[test]
fn a_further_fall_under_the_limit_speaks_again() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 20, |_| spo2(910));
    bedside.seconds(20, 40, |_| spo2(850));
    assert_eq!(
        bedside.readings(),
        [(13, 910, Settled), (25, 850, Unsettled), (33, 850, Settled)]
    );
}

#[test]
fn a_limit_is_judged_in_whole_percent_rounded_down() {
    let low_at = |value| {
        let mut bedside = Bedside::new();
        bedside.seconds(0, 20, |_| spo2(960));
        bedside.seconds(20, 40, |_| spo2(value));
        bedside.readings().len()
    };
    assert_eq!((low_at(931), low_at(929)), (1, 2));
}

#[test]
fn the_last_three_seconds_before_finger_out_do_not_count() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 10, |_| spo2(970));
    bedside.seconds(10, 13, |_| spo2(800));
    bedside.push(13_000, &no_finger());
    // Ten seconds of 97, and what came after is what the device made of an empty clip.
    assert_eq!(bedside.readings(), [(13, 970, Unsettled)]);
}

#[test]
fn an_episode_of_fewer_than_five_ripe_values_is_an_attempt() {
    let mut bedside = Bedside::new();
    bedside.push(0, &no_finger());
    bedside.seconds(0, 7, |_| spo2(970));
    bedside.push(6_500, &no_finger());
    assert_eq!(
        (bedside.readings(), bedside.attempts()),
        (vec![], vec![(6, Reason::TooShort)])
    );
    let mut bedside = Bedside::new();
    bedside.seconds(0, 8, |_| spo2(970));
    bedside.push(7_500, &no_finger());
    assert_eq!(bedside.readings(), [(7, 970, Unsettled)]);
}

#[test]
fn after_a_settled_reading_a_good_end_adds_nothing_and_a_low_end_speaks() {
    for (end, expected) in [(960, 1), (910, 2)] {
        let mut bedside = Bedside::new();
        bedside.seconds(0, 20, |_| spo2(960));
        bedside.seconds(20, 28, |_| spo2(end));
        bedside.disconnect(28_000);
        assert_eq!(bedside.readings().len(), expected);
    }
}

#[test]
fn a_stream_that_falls_silent_ends_its_episode() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 10, |_| spo2(900));
    bedside.tick(18_999);
    assert!(bedside.readings().is_empty());
    bedside.tick(19_000);
    assert_eq!(bedside.readings(), [(19, 900, Unsettled)]);
    assert_eq!(bedside.settle.waiting(), Waiting::NoData);
}

#[test]
fn a_device_that_only_stops_sending_numbers_ends_its_episode_too() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 10, |_| spo2(960));
    bedside.seconds(10, 120, |_| {
        live(NOT_A_NUMBER, NOT_A_NUMBER, DeviceStatus::default())
    });
    assert_eq!(
        (bedside.readings(), bedside.attempts()),
        (vec![(20, 960, Unsettled)], vec![])
    );
}

#[test]
fn a_connection_without_a_finger_is_one_attempt() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 300, |_| no_finger());
    assert_eq!((bedside.readings(), bedside.attempts()), (vec![], vec![]));
    bedside.disconnect(300_000);
    assert_eq!(bedside.attempts(), [(300, Reason::NoFinger)]);
}

#[test]
fn a_finger_that_leaves_after_a_reading_is_no_attempt() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 20, |_| spo2(960));
    bedside.seconds(20, 100, |_| no_finger());
    bedside.disconnect(100_000);
    assert_eq!((bedside.readings().len(), bedside.attempts()), (1, vec![]));
}

#[test]
fn a_demonstration_never_becomes_a_reading() {
    let mut bedside = Bedside::new();
    let mut frame = spo2(800);
    if let Frame::PlxContinuous(live) = &mut frame {
        live.measurement_status = Some(MeasurementStatus::DEMONSTRATION);
    }
    bedside.seconds(0, 120, |_| frame.clone());
    assert!(bedside.readings().is_empty());
    assert_eq!(
        bedside.attempts(),
        [(40, Reason::Demonstration), (100, Reason::Demonstration)]
    );
}

#[test]
fn a_poor_signal_is_given_unsettled_with_its_mark() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 41, |_| {
        live(tenths(900), tenths(780), DeviceStatus::POOR_SIGNAL)
    });
    let (_, reading) = bedside.measurements().next().unwrap();
    assert_eq!(
        reading.value.doubts.names().collect::<Vec<_>>(),
        ["poor_signal", "unsettled"]
    );
}

#[test]
fn a_low_without_a_usable_pulse_is_still_given() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 16, |_| {
        live(tenths(840), NOT_A_NUMBER, DeviceStatus::default())
    });
    let (at_ms, reading) = bedside.measurements().next().unwrap();
    assert_eq!(
        (
            at_ms,
            reading.value.spo2_tenths_percent,
            reading.value.pulse_tenths_bpm
        ),
        (15_000, 840, None)
    );
    assert!(reading.value.doubts.has(Doubts::PULSE_UNUSABLE));
}

fn pc60(settle: &mut Settle, driver: &mut Driver, at_ms: u64, bytes: &[u8]) -> Vec<Outcome> {
    let frames = driver.decode(uuids::NORDIC_UART_NOTIFY, bytes);
    frames
        .into_iter()
        .flat_map(|frame| settle.push(&frame.unwrap(), at_ms))
        .collect()
}

pub(super) fn with_checksum(frame: &[u8]) -> Vec<u8> {
    [frame, &[crate::pc60::checksum(frame)]].concat()
}

#[test]
fn the_result_of_a_spot_measurement_is_given_once_and_not_a_window_before_it() {
    let (mut settle, mut driver) = (Settle::new(LIMIT), Driver::new(Family::Pc60));
    let parameters = with_checksum(&[0xAA, 0x55, 0x0F, 8, 1, 97, 72, 0, 50, 0, 0x40]);
    let mut readings = Vec::new();
    for second in 0..40_u8 {
        let (stage, first, next) = if second < 30 {
            (2, 30 - second, 0)
        } else {
            (3, 97, 72)
        };
        let working = with_checksum(&[0xAA, 0x55, 0x0F, 6, 0x21, 1, stage, first, next]);
        let bytes = [&working[..], &parameters].concat();
        for outcome in pc60(&mut settle, &mut driver, u64::from(second) * 1000, &bytes) {
            if let Outcome::Reading(reading) = outcome {
                readings.push((second, reading.value.spo2_tenths_percent, reading.source));
            }
        }
    }
    assert!(
        matches!(&readings[..], [(30, 970, Source::SpotCheck(_))]),
        "{readings:?}"
    );
}

#[test]
fn values_repeated_beside_a_flat_wave_are_doubted() {
    let (mut settle, mut driver) = (Settle::new(LIMIT), Driver::new(Family::Pc60));
    let parameters = with_checksum(&[0xAA, 0x55, 0x0F, 8, 1, 97, 78, 0, 112, 0, 0x40]);
    let flat = with_checksum(&[0xAA, 0x55, 0x0F, 7, 2, 0, 0, 0, 0, 0]);
    let second = [&flat.repeat(10)[..], &parameters].concat();
    let outcomes: Vec<_> = (0..60)
        .flat_map(|at| pc60(&mut settle, &mut driver, at * 1000, &second))
        .collect();
    let doubts = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Reading(reading) => Some(reading.value.doubts),
        Outcome::Attempt(_) | Outcome::Waiting(_) => None,
    });
    assert_eq!(
        doubts.unwrap().names().collect::<Vec<_>>(),
        ["poor_signal", "unsettled"]
    );
}

#[test]
fn what_it_waits_for_is_said_once_for_each_change() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 3, |_| no_finger());
    bedside.seconds(3, 20, |_| spo2(960));
    bedside.disconnect(20_000);
    let said: Vec<_> = bedside
        .outcomes
        .iter()
        .filter_map(|(_, outcome)| match outcome {
            Outcome::Waiting(waiting) => Some(*waiting),
            Outcome::Reading(_) | Outcome::Attempt(_) => None,
        })
        .collect();
    let expected = [
        Waiting::Unusable(Reason::NoFinger),
        Waiting::Settling,
        Waiting::NextMinute,
        Waiting::NoData,
    ];
    assert_eq!(said, expected);
}

/// How the finger, or the device, goes.
#[derive(Clone, Copy, Debug)]
enum End {
    FingerOut,
    Disconnect,
    Silence,
    NoNumbers,
}

/// A patient at 96 % who falls to 84 %, and how it is measured.
#[derive(Clone, Copy, Debug)]
struct Fall {
    period_ms: u64,
    phase_ms: u64,
    begins_ms: u64,
    takes_ms: u64,
    stays_ms: u64,
    whole_percent: bool,
    poor_signal: bool,
    end: End,
}

impl Fall {
    const DEPTH_TENTHS: u64 = 120;

    fn ends_ms(self) -> u64 {
        self.begins_ms + self.takes_ms + self.stays_ms
    }

    fn spo2_tenths(self, at_ms: u64) -> u16 {
        let into_ms = at_ms.saturating_sub(self.begins_ms).min(self.takes_ms);
        let exact = 960 - u16::try_from(Self::DEPTH_TENTHS * into_ms / self.takes_ms).unwrap();
        if self.whole_percent {
            (exact + 5) / 10 * 10
        } else {
            exact
        }
    }

    fn watch(self) -> Bedside {
        let mut bedside = Bedside::new();
        let mut at_ms = self.phase_ms;
        while at_ms < self.ends_ms() {
            let fallen = self.poor_signal && at_ms >= self.begins_ms;
            let status = if fallen {
                DeviceStatus::POOR_SIGNAL
            } else {
                DeviceStatus::default()
            };
            bedside.push(
                at_ms,
                &live(tenths(self.spo2_tenths(at_ms)), tenths(780), status),
            );
            at_ms += self.period_ms;
        }
        let end_ms = self.ends_ms();
        match self.end {
            End::FingerOut => bedside.push(at_ms, &no_finger()),
            End::Disconnect => bedside.disconnect(end_ms),
            End::Silence => bedside.tick(end_ms + 12_000),
            End::NoNumbers => {
                let nothing = live(NOT_A_NUMBER, NOT_A_NUMBER, DeviceStatus::default());
                (0..15).for_each(|n| bedside.push(at_ms + n * 1_000, &nothing));
            }
        }
        bedside
    }
}

fn falls() -> impl Strategy<Value = Fall> {
    let end = prop_oneof![
        Just(End::FingerOut),
        Just(End::Disconnect),
        Just(End::Silence),
        Just(End::NoNumbers)
    ];
    // Many at the very beginning and at the very end of an episode: there they hide best.
    let begins_ms = prop_oneof![0_u64..20_000, 0_u64..130_000];
    let takes_ms = prop_oneof![Just(10_000_u64), 1_000_u64..=10_000];
    let stays_ms = prop_oneof![Just(0_u64), 0_u64..60_000];
    let shape = (500_u64..=2_000, 0_u64..2_000, begins_ms, takes_ms, stays_ms);
    (shape, any::<bool>(), any::<bool>(), end).prop_map(
        |(
            (period_ms, phase_ms, begins_ms, takes_ms, stays_ms),
            whole_percent,
            poor_signal,
            end,
        )| {
            // The finger stays for ten seconds of the fall, and for the five ripe values of the shortest episode.
            let least_ms = (10_000 - takes_ms).max(16_000_u64.saturating_sub(begins_ms + takes_ms));
            let stays_ms = stays_ms.max(least_ms);
            Fall {
                period_ms,
                phase_ms,
                begins_ms,
                takes_ms,
                stays_ms,
                whole_percent,
                poor_signal,
                end,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_fall_from_96_to_84_within_ten_seconds_is_never_missed(fall in falls()) {
        let readings = fall.watch().readings();
        prop_assert!(readings.iter().any(|(_, spo2, _)| *spo2 <= 930), "{:?}", readings);
    }

    #[test]
    fn a_fall_that_lasts_is_given_within_twenty_seconds_and_near_its_bottom(fall in falls()) {
        let fall = Fall { stays_ms: fall.stays_ms.max(20_000), ..fall };
        let deadline_s = (fall.begins_ms + fall.takes_ms + 20_000) / 1000;
        let readings = fall.watch().readings();
        prop_assert!(readings.iter().any(|(at_s, spo2, _)| *at_s <= deadline_s && *spo2 <= 870), "{:?}", readings);
    }

    #[test]
    fn a_quiet_patient_is_read_no_more_than_once_a_minute(
        period_ms in 500_u64..=2_000,
        minutes in 1_u64..10,
        values in prop::collection::vec(960_u16..=978, 1..50),
    ) {
        let mut bedside = Bedside::new();
        let samples = minutes * 60_000 / period_ms;
        for (number, value) in (0..samples).zip(values.iter().cycle()) {
            bedside.push(number * period_ms, &spo2(*value));
        }
        bedside.push(samples * period_ms, &no_finger());
        let readings = bedside.readings();
        let most = usize::try_from(minutes).unwrap() + 1;
        prop_assert!((1..=most).contains(&readings.len()), "{:?}", readings);
        prop_assert!(readings.iter().all(|(_, _, quality)| *quality == Settled), "{:?}", readings);
    }

    #[test]
    fn nothing_that_comes_at_any_time_makes_it_panic(
        limit: u8,
        steps in prop::collection::vec((0_u8..8, prop::collection::vec(any::<u8>(), 0..24), any::<u64>(), any::<bool>()), 0..200),
    ) {
        let mut settle = Settle::new(SettleConfig { low_limit_percent: limit, accepts_unproven: false });
        let (mut plx, mut pc60) = (Driver::new(Family::Plx), Driver::new(Family::Pc60));
        let mut now_ms = 0_u64;
        for (step, mut bytes, time, jump) in steps {
            now_ms = if jump { time } else { now_ms.saturating_add(time % 5_000) };
            let frames = match step {
                0 => { settle.tick(now_ms); continue }
                1 => { settle.disconnected(now_ms); continue }
                2 | 3 => plx.decode(uuids::PLX_SPOT_CHECK, &bytes),
                4 | 5 => plx.decode(uuids::PLX_CONTINUOUS, &bytes),
                // Often a good frame: random bytes seldom have the right checksum.
                6 => {
                    bytes.truncate(12);
                    let length = u8::try_from(bytes.len() + 2).unwrap();
                    let kind = [1, 2, 3, 0x21][usize::from(limit % 4)];
                    let frame = [&[0xAA, 0x55, 0x0F, length, kind], &bytes[..]].concat();
                    pc60.decode(uuids::NORDIC_UART_NOTIFY, &with_checksum(&frame))
                }
                _ => pc60.decode(uuids::NORDIC_UART_NOTIFY, &bytes),
            };
            for frame in frames.into_iter().flatten() {
                for outcome in settle.push(&frame, now_ms) {
                    if let Outcome::Reading(reading) = outcome {
                        prop_assert!((10..=1000).contains(&reading.value.spo2_tenths_percent));
                        prop_assert!(reading.began_ms <= reading.ended_ms);
                    }
                }
            }
        }
    }
}

/// What a family of thin evidence says in a minute: samples, and a final of its own.
fn unproven_minute(accepts_unproven: bool) -> Vec<Outcome> {
    let config = SettleConfig {
        accepts_unproven,
        ..LIMIT
    };
    let mut settle = Settle::new(config);
    let value = crate::judge::whole_numbers(71, Some(80), None, Doubts::NONE);
    let last = Meaning::Final(value, Record::default());
    let mut outcomes = settle.take(vec![last], true, 0);
    for second in 1..60 {
        outcomes.extend(settle.take(vec![Meaning::Sample(value)], true, second * 1_000));
    }
    outcomes.extend(settle.disconnected(60_000));
    outcomes.retain(|outcome| !matches!(outcome, Outcome::Waiting(_)));
    outcomes
}

#[test]
fn an_unproven_value_is_an_attempt_that_says_so_until_it_is_accepted() {
    let refused = unproven_minute(false);
    assert!(refused.len() >= 2, "{refused:?}");
    for outcome in &refused {
        assert!(
            matches!(outcome, Outcome::Attempt(attempt) if attempt.reason == Reason::Unproven),
            "{outcome:?}"
        );
    }
    let accepted = unproven_minute(true);
    assert!(accepted.len() >= 2);
    for outcome in &accepted {
        assert!(
            matches!(outcome, Outcome::Reading(reading) if reading.value.spo2_tenths_percent == 710),
            "{outcome:?}"
        );
    }
}

#[test]
fn what_the_specification_or_captures_prove_needs_no_acceptance() {
    assert!(!spo2(970).is_unproven() && !no_finger().is_unproven());
}
