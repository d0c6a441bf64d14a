//! Who may come in to the pretended service: signatures are verified as the real one does.

use std::collections::{HashMap, HashSet};

use axum::http::{HeaderMap, Method, Uri, header};
use firmware_bridge::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use uuid::Uuid;
use ward_wire::bridge::{EnrolRequest, KeyItem};
use ward_wire::signature::{
    CLOCK_OFF, KeyId, SEEN_BEFORE, Signed, TIME_WINDOW_MS, enrolment_proof, hex, rotation_proof,
    sha256, unhex,
};

pub const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub const BRIDGE: Uuid = Uuid::from_u128(7);
/// The key of a box that was enrolled before the test began.
pub const SEED: [u8; 32] = [42; 32];

#[derive(Default)]
pub struct Door {
    /// The keys that it knows, and those that it has taken in.
    pub keys: HashMap<KeyId, [u8; 32]>,
    pub revoked: bool,
    /// By how much the service's clock is ahead of this machine's.
    pub ahead: SignedDuration,
    /// Requests that were let in, by their key; `None` for a token.
    pub by: Vec<Option<KeyId>>,
    /// Refusals, by their code.
    pub refused: Vec<&'static str>,
    /// The next request is called a repeat of one before.
    pub says_seen_before: bool,
    nonces: HashSet<[u8; 16]>,
}

/// A refusal: status, code, and the service's time where it belongs.
pub type Refusal = (u16, &'static str, Option<Timestamp>);

impl Door {
    pub fn new() -> Self {
        let mut door = Self::default();
        let public = public_of(&SEED);
        door.keys.insert(KeyId::of(&public), public);
        door
    }

    pub fn now(&self) -> Timestamp {
        Clock::of_this_machine().wall() + self.ahead
    }

    pub fn admits(
        &mut self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let said = headers.get(header::AUTHORIZATION);
        let said = said.map_or("", |said| said.to_str().unwrap());
        let answer = self.judge(method, uri, said, body);
        match answer {
            Ok(by) => self.by.push(by),
            Err((_, code, _)) => self.refused.push(code),
        }
        answer.map(|_| ())
    }

    fn judge(
        &mut self,
        method: &Method,
        uri: &Uri,
        said: &str,
        body: &[u8],
    ) -> Result<Option<KeyId>, Refusal> {
        if self.revoked {
            return Err((403, "credential-revoked", None));
        }
        if said == format!("Bearer {TOKEN}") {
            return Ok(None);
        }
        let unknown = (401, "credential-not-known", None);
        let Signed { head, signature } = said.parse().map_err(|_| unknown)?;
        let public = self.keys.get(&head.key).ok_or(unknown)?;
        let text = head.text(method.as_str(), uri.path_and_query().unwrap().as_str());
        let is_good = UnparsedPublicKey::new(&ED25519, public)
            .verify(text.as_bytes(), &signature)
            .is_ok();
        if !is_good || head.bridge != BRIDGE || head.body != sha256(body) {
            return Err((401, "signature-not-good", None));
        }
        let now = self.now();
        if (head.time_ms - now.as_millisecond()).abs() > TIME_WINDOW_MS {
            return Err((401, CLOCK_OFF, Some(now)));
        }
        if !self.nonces.insert(head.nonce) || std::mem::take(&mut self.says_seen_before) {
            return Err((401, SEEN_BEFORE, None));
        }
        Ok(Some(head.key))
    }

    /// Takes a bridge's first key in.
    pub fn enrols(&mut self, request: &EnrolRequest) -> KeyId {
        let item = request.key.as_ref().expect("this version brings a key");
        self.takes(item, |public| enrolment_proof(&request.code, public))
    }

    /// Takes the key in that is to come after the one that has just signed.
    pub fn renews(&mut self, item: &KeyItem) -> KeyId {
        let old = self.by.last().unwrap().expect("signed by a key");
        self.takes(item, |public| rotation_proof(BRIDGE, old, public))
    }

    fn takes(&mut self, item: &KeyItem, text: impl Fn(&[u8; 32]) -> String) -> KeyId {
        let public: [u8; 32] = unhex(&item.public_key).unwrap();
        let proof: [u8; 64] = unhex(&item.proof).unwrap();
        UnparsedPublicKey::new(&ED25519, &public)
            .verify(text(&public).as_bytes(), &proof)
            .expect("the key proves itself");
        let id = KeyId::of(&public);
        self.keys.insert(id, public);
        id
    }
}

pub fn public_of(seed: &[u8; 32]) -> [u8; 32] {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
    pair.public_key().as_ref().try_into().unwrap()
}

/// The file of a box with this key.
pub fn key_file(seed: &[u8; 32], expires_at: &str) -> String {
    serde_json::json!({
        "bridge": BRIDGE,
        "key": { "private_key": hex(seed), "public_key": hex(&public_of(seed)) },
        "expires_at": expires_at,
    })
    .to_string()
}
