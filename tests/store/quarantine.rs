//! What cannot be tied to a person or cannot be read is kept with its bytes, shown, and never silenced.

use ward_core::alert::{Alert, Severity, Subject};
use ward_core::time::{minutes, seconds};
use ward_service::Answer;
use ward_tests::people::oximeter;
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    a_reading_of_an_unknown_oximeter_is_kept_and_a_red_one_is_a_red_alert_with_the_candidates,
    a_reading_of_a_time_when_nobody_wore_the_oximeter_is_kept_apart,
    what_cannot_be_read_is_kept_with_its_bytes_and_a_low_in_it_counts,
    another_reading_under_the_same_id_is_kept_apart_and_its_low_is_not_lost,
    one_id_with_two_times_is_two_readings_and_both_are_judged,
    one_bad_item_does_not_hold_up_the_others,
    other_content_under_a_known_id_is_kept_and_its_low_is_seen_while_a_repeat_is_not_news,
    one_bridge_with_many_unknown_oximeters_raises_few_alerts_and_loses_no_red,
    an_item_that_the_records_cannot_hold_is_kept_apart_and_the_others_are_stored,
);

fn quarantined(answer: &Answer) -> &str {
    match answer {
        Answer::Quarantined { reason } => reason,
        other => panic!("it should be kept apart: {other:?}"),
    }
}

async fn only(verbs: &Verbs) -> Alert {
    Desk::only(&verbs.open_alerts().await).clone()
}

async fn a_reading_of_an_unknown_oximeter_is_kept_and_a_red_one_is_a_red_alert_with_the_candidates(
    verbs: Verbs,
) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let stranger = oximeter(9_999);
    let red = spo2(85.0).from(&stranger, verbs.clock.now());
    let answers = verbs.record(&bridge, std::slice::from_ref(&red)).await;
    assert_eq!(
        quarantined(&answers[0]),
        "this oximeter is not in the kit ledger"
    );
    let alert = only(&verbs).await;
    assert_eq!(alert.severity, Severity::Red);
    assert_eq!(
        alert.subject,
        Subject::Device {
            bridge: bridge.bridge.id,
            address: stranger
        }
    );
    assert_eq!(
        alert.detail,
        Some(ward_core::technical::Detail::Candidates {
            stays: vec![patient.stay]
        })
    );
    let again = verbs.record(&bridge, std::slice::from_ref(&red)).await;
    assert_eq!(again, [Answer::Duplicate]);
    let store = verbs.wards.store();
    assert_eq!(store.count_quarantined(verbs.ward).await.unwrap(), 1);
    assert_eq!(verbs.values_of(patient.stay).await, [0.0; 0]);
}

async fn a_reading_of_a_time_when_nobody_wore_the_oximeter_is_kept_apart(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let (stay, oximeter) = (verbs.admit().await, verbs.new_oximeter().await);
    let from = verbs.clock.now().minus(minutes(10));
    verbs.give_from(&oximeter, stay, &bridge, from).await;
    let now = verbs.clock.now();
    let readings = [
        spo2(97.0).ago(minutes(11)).from(&oximeter, now),
        spo2(98.0).ago(minutes(9)).from(&oximeter, now),
    ];
    let answers = verbs.record(&bridge, &readings).await;
    assert_eq!(
        quarantined(&answers[0]),
        "nobody is known to have worn this oximeter at that time"
    );
    assert_eq!(answers[1], Answer::Stored);
    assert_eq!(verbs.values_of(stay).await, [98.0]);
    assert_eq!(only(&verbs).await.severity, Severity::Low);
}

