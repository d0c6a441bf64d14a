use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::pathway::{person, referral_of};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::pathway::PatientView;
use ward_wire::referral::{
    AlikeList, CaseList, CaseView, CasesImported, FoundList, ReferralList, ReferralView,
};

on_both_databases!(
    a_list_of_new_results_is_reviewed_person_by_person,
    somebody_is_found_by_name_phone_and_number_and_likeness_is_said,
    bad_input_is_refused_with_what_to_do,
    a_call_handler_refers_and_edits_but_moves_nobody,
);

const HEAD: &str = "nhs_number,family_name,given_name,birth_date,result_date,phone\n";

async fn a_list_of_new_results_is_reviewed_person_by_person(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let list = format!(
        "\u{FEFF}{HEAD}999 900 0010,Example,Ada,1948-03-09,2026-11-20,01254 111 111\n\
         999 900 0029,\"Other, née Some\",Ben,1990-01-31,2026-11-20,01254 222 222\n\
         999 900 0020,Wrong,Number,1990-01-31,2026-11-20,\n\
         999 900 0037,Old,Result,1990-01-31,2026-09-01,\n\
         999 900 0037,,Nameless,1990-01-31,2026-11-20,\n\
         999 900 0045,Third,Cy,1930-01-31,2026-11-21,01254 333 333\n"
    );
    let imported: CasesImported = asha.imports(&list).await.json();
    let lines: Vec<u64> = imported.refused.iter().map(|line| line.line).collect();
    assert_eq!((imported.new, imported.known, lines), (3, 0, vec![4, 5, 6]));
    let again: CasesImported = asha.imports(&list).await.json();
    assert_eq!((again.new, again.known), (0, 3));
    let mut due: CaseList = asha.get(&asha.path("/cases")).await.json();
    due.cases
        .sort_by(|one, next| one.nhs_number.cmp(&next.nhs_number));
    let [ada, ben, cy] = due.cases.as_slice() else {
        panic!("{due:?}");
    };
    assert!(ada.meets_age && !ben.meets_age && ben.family_name == "Other, née Some");

    let review = |case: Uuid| format!("/cases/{case}/review");
    let accept = json!({ "decision": "accept", "consent": "given" });
    let accepted: CaseView = asha.posts(&review(ada.case), &accept).await.json();
    let referral = accepted.referral.unwrap();
    let decline = json!({ "decision": "decline", "reason": "outside_criteria" });
    let _: CaseView = asha.posts(&review(ben.case), &decline).await.json();
    let defer = json!({ "decision": "defer", "until": "2026-11-23", "reason": "rings back" });
    let deferred: CaseView = asha.posts(&review(cy.case), &defer).await.json();
    assert_eq!(deferred.state, "deferred");
    for case in [ada, ben] {
        let refused = asha.posts(&review(case.case), &decline).await;
        assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
    }
    let due: CaseList = asha.get(&asha.path("/cases")).await.json();
    assert!(due.cases.is_empty());
    let referrals: ReferralList = asha.get(&asha.path("/referrals")).await.json();
    assert_eq!(referrals.referrals[0].referral, referral);
    assert_eq!(referrals.referrals[0].name.as_deref(), Some("EXAMPLE, Ada"));
    // The day it was put off to.
    ward.after(minutes(48 * 60)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    let due: CaseList = asha.get(&asha.path("/cases")).await.json();
    assert_eq!(due.cases.len(), 1);
    let accepted = asha.get(&asha.path("/cases?state=accepted")).await;
    assert_eq!(accepted.json::<CaseList>().cases.len(), 1);
}

async fn somebody_is_found_by_name_phone_and_number_and_likeness_is_said(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = person("999 900 0010", "O'Neill-Example");
    let made: ReferralView = asha.posts("/referrals", &referral_of(&ada)).await.json();
    for query in [
        "oneill",
        "ada%20o'ne",
        "9999000010",
        "999%20900%200010",
        "111111",
        "%2B44%201254%20111111",
    ] {
        let found = asha.get(&asha.path(&format!("/patients?q={query}"))).await;
        let found: FoundList = found.json();
        assert_eq!(found.people.len(), 1, "{query}");
        assert_eq!(found.people[0].person.patient, made.patient, "{query}");
    }
    let nobody = asha.get(&asha.path("/patients?q=nobody")).await;
    assert!(nobody.json::<FoundList>().people.is_empty());

    // The same person under a number with two digits changed: said, and left to a person.
    let like = person("999 900 0029", "Oneill Example");
    let alike: AlikeList = asha.posts("/patients/duplicates", &like).await.json();
    assert_eq!(alike.people[0].likeness, "same_name_and_birth");
    assert!(alike.people[0].here.is_some() && !alike.people[0].nhs_number_matches);
    let refused = asha.posts("/referrals", &referral_of(&like)).await;
    assert_eq!(refused.refusal(), (409, "possible-duplicate".to_owned()));
    let mut confirmed = referral_of(&like);
    confirmed["confirmed_new"] = json!(true);
    let other: ReferralView = asha.posts("/referrals", &confirmed).await.json();
    assert_ne!(other.patient, made.patient);
    // One open referral a person; another name under the same number is nobody's.
    let twice = asha.posts("/referrals", &referral_of(&ada)).await;
    assert_eq!(twice.refusal(), (409, "already-there".to_owned()));
    let another = person("999 900 0010", "Somebody Else");
    let refused = asha.posts("/referrals", &referral_of(&another)).await;
    assert_eq!(refused.refusal(), (409, "already-there".to_owned()));

    // What is known is changed as a whole; the number of another is refused.
    let path = asha.path(&format!("/patients/{}", made.patient));
    let mut told = ada.clone();
    told["details"] = json!({ "language": "Urdu", "interpreter": true, "relay": "text_relay", "home": { "heating_works": false },
        "reached_through": { "name": "Sam", "phone": "01254 222 222" },
        "next_of_kin": [{ "name": "Ben", "relation": "son", "phone": "01254 333 333", "may_be_told": true }] });
    let known: PatientView = asha.changes(Method::PUT, &path, &told).await.json();
    assert!(known.known.details.interpreter && known.known.details.next_of_kin.len() == 1);
    let mut taken = told.clone();
    taken["nhs_number"] = json!("999 900 0029");
    let refused = asha.changes(Method::PUT, &path, &taken).await;
    assert_eq!(refused.refusal(), (409, "already-there".to_owned()));
}

async fn bad_input_is_refused_with_what_to_do(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    let long = "x".repeat(20_000);
    let nowhere = StayId(Uuid::nil());
    let cases = [
        (stay, "pause", json!({}), (400, "malformed"), "reason"),
        (
            stay,
            "pause",
            json!({ "reason": "bored" }),
            (400, "malformed"),
            "in_hospital",
        ),
        (
            stay,
            "pause",
            json!({ "reason": "away", "nota": "" }),
            (400, "malformed"),
            "nota",
        ),
        (
            stay,
            "pause",
            json!({ "reason": "away", "note": long }),
            (422, "text-too-long"),
            "note may have 1000",
        ),
        (
            stay,
            "resume",
            json!({}),
            (409, "not-possible"),
            "not paused",
        ),
        (
            stay,
            "resume",
            json!({ "inpatient_spell_ended_at": "noon" }),
            (400, "malformed"),
            "line 1",
        ),
        (
            stay,
            "discharge",
            json!({ "destination": "home", "outcome": "recovered", "summary": "" }),
            (422, "not-valid"),
            "summary",
        ),
        (
            stay,
            "discharge",
            json!({ "destination": "died", "outcome": "worse", "summary": "x" }),
            (422, "not-valid"),
            "record the death",
        ),
        (
            stay,
            "discharge",
            json!({ "destination": "home", "outcome": "still_unwell", "summary": "x" }),
            (422, "not-valid"),
            "follow_up",
        ),
        (
            stay,
            "discharge",
            json!({ "destination": "home", "outcome": "recovered", "summary": long }),
            (422, "text-too-long"),
            "summary",
        ),
        (
            stay,
            "discharge",
            json!({ "destination": "home", "outcome": "recovered", "summary": "x", "kit_due_back": "2020-01-01" }),
            (422, "not-valid"),
            "kit_due_back",
        ),
        (
            stay,
            "hospital",
            json!({}),
            (400, "malformed"),
            "expected_back",
        ),
        (
            stay,
            "transfer",
            json!({ "to": "RIB" }),
            (400, "malformed"),
            "UUID",
        ),
        (
            stay,
            "channel",
            json!({ "channel": "bridge" }),
            (409, "not-possible"),
            "Possible now",
        ),
        (
            nowhere,
            "death",
            json!({}),
            (404, "not-found"),
            "no such stay",
        ),
        (
            nowhere,
            "transfer",
            json!({ "to": ward.ward.0 }),
            (404, "not-found"),
            "no such stay",
        ),
    ];
    for (stay, how, said, (status, code), word) in cases {
        let refused = asha.moves(stay, how, &said).await;
        assert_eq!(refused.refusal(), (status, code.to_owned()), "{how} {said}");
        let detail = refused.problem().detail;
        assert!(detail.contains(word), "{how}: {detail}");
    }
    // A text with U+0000 in it holds up nothing.
    let nul = json!({ "reason": "away", "note": "a\u{0}b" });
    asha.has_moved(stay, "pause", &nul).await;

    let ada = person("999 900 0010", "Hargreaves");
    let with = |field: &str, value: Value| {
        let mut person = ada.clone();
        person[field] = value;
        referral_of(&person)
    };
    for (said, status, word) in [
        (
            with("nhs_number", json!("999 900 0011")),
            422,
            "check digit",
        ),
        (with("birth_date", json!("2027-01-01")), 422, "birth_date"),
        (with("birth_date", json!("yesterday")), 400, "line 1"),
        (
            with("family_name", json!(" ")),
            422,
            "family_name is missing",
        ),
        (with("address", json!(long)), 422, "address may have 1000"),
        (
            with("details", json!({ "next_of_kin": [{ "name": "Ben" }] })),
            422,
            "has no phone",
        ),
        (with("hobby", json!("chess")), 400, "hobby"),
    ] {
        let refused = asha.posts("/referrals", &said).await;
        assert_eq!(refused.status, status, "{refused}");
        assert!(refused.problem().detail.contains(word), "{refused}");
    }
    let child = with("birth_date", json!("2015-01-01"));
    let made: ReferralView = asha.posts("/referrals", &child).await.json();
    for step in [
        json!({ "step": "triage", "urgency": "immediate" }),
        json!({ "step": "consent", "answer": "best_interests" }),
        json!({ "step": "accept" }),
    ] {
        let _: ReferralView = asha.steps(made.referral, &step).await.json();
    }
    let admit = format!("/referrals/{}/admit", made.referral);
    for (terms, word) in [
        (json!({}), "16 and over"),
        (json!({ "template": "measles" }), "covid-virtual-ward"),
        (json!({ "contact": { "days": [0] } }), "contact days"),
        (json!({ "baseline_spo2_percent": 970 }), "baseline"),
    ] {
        let refused = asha.posts(&admit, &json!({ "terms": terms })).await;
        assert_eq!(refused.refusal(), (422, "not-valid".to_owned()), "{terms}");
        assert!(refused.problem().detail.contains(word), "{refused}");
    }
    let unknown = asha
        .steps(made.referral, &json!({ "step": "approve" }))
        .await;
    assert_eq!(unknown.refusal(), (400, "malformed".to_owned()));
    let nobody = asha
        .posts(
            &format!("/patients/{}/readmit", Uuid::nil()),
            &json!({ "reason": "x" }),
        )
        .await;
    assert_eq!(nobody.refusal(), (404, "not-found".to_owned()));
    for (query, status) in [
        ("q=a", 422),
        ("q=%00%00", 422),
        ("name=ada", 400),
        ("", 400),
    ] {
        let refused = asha.get(&asha.path(&format!("/patients?{query}"))).await;
        assert_eq!(refused.status, status, "{query}: {refused}");
    }
    for (list, word) in [
        ("", "nhs_number"),
        ("name,phone\nA,1\n", "nhs_number"),
        ("nhs_number,family_name\n", "given_name"),
    ] {
        let refused = asha.imports(list).await;
        assert_eq!(refused.refusal(), (422, "not-valid".to_owned()), "{list}");
        assert!(refused.problem().detail.contains(word), "{refused}");
    }
    let form = asha.posts("/cases", &json!({})).await;
    assert_eq!(form.refusal(), (415, "wrong-media-type".to_owned()));
}

async fn a_call_handler_refers_and_edits_but_moves_nobody(ward: TestWard) {
    ward.staff("cal", "Cal Handler", ward.ward, Role::CallHandler)
        .await;
    let cal = Nurse::signs_in(&ward, "cal").await;
    let stay = ward.admit().await;
    let made: ReferralView = cal
        .posts(
            "/referrals",
            &referral_of(&person("999 900 0010", "Hargreaves")),
        )
        .await
        .json();
    for (how, said) in [
        ("pause", json!({ "reason": "away" })),
        ("death", json!({})),
        ("transfer", json!({ "to": ward.ward.0 })),
    ] {
        let refused = cal.moves(stay, how, &said).await;
        assert_eq!(refused.refusal(), (403, "forbidden".to_owned()), "{how}");
    }
    let refused = cal
        .steps(made.referral, &json!({ "step": "withdraw" }))
        .await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let refused = ben
        .posts(
            &format!("/referrals/{}/step", made.referral),
            &json!({ "step": "withdraw" }),
        )
        .await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    let refused = ben.get(&ben.path(&format!("/stays/{stay}"))).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
}
