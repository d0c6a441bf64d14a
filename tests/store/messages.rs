//! Messages go out once, again after a failure, and not to whom they must not.

use ward_core::alert::{Problem, Severity};
use ward_core::care::CarePlan;
use ward_core::message::{Asks, Delivery, Message, Stop, Trouble};
use ward_core::stay::{Destination, Phase};
use ward_core::technical::Cause;
use ward_core::time::{minutes, seconds};
use ward_tests::{Post, Verbs, on_both_databases, spo2};

on_both_databases!(
    a_message_is_sent_once_by_two_nodes_and_again_after_a_failure,
    a_node_that_goes_away_leaves_a_message_that_the_other_sends,
    a_low_asks_the_patient_for_a_recheck_in_the_words_of_their_plan,
    a_recheck_that_does_not_get_through_is_said_on_the_board,
    a_reminder_follows_the_other_and_asks_only_for_what_has_not_come,
    nobody_is_prompted_whose_stay_has_ended,
);

async fn a_message_is_sent_once_by_two_nodes_and_again_after_a_failure(verbs: Verbs) {
    let stay = verbs.admit().await;
    let (post, other) = (Post::default(), verbs.another_node().await);
    let notifier = post.notifier();
    for of in 0..40 {
        let mut ledger = verbs
            .wards
            .store()
            .open_ledger(verbs.ward)
            .await
            .unwrap()
            .unwrap();
        let advice = Message::out_of_hours_advice(stay, of, verbs.clock.now());
        ledger.queue_message(&advice).await.unwrap();
        ledger.commit().await.unwrap();
    }
    post.fails(&[Trouble::NoAnswer]);
    for _ in 0..3 {
        let (one, two) = tokio::join!(verbs.wards.notify(&notifier), other.wards.notify(&notifier));
        one.unwrap();
        two.unwrap();
    }
    let first = post.took();
    let mut ids: Vec<_> = first.iter().map(|letter| letter.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((first.len(), ids.len()), (40, 40));
    // The one that came to nothing comes again, as the same message, once.
    verbs.clock.advance(seconds(5));
    for _ in 0..2 {
        let (one, two) = tokio::join!(verbs.wards.notify(&notifier), other.wards.notify(&notifier));
        one.unwrap();
        two.unwrap();
    }
    let again = post.took();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].attempt, ids.contains(&again[0].id)), (2, true));
    verbs.clock.advance(minutes(30));
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
    assert_eq!(verbs.open_alerts().await, []);
}

async fn a_node_that_goes_away_leaves_a_message_that_the_other_sends(verbs: Verbs) {
    let stay = verbs.admit().await;
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let advice = Message::out_of_hours_advice(stay, 7, now);
    ledger.queue_message(&advice).await.unwrap();
    let due = ledger.due_messages(now, 10).await.unwrap();
    let leased = due[0].lease(now).unwrap();
    ledger.put_message(&leased).await.unwrap();
    ledger.commit().await.unwrap();
    let post = Post::default();
    let notifier = post.notifier();
    verbs.clock.advance(seconds(59));
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
    verbs.clock.advance(seconds(1));
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took()[0].attempt, 2);
}

async fn a_low_asks_the_patient_for_a_recheck_in_the_words_of_their_plan(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let post = Post::default();
    let notifier = post.notifier();
    verbs.measures(&bridge, &patient.oximeter, spo2(91.0)).await;
    verbs.wards.notify(&notifier).await.unwrap();
    let letters = post.took();
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    assert_eq!((letter.kind, letter.recipient), ("recheck", "patient"));
    let first = letter.text.split(". ").next().unwrap();
    assert!(first.contains("Call 999 now"), "{}", letter.text);
    assert!(letter.text.contains("91%"), "{}", letter.text);
    assert!(!format!("{letter:?}").contains(&letter.phone));
    // The next low confirms; nobody is asked a third time.
    verbs.clock.advance(minutes(1));
    verbs.measures(&bridge, &patient.oximeter, spo2(91.0)).await;
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
}

async fn a_recheck_that_does_not_get_through_is_said_on_the_board(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let post = Post::default();
    let notifier = post.notifier();
    post.fails(&[Trouble::Refused { status: 503 }; 3]);
    verbs.measures(&bridge, &patient.oximeter, spo2(94.0)).await;
    for _ in 0..3 {
        verbs.wards.notify(&notifier).await.unwrap();
        verbs.clock.advance(seconds(20));
    }
    let alerts = verbs.open_alerts().await;
    let said: Vec<_> = alerts.iter().map(|it| (it.problem, it.severity)).collect();
    let failing = Problem::Technical(Cause::DeliveryFailing);
    assert_eq!(
        said,
        [
            (Problem::Oxygen, Severity::Amber),
            (failing, Severity::Amber)
        ]
    );
    // It goes on, and gets through.
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took().len(), 4);
    let sent = &verbs
        .wards
        .store()
        .messages_of(patient.stay, 10)
        .await
        .unwrap()[0];
    assert!(matches!(sent.delivery, Delivery::Sent { .. }), "{sent:?}");
}

async fn a_reminder_follows_the_other_and_asks_only_for_what_has_not_come(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let post = Post::default();
    let notifier = post.notifier();
    // At eight, one and six; it is eight.
    let store = verbs.wards.store();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let care = CarePlan::default();
    ledger.set_care(patient.stay, &care).await.unwrap();
    ledger.commit().await.unwrap();
    verbs.wards.queue_reminders().await.unwrap();
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
    verbs.clock.advance(minutes(300));
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took_kinds(), ["slot_reminder"]);
    // Who has measured at half past five is not reminded at six; the next morning they are.
    verbs.clock.advance(minutes(270));
    verbs.measures(&bridge, &patient.oximeter, spo2(97.0)).await;
    verbs.clock.advance(minutes(30));
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
    verbs.clock.advance(minutes(14 * 60));
    verbs.wards.queue_reminders().await.unwrap();
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took_kinds(), ["slot_reminder"]);
}

async fn nobody_is_prompted_whose_stay_has_ended(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let post = Post::default();
    let notifier = post.notifier();
    verbs.measures(&bridge, &patient.oximeter, spo2(91.0)).await;
    let slot_at = verbs.clock.now().plus(minutes(300));
    let reminder = Message::slot_reminder(patient.stay, Asks::Reading, slot_at);
    // Ended behind the messages' back: what is queued is not sent all the same.
    let store = verbs.wards.store();
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let mut stay = ledger
        .stay(patient.stay)
        .await
        .unwrap()
        .unwrap()
        .stay
        .clone();
    stay.phase = Phase::Ended {
        at: verbs.clock.now(),
        destination: Destination::Died,
    };
    ledger.put_stay(&stay).await.unwrap();
    ledger.queue_message(&reminder).await.unwrap();
    ledger.commit().await.unwrap();
    verbs.wards.notify(&notifier).await.unwrap();
    verbs.clock.advance(minutes(300));
    verbs.wards.queue_reminders().await.unwrap();
    verbs.wards.notify(&notifier).await.unwrap();
    assert_eq!(post.took(), []);
    let why = Stop::StayEnded;
    for message in store.messages_of(patient.stay, 10).await.unwrap() {
        assert_eq!(message.delivery, Delivery::Cancelled { why }, "{message:?}");
    }
}
