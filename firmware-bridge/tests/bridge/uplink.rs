//! From a spool to a service that has bad days.

use std::time::Duration;

use firmware_bridge::clock::Clock;
use firmware_bridge::spool::Spool;
use firmware_bridge::uplink::Patience;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use ward_wire::bridge::{Answer, MeasuredItem};

use crate::door::TOKEN;
use crate::service::{Act, Service};
use crate::stage::{ALICE, BERTA, HASTY, Stage, start, start_trying, start_with};
use crate::support::{append, copied, eventually, open};

#[tokio::test]
async fn a_reading_is_sent_as_soon_as_it_is_on_disk() {
    let stage = Stage::new().await;
    stage.start();
    // The uplink sleeps by now, for an hour: only the bell wakes it.
    let first = append(&stage.spool, ALICE, 97.0).await;
    stage.all_confirmed().await;
    let second = append(&stage.spool, ALICE, 96.0).await;
    stage.all_confirmed().await;
    assert_eq!(stage.stored(), [first, second]);
    let item = &stage.service.readings()[0];
    assert!(item.age_ms.is_some_and(|age| age < 20_000), "{item:?}");
    assert_eq!(item.device_address, ALICE);
}

#[tokio::test]
async fn after_an_outage_the_newest_of_each_oximeter_comes_first_and_then_the_oldest() {
    let stage = Stage::new().await;
    let mut alice = Vec::new();
    for percent in 0..600 {
        alice.push(append(&stage.spool, ALICE, 95.0 + f64::from(percent % 4)).await);
    }
    let berta = append(&stage.spool, BERTA, 85.0).await;
    let newest = append(&stage.spool, ALICE, 97.0).await;
    stage.start();
    stage.all_confirmed().await;
    let batches: Vec<Vec<Uuid>> = (stage.service.book().stored.iter())
        .map(|batch| batch.iter().map(|item| item.id).collect())
        .collect();
    assert_eq!(
        batches[0],
        [berta, newest],
        "the low one before the routine one"
    );
    assert_eq!(batches[1..].concat(), alice);
    assert_eq!(batches[1].len(), 500);
}

#[tokio::test]
async fn a_service_that_is_not_there_yet_gets_everything_once_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), TOKEN).unwrap();
    let spool = open(folder.path()).await;
    let address = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().to_string()
    };
    let stop = CancellationToken::new();
    start(folder.path(), &format!("http://{address}"), &spool, &stop);
    let mut ids = Vec::new();
    for percent in [97.0, 96.0, 84.0] {
        ids.push(append(&spool, ALICE, percent).await);
    }
    let service = Service::on(&address).await;
    eventually("all is confirmed", async || {
        (spool.waiting().await.unwrap() == 0).then_some(())
    })
    .await;
    let mut stored: Vec<Uuid> = service.readings().iter().map(|item| item.id).collect();
    assert_eq!(stored[0], ids[2]);
    stored.sort_unstable();
    ids.sort_unstable();
    assert_eq!(stored, ids);
    stop.cancel();
}

#[tokio::test]
async fn an_answer_that_was_lost_makes_a_repeat_and_the_repeat_is_settled_too() {
    let stage = Stage::new().await;
    stage.service.book().acts.extend([Act::StoreAndFail]);
    let id = append(&stage.spool, ALICE, 91.0).await;
    stage.start();
    stage.all_confirmed().await;
    assert_eq!(stage.stored(), [id, id]);
    assert_eq!(
        stage.service.book().answers[&id],
        [Answer::Stored, Answer::Duplicate]
    );
    let sent = stage.service.readings();
    assert_eq!(sent[0].measured_at, sent[1].measured_at);
    assert!(sent[0].age_ms <= sent[1].age_ms, "the age is told anew");
}

#[tokio::test]
async fn whatever_unexpected_the_service_says_the_reading_is_kept_and_sent_again() {
    let stage = Stage::new().await;
    let acts = [
        Act::Status(500),
        Act::Status(404),
        Act::Nonsense,
        Act::Short,
        Act::Status(302),
        Act::Status(503),
    ];
    stage.service.book().acts.extend(acts);
    let id = append(&stage.spool, ALICE, 91.0).await;
    stage.start();
    stage.all_confirmed().await;
    assert!(stage.service.book().tries.len() == 7);
    assert_eq!(stage.stored(), [id, id]);
}

