//! Bridges of which nothing is heard, and those that are heard of again.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ward_core::alert::{Problem, Severity, Subject};
use ward_core::bridge_watch::{assess_kit, kit_works_again, silent_bridge, silent_since};
use ward_core::id::{BridgeId, StayId, WardId};
use ward_core::silence::what_came_before;
use ward_core::technical::Cause;
use ward_core::time::Timestamp;
use ward_store::{BridgeAtWork, Ledger, StoreError};

use crate::error::Unavailable;
use crate::wards::Wards;

/// Bridges are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// When bridges were last looked at, by this node.
#[derive(Debug, Default)]
pub(crate) struct Looked(Mutex<Option<Timestamp>>);

impl Looked {
    /// Whether it is time again. A clock that was set back is no reason to wait.
    fn is_due(&self, now: Timestamp) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now < last || now >= last.plus(LOOK_EVERY));
        if due {
            *last = Some(now);
        }
        due
    }
}

impl Wards {
    /// Looks which bridges have fallen silent and which are heard of again, every quarter of a minute.
    ///
    /// # Errors
    /// [`Unavailable`] when that cannot be read.
    pub(super) async fn look_at_bridges(&self) -> Result<(), Unavailable> {
        let now = self.clock.now();
        if !self.looked_at_bridges.is_due(now) {
            return Ok(());
        }
        let said = self.store.silent_bridges().await?;
        let mut to_see_to: BTreeSet<(WardId, BridgeId)> = BTreeSet::new();
        let all_at_work = self.store.bridges_at_work().await?;
        self.look_at_bridge_keys(&all_at_work, now).await?;
        for at_work in all_at_work {
            let BridgeAtWork { bridge, ward, .. } = at_work;
            let subject = Subject::Bridge(bridge).to_string();
            let is_said = said
                .get(&ward)
                .is_some_and(|subjects| subjects.contains(&subject));
            // One that is said is looked at again each time: it may have been heard of, or have gone again.
            if is_said || self.silent_since(&at_work, now).is_some() {
                to_see_to.insert((ward, bridge));
            }
        }
        for (ward, bridge) in to_see_to {
            let wards = self.clone();
            let done = tokio::spawn(async move { wards.see_to_bridge(ward, bridge).await });
            match done.await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => {
                    tracing::error!(%ward, %bridge, %why, "whether this bridge is silent could not be said");
                }
                Err(why) => tracing::error!(%why, "a look at a bridge has failed"),
            }
        }
        Ok(())
    }

    fn silent_since(&self, at_work: &BridgeAtWork, now: Timestamp) -> Option<Timestamp> {
        let BridgeAtWork {
            heard_at,
            due_since,
            ..
        } = at_work;
        let after = self.options.bridge_silent_after;
        silent_since(*heard_at, *due_since, self.listening_since, after, now)
    }

    async fn see_to_bridge(&self, ward: WardId, bridge: BridgeId) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        // Under the lock: it may have been heard of meanwhile, and another node may have said so.
        let now = self.clock.now();
        let at_work = ledger.bridge_at_work(bridge).await?;
        let since = at_work.and_then(|at_work| self.silent_since(&at_work, now));
        let known = ledger
            .open_alerts_about(&[Subject::Bridge(bridge)])
            .await?
            .into_iter()
            .find(|alert| alert.problem == Problem::Technical(Cause::BridgeSilent));
        let event = match (since, known) {
            (Some(since), known) => {
                let (worst, stays) = whom_it_reads(&mut ledger, bridge).await?;
                let fault = silent_bridge(bridge, since, worst, stays);
                assess_kit(&fault, known.as_ref(), now)
            }
            (None, Some(known)) => kit_works_again(&known, now),
            (None, None) => None,
        };
        let Some(event) = event else {
            return ledger.close().await;
        };
        tracing::warn!(%ward, %bridge, what = event.kind(), silent = since.is_some(), "a bridge and its silence");
        ledger.append(event, now);
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}

/// The patients of this ward whom a bridge reads, and how bad things were with the worst of them.
pub(super) async fn whom_it_reads(
    ledger: &mut Ledger,
    bridge: BridgeId,
) -> Result<(Severity, Vec<StayId>), StoreError> {
    let mut worst = Severity::Low;
    let mut stays: Vec<StayId> = Vec::new();
    for read in ledger.read_by(bridge).await? {
        if let Some(record) = ledger.stay(read.stay).await? {
            worst = worst.max(what_came_before(&record.state));
            stays.push(read.stay);
        }
    }
    stays.dedup();
    Ok((worst, stays))
}
