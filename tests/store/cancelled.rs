//! Callers that go away in the middle leave no connection inside a transaction.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ward_core::id::Seq;
use ward_tests::database::Behind;
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    two_hundred_requests_that_are_broken_off_poison_no_connection,
    a_reading_whose_sender_went_away_is_stored_or_not_but_never_half,
);

const REQUESTS: u32 = 200;

/// Somebody who goes away in the middle: asked on so many times, then dropped.
struct BrokenOff<F> {
    asking: Pin<Box<F>>,
    polls: u32,
}

impl<F: Future> Future for BrokenOff<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.polls == 0 {
            return Poll::Ready(());
        }
        self.polls -= 1;
        self.asking.as_mut().poll(cx).map(drop)
    }
}

/// Connections that sit inside a transaction that nobody goes on with. The embedded database has no such list.
async fn left_inside_a_transaction(behind: &mut Behind) -> i64 {
    match behind {
        Behind::Sqlite(_) => 0,
        Behind::Postgres(_) => {
            behind
                .count(
                    "select count(*) from pg_stat_activity where datname = current_database()
                    and pid <> pg_backend_pid() and state like 'idle in transaction%'",
                )
                .await
        }
    }
}

async fn two_hundred_requests_that_are_broken_off_poison_no_connection(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let asha = verbs.clinician("asha", "Asha Rao").await;
    let permit = verbs.permit(asha).await;
    let mut behind = verbs.database.look_behind().await;
    for request in 0..REQUESTS {
        let (wards, ward) = (verbs.wards.clone(), verbs.ward);
        let now = verbs.clock.now();
        let reading = spo2(96.0).from(&patient.oximeter, now).incoming(now);
        let sender = bridge.bridge.clone();
        let asking = async move {
            match request % 5 {
                0 => drop(wards.record_readings(&sender, vec![reading]).await),
                1 => drop(wards.board(&permit).await),
                2 => drop(wards.acknowledge_alert(&permit, Seq(1), Seq(1)).await),
                // What no verb does: a transaction in the asker's own task.
                3 => drop(wards.store().board(ward).await),
                _ => {
                    let ledger = wards.store().open_ledger(ward).await;
                    drop(ledger.unwrap().unwrap().commit().await);
                }
            }
        };
        // At every step in its turn.
        let broken_off = BrokenOff {
            asking: Box::pin(asking),
            polls: request / 5 % 12,
        };
        broken_off.await;
        // At once: the next transaction on the same connection would hide it.
        let settled = async {
            while left_inside_a_transaction(&mut behind).await > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let settled = tokio::time::timeout(Duration::from_secs(5), settled).await;
        assert!(settled.is_ok(), "a connection sits inside a transaction");
    }
    // Readings are stored in the order in which they came: after this one, none of the above is still waiting.
    verbs.measures(&bridge, &patient.oximeter, spo2(97.0)).await;
    // Every connection of the pool does its work, and what it does is there afterwards.
    let before = verbs.values_of(patient.stay).await.len();
    for _ in 0..20 {
        verbs.measures(&bridge, &patient.oximeter, spo2(97.0)).await;
    }
    let other = verbs.another_node().await;
    assert_eq!(other.values_of(patient.stay).await.len(), before + 20);
}

#[tokio::test]
async fn a_planted_connection_inside_a_transaction_is_caught() {
    let database = ward_tests::TestDatabase::with_tables(ward_tests::Kind::Postgres).await;
    let mut planted = database.look_behind().await;
    let mut behind = database.look_behind().await;
    assert_eq!(left_inside_a_transaction(&mut behind).await, 0);
    planted.execute("begin").await.unwrap();
    assert_eq!(left_inside_a_transaction(&mut behind).await, 1);
}

async fn a_reading_whose_sender_went_away_is_stored_or_not_but_never_half(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    for request in 0..40_u64 {
        let low = spo2(90.0).from(&patient.oximeter, now).incoming(now);
        let (wards, sender) = (verbs.wards.clone(), bridge.bridge.clone());
        let asking =
            tokio::spawn(async move { drop(wards.record_readings(&sender, vec![low]).await) });
        tokio::time::sleep(Duration::from_micros(request * 60)).await;
        asking.abort();
    }
    // Behind everything that is still in the lane.
    verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
    let stored = verbs.values_of(patient.stay).await.len();
    let alerts = verbs.open_alerts().await;
    let lows = Desk::only(&alerts).lows.unwrap().count;
    assert_eq!(usize::try_from(lows).unwrap(), stored);
}
