//! Whom a ward reaches: who has or had a stay on it, who is referred to it, who is on its list. Nobody else is there for it.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_tests::pathway::{discharge_home, person, referral_of};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::pathway::StayView;
use ward_wire::referral::{
    AlikeList, CaseList, CasesImported, FoundList, FoundPerson, ReferralView,
};

on_both_databases!(
    a_person_of_another_ward_is_not_found,
    whoever_registers_somebody_of_another_ward_learns_whom_to_ring_and_no_more,
    after_a_transfer_the_new_ward_and_the_old_one_find_the_patient,
    a_referral_by_number_birth_and_name_opens_the_record_until_it_is_declined,
    a_line_of_the_list_is_a_person_only_with_the_right_name,
    who_comes_back_to_another_ward_is_referred_first,
    every_address_of_a_stay_answers_on_its_own_ward_only,
);

const NUMBER: &str = "999 900 0010";

async fn found_by(nurse: &Nurse, query: &str) -> Vec<Uuid> {
    let found = nurse
        .get(&nurse.path(&format!("/patients?q={query}")))
        .await;
    let found: FoundList = found.json();
    found.people.iter().map(|it| it.person.patient).collect()
}

/// Whether somebody reaches a person: by search, by record and by edit alike, or by none of them.
async fn reaches(nurse: &Nurse, patient: Uuid) -> bool {
    let mut answers = Vec::new();
    for query in [
        "hargreaves",
        "ada%20harg",
        "9999000010",
        "01254%20111%20111",
    ] {
        answers.push(found_by(nurse, query).await.contains(&patient));
    }
    let record = nurse.path(&format!("/patients/{patient}"));
    let seen = nurse.get(&record).await;
    let told = person(NUMBER, "Hargreaves");
    let changed = nurse.changes(Method::PUT, &record, &told).await;
    for reply in [&seen, &changed] {
        answers.push(reply.status == 200);
        if reply.status != 200 {
            assert_eq!(reply.refusal(), (404, "not-found".to_owned()));
        }
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "not alike: {answers:?}"
    );
    answers[0]
}

/// Ada Hargreaves is referred; whoever refers her says how.
async fn refers(nurse: &Nurse, source: &str) -> ReferralView {
    let mut referral = referral_of(&person(NUMBER, "Hargreaves"));
    referral["source"] = json!(source);
    nurse.posts("/referrals", &referral).await.json()
}

/// A referral comes to its stay.
async fn admits(nurse: &Nurse, referral: Uuid) -> StayView {
    for step in [
        json!({ "step": "triage", "urgency": "today" }),
        json!({ "step": "consent", "answer": "given" }),
        json!({ "step": "accept" }),
    ] {
        let _: ReferralView = nurse.steps(referral, &step).await.json();
    }
    let path = format!("/referrals/{referral}/admit");
    nurse.posts(&path, &json!({})).await.json()
}

async fn a_person_of_another_ward_is_not_found(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let referred = refers(&asha, "general_practice").await;
    assert!(reaches(&asha, referred.patient).await);
    assert!(!reaches(&ben, referred.patient).await);
    admits(&asha, referred.referral).await;
    assert!(reaches(&asha, referred.patient).await);
    assert!(!reaches(&ben, referred.patient).await);
    // Somebody who is on another ward and nobody at all are answered with the same words.
    for (path, said) in [("", None), ("/readmit", Some(json!({ "reason": "back" })))] {
        let mut answers = Vec::new();
        for patient in [referred.patient, Uuid::nil()] {
            let path = ben.path(&format!("/patients/{patient}{path}"));
            let reply = match &said {
                None => ben.get(&path).await,
                Some(said) => ben.changes(Method::POST, &path, said).await,
            };
            answers.push((reply.refusal(), reply.problem().detail));
        }
        assert_eq!(answers[0].0, (404, "not-found".to_owned()));
        assert_eq!(answers[0], answers[1]);
    }
}

