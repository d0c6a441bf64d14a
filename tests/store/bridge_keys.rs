//! Keys of bridges, on one node and on two.

use std::time::Duration;

use ward_core::id::BridgeId;
use ward_core::time::minutes;
use ward_service::{BridgeKeyId, EnrolError, Wards};
use ward_tests::{BoxKey, Verbs, on_both_databases};

on_both_databases!(
    a_code_is_good_for_one_key_of_two_that_come_at_once,
    a_second_node_refuses_a_revoked_bridge_within_a_second,
    each_node_takes_a_request_once,
    a_bridge_that_changes_its_key_again_and_again_is_stopped_and_not_locked_out,
    an_enrolment_ends_every_key_and_token_of_before,
    the_first_use_of_a_key_that_is_noted_late_ends_no_later_one,
);

async fn is_let_in(wards: &Wards, bridge: BridgeId, key: &BoxKey) -> Result<(), EnrolError> {
    let now = wards.clock().now();
    let request = key.request(bridge, now);
    wards.bridge_that_signed(&request, now).await.map(|_| ())
}

async fn a_code_is_good_for_one_key_of_two_that_come_at_once(verbs: Verbs) {
    let added = verbs.wards.add_bridge(verbs.ward, "hall").await.unwrap();
    let code = added.code.reveal();
    let keys = [BoxKey::fresh(), BoxKey::fresh()];
    let enrol = |key: &BoxKey| {
        let proof = key.enrols_with(code);
        verbs.wards.enrol_bridge_with_key(code, "0.1.0", proof)
    };
    let (one, two) = tokio::join!(enrol(&keys[0]), enrol(&keys[1]));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let (good, other) = if one.is_ok() { (0, 1) } else { (1, 0) };
    is_let_in(&verbs.wards, added.bridge, &keys[good])
        .await
        .unwrap();
    let refused = is_let_in(&verbs.wards, added.bridge, &keys[other]).await;
    assert!(matches!(refused, Err(EnrolError::NotKnown)), "{refused:?}");
}

