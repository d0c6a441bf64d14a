//! What a console has shown: a visible page with sound armed has applied the ward's log up to a number.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ward_core::alert::{self, Change};
use ward_core::event::WardEvent;
use ward_core::id::{Seq, WardId};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Up to where each ward's alerts are known to have been shown. Spares the database a question for every receipt; a
/// restart may forget it.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<WardId, Seq>>);

impl Seen {
    fn covers(&self, ward: WardId, seq: Seq) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&ward)
            .is_some_and(|seen| *seen >= seq)
    }

    fn note(&self, ward: WardId, seq: Seq) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = seen.entry(ward).or_default();
        *held = seq.max(*held);
    }

    /// The log has gone back: numbers are given anew, and nobody has seen what they will mean.
    pub(crate) fn forget(&self, ward: WardId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&ward);
    }
}

impl Wards {
    /// A console that is visible and whose sound is armed has applied the log up to `seq`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn applied(&self, ward: WardId, seq: Seq) -> Result<(), Unavailable> {
        if self.applied.covers(ward, seq) {
            return Ok(());
        }
        let head = self.store.head(ward).await?.unwrap_or_default();
        // What nobody can have seen yet is no receipt, not even for what is there.
        if seq > head {
            return Ok(());
        }
        let now = self.clock.now();
        let news = self
            .store
            .open_alerts(ward)
            .await?
            .iter()
            .any(|alert| alert::shown(alert, seq, now).is_some());
        if news {
            let wards = self.clone();
            to_the_end(async move { wards.append_shown(ward, seq).await }).await?;
        }
        self.applied.note(ward, seq);
        Ok(())
    }

    async fn append_shown(&self, ward: WardId, seq: Seq) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        for open in ledger.open_alerts().await? {
            if let Some(alert) = alert::shown(&open, seq, now) {
                ledger.append(
                    WardEvent::Alert {
                        change: Change::Shown,
                        alert: Box::new(alert),
                    },
                    now,
                );
            }
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}
