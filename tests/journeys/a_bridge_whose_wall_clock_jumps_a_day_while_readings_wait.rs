//! Times are told by the bridge's steady clock: what its wall clock does meanwhile moves no reading.

use jiff::SignedDuration;
use ward_core::time::minutes;
use ward_service::Clock;
use ward_tests::gate::{Gate, Weather};
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard};

use crate::on_the_shelf::OnTheShelf;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forward() {
    jumps(SignedDuration::from_hours(24)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back() {
    jumps(SignedDuration::from_hours(-24)).await;
}

async fn jumps(by: SignedDuration) {
    let ward = TestWard::with(Kind::Sqlite, Clock::system(), |_| {}).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let gate = Gate::before(ward.address).await;
    gate.set(Weather::Shut);
    let shelf = OnTheShelf::behind(gate.address, &bridge).await;
    let oximeter = patient.oximeter.as_str();
    shelf.has_measured(oximeter, 97.0, 40).await;
    shelf.has_measured(oximeter, 96.0, 20).await;
    shelf.wall_clock_jumps(by);
    shelf.has_measured(oximeter, 86.0, 2).await;
    gate.set(Weather::Fair);
    shelf.until_empty().await;

    let now = ward.clock.now();
    let stored = ward
        .wards
        .store()
        .readings_of(patient.stay, 10)
        .await
        .unwrap();
    let mut placed: Vec<(f64, i64)> = stored
        .iter()
        .map(|point| {
            let age = now.millis_since(point.effective_at);
            (point.spo2.unwrap().percent(), age)
        })
        .collect();
    placed.sort_by_key(|(_, age)| std::cmp::Reverse(*age));
    for ((percent, age), (expected, minutes_ago)) in
        placed.iter().zip([(97.0, 40), (96.0, 20), (86.0, 2)])
    {
        assert!((percent - expected).abs() < 0.01, "{placed:?}");
        // The bridge's clock goes faster here on a machine that was started just now.
        let off = (age - i64::try_from(minutes(minutes_ago).as_millis()).unwrap()).abs();
        assert!(off < 90_000, "{off} ms off: {placed:?}");
    }
    assert_eq!(placed.len(), 3);
    // It pages: it is the newest word on this patient, whatever the wall clock said.
    let red = console
        .sees("the low", |alert| alert.problem == "oxygen")
        .await;
    assert_eq!(red.worst_percent, Some(86.0));
    shelf.ends().await;
}
