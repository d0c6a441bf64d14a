//! Credentials that were found good a moment ago. A bridge that works off its backlog asks many times a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use ward_core::id::BridgeId;
use ward_store::{Bridge, BridgeKey, BridgeKeyId};

use crate::secret::SecretHash;

/// So long after it was looked up a credential is taken as still good. Taken away in this process it is forgotten at
/// once; by the command line or another node, it is refused no later than this.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// More than so many and those that are over are thrown out.
const AT_MOST: usize = 4_096;

/// What a bridge shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Token(SecretHash),
    Key(BridgeKeyId),
}

/// A bridge whose credential is good, and the key if it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) bridge: Bridge,
    pub(crate) key: Option<BridgeKey>,
}

/// Good credentials only: what is refused is looked up each time.
#[derive(Debug, Default)]
pub(crate) struct KnownBridges(Mutex<HashMap<BridgeId, Known>>);

#[derive(Debug)]
struct Known {
    shown: Shown,
    found: Found,
    asked_at: Instant,
}

impl Known {
    fn is_good(&self) -> bool {
        self.asked_at.elapsed() < GOOD_FOR
    }
}

impl KnownBridges {
    pub(crate) fn get(&self, id: BridgeId, shown: Shown) -> Option<Found> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = known.get(&id)?;
        (held.shown == shown && held.is_good()).then(|| held.found.clone())
    }

    /// `asked_at` is from before the question: an answer is no younger than that.
    pub(crate) fn note(&self, found: &Found, shown: Shown, asked_at: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= AT_MOST {
            known.retain(|_, known| known.is_good());
        }
        if known.len() < AT_MOST {
            let (id, found) = (found.bridge.id, found.clone());
            known.insert(
                id,
                Known {
                    shown,
                    found,
                    asked_at,
                },
            );
        }
    }

    pub(crate) fn forget(&self, id: BridgeId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use ward_core::id::WardId;

    use super::*;
    use crate::secret::Secret;

    #[test]
    fn only_the_same_credential_is_known_and_only_for_a_second() {
        let bridge = Bridge {
            id: BridgeId(Uuid::from_u128(1)),
            ward: WardId(Uuid::from_u128(2)),
            name: "hall cupboard".to_owned(),
            version: "0.1.0".to_owned(),
            enrolled_at: None,
            revoked_at: None,
            last_seen_at: None,
        };
        let found = Found { bridge, key: None };
        let (known, id) = (KnownBridges::default(), found.bridge.id);
        let one = Shown::Token(Secret::received("one").hash());
        let other = Shown::Token(Secret::received("other").hash());
        let key = Shown::Key(BridgeKeyId([1; 16]));
        let now = Instant::now();
        known.note(&found, one, now);
        assert_eq!(known.get(id, one), Some(found.clone()));
        assert_eq!(known.get(id, other), None);
        assert_eq!(known.get(id, key), None);
        if let Some(long_ago) = now.checked_sub(GOOD_FOR) {
            known.note(&found, one, long_ago);
            assert_eq!(known.get(id, one), None);
        }
        known.note(&found, one, now);
        known.forget(id);
        assert_eq!(known.get(id, one), None);
    }
}