async fn whoever_registers_somebody_of_another_ward_learns_whom_to_ring_and_no_more(
    ward: TestWard,
) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let mut ada = referral_of(&person(NUMBER, "Hargreaves"));
    ada["person"]["address"] = json!("1 Mill Lane");
    ada["person"]["escalation_plan"] = json!("for full treatment");
    let referred: ReferralView = asha.posts("/referrals", &ada).await.json();
    let stay = admits(&asha, referred.referral).await;
    let pen = ward.wards.store().ward(ward.ward).await.unwrap().unwrap();

    for (typed, likeness, matches) in [
        (person(NUMBER, "Hargreaves"), "same_number", true),
        (
            person("999 900 0029", "Hargreave"),
            "same_name_and_birth",
            false,
        ),
    ] {
        let reply = ben.posts("/patients/duplicates", &typed).await;
        let text = reply.to_string();
        for secret in [
            "Mill Lane",
            "01254",
            "full treatment",
            "999 900 0010",
            "9999000010",
            &referred.patient.to_string(),
            &stay.stay.to_string(),
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let alike: AlikeList = reply.json();
        let [one] = alike.people.as_slice() else {
            panic!("{alike:?}");
        };
        assert_eq!(
            (one.name.as_str(), one.birth_date.to_string().as_str()),
            ("HARGREAVES, Ada", "1948-03-09")
        );
        assert_eq!(
            (one.likeness.as_str(), one.nhs_number_matches),
            (likeness, matches)
        );
        assert_eq!(one.wards, std::slice::from_ref(&pen.name));
        assert!(one.here.is_none());
        // Her own ward sees the record beside it.
        let alike: AlikeList = asha.posts("/patients/duplicates", &typed).await.json();
        let here = alike.people[0].here.as_ref().unwrap();
        assert_eq!(here.person.known.address, "1 Mill Lane");
    }
    // She is recognised; the answer says which ward to ring, for there she is.
    let refused = ben.posts("/referrals", &ada).await;
    assert_eq!(refused.refusal(), (409, "already-there".to_owned()));
    assert!(refused.problem().detail.contains(&pen.name), "{refused}");
    assert!(!reaches(&ben, referred.patient).await);
}

async fn after_a_transfer_the_new_ward_and_the_old_one_find_the_patient(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let (rib, hyn) = (ward.open_ward("RIB").await, ward.open_ward("HYN").await);
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let cy = Nurse::of_another_ward(&ward, hyn, "cy").await;
    let referred = refers(&asha, "hospital_ward").await;
    let stay = admits(&asha, referred.referral).await;
    let there = json!({ "to": rib.0 });
    let id = ward_core::id::StayId(stay.stay);
    asha.has_moved(id, "transfer", &there).await;
    for nurse in [&ben, &asha] {
        assert!(reaches(nurse, referred.patient).await);
        let record = nurse.path(&format!("/patients/{}", referred.patient));
        let found: FoundPerson = nurse.get(&record).await.json();
        // The old ward, whom a relative may still ring, learns where she is now.
        assert_eq!((found.stays.len(), found.stays[0].ward), (1, rib.0));
    }
    assert!(!reaches(&cy, referred.patient).await);
    ben.has_moved(id, "discharge", &discharge_home()).await;
    assert!(reaches(&asha, referred.patient).await && reaches(&ben, referred.patient).await);
}

async fn a_referral_by_number_birth_and_name_opens_the_record_until_it_is_declined(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let first = refers(&asha, "general_practice").await;
    let withdraw = json!({ "step": "withdraw" });
    let _: ReferralView = asha.steps(first.referral, &withdraw).await.json();
    assert!(!reaches(&asha, first.patient).await);

    // The number alone opens nothing.
    let mut born_elsewhen = person(NUMBER, "Hargreaves");
    born_elsewhen["birth_date"] = json!("1948-03-10");
    for wrong in [person(NUMBER, "Somebody Else"), born_elsewhen] {
        let refused = ben.posts("/referrals", &referral_of(&wrong)).await;
        assert_eq!(refused.refusal(), (409, "already-there".to_owned()));
        assert!(!reaches(&ben, first.patient).await);
    }
    let second = refers(&ben, "general_practice").await;
    assert_eq!(second.patient, first.patient);
    assert!(reaches(&ben, first.patient).await && !reaches(&asha, first.patient).await);
    let decline = json!({ "step": "decline", "reason": "no_capacity" });
    let _: ReferralView = ben.steps(second.referral, &decline).await.json();
    assert!(!reaches(&ben, first.patient).await);
}

