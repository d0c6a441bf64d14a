//! A patient stands up and sits down for a minute. What falls is found by the pair, and not by any rule of a value at rest.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_core::alert::{Problem, Severity};
use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::http::Reply;
use ward_tests::{Desk, Nurse, TestWard, on_both_databases};

on_both_databases!(
    a_fall_on_exertion_is_found_by_a_pair,
    a_second_test_that_is_worse_speaks_again_on_the_same_alert,
    who_is_low_at_rest_is_not_tested_and_nothing_typed_is_lost,
    what_cannot_be_is_refused_and_a_lowest_above_the_rest_is_asked_about,
    a_test_struck_out_takes_its_readings_along_and_its_alert_says_so,
    a_value_of_a_test_is_not_corrected_by_itself_and_a_sheet_brings_none,
    an_odd_lowest_counts_as_a_doubtful_low_until_it_is_answered,
    nobody_else_enters_or_sees_a_test,
);

/// A test of one minute, told by telephone.
fn told(rest: f64, lowest: f64) -> Value {
    json!({
        "id": Uuid::new_v4(),
        "effort": "one_minute_sit_to_stand",
        "rest": { "spo2_percent": rest, "pulse_bpm": 78 },
        "lowest": { "spo2_percent": lowest, "pulse_bpm": 118 },
        "from": { "said_by": "patient", "means": "telephone" },
    })
}

trait Tests {
    async fn tells(&self, stay: StayId, test: &Value) -> Reply;
    async fn tests(&self, stay: StayId) -> Value;
    async fn fills(&self, stay: StayId, form: &[(&str, &str)]) -> (u16, String);
}

impl Tests for Nurse {
    async fn tells(&self, stay: StayId, test: &Value) -> Reply {
        let path = self.of_stay(stay, "/exertion-tests");
        self.changes(Method::POST, &path, test).await
    }

    async fn tests(&self, stay: StayId) -> Value {
        let list = self.get(&self.of_stay(stay, "/exertion-tests")).await;
        let list: Value = list.json();
        list["tests"].clone()
    }

    async fn fills(&self, stay: StayId, form: &[(&str, &str)]) -> (u16, String) {
        let reply = self
            .sends(&format!("/stays/{stay}/exertion/new"), form)
            .await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        (reply.status.as_u16(), text)
    }
}

async fn a_fall_on_exertion_is_found_by_a_pair(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    let id = Uuid::new_v4().to_string();
    let form = [
        ("id", id.as_str()),
        ("effort", "steps"),
        ("rest", "97"),
        ("rest-pulse", "80"),
        ("lowest", "93,5 %"),
        ("lowest-pulse", "145"),
        ("recovery", "96"),
        ("after", "2"),
        ("stopped", "short of breath"),
        ("breathing-on", "air"),
        ("means", "visit"),
        ("said-by", "staff"),
    ];
    let page = asha.opens(&format!("/stays/{stay}")).await;
    assert!(page.contains(&format!("/stays/{stay}/exertion/new")));
    // A second press of the button makes no second test, and no second alert.
    for _ in 0..2 {
        let (status, text) = asha.fills(stay, &form).await;
        assert_eq!(status, 200, "{text}");
        assert!(
            text.contains("rest 97, lowest 93.5, fall 3.5, 96 after 2 min"),
            "{text}"
        );
    }
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Exertion, Severity::Amber)
    );
    assert_eq!(alert.lows.map(|lows| lows.count), Some(1));
    let board = asha.board().await;
    assert!(
        serde_json::to_string(&board)
            .unwrap()
            .contains("From 97 % at rest to 93.5 % on exertion: a fall of 3 points or more"),
        "{board:?}"
    );
    // Three readings, each in its circumstances, in the order in which they were measured.
    let chart = asha.chart(stay).await;
    let contexts = chart.readings.iter().rev();
    let contexts: Vec<_> = contexts
        .map(|it| (it.spo2_percent, serde_json::to_value(it.context).unwrap()))
        .collect();
    assert_eq!(
        contexts,
        [
            (Some(97.0), json!("rest")),
            (Some(93.5), json!("exertion")),
            (Some(96.0), json!("recovery")),
        ]
    );
    for path in ["", "/readings"] {
        let page = asha.opens(&format!("/stays/{stay}{path}")).await;
        let table = page.split("data-testid=\"exertions\"").nth(1).unwrap();
        assert!(
            table.contains("rest 97, lowest 93.5, fall 3.5, 96 after 2 min")
                && table.contains("Stopped early: short of breath")
                && table.contains("On air"),
            "{table}"
        );
    }
    ward.readings_and_alerts_agree().await;
}

