//! What trying the way of an alert has come to on this node, and telling every ward of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ward_core::alert::Subject;
use ward_core::id::WardId;
use ward_core::self_test::{PROBLEM, Round, Stage, Verdict, assess_path};
use ward_core::time::{Timestamp, seconds};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// That the way is broken is news for so long.
const GOOD_FOR: Duration = seconds(10);

/// What the rounds of this node have come to since it started.
#[derive(Debug, Default)]
pub struct SelfTested(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    ward: Option<WardId>,
    stages: BTreeMap<Stage, Duration>,
    failures: BTreeMap<Stage, u64>,
    last_success_at: Option<Timestamp>,
    told_at: Option<Timestamp>,
    not_told: u64,
}

impl SelfTested {
    fn kept<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn plays_on(&self, ward: WardId) {
        self.kept(|kept| kept.ward = Some(ward));
    }

    /// Whether this is the ward on which this node tries itself.
    #[must_use]
    pub fn is_on(&self, ward: WardId) -> bool {
        self.kept(|kept| kept.ward == Some(ward))
    }

    /// How long a stage took when it was last passed.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> Option<Duration> {
        self.kept(|kept| kept.stages.get(&stage).copied())
    }

    /// Rounds that failed at a stage.
    #[must_use]
    pub fn failures(&self, stage: Stage) -> u64 {
        self.kept(|kept| kept.failures.get(&stage).copied().unwrap_or_default())
    }

    /// When a round last came through.
    #[must_use]
    pub fn last_success_at(&self) -> Option<Timestamp> {
        self.kept(|kept| kept.last_success_at)
    }

    /// When the dead man's address was last told.
    #[must_use]
    pub fn told_at(&self) -> Option<Timestamp> {
        self.kept(|kept| kept.told_at)
    }

    /// How often it could not be.
    #[must_use]
    pub fn not_told(&self) -> u64 {
        self.kept(|kept| kept.not_told)
    }

    /// One more stage was passed.
    pub fn passed(&self, stage: Stage, took: Duration) {
        self.kept(|kept| kept.stages.insert(stage, took));
    }

    /// One more round is over.
    pub fn round(&self, round: Round, now: Timestamp) {
        self.kept(|kept| match round {
            Round::Through => kept.last_success_at = Some(now),
            Round::Failed(stage) => *kept.failures.entry(stage).or_default() += 1,
        });
    }

    /// The dead man's address was told, or could not be.
    pub fn told(&self, heard: bool, now: Timestamp) {
        self.kept(|kept| {
            if heard {
                kept.told_at = Some(now);
            } else {
                kept.not_told += 1;
            }
        });
    }
}

impl Wards {
    /// What trying the way of an alert has come to.
    #[must_use]
    pub fn self_tested(&self) -> &SelfTested {
        &self.self_tested
    }

    /// Tells every ward that the way of an alert is broken on a node, or, where that was told, that it works again. It goes
    /// straight to the log: the way that is broken is not used for telling of it. A ward that cannot be told keeps the others
    /// waiting for nothing.
    ///
    /// # Errors
    /// [`Unavailable`]: not every ward was told. The next round says the same again.
    pub async fn say_path(&self, node: &str, verdict: Verdict) -> Result<(), Unavailable> {
        let to_tell: Vec<WardId> = match verdict {
            Verdict::Works => self
                .store
                .wards_said_path_broken()
                .await?
                .into_iter()
                .collect(),
            Verdict::Broken { .. } => {
                let wards = self.store.wards().await?;
                wards.into_iter().map(|ward| ward.id).collect()
            }
        };
        let mut failed = None;
        let since = self.clock.now();
        for ward in to_tell {
            let said = self.say_path_on(ward, node.to_owned(), verdict, since);
            if let Err(error) = said.await {
                tracing::error!(%ward, %error, "this ward could not be told how the way of an alert is");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    async fn say_path_on(
        &self,
        ward: WardId,
        node: String,
        verdict: Verdict,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let wards = self.clone();
        to_the_end(async move {
            let Some(mut ledger) = wards.store.open_ledger(ward).await? else {
                return Ok(());
            };
            let now = wards.clock.now();
            // Whoever had to wait for the database so long says what was: the next round knows better.
            if matches!(verdict, Verdict::Broken { .. }) && now > since.plus(GOOD_FOR) {
                return ledger.close().await;
            }
            let open = ledger.open_alerts_about(&[Subject::Ward]).await?;
            let known = open.iter().find(|alert| alert.problem == PROBLEM);
            let Some(event) = assess_path(&node, verdict, known, now) else {
                return ledger.close().await;
            };
            tracing::error!(%ward, node, ?verdict, what = event.kind(), "the way of an alert");
            ledger.append(event, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(())
        })
        .await
    }
}