async fn a_line_of_the_list_is_a_person_only_with_the_right_name(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let ada = refers(&asha, "general_practice").await;
    let line = |rest: &str| {
        format!("nhs_number,family_name,given_name,birth_date,result_date\n{NUMBER},{rest}\n")
    };
    for (rest, reached) in [
        ("Harg,Ada,1948-03-09,2026-11-18", false),
        ("Hargreaves,Ada,1948-03-10,2026-11-19", false),
        ("HARGREAVES,A.,1948-03-09,2026-11-20", true),
    ] {
        let imported: CasesImported = ben.imports(&line(rest)).await.json();
        assert_eq!(imported.new, 1, "{imported:?}");
        assert_eq!(reaches(&ben, ada.patient).await, reached, "{rest}");
    }
    let cases: CaseList = ben.get(&ben.path("/cases")).await.json();
    for case in cases.cases {
        let path = format!("/cases/{}/review", case.case);
        let decline = json!({ "decision": "decline", "reason": "looked_after_elsewhere" });
        assert_eq!(ben.posts(&path, &decline).await.status, 200);
    }
    assert!(!reaches(&ben, ada.patient).await);
}

async fn who_comes_back_to_another_ward_is_referred_first(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let referred = refers(&asha, "general_practice").await;
    let first = admits(&asha, referred.referral).await;
    let id = ward_core::id::StayId(first.stay);
    asha.has_moved(id, "discharge", &discharge_home()).await;
    let back = json!({ "reason": "breathless again" });
    let readmit = format!("/patients/{}/readmit", referred.patient);
    let refused = ben.posts(&readmit, &back).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    assert!(refused.problem().detail.contains("refer them"), "{refused}");

    let again = refers(&ben, "readmission").await;
    assert_eq!(again.patient, referred.patient);
    let second = admits(&ben, again.referral).await;
    let record = ben.looks_up(ward_core::id::StayId(second.stay)).await;
    assert_eq!(record.readmission_of, Some(first.stay));
    assert!(reaches(&asha, referred.patient).await && reaches(&ben, referred.patient).await);
    // On her first ward she can be admitted anew only once that stay is over.
    let refused = asha.posts(&readmit, &back).await;
    assert_eq!(refused.refusal(), (409, "already-there".to_owned()));
}

/// What can be looked at of a stay, by the description of the interface: a new address is in it, or it is none.
fn addresses_of_a_stay(described: &Value) -> Vec<String> {
    let paths = described["paths"].as_object().unwrap();
    let mut addresses = Vec::new();
    for (path, operations) in paths {
        let Some(look) = operations.get("get") else {
            continue;
        };
        let parameters = look["parameters"].as_array();
        let by_query = parameters.is_some_and(|parameters| {
            let mut known = parameters.iter();
            known.any(|it| it["name"] == "stay" && it["in"] == "query")
        });
        if by_query {
            addresses.push(format!("{path}?stay={{stay}}"));
        } else if path.contains("{stay}") {
            addresses.push(path.clone());
        }
    }
    addresses
}

async fn every_address_of_a_stay_answers_on_its_own_ward_only(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let (rib, hyn) = (ward.open_ward("RIB").await, ward.open_ward("HYN").await);
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let cy = Nurse::of_another_ward(&ward, hyn, "cy").await;
    let stay = ward.admit().await;
    let described: Value = asha.get("/api/openapi.json").await.json();
    let addresses = addresses_of_a_stay(&described);
    for known in ["/stays/{stay}", "/stays/{stay}/chart", "/stays/{stay}/plan"] {
        let known = format!("/api/wards/{{ward}}{known}");
        assert!(addresses.contains(&known), "{known} in {addresses:?}");
    }
    let look = async |nurse: &Nurse, address: &String| {
        let path = address
            .replace("{ward}", &nurse.ward.to_string())
            .replace("{stay}", &stay.to_string());
        assert!(!path.contains('{'), "say here what else stands in {path}");
        nurse.get(&path).await
    };
    for address in &addresses {
        let seen = look(&asha, address).await;
        assert_eq!(seen.status, 200, "{address}: {seen}");
        for nurse in [&ben, &cy] {
            let refused = look(nurse, address).await;
            assert_eq!(refused.status, 404, "{address}: {refused}");
        }
    }
    asha.has_moved(stay, "transfer", &json!({ "to": rib.0 }))
        .await;
    for address in &addresses {
        let seen = look(&ben, address).await;
        assert_eq!(seen.status, 200, "{address}: {seen}");
        for nurse in [&asha, &cy] {
            let refused = look(nurse, address).await;
            assert_eq!(refused.status, 404, "{address}: {refused}");
        }
    }
}
