//! A visitor tried the oximeter. The good value made a low that came late look over; struck out, the low is told.

use reqwest::Method;
use serde_json::json;
use ward_core::alert::{Problem, Severity};
use ward_core::time::minutes;
use ward_tests::diary::Answers;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    a_good_reading_struck_out_uncovers_the_low_that_it_hid,
    a_calm_diary_entry_struck_out_uncovers_the_red_symptom_that_it_hid,
);

async fn a_good_reading_struck_out_uncovers_the_low_that_it_hid(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let low = bridge.spools(&patient.oximeter, spo2(86.0));
    ward.clock.advance(minutes(20));
    bridge.measures(&patient.oximeter, spo2(98.0)).await;
    bridge.post(&[low]).await;
    let open = ward.open_alerts().await;
    assert_eq!((open.len(), open[0].problem), (1, Problem::LateLow));
    let stored = ward
        .wards
        .store()
        .readings_of(patient.stay, 10)
        .await
        .unwrap();
    let good = stored.last().unwrap().reading;
    let path = asha.path(&format!(
        "/stays/{}/readings/{good}/strike-out",
        patient.stay
    ));
    let body = json!({ "code": "tried_out", "text": "a visitor tried it" });
    let reply = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(reply.status, 204, "{reply}");
    let open = ward.open_alerts().await;
    let raised = open
        .iter()
        .find(|it| it.problem == Problem::Oxygen)
        .unwrap();
    assert_eq!(raised.severity, Severity::Red);
    assert!(raised.recheck_by.is_some() && raised.is_unacknowledged());
    assert!(ward.kinds().await.contains(&"reading_struck"));
    // And the patient is asked to measure again.
    let messages = asha
        .get(&asha.path(&format!("/stays/{}/messages", patient.stay)))
        .await;
    let messages: serde_json::Value = messages.json();
    assert_eq!(messages["messages"][0]["kind"], "recheck", "{messages}");
    ward.readings_and_alerts_agree().await;
}

async fn a_calm_diary_entry_struck_out_uncovers_the_red_symptom_that_it_hid(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.clock.advance(minutes(30));
    let earlier = ward.clock.now();
    ward.clock.advance(minutes(20));
    asha.hears(stay, Answers::well()).await;
    let calm = asha.diary(stay).await.entries[0].id;
    let pain = Answers::well().with("chest_pain", true);
    asha.transcribes(stay, pain, earlier).await;
    let open = ward.open_alerts().await;
    assert_eq!((open.len(), open[0].severity), (1, Severity::Low));
    let strike = |entry: uuid::Uuid| asha.of_stay(stay, &format!("/diary/{entry}/strike-out"));
    let body = json!({ "code": "wrong_patient" });
    let reply = asha.changes(Method::POST, &strike(calm), &body).await;
    assert_eq!(reply.status, 204, "{reply}");
    let open = ward.open_alerts().await;
    assert_eq!((open.len(), open[0].severity), (1, Severity::Red));
    assert!(open[0].is_unacknowledged());
    // The red one was in error as well: the alert stays red and open, and says what it no longer rests on.
    let red = asha.diary(stay).await.entries;
    let red = red.iter().find(|entry| entry.id != calm).unwrap().id;
    let reply = asha.changes(Method::POST, &strike(red), &body).await;
    assert_eq!(reply.status, 204, "{reply}");
    let open = ward.open_alerts().await;
    assert_eq!((open.len(), open[0].severity), (1, Severity::Red));
    let board = asha.board().await;
    let said = board.rows[0].alerts[0].detail.clone().unwrap();
    assert!(
        said.contains("Struck out or moved to somebody else since"),
        "{said}"
    );
    ward.readings_and_alerts_agree().await;
}
