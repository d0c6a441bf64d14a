//! Whoever doubts an alert, or answers for it later, sees its rule, whose limits, its readings, what comes next, who was told.

use reqwest::Method;
use serde_json::json;
use ward_core::time::minutes;
use ward_tests::{Bridge, Desk, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::explanation::Explanation;

on_both_databases!(
    an_alert_is_explained_by_its_readings_and_the_limits_that_counted,
    a_reading_that_was_struck_out_stays_in_the_explanation,
    what_is_about_kit_says_it_itself_and_nobody_elses_alert_is_explained,
);

async fn explains(nurse: &Nurse, number: i64) -> Explanation {
    let path = nurse.path(&format!("/alerts/{number}/explanation"));
    let reply = nurse.get(&path).await;
    assert_eq!(reply.status, 200, "{reply}");
    reply.json()
}

fn values(explained: &Explanation) -> Vec<f64> {
    let each = explained.readings.iter();
    each.filter_map(|reading| reading.spo2_percent).collect()
}

fn changes(explained: &Explanation) -> Vec<&str> {
    let each = explained.story.iter();
    each.map(|step| step.change.as_str()).collect()
}

async fn an_alert_is_explained_by_its_readings_and_the_limits_that_counted(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    for percent in [97.0, 91.0, 96.0, 94.0] {
        ward.clock.advance(minutes(10));
        bridge.measures(&patient.oximeter, spo2(percent)).await;
    }
    let open = ward.open_alerts().await;
    let number = Desk::only(&open).number.0;
    let first = explains(&asha, number).await;
    assert_eq!(
        first.rule,
        "Oxygen under the limits of the plan: the lowest value is 91 %, and 92 % or less is red."
    );
    assert_eq!(
        (values(&first), first.readings_in_all),
        (vec![94.0, 91.0], 2)
    );
    let limits = first.limits.clone().unwrap();
    assert_eq!(
        (limits.version, limits.origin.as_str(), limits.changed_since),
        (1, "admission", false)
    );
    assert_eq!((limits.red_at_or_below, limits.amber_at_or_below), (92, 94));
    assert_eq!(changes(&first)[0], "raised");
    assert!(
        first.next[0].starts_with("Somebody acknowledges it"),
        "{:?}",
        first.next
    );

    // Another plan counts from now on: the alert is explained by the one that raised it.
    ward.clock.advance(minutes(1));
    let set = asha
        .sets_plan(patient.stay, |plan| {
            plan.limits.red_at_or_below = 90;
            plan.limits.amber_at_or_below = 93;
        })
        .await;
    assert_eq!(set.status, 200, "{set}");
    let again = explains(&asha, number).await;
    let limits = again.limits.clone().unwrap();
    assert_eq!((limits.red_at_or_below, limits.changed_since), (92, true));
    assert_eq!(values(&again), [94.0, 91.0]);

    // Over, and explained all the same; that she looked is on record.
    let head = ward.head().await.0;
    asha.acknowledges(number, head).await;
    let resolved = asha.resolves(number, ward.head().await.0).await;
    assert_eq!(resolved.status, 200, "{resolved}");
    let over = explains(&asha, number).await;
    assert_eq!(over.next, Vec::<String>::new());
    assert_eq!(changes(&over).last(), Some(&"resolved"));
    let page = asha
        .opens(&format!("/stays/{}/alerts/{number}", patient.stay))
        .await;
    for said in [
        "the lowest value is 91 %, and 92 % or less is red",
        "The plan with which the stay began",
        "other limits count now",
        "Nothing: it is over.",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    ward.readings_and_alerts_agree().await;
}

async fn a_reading_that_was_struck_out_stays_in_the_explanation(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(88.0)).await;
    let open = ward.open_alerts().await;
    let number = Desk::only(&open).number.0;
    let reading = explains(&asha, number).await.readings[0].reading;
    let path = asha.path(&format!(
        "/stays/{}/readings/{reading}/strike-out",
        patient.stay
    ));
    let body = json!({ "code": "tried_out", "text": "a visitor tried it" });
    let struck = asha.changes(Method::POST, &path, &body).await;
    assert_eq!(struck.status, 204, "{struck}");

    let explained = explains(&asha, number).await;
    assert_eq!(values(&explained), [88.0]);
    assert!(explained.readings[0].struck.is_some());
    assert!(
        explained
            .certainty
            .iter()
            .any(|line| line.contains("All that it rested on was struck out")),
        "{:?}",
        explained.certainty
    );
}

async fn what_is_about_kit_says_it_itself_and_nobody_elses_alert_is_explained(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    // Nobody is known to wear it.
    let stray = ward.new_oximeter().await;
    let low = bridge.spools(&stray, spo2(85.0));
    bridge.post(&[low]).await;
    let open = ward.open_alerts().await;
    let number = Desk::only(&open).number.0;
    let explained = explains(&asha, number).await;
    assert_eq!(explained.alert.problem, "unknown_device");
    assert_eq!(
        explained.rule,
        "No patient's oximeter is read by this bridge."
    );
    assert!(explained.limits.is_none() && explained.readings.is_empty());

    let none = asha.get(&asha.path("/alerts/999999/explanation")).await;
    assert_eq!(none.refusal(), (404, "not-found".to_owned()));
    // A number of this ward, asked for on the path of another.
    let ribble = ward.open_ward("RIB").await;
    ward.staff(
        "rita",
        "Rita Moss",
        ribble,
        ward_core::clinician::Role::Clinician,
    )
    .await;
    let rita = Nurse::signs_in_at(ward.address, ribble, "rita").await;
    let theirs = rita
        .get(&rita.path(&format!("/alerts/{number}/explanation")))
        .await;
    assert_eq!(theirs.refusal(), (404, "not-found".to_owned()));
    let ours = asha.path(&format!("/alerts/{number}/explanation"));
    let refused = rita.get(&ours).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
}
