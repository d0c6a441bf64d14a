use reqwest::Method;
use serde_json::{Value, json};
use ward_core::plan::{MonitoringPlan, Rules};
use ward_core::time::minutes;
use ward_service::Referral;
use ward_tests::calls::reached;
use ward_tests::diary::{AtHome, on_the_phone, typed};
use ward_tests::http::Reply;
use ward_tests::people::referral;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::calls::{LogContactRequest, ToldReading};
use ward_wire::diary::{AccessCode, ChartView, OddAnswer, ReadingRequest};
use ward_wire::observations::{Consciousness, Observations, Oxygen};

on_both_databases!(
    a_home_oximeter_alone_never_makes_a_total,
    a_set_entered_on_the_page_has_a_total_and_values_of_other_times_do_not,
    a_set_told_in_a_call_stands_on_the_chart_and_is_scored,
    what_cannot_be_observed_is_refused_at_its_field_and_nothing_is_stored,
    what_was_taken_beside_an_odd_value_outlives_the_question,
    nobody_under_sixteen_and_no_plan_without_it_is_scored,
    a_patients_own_device_does_not_judge_their_consciousness,
);

fn whole() -> Observations {
    Observations {
        respiration_rate: Some(22.0),
        systolic_bp: Some(105.0),
        diastolic_bp: Some(70.0),
        temperature: Some(38.05),
        consciousness: Some(Consciousness::Alert),
        oxygen: Some(Oxygen::Supplemental {
            litres_per_minute: Some(1.5),
        }),
    }
}

/// What stands in the box, without its tags.
fn said<'a>(page: &'a str, id: &str) -> &'a str {
    let mark = format!("data-testid=\"{id}\">");
    let rest = page.split(&mark).nth(1).unwrap_or_default();
    rest.split('<').next().unwrap_or_default()
}

async fn newest(nurse: &Nurse, stay: ward_core::id::StayId) -> Value {
    let chart = nurse.get(&nurse.of_stay(stay, "/chart?limit=1")).await;
    let chart: Value = chart.json();
    chart["readings"][0].clone()
}

async fn a_home_oximeter_alone_never_makes_a_total(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = format!("/stays/{}", patient.stay);
    let empty = asha.opens(&path).await;
    assert!(empty.contains("Nothing to score yet"));
    bridge.measures(&patient.oximeter, spo2(92.9)).await;
    let page = asha.opens(&path).await;
    // 92.9 is a 92, which scores 2; the pulse of 80 scores 0; five are unknown, and may score 14.
    assert_eq!(said(&page, "news2-value"), "at least 2, at most 16");
    assert_eq!(
        said(&page, "news2-missing"),
        "(missing: respiration rate, air or oxygen, systolic blood pressure, consciousness, temperature)"
    );
    assert!(said(&page, "news2-response").starts_with("By what is known already"));
    assert!(page.contains("Royal College of Physicians") && page.contains("SpO₂ scale 1"));
    // The home plan calls it red, and neither is translated into the other.
    let table = page.split("data-testid=\"news2\"").nth(1).unwrap();
    let boxed = table.split("</section>").next().unwrap();
    assert!(!boxed.contains("wl-tag--"), "{boxed}");
}

async fn a_set_entered_on_the_page_has_a_total_and_values_of_other_times_do_not(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let form = format!("/stays/{}/readings/new", patient.stay);
    assert!(asha.opens(&form).await.contains("Enter a reading"));
    let id = uuid::Uuid::new_v4().to_string();
    let fields = [
        ("id", id.as_str()),
        ("spo2", "94"),
        ("pulse", "112"),
        ("breaths", "22"),
        ("systolic", "105"),
        ("diastolic", "70"),
        ("temperature", "38,05"),
        ("consciousness", "alert"),
        ("breathing-on", "oxygen"),
        ("litres", "1.5"),
        ("means", "visit"),
        ("said-by", "staff"),
    ];
    // A second press of the button stores nothing more.
    for _ in 0..2 {
        let saved = asha.sends(&form, &fields).await;
        assert_eq!(saved.status, 200, "{saved}");
        let text = String::from_utf8_lossy(&saved.body).into_owned();
        assert!(
            text.contains("breaths 22 a minute, BP 105/70, 38.1 °C, alert, on oxygen, 1.5 l/min"),
            "{text}"
        );
    }
    assert_eq!(ward.values_of(patient.stay).await.len(), 1);
    let path = format!("/stays/{}", patient.stay);
    let first = asha.opens(&path).await;
    assert_eq!(said(&first, "news2-value"), "9");
    assert!(said(&first, "news2-response").starts_with("Emergency response"));
    let line = newest(&asha, patient.stay).await;
    assert_eq!(line["observations"]["temperature"], 38.1);
    assert_eq!(
        line["observations"]["oxygen"],
        json!({"kind": "supplemental", "litres_per_minute": 1.5})
    );

    // Twenty minutes later a value of the oximeter belongs to it, and the page says from when to when.
    ward.after(minutes(20)).await;
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    let joined = asha.opens(&path).await;
    assert_eq!(said(&joined, "news2-value"), "6");
    assert!(said(&joined, "news2-when").starts_with("taken from "));

    // Half an hour after the set it does not: what it held is history, and named with its time.
    ward.after(minutes(11)).await;
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    let apart = asha.opens(&path).await;
    assert!(said(&apart, "news2-value").starts_with("at least 0, at most "));
    assert!(said(&apart, "news2-response").contains("no all-clear"));
    assert!(
        said(&apart, "news2-fuller").contains(": 9"),
        "{}",
        said(&apart, "news2-fuller")
    );
}

