//! Whoever is not at the board is told what waits: for everybody what is nobody's, for one person what was given to them.

use reqwest::Method;
use serde_json::json;
use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::duty::WaitingView;

on_both_databases!(
    the_most_urgent_first_until_somebody_has_it_and_to_whom_it_was_given,
    a_pause_of_the_boards_is_theirs_too,
    looking_there_is_not_looking_at_the_board,
);

async fn waiting(nurse: &Nurse) -> WaitingView {
    nurse.get(&nurse.path("/waiting")).await.json()
}

/// Severity, name, and whether it was given to whoever asks.
fn told(waiting: &WaitingView) -> Vec<(Severity, &str, bool)> {
    let alerts = waiting.alerts.iter();
    alerts
        .map(|it| (it.severity, it.name.as_str(), it.given_to_you))
        .collect()
}

async fn the_most_urgent_first_until_somebody_has_it_and_to_whom_it_was_given(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    assert_eq!(told(&waiting(&asha).await), []);
    let (first, second) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    bridge.measures(&first.oximeter, spo2(93.0)).await;
    bridge.measures(&second.oximeter, spo2(85.0)).await;

    let both = waiting(&asha).await;
    let board = asha.board().await;
    let name = |stay: ward_core::id::StayId| {
        let row = board.rows.iter().find(|row| row.stay == stay.0).unwrap();
        row.name.as_str()
    };
    assert_eq!(
        told(&both),
        [
            (Severity::Red, name(second.stay), false),
            (Severity::Amber, name(first.stay), false)
        ]
    );
    let red = &both.alerts[0];
    asha.takes(red.number, red.spoke_seq).await;
    assert_eq!(
        told(&waiting(&ben).await),
        [(Severity::Amber, name(first.stay), false)]
    );

    ward.clock.advance(seconds(10));
    let path = asha.path(&format!("/alerts/{}/assign", red.number));
    let to = json!({ "seen": red.spoke_seq, "to": ben.view.clinician });
    let given = asha.changes(Method::POST, &path, &to).await;
    assert!(given.status.is_success());
    assert_eq!(
        told(&waiting(&ben).await).first(),
        Some(&(Severity::Red, name(second.stay), true))
    );
    assert_eq!(told(&waiting(&asha).await).len(), 1);
    let seen = waiting(&ben).await.alerts[0].spoke_seq;
    ben.takes(red.number, seen).await;
    assert_eq!(told(&waiting(&ben).await).len(), 1);
}

async fn a_pause_of_the_boards_is_theirs_too(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(93.0)).await;
    assert_eq!(waiting(&asha).await.quiet_until, None);
    let path = asha.path("/audio-pause");
    asha.changes(Method::PUT, &path, &json!({})).await;
    let quiet = waiting(&asha).await;
    assert!(quiet.quiet_until.unwrap() > quiet.server_time);
    bridge.measures(&patient.oximeter, spo2(85.0)).await;
    assert_eq!(waiting(&asha).await.quiet_until, None);
}

async fn looking_there_is_not_looking_at_the_board(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(85.0)).await;
    assert_eq!(waiting(&asha).await.alerts.len(), 1);
    ward.clock.advance(minutes(1));
    ward.wards.sweep().await.unwrap();
    let board = asha.board().await;
    let red = board.rows.iter().flat_map(|row| &row.alerts).next();
    assert!(red.unwrap().unseen, "no board has shown it");
}
