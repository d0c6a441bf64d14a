use serde_json::json;
use ward_core::care::ContactSchedule;
use ward_core::clinician::Role;
use ward_core::id::StayId;
use ward_core::plan_change::Wanted;
use ward_core::time::minutes;
use ward_service::PlanSet;
use ward_tests::calls::{codes, no_answer, reached, whereabouts};
use ward_tests::pathway::discharge_home;
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::calls::CallListView;

on_both_databases!(
    a_row_goes_to_the_new_ward_with_everything_that_was_tried,
    who_is_in_hospital_is_not_rung_and_not_forgotten,
    a_new_plan_forgives_no_call_that_is_owed,
);

fn is_on(list: &CallListView, stay: StayId) -> bool {
    let all = list.to_call.iter().chain(&list.paused);
    let mut all = all.chain(&list.stopped).chain(&list.not_due);
    all.any(|row| row.stay == stay.0)
}

async fn a_row_goes_to_the_new_ward_with_everything_that_was_tried(ward: TestWard) {
    let stay = ward.admit().await;
    ward.clinician("asha", "Asha Rao").await;
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let rib = ward.open_ward("RIB").await;
    ward.staff("ben", "Ben Ito", rib, Role::Clinician).await;
    carl.logs(stay, &no_answer()).await;
    ward.after(minutes(90)).await;
    carl.logs(stay, &no_answer()).await;
    assert_eq!(carl.claims(stay).await.status, 200);
    // A day goes by, and nobody was reached.
    ward.after(minutes(24 * 60)).await;
    let [asha, ben] = [
        Nurse::signs_in(&ward, "asha").await,
        Nurse::signs_in_at(ward.address, rib, "ben").await,
    ];
    let before = asha.call_list().await;
    let (_, old) = whereabouts(&before, stay);
    asha.has_moved(stay, "transfer", &json!({ "to": rib.0 }))
        .await;

    assert!(!is_on(&asha.call_list().await, stay));
    let there = ben.call_list().await;
    let (part, row) = whereabouts(&there, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["carried_over"]));
    assert_eq!(row.reasons, old.reasons);
    assert_eq!(row.ladder, old.ladder);
    assert_eq!(row.ladder.as_ref().unwrap().at_different_times, 2);
    // Whoever had claimed it works on the other ward.
    assert_eq!((old.claim.is_some(), row.claim.as_ref()), (true, None));
    assert_eq!(ben.contacts(stay).await.contacts.len(), 2);
    let gone = asha.tries_to_log(stay, &reached()).await;
    assert_eq!(gone.refusal(), (404, "not-found".to_owned()));
    assert!(gone.problem().detail.contains("another ward"));
    ben.logs(stay, &reached()).await;
    assert_eq!(whereabouts(&ben.call_list().await, stay).0, "not_due");
}

async fn who_is_in_hospital_is_not_rung_and_not_forgotten(ward: TestWard) {
    let [stay, leaves] = [ward.admit().await, ward.admit().await];
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    asha.logs(stay, &reached()).await;
    ward.after(minutes(60)).await;
    asha.has_moved(stay, "hospital", &json!({ "expected_back": true }))
        .await;
    let list = asha.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!(part, "paused");
    assert!(row.paused_since.is_some());
    let refused = asha.claims(stay).await;
    assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
    // A word with the hospital can be written down all the same.
    asha.logs(stay, &no_answer()).await;
    asha.has_moved(stay, "resume", &json!({})).await;
    let list = asha.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["back_home"]));
    ward.after(minutes(5)).await;
    asha.logs(stay, &reached()).await;
    assert_eq!(whereabouts(&asha.call_list().await, stay).0, "not_due");

    // Who has left, and who has died, is on no list, whatever was owed.
    asha.has_moved(leaves, "discharge", &discharge_home()).await;
    assert!(!is_on(&asha.call_list().await, leaves));
    asha.has_moved(stay, "death", &json!({})).await;
    assert!(!is_on(&asha.call_list().await, stay));
    for over in [leaves, stay] {
        let refused = asha.claims(over).await;
        assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
        assert!(refused.problem().detail.contains("ended"), "{refused}");
    }
    // Who rings after the discharge is written down.
    assert_eq!(asha.answers(leaves, &reached()).await.status, 200);
}

async fn a_new_plan_forgives_no_call_that_is_owed(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    asha.logs(stay, &reached()).await;
    ward.after(minutes(24 * 60)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    let list = asha.call_list().await;
    assert_eq!(codes(whereabouts(&list, stay).1), ["due_today"]);
    let permit = ward
        .permit(ward_core::id::ClinicianId(asha.view.clinician))
        .await;
    let mut plan = ward
        .wards
        .plan_of(&permit, stay)
        .await
        .unwrap()
        .unwrap()
        .version
        .plan;
    plan.care.contact = ContactSchedule::Days(vec![5]);
    let wanted = Wanted {
        replaces: plan.care.version,
        limits: plan.limits,
        care: plan.care,
        reason: "well, and rings when in doubt".to_owned(),
    };
    let set = ward.wards.set_plan(&permit, stay, wanted).await.unwrap();
    assert!(matches!(set, PlanSet::InForce(_)));
    let list = asha.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["owed_before"]));
    ward.after(minutes(5)).await;
    asha.logs(stay, &reached()).await;
    let list = asha.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!(part, "not_due");
    assert_eq!(row.next_on.unwrap().to_string(), "2026-11-25");
}