async fn a_set_told_in_a_call_stands_on_the_chart_and_is_scored(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let request = LogContactRequest {
        readings: vec![ToldReading {
            id: uuid::Uuid::from_u128(1),
            spo2_percent: 97.0,
            pulse_bpm: Some(72.0),
            at: None,
            observations: Some(Observations {
                oxygen: Some(Oxygen::Air {}),
                respiration_rate: Some(25.0),
                ..Observations::default()
            }),
        }],
        ..reached()
    };
    handler.logs(stay, &request).await;
    let line = newest(&asha, stay).await;
    assert_eq!(
        line["observations"],
        json!({"respiration_rate": 25.0, "oxygen": {"kind": "air"}})
    );
    let page = asha.opens(&format!("/stays/{stay}")).await;
    assert_eq!(said(&page, "news2-value"), "at least 3, at most 12");
    assert!(said(&page, "news2-response").contains("urgent ward-based review"));
    // The plain form of the call has the same fields.
    let form = [
        ("id", "00000000-0000-4000-8000-000000000009"),
        ("outcome", "reached"),
        ("whom", "patient"),
        ("identity", "name-birth"),
        ("way", "telephone"),
        ("support", "none"),
        ("oxygen", "97"),
        ("pulse", "72"),
        ("breaths", "12"),
        ("temperature", "36.6"),
        ("go", "stay"),
    ];
    ward.after(minutes(1)).await;
    let path = format!("/call-list/{stay}");
    let saved = handler.sends(&path, &form).await;
    assert_eq!(saved.status, 303, "{saved}");
    let line = newest(&asha, stay).await;
    assert_eq!(
        line["observations"],
        json!({"respiration_rate": 12.0, "temperature": 36.6})
    );
    let mut wrong = form;
    (wrong[0].1, wrong[8].1) = ("00000000-0000-4000-8000-00000000000a", "120");
    let refused = handler.sends(&path, &wrong).await;
    assert_eq!(refused.status, 422, "{refused}");
    let text = String::from_utf8_lossy(&refused.body).into_owned();
    assert!(text.contains("Respiration rate must lie between 0 and 100"));
}

