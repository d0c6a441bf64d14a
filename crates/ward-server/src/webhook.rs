//! Messages go to a webhook: a gateway for text messages, or whatever the organisation has.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::{Client, Url, header, redirect};
use ward_core::message::{LEASE, Trouble};
use ward_service::{Letter, Outlet, Secret};
use ward_wire::message::{IDEMPOTENCY_KEY, OutgoingMessage};

/// Where messages go.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// By https, or by http on this machine.
    pub url: Url,
    /// Goes along as `Authorization: Bearer`.
    pub secret: Option<Secret>,
    /// An answer is waited for so long.
    pub timeout: Duration,
}

/// What the timeout may be set to: well within the lease, so that a second node never sends while this one waits.
pub const TIMEOUT_AT_MOST: Duration = Duration::from_secs(LEASE.as_secs() / 3);

/// An outlet that posts each message.
///
/// # Errors
/// When TLS cannot start.
pub fn outlet(webhook: &Webhook) -> anyhow::Result<Outlet> {
    // Fails only when a provider is installed already, and there is only this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("wardlight/", env!("CARGO_PKG_VERSION")))
        // A redirect would carry a phone number and the secret elsewhere.
        .redirect(redirect::Policy::none())
        .timeout(webhook.timeout.min(TIMEOUT_AT_MOST));
    if webhook.url.scheme() == "http" {
        builder = builder.no_proxy().tls_certs_only([]);
    }
    let http = builder
        .build()
        .context("cannot prepare TLS for messages: is the package ca-certificates installed?")?;
    let webhook = webhook.clone();
    Ok(Arc::new(move |letter| {
        let (http, webhook) = (http.clone(), webhook.clone());
        Box::pin(async move { post(&http, &webhook, letter).await })
    }))
}

async fn post(http: &Client, webhook: &Webhook, letter: Letter) -> Result<(), Trouble> {
    let id = letter.id.to_string();
    let mut asking = http
        .post(webhook.url.clone())
        .header(IDEMPOTENCY_KEY, id)
        .json(&outgoing(letter));
    if let Some(secret) = &webhook.secret {
        let mut value = header::HeaderValue::from_str(&format!("Bearer {}", secret.reveal()))
            .map_err(|_| Trouble::NoAnswer)?;
        value.set_sensitive(true);
        asking = asking.header(header::AUTHORIZATION, value);
    }
    // The error's text may hold the address with what stands in it.
    let answer = asking.send().await.map_err(|_| Trouble::NoAnswer)?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(Trouble::Refused {
            status: answer.status().as_u16(),
        })
    }
}

fn outgoing(letter: Letter) -> OutgoingMessage {
    let expires_at = jiff::Timestamp::from_millisecond(letter.expires_at.as_millis());
    OutgoingMessage {
        id: letter.id.0,
        attempt: letter.attempt,
        stay: letter.stay.0,
        recipient: letter.recipient.to_owned(),
        phone: letter.phone,
        kind: letter.kind.to_owned(),
        language: letter.language,
        text: letter.text,
        expires_at: expires_at.unwrap_or(jiff::Timestamp::MAX),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use uuid::Uuid;
    use ward_core::id::{MessageId, StayId};
    use ward_core::time::Timestamp;

    use super::*;

    fn letter() -> Letter {
        Letter {
            id: MessageId(Uuid::from_u128(7)),
            attempt: 2,
            stay: StayId(Uuid::from_u128(1)),
            recipient: "patient",
            phone: "07700 900 000".to_owned(),
            kind: "recheck",
            language: "en".to_owned(),
            text: "Measure again".to_owned(),
            expires_at: Timestamp::from_millis(1_795_248_000_000),
        }
    }

    fn to(address: &str, timeout: Duration) -> Outlet {
        let webhook = Webhook {
            url: Url::parse(&format!("http://{address}/send")).unwrap(),
            secret: Some(Secret::received("hunter2")),
            timeout,
        };
        outlet(&webhook).unwrap()
    }

    /// Answers one request so, and hands back what was asked.
    async fn answering(status: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let served = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            // A JSON object ends the request.
            while !asked.ends_with(b"}") {
                let mut some = [0; 4096];
                let read = socket.read(&mut some).await.unwrap();
                asked.extend(&some[..read]);
            }
            let answer = format!("HTTP/1.1 {status}\r\nlocation: /\r\ncontent-length: 0\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap()
        });
        (address, served)
    }

    #[tokio::test]
    async fn a_message_is_posted_with_its_id_and_the_secret() {
        let (address, served) = answering("202 Accepted").await;
        let sent = to(&address, Duration::from_secs(5))(letter()).await;
        assert_eq!(sent, Ok(()));
        let asked = served.await.unwrap();
        let (head, body) = asked.split_once("\r\n\r\n").unwrap();
        let head = head.to_lowercase();
        assert!(head.starts_with("post /send "), "{head}");
        let key = format!("idempotency-key: {}", Uuid::from_u128(7));
        assert!(head.contains(&key), "{head}");
        assert!(head.contains("authorization: bearer hunter2"), "{head}");
        let message: OutgoingMessage = serde_json::from_str(body).unwrap();
        assert_eq!(
            (message.attempt, message.phone.as_str()),
            (2, "07700 900 000")
        );
    }

    #[tokio::test]
    async fn what_is_not_taken_over_is_a_failure_and_a_redirect_is_not_followed() {
        for (status, code) in [("500 Oh", 500), ("429 Slow", 429), ("302 Found", 302)] {
            let (address, _served) = answering(status).await;
            let sent = to(&address, Duration::from_secs(5))(letter()).await;
            assert_eq!(sent, Err(Trouble::Refused { status: code }), "{status}");
        }
    }

    #[tokio::test]
    async fn who_does_not_answer_in_time_or_is_not_there_is_no_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let silent = to(&address, Duration::from_millis(200));
        assert_eq!(silent(letter()).await, Err(Trouble::NoAnswer));
        drop(listener);
        let gone = to(&address, Duration::from_secs(5));
        assert_eq!(gone(letter()).await, Err(Trouble::NoAnswer));
    }
}
