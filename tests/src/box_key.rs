//! The private key of a box, as a test holds it.

use ring::signature::{Ed25519KeyPair, KeyPair};
use uuid::Uuid;
use ward_core::id::BridgeId;
use ward_core::time::Timestamp;
use ward_service::{BridgeKeyId, KeyProof, SignedRequest};
use ward_wire::bridge::KeyItem;
use ward_wire::signature::{Head, KeyId, Signed, enrolment_proof, hex, rotation_proof, sha256};

/// What a bridge shows the service.
#[derive(Clone, Debug)]
pub enum Credential {
    /// It signs.
    Key(BoxKey),
    /// Of before there were keys.
    Token(String),
}

/// An Ed25519 key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxKey {
    /// The private key, which a box keeps to itself.
    pub seed: [u8; 32],
}

impl BoxKey {
    /// A new one.
    #[must_use]
    pub fn fresh() -> Self {
        let [one, other] = [Uuid::new_v4(), Uuid::new_v4()];
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(one.as_bytes());
        seed[16..].copy_from_slice(other.as_bytes());
        Self { seed }
    }

    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).unwrap()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.pair().public_key().as_ref().try_into().unwrap()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.public())
    }

    /// As it lies in the file of a box.
    #[must_use]
    pub fn as_a_box_keeps_it(&self, bridge: BridgeId) -> String {
        serde_json::json!({
            "bridge": bridge.0,
            "key": { "private_key": hex(&self.seed), "public_key": hex(&self.public()) },
            "expires_at": "2099-01-01T00:00:00Z",
        })
        .to_string()
    }

    /// A signature over a text.
    #[must_use]
    pub fn over(&self, text: &str) -> [u8; 64] {
        let signature = self.pair().sign(text.as_bytes());
        signature.as_ref().try_into().unwrap()
    }

    /// What a request says of itself, with a nonce of its own.
    #[must_use]
    pub fn head(&self, bridge: BridgeId, body: &[u8], at: Timestamp) -> Head {
        Head {
            bridge: bridge.0,
            key: self.id(),
            time_ms: at.as_millis(),
            nonce: *Uuid::new_v4().as_bytes(),
            body: sha256(body),
        }
    }

    /// The value of `Authorization`.
    #[must_use]
    pub fn signed(&self, head: &Head, method: &str, path: &str) -> String {
        let signature = self.over(&head.text(method, path));
        Signed {
            head: *head,
            signature,
        }
        .to_string()
    }

    /// A signed request as the verbs take it.
    #[must_use]
    pub fn request(&self, bridge: BridgeId, at: Timestamp) -> SignedRequest {
        let head = self.head(bridge, b"", at);
        let said = head.text("GET", "/api/bridge/devices");
        SignedRequest {
            bridge,
            key: BridgeKeyId(head.key.0),
            signed_at: at,
            nonce: head.nonce,
            signature: self.over(&said),
            said,
        }
    }

    /// The proof for an enrolment.
    #[must_use]
    pub fn enrols_with(&self, code: &str) -> KeyProof {
        self.proof(enrolment_proof(code, &self.public()))
    }

    /// The proof to come after another key.
    #[must_use]
    pub fn comes_after(&self, old: &Self, bridge: BridgeId) -> KeyProof {
        self.proof(rotation_proof(bridge.0, old.id(), &self.public()))
    }

    fn proof(&self, said: String) -> KeyProof {
        KeyProof {
            id: BridgeKeyId(self.id().0),
            public_key: self.public(),
            proof: self.over(&said),
            said,
        }
    }
}

/// The same on the wire.
#[must_use]
pub fn item(proof: &KeyProof) -> KeyItem {
    KeyItem {
        public_key: hex(&proof.public_key),
        proof: hex(&proof.proof),
    }
}
