//! What a reading says of the whole window since the one before.

use proptest::prelude::*;

use super::Quality::{Settled, Unsettled};
use super::tests::{Bedside, NOT_A_NUMBER, live, no_finger, spo2, tenths, with_checksum};
use super::*;
use crate::driver::Driver;
use crate::family::Family;
use crate::plx::DeviceStatus;
use crate::uuids;

impl Bedside {
    fn summaries(&self) -> Vec<&WindowSummary> {
        self.measurements()
            .filter_map(|(_, reading)| match &reading.source {
                Source::Window { summary } => summary.as_ref(),
                Source::SpotCheck(_) => None,
            })
            .collect()
    }
}

fn seconds_at(summary: &WindowSummary) -> Vec<(u8, u32)> {
    let at = summary.time_at.iter();
    at.map(|at| (at.percent, at.millis / 1000)).collect()
}

#[test]
fn the_regular_reading_is_the_median_of_its_whole_minute() {
    let mut bedside = Bedside::new();
    // Twenty good seconds at the end, forty less good ones before them: none of it is news.
    bedside.seconds(0, 100, |second| {
        spo2(if (12..52).contains(&second) { 950 } else { 970 })
    });
    assert_eq!(bedside.readings(), [(13, 970, Settled), (73, 950, Settled)]);
    let summaries = bedside.summaries();
    let [first, minute] = summaries[..] else {
        panic!("{summaries:?}")
    };
    assert_eq!(
        (first.length_ms, seconds_at(first)),
        (10_000, vec![(97, 10)])
    );
    assert_eq!(
        (minute.length_ms, seconds_at(minute)),
        (60_000, vec![(95, 40), (97, 20)])
    );
    assert_eq!(
        (
            minute.min_tenths_percent,
            minute.median_tenths_percent,
            minute.max_tenths_percent
        ),
        (950, 950, 970)
    );
    let (_, reading) = bedside.measurements().nth(1).unwrap();
    assert_eq!((reading.began_ms, reading.ended_ms), (10_000, 70_000));
}

#[test]
fn a_low_at_the_end_of_a_good_minute_after_a_low_is_not_hidden_by_its_median() {
    let mut bedside = Bedside::new();
    // Low, good for most of the minute, and low again too late for the fifteen seconds.
    bedside.seconds(0, 74, |second| {
        spo2(if (14..58).contains(&second) { 960 } else { 910 })
    });
    let readings = bedside.readings();
    assert_eq!(readings[0], (13, 910, Settled));
    assert!(readings[1..].iter().all(|(_, spo2, _)| *spo2 == 910));
    assert!(readings.len() > 1);
    // Its summary says what the minute was like.
    let summaries = bedside.summaries();
    assert_eq!(summaries[1].max_tenths_percent, 960);
}

#[test]
fn a_low_that_comes_back_within_the_minute_closes_it_early_again() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 40, |second| {
        spo2(if (14..20).contains(&second) { 950 } else { 910 })
    });
    let readings = bedside.readings();
    assert_eq!(readings, [(13, 910, Settled), (35, 910, Settled)]);
}

#[test]
fn a_fall_after_a_minute_is_measured_by_its_end_too() {
    let mut bedside = Bedside::new();
    // A median of 94, and 97 in its last seconds; then 94, which is three points lower than those.
    bedside.seconds(0, 100, |second| {
        spo2(match second {
            12..52 => 940,
            74.. => 940,
            _ => 960,
        })
    });
    assert_eq!(bedside.readings()[1], (73, 940, Settled));
    assert_eq!(bedside.readings().len(), 2);
    let mut bedside = Bedside::new();
    bedside.seconds(0, 100, |second| {
        spo2(match second {
            12..52 | 74.. => 940,
            _ => 970,
        })
    });
    let late: Vec<_> = bedside
        .readings()
        .into_iter()
        .filter(|(at, ..)| *at > 80)
        .collect();
    assert!(
        late.iter().any(|(at, spo2, _)| *at < 90 && *spo2 == 940),
        "{late:?}"
    );
}

#[test]
fn an_early_closing_has_the_value_of_its_last_seconds_and_the_summary_of_all() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 44, |second| spo2(if second < 28 { 970 } else { 880 }));
    assert_eq!(bedside.readings(), [(13, 970, Settled), (41, 880, Settled)]);
    let early = bedside.summaries()[1];
    assert_eq!(
        (early.length_ms, early.median_tenths_percent),
        (28_000, 970)
    );
    assert_eq!(seconds_at(early), [(88, 10), (97, 18)]);
}

