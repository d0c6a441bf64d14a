use ward_service::Clock;
use ward_tests::desk::{EIGHT, PASSWORD};
use ward_tests::http::{Reply, ask, client};
use ward_tests::{Kind, TestWard};

async fn tries(ward: &TestWard, from: &str, username: &str, password: &str) -> Reply {
    let body = serde_json::json!({ "username": username, "password": password });
    let request = client()
        .post(ward.url("/api/session"))
        .header("origin", format!("http://{}", ward.address))
        .header("x-forwarded-for", from)
        .json(&body);
    ask(request).await
}

/// The limits are the process's own: one database will do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_are_counted_by_where_they_come_from_however_the_name_is_typed() {
    let ward = TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), |config| {
        config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    ward.clinician("asha", "Asha Rao").await;
    // Refused before anything is computed, and counted all the same.
    let too_long = "x".repeat(300);
    let mut refused = 0;
    for spelling in ["asha", " asha", "ASHA", "Asha "]
        .into_iter()
        .cycle()
        .take(40)
    {
        let reply = tries(&ward, "192.0.2.66", spelling, &too_long).await;
        refused += usize::from(reply.status == 429);
    }
    assert!(refused >= 40 - 20, "one name in many spellings: {refused}");
    let enrol = client()
        .post(ward.url("/api/bridge/enrol"))
        .header("x-forwarded-for", "192.0.2.1")
        .json(&serde_json::json!({ "code": "wrong", "version": "0.1.0" }));
    assert_eq!(ask(enrol).await.status, 403, "a technician elsewhere");
    // She is elsewhere, and her keyboard likes capitals.
    let hers = tries(&ward, "198.51.100.7", "Asha ", PASSWORD).await;
    assert_eq!(hers.status, 200, "{hers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strange_next_page_is_not_gone_to_and_breaks_nothing() {
    let ward = TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), |_| {}).await;
    ward.clinician("asha", "Asha Rao").await;
    let form = "username=asha&password=a+few+words+in+a+row&next=%2Fwards%00%1b";
    let request = client()
        .post(ward.url("/sign-in"))
        .header("origin", format!("http://{}", ward.address))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let reply = ask(request).await;
    assert_eq!(reply.status, 303, "{reply}");
    assert_eq!(reply.header("location"), "/wards");
}
