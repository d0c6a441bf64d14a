//! Every minute the readings of the last day are held against the alerts, stay by stay.
//!
//! Every node does it, without a leader: to look twice harms nobody, and the second to say something finds it said. A stay is
//! looked at in one state of the database; what does not agree there is looked at again under the ward's lock and with its
//! log, and only what stands then is said.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use ward_core::assess::PlansOverTime;
use ward_core::id::{StayId, WardId};
use ward_core::reconcile::{Disagreement, Evidence, reconcile, said};
use ward_core::time::{Timestamp, minutes, seconds};
use ward_store::{StayEvidence, StoreError, WithLog};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// A round begins so long after the last one did.
const EVERY: Duration = seconds(60);

/// A round rests for so long altogether, in equal parts between its stays: readings go first.
const RESTS: Duration = Duration::from_secs(20);

/// A rest is no longer than this.
const REST_AT_MOST: Duration = Duration::from_millis(100);

/// Stays that ended so long ago are still looked at.
const AFTER_THE_END: Duration = minutes(3 * 24 * 60);

/// What the rounds have come to since this node started.
#[derive(Debug, Default)]
pub struct Reconciled {
    rounds: AtomicU64,
    stays: AtomicU64,
    said: AtomicU64,
    failed: AtomicU64,
    last_round_at: AtomicI64,
}

impl Reconciled {
    /// Rounds that came to their end.
    #[must_use]
    pub fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    /// Stays that were looked at.
    #[must_use]
    pub fn stays(&self) -> u64 {
        self.stays.load(Ordering::Relaxed)
    }

    /// Disagreements that this node told people of.
    #[must_use]
    pub fn said(&self) -> u64 {
        self.said.load(Ordering::Relaxed)
    }

    /// Stays that could not be looked at.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// When the last whole round ended, in milliseconds of Unix time by the service's clock; 0 before the first.
    #[must_use]
    pub fn last_round_at_ms(&self) -> i64 {
        self.last_round_at.load(Ordering::Relaxed)
    }
}

impl Wards {
    /// What holding readings against alerts has come to.
    #[must_use]
    pub fn reconciled(&self) -> &Reconciled {
        &self.reconciled
    }

    /// Holds readings against alerts, round after round, until the service is stopped.
    pub async fn reconcile_until_stopped(&self) {
        let mut ticks = tokio::time::interval(self.options.look_every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut began: Option<Timestamp> = None;
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let now = self.clock.now();
            // A clock that was set back waits for nothing.
            let is_due = began.is_none_or(|began| now >= began.plus(EVERY) || now < began);
            if !is_due {
                continue;
            }
            began = Some(now);
            tokio::select! {
                () = self.stopping.cancelled() => return,
                done = self.reconcile_all() => if let Err(error) = done {
                    tracing::error!(%error, "readings could not be held against alerts; the next round tries again");
                }
            }
        }
    }

    /// One round over all wards.
    ///
    /// # Errors
    /// [`Unavailable`] when the wards or their stays cannot be listed. A stay that cannot be looked at is counted and holds
    /// up no other.
    pub async fn reconcile_all(&self) -> Result<(), Unavailable> {
        let since = self.clock.now().minus(AFTER_THE_END);
        let mut all: Vec<(WardId, StayId)> = Vec::new();
        for ward in self.store.wards().await? {
            let stays = self.store.stays_of_ward_since(ward.id, since).await?;
            all.extend(stays.into_iter().map(|stay| (ward.id, stay)));
        }
        let parts = u32::try_from(all.len()).unwrap_or(u32::MAX).max(1);
        let rest = (RESTS / parts).min(REST_AT_MOST);
        for (ward, stay) in all {
            if let Err(error) = self.reconcile_stay(ward, stay).await {
                self.reconciled.failed.fetch_add(1, Ordering::Relaxed);
                tracing::error!(%ward, %stay, %error, "the readings of this stay could not be held against its alerts; the next round tries again");
            }
            self.reconciled.stays.fetch_add(1, Ordering::Relaxed);
            // A clock that is moved by a test waits for nobody.
            if self.clock.is_the_machines() {
                tokio::time::sleep(rest).await;
            }
        }
        let ended = self.clock.now().as_millis();
        self.reconciled
            .last_round_at
            .store(ended, Ordering::Relaxed);
        self.reconciled.rounds.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn reconcile_stay(&self, ward: WardId, stay: StayId) -> Result<(), StoreError> {
        let (wards, now) = (self.clone(), self.clock.now());
        let looked = to_the_end(async move {
            let evidence = wards.store.evidence(stay, WithLog::No, now).await?;
            // Nothing that people are told already is looked into under the ward's lock every minute.
            Ok::<_, StoreError>(evidence.is_some_and(|evidence| {
                let found = found_in(&evidence, now);
                said(&found, &evidence.record.stay, &evidence.alerts, now).is_some()
            }))
        });
        if looked.await? {
            self.look_again(ward, stay).await?;
        }
        Ok(())
    }

    /// Under the ward's lock, with the log of the stay: what does not agree now is said.
    async fn look_again(&self, ward: WardId, stay: StayId) -> Result<(), StoreError> {
        let wards = self.clone();
        to_the_end(async move {
            let Some(mut ledger) = wards.store.open_ledger(ward).await? else {
                return Ok(());
            };
            let now = wards.clock.now();
            let Some(evidence) = ledger.evidence(stay, now).await? else {
                return ledger.close().await;
            };
            let found = found_in(&evidence, now);
            let Some(event) = said(&found, &evidence.record.stay, &evidence.alerts, now) else {
                return ledger.close().await;
            };
            // What is applied is applied to what is there.
            ledger.open_alerts().await?;
            ledger.append(event, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            wards.reconciled.said.fetch_add(1, Ordering::Relaxed);
            for Disagreement { what, problem, about } in &found {
                let record = about.map(|about| about.record.to_string());
                tracing::error!(%ward, %stay, ?what, problem = problem.name(), record, "readings and alerts do not agree: a rule was not applied, or a record is damaged");
            }
            Ok(())
        })
        .await
    }
}

fn found_in(evidence: &StayEvidence, now: Timestamp) -> Vec<Disagreement> {
    let plans = PlansOverTime {
        now: &evidence.record.stay.plan,
        since: evidence.plans.clone(),
    };
    let evidence = Evidence {
        stay: &evidence.record.stay,
        state: &evidence.record.state,
        plans: &plans,
        readings: &evidence.readings,
        struck: &evidence.struck,
        entries: &evidence.entries,
        alerts: &evidence.alerts,
        since: evidence.since,
        history: &evidence.history,
        clock_was_wrong: evidence.clock_was_wrong,
    };
    reconcile(&evidence, now)
}