#[test]
fn the_last_seconds_before_the_finger_goes_are_in_no_window() {
    let mut bedside = Bedside::new();
    bedside.seconds(0, 10, |_| spo2(970));
    bedside.seconds(10, 13, |_| spo2(800));
    bedside.push(13_000, &no_finger());
    assert_eq!(bedside.readings(), [(13, 970, Unsettled)]);
    let whole = bedside.summaries()[0];
    assert_eq!(
        (whole.min_tenths_percent, seconds_at(whole)),
        (970, vec![(97, 10)])
    );
}

#[test]
fn time_without_a_value_is_in_the_length_and_nowhere_else() {
    let mut bedside = Bedside::new();
    let none = || live(NOT_A_NUMBER, NOT_A_NUMBER, DeviceStatus::default());
    bedside.seconds(0, 74, |second| {
        if (30..35).contains(&second) {
            none()
        } else {
            spo2(970)
        }
    });
    let minute = bedside.summaries()[1];
    assert_eq!(
        (minute.length_ms, seconds_at(minute)),
        (60_000, vec![(97, 55)])
    );
}

#[test]
fn what_is_repeated_beside_a_flat_wave_is_in_no_window() {
    let (mut settle, mut driver) = (
        Settle::new(SettleConfig {
            low_limit_percent: 92,
            accepts_unproven: false,
        }),
        Driver::new(Family::Pc60),
    );
    let parameters = |spo2| with_checksum(&[0xAA, 0x55, 0x0F, 8, 1, spo2, 78, 0, 112, 0, 0x40]);
    let flat = with_checksum(&[0xAA, 0x55, 0x0F, 7, 2, 0, 0, 0, 0, 0]);
    let beating = with_checksum(&[0xAA, 0x55, 0x0F, 7, 2, 20, 60, 90, 50, 30]);
    let mut summaries = Vec::new();
    for second in 0..80_u64 {
        let is_flat = (30..40).contains(&second);
        let (wave, spo2) = if is_flat {
            (flat.repeat(10), 99)
        } else {
            (beating.clone(), 97)
        };
        let bytes = [&wave[..], &parameters(spo2)].concat();
        for frame in driver.decode(uuids::NORDIC_UART_NOTIFY, &bytes) {
            for outcome in settle.push(&frame.unwrap(), second * 1000) {
                if let Outcome::Reading(Measurement {
                    source:
                        Source::Window {
                            summary: Some(summary),
                        },
                    ..
                }) = outcome
                {
                    summaries.push(summary);
                }
            }
        }
    }
    let minute = &summaries[1];
    // Nor are the three seconds before it became flat, which were not ripe.
    assert_eq!(
        (minute.length_ms, seconds_at(minute)),
        (60_000, vec![(97, 47)])
    );
}

/// Samples of one finger: milliseconds since the one before, tenths of a percent or no value, and whether it is doubted.
fn streams() -> impl Strategy<Value = Vec<(u64, Option<u16>, bool)>> {
    // Stretches, as patients and fingers make them: single random samples are never stable.
    let value = prop_oneof![
        1 => Just(None),
        8 => (850_u16..=1000).prop_map(Some),
    ];
    let stretch = (
        500_u64..=3_000,
        value,
        prop::bool::weighted(0.2),
        1_usize..60,
        0_u16..8,
    );
    prop::collection::vec(stretch, 1..12).prop_map(|stretches| {
        stretches
            .into_iter()
            .flat_map(|(period_ms, value, doubted, samples, wobble)| {
                let samples = if value.is_none() {
                    samples.min(3)
                } else {
                    samples
                };
                (0..samples).map(move |number| {
                    let up = if number % 3 == 0 { wobble } else { 0 };
                    let value = value.map(|value| (value + up).min(1000));
                    (period_ms, value, doubted)
                })
            })
            .collect()
    })
}

/// The stream, watched to its end, with its samples: time and value.
fn watch(stream: &[(u64, Option<u16>, bool)]) -> (Bedside, Vec<(u64, Option<u16>)>) {
    let (mut bedside, mut samples, mut at_ms) = (Bedside::new(), Vec::new(), 0);
    for (after_ms, value, doubted) in stream {
        at_ms += after_ms;
        let status = if *doubted {
            DeviceStatus::POOR_SIGNAL
        } else {
            DeviceStatus::default()
        };
        bedside.push(
            at_ms,
            &live(value.map_or(NOT_A_NUMBER, tenths), tenths(780), status),
        );
        samples.push((at_ms, *value));
    }
    bedside.disconnect(at_ms + 500);
    (bedside, samples)
}

