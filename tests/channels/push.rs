//! Pushes to browsers.

use std::time::Duration;

use ward_core::alert::Severity;
use ward_core::escalation::ChannelKind;
use ward_core::id::Seq;
use ward_core::message::Trouble;
use ward_core::time::{minutes, seconds};
use ward_server::{VapidKey, carriers};
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Taken};
use ward_tests::desk::EIGHT;
use ward_tests::outside::push::{Browser, PushService};
use ward_tests::outside::served::Turn;
use ward_tests::outside::{again, configured, notice, send};

const TAKEN: Result<Taken, Trouble> = Ok(Taken { reference: None });
const PHONE: Browser = Browser::number(1);
const DESK: Browser = Browser::number(2);

struct Story {
    service: PushService,
    carrier: Carrier,
    clock: Clock,
}

async fn story_with(hosts: &str) -> Story {
    let clock = Clock::moved(EIGHT);
    let folder = tempfile::tempdir().unwrap();
    let pem = VapidKey::new_pem().unwrap();
    std::fs::write(folder.path().join("push.pem"), &pem).unwrap();
    let text = format!(
        "[channels.web_push]\nkey_file = \"push.pem\"\ncontact = \"mailto:it@example.nhs.uk\"\ntimeout_seconds = 1\n{hosts}"
    );
    let channels = configured(folder.path(), &text);
    let key = channels.web_push.as_ref().unwrap().key.public();
    let carriers = carriers(&channels, &clock).unwrap();
    Story {
        service: PushService::start(&key, clock.clone()).await,
        carrier: carriers.of(ChannelKind::WebPush).unwrap().clone(),
        clock,
    }
}

async fn story() -> Story {
    story_with("hosts = [\"127.0.0.1\"]\n").await
}

impl Story {
    fn to_phone(&self) -> Notice {
        notice(PHONE.at(self.service.endpoint(1)))
    }
}

#[tokio::test]
async fn a_push_is_read_by_the_browser_that_it_is_for_and_by_no_other() {
    let story = story().await;
    let sent = story.to_phone();
    assert_eq!(
        send(&story.carrier, &sent).await,
        TAKEN,
        "{:?}",
        story.service.refusals()
    );
    let [shown] = &story.service.shown_to(1, &PHONE)[..] else {
        unreachable!("one push was sent");
    };
    assert_eq!((&shown.title, &shown.text), (&sent.title, &sent.text));
    assert_eq!((shown.id, &shown.link), (sent.id, &sent.link));
    assert_eq!(shown.severity, "red");
    let body = &story.service.waiting()[0].body;
    assert_eq!(DESK.opens(body), None);
    for at in [0, 20, 21, 60, 90, body.len() - 1] {
        let mut changed = body.clone();
        changed[at] ^= 1;
        assert_eq!(PHONE.opens(&changed), None, "byte {at}");
    }
    assert!(!story.service.served.heard_text().contains("PEN"));
}

#[tokio::test]
async fn a_red_is_urgent_and_is_kept_until_it_is_worth_nothing() {
    let story = story().await;
    for (severity, urgency) in [
        (Severity::Red, "high"),
        (Severity::Amber, "normal"),
        (Severity::Low, "low"),
    ] {
        let sent = Notice {
            severity,
            ..story.to_phone()
        };
        assert_eq!(send(&story.carrier, &sent).await, TAKEN);
        let waiting = story.service.waiting();
        assert_eq!(
            (waiting[0].urgency.as_str(), waiting[0].ttl),
            (urgency, 3600)
        );
    }
    story.clock.advance(minutes(61));
    assert_eq!(send(&story.carrier, &story.to_phone()).await, TAKEN);
    assert_eq!(story.service.waiting()[0].ttl, 0);
}

#[tokio::test]
async fn a_newer_notice_of_the_same_alert_replaces_the_one_that_waits() {
    let story = story().await;
    for (id, alert, text) in [(1, 4711, "one"), (2, 4711, "two"), (3, 4712, "other")] {
        let sent = Notice {
            id: uuid::Uuid::from_u128(id),
            alert: Some(Seq(alert)),
            text: text.to_owned(),
            ..story.to_phone()
        };
        assert_eq!(send(&story.carrier, &sent).await, TAKEN);
    }
    let shown = story.service.shown_to(1, &PHONE);
    let texts: Vec<&str> = shown.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(texts, ["two", "other"]);
    assert_ne!(shown[0].tag, shown[1].tag);
}