async fn what_cannot_be_read_is_kept_with_its_bytes_and_a_low_in_it_counts(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    let odd = spo2(86.0).from(&patient.oximeter, now);
    let post = |item| verbs.wards.record_readings(&bridge.bridge, vec![item]);
    let answers = post(odd.unreadable(now)).await.unwrap();
    assert_eq!(quarantined(&answers[0]), "pulse_bpm: not a number");
    let alert = only(&verbs).await;
    assert_eq!(alert.subject, Subject::Stay(patient.stay));
    assert_eq!(
        (alert.problem.name(), alert.severity),
        ("unreadable_data", Severity::Red)
    );
    assert_eq!(
        post(odd.unreadable(now)).await.unwrap(),
        [Answer::Duplicate]
    );
    let mut behind = verbs.database.look_behind().await;
    let bytes = serde_json::to_vec(&odd.wire(now)).unwrap().len();
    let kept = format!("select count(*) from quarantine where length(raw) = {bytes}");
    assert_eq!(behind.count(&kept).await, 1);
}

async fn another_reading_under_the_same_id_is_kept_apart_and_its_low_is_not_lost(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let first = verbs.measures(&bridge, &patient.oximeter, spo2(97.0)).await;
    let second = spo2(84.0)
        .with_id_of(&first)
        .from(&patient.oximeter, verbs.clock.now());
    let answers = verbs.record(&bridge, std::slice::from_ref(&second)).await;
    assert_eq!(
        quarantined(&answers[0]),
        "another reading with other values was stored under this id"
    );
    let alert = only(&verbs).await;
    assert_eq!(alert.subject, Subject::Stay(patient.stay));
    assert_eq!(alert.severity, Severity::Red);
    assert_eq!(alert.worst.unwrap().percent(), 84.0);
    assert_eq!(verbs.values_of(patient.stay).await, [97.0]);
    let again = verbs.record(&bridge, &[first, second]).await;
    assert_eq!(again, [Answer::Duplicate, Answer::Duplicate]);
}

async fn one_id_with_two_times_is_two_readings_and_both_are_judged(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    let good = spo2(97.0).ago(seconds(30)).from(&patient.oximeter, now);
    let low = spo2(84.0).with_id_of(&good).from(&patient.oximeter, now);
    let answers = verbs.record(&bridge, &[good, low]).await;
    assert_eq!(answers, [Answer::Stored, Answer::Stored]);
    assert_eq!(verbs.values_of(patient.stay).await, [97.0, 84.0]);
    assert_eq!(only(&verbs).await.severity, Severity::Red);
}

async fn one_bad_item_does_not_hold_up_the_others(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    let reading = |percent: f64| spo2(percent).from(&patient.oximeter, now);
    let items = vec![
        reading(96.0).incoming(now),
        reading(97.0).unreadable(now),
        spo2(98.0).from(&oximeter(9_999), now).incoming(now),
        reading(91.0).incoming(now),
    ];
    let answers = verbs
        .wards
        .record_readings(&bridge.bridge, items)
        .await
        .unwrap();
    assert_eq!(
        (&answers[0], &answers[3]),
        (&Answer::Stored, &Answer::Stored)
    );
    quarantined(&answers[1]);
    quarantined(&answers[2]);
    let mut problems: Vec<_> = verbs.open_alerts().await;
    problems.sort_by_key(|alert| alert.problem.name());
    let problems: Vec<_> = problems.iter().map(|alert| alert.problem.name()).collect();
    assert_eq!(problems, ["oxygen", "unknown_device", "unreadable_data"]);
}

async fn other_content_under_a_known_id_is_kept_and_its_low_is_seen_while_a_repeat_is_not_news(
    verbs: Verbs,
) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let now = verbs.clock.now();
    let of_nobody = spo2(96.0).from(&oximeter(9_999), now);
    let of_nobody_low = spo2(60.0)
        .with_id_of(&of_nobody)
        .from(&oximeter(9_999), now);
    let odd = spo2(96.0).from(&patient.oximeter, now);
    let odd_low = spo2(60.0).with_id_of(&odd).from(&patient.oximeter, now);
    let items = |now| {
        vec![
            of_nobody.incoming(now),
            of_nobody_low.incoming(now),
            odd.unreadable(now),
            odd_low.unreadable(now),
        ]
    };
    let post = |items| verbs.wards.record_readings(&bridge.bridge, items);
    for answer in post(items(now)).await.unwrap() {
        quarantined(&answer);
    }
    for alert in verbs.open_alerts().await {
        assert_eq!(alert.severity, Severity::Red, "{alert:?}");
        assert_eq!(alert.worst.unwrap().percent(), 60.0);
    }
    // At the next try everything is the same but the ages.
    verbs.clock.advance(minutes(1));
    let log = verbs.log().await;
    let again = post(items(verbs.clock.now())).await.unwrap();
    assert_eq!(again, vec![Answer::Duplicate; 4]);
    assert_eq!(verbs.log().await, log);
    let store = verbs.wards.store();
    assert_eq!(store.count_quarantined(verbs.ward).await.unwrap(), 4);
}

