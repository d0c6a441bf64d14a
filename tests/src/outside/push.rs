//! A push service and the browsers behind it: RFC 8030, and what a browser does with a push by RFC 8291 and RFC 8188,
//! written down here on its own.

#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value without such a member is null, and no panic"
)]

mod browser;

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;
use ward_service::Clock;
use ward_wire::notice::PushedNotice;

use super::served::{Reply, Request, Served, Turn};
pub use browser::Browser;

/// Something that was pushed and waits for its browser.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// Whose it is: the place in its address.
    pub subscription: usize,
    /// Seconds.
    pub ttl: u64,
    /// `high`, `normal`, `low`, `very-low`.
    pub urgency: String,
    /// A later one with the same takes its place.
    pub topic: String,
    /// As it came.
    pub body: Vec<u8>,
}

/// A push service.
pub struct PushService {
    /// The server under it.
    pub served: Served,
    /// The key for which its browsers have agreed, base64url.
    agreed_key: Arc<Mutex<String>>,
    waiting: Arc<Mutex<Vec<Pushed>>>,
    gone: Arc<Mutex<Vec<usize>>>,
    refusals: Arc<Mutex<Vec<&'static str>>>,
}

impl PushService {
    /// Whose browsers have agreed to pushes by this key.
    pub async fn start(agreed_key: &str, clock: Clock) -> Self {
        let agreed_key = Arc::new(Mutex::new(agreed_key.to_owned()));
        let waiting: Arc<Mutex<Vec<Pushed>>> = Arc::default();
        let gone: Arc<Mutex<Vec<usize>>> = Arc::default();
        let refusals: Arc<Mutex<Vec<&'static str>>> = Arc::default();
        let (key, into, left, why) = (
            Arc::clone(&agreed_key),
            Arc::clone(&waiting),
            Arc::clone(&gone),
            Arc::clone(&refusals),
        );
        let deal = move |request: &Request| {
            let now = clock.now().as_millis() / 1000;
            let key = key.lock().unwrap().clone();
            match take(request, &key, &left.lock().unwrap(), now) {
                Ok(pushed) => {
                    let mut into = into.lock().unwrap();
                    into.retain(|known| {
                        (known.subscription, &known.topic) != (pushed.subscription, &pushed.topic)
                    });
                    into.push(pushed);
                    Reply::of(201)
                }
                Err((status, reason)) => {
                    why.lock().unwrap().push(reason);
                    Reply::of(status)
                }
            }
        };
        Self {
            served: Served::start(deal).await,
            agreed_key,
            waiting,
            gone,
            refusals,
        }
    }

    /// Where a browser's pushes go.
    #[must_use]
    pub fn endpoint(&self, subscription: usize) -> String {
        format!("http://{}/push/{subscription}", self.served.address)
    }

    /// Its browsers agree to another key from now on.
    pub fn agrees_to(&self, key: &str) {
        key.clone_into(&mut self.agreed_key.lock().unwrap());
    }

    /// A browser takes its agreement back.
    pub fn is_gone(&self, subscription: usize) {
        self.gone.lock().unwrap().push(subscription);
    }

    /// The next requests go so.
    pub fn next(&self, turns: &[Turn]) {
        self.served.next(turns);
    }

    /// What waits for the browsers.
    #[must_use]
    pub fn waiting(&self) -> Vec<Pushed> {
        self.waiting.lock().unwrap().clone()
    }

    /// Why pushes were refused.
    #[must_use]
    pub fn refusals(&self) -> Vec<&'static str> {
        self.refusals.lock().unwrap().clone()
    }

    /// What this browser is shown.
    #[must_use]
    pub fn shown_to(&self, subscription: usize, browser: &Browser) -> Vec<PushedNotice> {
        let all = self.waiting();
        let own = all
            .iter()
            .filter(|pushed| pushed.subscription == subscription);
        own.map(|pushed| serde_json::from_slice(&browser.opens(&pushed.body).unwrap()).unwrap())
            .collect()
    }
}

type Refused = (u16, &'static str);

fn take(request: &Request, key: &str, gone: &[usize], now: i64) -> Result<Pushed, Refused> {
    let place = request
        .target
        .strip_prefix("/push/")
        .and_then(|it| it.parse().ok());
    let subscription: usize = place.ok_or((404, "no such subscription"))?;
    if gone.contains(&subscription) {
        return Err((410, "the agreement was taken back"));
    }
    let host = request.header("host");
    is_signed(
        request.header("authorization"),
        key,
        &format!("http://{host}"),
        now,
    )?;
    if request.header("content-encoding") != "aes128gcm" {
        return Err((400, "content-encoding"));
    }
    if request.body.len() > 4096 {
        return Err((413, "too long"));
    }
    let ttl = request.header("ttl").parse().map_err(|_| (400, "ttl"))?;
    let urgency = request.header("urgency").to_owned();
    if !["very-low", "low", "normal", "high"].contains(&urgency.as_str()) {
        return Err((400, "urgency"));
    }
    let topic = request.header("topic").to_owned();
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if topic.is_empty() || topic.len() > 32 || !topic.bytes().all(usual) {
        return Err((400, "topic"));
    }
    Ok(Pushed {
        subscription,
        ttl,
        urgency,
        topic,
        body: request.body.clone(),
    })
}

/// RFC 8292: a token for this origin, not longer than a day, signed by the key for which the browser has agreed.
fn is_signed(authorization: &str, agreed: &str, origin: &str, now: i64) -> Result<(), Refused> {
    let values = authorization
        .strip_prefix("vapid ")
        .ok_or((401, "no vapid"))?;
    let value = |name: &str| {
        let found = values
            .split(',')
            .find_map(|one| one.trim().strip_prefix(name));
        found.ok_or((401, "a value is missing"))
    };
    let (token, key) = (value("t=")?, value("k=")?);
    if key != agreed {
        return Err((403, "another key than was agreed to"));
    }
    let parts: Vec<&str> = token.split('.').collect();
    let &[head, claims, signature] = parts.as_slice() else {
        return Err((403, "no token"));
    };
    let decode = |text: &str| {
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| (403, "not base64url"))
    };
    let text = format!("{head}.{claims}");
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key)?)
        .verify(text.as_bytes(), &decode(signature)?)
        .map_err(|_| (403, "the signature is not of this key"))?;
    let read =
        |part: &str| serde_json::from_slice::<Value>(&decode(part)?).map_err(|_| (403, "no JSON"));
    let (head, claims) = (read(head)?, read(claims)?);
    if head["alg"] != "ES256" {
        return Err((403, "alg"));
    }
    if claims["aud"] != origin {
        return Err((403, "aud"));
    }
    let expires = claims["exp"].as_i64().ok_or((403, "exp"))?;
    if expires <= now || expires > now + 24 * 3600 {
        return Err((403, "exp"));
    }
    let contact = claims["sub"].as_str().unwrap_or_default();
    if !contact.starts_with("mailto:") && !contact.starts_with("https:") {
        return Err((403, "sub"));
    }
    Ok(())
}