/// How long the values stood at a whole percent, by the samples alone.
fn stood(samples: &[(u64, Option<u16>)], percent: u8) -> u64 {
    let pairs = samples.iter().zip(samples.iter().skip(1));
    pairs
        .filter(|((_, value), _)| value.is_some_and(|value| value / 10 == u16::from(percent)))
        .map(|((at_ms, _), (next_ms, _))| next_ms - at_ms)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_window_counts_no_more_than_its_length_and_its_median_lies_within(stream in streams()) {
        let (bedside, _) = watch(&stream);
        for summary in bedside.summaries() {
            let counted: u64 = summary.time_at.iter().map(|at| u64::from(at.millis)).sum();
            prop_assert!(0 < counted && counted <= summary.length_ms, "{summary:?}");
            prop_assert!(summary.min_tenths_percent <= summary.median_tenths_percent);
            prop_assert!(summary.median_tenths_percent <= summary.max_tenths_percent);
            prop_assert!(summary.time_at.is_sorted_by(|a, b| a.percent < b.percent));
            let ends = (summary.time_at.first().unwrap().percent, summary.time_at.last().unwrap().percent);
            let expected = (summary.min_tenths_percent / 10, summary.max_tenths_percent / 10);
            prop_assert_eq!((u16::from(ends.0), u16::from(ends.1)), expected);
        }
    }

    #[test]
    fn windows_together_count_nothing_twice_and_agree_with_the_samples(stream in streams()) {
        let (bedside, samples) = watch(&stream);
        for percent in 0..=100 {
            let counted: u64 = bedside
                .summaries()
                .iter()
                .flat_map(|summary| &summary.time_at)
                .filter(|at| at.percent == percent)
                .map(|at| u64::from(at.millis))
                .sum();
            prop_assert!(counted <= stood(&samples, percent), "{} %", percent);
        }
    }

    #[test]
    fn windows_follow_one_another_without_a_hole_and_count_every_sample(
        values in prop::collection::vec(900_u16..=949, 14..200),
        period_ms in 500_u64..=2_000,
    ) {
        let stream: Vec<_> = values.into_iter().map(|value| (period_ms, Some(value), false)).collect();
        let (bedside, samples) = watch(&stream);
        let summaries = bedside.summaries();
        prop_assert!(!summaries.is_empty());
        let whole: u64 = summaries.iter().map(|summary| summary.length_ms).sum();
        let closed_ms = samples[0].0 + whole;
        let gone_ms = samples.last().unwrap().0 + 500;
        prop_assert!(closed_ms + 3_000 <= gone_ms);
        let within: Vec<_> = samples.into_iter().filter(|(at_ms, _)| *at_ms <= closed_ms).collect();
        for percent in 80..100 {
            let counted: u64 = summaries
                .iter()
                .flat_map(|summary| &summary.time_at)
                .filter(|at| at.percent == percent)
                .map(|at| u64::from(at.millis))
                .sum();
            prop_assert_eq!(counted, stood(&within, percent), "{} % of {:?}", percent, summaries);
        }
    }

    #[test]
    fn fifteen_seconds_under_the_limit_always_close_early(stream in streams()) {
        let (bedside, samples) = watch(&stream);
        // Ten seconds without a value end the episode; fewer interrupt no low.
        let gaps = samples.chunk_by(|a, b| a.1.is_none() == b.1.is_none()).filter(|gap| gap[0].1.is_none());
        prop_assume!(gaps.into_iter().all(|gap| gap[gap.len() - 1].0 - gap[0].0 < 10_000));
        let values: Vec<_> = samples.iter().filter_map(|(at_ms, value)| Some((*at_ms, (*value)?))).collect();
        let is_low = |value: u16| value / 10 <= 92;
        for run in values.chunk_by(|a, b| is_low(a.1) == is_low(b.1)).filter(|run| is_low(run[0].1)) {
            let since_ms = run[0].0;
            // A hole of some seconds leaves too little to go by until there are three values again.
            let has_three = |until_ms: u64| {
                run.iter().filter(|(at_ms, _)| (until_ms - 10_000..=until_ms).contains(at_ms)).count() >= 3
            };
            let is_due = |at_ms: u64| at_ms - since_ms >= 15_000 && has_three(at_ms);
            let Some((due_ms, _)) = run.iter().find(|(at_ms, _)| is_due(*at_ms)) else { continue };
            let given = bedside.readings().into_iter().any(|(at_s, spo2, _)| {
                (since_ms / 1000..=due_ms / 1000).contains(&at_s) && is_low(spo2)
            });
            prop_assert!(given, "low since {} ms: {:?}", since_ms, bedside.readings());
        }
    }
}
