use ward_tests::console::{try_upgrade, upgrade};
use ward_tests::http::{ask, client};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::board::AcknowledgeRequest;

on_both_databases!(
    no_socket_without_the_services_own_origin,
    no_change_without_origin_and_token,
);

async fn no_socket_without_the_services_own_origin(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    for wrong in [
        Some("http://evil.example".to_owned()),
        Some("null".to_owned()),
        Some(format!("https://{}", ward.address)),
        Some(format!("http://{}.evil.example", ward.address)),
        Some(format!("http://127.0.0.1:{}", ward.address.port() ^ 1)),
        None,
    ] {
        let mut request = upgrade(&asha, 0);
        match &wrong {
            Some(origin) => drop(
                request
                    .headers_mut()
                    .insert("origin", origin.parse().unwrap()),
            ),
            None => drop(request.headers_mut().remove("origin")),
        }
        assert_eq!(try_upgrade(request).await.err(), Some(403), "{wrong:?}");
    }
    let mut unsigned = upgrade(&asha, 0);
    unsigned.headers_mut().remove("cookie");
    assert_eq!(try_upgrade(unsigned).await.err(), Some(401));
    assert!(try_upgrade(upgrade(&asha, 0)).await.is_ok());
}

async fn no_change_without_origin_and_token(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = asha.path("/alerts/1/acknowledge");
    let own = format!("http://{}", ward.address);
    let post = |origin: &str, token: &str| {
        let request = client()
            .post(ward.url(&path))
            .header("cookie", &asha.cookie)
            .header("origin", origin)
            .header("x-csrf-token", token)
            .json(&AcknowledgeRequest { seen: 0 });
        ask(request)
    };
    let token = asha.view.csrf_token.as_str();
    let refused = post("http://evil.example", token).await;
    assert_eq!(refused.refusal(), (403, "wrong-origin".to_owned()));
    for wrong in ["", "x", &token[1..]] {
        let refused = post(&own, wrong).await;
        assert_eq!(refused.refusal(), (403, "wrong-csrf-token".to_owned()));
    }
    // Let through, and only then is the alert looked for.
    assert_eq!(
        post(&own, token).await.refusal(),
        (404, "not-found".to_owned())
    );
}
