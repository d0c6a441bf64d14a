//! The key of the synthetic bridge. It is made anew at every start and never written down.

use ring::signature::{Ed25519KeyPair, KeyPair};
use ward_core::id::BridgeId;
use ward_core::time::Timestamp;
use ward_service::{BridgeKeyId, KeyProof};
use ward_wire::signature::{Head, KeyId, Signed, enrolment_proof, sha256};

pub(super) struct BoxKey {
    pair: Ed25519KeyPair,
    public_key: [u8; 32],
}

impl BoxKey {
    /// `None` when the machine gives no random bytes.
    pub(super) fn fresh() -> Option<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).ok()?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        let public_key = pair.public_key().as_ref().try_into().ok()?;
        Some(Self { pair, public_key })
    }

    fn sign(&self, text: &str) -> [u8; 64] {
        let mut signature = [0; 64];
        let signed = self.pair.sign(text.as_bytes());
        // Both have the 64 bytes of Ed25519.
        for (into, from) in signature.iter_mut().zip(signed.as_ref()) {
            *into = *from;
        }
        signature
    }

    pub(super) fn enrols_with(&self, code: &str) -> KeyProof {
        let said = enrolment_proof(code, &self.public_key);
        KeyProof {
            id: BridgeKeyId(KeyId::of(&self.public_key).0),
            public_key: self.public_key,
            proof: self.sign(&said),
            said,
        }
    }

    /// The value of `Authorization` for a request; `None` when the machine gives no random bytes.
    pub(super) fn authorization(
        &self,
        bridge: BridgeId,
        method: &str,
        path: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Option<String> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).ok()?;
        let head = Head {
            bridge: bridge.0,
            key: KeyId::of(&self.public_key),
            time_ms: now.as_millis(),
            nonce,
            body: sha256(body),
        };
        let signature = self.sign(&head.text(method, path));
        Some(Signed { head, signature }.to_string())
    }
}
