//! The real spool and the real uplink of the bridge, behind a piece of network that is shut and that loses answers.

use std::collections::BTreeMap;
use std::time::Duration;

use ward_service::Clock;
use ward_tests::gate::{Gate, Weather};
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::bridge::Answer;

use crate::on_the_shelf::OnTheShelf;

on_both_databases!(an_hour_by_the_contract_is_stored_once_and_judged_as_it_stands_now);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    nothing_is_lost_or_doubled(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgres() {
    nothing_is_lost_or_doubled(Kind::Postgres).await;
}

async fn nothing_is_lost_or_doubled(kind: Kind) {
    let ward = TestWard::with(kind, Clock::system(), |_| {}).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let steady = ward.patient(&bridge).await;
    let recovered = ward.patient(&bridge).await;
    let falling = ward.patient(&bridge).await;
    let restarted = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let gate = Gate::before(ward.address).await;
    gate.set(Weather::Shut);
    let on_the_shelf = OnTheShelf::behind(gate.address, &bridge).await;
    for minute in (1..=60).rev() {
        let was_low = (20..25).contains(&minute);
        for (patient, percent) in [
            (&steady, 97.0),
            (&recovered, if was_low { 88.0 } else { 96.0 }),
            (&falling, if minute < 3 { 86.0 } else { 95.0 }),
        ] {
            let oximeter = patient.oximeter.as_str();
            on_the_shelf.has_measured(oximeter, percent, minute).await;
        }
    }
    for minute in 1..=5 {
        let oximeter = restarted.oximeter.as_str();
        on_the_shelf.had_measured(oximeter, 87.0, minute).await;
    }
    assert_eq!(on_the_shelf.spool.waiting().await.unwrap(), 185);
    gate.set(Weather::LosesAnswers);
    let lost = async {
        while gate.lost() < 4 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), lost)
        .await
        .unwrap();
    assert_eq!(
        on_the_shelf.spool.waiting().await.unwrap(),
        185,
        "nothing goes that was not confirmed"
    );
    gate.set(Weather::Fair);
    on_the_shelf.until_empty().await;

    for patient in [&steady, &recovered, &falling] {
        assert_eq!(ward.values_of(patient.stay).await.len(), 60);
    }
    assert_eq!(ward.values_of(restarted.stay).await, [87.0; 5]);
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    let by_stay: BTreeMap<_, _> = screen
        .alerts
        .values()
        .map(|alert| (alert.stay.unwrap(), (alert.problem.as_str(), alert.lows)))
        .collect();
    assert_eq!(
        by_stay,
        BTreeMap::from([
            (recovered.stay.0, ("late_low", 5)),
            (falling.stay.0, ("oxygen", 2)),
            (restarted.stay.0, ("oxygen", 5)),
        ])
    );
    on_the_shelf.ends().await;
}

/// By the steady clock's ages, and with the service's clock moved: newest first, then the rest, oldest first, twice.
async fn an_hour_by_the_contract_is_stored_once_and_judged_as_it_stands_now(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let mut spool = Vec::new();
    for minute in 0..60 {
        let percent = if minute == 30 { 85.0 } else { 96.0 };
        spool.push(bridge.spools(&patient.oximeter, spo2(percent)));
        ward.clock.advance(ward_core::time::minutes(1));
    }
    let newest = spool.split_off(59);
    assert_eq!(bridge.post(&newest).await, [Answer::Stored]);
    for answer in [Answer::Stored, Answer::Duplicate] {
        for part in spool.chunks(25) {
            let answers = bridge.post(part).await;
            assert!(answers.iter().all(|it| *it == answer), "{answers:?}");
        }
    }
    assert_eq!(ward.values_of(patient.stay).await.len(), 60);
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    assert_eq!(screen.only().problem, "late_low");
    assert_eq!(screen.only().lows, 1);
    assert_eq!(screen.spoken(), [(screen.only().number, "raised")]);
    ward.readings_and_alerts_agree().await;
}
