use ward_tests::box_key::item;
use ward_tests::http::{Reply, ask, client};
use ward_tests::{BoxKey, Bridge, TestWard, on_both_databases, spo2};
use ward_wire::bridge::{DeviceList, EnrolReply, EnrolRequest};

on_both_databases!(
    a_revoked_one_gets_403_and_an_unknown_one_401,
    one_with_a_token_goes_on_until_it_has_a_key,
    a_code_is_good_once,
);

async fn a_revoked_one_gets_403_and_an_unknown_one_401(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let other = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let list: DeviceList = bridge.asks_for_devices().await.json();
    let addresses: Vec<_> = list.devices.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(addresses, [patient.oximeter.as_str()]);
    assert_eq!(list.devices[0].low_limit_percent, 92);
    let list: DeviceList = other.asks_for_devices().await.json();
    assert!(list.devices.is_empty(), "another bridge's is not its own");

    let before = bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.wards.revoke_bridge(bridge.bridge.id).await.unwrap();
    let reading = bridge.spools(&patient.oximeter, spo2(90.0));
    let refused = bridge.post_body(bridge.batch(&[before, reading])).await;
    assert_eq!(refused.refusal(), (403, "credential-revoked".to_owned()));
    assert_eq!(bridge.asks_for_devices().await.status, 403);
    // What it had sent stays.
    assert_eq!(ward.values_of(patient.stay).await, [97.0]);
    assert_eq!(other.asks_for_devices().await.status, 200);
}

fn with_token(ward: &TestWard, token: &str) -> impl Future<Output = Reply> + use<> {
    ask(client()
        .get(ward.url("/api/bridge/devices"))
        .bearer_auth(token))
}

async fn one_with_a_token_goes_on_until_it_has_a_key(ward: TestWard) {
    let bridge = ward.bridge_with_token().await;
    let patient = ward.patient(&bridge).await;
    let (id, token) = (bridge.bridge.id, bridge.token().to_owned());
    let list: DeviceList = with_token(&ward, &token).await.json();
    assert_eq!(list.devices[0].address, patient.oximeter.as_str());
    let old = Bridge::of(bridge, ward.clock.clone(), ward.address);
    old.measures(&patient.oximeter, spo2(96.0)).await;
    let (part, secret) = token.split_once('.').unwrap();
    for unknown in [
        "x".to_owned(),
        format!("{part}.{}", secret.to_lowercase()),
        format!("{}.{secret}", uuid::Uuid::new_v4().simple()),
    ] {
        let refused = with_token(&ward, &unknown).await;
        assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
    }
    // A token cannot bring a key: that takes a code of the ward.
    let key = BoxKey::fresh();
    let renewing = client()
        .post(ward.url("/api/bridge/key"))
        .bearer_auth(&token)
        .json(&item(&key.comes_after(&key, id)));
    let refused = ask(renewing).await;
    assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
    let code = ward.wards.new_bridge_code(id).await.unwrap().code;
    let request = EnrolRequest {
        code: code.reveal().to_owned(),
        version: "0.2.0".to_owned(),
        key: Some(item(&key.enrols_with(code.reveal()))),
    };
    let enrolling = client().post(ward.url("/api/bridge/enrol")).json(&request);
    let reply: EnrolReply = ask(enrolling).await.json();
    assert_eq!(reply.bridge, id.0);
    let refused = with_token(&ward, &token).await;
    assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
}

/// As bridges of before there were keys ask for a token.
async fn a_code_is_good_once(ward: TestWard) {
    let added = ward.wards.add_bridge(ward.ward, "hall").await.unwrap();
    let request = EnrolRequest {
        code: added.code.reveal().to_lowercase(),
        version: "0.1.0".to_owned(),
        key: None,
    };
    let enrol = || ask(client().post(ward.url("/api/bridge/enrol")).json(&request));
    let reply: EnrolReply = enrol().await.json();
    assert!(reply.token.is_some() && reply.key.is_none());
    assert_eq!(enrol().await.refusal(), (403, "code-not-good".to_owned()));
}
