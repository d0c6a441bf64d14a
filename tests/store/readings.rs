//! Readings: stored once, judged once, whatever is sent again and by whom.

use std::time::Duration;

use ward_core::alert::{Problem, Severity};
use ward_core::reading::Measured;
use ward_core::spo2::Spo2;
use ward_core::time::{minutes, seconds};
use ward_core::window::{TimeAt, WindowSummary};
use ward_service::Answer;
use ward_tests::{Desk, Verbs, attempt, on_both_databases, spo2};

on_both_databases!(
    a_low_is_stored_and_raises_one_alert_in_the_same_commit,
    a_repeat_is_a_duplicate_however_often_it_comes,
    a_repeat_within_one_batch_counts_once,
    a_copy_by_a_second_bridge_counts_once,
    two_equal_values_of_one_bridge_are_two_measurements,
    two_nodes_that_get_the_same_readings_at_once_store_each_once_and_raise_one_alert,
    a_large_batch_is_answered_item_by_item_in_its_order,
    an_attempt_is_stored_without_a_value,
    what_a_window_held_is_read_back_as_it_was_and_nothing_is_read_where_nothing_was_said,
);

async fn a_low_is_stored_and_raises_one_alert_in_the_same_commit(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let before = verbs.log().await.len();
    verbs.measures(&bridge, &patient.oximeter, spo2(88.0)).await;
    assert_eq!(verbs.values_of(patient.stay).await, [88.0]);
    let alerts = verbs.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Oxygen, Severity::Red)
    );
    assert_eq!(
        verbs.kinds().await[before..],
        ["readings_recorded", "alert_raised"]
    );
    let board = verbs
        .wards
        .store()
        .board(verbs.ward)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(board.alerts, alerts);
    let row = &board.caseload[0].record;
    assert_eq!(row.state.newest().unwrap().spo2.percent(), 88.0);
    assert_eq!(board.as_of.0, i64::try_from(before).unwrap() + 2);
}

async fn a_repeat_is_a_duplicate_however_often_it_comes(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let low = verbs.measures(&bridge, &patient.oximeter, spo2(91.0)).await;
    let log = verbs.log().await;
    for _ in 0..10 {
        verbs.clock.advance(seconds(61));
        let answers = verbs.record(&bridge, std::slice::from_ref(&low)).await;
        assert_eq!(answers, [Answer::Duplicate]);
    }
    assert_eq!(verbs.values_of(patient.stay).await, [91.0]);
    assert_eq!(verbs.log().await, log, "a repeat is not news");
    let alerts = verbs.open_alerts().await;
    assert_eq!(Desk::only(&alerts).lows.unwrap().count, 1);
}

async fn a_repeat_within_one_batch_counts_once(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let low = spo2(91.0).from(&patient.oximeter, verbs.clock.now());
    let answers = verbs.record(&bridge, &[low.clone(), low]).await;
    assert_eq!(answers, [Answer::Stored, Answer::Duplicate]);
    let alerts = verbs.open_alerts().await;
    assert_eq!(Desk::only(&alerts).lows.unwrap().count, 1);
}

async fn a_copy_by_a_second_bridge_counts_once(verbs: Verbs) {
    let (one, other) = (verbs.bridge().await, verbs.bridge().await);
    let patient = verbs.read_by_both(&one, &other).await;
    let taken = spo2(91.0).ago(minutes(2));
    verbs.measures(&one, &patient.oximeter, taken.clone()).await;
    // The other heard it a second later by its own clock, and gives it an id of its own.
    let copy = spo2(91.0).ago(minutes(2) - Duration::from_secs(1));
    verbs.measures(&other, &patient.oximeter, copy).await;
    let stored = verbs
        .wards
        .store()
        .readings_of(patient.stay, 10)
        .await
        .unwrap();
    let copies: Vec<bool> = stored.iter().map(|point| point.is_copy).collect();
    assert_eq!(copies, [false, true]);
    let alerts = verbs.open_alerts().await;
    let lows = Desk::only(&alerts).lows.unwrap();
    assert_eq!(lows.count, 1, "a copy confirms nothing");
    // A value of its own by the same other bridge is no copy.
    verbs.measures(&other, &patient.oximeter, spo2(90.0)).await;
    let alerts = verbs.open_alerts().await;
    assert_eq!(Desk::only(&alerts).lows.unwrap().count, 2);
}

