//! Edna's oximeter was on Frank's finger. The low is struck on her chart, and is his: as a reading of its own time.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;
use ward_core::alert::{Problem, Severity, Subject};
use ward_core::clinician::Role;
use ward_core::time::minutes;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    a_reading_moved_to_the_right_patient,
    a_reading_moved_to_a_patient_of_another_ward,
    a_correction_that_cannot_be_is_refused_with_what_can,
);

async fn newest(ward: &TestWard, stay: ward_core::id::StayId) -> Uuid {
    let stored = ward.wards.store().readings_of(stay, 100).await.unwrap();
    stored.last().unwrap().reading.0
}

async fn a_reading_moved_to_the_right_patient(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let (edna, frank) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    ward.clock.advance(minutes(10));
    bridge.measures(&edna.oximeter, spo2(97.0)).await;
    ward.clock.advance(minutes(10));
    bridge.measures(&edna.oximeter, spo2(84.0)).await;
    let of_edna = ward.open_alerts().await[0].number;
    asha.takes(of_edna.0, ward.head().await.0).await;
    ward.clock.advance(minutes(3));
    let low = newest(&ward, edna.stay).await;
    let path = asha.path(&format!("/stays/{}/readings/{low}/move", edna.stay));
    let body =
        json!({ "to_ward": ward.ward.0, "to_stay": frank.stay.0, "text": "the two were mixed up" });
    let reply = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(reply.status, 200, "{reply}");
    let open = ward.open_alerts().await;
    let hers = open.iter().find(|it| it.number == of_edna).unwrap();
    // It keeps its severity, and says that nothing bears it out.
    assert_eq!((hers.severity, hers.lows), (Severity::Red, None));
    let his = open
        .iter()
        .find(|it| it.subject == Subject::Stay(frank.stay))
        .unwrap();
    assert_eq!(
        (his.problem, his.severity),
        (Problem::Oxygen, Severity::Red)
    );
    let measured_at = ward.clock.now().minus(minutes(3));
    assert_eq!(his.lows.unwrap().first_at, measured_at);
    let board = asha.board().await;
    let row = board
        .rows
        .iter()
        .find(|row| row.stay == edna.stay.0)
        .unwrap();
    let said = row.alerts[0].detail.clone().unwrap();
    assert!(
        said.contains("moved to somebody else") && said.contains("Nothing else"),
        "{said}"
    );
    assert_eq!(row.trend.len(), 1);
    // It stays on her chart as what it was.
    assert_eq!(ward.values_of(edna.stay).await, [97.0, 84.0]);
    assert_eq!(ward.values_of(frank.stay).await, [84.0]);
    let again = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(again.status, 409, "{again}");
    // A true low of hers is told as a new one, though hers is still Asha's.
    ward.clock.advance(minutes(1));
    bridge.measures(&edna.oximeter, spo2(91.0)).await;
    let open = ward.open_alerts().await;
    let hers = open.iter().find(|it| it.number == of_edna).unwrap();
    assert!(hers.is_unacknowledged() && hers.worst.unwrap().whole_percent() == 91);
    ward.readings_and_alerts_agree().await;
}

async fn a_reading_moved_to_a_patient_of_another_ward(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let edna = ward.patient(&bridge).await;
    let other = ward.open_ward("BUR").await;
    let frank = ward.admit_to(other).await;
    ward.clock.advance(minutes(10));
    bridge.measures(&edna.oximeter, spo2(84.0)).await;
    let low = newest(&ward, edna.stay).await;
    let path = asha.path(&format!("/stays/{}/readings/{low}/move", edna.stay));
    let body = json!({ "to_ward": other.0, "to_stay": frank.0 });
    let reply = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(reply.status, 404, "not hers to write on: {reply}");
    ward.wards
        .join_ward("asha", other, Role::Clinician)
        .await
        .unwrap();
    let asha = Nurse::signs_in(&ward, "asha").await;
    let reply = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(reply.status, 200, "{reply}");
    let there = ward.wards.store().open_alerts(other).await.unwrap();
    assert_eq!(there.len(), 1);
    assert_eq!(
        (&there[0].subject, there[0].severity),
        (&Subject::Stay(frank), Severity::Red)
    );
    assert_eq!(ward.open_alerts().await[0].lows, None);
    ward.readings_and_alerts_agree().await;
}

async fn a_correction_that_cannot_be_is_refused_with_what_can(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    ward.staff("cal", "Cal Lee", ward.ward, Role::CallHandler)
        .await;
    let cal = Nurse::signs_in(&ward, "cal").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let edna = ward.patient(&bridge).await;
    bridge.measures(&edna.oximeter, spo2(84.0)).await;
    let low = newest(&ward, edna.stay).await;
    let strike = asha.path(&format!("/stays/{}/readings/{low}/strike-out", edna.stay));
    let (nobody, long) = (Uuid::from_u128(7), "x".repeat(501));
    let unknown = asha.path(&format!(
        "/stays/{}/readings/{nobody}/strike-out",
        edna.stay
    ));
    let elsewhere = asha.path(&format!("/stays/{nobody}/readings/{low}/strike-out"));
    for (path, body, status) in [
        (&strike, json!({ "code": "other" }), 422),
        (&strike, json!({ "code": "wrong_value", "text": long }), 422),
        (&strike, json!({ "code": "ugly" }), 400),
        (&strike, json!({ "code": "wrong_value", "why": "x" }), 400),
        (&unknown, json!({ "code": "wrong_value" }), 404),
        (&elsewhere, json!({ "code": "wrong_value" }), 404),
    ] {
        let reply = asha.changes(Method::POST, path, &body).await;
        assert_eq!(reply.status, status, "{path} {body}: {reply}");
    }
    let forbidden = cal
        .changes(Method::POST, &strike, &json!({ "code": "wrong_value" }))
        .await;
    assert_eq!(forbidden.status, 403, "{forbidden}");
    let move_it = asha.path(&format!("/stays/{}/readings/{low}/move", edna.stay));
    let to_herself = json!({ "to_ward": ward.ward.0, "to_stay": edna.stay.0 });
    let reply = asha.changes(Method::POST, &move_it, &to_herself).await;
    assert_eq!(reply.status, 409, "{reply}");
    // A NUL in the words holds up nothing, and what was refused changed nothing.
    let body = json!({ "code": "other", "text": "a\u{0}b" });
    assert_eq!(ward.open_alerts().await[0].struck, None);
    let reply = asha.changes(Method::POST, &strike, &body).await;
    assert_eq!(reply.status, 204, "{reply}");
    let reply = asha.changes(Method::POST, &strike, &body).await;
    assert_eq!(reply.status, 409, "{reply}");
    ward.readings_and_alerts_agree().await;
}
