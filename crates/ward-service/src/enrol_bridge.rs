//! A bridge gets its credential for a one-time code: its key is taken in, of which only the public half comes here. A
//! bridge of before there were keys is given a 256-bit token, of which only the hash is kept.

use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;
use ward_core::id::{BridgeId, WardId};
use ward_core::time::Timestamp;
use ward_store::{Bridge, StoreError};

use crate::error::{Unavailable, only_noted, to_the_end};
use crate::known_bridges::{Found, Shown};
use crate::secret::{NoRandomness, Secret, normalised_code, one_time_code};
use crate::wards::Wards;

/// A one-time code is good for this long.
const CODE_LASTS: Duration = Duration::from_secs(30 * 60);

/// A code for whoever sets the bridge up.
#[derive(Debug)]
pub struct BridgeCode {
    /// The bridge.
    pub bridge: BridgeId,
    /// Good once, for 30 minutes.
    pub code: Secret,
}

/// A token of a bridge, shown once.
#[derive(Debug)]
pub struct Enrolled {
    /// The bridge.
    pub bridge: BridgeId,
    /// For `Authorization: Bearer …`.
    pub token: Secret,
}

/// Why a bridge is not let in.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The code.
    #[error(
        "this code is not known, was used before or is older than 30 minutes: ask the ward for a new one"
    )]
    NotThisCode,
    /// The bridge or ward.
    #[error("there is no such {0}")]
    NotThere(&'static str),
    /// No such credential.
    #[error("this credential is not known: enrol the bridge again")]
    NotKnown,
    /// Taken away.
    #[error("this bridge's credential was taken away: enrol it again if it is to go on")]
    Revoked,
    /// The signature.
    #[error(
        "this signature does not fit the request, or its body is not the one that was signed: sign it again and send it again"
    )]
    NotSigned,
    /// The time of a signed request.
    #[error(
        "this request is signed for another time than it is here: sign it by `service_time` and send it again"
    )]
    ClockOff {
        /// What it is here.
        service_time: Timestamp,
    },
    /// A nonce that was used before.
    #[error("this very request has come before: sign it anew and send it again")]
    SeenBefore,
    /// A key that proves nothing.
    #[error("this key does not prove that whoever sends it has its private half: make a new one")]
    NotProven,
    /// The key that speaks for a new one has no say any more.
    #[error(
        "another key has taken the place of the one that signed this: sign by that one, or enrol the bridge again"
    )]
    NotByThisKey,
    /// A bridge that changes its key again and again.
    #[error("this bridge has changed its key too often: try again in an hour")]
    TooManyKeys,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for EnrolError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotThere(what) => Self::NotThere(what),
            other => Self::Unavailable(other.into()),
        }
    }
}

impl From<NoRandomness> for EnrolError {
    fn from(error: NoRandomness) -> Self {
        Self::Unavailable(StoreError::Unavailable(error.to_string()).into())
    }
}

impl Wards {
    /// A new bridge, and the code to enrol it with. `name` says where it stands, and names no patient.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub async fn add_bridge(&self, ward: WardId, name: &str) -> Result<BridgeCode, EnrolError> {
        let bridge = BridgeId(self.clock.new_id());
        self.store
            .insert_bridge(bridge, ward, name, self.clock.now())
            .await?;
        self.new_bridge_code(bridge).await
    }

    /// A new code for a bridge that is there: after a loss, or to change its credential. The old one stays good until
    /// the new code is used.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub async fn new_bridge_code(&self, bridge: BridgeId) -> Result<BridgeCode, EnrolError> {
        let code = one_time_code()?;
        self.store
            .insert_enrolment_code(
                bridge,
                code.hash().as_bytes(),
                self.clock.now().plus(CODE_LASTS),
            )
            .await?;
        Ok(BridgeCode { bridge, code })
    }

    /// Uses a code up for a token, for a bridge of before there were keys.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub async fn enrol_bridge(&self, typed: &str, version: &str) -> Result<Enrolled, EnrolError> {
        let (code, secret) = (normalised_code(typed).hash(), Secret::new()?);
        let (wards, version) = (self.clone(), version.chars().take(64).collect::<String>());
        let secret_hash = secret.hash();
        let bridge = to_the_end::<_, EnrolError>(async move {
            Ok(wards
                .store
                .enrol(
                    code.as_bytes(),
                    secret_hash.as_bytes(),
                    &version,
                    wards.clock.now(),
                )
                .await?)
        })
        .await?
        .ok_or(EnrolError::NotThisCode)?;
        self.known_bridges.forget(bridge);
        tracing::info!(%bridge, "bridge enrolled");
        // The bridge's id goes before the secret, so that the row is found by its key.
        Ok(Enrolled {
            bridge,
            token: Secret::received(&format!("{}.{}", bridge.0.simple(), secret.reveal())),
        })
    }

    /// The bridge that a token belongs to. What was asked less than a second ago is not asked again: a credential that is
    /// taken away by another process is refused within a second.
    ///
    /// # Errors
    /// [`EnrolError::NotKnown`] and [`EnrolError::Revoked`].
    pub async fn bridge_of(&self, token: &str) -> Result<Bridge, EnrolError> {
        let (id, secret) = token.split_once('.').ok_or(EnrolError::NotKnown)?;
        let id = BridgeId(Uuid::try_parse(id).map_err(|_| EnrolError::NotKnown)?);
        let hash = Secret::received(secret).hash();
        let shown = Shown::Token(hash);
        if let Some(found) = self.known_bridges.get(id, shown) {
            return Ok(found.bridge);
        }
        let asked_at = Instant::now();
        let bridge = self
            .store
            .bridge_by_token(id, hash.as_bytes())
            .await?
            .ok_or(EnrolError::NotKnown)?;
        if bridge.revoked_at.is_some() {
            return Err(EnrolError::Revoked);
        }
        self.note_seen(&bridge);
        let found = Found { bridge, key: None };
        self.known_bridges.note(&found, shown, asked_at);
        Ok(found.bridge)
    }

    /// Notes that a bridge was heard of, to the minute.
    pub(crate) fn note_seen(&self, bridge: &Bridge) {
        let (id, now) = (bridge.id, self.clock.now());
        if bridge
            .last_seen_at
            // Also one in the future, that a clock that ran ahead has written.
            .is_none_or(|at| !(0..=60_000).contains(&now.millis_since(at)))
        {
            let store = self.store.clone();
            only_noted("bridge", async move { store.see_bridge(id, now).await });
        }
    }

    /// Takes a bridge's credential away, and every code that was made for it. Whether it had one.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn revoke_bridge(&self, bridge: BridgeId) -> Result<bool, Unavailable> {
        let (wards, now) = (self.clone(), self.clock.now());
        Ok(to_the_end(async move {
            let revoked = wards.store.revoke_bridge(bridge, now).await;
            wards.known_bridges.forget(bridge);
            revoked
        })
        .await?)
    }
}
