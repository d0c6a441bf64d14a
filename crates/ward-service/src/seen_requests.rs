//! Signed requests that have come before: each is good once.
//!
//! Kept in memory, by each node for itself. So somebody who has overheard a request could repeat it at another node, or
//! after a restart, while its time is within the window, ten minutes at most. What it would do there is harmless: readings
//! know their repeats by their ids, and one keeps the time it was first given; a key that is there already is answered as
//! such; a status is the bridge's own of a few minutes ago, and the next one comes within a minute. A list of oximeters
//! would be told to somebody who has broken TLS and has seen it before.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use ward_core::id::BridgeId;
use ward_core::time::Timestamp;

/// A request's time may be off by this much, in milliseconds, either way: the treaty's `TIME_WINDOW_MS`.
pub const TIME_WINDOW_MS: i64 = 5 * 60 * 1000;

/// Of one bridge. A bridge sends some forty in the time that they are kept.
const AT_MOST_OF_ONE: usize = 1_024;

/// Bridges in memory before those of which nothing came lately are thrown out.
const TIDY_AT: usize = 4_096;

/// The requests of this node's last minutes. Only verified ones come here, so there are at most [`AT_MOST_OF_ONE`] for
/// each enrolled bridge.
#[derive(Debug, Default)]
pub(crate) struct SeenRequests(Mutex<Bridges>);

#[derive(Debug, Default)]
struct Bridges {
    by_id: HashMap<BridgeId, OfOne>,
    tidy_at: usize,
}

#[derive(Debug)]
struct OfOne {
    /// By time, so that the oldest go first.
    seen: BTreeSet<(Timestamp, [u8; 16])>,
    /// What was thrown out was of this time or before: whatever is as old counts as seen.
    forgotten_until: Option<Timestamp>,
}

impl SeenRequests {
    /// Notes a request. Whether it is new: one that may have been forgotten is not.
    pub(crate) fn is_new(
        &self,
        bridge: BridgeId,
        signed_at: Timestamp,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let too_old = Timestamp::from_millis(now.as_millis().saturating_sub(TIME_WINDOW_MS));
        if all.by_id.len() >= all.tidy_at.max(TIDY_AT) {
            all.by_id.retain(|_, one| one.is_within(too_old));
            // Not again with every request, if so many bridges are at work.
            all.tidy_at = all.by_id.len().saturating_mul(2);
        }
        let one = all.by_id.entry(bridge).or_insert_with(|| OfOne {
            seen: BTreeSet::new(),
            forgotten_until: None,
        });
        while one.seen.first().is_some_and(|(at, _)| *at < too_old) {
            one.seen.pop_first();
        }
        if one.forgotten_until.is_some_and(|until| signed_at <= until) {
            return false;
        }
        let is_new = one.seen.insert((signed_at, nonce));
        if one.seen.len() > AT_MOST_OF_ONE
            && let Some((oldest, _)) = one.seen.pop_first()
        {
            one.forgotten_until = Some(oldest);
        }
        is_new
    }
}

impl OfOne {
    fn is_within(&self, too_old: Timestamp) -> bool {
        let newest = self.seen.last().map(|(at, _)| *at);
        newest
            .max(self.forgotten_until)
            .is_some_and(|at| at >= too_old)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_248_000_000);

    fn bridge(number: u128) -> BridgeId {
        BridgeId(Uuid::from_u128(number))
    }

    fn nonce(number: u64) -> [u8; 16] {
        u128::from(number).to_be_bytes()
    }

    fn at(after_ms: i64) -> Timestamp {
        Timestamp::from_millis(NOW.as_millis() + after_ms)
    }

    #[test]
    fn a_request_is_new_once_for_each_bridge() {
        let seen = SeenRequests::default();
        assert!(seen.is_new(bridge(1), NOW, nonce(1), NOW));
        assert!(!seen.is_new(bridge(1), NOW, nonce(1), at(60_000)));
        assert!(seen.is_new(bridge(1), NOW, nonce(2), NOW));
        assert!(seen.is_new(bridge(2), NOW, nonce(1), NOW));
        // Two tasks of one bridge: the later one may be here first.
        assert!(seen.is_new(bridge(1), at(-2_000), nonce(3), NOW));
    }

    #[test]
    fn one_signed_ahead_is_known_for_as_long_as_it_could_be_sent() {
        let seen = SeenRequests::default();
        let ahead = at(TIME_WINDOW_MS);
        assert!(seen.is_new(bridge(1), ahead, nonce(1), NOW));
        let last = at(2 * TIME_WINDOW_MS);
        assert!(!seen.is_new(bridge(1), ahead, nonce(1), last));
    }

    #[test]
    fn however_many_come_none_is_taken_twice_and_memory_has_its_limit() {
        let seen = SeenRequests::default();
        let many = 3 * u64::try_from(AT_MOST_OF_ONE).unwrap();
        for number in 0..many {
            let at = at(i64::try_from(number).unwrap());
            assert!(seen.is_new(bridge(1), at, nonce(number), at));
        }
        for number in 0..many {
            let signed_at = at(i64::try_from(number).unwrap());
            assert!(
                !seen.is_new(bridge(1), signed_at, nonce(number), at(4_000)),
                "{number}"
            );
        }
        let all = seen.0.lock().unwrap();
        assert_eq!(all.by_id[&bridge(1)].seen.len(), AT_MOST_OF_ONE);
    }

    #[test]
    fn bridges_of_which_nothing_comes_are_forgotten() {
        let seen = SeenRequests::default();
        for number in 0..TIDY_AT {
            seen.is_new(bridge(number as u128), NOW, nonce(1), NOW);
        }
        assert!(seen.is_new(bridge(u128::MAX), at(600_001), nonce(1), at(600_001)));
        assert_eq!(seen.0.lock().unwrap().by_id.len(), 1);
    }
}
