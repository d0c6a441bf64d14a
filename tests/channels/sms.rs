//! Text messages by GOV.UK Notify.

use std::time::Duration;

use ward_core::escalation::ChannelKind;
use ward_core::message::Trouble;
use ward_core::time::{minutes, seconds};
use ward_server::carriers;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Receipt};
use ward_tests::desk::EIGHT;
use ward_tests::outside::notify::{Notify, TEMPLATE};
use ward_tests::outside::served::Turn;
use ward_tests::outside::{again, configured, notice, send};

struct Story {
    notify: Notify,
    carrier: Carrier,
    clock: Clock,
}

async fn story_of(template: &str, notifys_clock: Option<Clock>) -> Story {
    let clock = Clock::moved(EIGHT);
    let notify = Notify::start(notifys_clock.unwrap_or_else(|| clock.clone())).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), Notify::api_key()).unwrap();
    let text = format!(
        "[channels.sms]\nurl = \"{}\"\napi_key_file = \"key\"\ntemplate_id = \"{template}\"\ntimeout_seconds = 1\n",
        notify.url()
    );
    let channels = configured(folder.path(), &text);
    let carriers = carriers(&channels, &clock).unwrap();
    Story {
        notify,
        carrier: carriers.of(ChannelKind::Sms).unwrap().clone(),
        clock,
    }
}

async fn story() -> Story {
    story_of(TEMPLATE, None).await
}

fn to(number: &str) -> Notice {
    notice(Address::Phone {
        number: number.to_owned(),
    })
}

impl Story {
    async fn receipt(&self, reference: &str) -> Result<Receipt, Trouble> {
        let ask = self.carrier.ask.as_ref().unwrap();
        ask(reference.to_owned()).await
    }
}

