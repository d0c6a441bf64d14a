use reqwest::Method;
use serde_json::{Value, json};
use ward_core::clinician::Role;
use ward_core::time::{minutes, seconds};
use ward_tests::http::Reply;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::{AlertKind, Done};
use ward_wire::duty::DutyView;

on_both_databases!(
    an_alert_goes_from_hand_to_hand_and_is_never_nobodys_on_the_way,
    who_leaves_duty_says_who_takes_what_they_have,
    what_is_given_back_to_the_ward_sounds_again,
    a_note_is_handed_over_once_and_done_once,
    quiet_is_for_all_boards_and_ends_with_the_next_alarm,
    who_looks_at_somebody_is_seen_by_the_others_and_then_not_any_more,
    who_belongs_to_another_ward_takes_no_part,
);

async fn does(nurse: &Nurse, method: Method, path: &str, body: &Value) -> Reply {
    let path = nurse.path(&format!("/{path}"));
    nurse.changes(method, &path, body).await
}

async fn an_alert_goes_from_hand_to_hand_and_is_never_nobodys_on_the_way(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let console = Console::opened_by(&ben).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = console
        .sees("red", |it| it.severity == ward_wire::board::Severity::Red)
        .await;
    assert_eq!(red.kind, AlertKind::Clinical);
    let path = format!("alerts/{}/assign", red.number);
    let seen = json!({ "seen": red.spoke_seq, "to": ben.view.clinician });
    // What nobody has looked at is not given away.
    let refused = does(&asha, Method::POST, &path, &seen).await;
    assert_eq!(refused.refusal(), (409, "not-acknowledged".to_owned()));

    asha.acknowledges(red.number, red.spoke_seq).await;
    ward.clock.advance(minutes(1));
    let given: Done = does(&asha, Method::POST, &path, &seen).await.json();
    assert_eq!(given.name, "Ben Ito");
    let his = console.sees("his", |it| it.assigned_by.is_some()).await;
    assert_eq!(
        his.acknowledged.as_ref().unwrap().clinician,
        given.clinician
    );
    // He says that he has it: since it was given to him, not since he said so.
    ward.clock.advance(minutes(1));
    let said: Done = ben.acknowledges(red.number, his.spoke_seq).await.json();
    assert_eq!(said.at, given.at);
    console
        .sees("taken", |it| {
            it.acknowledged.is_some() && it.assigned_by.is_none()
        })
        .await;

    let taken: Done = does(
        &asha,
        Method::POST,
        &path,
        &json!({ "seen": red.spoke_seq }),
    )
    .await
    .json();
    assert_eq!(taken.name, "Asha Rao");
    ward.staff("carl", "Carl Moss", ward.ward, Role::CallHandler)
        .await;
    let carl = Nurse::signs_in(&ward, "carl").await;
    let cannot = json!({ "seen": red.spoke_seq, "to": carl.view.clinician });
    assert_eq!(
        does(&asha, Method::POST, &path, &cannot).await.refusal(),
        (422, "not-valid".to_owned())
    );
    assert_eq!(
        does(
            &carl,
            Method::POST,
            &path,
            &json!({ "seen": red.spoke_seq })
        )
        .await
        .refusal(),
        (403, "forbidden".to_owned())
    );
}

async fn who_leaves_duty_says_who_takes_what_they_have(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let patient = ward.patient(&bridge).await;
    assert_eq!(
        does(&asha, Method::POST, "duty/leave", &json!({}))
            .await
            .refusal(),
        (409, "not-possible".to_owned())
    );
    let since: Done = does(
        &asha,
        Method::POST,
        "duty/accept",
        &json!({ "post": "lead" }),
    )
    .await
    .json();
    ward.clock.advance(minutes(1));
    let again: Done = does(
        &asha,
        Method::POST,
        "duty/accept",
        &json!({ "post": "lead" }),
    )
    .await
    .json();
    assert_eq!(again, since);
    does(
        &ben,
        Method::POST,
        "duty/accept",
        &json!({ "post": "clinician" }),
    )
    .await;
    let posts: Vec<String> = asha
        .board()
        .await
        .shift
        .on_duty
        .into_iter()
        .map(|it| it.post)
        .collect();
    assert_eq!(posts, ["lead", "clinician"]);

    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let board = asha.board().await;
    let number = board.rows[0].alerts[0].number;
    asha.acknowledges(number, board.as_of).await;
    let refused = does(&asha, Method::POST, "duty/leave", &json!({})).await;
    assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
    assert!(refused.problem().detail.contains("1 alert"));
    let to = json!({ "hand_to": { "kind": "colleague", "clinician": ben.view.clinician } });
    assert!(
        does(&asha, Method::POST, "duty/leave", &to)
            .await
            .status
            .is_success()
    );
    let board = ben.board().await;
    let alert = &board.rows[0].alerts[0];
    assert_eq!(
        alert.acknowledged.as_ref().unwrap().clinician,
        board.you.clinician
    );
    assert_eq!(alert.assigned_by, Some(since.clinician));
    assert_eq!(board.shift.on_duty.len(), 1);
}

