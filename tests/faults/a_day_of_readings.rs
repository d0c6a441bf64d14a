//! A day of readings through a line on which everything goes wrong: the service's set is the oximeters' set.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_service::Clock;
use ward_tests::{Kind, TestWard};

use super::bad_line::BadLine;
use super::home::{Home, Measured, Sending};

const HOMES: u64 = 14;
const OXIMETERS_EACH: usize = 5;

/// What is on the chart of whoever wears an oximeter: each row, with its tenths of a percent.
type Stored = BTreeMap<String, Vec<(Uuid, u16)>>;

struct Day {
    measured: Measured,
    stored: Stored,
    readings: usize,
    said: String,
    /// Everything has gone wrong at least once that can.
    was_bad: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_readings_through_outages_repeats_and_restarts_are_there_once() {
    let day = a_day(10, HOMES, Sending::AsItDoes).await;
    println!("{}", day.said);
    assert!(day.was_bad, "the line was too good");
    assert_eq!(day.readings, 10_080);
    assert_eq!(differences(&day.measured, &day.stored), [""; 0]);
}

/// `cargo test -p ward-tests --test faults -- --ignored --nocapture a_hundred_thousand`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes some minutes; one a minute from seventy oximeters"]
async fn a_hundred_thousand_readings_through_outages_repeats_and_restarts_are_there_once() {
    let day = a_day(1, HOMES, Sending::AsItDoes).await;
    println!("{}", day.said);
    assert!(day.was_bad, "the line was too good");
    assert_eq!(day.readings, 100_800);
    assert_eq!(differences(&day.measured, &day.stored), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_a_bridge_that_forgets_what_it_sent_is_caught() {
    let day = a_day(30, 2, Sending::ForgetsWhatWasSent).await;
    let found = differences(&day.measured, &day.stored);
    assert!(
        found.iter().any(|it| it.contains("is missing")),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_repeats_that_nobody_knows_are_caught() {
    let day = a_day(30, 2, Sending::WithoutIds).await;
    let found = differences(&day.measured, &day.stored);
    assert!(
        found.iter().any(|it| it.contains("was never measured")),
        "{found:?}"
    );
}

#[test]
fn planted_a_loss_a_double_a_changed_value_and_a_stranger_are_each_caught() {
    let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let measured = Measured::from([("A".to_owned(), BTreeMap::from([(id, 970)]))]);
    let holds = |rows: &[(Uuid, u16)]| Stored::from([("A".to_owned(), rows.to_vec())]);
    assert_eq!(differences(&measured, &holds(&[(id, 970)])), [""; 0]);
    for (rows, said) in [
        (vec![], "is missing"),
        (vec![(id, 970), (id, 970)], "is there 2 times"),
        (vec![(id, 870)], "reads 870 in place of 970"),
        (vec![(id, 970), (other, 970)], "was never measured"),
    ] {
        let found = differences(&measured, &holds(&rows));
        assert!(
            found.iter().any(|it| it.contains(said)),
            "{said}: {found:?}"
        );
    }
    let strangers = Stored::from([
        ("A".to_owned(), vec![(id, 970)]),
        ("B".to_owned(), vec![(id, 970)]),
    ]);
    assert_eq!(differences(&measured, &strangers).len(), 1);
}

/// In words, how the service's set differs from the oximeters'. Empty when it does not.
fn differences(measured: &Measured, stored: &Stored) -> Vec<String> {
    let mut found = Vec::new();
    let nothing = BTreeMap::new();
    for (oximeter, rows) in stored {
        let expected = measured.get(oximeter).unwrap_or(&nothing);
        let mut there: BTreeMap<Uuid, Vec<u16>> = BTreeMap::new();
        for (id, tenths) in rows {
            there.entry(*id).or_default().push(*tenths);
        }
        for (id, values) in &there {
            match expected.get(id) {
                None => found.push(format!("{id} of {oximeter} was never measured")),
                Some(_) if values.len() > 1 => {
                    found.push(format!("{id} is there {} times", values.len()));
                }
                Some(tenths) if values != &[*tenths] => {
                    found.push(format!("{id} reads {} in place of {tenths}", values[0]));
                }
                Some(_) => {}
            }
        }
        let missing = expected.keys().filter(|id| !there.contains_key(id));
        found.extend(missing.map(|id| format!("{id} of {oximeter} is missing")));
    }
    let unknown = measured.keys().filter(|it| !stored.contains_key(*it));
    found.extend(unknown.map(|it| format!("nothing of {it} is there: all of it is missing")));
    found
}

/// A day in so many homes, a reading every so many minutes, over the bad line, while the service is started anew every few seconds.
async fn a_day(every_minutes: usize, homes: u64, sending: Sending) -> Day {
    let began = Instant::now();
    let mut ward = TestWard::with(Kind::Sqlite, Clock::system(), |config| {
        config.http.batches_per_second = 1_000;
    })
    .await;
    let line = BadLine::before(ward.address, 42).await;
    let mut stays: BTreeMap<String, StayId> = BTreeMap::new();
    let mut living = Vec::new();
    for seed in 0..homes {
        let bridge = ward.bridge().await;
        let mut oximeters = Vec::new();
        for _ in 0..OXIMETERS_EACH {
            let patient = ward.patient(&bridge).await;
            oximeters.push(patient.oximeter.as_str().to_owned());
            stays.insert(patient.oximeter.as_str().to_owned(), patient.stay);
        }
        let home = Home::new(line.address, &bridge, oximeters, sending, seed);
        let minutes = (0..24 * 60).step_by(every_minutes);
        living.push(tokio::spawn(home.lives(minutes)));
    }
    while !living.iter().all(JoinHandle::is_finished) {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        line.cut(true);
        tokio::time::sleep(Duration::from_millis(500)).await;
        line.cut(false);
        ward.stop().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        ward.start().await;
    }
    let (mut measured, mut restarts) = (Measured::new(), 0);
    for home in living {
        let (its, times) = home.await.unwrap();
        measured.extend(its);
        restarts += times;
    }
    let took = began.elapsed();
    line.mend();
    let mut stored = Stored::new();
    for (oximeter, stay) in stays {
        let rows = ward
            .wards
            .store()
            .readings_of(stay, 1_000_000)
            .await
            .unwrap();
        let rows = rows.into_iter().map(|point| {
            assert!(!point.is_copy, "there is one bridge for each oximeter");
            (point.reading.0, point.spo2.unwrap().tenths())
        });
        stored.insert(oximeter, rows.collect());
    }
    let counts = line.counts();
    let went_wrong = [
        &counts.answers_lost,
        &counts.doubled,
        &counts.refused,
        &counts.dropped,
        &counts.late,
    ];
    let was_bad = went_wrong
        .iter()
        .all(|counter| counter.load(Ordering::SeqCst) > 0);
    Day {
        readings: measured.values().map(BTreeMap::len).sum(),
        measured,
        stored,
        was_bad,
        said: format!("in {took:.1?}, {restarts} times a bridge was switched off: {counts:?}"),
    }
}