async fn a_second_test_that_is_worse_speaks_again_on_the_same_alert(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    assert_eq!(asha.tells(stay, &told(98.0, 94.0)).await.status, 200);
    let number = Desk::only(&ward.open_alerts().await).number;
    asha.takes(number.0, ward.head().await.0).await;
    ward.after(minutes(20)).await;
    assert_eq!(asha.tells(stay, &told(98.0, 95.0)).await.status, 200);
    let open = ward.open_alerts().await;
    assert!(!Desk::only(&open).is_unacknowledged());
    ward.after(minutes(20)).await;
    // A lowest in the red band is red, and whoever tells of it is told what to do first.
    let reply = asha.tells(stay, &told(98.0, 91.0)).await;
    let reply: Value = reply.json();
    assert_eq!(reply["advice"][0]["advice"], "red_value", "{reply}");
    assert_eq!(reply["test"]["band"], "red");
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!((alert.number, alert.severity), (number, Severity::Red));
    assert!(alert.is_unacknowledged());
    ward.after(minutes(20)).await;
    assert_eq!(asha.tells(stay, &told(98.0, 97.0)).await.status, 200);
    // One told late, of before the good one, is counted and does not speak.
    let before = ward.clock.now().minus(minutes(10));
    let mut late = told(98.0, 93.0);
    late["at"] = json!(jiff::Timestamp::from_millisecond(before.as_millis()).unwrap());
    let spoke_at = Desk::only(&ward.open_alerts().await).spoke_at;
    assert_eq!(asha.tells(stay, &late).await.status, 200);
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(alert.lows.map(|lows| lows.count), Some(4));
    assert_eq!(alert.spoke_at, spoke_at);
    assert_eq!(alert.condition, ward_core::plan::Band::Green);
    ward.readings_and_alerts_agree().await;
}

async fn who_is_low_at_rest_is_not_tested_and_nothing_typed_is_lost(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    // Nobody has begun yet: the value at rest alone, and no word of the fields that are empty.
    let id = Uuid::new_v4().to_string();
    let rest = [("id", id.as_str()), ("rest", "94"), ("rest-pulse", "88")];
    let (status, text) = asha.fills(stay, &rest).await;
    assert_eq!(status, 409, "{text}");
    assert!(text.contains("94 % at rest is under 96 %: do not do an exertion test"));
    assert!(text.contains("value=\"94\"") && text.contains("data-testid=\"as-readings\""));
    assert!(ward.values_of(stay).await.is_empty());
    let (status, text) = asha
        .fills(stay, &[rest.as_slice(), &[("go", "readings")]].concat())
        .await;
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("as readings, not as a test"), "{text}");
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Oxygen, Severity::Amber)
    );
    assert_eq!(asha.tests(stay).await, json!([]));

    // It was done all the same: kept, told, and no all-clear of any test.
    let other = ward.admit().await;
    let mut done = told(95.0, 86.0);
    let refused = asha.tells(other, &done).await;
    assert_eq!(refused.refusal(), (409, "not-to-be-tested".to_owned()));
    assert!(ward.values_of(other).await.is_empty());
    done["as_readings"] = json!(true);
    assert_eq!(asha.tells(other, &done).await.status, 200);
    let open = ward.open_alerts().await;
    let red = open.iter().find(|it| it.problem == Problem::Exertion);
    assert_eq!(red.map(|it| it.severity), Some(Severity::Red));
    let test = &asha.tests(other).await[0];
    assert_eq!(
        (&test["counts"], &test["fall_points"]),
        (&json!(false), &json!(9.0))
    );
    let page = asha.opens(&format!("/stays/{other}/readings")).await;
    assert!(page.contains("Too low at rest to be tested: kept as readings"));
    ward.readings_and_alerts_agree().await;
}

