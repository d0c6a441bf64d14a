//! The embedded database is backed up while it is in use, and a restore loses nothing that bridges still hold.

use ward_service::{Answer, Clock, Wards, WardsOptions};
use ward_store::{StoreError, restore_sqlite};
use ward_tests::story::Setting;
use ward_tests::{Desk, Kind, Verbs, spo2};

#[tokio::test]
async fn a_backup_is_restored_under_a_new_epoch_and_what_came_after_it_is_sent_again() {
    let verbs = Verbs::on(Kind::Sqlite).await;
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let before = verbs.measures(&bridge, &patient.oximeter, spo2(97.0)).await;
    let store = verbs.wards.store();
    let (epoch, folder) = (
        store.epoch().await.unwrap(),
        ward_tests::database::temporary_folder(),
    );
    let copy = folder.path().join("ward.backup");
    let report = store.backup(&copy).await.unwrap();
    assert_eq!(report.readings, 1);
    assert_eq!(
        report.events,
        i64::try_from(verbs.log().await.len()).unwrap()
    );
    let twice = store.backup(&copy).await;
    assert!(
        matches!(twice, Err(StoreError::AlreadyThere(_))),
        "{twice:?}"
    );

    let after = verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
    store.close().await;
    let aside = folder.path().join("set-aside.db");
    let restored = restore_sqlite(&copy, &verbs.database.file(), &aside).await;
    assert_eq!(restored.unwrap(), report);
    assert!(aside.exists(), "what was there is never deleted");

    let reopened = verbs.another_node().await;
    let anew = uuid::Uuid::new_v4();
    reopened.wards.store().set_epoch(anew).await.unwrap();
    assert_ne!(reopened.wards.store().epoch().await.unwrap(), epoch);
    assert_eq!(reopened.values_of(patient.stay).await, [97.0]);
    // The bridge has kept what it sent, and sends it again.
    let answers = reopened.record(&bridge, &[before, after]).await;
    assert_eq!(answers, [Answer::Duplicate, Answer::Stored]);
    let alerts = reopened.open_alerts().await;
    assert_eq!(Desk::only(&alerts).worst.unwrap().percent(), 90.0);
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_changes_nothing() {
    let verbs = Verbs::on(Kind::Sqlite).await;
    let folder = ward_tests::database::temporary_folder();
    let copy = folder.path().join("ward.backup");
    verbs.wards.store().backup(&copy).await.unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xA5);
    std::fs::write(&copy, bytes).unwrap();
    let aside = folder.path().join("set-aside.db");
    let refused = restore_sqlite(&copy, &verbs.database.file(), &aside).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    assert!(!aside.exists());
    assert!(verbs.wards.store().head(verbs.ward).await.is_ok());
}

#[tokio::test]
async fn postgresql_is_backed_up_with_its_own_tools_and_says_so() {
    let verbs = Verbs::on(Kind::Postgres).await;
    let refused = verbs
        .wards
        .store()
        .backup(std::path::Path::new("/tmp/never-written"))
        .await;
    assert!(
        matches!(refused, Err(StoreError::WrongVersion(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_database_without_tables_or_of_another_version_is_refused_with_advice() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = ward_tests::TestDatabase::empty(kind).await;
        let store = database.store().await;
        let advice = store.check_version().await.unwrap_err().to_string();
        assert!(advice.contains("wardlight migrate"), "{advice}");
        store.migrate().await.unwrap();
        store.migrate().await.unwrap();
        store.check_version().await.unwrap();
        let mut behind = database.look_behind().await;
        behind
            .execute("update _sqlx_migrations set version = version + 9999")
            .await
            .unwrap();
        let advice = store.check_version().await.unwrap_err().to_string();
        assert!(advice.contains("newer program"), "{advice}");
        assert!(matches!(
            store.migrate().await,
            Err(StoreError::WrongVersion(_))
        ));
        let wards = Wards::new(store, Clock::system(), WardsOptions::default());
        assert!(wards.all_wards().await.is_ok());
    }
}
