//! The board is the log, up to one number: whoever follows from there misses nothing and hears nothing twice.

use std::collections::BTreeMap;

use ward_core::alert::Alert;
use ward_core::event::{Logged, WardEvent};
use ward_core::id::AlertNumber;
use ward_core::time::seconds;
use ward_store::BoardSnapshot;
use ward_tests::{Verbs, on_both_databases, spo2};

on_both_databases!(a_board_that_is_taken_while_readings_pour_in_is_the_log_up_to_its_number);

async fn a_board_that_is_taken_while_readings_pour_in_is_the_log_up_to_its_number(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let mut patients = Vec::new();
    for _ in 0..4 {
        patients.push(verbs.patient(&bridge).await);
    }
    let (wards, sender) = (verbs.wards.clone(), bridge.bridge.clone());
    let clock = verbs.clock.clone();
    let pouring = tokio::spawn(async move {
        for round in 0..60_u32 {
            clock.advance(seconds(20));
            let now = clock.now();
            let percent = f64::from(90 + round * 7 % 8);
            let items = patients
                .iter()
                .map(|patient| spo2(percent).from(&patient.oximeter, now).incoming(now))
                .collect();
            wards.record_readings(&sender, items).await.unwrap();
        }
    });
    let mut boards = Vec::new();
    while !pouring.is_finished() {
        let board = verbs.wards.store().board(verbs.ward).await.unwrap();
        boards.push(board.unwrap());
        tokio::task::yield_now().await;
    }
    pouring.await.unwrap();
    let log = verbs.log().await;
    assert!(boards.len() > 5, "{} boards", boards.len());
    for board in &boards {
        assert_eq!(differences(board, &log), [""; 0]);
    }
}

/// What a board shows that its log up to its number does not say, or the other way round.
fn differences(board: &BoardSnapshot, log: &[Logged]) -> Vec<String> {
    let mut open: BTreeMap<AlertNumber, &Alert> = BTreeMap::new();
    let mut newest = BTreeMap::new();
    for logged in log.iter().take_while(|logged| logged.seq <= board.as_of) {
        match &logged.event {
            WardEvent::Alert { alert, .. } if alert.is_open() => {
                open.insert(alert.number, alert);
            }
            WardEvent::Alert { alert, .. } => drop(open.remove(&alert.number)),
            WardEvent::ReadingsRecorded { stay, points, .. } => {
                newest.extend(points.last().map(|point| (*stay, point.reading)));
            }
            _ => {}
        }
    }
    let mut differences = Vec::new();
    let shown: BTreeMap<AlertNumber, &Alert> = board
        .alerts
        .iter()
        .map(|alert| (alert.number, alert))
        .collect();
    if shown != open {
        differences.push(format!("alerts as of {}", board.as_of));
    }
    for row in &board.caseload {
        let stay = row.record.stay.id;
        let on_row = row.record.state.newest().map(|point| point.reading);
        if on_row != newest.get(&stay).copied() {
            differences.push(format!("values of {stay} as of {}", board.as_of));
        }
    }
    differences
}

#[tokio::test]
async fn a_planted_board_that_is_older_or_newer_than_its_number_is_caught() {
    use ward_tests::story::Setting;
    let verbs = Verbs::on(ward_tests::Kind::Sqlite).await;
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(94.0)).await;
    let mut board = verbs
        .wards
        .store()
        .board(verbs.ward)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(differences(&board, &verbs.log().await), [""; 0]);
    verbs.clock.advance(seconds(30));
    verbs.measures(&bridge, &patient.oximeter, spo2(91.0)).await;
    board.as_of = verbs.head().await;
    assert_eq!(differences(&board, &verbs.log().await).len(), 2);
}
