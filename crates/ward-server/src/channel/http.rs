//! What the channels that speak HTTP have in common.

use std::time::Duration;

use anyhow::Context;
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use ward_core::message::Trouble;
use ward_core::time::Timestamp;

/// Bytes of an answer that are read at most.
const ANSWER_BYTES: usize = 64 * 1024;

/// Whether an address is this machine's own.
pub fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// A client for https, or for plain http on this machine.
///
/// # Errors
/// When TLS cannot start.
pub fn client(plain: bool, timeout: Duration) -> anyhow::Result<Client> {
    // Fails only when a provider is installed already, and there is only this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("wardlight/", env!("CARGO_PKG_VERSION")))
        // A redirect would carry an address and what signs the request elsewhere.
        .redirect(redirect::Policy::none())
        .timeout(timeout);
    if plain {
        builder = builder.no_proxy().tls_certs_only([]);
    }
    builder
        .build()
        .context("cannot prepare TLS for notices: is the package ca-certificates installed?")
}

/// Asks. The error's text may hold the address with what stands in it, so it is not kept.
///
/// # Errors
/// [`Trouble::NoAnswer`].
pub async fn ask(request: RequestBuilder) -> Result<Response, Trouble> {
    request.send().await.map_err(|_| Trouble::NoAnswer)
}

/// The answer's body.
///
/// # Errors
/// [`Trouble::NoAnswer`] when it does not come, or there is too much of it.
pub async fn body(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut all = Vec::new();
    while let Some(some) = answer.chunk().await.map_err(|_| Trouble::NoAnswer)? {
        if all.len().saturating_add(some.len()) > ANSWER_BYTES {
            return Err(Trouble::NoAnswer);
        }
        all.extend_from_slice(&some);
    }
    Ok(all)
}

/// Whole seconds since 1970.
pub const fn unix_seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses_alone() {
        for (url, near) in [
            ("http://127.0.0.1:80/", true),
            ("http://127.8.8.8/", true),
            ("http://[::1]:80/", true),
            ("http://localhost/", true),
            ("http://127.0.0.1.example.org/", false),
            ("http://localhost.example.org/", false),
            ("http://10.0.0.1/", false),
            ("http://[::ffff:10.0.0.1]/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), near, "{url}");
        }
    }

    #[test]
    fn a_second_counts_once_it_is_over() {
        assert_eq!(unix_seconds(Timestamp::from_millis(1_999)), 1);
        assert_eq!(unix_seconds(Timestamp::from_millis(-1)), -1);
    }
}
