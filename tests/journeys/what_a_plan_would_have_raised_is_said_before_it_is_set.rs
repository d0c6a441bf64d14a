use reqwest::Method;
use ward_core::clinician::Role;
use ward_core::id::StayId;
use ward_core::time::{minutes, seconds};
use ward_tests::http::Reply;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::plan::{WhatIfReply, WhatIfRequest};

on_both_databases!(
    reds_that_would_go_are_said_in_words_and_nothing_is_set,
    what_cannot_be_answered_is_refused_as_setting_it_would_be,
    the_form_answers_and_keeps_what_was_typed,
);

async fn asks(nurse: &Nurse, stay: StayId, red: u16, amber: u16) -> Reply {
    let known = nurse.plan_of(stay).await.in_force;
    let mut limits = known.limits;
    limits.red_at_or_below = red;
    limits.amber_at_or_below = amber;
    let path = nurse.path(&format!("/stays/{stay}/plan/what-if"));
    nurse
        .changes(Method::POST, &path, &WhatIfRequest { limits })
        .await
}

/// Two bouts of red, each cleared.
async fn two_reds(ward: &TestWard, bridge: &Bridge) -> StayId {
    let patient = ward.patient(bridge).await;
    for percent in [91.0, 97.0, 90.0, 98.0] {
        bridge.measures(&patient.oximeter, spo2(percent)).await;
        ward.clock.advance(minutes(10));
    }
    patient.stay
}

fn counts(reply: &WhatIfReply, severity: &str) -> [(u32, u32); 2] {
    [&reply.patient, &reply.ward].map(|of| {
        let found = of
            .alerts
            .iter()
            .find(|it| it.problem == "oxygen" && it.severity == severity);
        found.map_or((0, 0), |it| (it.in_force, it.proposed))
    })
}

async fn reds_that_would_go_are_said_in_words_and_nothing_is_set(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let stay = two_reds(&ward, &bridge).await;
    let other = two_reds(&ward, &bridge).await;
    let before = ward.head().await;

    let reply: WhatIfReply = asks(&asha, stay, 89, 90).await.json();
    assert_eq!(
        reply.warnings,
        ["2 reds of the last 30 days would not have been raised."]
    );
    assert_eq!(reply.reds_gone, 2);
    assert_eq!(counts(&reply, "red"), [(2, 0), (4, 0)]);
    assert_eq!(counts(&reply, "amber"), [(0, 1), (0, 2)]);
    assert_eq!((reply.stays, reply.stays_left_out), (2, 0));
    assert_eq!((reply.patient.readings, reply.ward.readings), (4, 8));
    // The newest first: a 90 would have been an amber, a 91 nothing.
    let gone: Vec<(Option<f64>, Option<&str>)> = reply
        .gone
        .iter()
        .map(|it| (it.worst_percent, it.instead.as_deref()))
        .collect();
    assert_eq!(gone, [(Some(90.0), Some("amber")), (Some(91.0), None)]);
    assert!(reply.new.is_empty());
    assert!(reply.patient.per_patient_day_in_force > reply.patient.per_patient_day_proposed);

    // A stricter one raises the same and more.
    let stricter: WhatIfReply = asks(&asha, stay, 93, 97).await.json();
    assert!(stricter.warnings.is_empty());
    assert_eq!(stricter.gone, []);
    assert_eq!(counts(&stricter, "red")[0].0, 2);

    // Nothing was written, whoever asked; and who is on the other scale is left out.
    assert_eq!(ward.head().await, before);
    assert_eq!(asha.plan_of(stay).await.in_force.version, 1);
    let answer = asha
        .sets_plan(other, |plan| {
            plan.limits.spo2_scale = ward_wire::plan::Scale::Two;
            plan.limits.red_at_or_below = 85;
            plan.limits.amber_at_or_below = 87;
            plan.care.oxygen_target = Some(ward_wire::plan::Target { from: 88, to: 92 });
        })
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    let reply: WhatIfReply = asks(&asha, stay, 89, 90).await.json();
    assert_eq!((reply.stays, reply.stays_on_other_scale), (1, 1));
    assert_eq!(counts(&reply, "red"), [(2, 0), (2, 0)]);

    // What lies further back than thirty days is over.
    ward.clock.advance(minutes(31 * 24 * 60));
    let asha = Nurse::comes_on_shift(&ward, "asha2", "Asha Rao").await;
    let late: WhatIfReply = asks(&asha, stay, 89, 90).await.json();
    assert_eq!((late.patient.readings, late.reds_gone), (0, 0));
}

