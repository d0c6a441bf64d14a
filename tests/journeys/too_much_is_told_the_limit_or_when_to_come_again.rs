use ward_service::Clock;
use ward_tests::desk::EIGHT;
use ward_tests::{Bridge, Kind, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(too_much_is_refused_with_the_limit);

async fn too_much_is_refused_with_the_limit(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let items = vec!["null".to_owned(); 501];
    let refused = bridge.post_body(bridge.batch_of(&items)).await;
    assert_eq!(refused.refusal(), (413, "too-large".to_owned()));
    assert!(refused.problem().detail.contains("500"));
    let fat = vec![format!("\"{}\"", "x".repeat(600 * 1024))];
    let refused = bridge.post_body(bridge.batch_of(&fat)).await;
    assert_eq!(refused.refusal(), (413, "too-large".to_owned()));
    assert!(refused.problem().detail.contains("bytes"));
    let mut behind = ward.database.look_behind().await;
    assert_eq!(behind.count("select count(*) from quarantine").await, 0);
}

/// The limits are the process's own: one database will do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_fast_is_told_when_to_come_again_and_nothing_is_lost() {
    let ward = TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), |config| {
        config.http.batches_per_second = 1;
    })
    .await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let other = Bridge::enrolled_at(&ward).await;
    let patient = ward.read_by_both(&bridge, &other).await;
    let mut stored = 0;
    let refused = loop {
        let reading = bridge.spools(&patient.oximeter, spo2(96.0));
        let reply = bridge.post_body(bridge.batch(&[reading])).await;
        if !reply.status.is_success() {
            break reply;
        }
        stored += 1;
        assert!(stored < 100, "never too fast");
    };
    assert_eq!(refused.refusal(), (429, "too-many-requests".to_owned()));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(ward.values_of(patient.stay).await.len(), stored);
    // One bridge's haste is not another's.
    other.measures(&patient.oximeter, spo2(95.0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_house_says_when_to_come_again() {
    let ward = TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), |config| {
        config.http.max_consoles = 1;
    })
    .await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let first = ward_tests::Console::opened_by(&asha).await;
    let second = ward_tests::console::upgrade(&asha, 0);
    let refused = ward_tests::console::try_upgrade(second).await;
    assert_eq!(refused.err(), Some(503));
    drop(first);
}