#[tokio::test]
async fn a_browser_that_took_its_agreement_back_is_told_apart_from_a_service_that_is_away() {
    let story = story().await;
    story.service.is_gone(1);
    assert_eq!(
        send(&story.carrier, &story.to_phone()).await,
        Err(Trouble::Gone)
    );
    let desk = notice(DESK.at(story.service.endpoint(2)));
    assert_eq!(send(&story.carrier, &desk).await, TAKEN);
    for (status, expected) in [
        (404, Trouble::Gone),
        (400, Trouble::Rejected { status: 400 }),
        (413, Trouble::Rejected { status: 413 }),
        (401, Trouble::Refused { status: 401 }),
        (403, Trouble::Refused { status: 403 }),
        (429, Trouble::Refused { status: 429 }),
        (500, Trouble::Refused { status: 500 }),
        (503, Trouble::Refused { status: 503 }),
    ] {
        story.service.next(&[Turn::Answers(status)]);
        assert_eq!(send(&story.carrier, &desk).await, Err(expected));
    }
    let elsewhere = PushService::start("", story.clock.clone()).await;
    for (turn, expected) in [
        (Turn::HangsUp, Trouble::NoAnswer),
        (Turn::Waits(seconds(5)), Trouble::NoAnswer),
        (
            Turn::SendsTo(elsewhere.served.address),
            Trouble::Refused { status: 307 },
        ),
    ] {
        story.service.next(&[turn]);
        let sending = send(&story.carrier, &desk);
        let answer = tokio::time::timeout(Duration::from_secs(4), sending).await;
        assert_eq!(answer.unwrap(), Err(expected), "{turn:?}");
    }
    assert_eq!(elsewhere.served.heard().len(), 0);
}

#[tokio::test]
async fn a_push_whose_answer_got_lost_replaces_itself() {
    let story = story().await;
    story.service.next(&[Turn::TakesAndHangsUp]);
    let sent = story.to_phone();
    assert_eq!(send(&story.carrier, &sent).await, Err(Trouble::NoAnswer));
    assert_eq!(send(&story.carrier, &again(&sent)).await, TAKEN);
    assert_eq!(story.service.shown_to(1, &PHONE).len(), 1);
}

#[tokio::test]
async fn a_token_is_for_its_service_its_key_and_its_day() {
    let story = story().await;
    story.service.agrees_to(
        &VapidKey::read(&VapidKey::new_pem().unwrap())
            .unwrap()
            .public(),
    );
    let other_key = send(&story.carrier, &story.to_phone()).await;
    assert_eq!(other_key, Err(Trouble::Refused { status: 403 }));
    assert_eq!(story.service.refusals(), ["another key than was agreed to"]);
    // The service's strictness itself: a request that was good is replayed a day later, and with a byte changed.
    let second = self::story().await;
    assert_eq!(send(&second.carrier, &second.to_phone()).await, TAKEN);
    let good = second.service.served.heard()[0].clone();
    second.clock.advance(minutes(24 * 60));
    let client = ward_tests::http::client();
    for (change, why) in [(false, "exp"), (true, "the signature is not of this key")] {
        let mut authorization = good.header("authorization").to_owned();
        if change {
            let at = authorization.find(", k=").unwrap() - 40;
            let other = if &authorization[at..=at] == "A" {
                "B"
            } else {
                "A"
            };
            authorization.replace_range(at..=at, other);
        }
        let mut request = client
            .post(second.service.endpoint(1))
            .header("authorization", authorization)
            .body(good.body.clone());
        for name in ["ttl", "urgency", "topic", "content-encoding"] {
            request = request.header(name, good.header(name));
        }
        assert_eq!(request.send().await.unwrap().status(), 403);
        assert_eq!(second.service.refusals().last(), Some(&why));
    }
}

#[tokio::test]
async fn where_a_browser_says_that_it_is_reached_is_believed_only_within_the_list() {
    // The list that holds when nothing is said: nobody on this machine is asked anything.
    let story = story_with("").await;
    let port = story.service.served.address.port();
    for endpoint in [
        story.service.endpoint(1),
        format!("http://localhost:{port}/push/1"),
        format!("https://127.0.0.1:{port}/push/1"),
        format!("http://fcm.googleapis.com@127.0.0.1:{port}/push/1"),
        format!("http://127.0.0.1:{port}/fcm.googleapis.com"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "https://push.services.mozilla.com.example.org/".to_owned(),
        "nonsense".to_owned(),
    ] {
        let sent = send(&story.carrier, &notice(PHONE.at(endpoint.clone()))).await;
        assert_eq!(sent, Err(Trouble::BadAddress), "{endpoint}");
    }
    assert_eq!(story.service.served.heard().len(), 0);
}

#[tokio::test]
async fn keys_that_are_no_browsers_are_no_address() {
    let story = story().await;
    let Address::Push { p256dh, auth, .. } = PHONE.at(String::new()) else {
        unreachable!("a browser is reached by a push");
    };
    for (p256dh, auth) in [("", auth.as_str()), (p256dh.as_str(), ""), ("BAAA", "AAAA")] {
        let to = Address::Push {
            endpoint: story.service.endpoint(1),
            p256dh: p256dh.to_owned(),
            auth: auth.to_owned(),
        };
        assert_eq!(
            send(&story.carrier, &notice(to)).await,
            Err(Trouble::BadAddress)
        );
    }
    assert_eq!(story.service.served.heard().len(), 0);
}
