//! Whoever receives the webhook: checks each request by Standard Webhooks, written down here from the scheme's text and
//! sharing no code with the sender.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use ward_service::Clock;
use ward_wire::notice::NoticeHook;

use super::served::{Reply, Request, Served, Turn};

/// A secret of 24 bytes.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The one that comes after it.
pub const NEXT_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=";

/// Seconds that a request may be off.
const TOLERANCE_SECONDS: i64 = 300;

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A header is missing or is not what it should be.
    Headers,
    /// Made too long ago, or in the future.
    Time,
    /// No signature is of a secret that is known here.
    Signature,
}

/// A receiver.
pub struct HookReceiver {
    /// The server under it.
    pub served: Served,
    taken: Arc<Mutex<Vec<NoticeHook>>>,
    doubts: Arc<Mutex<Vec<Doubt>>>,
}

impl HookReceiver {
    /// One that knows this secret.
    pub async fn knowing(secret: &'static str, clock: Clock) -> Self {
        let taken: Arc<Mutex<Vec<NoticeHook>>> = Arc::default();
        let doubts: Arc<Mutex<Vec<Doubt>>> = Arc::default();
        let (into, doubted) = (Arc::clone(&taken), Arc::clone(&doubts));
        let deal = move |request: &Request| {
            let now = clock.now().as_millis() / 1000;
            if let Err(doubt) = check(request, secret, now) {
                doubted.lock().unwrap().push(doubt);
                return Reply::of(401);
            }
            let Ok(notice) = serde_json::from_slice::<NoticeHook>(&request.body) else {
                return Reply::of(400);
            };
            let mut into = into.lock().unwrap();
            // Each id once.
            if into.iter().all(|known| known.data.id != notice.data.id) {
                into.push(notice);
            }
            Reply::of(204)
        };
        Self {
            served: Served::start(deal).await,
            taken,
            doubts,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/notices", self.served.address)
    }

    /// The next requests go so.
    pub fn next(&self, turns: &[Turn]) {
        self.served.next(turns);
    }

    /// What it has taken, each notice once.
    #[must_use]
    pub fn taken(&self) -> Vec<NoticeHook> {
        self.taken.lock().unwrap().clone()
    }

    /// What it has not believed.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        self.doubts.lock().unwrap().clone()
    }
}

/// Whether a request is to be believed.
///
/// # Errors
/// Why not.
pub fn check(request: &Request, secret: &str, now_seconds: i64) -> Result<(), Doubt> {
    let (id, time) = (
        request.header("webhook-id"),
        request.header("webhook-timestamp"),
    );
    if id.is_empty() || id.contains('.') || request.method != "POST" {
        return Err(Doubt::Headers);
    }
    let made: i64 = time.parse().map_err(|_| Doubt::Headers)?;
    if (now_seconds - made).abs() > TOLERANCE_SECONDS {
        return Err(Doubt::Time);
    }
    let key = secret
        .strip_prefix("whsec_")
        .and_then(|it| STANDARD.decode(it).ok());
    let key = key.unwrap();
    let signed = [id.as_bytes(), b".", time.as_bytes(), b".", &request.body].concat();
    let expected = format!("v1,{}", STANDARD.encode(hmac_sha256(&key, &signed)));
    let mut signatures = request.header("webhook-signature").split(' ');
    if signatures.any(|signature| signature == expected) {
        Ok(())
    } else {
        Err(Doubt::Signature)
    }
}

/// RFC 2104 over SHA-256, for keys of up to 64 bytes.
fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded = |with: u8| -> Vec<u8> {
        (0..64)
            .map(|at| key.get(at).copied().unwrap_or(0) ^ with)
            .collect()
    };
    let sha256 = |text: &[u8]| digest::digest(&digest::SHA256, text);
    let inner = sha256(&[padded(0x36).as_slice(), text].concat());
    sha256(&[padded(0x5c).as_slice(), inner.as_ref()].concat())
        .as_ref()
        .to_vec()
}