#[tokio::test]
async fn a_text_is_taken_and_what_became_of_it_can_be_asked() {
    let story = story().await;
    let sent = to("07700 900 123");
    let reference = send(&story.carrier, &sent)
        .await
        .unwrap()
        .reference
        .unwrap();
    let [text] = &story.notify.texts()[..] else {
        unreachable!("one text was sent");
    };
    assert_eq!(text.reference, sent.id.to_string());
    assert_eq!(
        (&text.phone_number, &text.body),
        (&"07700 900 123".to_owned(), &sent.text)
    );
    assert_eq!(text.id.to_string(), reference);
    // The first attempt asks nothing beforehand.
    assert_eq!(story.notify.served.heard().len(), 1);
    for (status, receipt) in [
        ("created", Receipt::OnItsWay),
        ("sending", Receipt::OnItsWay),
        ("pending", Receipt::OnItsWay),
        ("delivered", Receipt::Delivered),
        ("permanent-failure", Receipt::NotDelivered),
        ("temporary-failure", Receipt::NotDelivered),
        ("technical-failure", Receipt::NotDelivered),
    ] {
        story.notify.all_are(status);
        // A token is good for half a minute: each request has its own.
        story.clock.advance(minutes(5));
        assert_eq!(story.receipt(&reference).await, Ok(receipt), "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_got_lost_does_not_make_two_texts() {
    for turn in [
        Turn::TakesAndHangsUp,
        Turn::Waits(seconds(5)),
        Turn::NeverEnds,
    ] {
        let story = story().await;
        story.notify.next(&[turn]);
        let sent = to("07700 900 123");
        let lost = send(&story.carrier, &sent).await;
        assert!(lost.is_err(), "{turn:?} {lost:?}");
        let found = send(&story.carrier, &again(&sent)).await.unwrap();
        let texts = story.notify.texts();
        assert_eq!(texts.len(), 1, "{turn:?}: a telephone rang twice");
        let id = texts[0].id.to_string();
        assert_eq!(found.reference.as_deref(), Some(id.as_str()));
        assert_eq!(story.receipt(&id).await, Ok(Receipt::OnItsWay));
    }
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_under_the_same_reference() {
    for turn in [Turn::HangsUp, Turn::Answers(500), Turn::Answers(429)] {
        let story = story().await;
        story.notify.next(&[turn]);
        let sent = to("07700 900 123");
        let trouble = send(&story.carrier, &sent).await.unwrap_err();
        assert!(trouble.may_pass(), "{turn:?} {trouble:?}");
        assert!(send(&story.carrier, &again(&sent)).await.is_ok());
        let texts = story.notify.texts();
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0].reference, sent.id.to_string());
    }
}

#[tokio::test]
async fn anothers_text_is_not_taken_for_this_one() {
    let story = story().await;
    send(&story.carrier, &to("07700 900 001")).await.unwrap();
    let mut other = again(&to("07700 900 002"));
    other.id = uuid::Uuid::from_u128(99);
    send(&story.carrier, &other).await.unwrap();
    assert_eq!(story.notify.texts().len(), 2);
}

#[tokio::test]
async fn while_it_cannot_be_asked_nothing_is_sent_until_two_texts_are_better_than_none() {
    let story = story().await;
    let mut sent = to("07700 900 123");
    story.notify.next(&[Turn::TakesAndHangsUp]);
    assert!(send(&story.carrier, &sent).await.is_err());
    for attempt in [2, 3] {
        sent = again(&sent);
        assert_eq!(sent.attempt, attempt);
        story.notify.next(&[Turn::Answers(503)]);
        let waited = send(&story.carrier, &sent).await;
        assert_eq!(waited, Err(Trouble::Refused { status: 503 }));
        assert_eq!(story.notify.texts().len(), 1);
    }
    sent = again(&sent);
    story.notify.next(&[Turn::Answers(503)]);
    assert!(send(&story.carrier, &sent).await.is_ok());
    assert_eq!(story.notify.texts().len(), 2);
}

#[tokio::test]
async fn what_is_refused_for_good_is_told_apart_from_what_may_pass() {
    let story = story().await;
    for (status, for_good) in [
        (400, true),
        (401, false),
        (403, false),
        (429, false),
        (500, false),
        (502, false),
        (503, false),
    ] {
        story.notify.next(&[Turn::Answers(status)]);
        let trouble = send(&story.carrier, &to("07700 900 123"))
            .await
            .unwrap_err();
        let expected = if for_good {
            Trouble::Rejected { status }
        } else {
            Trouble::Refused { status }
        };
        assert_eq!(trouble, expected);
    }
    // In Notify's own words.
    let abroad = send(&story.carrier, &to("+1 202 555 0123")).await;
    assert_eq!(abroad, Err(Trouble::Rejected { status: 400 }));
    let unknown = story_of("00000000-0000-4000-8000-000000000000", None).await;
    let sent = send(&unknown.carrier, &to("07700 900 123")).await;
    assert_eq!(sent, Err(Trouble::Rejected { status: 400 }));
    let fast = Clock::moved(EIGHT.plus(seconds(31)));
    let early = story_of(TEMPLATE, Some(fast)).await;
    let sent = send(&early.carrier, &to("07700 900 123")).await;
    assert_eq!(sent, Err(Trouble::Refused { status: 403 }));
}

#[tokio::test]
async fn a_number_that_is_none_and_a_receipt_that_is_none_ask_nothing() {
    let story = story().await;
    for number in ["", "999", "the ward", "07700 900 123; 07700 900 124"] {
        let sent = send(&story.carrier, &to(number)).await;
        assert_eq!(sent, Err(Trouble::BadAddress), "{number}");
    }
    for reference in ["", "../../v2/templates", "x?y=z"] {
        assert_eq!(story.receipt(reference).await, Err(Trouble::BadAddress));
    }
    assert_eq!(story.notify.served.heard().len(), 0);
    let unknown = story.receipt("00000000-0000-4000-8000-000000000000").await;
    assert_eq!(unknown, Err(Trouble::Rejected { status: 404 }));
}

#[tokio::test]
async fn a_service_that_is_slow_twice_is_waited_for_once_in_all() {
    let story = story().await;
    story.notify.next(&[
        Turn::Waits(Duration::from_millis(700)),
        Turn::Waits(Duration::from_millis(700)),
    ]);
    let began = std::time::Instant::now();
    let sent = send(&story.carrier, &again(&to("07700 900 123"))).await;
    assert_eq!(sent, Err(Trouble::NoAnswer));
    assert!(began.elapsed() < Duration::from_millis(1300));
}