async fn what_cannot_be_answered_is_refused_as_setting_it_would_be(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let stay = two_reds(&ward, &bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let refused = asks(&asha, stay, 95, 94).await;
    assert_eq!(refused.refusal(), (422, "not-valid".to_owned()));
    let elsewhere = StayId(uuid::Uuid::new_v4());
    let limits = asha.plan_of(stay).await.in_force.limits;
    let path = asha.path(&format!("/stays/{elsewhere}/plan/what-if"));
    let request = WhatIfRequest { limits };
    let none = asha.changes(Method::POST, &path, &request).await;
    assert_eq!(none.refusal(), (404, "not-found".to_owned()));
    // Who may not set a plan may not ask.
    ward.staff("carl", "Carl Ito", ward.ward, Role::CallHandler)
        .await;
    let carl = Nurse::signs_in(&ward, "carl").await;
    let path = asha.path(&format!("/stays/{stay}/plan/what-if"));
    let refused = carl.changes(Method::POST, &path, &request).await;
    assert_eq!(refused.status, 403, "{refused}");
    ward.clock.advance(seconds(1));
}

async fn the_form_answers_and_keeps_what_was_typed(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let stay = two_reds(&ward, &bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let form = asha.opens(&format!("/stays/{stay}/plan/edit")).await;
    assert!(form.contains("What would this have raised?"), "{form}");
    assert!(!form.contains("data-testid=\"what-if\""));
    let mut typed = fields_of(&form);
    for (name, value) in [("red", "89"), ("amber", "90"), ("ask", "what_if")] {
        typed.retain(|(known, _)| known != name);
        typed.push((name.to_owned(), value.to_owned()));
    }
    typed.retain(|(name, _)| name != "reason" && name != "csrf_token");
    typed.push(("reason".to_owned(), "half a <thought>".to_owned()));
    let sent: Vec<(&str, &str)> = typed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let path = format!("/stays/{stay}/plan/edit");
    let answer = asha.sends(&path, &sent).await;
    assert_eq!(answer.status, 200, "{answer}");
    let page = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(page.contains("2 reds of the last 30 days would not have been raised."));
    assert!(page.contains("Would not have been raised"));
    assert!(
        page.contains("name=\"red\" type=\"text\" value=\"89\"") || page.contains("value=\"89\"")
    );
    assert!(
        page.contains("half a &#60;thought&#62;"),
        "what was typed is kept, escaped"
    );
    // What cannot be worked by is said at its field, and nothing is worked out.
    let wrong: Vec<(&str, &str)> = sent
        .iter()
        .map(|(name, value)| (*name, if *name == "red" { "95" } else { *value }))
        .collect();
    let refused = asha.sends(&path, &wrong).await;
    assert_eq!(refused.status, 422, "{refused}");
    assert!(String::from_utf8_lossy(&refused.body).contains("amber must be under 100"));
    assert_eq!(asha.plan_of(stay).await.in_force.version, 1);
}

/// The fields of the form as a browser would send them.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page.split("data-testid=\"plan-form\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for input in form.split("<input").skip(1) {
        let tag = input.split('>').next().unwrap();
        let part = |name: &str| {
            let after = tag.split(&format!(" {name}=\"")).nth(1)?;
            after.split('"').next().map(str::to_owned)
        };
        let is_choice = ["radio", "checkbox"]
            .map(Some)
            .contains(&part("type").as_deref());
        if let Some(name) = part("name")
            && (!is_choice || tag.contains("checked"))
        {
            fields.push((name, part("value").unwrap_or_default()));
        }
    }
    fields
}