async fn what_cannot_be_observed_is_refused_at_its_field_and_nothing_is_stored(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = asha.of_stay(stay, "/readings");
    let tries = async |observations: Value| -> Reply {
        let request = json!({
            "id": uuid::Uuid::new_v4(), "spo2_percent": 96, "observations": observations,
            "from": {"said_by": "staff", "means": "visit"},
        });
        asha.changes(Method::POST, &path, &request).await
    };
    for (observations, told) in [
        (
            json!({"respiration_rate": 101}),
            "respiration rate must lie between 0 and 100",
        ),
        (
            json!({"respiration_rate": 17.5}),
            "respiration rate must be a whole number",
        ),
        (
            json!({"temperature": 98.6}),
            "temperature must lie between 25 and 45",
        ),
        (
            json!({"systolic_bp": 80, "diastolic_bp": 120}),
            "are the two swapped",
        ),
        (
            json!({"oxygen": {"kind": "supplemental", "litres_per_minute": 0}}),
            "oxygen flow must lie",
        ),
    ] {
        let refused = tries(observations).await;
        assert_eq!(refused.refusal(), (422, "value-refused".to_owned()));
        assert!(refused.to_string().contains(told), "{refused}");
    }
    for malformed in [
        json!({"resp_rate": 16}),
        json!({"consciousness": "sleepy"}),
        json!({"oxygen": {"kind": "air", "litres_per_minute": 2}}),
    ] {
        let refused = tries(malformed).await;
        assert!(refused.status.is_client_error(), "{refused}");
    }
    assert!(ward.values_of(stay).await.is_empty());
    let form = [
        ("id", "00000000-0000-4000-8000-000000000001"),
        ("spo2", "96"),
        ("temperature", "98.6"),
    ];
    let refused = asha
        .sends(&format!("/stays/{stay}/readings/new"), &form)
        .await;
    assert_eq!(refused.status, 422);
    let text = String::from_utf8_lossy(&refused.body).into_owned();
    assert!(
        text.contains("href=\"#temperature\"") && text.contains("value=\"98.6\""),
        "{text}"
    );
    // The same id with other observations is another reading.
    let request = ReadingRequest {
        observations: Some(whole()),
        from: Some(on_the_phone()),
        ..typed(96.0, 80.0)
    };
    assert_eq!(asha.enters_reading(stay, &request).await.status, 200);
    let other = ReadingRequest {
        observations: None,
        ..request
    };
    let refused = asha.enters_reading(stay, &other).await;
    assert_eq!(refused.refusal(), (409, "id-used".to_owned()));
}

async fn what_was_taken_beside_an_odd_value_outlives_the_question(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let request = ReadingRequest {
        observations: Some(whole()),
        from: Some(on_the_phone()),
        ..typed(72.0, 95.0)
    };
    let entered = asha.enters_reading(stay, &request).await;
    assert_eq!(entered.status, 200, "{entered}");
    // Until it is answered the value is in doubt: no total, though every field is filled.
    let page = asha.opens(&format!("/stays/{stay}")).await;
    assert!(
        said(&page, "news2-value").starts_with("at least "),
        "{page}"
    );
    assert!(page.contains("Doubtful: SpO₂, pulse."), "{page}");
    let answered = asha
        .answers_about(stay, request.id, OddAnswer::Swapped)
        .await;
    assert_eq!(answered.status, 200, "{answered}");
    let chart: ChartView = asha.get(&asha.of_stay(stay, "/chart")).await.json();
    let counts = chart
        .readings
        .iter()
        .find(|it| it.struck.is_none())
        .unwrap();
    let kept = counts.observations.unwrap();
    assert_eq!(
        (kept.respiration_rate, kept.temperature),
        (Some(22.0), Some(38.1))
    );
    // 22 breaths 2, 95 % 1, oxygen 2, 105 mmHg 1, pulse 72 0, alert 0, 38.1 1.
    let page = asha.opens(&format!("/stays/{stay}")).await;
    assert_eq!(said(&page, "news2-value"), "7");
}

async fn nobody_under_sixteen_and_no_plan_without_it_is_scored(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let own_limits = MonitoringPlan {
        red_at_or_below: 91,
        ..MonitoringPlan::scale_one()
    };
    let mut child = Referral {
        plan: Some(own_limits),
        ..referral(700)
    };
    child.birth_date = "2014-05-01".parse().unwrap();
    let without = Referral {
        plan: Some(MonitoringPlan {
            rules: Rules {
                news2: None,
                ..Rules::usual()
            },
            ..MonitoringPlan::scale_one()
        }),
        ..referral(701)
    };
    for (referral, told) in [
        (child, "NEWS2 is not for people under 16"),
        (without, "plan leaves NEWS2 out"),
    ] {
        let stay = ward.wards.admit(ward.ward, referral).await.unwrap().stay;
        asha.types(stay, 96.0, 80.0).await;
        let page = asha.opens(&format!("/stays/{stay}")).await;
        assert!(page.contains(told), "{page}");
        assert_eq!(said(&page, "news2-value"), "");
    }
}

async fn a_patients_own_device_does_not_judge_their_consciousness(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let code: AccessCode = asha.gives_code(stay, None).await;
    let patient = AtHome::with(&ward, &code).await;
    let request = ReadingRequest {
        observations: Some(whole()),
        ..typed(96.0, 80.0)
    };
    let refused = patient.sends("/readings", &request).await;
    assert_eq!(refused.status, 400, "{refused}");
    let request = ReadingRequest {
        observations: Some(Observations {
            consciousness: None,
            ..whole()
        }),
        ..request
    };
    assert_eq!(patient.sends("/readings", &request).await.status, 200);
    assert_eq!(
        newest(&asha, stay).await["observations"]["respiration_rate"],
        22.0
    );
}
