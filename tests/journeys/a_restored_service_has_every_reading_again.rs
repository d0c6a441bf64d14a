//! A service that has lost what it confirmed gets it again from the bridges, and nobody does anything for it.

use std::time::Duration;

use ward_core::id::StayId;
use ward_service::Clock;
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard};

use crate::on_the_shelf::OnTheShelf;

/// Until the values on somebody's chart are these, whatever their order.
async fn chart_shows(ward: &TestWard, stay: StayId, expected: &[f64]) {
    let mut expected = expected.to_vec();
    expected.sort_by(f64::total_cmp);
    let mut shown = Vec::new();
    for _ in 0..600 {
        shown = ward.values_of(stay).await;
        shown.sort_by(f64::total_cmp);
        if shown == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the chart shows {shown:?}, not {expected:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_backup_was_put_back() {
    let mut ward = TestWard::with(Kind::Sqlite, Clock::system(), |_| {}).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let (falling, steady) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    let shelf = OnTheShelf::behind(ward.address, &bridge).await;
    for (oximeter, percent, minutes_ago) in
        [(&falling.oximeter, 96.0, 50), (&steady.oximeter, 97.0, 49)]
    {
        shelf
            .has_measured(oximeter.as_str(), percent, minutes_ago)
            .await;
    }
    shelf.until_empty().await;
    let folder = ward_tests::database::temporary_folder();
    let backup = folder.path().join("backup.db");
    ward.wards.store().backup(&backup).await.unwrap();
    for (oximeter, percent, minutes_ago) in [
        (&steady.oximeter, 98.0, 20),
        (&falling.oximeter, 94.0, 10),
        (&falling.oximeter, 86.0, 1),
    ] {
        shelf
            .has_measured(oximeter.as_str(), percent, minutes_ago)
            .await;
    }
    shelf.until_empty().await;
    chart_shows(&ward, falling.stay, &[96.0, 94.0, 86.0]).await;

    // As `wardlight restore` does it: the file in its place, then another epoch.
    ward.stop().await;
    let (file, aside) = (ward.database.file(), folder.path().join("aside.db"));
    let report = ward_store::restore_sqlite(&backup, &file, &aside)
        .await
        .unwrap();
    assert_eq!(report.readings, 2, "the backup is older than the low");
    let mut behind = ward.database.look_behind().await;
    let begun = behind
        .execute("update organisation set epoch = randomblob(16)")
        .await;
    assert_eq!(begun.unwrap(), 1);
    drop(behind);
    ward.start().await;

    // Nobody measures, nobody sends, nobody calls anybody.
    chart_shows(&ward, falling.stay, &[96.0, 94.0, 86.0]).await;
    chart_shows(&ward, steady.stay, &[97.0, 98.0]).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let red = console
        .sees("the low", |alert| alert.problem == "oxygen")
        .await;
    assert_eq!(red.worst_percent, Some(86.0));
    shelf.until_empty().await;
    shelf.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_that_lost_commits_on_sqlite() {
    after_a_failover_that_lost_commits(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_that_lost_commits_on_postgres() {
    after_a_failover_that_lost_commits(Kind::Postgres).await;
}

/// The service itself notices that its log has gone back.
async fn after_a_failover_that_lost_commits(kind: Kind) {
    let ward = TestWard::with(kind, Clock::system(), |_| {}).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let shelf = OnTheShelf::behind(ward.address, &bridge).await;
    let oximeter = patient.oximeter.as_str();
    shelf.has_measured(oximeter, 97.0, 30).await;
    shelf.until_empty().await;
    let head = ward.head().await.0;
    for (percent, minutes_ago) in [(96.0, 20), (95.0, 10), (94.0, 5)] {
        shelf.has_measured(oximeter, percent, minutes_ago).await;
        shelf.until_empty().await;
    }
    console.reaches(ward.head().await.0).await;
    let mut behind = ward.database.look_behind().await;
    for text in [
        format!("update ward set last_seq = {head}"),
        format!("delete from ward_event where seq > {head}"),
        format!("delete from alert where number > {head}"),
        "delete from reading where spo2_tenths < 970".to_owned(),
    ] {
        behind.execute(&text).await.unwrap();
    }
    chart_shows(&ward, patient.stay, &[97.0, 96.0, 95.0, 94.0]).await;
    shelf.until_empty().await;
    shelf.ends().await;
}
