use reqwest::Method;
use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::time::minutes;
use ward_tests::diary::{Answers, on_the_phone, typed, wire_time};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::diary::{
    DiaryRequest, EnteredReply, From, Means, Questionnaire, QuestionnaireList, ReadingRequest,
    SaidBy,
};

on_both_databases!(
    a_diary_that_cannot_be_is_refused_and_a_red_in_it_is_answered_all_the_same,
    who_said_it_must_be_said,
    a_version_of_a_questionnaire_never_changes,
);

fn by_phone(answers: Answers) -> DiaryRequest {
    DiaryRequest {
        from: Some(on_the_phone()),
        ..answers.entry()
    }
}

async fn a_diary_that_cannot_be_is_refused_and_a_red_in_it_is_answered_all_the_same(
    ward: TestWard,
) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    for (answers, said) in [
        (Answers::default(), "one question at least"),
        (Answers::well().with("blood_group", true), "`blood_group`"),
        (
            Answers::well().choosing("breathing", "awful"),
            "better, same, worse",
        ),
        (
            Answers::well().number("temperature", 400.0),
            "from 25 to 45",
        ),
        (
            Answers::well().choosing("words", &"x".repeat(2001)),
            "2000 characters",
        ),
        (
            Answers::well().number("oxygen", 300.0),
            "from 1 to 350|1 to 100 percent",
        ),
    ] {
        let refused = asha.enters_diary(stay, &by_phone(answers)).await;
        let problem = refused.problem();
        assert_eq!(problem.status, 422, "{problem:?}");
        let found = said.split('|').any(|words| problem.detail.contains(words));
        assert!(found, "{problem:?}");
        assert!(!problem.detail.contains("999"), "{problem:?}");
    }
    let red = Answers::well()
        .with("chest_pain", true)
        .number("temperature", 400.0);
    let detail = asha
        .enters_diary(stay, &by_phone(red))
        .await
        .problem()
        .detail;
    assert!(
        detail.starts_with("Call 999 now") && detail.contains("`temperature`"),
        "{detail}"
    );

    let next_week = wire_time(ward.clock.now().plus(minutes(7 * 24 * 60)));
    let late = DiaryRequest {
        at: Some(next_week),
        ..by_phone(Answers::well())
    };
    let refused = asha.enters_diary(stay, &late).await;
    assert_eq!(refused.refusal(), (422, "value-refused".to_owned()));
    let unknown = DiaryRequest {
        questionnaire: Some(ward_wire::diary::Answered {
            name: "nothing".to_owned(),
            version: 1,
        }),
        ..by_phone(Answers::well())
    };
    let refused = asha.enters_diary(stay, &unknown).await;
    assert_eq!(refused.refusal(), (422, "no-such-questionnaire".to_owned()));
    let of_the_plan = DiaryRequest {
        questionnaire: None,
        ..by_phone(Answers::well())
    };
    let refused = asha.enters_diary(stay, &of_the_plan).await;
    assert_eq!(refused.refusal(), (409, "no-diary".to_owned()));

    // A repeat is the same entry, another under its id is not.
    let entry = by_phone(Answers::well());
    let first: EnteredReply = asha.enters_diary(stay, &entry).await.json();
    ward.clock.advance(minutes(1));
    let again: EnteredReply = asha.enters_diary(stay, &entry).await.json();
    assert!(!first.repeated && again.repeated);
    let other = DiaryRequest {
        answers: Answers::well().with("alone", true).0,
        ..entry
    };
    let refused = asha.enters_diary(stay, &other).await;
    assert_eq!(refused.refusal(), (409, "id-used".to_owned()));
    assert_eq!(asha.diary(stay).await.entries.len(), 1);
    assert_eq!(ward.open_alerts().await, []);
    let nul = by_phone(Answers::well().choosing("words", "a\0b"));
    assert!(asha.enters_diary(stay, &nul).await.status.is_success());
}

