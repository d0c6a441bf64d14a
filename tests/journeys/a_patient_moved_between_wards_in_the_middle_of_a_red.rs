use serde_json::json;
use ward_core::alert::{Outcome, State};
use ward_core::event::WardEvent;
use ward_core::time::minutes;
use ward_tests::pathway::row_of;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::Answer;

on_both_databases!(
    the_red_is_on_one_board_and_nobodys_and_what_was_spooled_goes_to_the_new_ward,
    two_who_move_the_same_patient_at_once_move_them_once,
    where_a_patient_cannot_go_is_said_with_what_is_possible,
);

async fn the_red_is_on_one_board_and_nobodys_and_what_was_spooled_goes_to_the_new_ward(
    ward: TestWard,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let neighbour = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let console = Console::opened_by(&ben).await;

    bridge.measures(&patient.oximeter, spo2(84.0)).await;
    let board = asha.board().await;
    let red = row_of(&board, patient.stay).unwrap().alerts[0].clone();
    asha.takes(red.number, board.as_of).await;
    // The home loses its line; the next low waits there.
    ward.after(minutes(2)).await;
    let spooled = bridge.spools(&patient.oximeter, spo2(83.0));

    let moved = asha
        .has_moved(patient.stay, "transfer", &json!({ "to": rib.0 }))
        .await;
    assert_eq!((moved.stay, moved.ward), (patient.stay.0, rib.0));

    // On the new board, as red as it was, and nobody's; it sounds there.
    let there = console
        .sees("the red", |alert| alert.severity == Severity::Red)
        .await;
    assert!(there.acknowledged.is_none() && there.resolved.is_none());
    assert_eq!(
        (there.stay, there.raised_at, there.worst_percent, there.lows),
        (red.stay, red.raised_at, red.worst_percent, red.lows)
    );
    assert_eq!(there.recheck_by, red.recheck_by);
    assert_eq!(there.spoken, format!("RIB {}", there.number));
    // Gone from the old one, with everything that is not the patient's still there.
    let old = asha.board().await;
    assert!(row_of(&old, patient.stay).is_none() && old.technical.is_empty());
    assert!(row_of(&old, neighbour).is_some());
    let refused = asha.resolves(red.number, old.as_of).await;
    assert_eq!(refused.refusal(), (409, "already-resolved".to_owned()));
    let log = ward.log().await;
    let closed = log.iter().find_map(|logged| match &logged.event {
        WardEvent::Alert { alert, .. } => match &alert.state {
            State::Resolved { outcome, .. } => Some(*outcome),
            State::Raised | State::Acknowledged { .. } => None,
        },
        _ => None,
    });
    assert_eq!(closed, Some(Outcome::TransferredWard));

    // What was spooled goes to the new ward, and bears the red out.
    let reply = bridge.hears_of(std::slice::from_ref(&spooled)).await;
    assert_eq!(reply.answers, [Answer::Stored]);
    assert_eq!(
        bridge.hears_of(&[spooled]).await.answers,
        [Answer::Duplicate]
    );
    let confirmed = console
        .sees("it confirmed", |alert| {
            alert.confirmation == "second_reading"
        })
        .await;
    assert_eq!(
        (confirmed.number, confirmed.lows, confirmed.worst_percent),
        (there.number, 2, Some(83.0))
    );
    assert_eq!(ward.values_of(patient.stay).await, [84.0, 83.0]);
    let record = ben.looks_up(patient.stay).await;
    assert_eq!(record.open_alerts, [there.number]);
    assert_eq!(record.notes.len(), 1);
    // The box in that home is the new ward's too.
    assert_eq!(ward.look_up(bridge.bridge.id).await.ward, rib);
    console.agrees_with(ben.board().await).await;
}

async fn two_who_move_the_same_patient_at_once_move_them_once(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let (rib, hyn) = (ward.open_ward("RIB").await, ward.open_ward("HYN").await);
    bridge.measures(&patient.oximeter, spo2(84.0)).await;
    let (to_rib, to_hyn) = (json!({ "to": rib.0 }), json!({ "to": hyn.0 }));
    let (one, other, low) = tokio::join!(
        asha.moves(patient.stay, "transfer", &to_rib),
        asha.moves(patient.stay, "transfer", &to_hyn),
        bridge.measures(&patient.oximeter, spo2(80.0)),
    );
    drop(low);
    let (winner, loser) = if one.status.is_success() {
        (one, other)
    } else {
        (other, one)
    };
    let moved: ward_wire::pathway::StayView = winner.json();
    assert_eq!(loser.refusal(), (404, "not-found".to_owned()));
    let mut open = 0;
    for id in [ward.ward, rib, hyn] {
        let alerts = ward.wards.store().open_alerts(id).await.unwrap();
        assert!(alerts.is_empty() || id.0 == moved.ward);
        open += alerts.len();
    }
    assert_eq!(open, 1);
    let mut values = ward.values_of(patient.stay).await;
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [80.0, 84.0]);
    ward.readings_and_alerts_agree().await;
}

async fn where_a_patient_cannot_go_is_said_with_what_is_possible(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let here = asha
        .moves(stay, "transfer", &json!({ "to": ward.ward.0 }))
        .await;
    assert_eq!(here.refusal(), (409, "not-possible".to_owned()));
    assert!(here.problem().detail.contains("Possible now: pause"));
    let nowhere = asha
        .moves(stay, "transfer", &json!({ "to": uuid::Uuid::nil() }))
        .await;
    assert_eq!(nowhere.refusal(), (404, "not-found".to_owned()));
    assert!(row_of(&asha.board().await, stay).is_some());
    ward.readings_and_alerts_agree().await;
}
