//! What can be set about the HTTP face.

use std::net::IpAddr;
use std::time::Duration;

/// Limits and names.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Browsers reach the service over TLS, its own or a proxy's: cookies are `Secure`, and origins begin with `https`.
    pub secure: bool,
    /// Origins that pages may come from, `https://ward.example.nhs.uk`. Empty: the one that the request's `Host` names.
    pub origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at most; more wait to be accepted.
    pub max_connections: usize,
    /// Consoles at most; more are refused with 503.
    pub max_consoles: usize,
    /// Batches of readings under way at most; more are refused with 503.
    pub max_batches: usize,
    /// Sign-ins and enrolments that one address may try in a minute; under one name, half as many.
    pub tries_per_minute: u32,
    /// Batches that one bridge may send in a second, on average.
    pub batches_per_second: u32,
    /// How often an open socket's session and membership are looked at again.
    pub look_again_every: Duration,
    /// The public key by which browsers subscribe to pushes (VAPID), base64url without padding. `None`: there are none.
    pub push_key: Option<String>,
}

impl HttpOptions {
    /// What the cookie of a session of staff is called.
    #[must_use]
    pub const fn cookie_name(&self) -> &'static str {
        if self.secure {
            "__Host-wardlight"
        } else {
            "wardlight"
        }
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            secure: true,
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            max_connections: 8_192,
            max_consoles: 4_096,
            max_batches: 256,
            tries_per_minute: 20,
            batches_per_second: 20,
            look_again_every: Duration::from_secs(30),
            push_key: None,
        }
    }
}
