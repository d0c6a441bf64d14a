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
