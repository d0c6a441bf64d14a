use serde_json::json;
use ward_core::clinician::Role;
use ward_core::plan::MonitoringPlan;
use ward_core::time::minutes;
use ward_service::Referral;
use ward_tests::pathway::{discharge_home, row_of};
use ward_tests::people::referral;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Band;
use ward_wire::plan::{Contact, Range, Scale, SetPlanReply, Target, Unstaffed, VersionView};

on_both_databases!(
    it_counts_only_when_a_colleague_agrees_and_changes_nothing_that_was_judged,
    a_proposal_waits_alone_and_is_decided_once,
    a_plan_that_cannot_be_worked_by_is_refused_with_what_to_change,
    what_a_ward_admits_with_lies_within_its_safe_range,
    no_default_plan_is_for_a_child,
);

async fn it_counts_only_when_a_colleague_agrees_and_changes_nothing_that_was_judged(
    ward: TestWard,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Okafor").await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let proposed = asha
        .sets_plan(patient.stay, |plan| {
            plan.limits.spo2_scale = Scale::Two;
            plan.limits.red_at_or_below = 82;
            plan.limits.amber_at_or_below = 86;
            plan.care.oxygen_target = Some(Target { from: 87, to: 92 });
        })
        .await;
    assert_eq!(proposed.status, 202);
    let proposed: SetPlanReply = proposed.json();
    let waiting = proposed.waiting.unwrap();
    assert_eq!((waiting.number, waiting.outside.len()), (1, 1));
    assert_eq!(waiting.outside[0].limit, "red_at_or_below");
    assert_eq!(waiting.outside[0].safe, Range { from: 83, to: 87 });

    // Until then the plan goes on as it was, in the patient's words too.
    let plan = asha.plan_of(patient.stay).await;
    assert_eq!(plan.in_force.version, 1);
    assert_eq!(plan.words[2].numbers, "92 or less");
    assert!(plan.words[2].advice.contains("999"));
    let own = asha.decides_plan(patient.stay, 1, "approve").await;
    assert_eq!(own.refusal(), (403, "needs-another-person".to_owned()));

    ward.after(minutes(5)).await;
    let approved = ben.decides_plan(patient.stay, 1, "approve").await;
    let approved: VersionView = approved.json();
    assert_eq!(
        (approved.version, approved.origin.as_str()),
        (2, "approved")
    );
    let plan = asha.plan_of(patient.stay).await;
    assert_eq!(plan.waiting, None);
    assert_eq!(plan.words[2].numbers, "82 or less");
    assert!(
        plan.target_words
            .unwrap()
            .starts_with("Your oxygen should be 87 to 92")
    );
    let names: Vec<&String> = plan.staff.values().collect();
    assert_eq!(names.len(), 2, "{names:?}");

    // What was judged keeps its band and its alert; what comes is judged by the new limits.
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let board = asha.board().await;
    let row = row_of(&board, patient.stay).unwrap();
    let bands: Vec<Band> = row.trend.iter().map(|point| point.band).collect();
    assert_eq!(bands, [Band::Red, Band::Green]);
    assert_eq!(row.alerts.len(), 1);
    assert_eq!(row.plan.red_at_or_below, 82);
    let history = asha.plan_history(patient.stay).await;
    let versions: Vec<(u32, u16)> = history
        .versions
        .iter()
        .map(|it| (it.version, it.limits.red_at_or_below))
        .collect();
    assert_eq!(versions, [(2, 82), (1, 92)]);
    assert_eq!(history.proposals[0].state, "approved");
    assert!(ward.kinds().await.contains(&"plan_changed"));

    // Agreed to once: a change of something else needs nobody again.
    let other = asha
        .sets_plan(patient.stay, |plan| plan.care.days = 10)
        .await;
    assert_eq!(other.status, 200);
    ward.readings_and_alerts_agree().await;
}

