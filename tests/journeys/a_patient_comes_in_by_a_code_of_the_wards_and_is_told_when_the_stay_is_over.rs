use reqwest::Method;
use ward_core::alert::{Problem, Severity};
use ward_core::time::minutes;
use ward_tests::diary::{Answers, AtHome, on_the_phone, typed};
use ward_tests::pathway::discharge_home;
use ward_tests::{Desk, Nurse, TestWard, on_both_databases};
use ward_wire::diary::{DiaryRequest, EnteredReply, Help, Means, SaidBy};

on_both_databases!(
    the_patient_enters_a_diary_and_asks_for_help,
    a_carer_is_named_and_a_lost_phone_is_shut_out,
    a_low_after_the_discharge_reaches_the_ward_and_the_patient_is_told_that_nobody_watches,
    a_code_is_good_once_with_the_right_date_of_birth_and_for_a_week,
);

async fn the_patient_enters_a_diary_and_asks_for_help(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let code = asha.gives_code(stay, None).await;
    let ada = AtHome::with(&ward, &code).await;
    let entry = Answers::well().number("oxygen", 96.0).entry();
    let told: EnteredReply = ada.sends("/diary", &entry).await.json();
    assert_eq!(told.advice[0].advice, "carry_on");
    let source = asha.diary(stay).await.entries[0].source.clone();
    assert_eq!(
        (source.said_by, source.means),
        (SaidBy::Patient, Means::Page)
    );
    assert_eq!(source.staff, None);

    let asked: EnteredReply = ada.sends("/readings", &typed(72.0, 95.0)).await.json();
    let reading = asked.readings[0].reading;
    let path = format!("/readings/{reading}/answer");
    let answer = serde_json::json!({ "answer": { "it_is": "swapped" } });
    let told: EnteredReply = ada.sends(&path, &answer).await.json();
    assert_eq!(told.readings[0].spo2_percent, 95.0);

    let called: EnteredReply = ada.asks(Help::CallMe).await.json();
    assert_eq!(called.advice[0].advice, "we_will_call");
    assert!(called.advice[0].text.contains("999"));
    let called: EnteredReply = ada.asks(Help::Called999).await.json();
    assert_eq!(called.advice[0].advice, "wait_for_ambulance");
    let open = ward.open_alerts().await;
    let help = open.iter().find(|it| it.problem == Problem::AskedForHelp);
    assert_eq!(help.unwrap().severity, Severity::Red);

    // Nobody speaks for somebody else, and a patient sees no ward.
    let posing = DiaryRequest {
        from: Some(on_the_phone()),
        ..Answers::well().entry()
    };
    let refused = ada.sends("/diary", &posing).await;
    assert_eq!(refused.refusal(), (422, "who-said-it".to_owned()));
    let none = ada.looks_at("/questions").await;
    assert_eq!(none.refusal(), (409, "no-diary".to_owned()));
}

async fn a_carer_is_named_and_a_lost_phone_is_shut_out(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let code = asha.gives_code(stay, Some("Mary Example")).await;
    let mary = AtHome::with(&ward, &code).await;
    let red = Answers::well().with("new_confusion", true).entry();
    let told: EnteredReply = mary.sends("/diary", &red).await.json();
    assert_eq!(told.advice[0].advice, "call_999");
    let entry = asha.diary(stay).await.entries[0].clone();
    assert_eq!(entry.source.carer.as_deref(), Some("Mary Example"));
    assert_eq!(
        Desk::only(&ward.open_alerts().await).severity,
        Severity::Red
    );
    let log = serde_json::to_string(&ward.log().await).unwrap();
    assert!(!log.contains("Mary Example"));

    let path = asha.of_stay(stay, "/access");
    let ended = asha.changes(Method::DELETE, &path, &()).await;
    assert_eq!(ended.status, 204);
    let refused = mary.sends("/diary", &Answers::well().entry()).await;
    assert_eq!(refused.refusal(), (401, "patient-not-signed-in".to_owned()));
}

async fn a_code_is_good_once_with_the_right_date_of_birth_and_for_a_week(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let code = asha.gives_code(stay, None).await;
    let not_good = (403, "code-not-good".to_owned());
    let wrong = AtHome::comes_in(&ward, &code.code, "1949-03-09").await;
    assert_eq!(wrong.refusal(), not_good);
    let no_date = AtHome::comes_in(&ward, &code.code, "in March").await;
    assert_eq!(no_date.refusal(), (400, "malformed".to_owned()));
    let ada = AtHome::with(&ward, &code).await;
    let again = AtHome::comes_in(&ward, &code.code, "1948-03-09").await;
    assert_eq!(again.refusal(), not_good);
    let mut behind = ward.database.look_behind().await;
    assert_eq!(behind.count("select count(*) from access_token").await, 1);

    let old = asha.gives_code(stay, None).await;
    ward.clock.advance(minutes(7 * 24 * 60 + 1));
    let late = AtHome::comes_in(&ward, &old.code, "1948-03-09").await;
    assert_eq!(late.refusal(), not_good);
    // The token lasts as long as the stay.
    let told = ada.sends("/readings", &typed(96.0, 80.0)).await;
    assert!(told.status.is_success(), "{told}");
}

async fn a_low_after_the_discharge_reaches_the_ward_and_the_patient_is_told_that_nobody_watches(
    ward: TestWard,
) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = AtHome::with(&ward, &asha.gives_code(stay, None).await).await;
    let unused = asha.gives_code(stay, None).await;
    asha.has_moved(stay, "discharge", &discharge_home()).await;
    ward.clock.advance(minutes(60));
    let late = AtHome::comes_in(&ward, &unused.code, "1948-03-09").await;
    assert_eq!(late.refusal(), (403, "code-not-good".to_owned()));

    let well: EnteredReply = ada.sends("/readings", &typed(97.0, 80.0)).await.json();
    assert_eq!(well.advice[0].advice, "stay_not_running");
    assert_eq!(ward.open_alerts().await, []);
    let low: EnteredReply = ada.sends("/readings", &typed(90.0, 80.0)).await.json();
    let said: Vec<_> = low.advice.iter().map(|it| it.advice.as_str()).collect();
    assert_eq!(said, ["red_value", "stay_not_running", "guide"]);
    let open = ward.open_alerts().await;
    assert_eq!(Desk::only(&open).severity, Severity::Red);

    ward.clock.advance(minutes(28 * 24 * 60));
    let over = ada.sends("/readings", &typed(90.0, 80.0)).await.problem();
    assert_eq!(over.status, 403);
    assert!(over.detail.contains("nobody is watching") && over.detail.contains("999"));
}
