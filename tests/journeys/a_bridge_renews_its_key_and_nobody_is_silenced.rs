//! A bridge's keys: each follows the last with an overlap, one that is over its day goes on and is said, and a lost answer
//! costs nothing.

use ward_core::alert::{Problem, Severity};
use ward_core::technical::{Cause, Detail};
use ward_core::time::minutes;
use ward_tests::box_key::item;
use ward_tests::http::{Reply, ask, client};
use ward_tests::{BoxKey, Bridge, Credential, TestWard, on_both_databases, spo2};
use ward_wire::bridge::{EnrolReply, EnrolRequest, KeyReply};

on_both_databases!(
    a_key_that_is_over_its_day_is_taken_and_the_ward_is_told_once,
    a_new_key_has_its_old_one_beside_it_for_a_day,
    an_answer_that_was_lost_costs_nothing,
    a_key_that_proves_nothing_is_not_taken,
    a_revoked_bridge_cannot_renew_its_key_nor_enrol_by_the_code_of_before,
);

const DAY: u64 = 24 * 60;
const EXPIRED: Problem = Problem::Technical(Cause::BridgeKeyExpired);

async fn renews(ward: &TestWard, bridge: &Bridge, by: &BoxKey, next: &BoxKey) -> Reply {
    let proof = next.comes_after(by, bridge.bridge.id);
    let body = serde_json::to_vec(&item(&proof)).unwrap();
    let head = by.head(bridge.bridge.id, &body, ward.clock.now());
    let asking = client()
        .post(ward.url("/api/bridge/key"))
        .header("authorization", by.signed(&head, "POST", "/api/bridge/key"))
        .header("content-type", "application/json")
        .body(body);
    ask(asking).await
}

/// The same bridge with another key.
fn with(ward: &TestWard, bridge: &Bridge, key: &BoxKey) -> Bridge {
    let enrolled = ward_tests::desk::Enrolled {
        bridge: bridge.bridge.clone(),
        credential: Credential::Key(key.clone()),
    };
    Bridge::of(enrolled, ward.clock.clone(), ward.address)
}

