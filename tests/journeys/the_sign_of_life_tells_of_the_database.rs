use std::time::Duration;

use ward_store::Database;
use ward_tests::story::Setting;
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(it_comes_with_the_age_of_the_last_look);

async fn it_comes_with_the_age_of_the_last_look(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let first = console
        .until("alive", |screen| screen.database_age_ms)
        .await;
    assert!(first < 2_000, "{first}");
    // Every five seconds, without anything having happened.
    let again = console.until("alive again", |screen| {
        (screen.signs_of_life >= 2)
            .then_some(screen.database_age_ms)
            .flatten()
    });
    assert!(again.await < 2_000);
}

/// The service is there and its database is not: the sign of life must not look like one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_makes_it_grow_old_and_readings_are_told_to_come_again() {
    let ward = TestWard::on(Kind::Postgres).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let Database::Postgres(url) = &ward.database.database else {
        panic!("PostgreSQL was asked for");
    };
    let name = url.rsplit_once('/').unwrap().1.split('?').next().unwrap();
    let other = ward_tests::TestDatabase::empty(Kind::Postgres).await;
    let mut server = other.look_behind().await;
    let mut admit = async |allowed: bool| {
        let text = format!("alter database {name} with allow_connections {allowed}");
        server.execute(&text).await.unwrap();
        let text = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        );
        server.execute(&text).await.unwrap();
    };
    admit(false).await;
    let reading = bridge.spools(&patient.oximeter, spo2(90.0));
    let refused = bridge.post_body(bridge.batch(std::slice::from_ref(&reading)));
    let refused = refused.await;
    assert_eq!(refused.refusal(), (503, "unavailable".to_owned()));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    let age = console.until("old", |screen| {
        screen.database_age_ms.filter(|age| *age > 3_000)
    });
    age.await;
    // It comes back: the reading is stored, and the console has not lost its place.
    admit(true).await;
    let stored = async {
        while !bridge
            .post_body(bridge.batch(std::slice::from_ref(&reading)))
            .await
            .status
            .is_success()
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), stored)
        .await
        .unwrap();
    console.sees("red", |_| true).await;
    assert_eq!(ward.values_of(patient.stay).await, [90.0]);
}
