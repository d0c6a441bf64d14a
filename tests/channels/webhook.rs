//! The signed webhook.

use std::time::Duration;

use ward_core::escalation::ChannelKind;
use ward_core::message::Trouble;
use ward_core::time::{minutes, seconds};
use ward_server::carriers;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Taken};
use ward_tests::desk::EIGHT;
use ward_tests::outside::hook::{Doubt, HookReceiver, NEXT_SECRET, SECRET, check};
use ward_tests::outside::served::Turn;
use ward_tests::outside::{again, configured, notice, send};

const TAKEN: Result<Taken, Trouble> = Ok(Taken { reference: None });

struct Story {
    receiver: HookReceiver,
    carrier: Carrier,
    clock: Clock,
}

/// Signed with the first of these secrets and, where there is one, the second.
async fn story(secrets: &[&str], known: &'static str) -> Story {
    let clock = Clock::moved(EIGHT);
    let receiver = HookReceiver::knowing(known, clock.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!(
        "[channels.webhook]\nurl = \"{}\"\nsecret_file = \"0\"\ntimeout_seconds = 1\n",
        receiver.url()
    );
    for (place, secret) in secrets.iter().enumerate() {
        std::fs::write(folder.path().join(place.to_string()), secret).unwrap();
    }
    if secrets.len() > 1 {
        text += "old_secret_file = \"1\"\n";
    }
    let channels = configured(folder.path(), &text);
    let carriers = carriers(&channels, &clock).unwrap();
    let carrier = carriers.of(ChannelKind::Webhook).unwrap().clone();
    Story {
        receiver,
        carrier,
        clock,
    }
}

#[tokio::test]
async fn a_notice_arrives_signed_and_says_all_that_a_pager_needs() {
    let story = story(&[SECRET], SECRET).await;
    let sent = notice(Address::Webhook);
    assert_eq!(send(&story.carrier, &sent).await, TAKEN);
    let [taken] = &story.receiver.taken()[..] else {
        unreachable!("one notice was sent");
    };
    assert_eq!(taken.kind, "alert.notice");
    assert_eq!(taken.timestamp.as_millisecond(), EIGHT.as_millis());
    let data = &taken.data;
    assert_eq!((data.id, data.attempt, data.level), (sent.id, 1, 2));
    assert_eq!((data.ward.as_str(), data.alert), ("PEN", Some(4711)));
    assert_eq!(data.severity, "red");
    assert_eq!((&data.title, &data.text), (&sent.title, &sent.text));
    assert_eq!(data.link, sent.link);
    assert_eq!(
        data.expires_at.as_millisecond(),
        EIGHT.plus(minutes(60)).as_millis()
    );
    assert!(story.carrier.ask.is_none());
}

#[tokio::test]
async fn while_the_secret_is_changed_those_with_the_old_one_and_the_new_one_both_believe() {
    for known in [SECRET, NEXT_SECRET] {
        let story = story(&[NEXT_SECRET, SECRET], known).await;
        assert_eq!(send(&story.carrier, &notice(Address::Webhook)).await, TAKEN);
        assert_eq!(story.receiver.doubts(), []);
    }
    let story = story(&[NEXT_SECRET], SECRET).await;
    let refused = send(&story.carrier, &notice(Address::Webhook)).await;
    // Mended while the notice is still of use, perhaps: it is tried again.
    assert_eq!(refused, Err(Trouble::Refused { status: 401 }));
    assert_eq!(story.receiver.doubts(), [Doubt::Signature]);
}

#[tokio::test]
async fn a_receiver_sees_through_a_changed_body_another_id_and_an_old_time() {
    let story = story(&[SECRET], SECRET).await;
    send(&story.carrier, &notice(Address::Webhook))
        .await
        .unwrap();
    let good = story.receiver.served.heard()[0].clone();
    let now = EIGHT.as_millis() / 1000;
    assert_eq!(check(&good, SECRET, now), Ok(()));
    let mut changed = good.clone();
    *changed.body.last_mut().unwrap() = b' ';
    assert_eq!(check(&changed, SECRET, now), Err(Doubt::Signature));
    for name in ["webhook-id", "webhook-timestamp"] {
        let mut changed = good.clone();
        for (known, value) in &mut changed.headers {
            if known == name {
                value.replace_range(value.len() - 1.., "1");
            }
        }
        assert_ne!(changed.header(name), good.header(name));
        assert_eq!(
            check(&changed, SECRET, now),
            Err(Doubt::Signature),
            "{name}"
        );
    }
    assert_eq!(check(&good, SECRET, now + 301), Err(Doubt::Time));
    assert_eq!(check(&good, SECRET, now - 301), Err(Doubt::Time));
    assert_eq!(check(&good, NEXT_SECRET, now), Err(Doubt::Signature));
}

#[tokio::test]
async fn an_answer_that_got_lost_is_followed_by_the_same_id_with_a_new_time_and_counts_once() {
    let story = story(&[SECRET], SECRET).await;
    story.receiver.next(&[Turn::TakesAndHangsUp]);
    let sent = notice(Address::Webhook);
    assert_eq!(send(&story.carrier, &sent).await, Err(Trouble::NoAnswer));
    story.clock.advance(minutes(10));
    assert_eq!(send(&story.carrier, &again(&sent)).await, TAKEN);
    assert_eq!(story.receiver.taken().len(), 1);
    let heard = story.receiver.served.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_ne!(
        heard[0].header("webhook-timestamp"),
        heard[1].header("webhook-timestamp")
    );
    assert_eq!(story.receiver.doubts(), []);
}

#[tokio::test]
async fn what_is_refused_for_good_is_told_apart_from_what_may_pass() {
    let story = story(&[SECRET], SECRET).await;
    for (status, for_good) in [
        (400, true),
        (410, true),
        (413, true),
        (422, true),
        (401, false),
        (404, false),
        (429, false),
        (500, false),
        (503, false),
    ] {
        story.receiver.next(&[Turn::Answers(status)]);
        let trouble = send(&story.carrier, &notice(Address::Webhook))
            .await
            .unwrap_err();
        let expected = if for_good {
            Trouble::Rejected { status }
        } else {
            Trouble::Refused { status }
        };
        assert_eq!(trouble, expected);
        assert_eq!(trouble.may_pass(), !for_good);
    }
}

#[tokio::test]
async fn a_receiver_that_is_slow_silent_or_sends_elsewhere_is_waited_for_no_longer_than_said() {
    let story = story(&[SECRET], SECRET).await;
    let elsewhere = HookReceiver::knowing(SECRET, story.clock.clone()).await;
    for (turn, expected) in [
        (Turn::Waits(seconds(5)), Trouble::NoAnswer),
        (Turn::HangsUp, Trouble::NoAnswer),
        (
            Turn::SendsTo(elsewhere.served.address),
            Trouble::Refused { status: 307 },
        ),
    ] {
        story.receiver.next(&[turn]);
        let sent = notice(Address::Webhook);
        let sending = send(&story.carrier, &sent);
        let answer = tokio::time::timeout(Duration::from_secs(4), sending).await;
        assert_eq!(answer.unwrap(), Err(expected), "{turn:?}");
    }
    assert_eq!(elsewhere.served.heard().len(), 0);
}
