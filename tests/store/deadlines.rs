//! Time passing: on any node, once, also after a restart.

use std::time::Duration;

use ward_core::alert::{Confirmation, Problem, Severity, Subject};
use ward_core::technical::{Cause, Detail};
use ward_core::time::{minutes, seconds};
use ward_service::{Clock, Wards, WardsOptions};
use ward_tests::story::Setting;
use ward_tests::{Desk, Kind, Verbs, on_both_databases, spo2};

on_both_databases!(
    two_nodes_that_sweep_at_once_confirm_a_red_once,
    what_fell_due_while_nothing_ran_is_seen_to_at_the_next_start,
    the_next_sweep_finds_nothing_left_to_do,
    a_clock_behind_the_log_is_said_in_red_at_the_start,
    an_alert_that_cannot_be_read_stops_nobody_elses_and_is_said_in_red,
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
    // No board showed it, so the steps up to the first that leads off the board do not wait.
    let passed_on = ["alert_not_shown", "alert_escalated", "alert_escalated"];
    assert!(verbs.kinds().await.ends_with(&passed_on));
    let log = verbs.log().await;
    verbs.after(minutes(1)).await;
    assert_eq!(verbs.log().await, log);
    verbs.after(minutes(60)).await;
    assert_eq!(verbs.kinds().await[log.len()..], ["alert_confirmed"]);
    verbs.after(seconds(15)).await;
    assert_eq!(verbs.kinds().await.last(), Some(&"alert_not_shown"));
}

async fn a_clock_behind_the_log_is_said_in_red_at_the_start(verbs: Verbs) {
    let at = async |clock: Clock| {
        let store = verbs.database.store().await;
        let node = Wards::new(store, clock, WardsOptions::default());
        node.compare_with_log().await.unwrap();
    };
    verbs.admit().await;
    at(Clock::moved(verbs.clock.now().minus(seconds(2)))).await;
    assert_eq!(verbs.open_alerts().await, []);
    for _ in 0..2 {
        at(Clock::moved(verbs.clock.now().minus(minutes(60)))).await;
        let alerts = verbs.open_alerts().await;
        let alert = Desk::only(&alerts);
        assert_eq!(
            (&alert.subject, alert.problem, alert.severity),
            (
                &Subject::Ward,
                Problem::Technical(Cause::ClockWrong),
                Severity::Red
            )
        );
        let off_by_ms = -3_600_000;
        assert_eq!(alert.detail, Some(Detail::clock(off_by_ms)));
    }
}

async fn an_alert_that_cannot_be_read_stops_nobody_elses_and_is_said_in_red(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let (one, other) = (verbs.patient(&bridge).await, verbs.patient(&bridge).await);
    let asha = verbs.clinician("asha", "Asha Rao").await;
    verbs.measures(&bridge, &one.oximeter, spo2(94.0)).await;
    let lost = Desk::only(&verbs.open_alerts().await).number;
    let mut behind = verbs.database.look_behind().await;
    let damage = format!("update alert set body = '{{\"newer\":1}}' where number = {lost}");
    behind.execute(&damage).await.unwrap();
    // The other's low is raised, swept and on the board, and so is what was lost.
    verbs.measures(&bridge, &other.oximeter, spo2(90.0)).await;
    verbs.after(seconds(15)).await;
    let permit = verbs.permit(asha).await;
    let board = verbs.wards.board(&permit).await.unwrap().unwrap();
    let [low] = board.by_stay[&other.stay].as_slice() else {
        panic!("{:?}", board.by_stay);
    };
    assert!(low.unseen && low.problem == Problem::Oxygen);
    let [said] = board.by_stay[&one.stay].as_slice() else {
        panic!("{:?}", board.by_stay);
    };
    assert_eq!(
        (said.problem, said.severity),
        (Problem::Technical(Cause::UnreadableData), Severity::Red)
    );
    // It is said once, and a new low of the same person is raised in the place of what was lost.
    verbs.after(seconds(60)).await;
    verbs.measures(&bridge, &one.oximeter, spo2(90.0)).await;
    let open = verbs.open_alerts().await;
    let of_one = open
        .iter()
        .filter(|it| it.subject == Subject::Stay(one.stay));
    let problems: Vec<_> = of_one.map(|it| it.problem).collect();
    assert_eq!(
        problems,
        [Problem::Technical(Cause::UnreadableData), Problem::Oxygen]
    );
    let kept = format!("select count(*) from alert where number = {lost} and not is_open");
    assert_eq!(behind.count(&kept).await, 1);
}

/// PostgreSQL: the embedded database has one writer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ward_that_is_held_does_not_keep_the_deadlines_of_another() {
    let verbs = Verbs::on(Kind::Postgres).await;
    let other = verbs.open_ward("BUR").await;
    for ward in [verbs.ward, other] {
        let bridge = verbs.bridge_of(ward).await;
        let stay = verbs.admit_to(ward).await;
        let oximeter = verbs.new_oximeter().await;
        verbs.give(&oximeter, stay, &bridge).await;
        verbs.measures(&bridge, &oximeter, spo2(90.0)).await;
    }
    verbs.clock.advance(seconds(15));
    let store = verbs.wards.store();
    // The first in the order of ids.
    let (held, free) = (verbs.ward.min(other), verbs.ward.max(other));
    let ledger = store.open_ledger(held).await.unwrap().unwrap();
    let sweeping = verbs.wards.clone();
    let sweep = tokio::spawn(async move { sweeping.sweep().await });
    let unseen = async {
        while !store.open_alerts(free).await.unwrap()[0].unseen {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let seen_to = tokio::time::timeout(Duration::from_secs(2), unseen).await;
    assert!(seen_to.is_ok(), "the free ward waited for the held one");
    drop(ledger);
    sweep.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_servers_clock_can_be_asked_and_the_embedded_database_has_none() {
    let embedded = Verbs::on(Kind::Sqlite).await;
    let now = embedded.wards.store().database_now().await.unwrap();
    assert_eq!(now, None);
    let server = Verbs::on(Kind::Postgres).await;
    let now = server.wards.store().database_now().await.unwrap();
    let off_by_ms = Clock::system().now().millis_since(now.unwrap());
    assert!(off_by_ms.abs() < 5_000, "{off_by_ms}");
}
