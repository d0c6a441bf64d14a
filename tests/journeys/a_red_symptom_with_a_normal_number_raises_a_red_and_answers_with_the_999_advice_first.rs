use ward_core::alert::{Problem, Severity};
use ward_core::clinician::Role;
use ward_core::day::StaffedHours;
use ward_core::time::minutes;
use ward_service::NewWard;
use ward_tests::desk::nothing_asked;
use ward_tests::diary::Answers;
use ward_tests::people::referral;
use ward_tests::{Console, Desk, Nurse, TestWard, on_both_databases};

on_both_databases!(
    it_is_red_on_every_board_and_the_patient_is_told_to_call_999,
    at_night_they_are_told_so_too_and_that_nobody_watches,
    feeling_worse_is_amber_and_low_spirits_put_a_call_on_the_list,
);

async fn it_is_red_on_every_board_and_the_patient_is_told_to_call_999(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let answers = Answers::well()
        .number("oxygen", 97.0)
        .number("pulse", 80.0)
        .with("chest_pain", true);
    let told = asha.hears(stay, answers.clone()).await;
    assert_eq!(told.advice[0].advice, "call_999");
    assert!(told.advice[0].text.starts_with("Call 999 now"));
    assert!(told.advice.iter().any(|it| it.advice == "ward_told"));
    assert!(!told.unanswered && told.readings.len() == 1);

    let red = console.sees("red", |it| it.problem == "symptom").await;
    assert_eq!(red.severity, ward_wire::board::Severity::Red);
    assert_eq!(red.detail.as_deref(), Some("Chest pain."));
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(alert.problem, Problem::Symptom);
    assert_eq!(ward.values_of(stay).await, [97.0]);

    // The same entry, sent again, is the same; another that is calm clears the condition, never the alert.
    asha.takes(red.number, red.spoke_seq).await;
    ward.clock.advance(minutes(60));
    asha.hears(stay, Answers::well()).await;
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(alert.severity, Severity::Red);
    assert_eq!(alert.condition, ward_core::plan::Band::Green);
    let diary = asha.diary(stay).await;
    assert_eq!(diary.entries.len(), 2);
    assert_eq!(diary.entries[1].symptoms[0].words, "Chest pain");
    let by = diary.entries[1].source.staff.unwrap();
    assert_eq!(diary.staff[&by], "Asha Rao");
    ward.readings_and_alerts_agree().await;
}

async fn at_night_they_are_told_so_too_and_that_nobody_watches(ward: TestWard) {
    let new = NewWard {
        code: "NGT".to_owned(),
        name: "Staffed by day".to_owned(),
        phone: "01254 222 222".to_owned(),
        time_zone: "Europe/London".to_owned(),
        default_plan: ward_core::plan::MonitoringPlan::scale_one(),
        staffed: StaffedHours::default(),
        default_care: nothing_asked(),
    };
    let by_day = ward.wards.open_ward(new).await.unwrap().id;
    let stay = ward.wards.admit(by_day, referral(77)).await.unwrap().stay;
    ward.staff("ben", "Ben Cole", by_day, Role::CallHandler)
        .await;
    ward.clock.advance(minutes(14 * 60));
    let ben = Nurse::signs_in_at(ward.address, by_day, "ben").await;
    let told = ben
        .hears(stay, Answers::well().with("blue_lips", true))
        .await;
    let said: Vec<_> = told.advice.iter().map(|it| it.advice.as_str()).collect();
    assert_eq!(said, ["call_999", "nobody_watches"]);
    assert!(told.advice[1].text.contains("08:00 tomorrow"), "{told:?}");
    let red = ben.types(stay, 90.0, 88.0).await;
    assert_eq!(red.advice[0].advice, "red_value");
    assert!(red.advice[0].text.starts_with("Call 999 or go to A&E"));
    ward.readings_and_alerts_agree().await;
}

async fn feeling_worse_is_amber_and_low_spirits_put_a_call_on_the_list(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let worse = Answers::well().choosing("feeling", "worse");
    let told = asha.hears(stay, worse.choosing("mood", "low")).await;
    let said: Vec<_> = told.advice.iter().map(|it| it.advice.as_str()).collect();
    assert_eq!(said, ["worse", "ward_told", "wellbeing_call"]);
    let open = ward.open_alerts().await;
    assert_eq!(Desk::only(&open).severity, Severity::Amber);
    assert!(asha.diary(stay).await.entries[0].wellbeing);
    let mut ledger = ward
        .wards
        .store()
        .open_ledger(ward.ward)
        .await
        .unwrap()
        .unwrap();
    let contact = ledger.contact_state(stay).await.unwrap();
    ledger.close().await.unwrap();
    let wanted: Vec<_> = contact.asked.iter().map(|asked| asked.why).collect();
    assert_eq!(wanted, [ward_core::contact::Why::Wellbeing]);
    ward.readings_and_alerts_agree().await;
}
