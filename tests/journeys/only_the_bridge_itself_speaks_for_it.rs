//! Every request of a bridge is signed: what is altered, repeated, somebody else's or of another time is refused, and none of
//! it needs more than signing anew.

use ward_core::time::{Timestamp, minutes};
use ward_tests::desk::EIGHT;
use ward_tests::http::{Reply, ask, client};
use ward_tests::{BoxKey, Bridge, TestWard, on_both_databases, spo2};
use ward_wire::signature::Head;

on_both_databases!(
    an_altered_body_is_refused_and_nothing_of_it_is_stored,
    an_altered_method_path_or_head_is_refused,
    a_request_is_good_once,
    the_key_of_another_bridge_or_of_nobody_is_refused,
    a_clock_that_is_wrong_by_a_day_or_by_years_is_told_the_time,
    a_body_that_is_too_large_is_refused_before_anything_is_made_of_it,
);

const READINGS: &str = "/api/bridge/readings";

async fn post(ward: &TestWard, path: &str, authorization: String, body: &str) -> Reply {
    let asking = client()
        .post(ward.url(path))
        .header("authorization", authorization)
        .header("content-type", "application/json")
        .body(body.to_owned());
    ask(asking).await
}

fn not_good() -> (u16, String) {
    (401, "signature-not-good".to_owned())
}

async fn an_altered_body_is_refused_and_nothing_of_it_is_stored(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let reading = bridge.spools(&patient.oximeter, spo2(91.0));
    let body = bridge.batch(&[reading]);
    let signed = bridge.authorization(READINGS, body.as_bytes());
    let altered = body.replace("91", "97");
    assert_ne!(altered, body);
    let refused = post(&ward, READINGS, signed, &altered).await;
    assert_eq!(refused.refusal(), not_good());
    assert!(refused.problem().detail.contains("sign it again"));
    assert_eq!(ward.values_of(patient.stay).await, [0.0; 0]);
    let status = r#"{"radio_up":true,"oximeters":[]}"#;
    let signed = bridge.authorization("/api/bridge/status", status.as_bytes());
    let altered = status.replace("true", "false");
    let refused = post(&ward, "/api/bridge/status", signed, &altered).await;
    assert_eq!(refused.refusal(), not_good());
    // The same, signed anew, is taken.
    let signed = bridge.authorization(READINGS, body.as_bytes());
    assert_eq!(post(&ward, READINGS, signed, &body).await.status, 200);
    assert_eq!(ward.values_of(patient.stay).await, [91.0]);
}

async fn an_altered_method_path_or_head_is_refused(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (id, key) = (bridge.bridge.id, bridge.key());
    let body = bridge.batch(&[]);
    let head = || key.head(id, body.as_bytes(), EIGHT);
    let good = key.signed(&head(), "POST", READINGS);
    assert_eq!(post(&ward, READINGS, good, &body).await.status, 200);
    for (method, path) in [
        ("PUT", READINGS),
        ("POST", "/api/bridge/status"),
        ("POST", "/api/bridge/readings?more=1"),
        ("POST", "//api/bridge/readings"),
    ] {
        let wrong = key.signed(&head(), method, path);
        let refused = post(&ward, READINGS, wrong, &body).await;
        assert_eq!(refused.refusal(), not_good(), "{method} {path}");
    }
    // Without the key nobody can say another time or nonce, or that it is for another body.
    let changes: [fn(&mut Head); 3] = [
        |head| head.time_ms += 1,
        |head| head.nonce[0] ^= 1,
        |head| head.body[0] ^= 1,
    ];
    for (place, change) in changes.into_iter().enumerate() {
        let signed = head();
        let signature = key.over(&signed.text("POST", READINGS));
        let mut said = signed;
        change(&mut said);
        let wrong = ward_wire::signature::Signed {
            head: said,
            signature,
        };
        let refused = post(&ward, READINGS, wrong.to_string(), &body).await;
        assert_eq!(refused.refusal(), not_good(), "{place}");
    }
    for none in ["", "Wardlight-Ed25519", "Basic abc"] {
        let refused = post(&ward, READINGS, none.to_owned(), &body).await;
        assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
    }
}

