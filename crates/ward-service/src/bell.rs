//! The bell: rung after a commit, so that who waits for a ward's log need not wait for the next look at it.
//!
//! A hint and no more. Whoever misses it looks again within half a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use ward_core::id::{Seq, WardId};

/// One bell a ward.
#[derive(Debug, Default)]
pub struct Bell(Mutex<HashMap<WardId, watch::Sender<Seq>>>);

impl Bell {
    /// Says that a ward's log has reached `seq`.
    pub fn ring(&self, ward: WardId, seq: Seq) {
        self.of(ward).send_if_modified(|held| {
            let news = seq > *held;
            *held = seq.max(*held);
            news
        });
    }

    /// The log has gone back to `seq`: what is appended from here on is news, whatever was rung for before.
    pub(crate) fn go_back(&self, ward: WardId, seq: Seq) {
        self.of(ward).send_replace(seq);
    }

    /// Hears every ring for a ward from now on.
    #[must_use]
    pub fn listen(&self, ward: WardId) -> watch::Receiver<Seq> {
        self.of(ward).subscribe()
    }

    fn of(&self, ward: WardId) -> watch::Sender<Seq> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells
            .entry(ward)
            .or_insert_with(|| watch::Sender::new(Seq::default()))
            .clone()
    }
}
