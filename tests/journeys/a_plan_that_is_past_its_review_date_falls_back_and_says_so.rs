use ward_core::time::minutes;
use ward_tests::pathway::row_of;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Band;

on_both_databases!(
    it_counts_until_the_end_of_its_day_and_then_the_wards_default_does,
    a_review_in_time_keeps_it,
);

const AN_HOUR: u64 = 60;

async fn it_counts_until_the_end_of_its_day_and_then_the_wards_default_does(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    // It is eight in the morning of this day.
    let set = asha
        .sets_plan(patient.stay, |plan| {
            plan.limits.red_at_or_below = 90;
            plan.limits.amber_at_or_below = 92;
            plan.care.review_by = Some("2026-11-21".parse().unwrap());
        })
        .await;
    assert_eq!(set.status, 200);
    bridge.measures(&patient.oximeter, spo2(93.0)).await;
    // Somebody proposes other limits, and nobody looks at it in time.
    let proposed = asha
        .sets_plan(patient.stay, |plan| plan.limits.red_at_or_below = 86)
        .await;
    assert_eq!(proposed.status, 202);
    ward.after(minutes(12 * AN_HOUR)).await;
    ward.after(minutes(3 * AN_HOUR + 59)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    assert_eq!(asha.plan_of(patient.stay).await.in_force.version, 2);

    ward.after(minutes(1)).await;
    let plan = asha.plan_of(patient.stay).await;
    assert_eq!(
        (plan.in_force.version, plan.in_force.origin.as_str()),
        (3, "fell_back")
    );
    assert_eq!(plan.in_force.limits.red_at_or_below, 92);
    assert_eq!(plan.in_force.author, None);
    assert_eq!(
        plan.in_force.review_missed,
        Some("2026-11-21".parse().unwrap())
    );
    assert!(plan.in_force.reason.contains("Nobody reviewed version 2"));
    assert_eq!(plan.waiting, None);
    assert!(ward.kinds().await.contains(&"plan_fell_back"));

    // What was judged stays as it was; the same value is an amber now.
    bridge.measures(&patient.oximeter, spo2(93.0)).await;
    let board = asha.board().await;
    let row = row_of(&board, patient.stay).unwrap();
    let bands: Vec<Band> = row.trend.iter().map(|point| point.band).collect();
    assert_eq!(bands, [Band::Green, Band::Amber]);
    assert_eq!(row.plan.red_at_or_below, 92);
    assert_eq!(row.plan.review_missed, Some("2026-11-21".parse().unwrap()));
    // It falls back once.
    ward.after(minutes(48 * AN_HOUR)).await;
    let fell = ward.kinds().await;
    assert_eq!(
        fell.iter()
            .filter(|kind| **kind == "plan_fell_back")
            .count(),
        1
    );
    let asha = Nurse::signs_in(&ward, "asha").await;
    let history = asha.plan_history(patient.stay).await;
    let origins: Vec<&str> = history
        .versions
        .iter()
        .map(|it| it.origin.as_str())
        .collect();
    assert_eq!(origins, ["fell_back", "set", "admission"]);
    assert_eq!(history.proposals[0].state, "superseded");
    // A clinician looks at it: nothing is missed any more.
    let looked = asha.sets_plan(patient.stay, |_| {}).await;
    assert_eq!(looked.status, 200);
    let board = asha.board().await;
    let row = row_of(&board, patient.stay).unwrap();
    assert_eq!(row.plan.review_missed, None);
}

async fn a_review_in_time_keeps_it(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    for day in ["2026-11-21", "2026-11-25"] {
        let set = asha
            .sets_plan(stay, |plan| {
                plan.limits.red_at_or_below = 90;
                plan.care.review_by = Some(day.parse().unwrap());
            })
            .await;
        assert_eq!(set.status, 200);
    }
    ward.after(minutes(17 * AN_HOUR)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    let plan = asha.plan_of(stay).await;
    assert_eq!(
        (plan.in_force.version, plan.in_force.limits.red_at_or_below),
        (3, 90)
    );
    assert!(!ward.kinds().await.contains(&"plan_fell_back"));
}
