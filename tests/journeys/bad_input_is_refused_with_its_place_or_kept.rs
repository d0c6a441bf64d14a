use ward_tests::http::{ask, client};
use ward_tests::{Bridge, Desk, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::{Answer, BatchReply};

on_both_databases!(
    a_malformed_body_is_refused_with_the_place_and_the_reason,
    one_bad_item_is_kept_with_its_bytes_and_the_others_are_stored,
    a_wrong_method_an_unknown_route_and_a_wrong_form_are_problems,
    values_that_cannot_be_silence_no_low,
);

async fn a_malformed_body_is_refused_with_the_place_and_the_reason(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    for (body, said) in [
        (
            "{\"sent_at\":\n\"2026-11-21T08:00:00Z\",]",
            ["line 2", "column"],
        ),
        (
            "{\"sent_at\":\"yesterday\",\"readings\":[]}",
            ["line 1 column 22", "year"],
        ),
        ("{\"readings\":[]}", ["sent_at", "missing"]),
        (
            "{\"sent_at\":\"2026-11-21T08:00:00Z\",\"readings\":[],\"reedings\":[]}",
            ["reedings", "unknown field"],
        ),
        ("", ["line 1", "EOF"]),
    ] {
        let refused = bridge.post_body(body).await;
        assert_eq!(refused.refusal(), (400, "malformed".to_owned()), "{body}");
        let detail = refused.problem().detail;
        for word in said {
            assert!(detail.contains(word), "{body}: {detail}");
        }
    }
    let nested = format!("{{\"sent_at\":{}", "[".repeat(100_000));
    assert_eq!(bridge.post_body(nested).await.status, 400);
}

async fn one_bad_item_is_kept_with_its_bytes_and_the_others_are_stored(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let now = ward.clock.now();
    let item = |percent: f64| {
        serde_json::to_string(&bridge.spools(&patient.oximeter, spo2(percent)).wire(now)).unwrap()
    };
    let good = [item(96.0), item(97.0)];
    let bad = [
        item(95.0).replace("\"pulse_bpm\":80.0", "\"pulse_bpm\":\"eighty\""),
        item(95.0).replace("95.0", "101"),
        item(95.0).replace("spo2_percent", "spo2_precent"),
        "null".to_owned(),
        "7".to_owned(),
        format!("{}1{}", "[".repeat(500), "]".repeat(500)),
    ];
    let mut items = vec![good[0].clone()];
    items.extend(bad.iter().cloned());
    items.push(good[1].clone());
    let body = bridge.batch_of(&items);
    let reply: BatchReply = bridge.post_body(body.clone()).await.json();
    assert_eq!(reply.answers.len(), items.len());
    for (item, answer) in items.iter().zip(&reply.answers) {
        let kept = matches!(answer, Answer::Quarantined { reason } if !reason.is_empty());
        assert_eq!(kept, bad.contains(item), "{item}: {answer:?}");
    }
    let mut values = ward.values_of(patient.stay).await;
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [96.0, 97.0]);
    let mut behind = ward.database.look_behind().await;
    assert_eq!(behind.count("select count(*) from quarantine").await, 6);
    let bytes: usize = bad.iter().map(String::len).sum();
    let kept = behind
        .count("select cast(sum(length(raw)) as bigint) from quarantine")
        .await;
    assert_eq!(usize::try_from(kept).unwrap(), bytes);
    let board = asha.board().await;
    let shown = board.rows[0].alerts.iter().chain(&board.technical);
    assert!(
        shown
            .into_iter()
            .all(|alert| alert.problem == "unreadable_data")
    );
    let again: BatchReply = bridge.post_body(body).await.json();
    assert_eq!(again.answers, vec![Answer::Duplicate; items.len()]);
}

async fn a_wrong_method_an_unknown_route_and_a_wrong_form_are_problems(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let http = client();
    let refused = ask(http.put(ward.url("/api/bridge/readings"))).await;
    assert_eq!(refused.refusal(), (405, "method-not-allowed".to_owned()));
    assert!(refused.header("allow").contains("POST"));
    for path in ["/api/nothing", "/api/bridge/readings/7", "/api/"] {
        let refused = ask(http.get(ward.url(path))).await;
        assert_eq!(refused.refusal(), (404, "not-found".to_owned()), "{path}");
    }
    let form = http
        .post(ward.url("/api/bridge/readings"))
        .header(
            "authorization",
            bridge.authorization("/api/bridge/readings", b"sent_at=now"),
        )
        .form_like("sent_at=now");
    assert_eq!(
        ask(form).await.refusal(),
        (415, "wrong-media-type".to_owned())
    );
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = asha.path("/alerts/seven/acknowledge");
    let seen = serde_json::json!({ "seen": 1 });
    let refused = asha.changes(reqwest::Method::POST, &path, &seen).await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
    let refused = asha.get("/api/wards/not-a-ward/board").await;
    assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
}

async fn values_that_cannot_be_silence_no_low(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let now = ward.clock.now();
    let item =
        serde_json::to_string(&bridge.spools(&patient.oximeter, spo2(84.0)).wire(now)).unwrap();
    // A pulse that cannot be: the saturation is judged on its own, and marked.
    let odd = item.replace("\"pulse_bpm\":80.0", "\"pulse_bpm\":511");
    let reply: BatchReply = bridge.post_body(bridge.batch_of(&[odd])).await.json();
    assert_eq!(reply.answers, [Answer::Stored]);
    let board = asha.board().await;
    let red = &board.rows[0].alerts[0];
    assert_eq!((red.severity, red.doubtful), (Severity::Red, true));
    // A low in an item that cannot be read at all.
    let second = ward.patient(&bridge).await;
    let broken = format!(
        r#"{{"device_address":"{}","spo2_percent":"83"}}"#,
        second.oximeter
    );
    bridge.post_body(bridge.batch_of(&[broken])).await;
    let alerts = ward.open_alerts().await;
    let kept: Vec<_> = alerts
        .into_iter()
        .filter(|alert| alert.problem.name() == "unreadable_data")
        .collect();
    assert_eq!(Desk::only(&kept).severity, ward_core::alert::Severity::Red);
}

/// As a web page's form would send it.
trait FormLike {
    fn form_like(self, body: &'static str) -> Self;
}

impl FormLike for reqwest::RequestBuilder {
    fn form_like(self, body: &'static str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }
}
