//! Messages wait in the same transaction, belong to the ward that the stay is on, and are cancelled with it.

use ward_core::message::{Asks, Delivery, Message, Stop};
use ward_core::time::minutes;
use ward_tests::{Verbs, on_both_databases};

on_both_databases!(
    a_message_is_queued_once_whoever_queues_it,
    what_waits_is_cancelled_with_the_stay_and_what_went_out_is_not,
    a_message_that_cannot_be_read_holds_up_nobody_elses,
);

async fn a_message_is_queued_once_whoever_queues_it(verbs: Verbs) {
    let stay = verbs.admit().await;
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let message = Message::out_of_hours_advice(stay, 7, now);
    for new in [true, false] {
        let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
        assert_eq!(ledger.queue_message(&message).await.unwrap(), new);
        ledger.commit().await.unwrap();
    }
    // Not from a transaction that came to nothing.
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let other = Message::out_of_hours_advice(stay, 8, now);
    assert!(ledger.queue_message(&other).await.unwrap());
    ledger.close().await.unwrap();
    let queued = store.messages_of(stay, 10).await.unwrap();
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].message, message);
    assert_eq!(
        store.wards_with_messages_due(now).await.unwrap(),
        [verbs.ward]
    );
    let before = now.minus(minutes(1));
    assert_eq!(store.wards_with_messages_due(before).await.unwrap(), []);
}

async fn what_waits_is_cancelled_with_the_stay_and_what_went_out_is_not(verbs: Verbs) {
    let (stay, other) = (verbs.admit().await, verbs.admit().await);
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    for of in [stay, other] {
        let slot_at = now.plus(minutes(60));
        let reminder = Message::slot_reminder(of, Asks::Reading, slot_at);
        ledger.queue_message(&reminder).await.unwrap();
        let advice = Message::out_of_hours_advice(of, 7, now);
        ledger.queue_message(&advice).await.unwrap();
    }
    let due = ledger.due_messages(now, 10).await.unwrap();
    assert_eq!(due.len(), 2);
    for message in &due {
        let sent = message.lease(now).unwrap().sent(now).unwrap();
        ledger.put_message(&sent).await.unwrap();
    }
    assert_eq!(ledger.cancel_messages(stay).await.unwrap(), 1);
    assert_eq!(ledger.cancel_messages(stay).await.unwrap(), 0);
    ledger.commit().await.unwrap();
    let why = Stop::StayEnded;
    for (of, reminder) in [
        (stay, Delivery::Cancelled { why }),
        (other, Delivery::Queued),
    ] {
        let messages = store.messages_of(of, 10).await.unwrap();
        let deliveries: Vec<Delivery> = messages.iter().map(|it| it.delivery).collect();
        assert_eq!(deliveries, [reminder, Delivery::Sent { at: now }]);
    }
}

async fn a_message_that_cannot_be_read_holds_up_nobody_elses(verbs: Verbs) {
    let (stay, other) = (verbs.admit().await, verbs.admit().await);
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    for of in [stay, other] {
        let advice = Message::out_of_hours_advice(of, 7, now);
        ledger.queue_message(&advice).await.unwrap();
    }
    ledger.commit().await.unwrap();
    let mut behind = verbs.database.look_behind().await;
    let damage = format!("update outbox set body = '{{\"newer\":1}}' where body like '%{stay}%'");
    behind.execute(&damage).await.unwrap();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let due = ledger.due_messages(now, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].message.stay, other);
    ledger.commit().await.unwrap();
    let left = "select count(*) from outbox where due_at is not null";
    assert_eq!(behind.count(left).await, 1);
}
