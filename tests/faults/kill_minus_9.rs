//! The service is killed again and again while readings come in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ward_core::id::StayId;
use ward_service::Clock;
use ward_tests::{Bridge, Desk, Kind, TestDatabase};

use super::history::{Found, History, broken_promises};
use super::program::Program;
use super::sender::{Sender, Told};

const KILLS: u64 = 12;
/// Readings that are confirmed between two kills, at least.
const CONFIRMED_BETWEEN: usize = 40;
const SENDERS: usize = 3;
const OXIMETERS_EACH: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_mid_ingest_loses_no_confirmed_reading_and_no_alert_on_sqlite() {
    in_mid_ingest_loses_no_confirmed_reading_and_no_alert(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_mid_ingest_loses_no_confirmed_reading_and_no_alert_on_postgres() {
    in_mid_ingest_loses_no_confirmed_reading_and_no_alert(Kind::Postgres).await;
}

async fn in_mid_ingest_loses_no_confirmed_reading_and_no_alert(kind: Kind) {
    let database = TestDatabase::on_disk(kind).await;
    let mut program = Program::on(&database);
    let confirmed = Arc::new(AtomicUsize::new(0));
    let (senders, stays) = set_up(&program, &confirmed).await;
    program.start().await;
    let enough = Arc::new(AtomicBool::new(false));
    let sending: Vec<_> = senders
        .into_iter()
        .map(|sender| tokio::spawn(sender.run(Arc::clone(&enough))))
        .collect();
    for kill in 0..KILLS {
        wait_for(&confirmed, CONFIRMED_BETWEEN).await;
        // At another moment each time.
        tokio::time::sleep(Duration::from_millis(kill * 7 % 25)).await;
        program.kill();
        let back_after = program.start().await;
        assert!(back_after < Duration::from_secs(10), "{back_after:?}");
    }
    wait_for(&confirmed, CONFIRMED_BETWEEN).await;
    enough.store(true, Ordering::SeqCst);
    let mut history = History::default();
    let mut unanswered = 0;
    for sender in sending {
        let Told {
            history: told,
            unanswered: times,
        } = sender.await.unwrap();
        history = history.and(told);
        unanswered += times;
    }
    program.kill();
    let log = program.log();
    assert!(!log.contains("panicked"), "{log}");
    assert!(unanswered > 0, "no kill met a sender");
    let found = look(&program, &stays).await;
    assert_eq!(broken_promises(&history, &found), [""; 0]);
    // Everything that was sent was sent until it was confirmed.
    let stored: usize = found.readings.values().map(Vec::len).sum();
    assert_eq!(stored, history.sent.len());
    assert!(!found.alerts.is_empty());
}

/// Waits until so many more readings have been confirmed.
async fn wait_for(confirmed: &AtomicUsize, more: usize) {
    let target = confirmed.load(Ordering::SeqCst) + more;
    let waiting = async {
        while confirmed.load(Ordering::SeqCst) < target {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("readings are confirmed");
}

/// By the verbs, before the program runs: a ward, its people, and their bridges.
async fn set_up(program: &Program, confirmed: &Arc<AtomicUsize>) -> (Vec<Sender>, Vec<StayId>) {
    let clock = Clock::system();
    let wards = ward_server::open(&program.configuration(), clock.clone(), true)
        .await
        .unwrap();
    let desk = Desk::open(wards, clock.clone()).await;
    let (mut senders, mut stays) = (Vec::new(), Vec::new());
    for _ in 0..SENDERS {
        let enrolled = desk.bridge().await;
        let mut oximeters = Vec::new();
        for _ in 0..OXIMETERS_EACH {
            let patient = desk.patient(&enrolled).await;
            oximeters.push(patient.oximeter);
            stays.push(patient.stay);
        }
        senders.push(Sender {
            bridge: Bridge::of(enrolled, clock.clone(), program.address),
            oximeters,
            clock: clock.clone(),
            confirmed: Arc::clone(confirmed),
        });
    }
    desk.wards.store().close().await;
    (senders, stays)
}

async fn look(program: &Program, stays: &[StayId]) -> Found {
    let wards = ward_server::open(&program.configuration(), Clock::system(), false)
        .await
        .unwrap();
    let store = wards.store();
    let ward = wards.all_wards().await.unwrap().remove(0).id;
    let mut found = Found {
        alerts: store.open_alerts(ward).await.unwrap(),
        log: store
            .events_after(ward, ward_core::id::Seq::default(), 1_000_000)
            .await
            .unwrap(),
        ..Found::default()
    };
    for stay in stays {
        let readings = store.readings_of(*stay, 1_000_000).await.unwrap();
        let ids = readings.iter().map(|point| point.reading).collect();
        found.readings.insert(*stay, ids);
    }
    found
}
