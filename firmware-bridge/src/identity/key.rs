//! A private key, and the forms in which it lies on disk.

use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use ward_wire::signature::{KeyId, hex, unhex};

use super::IdentityError;

/// An Ed25519 key. Never printed, never sent.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Key {
    seed: [u8; 32],
    public: [u8; 32],
}

/// Both halves in hexadecimal: a file in which one digit has changed is no key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    private_key: String,
    public_key: String,
}

/// The key that this bridge is known by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// The bridge's id at the service.
    pub bridge: Uuid,
    /// The key.
    pub key: Key,
    /// When it should have been renewed, by the service's clock.
    pub expires_at: Timestamp,
}

/// A key that the service does not have yet, as far as this box knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    /// What it was made for: the hash of a one-time code, or the id of the key that it comes after.
    pub(super) purpose: String,
    /// The key.
    pub key: Key,
}

impl Key {
    pub(super) fn fresh() -> Result<Self, IdentityError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|why| IdentityError::NoRandomness(why.to_string()))?;
        // The system gave 32 bytes, and any 32 bytes are a seed.
        Self::of(seed).ok_or_else(|| IdentityError::NoRandomness("no key".to_owned()))
    }

    fn of(seed: [u8; 32]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        let public = pair.public_key().as_ref().try_into().ok()?;
        Some(Self { seed, public })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Its id, which is its fingerprint.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.public)
    }

    /// A signature over a text. All zeros, which is none, if there could be no such key.
    #[must_use]
    pub fn over(&self, text: &str) -> [u8; 64] {
        Ed25519KeyPair::from_seed_and_public_key(&self.seed, &self.public)
            .ok()
            .and_then(|pair| pair.sign(text.as_bytes()).as_ref().try_into().ok())
            .unwrap_or([0; 64])
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

impl TryFrom<Text> for Key {
    type Error = &'static str;

    fn try_from(text: Text) -> Result<Self, &'static str> {
        let seed = unhex(&text.private_key).ok_or("private_key is none")?;
        let key = Self::of(seed).ok_or("private_key is none")?;
        if unhex(&text.public_key) == Some(key.public) {
            Ok(key)
        } else {
            Err("the two halves of the key do not belong together")
        }
    }
}

impl From<Key> for Text {
    fn from(key: Key) -> Self {
        Self {
            private_key: hex(&key.seed),
            public_key: hex(&key.public),
        }
    }
}

impl Pending {
    pub(super) fn held(self, bridge: Uuid, expires_at: Timestamp) -> Held {
        Held {
            bridge,
            key: self.key,
            expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use ward_wire::signature::{Head, Signed, sha256};

    use super::*;

    fn vector() -> serde_json::Value {
        let text = include_str!("../../../crates/ward-wire/vectors/signed_request.json");
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn this_end_signs_as_the_vector_says() {
        let vector = vector();
        let text = |name: &str| vector[name].as_str().unwrap().to_owned();
        let key = Key::of(unhex(&text("seed")).unwrap()).unwrap();
        assert_eq!(key.id().to_string(), text("key"));
        let head = Head {
            bridge: text("bridge").parse().unwrap(),
            key: key.id(),
            time_ms: vector["time_ms"].as_i64().unwrap(),
            nonce: unhex(&text("nonce")).unwrap(),
            body: sha256(text("body").as_bytes()),
        };
        let signature = key.over(&head.text(&text("method"), &text("path")));
        let signed = Signed { head, signature };
        assert_eq!(signed.to_string(), text("authorization"));
    }

    #[test]
    fn a_key_comes_back_from_its_text_and_a_changed_one_does_not() {
        let key = Key::fresh().unwrap();
        let text = serde_json::to_string(&key).unwrap();
        let again: Key = serde_json::from_str(&text).unwrap();
        assert_eq!((again.seed, again.public), (key.seed, key.public));
        let private = hex(&key.seed);
        let first = if private.starts_with('0') { "1" } else { "0" };
        let changed = text.replace(&private, &format!("{first}{}", &private[1..]));
        let wrong = serde_json::from_str::<Key>(&changed).unwrap_err();
        assert!(wrong.to_string().contains("do not belong together"));
        assert!(!format!("{key:?}").contains(&private));
    }
}