async fn a_proposal_waits_alone_and_is_decided_once(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Okafor").await;
    ward.staff("cleo", "Cleo Marsh", ward.ward, Role::CallHandler)
        .await;
    let cleo = Nurse::signs_in(&ward, "cleo").await;
    let lower =
        |red| move |plan: &mut ward_wire::plan::SetPlanRequest| plan.limits.red_at_or_below = red;
    assert_eq!(cleo.sets_plan(stay, lower(88)).await.refusal().0, 403);
    assert_eq!(asha.sets_plan(stay, lower(88)).await.status, 202);
    assert_eq!(cleo.decides_plan(stay, 1, "approve").await.refusal().0, 403);
    // Proposed anew: the first waits no longer.
    assert_eq!(ben.sets_plan(stay, lower(87)).await.status, 202);
    let first = ben.decides_plan(stay, 1, "approve").await;
    assert_eq!(first.refusal(), (409, "not-possible".to_owned()));
    assert_eq!(asha.plan_of(stay).await.waiting.unwrap().number, 2);
    assert!(
        asha.decides_plan(stay, 2, "reject")
            .await
            .status
            .is_success()
    );
    let again = asha.decides_plan(stay, 2, "approve").await;
    assert_eq!(again.refusal(), (409, "not-possible".to_owned()));
    assert_eq!(again.problem().first.unwrap().name, "Asha Rao");
    assert_eq!(asha.decides_plan(stay, 9, "approve").await.refusal().0, 404);

    // Another version comes into force: what waited for the old one is over.
    assert_eq!(asha.sets_plan(stay, lower(88)).await.status, 202);
    assert_eq!(ben.sets_plan(stay, lower(91)).await.status, 200);
    let late = ben.decides_plan(stay, 3, "approve").await;
    assert_eq!(late.refusal(), (409, "not-possible".to_owned()));
    let history = asha.plan_history(stay).await;
    let states: Vec<&str> = history
        .proposals
        .iter()
        .map(|it| it.state.as_str())
        .collect();
    assert_eq!(states, ["superseded", "rejected", "rejected"]);

    // Whoever has an old screen is told who was first.
    let old = asha.sets_plan(stay, |plan| plan.replaces = 1).await;
    assert_eq!(old.refusal(), (409, "changed-since".to_owned()));
    assert_eq!(old.problem().first.unwrap().name, "Ben Okafor");

    assert!(
        asha.moves(stay, "discharge", &discharge_home())
            .await
            .status
            .is_success()
    );
    let over = asha.sets_plan(stay, lower(91)).await;
    assert_eq!(over.refusal(), (409, "not-possible".to_owned()));
    assert_eq!(asha.plan_history(stay).await.versions.len(), 2);
    ward.readings_and_alerts_agree().await;
}

async fn a_plan_that_cannot_be_worked_by_is_refused_with_what_to_change(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    type Change = fn(&mut ward_wire::plan::SetPlanRequest);
    let wrong: [(Change, &str); 9] = [
        (|plan| plan.reason = " ".to_owned(), "reason"),
        (|plan| plan.reason = "x".repeat(2_001), "2000 characters"),
        (|plan| plan.limits.red_at_or_below = 96, "amber_at_or_below"),
        (|plan| plan.limits.recheck_red_seconds = 0, "recheck"),
        (|plan| plan.care.days = 0, "days"),
        (
            |plan| plan.care.contact = Contact::Days(vec![5, 2]),
            "contact days",
        ),
        (
            |plan| {
                plan.care.schedule.times = vec!["08:00".parse().unwrap(), "08:30".parse().unwrap()];
            },
            "overlap",
        ),
        (
            |plan| {
                plan.care.unstaffed = Unstaffed::OnCall {
                    name: "registrar".to_owned(),
                    phone: String::new(),
                }
            },
            "phone",
        ),
        (
            |plan| plan.care.review_by = Some("2026-11-20".parse().unwrap()),
            "review_by",
        ),
    ];
    for (change, says) in wrong {
        let refused = asha.sets_plan(stay, change).await;
        assert_eq!(refused.refusal(), (422, "not-valid".to_owned()), "{says}");
        let detail = refused.problem().detail;
        assert!(detail.contains(says), "{says}: {detail}");
    }
    let path = asha.path(&format!("/stays/{stay}/plan"));
    let misspelt = json!({ "replaces": 1, "limit": {}, "care": {}, "reason": "x" });
    let refused = asha.changes(reqwest::Method::PUT, &path, &misspelt).await;
    assert_eq!(refused.refusal(), (400, "malformed".to_owned()));
    let nul = asha
        .sets_plan(stay, |plan| plan.reason = "agreed\0 today".to_owned())
        .await;
    assert_eq!(nul.status, 200);
    let nobody = ward_core::id::StayId(uuid::Uuid::from_u128(7));
    let path = asha.path(&format!("/stays/{nobody}/plan"));
    assert_eq!(asha.get(&path).await.refusal().0, 404);
    ward.readings_and_alerts_agree().await;
}