async fn who_said_it_must_be_said(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let from = |said_by, carer: Option<&str>, means| {
        Some(From {
            said_by,
            carer: carer.map(str::to_owned),
            means,
        })
    };
    let long = "x".repeat(201);
    for from in [
        None,
        from(SaidBy::Patient, None, Means::Page),
        from(SaidBy::Patient, None, Means::Bridge),
        from(SaidBy::Bridge, None, Means::Paper),
        from(SaidBy::Carer, None, Means::Paper),
        from(SaidBy::Carer, Some(&long), Means::Paper),
    ] {
        let reading = ReadingRequest {
            from,
            ..typed(96.0, 80.0)
        };
        let refused = asha.enters_reading(stay, &reading).await;
        assert_eq!(
            refused.refusal(),
            (422, "who-said-it".to_owned()),
            "{reading:?}"
        );
    }
    let by_carer = ReadingRequest {
        from: from(SaidBy::Carer, Some("Mary Example"), Means::Visit),
        ..typed(96.0, 80.0)
    };
    assert!(
        asha.enters_reading(stay, &by_carer)
            .await
            .status
            .is_success()
    );
    let chart = asha.chart(stay).await;
    assert_eq!(
        chart.readings[0].source.carer.as_deref(),
        Some("Mary Example")
    );
    let log = serde_json::to_string(&ward.log().await).unwrap();
    assert!(!log.contains("Mary Example"));

    // Not on this ward, not for this role, not by these numbers.
    let nobody = ward_core::id::StayId(Uuid::new_v4());
    let refused = asha.enters_reading(nobody, &by_carer).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    for spo2 in [0.0, 400.0] {
        let reading = ReadingRequest {
            from: Some(on_the_phone()),
            ..typed(spo2, 120.0)
        };
        let refused = asha.enters_reading(stay, &reading).await;
        assert_eq!(refused.refusal(), (422, "value-refused".to_owned()));
    }
    ward.staff("wall", "The wall", ward.ward, Role::WallBoard)
        .await;
    let wall = Nurse::signs_in(&ward, "wall").await;
    let refused = wall.enters_reading(stay, &by_carer).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    let page = asha.of_stay(stay, "/chart?before=yesterday");
    assert_eq!(
        asha.get(&page).await.refusal(),
        (400, "malformed".to_owned())
    );
}

async fn a_version_of_a_questionnaire_never_changes(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = |version: u32| asha.path(&format!("/questionnaires/covid-oximetry-home/{version}"));
    let mut questionnaire: Questionnaire = asha.get(&path(1)).await.json();
    questionnaire.title = "How are you this morning?".to_owned();
    let refused = asha.changes(Method::PUT, &path(1), &questionnaire).await;
    assert_eq!(refused.refusal(), (409, "not-the-next-version".to_owned()));
    let refused = asha.changes(Method::PUT, &path(2), &questionnaire).await;
    assert_eq!(refused.refusal(), (422, "questionnaire-refused".to_owned()));
    questionnaire.version = 2;
    let kept = asha.changes(Method::PUT, &path(2), &questionnaire).await;
    assert_eq!(kept.json::<Questionnaire>(), questionnaire);
    assert_eq!(
        asha.get(&path(2)).await.json::<Questionnaire>(),
        questionnaire
    );
    let all: QuestionnaireList = asha.get(&asha.path("/questionnaires")).await.json();
    assert_eq!(all.questionnaires.len(), 3);
    let entry = DiaryRequest {
        questionnaire: Some(ward_wire::diary::Answered {
            name: "covid-oximetry-home".to_owned(),
            version: 2,
        }),
        ..by_phone(Answers::well())
    };
    assert!(asha.enters_diary(stay, &entry).await.status.is_success());

    // No questionnaire makes a red symptom less than red.
    questionnaire.version = 3;
    let milder = serde_json::to_string(&questionnaire).unwrap().replace(
        "\"code\":\"chest_pain\",\"urgency\":\"red\"",
        "\"code\":\"chest_pain\",\"urgency\":\"amber\"",
    );
    let milder: Questionnaire = serde_json::from_str(&milder).unwrap();
    let refused = asha.changes(Method::PUT, &path(3), &milder).await;
    assert_eq!(refused.refusal(), (422, "questionnaire-refused".to_owned()));
    ward.staff("cal", "Cal", ward.ward, Role::CallHandler).await;
    let cal = Nurse::signs_in(&ward, "cal").await;
    let refused = cal.changes(Method::PUT, &path(3), &questionnaire).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
}