/// Seen live: three readings, a low one among them, were set aside for ever by a proxy's "400".
#[tokio::test]
async fn a_four_hundred_that_is_not_the_services_own_word_refuses_nothing() {
    const PROBLEM: &str = "application/problem+json";
    let stage = Stage::new().await;
    let acts = [
        Act::Proxy(400, "text/html", "<html>400 Bad Request</html>"),
        Act::Proxy(422, "text/plain", ""),
        Act::Proxy(413, "text/html", "<html>Request Entity Too Large</html>"),
        Act::Proxy(
            400,
            PROBLEM,
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"no"}"#,
        ),
        Act::Proxy(400, PROBLEM, "not even JSON"),
        Act::Proxy(
            400,
            "application/json",
            r#"{"type":"urn:wardlight:problem:bad-request","title":"t","status":400,"detail":"d"}"#,
        ),
    ];
    let count = acts.len();
    stage.service.book().acts.extend(acts);
    let low = append(&stage.spool, ALICE, 83.8).await;
    stage.start();
    stage.all_confirmed().await;
    assert_eq!(stage.stored(), [low]);
    assert_eq!(stage.service.book().tries.len(), count + 1);
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 0);
}

#[tokio::test]
async fn a_refused_reading_is_tried_again_by_and_by_and_counts_as_waiting_until_then() {
    let stage = Stage::new().await;
    let id = append(&stage.spool, ALICE, 97.0).await;
    stage.service.book().poison.insert(id);
    start_trying(
        Duration::from_millis(100),
        HASTY,
        stage.folder.path(),
        &stage.service.url,
        &stage.spool,
        &stage.stop,
    );
    eventually("it was refused three times", async || {
        (stage.service.book().tries.len() >= 3).then_some(())
    })
    .await;
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 1);
    stage.service.book().poison.clear();
    eventually("it is confirmed", async || {
        (stage.spool.unconfirmed().await.unwrap() == 0).then_some(())
    })
    .await;
    assert_eq!(stage.stored(), [id]);
}

#[tokio::test]
async fn the_first_success_after_a_failure_gives_what_was_refused_another_try() {
    let stage = Stage::new().await;
    let refused = append(&stage.spool, ALICE, 97.0).await;
    stage.service.book().poison.insert(refused);
    stage.start();
    stage.all_confirmed().await;
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 1);
    stage.service.book().poison.clear();
    // A success without a failure before it says nothing new.
    append(&stage.spool, BERTA, 97.0).await;
    stage.all_confirmed().await;
    assert_eq!(stage.spool.unconfirmed().await.unwrap(), 1);
    stage.service.book().acts.extend([Act::Status(503)]);
    append(&stage.spool, BERTA, 96.0).await;
    eventually("all is confirmed", async || {
        (stage.spool.unconfirmed().await.unwrap() == 0).then_some(())
    })
    .await;
    assert!(stage.stored().contains(&refused));
}

#[tokio::test]
async fn a_low_reading_that_is_refused_however_often_leaves_one_word_to_the_ward() {
    let stage = Stage::new().await;
    let low = append(&stage.spool, ALICE, 83.8).await;
    stage.service.book().poison.insert(low);
    start_trying(
        Duration::from_millis(50),
        HASTY,
        stage.folder.path(),
        &stage.service.url,
        &stage.spool,
        &stage.stop,
    );
    eventually("it was refused often", async || {
        (stage.service.book().tries.len() >= 6).then_some(())
    })
    .await;
    let told = stage.service.readings();
    let [only] = &told[..] else {
        panic!("one marker: {told:?}")
    };
    let MeasuredItem::Attempt { reason } = &only.measured else {
        panic!("a marker: {only:?}")
    };
    assert_eq!(only.device_address, ALICE);
    assert!(reason.contains("may be a low one"), "{reason}");
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let stage = Stage::new().await;
    stage
        .service
        .book()
        .acts
        .extend([Act::RetryAfter(429, 1), Act::RetryAfter(503, 1)]);
    append(&stage.spool, ALICE, 91.0).await;
    stage.start();
    stage.all_confirmed().await;
    let tries = stage.service.book().tries.clone();
    for pair in tries.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(1), "{tries:?}");
    }
    assert_eq!(tries.len(), 3);
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_cut_until_it_fits() {
    let stage = Stage::new().await;
    stage.service.book().largest = Some(7);
    for _ in 0..40 {
        append(&stage.spool, ALICE, 96.0).await;
    }
    stage.start();
    stage.all_confirmed().await;
    assert_eq!(stage.stored().len(), 40);
}