async fn what_a_ward_admits_with_lies_within_its_safe_range(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    ward.staff("sen", "Sen Adeyemi", ward.ward, Role::SeniorClinician)
        .await;
    let sen = Nurse::signs_in(&ward, "sen").await;
    let path = asha.path("/plan-templates");
    let templates: ward_wire::plan::Templates = asha.get(&path).await.json();
    let at_home = &templates.templates[0];
    assert_eq!(at_home.name, "covid-oximetry-at-home");
    assert_eq!(at_home.care.contact, Contact::Days(vec![2, 5, 7, 10, 12]));

    let before = ward.admit().await;
    let path = asha.path("/defaults");
    let mut defaults: ward_wire::plan::Defaults = asha.get(&path).await.json();
    defaults.limits.red_at_or_below = 91;
    defaults.care = at_home.care.clone();
    let set = asha.changes(reqwest::Method::PUT, &path, &defaults).await;
    assert_eq!(set.status, 204);
    let after = ward.admit().await;
    assert_eq!(
        asha.plan_of(before).await.in_force.limits.red_at_or_below,
        92
    );
    let admitted = asha.plan_of(after).await.in_force;
    assert_eq!(admitted.limits.red_at_or_below, 91);
    assert_eq!(admitted.care.contact, at_home.care.contact);

    defaults.limits.red_at_or_below = 89;
    let outside = asha.changes(reqwest::Method::PUT, &path, &defaults).await;
    assert_eq!(outside.refusal(), (422, "not-valid".to_owned()));
    // Whoever may set a limit alone does not also say which limits those are.
    defaults.safe_range.scale_one.red_at_or_below.from = 88;
    let wider = asha.changes(reqwest::Method::PUT, &path, &defaults).await;
    assert_eq!(wider.refusal(), (403, "forbidden".to_owned()));
    let wider = sen.changes(reqwest::Method::PUT, &path, &defaults).await;
    assert_eq!(wider.status, 204);
    let alone = asha
        .sets_plan(before, |plan| plan.limits.red_at_or_below = 88)
        .await;
    assert_eq!(alone.status, 200);
    ward.readings_and_alerts_agree().await;
}

async fn no_default_plan_is_for_a_child(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let child = Referral {
        birth_date: "2014-01-01".parse().unwrap(),
        ..referral(500)
    };
    let refused = ward.wards.admit(ward.ward, child.clone()).await;
    let why = refused.unwrap_err().to_string();
    assert!(why.contains("the patient is 12"), "{why}");
    let own = MonitoringPlan {
        red_at_or_below: 91,
        ..MonitoringPlan::scale_one()
    };
    let with_own = Referral {
        plan: Some(own),
        ..child
    };
    let admitted = ward.wards.admit(ward.ward, with_own).await.unwrap();
    let adults = asha
        .sets_plan(admitted.stay, |plan| plan.limits.red_at_or_below = 92)
        .await;
    assert_eq!(adults.refusal(), (422, "not-valid".to_owned()));
    // A review that is forgotten leaves the child's own limits in force, and says so.
    let until_today = asha
        .sets_plan(admitted.stay, |plan| {
            plan.care.review_by = Some("2026-11-21".parse().unwrap());
        })
        .await;
    assert_eq!(until_today.status, 200);
    ward.after(minutes(12 * 60)).await;
    ward.after(minutes(5 * 60)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    let plan = asha.plan_of(admitted.stay).await.in_force;
    assert_eq!(
        (plan.origin.as_str(), plan.limits.red_at_or_below),
        ("review_overdue", 91)
    );
    assert!(ward.kinds().await.contains(&"plan_review_overdue"));
    ward.readings_and_alerts_agree().await;
}
