use ward_tests::http::{ask, client};
use ward_tests::{Bridge, TestWard, on_both_databases, spo2};
use ward_wire::bridge::{DeviceList, EnrolRequest};

on_both_databases!(
    a_revoked_one_gets_403_and_an_unknown_one_401,
    a_code_is_good_once,
);

async fn a_revoked_one_gets_403_and_an_unknown_one_401(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let other = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let devices = |token: &str| {
        ask(client()
            .get(ward.url("/api/bridge/devices"))
            .bearer_auth(token))
    };
    let list: DeviceList = devices(&bridge.token).await.json();
    let addresses: Vec<_> = list.devices.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(addresses, [patient.oximeter.as_str()]);
    assert_eq!(list.devices[0].low_limit_percent, 92);
    let list: DeviceList = devices(&other.token).await.json();
    assert!(list.devices.is_empty(), "another bridge's is not its own");

    ward.wards.revoke_bridge(bridge.bridge.id).await.unwrap();
    let reading = bridge.spools(&patient.oximeter, spo2(90.0));
    let refused = bridge.post_body(bridge.batch(&[reading])).await;
    assert_eq!(refused.refusal(), (403, "credential-revoked".to_owned()));
    assert_eq!(devices(&bridge.token).await.status, 403);
    assert_eq!(ward.values_of(patient.stay).await, [0.0; 0]);
    let (id, secret) = bridge.token.split_once('.').unwrap();
    for unknown in [
        "x".to_owned(),
        format!("{id}.{}", secret.to_lowercase()),
        format!("{}.{secret}", uuid::Uuid::new_v4().simple()),
    ] {
        let refused = devices(&unknown).await;
        assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
    }
    assert_eq!(devices(&other.token).await.status, 200);
}

async fn a_code_is_good_once(ward: TestWard) {
    let added = ward.wards.add_bridge(ward.ward, "hall").await.unwrap();
    let request = EnrolRequest {
        code: added.code.reveal().to_lowercase(),
        version: "0.1.0".to_owned(),
    };
    let enrol = || ask(client().post(ward.url("/api/bridge/enrol")).json(&request));
    assert_eq!(enrol().await.status, 200);
    assert_eq!(enrol().await.refusal(), (403, "code-not-good".to_owned()));
}