/// The parts of one look into the spool go one after the other: the last one is older when it goes than the first was.
#[tokio::test]
async fn the_age_is_that_of_the_moment_of_sending_also_in_the_last_of_many_parts() {
    const NAP: Duration = Duration::from_millis(150);
    let stage = Stage::new().await;
    for _ in 0..6 {
        append(&stage.spool, ALICE, 96.0).await;
    }
    stage.service.book().largest = Some(1);
    stage.service.book().nap = NAP;
    stage.start();
    stage.all_confirmed().await;
    let tries = stage.service.book().tries.len();
    let sent = stage.service.readings();
    let last = sent.last().unwrap().age_ms.unwrap();
    let before_it = u64::try_from(NAP.as_millis()).unwrap() * u64::try_from(tries - 1).unwrap();
    assert!(
        last >= before_it,
        "{last} ms, and {before_it} ms went before it was sent"
    );
}

#[tokio::test]
async fn one_refused_reading_does_not_hold_up_the_others_and_is_kept() {
    let stage = Stage::new().await;
    let mut ids = Vec::new();
    for _ in 0..30 {
        ids.push(append(&stage.spool, ALICE, 96.0).await);
    }
    let poison = [ids[3], ids[17], ids[29]];
    stage.service.book().poison.extend(poison);
    stage.start();
    stage.all_confirmed().await;
    let mut stored = stage.stored();
    stored.sort_unstable();
    ids.retain(|id| !poison.contains(id));
    ids.sort_unstable();
    assert_eq!(stored, ids);
    // The next start tries them again: a service that has learned takes them.
    stage.stop.cancel();
    stage.service.book().poison.clear();
    let again = eventually("the uplink lets go of the spool", async || {
        let copy = copied(&stage.spool, stage.folder.path());
        Spool::open(&copy, Clock::of_this_machine()).await.ok()
    })
    .await;
    assert_eq!(again.0.waiting().await.unwrap(), 3);
}

#[tokio::test]
async fn a_revoked_bridge_keeps_its_readings_and_sends_them_when_it_may_again() {
    let stage = Stage::new().await;
    stage.service.book().door.revoked = true;
    stage.start();
    append(&stage.spool, ALICE, 91.0).await;
    append(&stage.spool, ALICE, 90.0).await;
    eventually("it was refused twice", async || {
        (stage.service.book().tries.len() >= 2).then_some(())
    })
    .await;
    assert_eq!(stage.spool.waiting().await.unwrap(), 2);
    assert!(stage.stored().is_empty());
    stage.service.book().door.revoked = false;
    stage.all_confirmed().await;
    assert_eq!(stage.stored().len(), 2);
}

#[tokio::test]
async fn a_bridge_that_is_enrolled_again_goes_on_without_a_restart() {
    let stage = Stage::new().await;
    let token = stage.folder.path().join("token");
    std::fs::write(&token, "x".repeat(64)).unwrap();
    stage.start();
    append(&stage.spool, ALICE, 91.0).await;
    eventually("it was refused", async || {
        (!stage.service.book().tries.is_empty()).then_some(())
    })
    .await;
    std::fs::write(&token, TOKEN).unwrap();
    stage.all_confirmed().await;
}

#[tokio::test]
async fn a_new_reading_does_not_wait_for_the_end_of_a_long_pause() {
    let stage = Stage::new().await;
    stage.service.book().acts.extend([Act::Status(503); 2]);
    let patience = Patience {
        first: Duration::from_secs(1000),
        longest: Duration::from_secs(1000),
        ..HASTY
    };
    start_with(
        patience,
        stage.folder.path(),
        &stage.service.url,
        &stage.spool,
        &stage.stop,
    );
    eventually("it is confirmed", async || {
        append(&stage.spool, ALICE, 84.0).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        (!stage.stored().is_empty()).then_some(())
    })
    .await;
}
