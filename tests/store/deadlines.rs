//! Time passing: on any node, once, also after a restart.

use ward_core::alert::Confirmation;
use ward_core::time::{minutes, seconds};
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    two_nodes_that_sweep_at_once_confirm_a_red_once,
    what_fell_due_while_nothing_ran_is_seen_to_at_the_next_start,
    the_next_sweep_finds_nothing_left_to_do,
);

async fn two_nodes_that_sweep_at_once_confirm_a_red_once(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
    let other = verbs.another_node().await;
    verbs.clock.advance(minutes(5));
    for _ in 0..4 {
        let (one, two) = tokio::join!(verbs.wards.sweep(), other.wards.sweep());
        one.unwrap();
        two.unwrap();
    }
    let alerts = verbs.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(alert.confirmation, Confirmation::NoRecheck);
    let kinds = verbs.kinds().await;
    let count = |kind: &str| kinds.iter().filter(|it| **it == kind).count();
    assert_eq!((count("alert_confirmed"), count("alert_not_shown")), (1, 1));
}

async fn what_fell_due_while_nothing_ran_is_seen_to_at_the_next_start(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
    verbs.wards.store().close().await;
    verbs.clock.advance(minutes(60));
    let started = verbs.another_node().await;
    started.wards.sweep().await.unwrap();
    let alerts = started.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(alert.confirmation, Confirmation::NoRecheck);
    assert!(alert.unseen);
}

async fn the_next_sweep_finds_nothing_left_to_do(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(94.0)).await;
    verbs.after(seconds(14)).await;
    assert!(!verbs.kinds().await.contains(&"alert_not_shown"));
    verbs.after(seconds(1)).await;
    assert_eq!(verbs.kinds().await.last(), Some(&"alert_not_shown"));
    let log = verbs.log().await;
    verbs.after(minutes(1)).await;
    assert_eq!(verbs.log().await, log);
    verbs.after(minutes(60)).await;
    assert_eq!(verbs.kinds().await[log.len()..], ["alert_confirmed"]);
    verbs.after(seconds(15)).await;
    assert_eq!(verbs.kinds().await.last(), Some(&"alert_not_shown"));
}