async fn one_bridge_with_many_unknown_oximeters_raises_few_alerts_and_loses_no_red(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let now = verbs.clock.now();
    let strangers =
        |percent: f64| (0..40).map(move |n| spo2(percent).from(&oximeter(9_000 + n), now));
    let green: Vec<_> = strangers(97.0).collect();
    verbs.record(&bridge, &green).await;
    let of_the_bridge = || async {
        let open = verbs.open_alerts().await;
        assert_eq!(open.len(), 9, "eight oximeters and their bridge");
        let subject = Subject::Bridge(bridge.bridge.id);
        open.into_iter().find(|it| it.subject == subject).unwrap()
    };
    assert_eq!(of_the_bridge().await.severity, Severity::Low);
    let speaks = || async {
        let kinds = verbs.kinds().await;
        let spoken = kinds.iter().filter(|kind| **kind == "alert_worsened");
        spoken.count()
    };
    for (percent, heard) in [(84.0, 1), (83.0, 1), (81.0, 2)] {
        let last = spo2(percent).from(&oximeter(9_039), now);
        verbs.record(&bridge, &[last]).await;
        let alert = of_the_bridge().await;
        assert_eq!(alert.severity, Severity::Red);
        assert_eq!(alert.worst.unwrap().percent(), percent);
        assert_eq!(speaks().await, heard, "at {percent}");
    }
    // One that has its own alert keeps it.
    let first = spo2(80.0).from(&oximeter(9_000), now);
    verbs.record(&bridge, &[first]).await;
    assert_eq!(of_the_bridge().await.worst.unwrap().percent(), 81.0);
}

async fn an_item_that_the_records_cannot_hold_is_kept_apart_and_the_others_are_stored(
    verbs: Verbs,
) {
    let bridge = verbs.bridge().await;
    let broken = verbs.patient(&bridge).await;
    let whole = verbs.patient(&bridge).await;
    let mut behind = verbs.database.look_behind().await;
    let spoil = "update stay set plan = '{' where patient_id in
        (select patient_id from patient where family_name = 'Example0')";
    assert_eq!(behind.execute(spoil).await.unwrap(), 1);
    let now = verbs.clock.now();
    let batch = [
        spo2(96.0).ago(minutes(2)).from(&whole.oximeter, now),
        spo2(82.0).from(&broken.oximeter, now),
        spo2(85.0).from(&whole.oximeter, now),
    ];
    let answers = verbs.record(&bridge, &batch).await;
    assert_eq!(
        (&answers[0], &answers[2]),
        (&Answer::Stored, &Answer::Stored)
    );
    assert_eq!(
        quarantined(&answers[1]),
        "the records cannot hold this item as it is"
    );
    let mut open = verbs.open_alerts().await;
    open.sort_by_key(|alert| alert.problem.name());
    let open: Vec<_> = open
        .iter()
        .map(|alert| (alert.problem.name(), alert.severity, alert.subject.clone()))
        .collect();
    assert_eq!(
        open,
        [
            ("oxygen", Severity::Red, Subject::Stay(whole.stay)),
            ("unreadable_data", Severity::Red, Subject::Stay(broken.stay)),
        ]
    );
    verbs.clock.advance(minutes(1));
    let again = verbs.record(&bridge, &batch).await;
    assert_eq!(again, vec![Answer::Duplicate; 3]);
}