/// What is only noted is noted by and by.
async fn until_noted(ward: &TestWard, bridge: &Bridge, key: &BoxKey) {
    for _ in 0..500 {
        let keys = ward.wards.bridge_keys().await.unwrap();
        let of_bridge = &keys[&bridge.bridge.id];
        let known = of_bridge.iter().find(|known| known.id.0 == key.id().0);
        if known.is_some_and(|known| known.first_used_at.is_some()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the first use of a key is never noted");
}

async fn a_key_that_is_over_its_day_is_taken_and_the_ward_is_told_once(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    until_noted(&ward, &bridge, bridge.key()).await;
    ward.clock.advance(minutes(90 * DAY - 1));
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    ward.after(minutes(0)).await;
    let said = || async {
        let open = ward.open_alerts().await;
        open.into_iter().find(|alert| alert.problem == EXPIRED)
    };
    assert!(said().await.is_none());
    ward.clock.advance(minutes(2));
    bridge.measures(&patient.oximeter, spo2(95.0)).await;
    ward.after(minutes(0)).await;
    let alert = said().await.unwrap();
    assert_eq!(alert.severity, Severity::Low);
    let Some(Detail::Kit {
        stays, ended_at, ..
    }) = &alert.detail
    else {
        panic!("{alert:?}")
    };
    assert_eq!((&stays[..], ended_at), (&[patient.stay][..], &None));
    let raised = || async {
        let log = ward.kinds().await;
        log.iter().filter(|kind| **kind == "alert_raised").count()
    };
    let once = raised().await;
    ward.after(minutes(1)).await;
    ward.after(minutes(1)).await;
    assert_eq!(raised().await, once);
    // Long after its day: nobody is silenced by a date.
    ward.clock.advance(minutes(400 * DAY));
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    let next = BoxKey::fresh();
    let _: KeyReply = renews(&ward, &bridge, bridge.key(), &next).await.json();
    let renewed = with(&ward, &bridge, &next);
    renewed.measures(&patient.oximeter, spo2(93.0)).await;
    until_noted(&ward, &bridge, &next).await;
    ward.after(minutes(1)).await;
    let alert = said().await.unwrap();
    let Some(Detail::Kit { ended_at, .. }) = &alert.detail else {
        panic!("{alert:?}")
    };
    assert!(ended_at.is_some(), "its end is noted: {alert:?}");
    assert_eq!(ward.values_of(patient.stay).await.len(), 5);
}

async fn a_new_key_has_its_old_one_beside_it_for_a_day(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (old, next) = (bridge.key().clone(), BoxKey::fresh());
    ward.clock.advance(minutes(60 * DAY));
    let reply: KeyReply = renews(&ward, &bridge, &old, &next).await.json();
    assert_eq!(reply.id, next.id().to_string());
    let in_90_days = ward.clock.now().plus(minutes(90 * DAY));
    assert_eq!(reply.expires_at.as_millisecond(), in_90_days.as_millis());
    // The box was stopped before it kept the new one: however long, the old one is good.
    ward.clock.advance(minutes(10 * DAY));
    assert_eq!(bridge.asks_for_devices().await.status, 200);
    let renewed = with(&ward, &bridge, &next);
    assert_eq!(renewed.asks_for_devices().await.status, 200);
    until_noted(&ward, &bridge, &next).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(bridge.asks_for_devices().await.status, 200);
    // It has no say about keys any more, but for the one that it brought itself.
    let refused = renews(&ward, &bridge, &old, &BoxKey::fresh()).await;
    assert_eq!(refused.refusal(), (409, "key-replaced".to_owned()));
    let again: KeyReply = renews(&ward, &bridge, &old, &next).await.json();
    assert_eq!(again, reply);
    ward.clock.advance(minutes(DAY));
    let refused = bridge.asks_for_devices().await;
    assert_eq!(refused.refusal(), (401, "credential-not-known".to_owned()));
    assert_eq!(renewed.asks_for_devices().await.status, 200);
}

async fn an_answer_that_was_lost_costs_nothing(ward: TestWard) {
    // Of an enrolment …
    let added = ward.wards.add_bridge(ward.ward, "hall").await.unwrap();
    let (code, key) = (added.code.reveal(), BoxKey::fresh());
    let enrol = |key: &BoxKey| {
        let request = EnrolRequest {
            code: code.to_owned(),
            version: "0.1.0".to_owned(),
            key: Some(item(&key.enrols_with(code))),
        };
        ask(client().post(ward.url("/api/bridge/enrol")).json(&request))
    };
    let first: EnrolReply = enrol(&key).await.json();
    ward.clock.advance(minutes(29));
    let again: EnrolReply = enrol(&key).await.json();
    assert_eq!((again.bridge, again.key), (first.bridge, first.key));
    let refused = enrol(&BoxKey::fresh()).await;
    assert_eq!(refused.refusal(), (403, "code-not-good".to_owned()));
    ward.clock.advance(minutes(1));
    let refused = enrol(&key).await;
    assert_eq!(refused.refusal(), (403, "code-not-good".to_owned()));
    // … and of a new key, sent three times.
    let bridge = Bridge::enrolled_at(&ward).await;
    let next = BoxKey::fresh();
    let replies = [
        renews(&ward, &bridge, bridge.key(), &next).await,
        renews(&ward, &bridge, bridge.key(), &next).await,
        renews(&ward, &bridge, bridge.key(), &next).await,
    ];
    let [one, two, three] = replies.map(|reply| reply.json::<KeyReply>());
    assert_eq!((&one, &one), (&two, &three));
    assert_eq!(
        ward.wards.bridge_keys().await.unwrap()[&bridge.bridge.id].len(),
        2
    );
}

async fn a_key_that_proves_nothing_is_not_taken(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (next, other) = (BoxKey::fresh(), BoxKey::fresh());
    let id = bridge.bridge.id;
    for proof in [
        // For another key, for another bridge, and for an enrolment.
        next.comes_after(&other, id),
        next.comes_after(bridge.key(), ward_core::id::BridgeId(uuid::Uuid::nil())),
        next.enrols_with("ABCD-EFGH"),
    ] {
        let body = serde_json::to_vec(&item(&proof)).unwrap();
        let signed = bridge.authorization("/api/bridge/key", &body);
        let asking = client()
            .post(ward.url("/api/bridge/key"))
            .header("authorization", signed)
            .header("content-type", "application/json")
            .body(body);
        let refused = ask(asking).await;
        assert_eq!(refused.refusal(), (422, "key-not-proven".to_owned()));
    }
    let added = ward.wards.add_bridge(ward.ward, "hall").await.unwrap();
    let code = added.code.reveal().to_owned();
    let enrol = |key| {
        let request = EnrolRequest {
            code: code.clone(),
            version: "0.1.0".to_owned(),
            key: Some(key),
        };
        ask(client().post(ward.url("/api/bridge/enrol")).json(&request))
    };
    let mut stolen = item(&next.enrols_with(&code));
    stolen.proof = item(&other.enrols_with(&code)).proof;
    let refused = enrol(stolen).await;
    assert_eq!(refused.refusal(), (422, "key-not-proven".to_owned()));
    let mut cut = item(&next.enrols_with(&code));
    cut.public_key.pop();
    assert_eq!(enrol(cut).await.refusal(), (400, "malformed".to_owned()));
    // Neither has spent the code.
    assert_eq!(enrol(item(&next.enrols_with(&code))).await.status, 200);
}

async fn a_revoked_bridge_cannot_renew_its_key_nor_enrol_by_the_code_of_before(ward: TestWard) {
    let added = ward.wards.add_bridge(ward.ward, "hall").await.unwrap();
    let (code, key) = (added.code.reveal().to_owned(), BoxKey::fresh());
    let enrolling = || {
        let proof = key.enrols_with(&code);
        ward.wards.enrol_bridge_with_key(&code, "0.1.0", proof)
    };
    enrolling().await.unwrap();
    let enrolled = ward_tests::desk::Enrolled {
        bridge: ward.look_up(added.bridge).await,
        credential: Credential::Key(key.clone()),
    };
    let bridge = Bridge::of(enrolled, ward.clock.clone(), ward.address);
    assert_eq!(bridge.asks_for_devices().await.status, 200);
    ward.wards.revoke_bridge(added.bridge).await.unwrap();
    let refused = renews(&ward, &bridge, &key, &BoxKey::fresh()).await;
    assert_eq!(refused.refusal(), (403, "credential-revoked".to_owned()));
    assert!(
        enrolling().await.is_err(),
        "the code of before brings nobody back"
    );
    assert_eq!(bridge.asks_for_devices().await.status, 403);
}
