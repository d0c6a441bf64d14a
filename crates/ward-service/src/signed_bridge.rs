//! A bridge that signs what it asks: its key is taken in for a code, proves each request, and is followed by the next.

use std::time::Duration;

use ring::signature::{ED25519, UnparsedPublicKey};
use tokio::time::Instant;
use ward_core::id::BridgeId;
use ward_core::time::Timestamp;
use ward_store::{Bridge, BridgeKey, BridgeKeyId, NewBridgeKey, NextKey};

use crate::enrol_bridge::EnrolError;
use crate::error::{only_noted, to_the_end};
use crate::known_bridges::{Found, Shown};
use crate::secret::normalised_code;
use crate::seen_requests::TIME_WINDOW_MS;
use crate::wards::Wards;

/// A key should be renewed within this time. It is accepted after that too, and the ward is told.
const GOOD_FOR: Duration = Duration::from_secs(90 * 24 * 3600);

/// A key is good for so long after the next one was first used: a box whose disk forgot its newest file goes on.
const BESIDE_THE_NEXT: Duration = Duration::from_secs(24 * 3600);

/// A public key, and the proof that whoever brings it has the private one.
#[derive(Clone, Debug)]
pub struct KeyProof {
    /// Its id.
    pub id: BridgeKeyId,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// The text that proves it.
    pub said: String,
    /// The key's signature over the text.
    pub proof: [u8; 64],
}

/// A key that was taken in.
#[derive(Clone, Copy, Debug)]
pub struct KeyTaken {
    /// Whose.
    pub bridge: BridgeId,
    /// When it should be renewed.
    pub expires_at: Timestamp,
}

/// A request as it was signed.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    /// Who asks.
    pub bridge: BridgeId,
    /// By which key.
    pub key: BridgeKeyId,
    /// When it was signed, by what the bridge takes for the service's clock.
    pub signed_at: Timestamp,
    /// Not used before.
    pub nonce: [u8; 16],
    /// The text that was signed.
    pub said: String,
    /// The signature over the text.
    pub signature: [u8; 64],
}

impl Wards {
    /// Uses a code up for a key. With the same key again, while the code would be good, it is answered alike.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub async fn enrol_bridge_with_key(
        &self,
        typed: &str,
        version: &str,
        key: KeyProof,
    ) -> Result<KeyTaken, EnrolError> {
        let (id, new) = self.proven(&key)?;
        let code = normalised_code(typed).hash();
        let (wards, version) = (self.clone(), version.chars().take(64).collect::<String>());
        let (bridge, expires_at) = to_the_end::<_, EnrolError>(async move {
            let now = wards.clock.now();
            let enrolling = wards
                .store
                .enrol_with_key(code.as_bytes(), &new, &version, now);
            Ok(enrolling.await?)
        })
        .await?
        .ok_or(EnrolError::NotThisCode)?;
        self.known_bridges.forget(bridge);
        tracing::info!(%bridge, key = %id, "bridge enrolled");
        Ok(KeyTaken { bridge, expires_at })
    }

    /// The bridge that has signed this, if it may ask and has not asked the same before. `received_at` is when the head of
    /// the request came in. Nothing of its body is known here: whoever reads it compares it with what was signed.
    ///
    /// # Errors
    /// [`EnrolError`] says which; nothing is told of a bridge to whoever cannot sign for it.
    pub async fn bridge_that_signed(
        &self,
        request: &SignedRequest,
        received_at: Timestamp,
    ) -> Result<Bridge, EnrolError> {
        let shown = Shown::Key(request.key);
        let asked_at = Instant::now();
        let known = self.known_bridges.get(request.bridge, shown);
        let (found, is_fresh) = match known {
            Some(found) => (found, false),
            None => (self.look_up_key(request).await?, true),
        };
        let Found {
            bridge,
            key: Some(key),
        } = &found
        else {
            return Err(EnrolError::NotKnown);
        };
        verify(&key.public_key, &request.said, &request.signature)
            .map_err(|()| EnrolError::NotSigned)?;
        if bridge.revoked_at.is_some() {
            return Err(EnrolError::Revoked);
        }
        if !key.is_accepted(received_at) {
            return Err(EnrolError::NotKnown);
        }
        let off_by_ms = request.signed_at.millis_since(received_at);
        if off_by_ms.unsigned_abs() > TIME_WINDOW_MS.unsigned_abs() {
            return Err(EnrolError::ClockOff {
                service_time: self.clock.now(),
            });
        }
        let (id, nonce) = (bridge.id, request.nonce);
        if !(self.seen_requests).is_new(id, request.signed_at, nonce, received_at) {
            return Err(EnrolError::SeenBefore);
        }
        if is_fresh {
            self.note_use(bridge, key);
            self.known_bridges.note(&found, shown, asked_at);
        }
        Ok(found.bridge)
    }

    /// Takes in a key that comes after `by`, the one that has signed for it. Asked again, it says the same.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub async fn renew_bridge_key(
        &self,
        bridge: &Bridge,
        by: BridgeKeyId,
        key: KeyProof,
    ) -> Result<KeyTaken, EnrolError> {
        let (id, new) = self.proven(&key)?;
        let (wards, bridge) = (self.clone(), bridge.id);
        let next = to_the_end::<_, EnrolError>(async move {
            let now = wards.clock.now();
            Ok(wards.store.add_bridge_key(bridge, by, &new, now).await?)
        });
        match next.await? {
            NextKey::Kept(BridgeKey { expires_at, .. }) => {
                tracing::info!(%bridge, key = %id, %by, "a bridge has a new key");
                Ok(KeyTaken { bridge, expires_at })
            }
            NextKey::NotByThisKey => Err(EnrolError::NotByThisKey),
            NextKey::TooMany => Err(EnrolError::TooManyKeys),
        }
    }

    async fn look_up_key(&self, request: &SignedRequest) -> Result<Found, EnrolError> {
        let found = self
            .store
            .bridge_by_key(request.bridge, request.key)
            .await?;
        let (bridge, key) = found.ok_or(EnrolError::NotKnown)?;
        Ok(Found {
            bridge,
            key: Some(key),
        })
    }

    fn note_use(&self, bridge: &Bridge, key: &BridgeKey) {
        self.note_seen(bridge);
        if key.first_used_at.is_none() {
            let (store, now) = (self.store.clone(), self.clock.now());
            let (bridge, key) = (bridge.id, key.id);
            only_noted("bridge key", async move {
                let earlier_end_at = now.plus(BESIDE_THE_NEXT);
                store
                    .begin_bridge_key(bridge, key, now, earlier_end_at)
                    .await
            });
        }
    }

    fn proven(&self, key: &KeyProof) -> Result<(BridgeKeyId, NewBridgeKey), EnrolError> {
        verify(&key.public_key, &key.said, &key.proof).map_err(|()| EnrolError::NotProven)?;
        let new = NewBridgeKey {
            id: key.id,
            public_key: key.public_key,
            expires_at: self.clock.now().plus(GOOD_FOR),
        };
        Ok((key.id, new))
    }
}

fn verify(public_key: &[u8; 32], said: &str, signature: &[u8; 64]) -> Result<(), ()> {
    UnparsedPublicKey::new(&ED25519, public_key)
        .verify(said.as_bytes(), signature)
        .map_err(|_| ())
}
