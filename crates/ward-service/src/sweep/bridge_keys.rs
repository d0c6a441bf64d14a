//! Bridges that go on with a key that they should have renewed: each ward whose patients they read is told, and nothing
//! is refused for it.

use std::collections::BTreeSet;

use ward_core::alert::{Problem, Subject};
use ward_core::bridge_watch::{assess_kit, key_expired, kit_works_again};
use ward_core::id::{BridgeId, WardId};
use ward_core::technical::Cause;
use ward_core::time::Timestamp;
use ward_store::{BridgeAtWork, StoreError};

use super::bridges::whom_it_reads;
use crate::error::Unavailable;
use crate::wards::Wards;

impl Wards {
    /// Says which of these bridges have a key that is over its day, and which have renewed it.
    ///
    /// # Errors
    /// [`Unavailable`] when that cannot be read.
    pub(super) async fn look_at_bridge_keys(
        &self,
        at_work: &[BridgeAtWork],
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let (expired, said) = (
            self.store.expired_bridge_keys(now).await?,
            self.store.said_of_bridge_keys().await?,
        );
        let to_see_to: BTreeSet<(WardId, BridgeId)> = at_work
            .iter()
            .map(|one| (one.ward, one.bridge))
            .filter(|(ward, bridge)| {
                let is_said = said.contains(&(*ward, Subject::Bridge(*bridge).to_string()));
                // One that is said is looked at again each time: it may have been renewed, or be over its day again.
                is_said || expired.contains(bridge)
            })
            .collect();
        for (ward, bridge) in to_see_to {
            let wards = self.clone();
            let done = tokio::spawn(async move { wards.see_to_bridge_key(ward, bridge).await });
            match done.await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => {
                    tracing::error!(%ward, %bridge, %why, "whether this bridge's key should have been renewed could not be said");
                }
                Err(why) => tracing::error!(%why, "a look at a bridge's key has failed"),
            }
        }
        Ok(())
    }

    async fn see_to_bridge_key(&self, ward: WardId, bridge: BridgeId) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        // Under the lock: it may have been renewed meanwhile, and another node may have said so.
        let now = self.clock.now();
        let since = ledger.bridge_key_expired(bridge, now).await?;
        let known = ledger
            .open_alerts_about(&[Subject::Bridge(bridge)])
            .await?
            .into_iter()
            .find(|alert| alert.problem == Problem::Technical(Cause::BridgeKeyExpired));
        let event = match (since, known) {
            (Some(since), known) => {
                let (_, stays) = whom_it_reads(&mut ledger, bridge).await?;
                assess_kit(&key_expired(bridge, since, stays), known.as_ref(), now)
            }
            (None, Some(known)) => kit_works_again(&known, now),
            (None, None) => None,
        };
        let Some(event) = event else {
            return ledger.close().await;
        };
        tracing::warn!(%ward, %bridge, what = event.kind(), expired = since.is_some(), "a bridge and its key");
        ledger.append(event, now);
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}
