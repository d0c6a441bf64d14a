//! The family rings: Edna has died. Nothing that was queued for her goes out any more, neither now nor at the next time.

use reqwest::Method;
use serde_json::json;
use ward_core::care::CarePlan;
use ward_core::message::{Delivery, Message};
use ward_core::time::minutes;
use ward_tests::{Bridge, Nurse, Post, TestWard, on_both_databases, spo2};

on_both_databases!(nobody_is_prompted_after_death);

async fn nobody_is_prompted_after_death(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let edna = ward.patient(&bridge).await;
    let store = ward.wards.store();
    let mut ledger = store.open_ledger(ward.ward).await.unwrap().unwrap();
    let care = CarePlan::default();
    ledger.set_care(edna.stay, &care).await.unwrap();
    let (now, in_an_hour) = (ward.clock.now(), ward.clock.now().plus(minutes(60)));
    let mut later = Message::call_announced(edna.stay, in_an_hour.plus(minutes(60)), now);
    later.not_before = in_an_hour;
    ledger.queue_message(&later).await.unwrap();
    let due_back = jiff::civil::date(2026, 12, 1);
    let kit = Message::kit_reminder(edna.stay, due_back, in_an_hour);
    ledger.queue_message(&kit).await.unwrap();
    ledger.commit().await.unwrap();
    ward.wards.queue_reminders().await.unwrap();
    bridge.measures(&edna.oximeter, spo2(84.0)).await;
    let path = asha.path(&format!("/stays/{}/death", edna.stay));
    let told = asha
        .changes(Method::POST, &path, &json!({ "note": "her son rang" }))
        .await;
    assert_eq!(told.status, 200, "{told}");
    let of_hers = store.messages_of(edna.stay, 100).await.unwrap();
    assert!(of_hers.len() >= 3);
    let is_over = |delivery| matches!(delivery, Delivery::Cancelled { .. } | Delivery::Sent { .. });
    assert!(
        of_hers.iter().all(|it| is_over(it.delivery)),
        "{of_hers:#?}"
    );
    let post = Post::default();
    let notifier = post.notifier();
    for _ in 0..12 {
        ward.clock.advance(minutes(60));
        ward.wards.queue_reminders().await.unwrap();
        ward.wards.notify(&notifier).await.unwrap();
    }
    assert_eq!(post.took(), []);
    assert_eq!(ward.open_alerts().await, []);
    // Nor can anything be promised to her.
    let call = asha.path(&format!("/stays/{}/announce-call", edna.stay));
    let at = ward.clock.now().plus(minutes(30)).to_string();
    let refused = asha
        .changes(Method::POST, &call, &json!({ "at": at }))
        .await;
    assert_eq!(refused.status, 409, "{refused}");
    ward.readings_and_alerts_agree().await;
}