async fn a_request_is_good_once(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let reading = bridge.spools(&patient.oximeter, spo2(93.0));
    let body = bridge.batch(&[reading]);
    let signed = bridge.authorization(READINGS, body.as_bytes());
    assert_eq!(
        post(&ward, READINGS, signed.clone(), &body).await.status,
        200
    );
    for _ in 0..2 {
        let again = post(&ward, READINGS, signed.clone(), &body).await;
        assert_eq!(again.refusal(), (401, "request-seen-before".to_owned()));
        ward.clock.advance(minutes(2));
    }
    ward.clock.advance(minutes(2));
    let stale = post(&ward, READINGS, signed, &body).await;
    assert_eq!(stale.refusal(), (401, "clock-off".to_owned()));
    assert_eq!(ward.values_of(patient.stay).await, [93.0]);
}

async fn the_key_of_another_bridge_or_of_nobody_is_refused(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let other = Bridge::enrolled_at(&ward).await;
    let (id, stranger) = (bridge.bridge.id, BoxKey::fresh());
    let body = bridge.batch(&[]);
    let mut as_if = stranger.head(id, body.as_bytes(), EIGHT);
    as_if.key = bridge.key().id();
    for (signed, code) in [
        // Its own key, in the name of another bridge.
        (
            other.key().signed(
                &other.key().head(id, body.as_bytes(), EIGHT),
                "POST",
                READINGS,
            ),
            "credential-not-known",
        ),
        (
            stranger.signed(&stranger.head(id, body.as_bytes(), EIGHT), "POST", READINGS),
            "credential-not-known",
        ),
        (
            stranger.signed(&as_if, "POST", READINGS),
            "signature-not-good",
        ),
    ] {
        let refused = post(&ward, READINGS, signed, &body).await;
        assert_eq!(refused.refusal(), (401, code.to_owned()));
    }
    let good = bridge.authorization(READINGS, body.as_bytes());
    assert_eq!(post(&ward, READINGS, good, &body).await.status, 200);
}

async fn a_clock_that_is_wrong_by_a_day_or_by_years_is_told_the_time(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let (id, key) = (bridge.bridge.id, bridge.key());
    let reading = bridge.spools(&patient.oximeter, spo2(94.0));
    let body = bridge.batch(&[reading]);
    let at = |time_ms: i64| {
        let time = Timestamp::from_millis(time_ms);
        key.signed(&key.head(id, body.as_bytes(), time), "POST", READINGS)
    };
    let now = EIGHT.as_millis();
    let (minute, day) = (60_000_i64, 24 * 3_600_000_i64);
    for off_by in [
        day,
        -day,
        20 * 365 * day,
        -20 * 365 * day,
        5 * minute + 1,
        -now,
    ] {
        let refused = post(&ward, READINGS, at(now + off_by), &body).await;
        assert_eq!(refused.refusal(), (401, "clock-off".to_owned()), "{off_by}");
        let told = refused.problem().service_time.unwrap();
        assert_eq!(told.as_millisecond(), now, "{off_by}");
    }
    for extreme in [i64::MAX, i64::MIN] {
        assert_eq!(post(&ward, READINGS, at(extreme), &body).await.status, 401);
    }
    assert_eq!(ward.values_of(patient.stay).await, [0.0; 0]);
    for off_by in [5 * minute, -5 * minute] {
        let taken = post(&ward, READINGS, at(now + off_by), &body).await;
        assert_eq!(taken.status, 200, "{off_by}");
    }
    assert_eq!(ward.values_of(patient.stay).await, [94.0]);
}

async fn a_body_that_is_too_large_is_refused_before_anything_is_made_of_it(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let body = " ".repeat(ward_wire::bridge::BATCH_BYTES_LIMIT + 1);
    // Signed for another body: had it been hashed, that would have been said.
    let signed = bridge.authorization(READINGS, b"another");
    let refused = post(&ward, READINGS, signed, &body).await;
    assert_eq!(refused.refusal(), (413, "too-large".to_owned()));
}
