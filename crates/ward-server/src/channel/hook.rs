//! Notices as a signed webhook, by the scheme of Standard Webhooks: see [`ward_wire::notice`].

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Url, header};
use ring::hmac;
use ward_core::message::Trouble;
use ward_core::time::Timestamp;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Taken};
use ward_wire::notice::{
    ALERT_NOTICE, NoticeData, NoticeHook, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP,
};

use super::http;
use crate::webhook::TIMEOUT_AT_MOST;

/// Where notices go.
#[derive(Clone, Debug)]
pub struct Hook {
    /// By https, or by http on this machine.
    pub url: Url,
    /// One signature each: two while the secret is being changed.
    pub signers: Vec<Signer>,
    /// An answer is waited for so long.
    pub timeout: Duration,
}

/// Signs with one secret.
#[derive(Clone)]
pub struct Signer(hmac::Key);

/// Bytes that a secret has, by the scheme.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

impl Signer {
    /// From a secret as the scheme writes it: `whsec_` and the base64 of 24 to 64 random bytes.
    #[must_use]
    pub fn read(secret: &str) -> Option<Self> {
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
        SECRET_BYTES
            .contains(&bytes.len())
            .then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// What goes into the header for this secret.
    fn sign(&self, id: &str, unix_seconds: i64, body: &[u8]) -> String {
        let mut signing = hmac::Context::with_key(&self.0);
        signing.update(format!("{id}.{unix_seconds}.").as_bytes());
        signing.update(body);
        format!("v1,{}", STANDARD.encode(signing.sign()))
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

pub(super) fn carrier(hook: &Hook, clock: &Clock) -> anyhow::Result<Carrier> {
    let timeout = hook.timeout.min(TIMEOUT_AT_MOST);
    let client = http::client(hook.url.scheme() == "http", timeout)?;
    let (hook, clock) = (hook.clone(), clock.clone());
    let send = move |notice: Notice| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let (client, hook, now) = (client.clone(), hook.clone(), clock.now());
        Box::pin(async move { post(&client, &hook, notice, now).await })
    };
    Ok(Carrier {
        send: Arc::new(send),
        // The scheme has no way back.
        ask: None,
    })
}

async fn post(
    client: &Client,
    hook: &Hook,
    notice: Notice,
    now: Timestamp,
) -> Result<Taken, Trouble> {
    match notice.to {
        Address::Webhook => {}
        Address::Email { .. } | Address::Phone { .. } | Address::Push { .. } => {
            return Err(Trouble::BadAddress);
        }
    }
    let id = notice.id.to_string();
    let sent_at = http::unix_seconds(now);
    let body = serde_json::to_vec(&outgoing(notice, now)).map_err(|_| Trouble::BadAddress)?;
    let signatures: Vec<String> = hook
        .signers
        .iter()
        .map(|signer| signer.sign(&id, sent_at, &body))
        .collect();
    let asking = client
        .post(hook.url.clone())
        .header(header::CONTENT_TYPE, "application/json")
        .header(WEBHOOK_ID, id)
        .header(WEBHOOK_TIMESTAMP, sent_at)
        .header(WEBHOOK_SIGNATURE, signatures.join(" "))
        .body(body);
    let answer = http::ask(asking).await?;
    let status = answer.status().as_u16();
    match status {
        200..=299 => Ok(Taken { reference: None }),
        400 | 410 | 413 | 422 => Err(Trouble::Rejected { status }),
        _ => Err(Trouble::Refused { status }),
    }
}

fn outgoing(notice: Notice, now: Timestamp) -> NoticeHook {
    let time = |at: Timestamp| {
        jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX)
    };
    NoticeHook {
        kind: ALERT_NOTICE.to_owned(),
        timestamp: time(now),
        data: NoticeData {
            id: notice.id,
            attempt: notice.attempt,
            ward: notice.ward_code,
            alert: notice.alert.map(|alert| alert.0),
            severity: notice.severity.name().to_owned(),
            level: notice.level,
            title: notice.title,
            text: notice.text,
            link: notice.link,
            expires_at: time(notice.expires_at),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the scheme's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_schemes_own_example_has_its_signature() {
        let signed = Signer::read(SECRET).unwrap().sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_short_or_not_as_the_scheme_writes_it_is_none() {
        for secret in [
            "",
            "hunter2",
            "whsec_",
            "whsec_aHVudGVyMg==",
            "whsec_%%%%",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert!(Signer::read(secret).is_none(), "{secret}");
        }
        let signer = Signer::read(SECRET).unwrap();
        assert_eq!(format!("{signer:?}"), "Signer(…)");
    }
}
