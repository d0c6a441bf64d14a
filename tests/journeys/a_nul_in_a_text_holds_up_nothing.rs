//! PostgreSQL's text has no U+0000: one in a reason, a name or a note must not make a batch fail for ever.

use ward_tests::{Bridge, Nurse, TestWard, attempt, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::{Answer, BatchReply};

on_both_databases!(
    beside_a_red_it_holds_up_nothing,
    in_a_name_or_a_note_it_is_no_fault_of_the_service,
);

async fn beside_a_red_it_holds_up_nothing(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let now = ward.clock.now();
    let item = |taken| {
        let spooled = bridge.spools(&patient.oximeter, taken);
        serde_json::to_string(&spooled.wire(now)).unwrap()
    };
    let items = [
        item(attempt()).replace("no finger", "no\\u0000finger"),
        item(spo2(96.0)).replace("spo2_percent", "spo2\\u0000percent"),
        item(spo2(84.0)),
    ];
    let reply: BatchReply = bridge.post_body(bridge.batch_of(&items)).await.json();
    assert_eq!(
        (&reply.answers[0], &reply.answers[2]),
        (&Answer::Stored, &Answer::Stored)
    );
    assert!(matches!(&reply.answers[1], Answer::Quarantined { reason } if !reason.contains('\0')));
    let board = asha.board().await;
    let mut alerts = board.rows.iter().flat_map(|row| &row.alerts);
    let red = alerts.find(|it| it.problem == "oxygen").unwrap();
    assert_eq!(red.severity, Severity::Red);
}

async fn in_a_name_or_a_note_it_is_no_fault_of_the_service(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let body = serde_json::json!({ "username": "asha\0", "password": "a few words in a row" });
    let request = ward_tests::http::client()
        .post(ward.url("/api/session"))
        .header("origin", format!("http://{}", ward.address))
        .json(&body);
    let refused = ward_tests::http::ask(request).await;
    assert_eq!(
        refused.refusal(),
        (401, "wrong-name-or-password".to_owned())
    );
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let board = asha.board().await;
    let alert = &board.rows[0].alerts[0];
    asha.takes(alert.number, board.as_of).await;
    let path = asha.path(&format!("/alerts/{}/resolve", alert.number));
    let note =
        serde_json::json!({ "seen": board.as_of + 1, "outcome": "advice_given", "note": "rang\0" });
    let ended = asha.changes(reqwest::Method::POST, &path, &note).await;
    assert_eq!(ended.status, 200, "{ended}");
    assert!(asha.board().await.rows[0].alerts.is_empty());
}
