//! How many consoles of each ward are visible with sound armed: a ward that nobody hears must say so on every board.
//!
//! Counted on this node alone. With several, a board may say that nobody watches while somebody does elsewhere, never
//! the other way round.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ward_core::id::WardId;

#[derive(Clone, Default)]
pub(crate) struct Watching(Arc<Mutex<HashMap<WardId, u32>>>);

/// One console that counts for as long as this lives.
pub(crate) struct Watcher {
    all: Watching,
    ward: WardId,
}

impl Watching {
    pub(crate) fn of(&self, ward: WardId) -> u32 {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&ward).copied().unwrap_or_default()
    }

    pub(crate) fn watch(&self, ward: WardId) -> Watcher {
        self.add(ward, 1);
        Watcher {
            all: self.clone(),
            ward,
        }
    }

    fn add(&self, ward: WardId, change: i32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ward).or_default();
        *count = count.saturating_add_signed(change);
        if *count == 0 {
            counts.remove(&ward);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.all.add(self.ward, -1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_console_counts_on_its_ward_until_it_goes() {
        let (pendle, ribble) = (WardId(Uuid::from_u128(1)), WardId(Uuid::from_u128(2)));
        let watching = Watching::default();
        let first = watching.watch(pendle);
        let second = watching.watch(pendle);
        assert_eq!((watching.of(pendle), watching.of(ribble)), (2, 0));
        drop(first);
        assert_eq!(watching.of(pendle), 1);
        drop(second);
        assert_eq!(watching.of(pendle), 0);
    }
}