async fn what_is_given_back_to_the_ward_sounds_again(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    does(
        &asha,
        Method::POST,
        "duty/accept",
        &json!({ "post": "clinician" }),
    )
    .await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let before = asha.board().await;
    let alert = before.rows[0].alerts[0].clone();
    asha.acknowledges(alert.number, before.as_of).await;
    let to = json!({ "hand_to": { "kind": "ward" } });
    assert!(
        does(&asha, Method::POST, "duty/leave", &to)
            .await
            .status
            .is_success()
    );
    let board = asha.board().await;
    let after = &board.rows[0].alerts[0];
    assert_eq!(after.number, alert.number);
    assert!(after.acknowledged.is_none() && after.spoke_seq > alert.spoke_seq);
    assert!(ward.kinds().await.contains(&"alert_let_go"));
}

async fn a_note_is_handed_over_once_and_done_once(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let patient = ward.patient(&bridge).await;
    let empty = does(
        &asha,
        Method::POST,
        "handover-notes",
        &json!({ "body": "  " }),
    )
    .await;
    assert_eq!(empty.refusal(), (422, "not-valid".to_owned()));
    let body = json!({ "stay": patient.stay.0, "body": "Ring her daughter at four." });
    assert!(
        does(&asha, Method::POST, "handover-notes", &body)
            .await
            .status
            .is_success()
    );
    let duty: DutyView = ben.get(&ben.path("/duty")).await.json();
    let note = &duty.notes[0];
    assert_eq!((note.stay, note.done_at), (Some(patient.stay.0), None));
    for _ in 0..2 {
        let done = does(
            &ben,
            Method::POST,
            &format!("handover-notes/{}/done", note.id),
            &json!({}),
        )
        .await;
        assert!(done.status.is_success());
    }
    let duty: DutyView = asha.get(&asha.path("/duty")).await.json();
    assert_eq!(duty.notes[0].done_by, Some(ben.view.clinician));
    let kinds = ward.kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "handover_note_done")
            .count(),
        1
    );
}

async fn quiet_is_for_all_boards_and_ends_with_the_next_alarm(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(93.0)).await;
    assert!(
        does(&asha, Method::PUT, "audio-pause", &json!({}))
            .await
            .status
            .is_success()
    );
    let pause = ben.board().await.shift.audio_pause.unwrap();
    assert_eq!(pause.by, asha.view.clinician);
    ward.clock.advance(seconds(30));
    assert!(ben.board().await.shift.audio_pause.is_some());
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    assert_eq!(ben.board().await.shift.audio_pause, None);

    assert!(
        does(&asha, Method::PUT, "audio-pause", &json!({}))
            .await
            .status
            .is_success()
    );
    ward.clock.advance(minutes(2));
    assert_eq!(ben.board().await.shift.audio_pause, None);
    assert!(
        does(&asha, Method::PUT, "audio-pause", &json!({}))
            .await
            .status
            .is_success()
    );
    assert!(
        does(&ben, Method::DELETE, "audio-pause", &json!({}))
            .await
            .status
            .is_success()
    );
    assert_eq!(asha.board().await.shift.audio_pause, None);
}

async fn who_looks_at_somebody_is_seen_by_the_others_and_then_not_any_more(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    let look = json!({ "stay": patient.stay.0 });
    assert!(
        does(&asha, Method::PUT, "presence", &look)
            .await
            .status
            .is_success()
    );
    let present = ward.wards.present(ward.ward).await.unwrap();
    assert_eq!(present.len(), 1);
    let since = present[0].since;
    ward.clock.advance(seconds(20));
    assert!(
        does(&asha, Method::PUT, "presence", &look)
            .await
            .status
            .is_success()
    );
    assert_eq!(ward.wards.present(ward.ward).await.unwrap()[0].since, since);
    ward.clock.advance(seconds(51));
    // What was read a moment ago is kept for as long by the steady clock; a look of one's own makes it be read again.
    let other = ward.patient(&bridge).await;
    let elsewhere = json!({ "stay": other.stay.0 });
    assert!(
        does(&asha, Method::PUT, "presence", &elsewhere)
            .await
            .status
            .is_success()
    );
    let present = ward.wards.present(ward.ward).await.unwrap();
    assert_eq!((present.len(), present[0].stay), (1, other.stay));
    assert!(present[0].since > since);
}

async fn who_belongs_to_another_ward_takes_no_part(ward: TestWard) {
    let elsewhere = ward.open_ward("RIB").await;
    ward.staff("eve", "Eve Ward", elsewhere, Role::Clinician)
        .await;
    let eve = Nurse::signs_in(&ward, "eve").await;
    for (path, body) in [
        ("duty/accept", json!({ "post": "lead" })),
        ("duty/leave", json!({})),
        ("handover-notes", json!({ "body": "x" })),
        ("alerts/1/assign", json!({ "seen": 1 })),
    ] {
        let path = format!("/api/wards/{}/{path}", ward.ward);
        let refused = eve.changes(Method::POST, &path, &body).await;
        assert_eq!(refused.status.as_u16(), 404, "{path}");
    }
}
