//! Who looked at or changed what, about whom: also about those who have no stay yet, or never get one.

use serde_json::json;
use ward_core::event::About;
use ward_core::id::{PatientId, ReferralId};
use ward_core::permit::Permit;
use ward_core::time::minutes;
use ward_service::{AuditAsked, AuditMark, AuditWhat};
use ward_tests::pathway::{person, referral_of};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::referral::{CaseList, CaseView, ReferralView};

on_both_databases!(
    the_way_to_the_ward_is_somebodys,
    who_was_declined_is_named_too
);

/// The lines about somebody: what, and the name beside it.
async fn lines(
    ward: &TestWard,
    permit: &Permit,
    patient: Option<PatientId>,
) -> Vec<(String, Option<String>)> {
    let asked = AuditAsked {
        from: ward.clock.now().minus(minutes(24 * 60)),
        until: ward.clock.now().plus(minutes(1)),
        by: None,
        patient,
        also_without_person: false,
    };
    let page = ward.wards.audit(permit, asked, AuditMark::default(), 100);
    let mut lines = Vec::new();
    for line in page.await.unwrap().lines {
        let name = match line.about {
            Some(about) => ward.wards.name_in_audit(permit, about).await.unwrap(),
            None => None,
        };
        let what = match line.what {
            AuditWhat::Did(_, event) => event.kind().to_owned(),
            AuditWhat::Looked(what) => format!("looked: {what}"),
            AuditWhat::Unreadable(_) => "unreadable".to_owned(),
        };
        lines.push((what, name));
    }
    lines
}

fn whats(lines: &[(String, Option<String>)]) -> Vec<&str> {
    lines.iter().map(|(what, _)| what.as_str()).collect()
}

async fn the_way_to_the_ward_is_somebodys(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = ward.clinician("ben", "Ben").await;
    let permit = ward.permit(ben).await;
    let list = "nhs_number,family_name,given_name,birth_date,result_date,phone\n\
        999 900 0010,Example,Ada,1948-03-09,2026-11-20,01254 111 111\n\
        999 900 0045,Third,Cy,1930-01-31,2026-11-21,01254 333 333\n";
    assert!(asha.imports(list).await.status.is_success());
    let due: CaseList = asha.get(&asha.path("/cases")).await.json();
    let review = |case: &CaseView| format!("/cases/{}/review", case.case);
    let ada = due.cases.iter().find(|it| it.family_name == "Example");
    let accept = json!({ "decision": "accept", "consent": "given" });
    let ada: CaseView = asha.posts(&review(ada.unwrap()), &accept).await.json();
    let cy = due.cases.iter().find(|it| it.family_name == "Third");
    let decline = json!({ "decision": "decline", "reason": "outside_criteria" });
    let _: CaseView = asha.posts(&review(cy.unwrap()), &decline).await.json();
    let id = ReferralId(ada.referral.unwrap());
    let referral = ward.wards.store().referral(ward.ward, id).await.unwrap();
    let patient = referral.unwrap().patient;
    let looked = ward.wards.note_look_at_person(&permit, patient, "referral");
    looked.await;
    for step in [
        json!({ "step": "triage", "urgency": "today" }),
        json!({ "step": "accept" }),
    ] {
        assert!(asha.steps(id.0, &step).await.status.is_success());
    }
    let terms = ward_service::Terms::default();
    let stay = ward.wards.admit_referred(&permit, id, terms).await.unwrap();
    ward.wards.note_view(&permit, stay.id, "patient_page").await;

    let theirs = lines(&ward, &permit, Some(patient)).await;
    let mut found = whats(&theirs);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "case_reviewed",
            "looked: patient_page",
            "looked: referral",
            "referral_moved",
            "referral_moved",
            "referral_moved",
            "referral_moved",
        ]
    );
    for (what, name) in &theirs {
        assert_eq!(name.as_deref(), Some("EXAMPLE, Ada"), "{what}");
    }
    let everybody = lines(&ward, &permit, None).await;
    let cy = everybody
        .iter()
        .find(|(_, name)| name.as_deref() == Some("THIRD, Cy"));
    assert_eq!(cy.map(|(what, _)| what.as_str()), Some("case_reviewed"));
}

async fn who_was_declined_is_named_too(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = ward.clinician("ben", "Ben").await;
    let permit = ward.permit(ben).await;
    let ada = person("999 900 0010", "Example");
    let made: ReferralView = asha.posts("/referrals", &referral_of(&ada)).await.json();
    let id = ReferralId(made.referral);
    let referral = ward.wards.store().referral(ward.ward, id).await.unwrap();
    let patient = referral.unwrap().patient;
    ward.wards
        .note_look_at_person(&permit, patient, "referral")
        .await;
    let decline = json!({ "step": "decline", "reason": "no_capacity" });
    assert!(asha.steps(id.0, &decline).await.status.is_success());
    assert_eq!(
        ward.wards.patient(&permit, patient).await.unwrap(),
        None,
        "out of reach"
    );
    for about in [About::Referral(id), About::Patient(patient)] {
        let name = ward.wards.name_in_audit(&permit, about).await.unwrap();
        assert_eq!(name.as_deref(), Some("EXAMPLE, Ada"));
    }
    let theirs = lines(&ward, &permit, Some(patient)).await;
    let mut found = whats(&theirs);
    found.sort_unstable();
    assert_eq!(
        found,
        ["looked: referral", "referral_moved", "referral_moved"]
    );
}