async fn what_cannot_be_is_refused_and_a_lowest_above_the_rest_is_asked_about(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    let now = ward.clock.now();
    let at = |ahead: u64| {
        json!(jiff::Timestamp::from_millisecond(now.plus(minutes(ahead)).as_millis()).unwrap())
    };
    for (field, value, told_why) in [
        ("at", at(10), "in the future"),
        (
            "lowest",
            json!({ "spo2_percent": 0.5 }),
            "lowest: oxygen must be a number from 1 to 100",
        ),
        (
            "recovery",
            json!({ "spo2_percent": 96, "after_minutes": 0 }),
            "how many minutes, from 1 to 60",
        ),
    ] {
        let mut test = told(97.0, 93.0);
        test[field] = value;
        let refused = asha.tells(stay, &test).await;
        assert_eq!(refused.refusal(), (422, "value-refused".to_owned()));
        assert!(refused.to_string().contains(told_why), "{refused}");
    }
    let mut to_come = told(97.0, 93.0);
    to_come["at"] = at(0);
    to_come["recovery"] = json!({ "spo2_percent": 96, "after_minutes": 20 });
    let refused = asha.tells(stay, &to_come).await;
    assert!(refused.to_string().contains("still to come"), "{refused}");
    assert!(ward.values_of(stay).await.is_empty());

    let mut odd = told(96.0, 98.0);
    let refused = asha.tells(stay, &odd).await;
    assert_eq!(refused.refusal(), (409, "lowest-above-rest".to_owned()));
    let id = odd["id"].as_str().unwrap().to_owned();
    let form = [("id", id.as_str()), ("rest", "96"), ("lowest", "98")];
    let (status, text) = asha.fills(stay, &form).await;
    assert_eq!(status, 409);
    assert!(text.contains("data-testid=\"is-so\"") && text.contains("value=\"98\""));
    odd["lowest_above_rest_is_so"] = json!(true);
    assert_eq!(asha.tells(stay, &odd).await.status, 200);
    // The same id with other values is another test.
    odd["lowest"] = json!({ "spo2_percent": 99 });
    let refused = asha.tells(stay, &odd).await;
    assert_eq!(refused.refusal(), (409, "id-used".to_owned()));
    assert!(ward.open_alerts().await.is_empty());
    let (status, text) = asha
        .fills(stay, &[("id", id.as_str()), ("rest", "97")])
        .await;
    assert_eq!(status, 422);
    assert!(text.contains("href=\"#lowest\""), "{text}");
}

async fn a_test_struck_out_takes_its_readings_along_and_its_alert_says_so(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    let mut test = told(97.0, 91.0);
    test["recovery"] = json!({ "spo2_percent": 94, "after_minutes": 2 });
    assert_eq!(asha.tells(stay, &test).await.status, 200);
    assert_eq!(ward.open_alerts().await.len(), 2);
    let id = test["id"].as_str().unwrap().to_owned();
    let page = asha.opens(&format!("/stays/{stay}/readings")).await;
    assert!(page.contains(&format!("/exertion/{id}?at=")), "{page}");
    let at = asha.tests(stay).await[0]["at"].as_str().unwrap().to_owned();
    let at = at
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond()
        .to_string();
    let path = format!("/stays/{stay}/exertion/{id}");
    let asked = asha.opens(&format!("{path}?at={at}")).await;
    assert!(asked.contains("rest 97, lowest 91, fall 6"), "{asked}");
    let form = [("at", at.as_str()), ("code", "wrong_patient")];
    let struck = asha.sends(&path, &form).await;
    assert_eq!(struck.status, 303, "{struck}");
    let chart = asha.chart(stay).await;
    assert_eq!(chart.readings.len(), 3);
    assert!(chart.readings.iter().all(|it| it.struck.is_some()));
    assert!(!asha.tests(stay).await[0]["struck"].is_null());
    for alert in ward.open_alerts().await {
        let struck = alert.struck.map(|struck| struck.count);
        assert_eq!((struck, alert.lows), (Some(1), None), "{alert:?}");
        assert_eq!(alert.condition, ward_core::plan::Band::Green);
    }
    let api = asha.of_stay(stay, &format!("/exertion-tests/{id}/strike-out"));
    let again = json!({ "code": "entered_twice" });
    let refused = asha.changes(Method::POST, &api, &again).await;
    assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
    assert!(ward.kinds().await.contains(&"exertion_struck"));
    ward.readings_and_alerts_agree().await;
}

