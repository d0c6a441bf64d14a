//! Whoever starts a shift says whether they heard the sound of their screen, and that can be read later.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::duty::Console;
use ward_core::event::{DutyEvent, WardEvent};
use ward_core::id::ClinicianId;
use ward_core::time::{Timestamp, minutes, seconds};
use ward_service::{AuditAsked, AuditMark, AuditWhat};
use ward_tests::http::Reply;
use ward_tests::{Nurse, TestWard, on_both_databases};

on_both_databases!(
    who_heard_it_where_and_when_can_be_read_in_the_audit,
    what_was_told_late_or_twice_is_written_once_and_at_its_time,
    a_screen_has_a_code_and_no_words_and_another_ward_is_not_found,
);

fn told(test: u128, console: &str, heard: bool, waited: u64) -> Value {
    let test = Uuid::from_u128(test);
    json!({ "test": test, "console": console, "heard": heard, "waited_ms": waited })
}

async fn tells(nurse: &Nurse, body: &Value) -> Reply {
    let path = nurse.path("/sound-tests");
    nurse.changes(Method::POST, &path, body).await
}

/// Who, on which screen, whether it was heard, and when.
async fn written(ward: &TestWard, reader: ClinicianId) -> Vec<(Uuid, String, bool, Timestamp)> {
    let permit = ward.permit(reader).await;
    let asked = AuditAsked {
        from: ward.clock.now().minus(minutes(60)),
        until: ward.clock.now().plus(minutes(1)),
        by: None,
        patient: None,
        also_without_person: true,
    };
    let page = ward.wards.audit(&permit, asked, AuditMark::default(), 100);
    let mut found: Vec<_> = (page.await.unwrap().lines.into_iter())
        .filter_map(|line| {
            let AuditWhat::Did(_, event) = line.what else {
                return None;
            };
            let WardEvent::Duty(event) = *event else {
                return None;
            };
            let DutyEvent::SoundTested {
                by,
                console,
                heard,
                at,
            } = event
            else {
                return None;
            };
            Some((by.0, console.as_str().to_owned(), heard, at))
        })
        .collect();
    found.reverse();
    found
}

async fn who_heard_it_where_and_when_can_be_read_in_the_audit(ward: TestWard) {
    let ben = ward.clinician("ben", "Ben Ito").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    ward.staff("wall", "The wall", ward.ward, Role::WallBoard)
        .await;
    let wall = Nurse::signs_in(&ward, "wall").await;
    let before = asha.board().await.as_of;
    let first = ward.clock.now();
    let answered = tells(&asha, &told(1, "K7QF", false, 0)).await;
    assert_eq!(answered.status, StatusCode::NO_CONTENT);
    ward.clock.advance(seconds(20));
    let second = ward.clock.now();
    assert!(
        tells(&asha, &told(2, "K7QF", true, 0))
            .await
            .status
            .is_success()
    );
    // A screen on the wall can only look, and is to be heard all the same.
    assert!(
        tells(&wall, &told(3, "WA22", true, 0))
            .await
            .status
            .is_success()
    );
    let you = |nurse: &Nurse| nurse.view.clinician;
    assert_eq!(
        written(&ward, ben).await,
        [
            (you(&asha), "K7QF".to_owned(), false, first),
            (you(&asha), "K7QF".to_owned(), true, second),
            (you(&wall), "WA22".to_owned(), true, second),
        ]
    );
    assert_eq!(asha.board().await.as_of, before + 3);
    // What was said arms nothing: that is the screen's own, and told by its receipts.
    assert_eq!(ward.wards.watchers(ward.ward), 0);
}

async fn what_was_told_late_or_twice_is_written_once_and_at_its_time(ward: TestWard) {
    let ben = ward.clinician("ben", "Ben Ito").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let said_at = ward.clock.now();
    ward.clock.advance(seconds(90));
    for _ in 0..2 {
        let answered = tells(&asha, &told(1, "K7QF", true, 90_000)).await;
        assert_eq!(answered.status, StatusCode::NO_CONTENT);
    }
    let one = (asha.view.clinician, "K7QF".to_owned(), true, said_at);
    assert_eq!(written(&ward, ben).await, [one]);

    // A screen whose clock was set says nothing that lies years back.
    assert!(
        tells(&asha, &told(2, "K7QF", true, u64::MAX))
            .await
            .status
            .is_success()
    );
    let latest = written(&ward, ben).await.pop().unwrap();
    assert_eq!(latest.3, ward.clock.now().minus(minutes(24 * 60)));
}

async fn a_screen_has_a_code_and_no_words_and_another_ward_is_not_found(ward: TestWard) {
    let ben = ward.clinician("ben", "Ben Ito").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    assert_eq!(Console::named("Asha's"), None);
    let refused = tells(&asha, &told(1, "Asha's", true, 0)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let path = format!("/api/wards/{}/sound-tests", Uuid::from_u128(404));
    let body = told(1, "K7QF", true, 0);
    let elsewhere = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert_eq!(written(&ward, ben).await, []);
}
