//! Notices pushed to a browser that has agreed to it (RFC 8030), encrypted for it alone (RFC 8291), in the name of this
//! service (RFC 8292).

mod allowed;
mod seal;
mod vapid;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, header};
use ring::digest;
use ring::rand::SystemRandom;
use ward_core::alert::Severity;
use ward_core::message::Trouble;
use ward_core::time::Timestamp;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Taken};
use ward_wire::notice::PushedNotice;

pub use allowed::is_host_pattern;
pub use vapid::VapidKey;

use super::http;
use crate::webhook::TIMEOUT_AT_MOST;
use seal::Browser;

/// In whose name pushes go out, and by whose services.
#[derive(Clone, Debug)]
pub struct Push {
    /// Signs for this service. A browser's agreement holds for this key alone.
    pub key: VapidKey,
    /// Whom a push service may ask about them: `mailto:…` or `https://…`.
    pub contact: String,
    /// Hosts of push services: a name, or `*.` and a name.
    pub hosts: Vec<String>,
    /// An answer is waited for so long.
    pub timeout: Duration,
}

/// A push service keeps a notice so long at most.
const KEPT_AT_MOST: Duration = Duration::from_secs(28 * 24 * 3600);

/// Characters of the title and of the text at most: a push has room for 3993 bytes, and a screen for less.
const TITLE_AT_MOST: usize = 100;
const TEXT_AT_MOST: usize = 500;

/// Bytes of the link at most.
const LINK_AT_MOST: usize = 1000;

/// The two ways: by https to the push services, and in the clear to one on this machine.
struct Ways {
    far: Client,
    near: Client,
}

pub(super) fn carrier(push: &Push, clock: &Clock) -> anyhow::Result<Carrier> {
    let timeout = push.timeout.min(TIMEOUT_AT_MOST);
    let ways = Arc::new(Ways {
        far: http::client(false, timeout)?,
        near: http::client(true, timeout)?,
    });
    let (push, clock) = (Arc::new(push.clone()), clock.clone());
    let send = move |notice: Notice| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let (push, ways, now) = (Arc::clone(&push), Arc::clone(&ways), clock.now());
        Box::pin(async move { post(&push, &ways, &notice, now).await })
    };
    Ok(Carrier {
        send: Arc::new(send),
        // Push services tell when they have taken it, and no more.
        ask: None,
    })
}

async fn post(push: &Push, ways: &Ways, notice: &Notice, now: Timestamp) -> Result<Taken, Trouble> {
    let Address::Push {
        endpoint,
        p256dh,
        auth,
    } = &notice.to
    else {
        return Err(Trouble::BadAddress);
    };
    let endpoint = allowed::endpoint(endpoint, &push.hosts).ok_or(Trouble::BadAddress)?;
    let browser = Browser::read(p256dh, auth).ok_or(Trouble::BadAddress)?;
    let topic = topic(notice);
    let plain = serde_json::to_vec(&pushed(notice, &topic)).map_err(|_| Trouble::BadAddress)?;
    let sealed = seal::seal(&browser, &plain, &SystemRandom::new()).ok_or(Trouble::BadAddress)?;
    let authorization = push
        .key
        .authorization(&endpoint, &push.contact, http::unix_seconds(now))
        .ok_or(Trouble::NoAnswer)?;
    let way = if endpoint.scheme() == "http" {
        &ways.near
    } else {
        &ways.far
    };
    let asking = way
        .post(endpoint)
        .header(header::AUTHORIZATION, authorization)
        .header(header::CONTENT_ENCODING, "aes128gcm")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("ttl", ttl_seconds(notice, now))
        .header("urgency", urgency(notice.severity))
        .header("topic", topic)
        .body(sealed);
    let answer = http::ask(asking).await?;
    match answer.status().as_u16() {
        200..=299 => Ok(Taken { reference: None }),
        404 | 410 => Err(Trouble::Gone),
        status @ (400 | 413) => Err(Trouble::Rejected { status }),
        status => Err(Trouble::Refused { status }),
    }
}

/// Notices of one alert have the same: a newer one replaces what the push service still keeps. It tells nothing.
fn topic(notice: &Notice) -> String {
    let about = match notice.alert {
        Some(alert) => format!("{} {alert}", notice.ward_code),
        None => notice.id.to_string(),
    };
    let hash = digest::digest(&digest::SHA256, about.as_bytes());
    // 32 characters at most (RFC 8030, section 5.4).
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..24).unwrap_or_default())
}

/// Whole seconds that it is still worth something.
fn ttl_seconds(notice: &Notice, now: Timestamp) -> u64 {
    let left = notice.expires_at.millis_since(now).max(0).unsigned_abs() / 1000;
    left.min(KEPT_AT_MOST.as_secs())
}

/// RFC 8030, section 5.3: what is not high waits while a phone saves its battery.
const fn urgency(severity: Severity) -> &'static str {
    match severity {
        Severity::Red => "high",
        Severity::Amber => "normal",
        Severity::Low => "low",
    }
}

fn pushed(notice: &Notice, tag: &str) -> PushedNotice {
    PushedNotice {
        id: notice.id,
        tag: tag.to_owned(),
        severity: notice.severity.name().to_owned(),
        title: notice.title.chars().take(TITLE_AT_MOST).collect(),
        text: notice.text.chars().take(TEXT_AT_MOST).collect(),
        link: notice
            .link
            .clone()
            .filter(|link| link.len() <= LINK_AT_MOST),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use ward_core::id::Seq;

    use super::*;

    fn notice(alert: i64) -> Notice {
        Notice {
            id: Uuid::from_u128(7),
            attempt: 1,
            to: Address::Webhook,
            ward_code: "PEN".to_owned(),
            alert: Some(Seq(alert)),
            severity: Severity::Red,
            level: 1,
            title: "\u{1}".repeat(10_000),
            text: "😀".repeat(10_000),
            link: Some("https://ward.example.nhs.uk/".to_owned()),
            expires_at: Timestamp::from_millis(10_000),
        }
    }

    #[test]
    fn notices_of_one_alert_have_one_topic_of_32_characters() {
        assert_eq!(topic(&notice(1)), topic(&notice(1)));
        assert_ne!(topic(&notice(1)), topic(&notice(2)));
        assert_eq!(topic(&notice(1)).len(), 32);
        assert!(!topic(&notice(1)).contains("PEN"));
    }

    #[test]
    fn it_is_kept_as_long_as_it_is_worth_something() {
        for (now, ttl) in [(0, 10), (9_001, 0), (10_000, 0), (99_000, 0)] {
            assert_eq!(ttl_seconds(&notice(1), Timestamp::from_millis(now)), ttl);
        }
        let long_ago = Timestamp::from_millis(-1_000_000_000_000);
        assert_eq!(ttl_seconds(&notice(1), long_ago), 2_419_200);
    }

    #[test]
    fn the_longest_notice_has_room_in_a_push() {
        let mut longest = notice(1);
        longest.link = Some("x".repeat(LINK_AT_MOST));
        let plain = serde_json::to_vec(&pushed(&longest, &topic(&longest))).unwrap();
        assert!(plain.len() <= seal::PLAIN_AT_MOST, "{}", plain.len());
    }
}