async fn a_value_of_a_test_is_not_corrected_by_itself_and_a_sheet_brings_none(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let (stay, other) = (ward.admit().await, ward.admit().await);
    ward.after(minutes(30)).await;
    let entered: Value = asha.tells(stay, &told(97.0, 84.0)).await.json();
    // Somebody low at rest who did it all the same: no test, and a pair.
    let mut low = told(95.0, 83.0);
    low["as_readings"] = json!(true);
    let kept = asha.tells(stay, &low).await;
    assert!(kept.status.is_success(), "{kept}");
    let kept: Value = kept.json();
    let before = ward.head().await;
    for (entered, part) in [(&entered, 0), (&entered, 1), (&kept, 0), (&kept, 1)] {
        let reading = entered["readings"][part]["reading"].as_str().unwrap();
        let path = |how: &str| asha.of_stay(stay, &format!("/readings/{reading}/{how}"));
        let strike = json!({ "code": "wrong_patient" });
        let refused = asha
            .changes(Method::POST, &path("strike-out"), &strike)
            .await;
        assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
        let there = json!({ "to_ward": ward.ward.0, "to_stay": other.0, "text": "mixed up" });
        let refused = asha.changes(Method::POST, &path("move"), &there).await;
        assert_eq!(
            refused.refusal(),
            (409, "not-possible".to_owned()),
            "{refused}"
        );
        assert!(
            refused
                .problem()
                .detail
                .contains("strike out the test itself")
        );
    }
    // What a sheet says may be on record already: a test from one could be in no pair.
    let mut sheet = told(97.0, 82.0);
    sheet["from"]["means"] = json!("paper");
    let refused = asha.tells(other, &sheet).await;
    assert_eq!(refused.status, 422, "{refused}");
    assert_eq!(ward.head().await, before);
    assert_eq!(asha.chart(other).await.readings.len(), 0);
}

async fn an_odd_lowest_counts_as_a_doubtful_low_until_it_is_answered(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = ward.admit().await;
    ward.after(minutes(30)).await;
    let mut test = told(97.0, 78.0);
    test["lowest"] = json!({ "spo2_percent": 78, "pulse_bpm": 96 });
    let reply: Value = asha.tells(stay, &test).await.json();
    assert_eq!(reply["readings"][1]["asked"], "swapped", "{reply}");
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(alert.severity, Severity::Red);
    assert!(alert.is_doubtful());
    let reading = reply["readings"][1]["reading"].as_str().unwrap();
    let reading: Uuid = reading.parse().unwrap();
    let answer = ward_wire::diary::OddAnswer::Swapped;
    let answered = asha.answers_about(stay, reading, answer).await;
    assert_eq!(answered.status, 200, "{answered}");
    // It was 96: the test is no sign, its alert keeps what it said and stands no more.
    let shown = &asha.tests(stay).await[0];
    assert_eq!(
        (&shown["lowest_percent"], &shown["band"]),
        (&json!(96.0), &json!("green"))
    );
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(alert.condition, ward_core::plan::Band::Green);
    assert_eq!(alert.severity, Severity::Red);
}

async fn nobody_else_enters_or_sees_a_test(ward: TestWard) {
    let stay = ward.admit().await;
    let rib = ward.open_ward("RIB").await;
    let ben = Nurse::of_another_ward(&ward, rib, "ben").await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    ward.after(minutes(30)).await;
    let test = told(97.0, 93.0);
    let refused = ben.tells(stay, &test).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    let refused = ben.get(&ben.of_stay(stay, "/exertion-tests")).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    let (status, _) = ben
        .fills(stay, &[("id", &Uuid::new_v4().to_string()), ("rest", "90")])
        .await;
    assert_eq!(status, 404);
    assert!(ward.open_alerts().await.is_empty());
    assert_eq!(handler.tells(stay, &test).await.status, 200);
    assert_eq!(ward.open_alerts().await.len(), 1);
    let id = test["id"].as_str().unwrap();
    let strike = |nurse: &Nurse| nurse.of_stay(stay, &format!("/exertion-tests/{id}/strike-out"));
    let why = json!({ "code": "wrong_value" });
    let refused = handler.changes(Method::POST, &strike(&handler), &why).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    let refused = ben.changes(Method::POST, &strike(&ben), &why).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    assert!(asked_to_enter(&handler, stay).await);
}

/// The form of a call leads to the form of a test.
async fn asked_to_enter(handler: &Nurse, stay: StayId) -> bool {
    let page = handler.opens(&format!("/call-list/{stay}")).await;
    page.contains(&format!("/stays/{stay}/exertion/new?means=telephone"))
}