async fn two_equal_values_of_one_bridge_are_two_measurements(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    let both = [
        spo2(91.0).ago(seconds(2)).from(&patient.oximeter, now),
        spo2(91.0).from(&patient.oximeter, now),
    ];
    assert_eq!(
        verbs.record(&bridge, &both).await,
        [Answer::Stored, Answer::Stored]
    );
    let alerts = verbs.open_alerts().await;
    assert_eq!(Desk::only(&alerts).lows.unwrap().count, 2);
}

async fn two_nodes_that_get_the_same_readings_at_once_store_each_once_and_raise_one_alert(
    verbs: Verbs,
) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let other = verbs.another_node().await;
    let now = verbs.clock.now();
    let readings: Vec<_> = (0..12)
        .map(|n| {
            spo2(80.0 + f64::from(n))
                .ago(seconds(600 - 40 * u64::try_from(n).unwrap()))
                .from(&patient.oximeter, now)
        })
        .collect();
    let post = |desk: &Desk| {
        let (wards, bridge) = (desk.wards.clone(), bridge.bridge.clone());
        let batches: Vec<Vec<_>> = readings
            .chunks(3)
            .map(|part| part.iter().map(|it| it.incoming(now)).collect())
            .collect();
        async move {
            let mut stored = 0;
            for batch in batches {
                let answers = wards.record_readings(&bridge, batch).await.unwrap();
                stored += answers.iter().filter(|it| **it == Answer::Stored).count();
            }
            stored
        }
    };
    let (here, there) = tokio::join!(tokio::spawn(post(&verbs)), tokio::spawn(post(&other)));
    assert_eq!(here.unwrap() + there.unwrap(), readings.len());
    assert_eq!(verbs.values_of(patient.stay).await.len(), readings.len());
    let alerts = verbs.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(alert.lows.unwrap().count, 12);
    assert_eq!(alert.worst.unwrap().percent(), 80.0);
}

async fn a_large_batch_is_answered_item_by_item_in_its_order(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patients = [
        verbs.patient(&bridge).await,
        verbs.patient(&bridge).await,
        verbs.patient(&bridge).await,
    ];
    let now = verbs.clock.now();
    let readings: Vec<_> = (0..450_u32)
        .map(|n| {
            let patient = &patients[usize::try_from(n).unwrap() % 3];
            spo2(95.0 + f64::from(n % 40) / 10.0)
                .ago(seconds(u64::from(1_000 - n)))
                .from(&patient.oximeter, now)
        })
        .collect();
    let (first, rest) = readings.split_at(7);
    verbs.record(&bridge, first).await;
    let answers = verbs.record(&bridge, &readings).await;
    for (place, answer) in answers.iter().enumerate() {
        let expected = if place < first.len() {
            Answer::Duplicate
        } else {
            Answer::Stored
        };
        assert_eq!(*answer, expected, "item {place}");
    }
    assert_eq!(answers.len(), first.len() + rest.len());
    for patient in &patients {
        assert_eq!(verbs.values_of(patient.stay).await.len(), 150);
    }
    assert_eq!(verbs.open_alerts().await, []);
}

async fn an_attempt_is_stored_without_a_value(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    for _ in 0..3 {
        verbs.clock.advance(minutes(1));
        verbs.measures(&bridge, &patient.oximeter, attempt()).await;
    }
    let store = verbs.wards.store();
    assert_eq!(store.count_readings(patient.stay).await.unwrap(), 3);
    assert_eq!(verbs.values_of(patient.stay).await, [0.0; 0]);
    let alerts = verbs.open_alerts().await;
    assert_eq!(Desk::only(&alerts).problem.name(), "poor_signal");
}

async fn what_a_window_held_is_read_back_as_it_was_and_nothing_is_read_where_nothing_was_said(
    verbs: Verbs,
) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let tenths = |tenths| Spo2::from_tenths(tenths).unwrap();
    let at = |percent, millis| TimeAt { percent, millis };
    let window = WindowSummary::new(
        60_250,
        (tenths(935), tenths(950), tenths(971)),
        vec![at(93, 12_345), at(95, 30_000), at(97, 15_000)],
    );
    let window = window.unwrap();
    verbs.measures(&bridge, &patient.oximeter, spo2(96.0)).await;
    verbs.clock.advance(minutes(1));
    let told = spo2(95.0).of_window(window.clone());
    verbs.measures(&bridge, &patient.oximeter, told).await;
    let kept = verbs.wards.store().chart_of(patient.stay, None, 10);
    let windows: Vec<_> = kept
        .await
        .unwrap()
        .into_iter()
        .map(|kept| match kept.reading.measured {
            Measured::Values(values) => values.window,
            Measured::Attempt { reason } => panic!("a value: {reason}"),
        })
        .collect();
    assert_eq!(windows, [Some(window), None]);
}
