//! The ward's log: numbers in the order of the commits, none given twice, none passed over by a reader.

use std::time::Duration;

use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, Seq, WardId};
use ward_service::Tails;
use ward_store::{Store, StoreError};
use ward_tests::numbers::Seen;
use ward_tests::{Kind, TestDatabase, Verbs, on_both_databases};

on_both_databases!(
    many_writers_never_give_a_number_twice_and_a_reader_sees_every_one,
    a_ledger_that_is_dropped_leaves_nothing_behind,
    a_ward_that_is_held_does_not_hold_up_another,
    a_reader_that_breaks_off_is_started_anew,
);

const WRITERS: usize = 8;
const LEDGERS_EACH: usize = 25;

fn something(reason: String) -> WardEvent {
    WardEvent::DataQuarantined {
        bridge: BridgeId(uuid::Uuid::nil()),
        items: 1,
        reason,
    }
}

async fn many_writers_never_give_a_number_twice_and_a_reader_sees_every_one(verbs: Verbs) {
    let head = verbs.head().await;
    let nodes = [verbs.database.store().await, verbs.database.store().await];
    let writers = nodes
        .iter()
        .cycle()
        .take(WRITERS)
        .enumerate()
        .map(|(writer, node)| tokio::spawn(write(node.clone(), verbs.ward, writer)));
    let writers: Vec<_> = writers.collect();
    let all = head.0 + i64::try_from(WRITERS * LEDGERS_EACH * 2).unwrap();
    let reader = tokio::spawn(tail(verbs.wards.store().clone(), verbs.ward, all));
    let mut written = Vec::new();
    for writer in writers {
        written.extend(writer.await.unwrap());
    }
    written.extend(1..=head.0);
    written.sort_unstable();
    assert_eq!(written, (1..=all).collect::<Vec<_>>());
    assert_eq!(reader.await.unwrap().faults(&written), [""; 0]);
}

/// Two events a ledger, with the ledger held a little in between.
async fn write(store: Store, ward: WardId, writer: usize) -> Vec<i64> {
    let at = ward_tests::desk::EIGHT;
    let mut numbers = Vec::new();
    for round in 0..LEDGERS_EACH {
        let mut ledger = store.open_ledger(ward).await.unwrap().unwrap();
        numbers.push(ledger.append(something(format!("{writer}/{round}")), at).0);
        tokio::task::yield_now().await;
        numbers.push(ledger.append(something(format!("{writer}/{round}")), at).0);
        ledger.commit().await.unwrap();
    }
    numbers
}

/// Reads after its own cursor, as every console does.
async fn tail(store: Store, ward: WardId, until: i64) -> Seen {
    let mut seen = Seen::default();
    let reading = async {
        while seen.cursor() < until {
            let after = Seq(seen.cursor());
            let events = store.events_after(ward, after, 7).await.unwrap();
            seen.extend(events.iter().map(|logged| logged.seq.0));
            tokio::task::yield_now().await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(60), reading).await;
    seen
}

/// What the ward's row is there for: the same reader on numbers from a sequence passes over the one that is committed
/// late, and the check must say so.
#[tokio::test]
async fn numbers_from_a_plain_sequence_are_passed_over_and_the_check_says_so() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let (mut slow, mut fast) = (database.look_behind().await, database.look_behind().await);
    let insert = "insert into plain_log default values";
    let mut seen = Seen::default();
    slow.execute("create table plain_log (seq bigserial primary key)")
        .await
        .unwrap();
    slow.execute("begin").await.unwrap();
    slow.execute(insert).await.unwrap();
    fast.execute(insert).await.unwrap();
    let mut look = async |seen: &mut Seen| {
        let after = seen.cursor();
        let newest =
            format!("select coalesce(max(seq), 0)::bigint from plain_log where seq > {after}");
        let newest = fast.count(&newest).await;
        seen.extend((newest > 0).then_some(newest));
    };
    look(&mut seen).await;
    slow.execute("commit").await.unwrap();
    look(&mut seen).await;
    assert_eq!(seen.faults(&[1, 2]), ["1 was never seen"]);
}

async fn a_ledger_that_is_dropped_leaves_nothing_behind(verbs: Verbs) {
    let store = verbs.wards.store();
    let before = store.head(verbs.ward).await.unwrap();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    ledger.append(something("never said".to_owned()), verbs.clock.now());
    drop(ledger);
    let again = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    drop(again);
    assert_eq!(store.head(verbs.ward).await.unwrap(), before);
    assert_eq!(verbs.log().await, []);
}

async fn a_ward_that_is_held_does_not_hold_up_another(verbs: Verbs) {
    let other = verbs.open_ward("BUR").await;
    let store = verbs.wards.store();
    assert!(
        store
            .open_ledger(WardId(uuid::Uuid::nil()))
            .await
            .unwrap()
            .is_none()
    );
    let held = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let opened = store.open_ledger(other).await;
    match &verbs.database.database {
        ward_store::Database::Postgres(_) => assert!(opened.unwrap().is_some()),
        // The embedded database has one writer: whoever waits too long for it is told to try again.
        ward_store::Database::Sqlite(_) => {
            assert!(matches!(opened, Err(StoreError::Unavailable(_))));
        }
    }
    drop(held);
    assert!(store.open_ledger(other).await.unwrap().is_some());
}

async fn a_reader_that_breaks_off_is_started_anew(verbs: Verbs) {
    let broken = std::sync::atomic::AtomicBool::new(true);
    let tails = Tails::new(verbs.wards.clone(), move |_, entry| {
        assert!(
            !broken.swap(false, std::sync::atomic::Ordering::SeqCst),
            "a planted fault"
        );
        entry.seq()
    });
    let head = verbs.head().await;
    let mut follower = tails.follow(verbs.ward, head).await.unwrap();
    let store = verbs.wards.store();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let one = ledger.append(something("one".to_owned()), verbs.clock.now());
    let two = ledger.append(something("two".to_owned()), verbs.clock.now());
    ledger.commit().await.unwrap();
    let next = tokio::time::timeout(ward_tests::console::LIMIT, follower.next()).await;
    assert_eq!(next.unwrap().unwrap(), [one, two]);
}
