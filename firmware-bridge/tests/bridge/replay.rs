//! What is sent in which order, when a service was restored, when days have piled up, and when something new is low.

use std::collections::HashSet;
use std::time::Duration;

use firmware_bridge::uplink::Patience;
use sqlx::sqlite::SqliteConnectOptions;
use uuid::Uuid;

use crate::service::Act;
use crate::stage::{ALICE, BERTA, HASTY, Stage};
use crate::support::{append, eventually, in_memory, open};

const BEFORE: Uuid = Uuid::from_u128(1);
const AFTER: Uuid = Uuid::from_u128(2);

/// Asks for the epoch all the time.
const CURIOUS: Patience = Patience {
    idle: Duration::from_millis(50),
    ..HASTY
};

impl Stage {
    /// As a restore leaves the service: it knows nothing of what it has confirmed.
    fn forgets_everything(&self, epoch: Option<Uuid>) {
        let mut book = self.service.book();
        book.epoch = epoch;
        book.stored.clear();
        book.answers.clear();
        book.tries.clear();
    }

    async fn asked_again(&self) {
        let before = self.service.book().asked;
        eventually("it asks for the epoch twice more", async || {
            (self.service.book().asked > before + 1).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_another_epoch_confirmed_is_sent_again_by_itself_the_newest_of_each_oximeter_first() {
    let stage = Stage::in_folder(in_memory()).await;
    stage.service.book().epoch = Some(BEFORE);
    let mut all = Vec::new();
    for _ in 0..700 {
        all.push(append(&stage.spool, ALICE, 97.0).await);
    }
    let low = append(&stage.spool, BERTA, 85.0).await;
    let newest = append(&stage.spool, ALICE, 98.0).await;
    stage.start_with(CURIOUS);
    stage.all_confirmed().await;
    stage.asked_again().await;
    assert_eq!(stage.stored().len(), 702);
    // Nobody measures anything, and nobody does anything.
    stage.forgets_everything(Some(AFTER));
    eventually("all of it is there again", async || {
        (stage.stored().len() >= 702).then_some(())
    })
    .await;
    let batches: Vec<Vec<Uuid>> = (stage.service.book().stored.iter())
        .map(|batch| batch.iter().map(|item| item.id).collect())
        .collect();
    assert_eq!(batches[0], [low, newest]);
    assert_eq!(batches[1..].concat(), all);
    assert_eq!(batches[1].len(), 500, "at the pace of a backlog");
    stage.asked_again().await;
    assert_eq!(stage.stored().len(), 702, "and only once");
}

#[tokio::test]
async fn an_answer_of_another_epoch_is_enough_and_its_own_readings_are_not_sent_twice() {
    let stage = Stage::new().await;
    stage.service.book().epoch = Some(BEFORE);
    stage.start();
    let first = append(&stage.spool, ALICE, 91.0).await;
    stage.all_confirmed().await;
    stage.forgets_everything(Some(AFTER));
    let second = append(&stage.spool, ALICE, 92.0).await;
    eventually("both are there", async || {
        (stage.stored().len() >= 2).then_some(())
    })
    .await;
    stage.all_confirmed().await;
    assert_eq!(stage.stored(), [second, first]);
}

#[tokio::test]
async fn a_first_epoch_and_a_service_that_tells_none_send_nothing_again() {
    let stage = Stage::new().await;
    stage.start_with(CURIOUS);
    append(&stage.spool, ALICE, 97.0).await;
    stage.all_confirmed().await;
    for epoch in [Some(BEFORE), None, Some(BEFORE)] {
        stage.service.book().epoch = epoch;
        stage.asked_again().await;
        append(&stage.spool, ALICE, 97.0).await;
        stage.all_confirmed().await;
    }
    assert_eq!(stage.stored().len(), 4);
    stage.forgets_everything(Some(AFTER));
    eventually("all are there again", async || {
        (stage.stored().len() >= 4).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_change_of_the_epoch_outlives_a_restart_and_what_is_older_than_72_hours_does_not_come_again()
 {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    for _ in 0..3 {
        append(&spool, ALICE, 97.0).await;
    }
    spool.seen_epoch(BEFORE).await.unwrap();
    crate::support::confirm_all(&spool).await;
    let options = SqliteConnectOptions::new().filename(spool.file());
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    // One was confirmed before this start of the box, one long ago.
    for statement in [
        "update reading set settled_boot = null where seq = 1",
        "update reading set settled_boot = null, settled_at_ms = settled_at_ms - 73 * 3600000 where seq = 2",
    ] {
        sqlx::query(statement).execute(&other).await.unwrap();
    }
    other.close().await;
    spool.close().await;
    let spool = open(folder.path()).await;
    assert_eq!(spool.seen_epoch(BEFORE).await.unwrap(), 0);
    assert_eq!(spool.seen_epoch(AFTER).await.unwrap(), 2);
    spool.close().await;
    let spool = open(folder.path()).await;
    assert_eq!(spool.waiting().await.unwrap(), 2);
    assert_eq!(spool.seen_epoch(AFTER).await.unwrap(), 0);
}

/// RELIABILITY, fault 7: 72 hours of one a minute are caught up with in a minute, and nothing new waits for them.
#[tokio::test]
async fn a_backlog_of_72_hours_does_not_keep_a_new_low_waiting_nor_the_good_reading_after_it() {
    let stage = Stage::in_folder(in_memory()).await;
    let mut ids = HashSet::new();
    for _ in 0..4_320 {
        ids.insert(append(&stage.spool, ALICE, 97.0).await);
    }
    // A slow line: each request takes its time, and carries little.
    stage.service.book().largest = Some(100);
    stage.service.book().nap = Duration::from_millis(40);
    stage.start();
    eventually("the backlog is under way", async || {
        (stage.service.book().stored.len() >= 4).then_some(())
    })
    .await;
    let low = append(&stage.spool, ALICE, 84.0).await;
    let good = append(&stage.spool, ALICE, 98.0).await;
    let before = stage.service.book().stored.len();
    ids.extend([low, good]);
    eventually("all is there", async || {
        (stage.stored().len() >= ids.len()).then_some(())
    })
    .await;
    let book = stage.service.book();
    let place = |id: Uuid| {
        let batches = book.stored.iter();
        batches
            .map(|batch| batch.iter().any(|item| item.id == id))
            .position(|found| found)
            .unwrap()
    };
    assert!(
        book.stored.len() > before + 20,
        "the backlog was not over: {}",
        book.stored.len()
    );
    for (what, id) in [("the low", low), ("the good one", good)] {
        assert!(
            place(id) <= before + 1,
            "{what} came in batch {} and was measured at {before}",
            place(id)
        );
    }
    let stored: Vec<Uuid> = book.stored.iter().flatten().map(|item| item.id).collect();
    assert_eq!(stored.len(), ids.len());
    assert_eq!(stored.into_iter().collect::<HashSet<_>>(), ids);
}

#[tokio::test]
async fn a_new_low_goes_between_the_parts_of_a_batch_that_is_cut_for_a_poisoned_reading() {
    let stage = Stage::in_folder(in_memory()).await;
    let mut ids = Vec::new();
    for _ in 0..300 {
        ids.push(append(&stage.spool, ALICE, 97.0).await);
    }
    stage.service.book().poison.insert(ids[299]);
    stage.service.book().poison.insert(ids[50]);
    stage.service.book().nap = Duration::from_millis(50);
    stage.start();
    eventually("the batch is refused and cut", async || {
        (stage.service.book().tries.len() >= 3).then_some(())
    })
    .await;
    let low = append(&stage.spool, ALICE, 84.0).await;
    let tries = stage.service.book().tries.len();
    eventually("the low is there", async || {
        stage.stored().contains(&low).then_some(())
    })
    .await;
    let after = stage.service.book().tries.len() - tries;
    assert!(after <= 3, "{after} requests went before it");
    stage.all_confirmed().await;
    assert_eq!(stage.stored().len(), 299);
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 2);
}

#[tokio::test]
async fn quarantined_and_duplicate_are_answers_too_each_for_its_own_reading() {
    let stage = Stage::new().await;
    let ids = [
        append(&stage.spool, ALICE, 97.0).await,
        append(&stage.spool, ALICE, 96.0).await,
        append(&stage.spool, ALICE, 95.0).await,
    ];
    stage.service.book().quarantine.insert(ids[1]);
    stage.service.book().acts.extend([Act::StoreAndFail]);
    stage.start();
    stage.all_confirmed().await;
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 0);
    let options = SqliteConnectOptions::new().filename(stage.spool.file());
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let answers: Vec<(Uuid, String)> =
        sqlx::query_as("select id, answer from reading order by seq")
            .fetch_all(&other)
            .await
            .unwrap();
    other.close().await;
    for ((id, answer), expected) in answers.iter().zip(ids) {
        assert_eq!(*id, expected);
        let is_kept = answer.contains("\"quarantined\"");
        assert_eq!(is_kept, *id == ids[1], "{answer}");
    }
}

#[tokio::test]
async fn a_pause_that_the_service_asks_for_is_kept_for_a_new_low_too() {
    let stage = Stage::new().await;
    stage.service.book().acts.extend([Act::RetryAfter(429, 2)]);
    stage.start();
    append(&stage.spool, ALICE, 97.0).await;
    eventually("it is told to wait", async || {
        (!stage.service.book().tries.is_empty()).then_some(())
    })
    .await;
    for _ in 0..3 {
        append(&stage.spool, BERTA, 84.0).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(stage.service.book().tries.len(), 1);
    stage.all_confirmed().await;
    let tries = stage.service.book().tries.clone();
    assert!(tries[1] - tries[0] >= Duration::from_secs(2), "{tries:?}");
}