async fn a_second_node_refuses_a_revoked_bridge_within_a_second(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let (id, key) = (bridge.bridge.id, bridge.key());
    let other = verbs.another_node().await;
    is_let_in(&verbs.wards, id, key).await.unwrap();
    is_let_in(&other.wards, id, key).await.unwrap();
    assert!(verbs.wards.revoke_bridge(id).await.unwrap());
    let refused = is_let_in(&verbs.wards, id, key).await;
    assert!(matches!(refused, Err(EnrolError::Revoked)), "{refused:?}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let refused = is_let_in(&other.wards, id, key).await;
    assert!(matches!(refused, Err(EnrolError::Revoked)), "{refused:?}");
}

async fn each_node_takes_a_request_once(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let other = verbs.another_node().await;
    let now = verbs.clock.now();
    let request = bridge.key().request(bridge.bridge.id, now);
    for wards in [&verbs.wards, &other.wards] {
        wards.bridge_that_signed(&request, now).await.unwrap();
        let again = wards.bridge_that_signed(&request, now).await;
        assert!(matches!(again, Err(EnrolError::SeenBefore)), "{again:?}");
    }
    verbs.clock.advance(minutes(6));
    let now = verbs.clock.now();
    for wards in [&verbs.wards, &other.wards] {
        let late = wards.bridge_that_signed(&request, now).await;
        assert!(matches!(late, Err(EnrolError::ClockOff { service_time }) if service_time == now));
    }
}

async fn a_bridge_that_changes_its_key_again_and_again_is_stopped_and_not_locked_out(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let id = bridge.bridge.id;
    let store = verbs.wards.store();
    let mut key = bridge.key().clone();
    let mut changes = 0;
    let stopped = loop {
        let next = BoxKey::fresh();
        let by = BridgeKeyId(key.id().0);
        let proof = next.comes_after(&key, id);
        match verbs
            .wards
            .renew_bridge_key(&bridge.bridge, by, proof)
            .await
        {
            Ok(_) => {}
            Err(why) => break why,
        }
        let (begun, now) = (BridgeKeyId(next.id().0), verbs.clock.now());
        let earlier_end_at = now.plus(minutes(24 * 60));
        store
            .begin_bridge_key(id, begun, now, earlier_end_at)
            .await
            .unwrap();
        key = next;
        changes += 1;
        assert!(changes < 100);
    };
    assert!(matches!(stopped, EnrolError::TooManyKeys), "{stopped:?}");
    // Eight, of which the first was never used and went first.
    assert_eq!(changes, 8);
    is_let_in(&verbs.wards, id, &key).await.unwrap();
    verbs.clock.advance(minutes(24 * 60));
    let next = BoxKey::fresh();
    let proof = next.comes_after(&key, id);
    let by = BridgeKeyId(key.id().0);
    let renewing = verbs.wards.renew_bridge_key(&bridge.bridge, by, proof);
    renewing.await.unwrap();
    assert_eq!(verbs.wards.bridge_keys().await.unwrap()[&id].len(), 2);
}

async fn an_enrolment_ends_every_key_and_token_of_before(verbs: Verbs) {
    let bridge = verbs.bridge_with_token().await;
    let (id, token) = (bridge.bridge.id, bridge.token());
    let enrols = async || {
        let code = verbs.wards.new_bridge_code(id).await.unwrap().code;
        let key = BoxKey::fresh();
        let proof = key.enrols_with(code.reveal());
        let enrolling = verbs
            .wards
            .enrol_bridge_with_key(code.reveal(), "0.2.0", proof);
        enrolling.await.unwrap();
        key
    };
    let first = enrols().await;
    let refused = verbs.wards.bridge_of(token).await;
    assert!(matches!(refused, Err(EnrolError::NotKnown)), "{refused:?}");
    is_let_in(&verbs.wards, id, &first).await.unwrap();
    let second = enrols().await;
    let refused = is_let_in(&verbs.wards, id, &first).await;
    assert!(matches!(refused, Err(EnrolError::NotKnown)), "{refused:?}");
    is_let_in(&verbs.wards, id, &second).await.unwrap();
    // A bridge of before there were keys may still be put in its place, with a code of the ward.
    let code = verbs.wards.new_bridge_code(id).await.unwrap().code;
    let enrolled = verbs.wards.enrol_bridge(code.reveal(), "0.0.9").await;
    let token = enrolled.unwrap().token;
    assert!(verbs.wards.bridge_of(token.reveal()).await.is_ok());
    let refused = is_let_in(&verbs.wards, id, &second).await;
    assert!(matches!(refused, Err(EnrolError::NotKnown)), "{refused:?}");
}

async fn the_first_use_of_a_key_that_is_noted_late_ends_no_later_one(verbs: Verbs) {
    let store = verbs.wards.store();
    for is_late in [false, true] {
        let bridge = verbs.bridge().await;
        let (id, old, next) = (bridge.bridge.id, bridge.key(), BoxKey::fresh());
        let [by, new] = [old, &next].map(|key| BridgeKeyId(key.id().0));
        // Within one millisecond, as far as the clock can tell.
        let proof = next.comes_after(old, id);
        let renewing = verbs.wards.renew_bridge_key(&bridge.bridge, by, proof);
        renewing.await.unwrap();
        let now = verbs.clock.now();
        let end_at = now.plus(minutes(24 * 60));
        for used in if is_late { [new, by] } else { [by, new] } {
            store.begin_bridge_key(id, used, now, end_at).await.unwrap();
        }
        let keys = store.bridge_keys().await.unwrap();
        let ends: Vec<_> = (keys[&id].iter())
            .map(|key| (key.id, key.ends_at))
            .collect();
        assert_eq!(ends, [(by, Some(end_at)), (new, None)], "{is_late}");
    }
}
