use ward_core::alert::Problem;
use ward_core::time::{Timestamp, minutes};
use ward_service::Clock;
use ward_tests::silence::{asks_at, missed};
use ward_tests::{Bridge, Kind, TestWard, spo2};

/// The service starts the evening before, at nine by Greenwich.
async fn the_evening_before(kind: Kind, day: &str) -> TestWard {
    let at: jiff::Timestamp = format!("{day}T21:00:00Z").parse().unwrap();
    TestWard::with(kind, Clock::moved(Timestamp::from(at)), |_| {}).await
}

/// The slot of eight closes at nine on the wall and is judged two minutes later, so many minutes after the start.
async fn is_missed_after(kind: Kind, day: &str, after: u64, slot_at: &str) {
    let ward = the_evening_before(kind, day).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.asks(patient.stay, &asks_at(&[8])).await;
    ward.after(minutes(after - 1)).await;
    assert_eq!(ward.the(Problem::Silence).await, None, "{day}");
    ward.after(minutes(1)).await;
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    let slot: jiff::Timestamp = slot_at.parse().unwrap();
    assert_eq!(missed(&alert)[0].slot.at, Timestamp::from(slot));
    assert_eq!(missed(&alert).len(), 1);
}

/// Eleven hours and a slot of an hour and two minutes.
const ORDINARY: u64 = 12 * 60 + 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_last_sunday_of_march_it_comes_an_hour_sooner() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        is_missed_after(kind, "2026-03-28", ORDINARY - 60, "2026-03-29T07:00:00Z").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_last_sunday_of_october_it_comes_an_hour_later_than_the_day_before() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        is_missed_after(kind, "2026-10-23", ORDINARY - 60, "2026-10-24T07:00:00Z").await;
        is_missed_after(kind, "2026-10-24", ORDINARY, "2026-10-25T08:00:00Z").await;
    }
}
