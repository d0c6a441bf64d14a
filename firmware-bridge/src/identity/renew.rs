//! The bridge renews its key by itself, a month before its day. Each step may be the last before a stop of the box: the next
//! key is on disk before it is sent, sent again it is answered alike, and it takes the place of the old one whole.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use ward_wire::bridge::KeyItem;
use ward_wire::signature::{hex, rotation_proof};

use super::{Held, IdentityError, Pending, Place};
use crate::client::{Client, Failure};

/// So long before its day a key is renewed …
const BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// … and from here on the log is loud about one that could not be.
const LATE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(3600);
/// How often until the service has accepted something: only then is its time known.
const UNTIL_HEARD: Duration = Duration::from_secs(10);

/// Why a key was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// The files.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The service.
    #[error(transparent)]
    Service(#[from] Failure),
}

/// Looks after the key until `stop`.
pub async fn keep_fresh(client: Arc<Client>, place: Place, stop: CancellationToken) {
    loop {
        let wait = match client.service_time() {
            Some(now) => {
                look(&client, &place, now).await;
                LOOK_EVERY
            }
            None => UNTIL_HEARD,
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn look(client: &Client, place: &Place, now: Timestamp) {
    let held = match place.held() {
        Ok(Some(held)) => held,
        Ok(None) => return,
        Err(why) => {
            tracing::error!(%why, "the bridge's key cannot be looked at");
            return;
        }
    };
    if !is_due(&held, now) && !place.has_next(&held) {
        return;
    }
    match renew(client, place, &held).await {
        Ok(fresh) => {
            tracing::info!(key = %fresh.key.id(), expires_at = %fresh.expires_at, "the bridge has a new key");
        }
        Err(why) => {
            let left = held.expires_at.duration_since(now);
            let days = left.as_hours() / 24;
            if left < SignedDuration::ZERO {
                tracing::error!(%why, expired_at = %held.expires_at, "THE BRIDGE'S KEY IS OVER ITS DAY and could not be renewed. Readings are still taken; the ward is told. Tried again each hour");
            } else if left < LATE {
                tracing::error!(%why, days, "THE BRIDGE'S KEY COULD NOT BE RENEWED FOR WEEKS and has {days} days left. Tried again each hour");
            } else {
                tracing::warn!(%why, days, "the bridge's key could not be renewed: tried again each hour");
            }
        }
    }
}

/// Whether it is time for the next key.
#[must_use]
pub fn is_due(held: &Held, now: Timestamp) -> bool {
    held.expires_at.duration_since(now) <= BEFORE
}

/// Renews the key, or goes on with what an earlier try has left.
///
/// # Errors
/// [`RenewError`]: the key of now is as good as before.
pub async fn renew(client: &Client, place: &Place, held: &Held) -> Result<Held, RenewError> {
    let next = place.prepare_next(held)?;
    let reply = client.renew_key(&proven(held, &next)).await?;
    place.keep_next(held, next.clone(), reply.expires_at)?;
    Ok(next.held(held.bridge, reply.expires_at))
}

/// What is sent of the next key.
#[must_use]
pub fn proven(held: &Held, next: &Pending) -> KeyItem {
    let public = next.key.public();
    let text = rotation_proof(held.bridge, held.key.id(), public);
    KeyItem {
        public_key: hex(public),
        proof: hex(&next.key.over(&text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;

    #[test]
    fn a_key_is_due_a_month_before_its_day_and_ever_after() {
        let expires_at: Timestamp = "2027-02-19T08:00:00Z".parse().unwrap();
        let held = Held {
            bridge: uuid::Uuid::nil(),
            key: Key::fresh().unwrap(),
            expires_at,
        };
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        assert!(!is_due(&held, expires_at - days(31)));
        assert!(is_due(&held, expires_at - days(30)));
        assert!(is_due(&held, expires_at + days(400)));
    }
}
