//! One write lane a ward: whatever is waiting goes into the next transaction.
//!
//! A ward's ledger is held by one writer at a time anyway. Doing all the waiting work in one commit is what makes a busy
//! morning cheap, and nobody waits for company: an idle lane writes at once.

mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};
use ward_core::id::{BridgeId, WardId};
use ward_core::time::Timestamp;
use ward_store::{Store, StoreError};

use crate::bell::Bell;
use crate::clock::Clock;
use crate::record_readings::{Answer, Placed};

/// Requests that may wait for a ward. A full lane says so; it does not grow.
const QUEUE: usize = 512;

/// Items that go into one transaction, so that the last to come does not wait for all that came before.
const ITEMS_PER_LEDGER: usize = 2_000;

/// Why an item is kept apart that the database refuses, or whose rows cannot be read.
const NOT_HELD: &str = "the records cannot hold this item as it is";

/// What became of a job: an answer for each place in the batch.
pub(crate) type Outcome = Result<Vec<(usize, Answer)>, LaneError>;

/// One request's share of one ward.
pub(crate) struct Job {
    pub(crate) bridge: BridgeId,
    pub(crate) received_at: Timestamp,
    pub(crate) items: Vec<Placed>,
    pub(crate) reply: oneshot::Sender<Outcome>,
}

/// Why a job was not done.
#[derive(Debug)]
pub(crate) enum LaneError {
    Store(StoreError),
    Moved,
    Broken,
}

impl LaneError {
    fn is_about_the_data(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_about_the_data())
    }
}

impl From<StoreError> for LaneError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The lane is full.
#[derive(Debug)]
pub(crate) struct Full;

/// All lanes.
pub(crate) struct Lanes {
    store: Store,
    bell: Arc<Bell>,
    clock: Clock,
    lanes: Mutex<HashMap<WardId, mpsc::Sender<Job>>>,
}

impl Lanes {
    pub(crate) fn new(store: Store, bell: Arc<Bell>, clock: Clock) -> Self {
        Self {
            store,
            bell,
            clock,
            lanes: Mutex::default(),
        }
    }

    pub(crate) fn submit(&self, ward: WardId, job: Job) -> Result<(), Full> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(ward).or_insert_with(|| self.start(ward));
        match lane.try_send(job) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Full),
            // Its task has ended, which only a panic can do: a new one takes over.
            Err(mpsc::error::TrySendError::Closed(job)) => {
                tracing::error!(%ward, "a write lane has ended unexpectedly; a new one starts");
                *lane = self.start(ward);
                lane.try_send(job).map_err(|_| Full)
            }
        }
    }

    fn start(&self, ward: WardId) -> mpsc::Sender<Job> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let hands = Hands {
            store: self.store.clone(),
            bell: Arc::clone(&self.bell),
            clock: self.clock.clone(),
        };
        tokio::spawn(run(hands, ward, receiver));
        sender
    }
}

/// What a lane works with.
pub(crate) struct Hands {
    store: Store,
    bell: Arc<Bell>,
    clock: Clock,
}

async fn run(hands: Hands, ward: WardId, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.recv().await {
        let mut jobs = vec![first];
        let mut items: usize = jobs.iter().map(|job| job.items.len()).sum();
        while items < ITEMS_PER_LEDGER
            && let Ok(job) = queue.try_recv()
        {
            items += job.items.len();
            jobs.push(job);
        }
        match write::all(&hands, ward, &jobs).await {
            Ok((outcomes, head)) => {
                hands.bell.ring(ward, head);
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    let _ = job.reply.send(Ok(outcome));
                }
            }
            // One bad job must not hold up the others: each on its own.
            Err(error) if jobs.len() > 1 => {
                tracing::warn!(%ward, ?error, jobs = jobs.len(), "a shared write failed; each is tried alone");
                for job in jobs {
                    alone(&hands, ward, job).await;
                }
            }
            Err(error) => {
                if let Some(job) = jobs.pop() {
                    after_failing(&hands, ward, job, error).await;
                }
            }
        }
    }
}

async fn alone(hands: &Hands, ward: WardId, job: Job) {
    match write::all(hands, ward, std::slice::from_ref(&job)).await {
        Ok((outcomes, head)) => {
            hands.bell.ring(ward, head);
            let outcome = outcomes.into_iter().next().ok_or(LaneError::Broken);
            let _ = job.reply.send(outcome);
        }
        Err(error) => after_failing(hands, ward, job, error).await,
    }
}

/// What a job that failed alone is answered. When its data are at fault, a repeat would fail for ever and hold up a red
/// beside them: then each item is tried by itself.
async fn after_failing(hands: &Hands, ward: WardId, job: Job, error: LaneError) {
    let Job {
        bridge,
        received_at,
        items,
        reply,
    } = job;
    let outcome = if error.is_about_the_data() {
        tracing::error!(%ward, %bridge, ?error, "a batch cannot be written as it is; each item is tried alone");
        item_by_item(hands, ward, (bridge, received_at), items).await
    } else {
        Err(error)
    };
    let _ = reply.send(outcome);
}

/// The newest first, so that a low behind a newer good reading of the same batch is late, as in one go.
async fn item_by_item(
    hands: &Hands,
    ward: WardId,
    (bridge, received_at): (BridgeId, Timestamp),
    mut items: Vec<Placed>,
) -> Outcome {
    items.sort_by_key(|placed| std::cmp::Reverse(placed.item.effective_at(received_at)));
    let mut answers = Vec::with_capacity(items.len());
    for placed in items {
        let job = |item: Placed| Job {
            bridge,
            received_at,
            items: vec![item],
            reply: oneshot::channel().0,
        };
        let place = placed.place;
        let spare = placed.item.clone().kept_apart(NOT_HELD);
        let mut written = write::all(hands, ward, &[job(placed)]).await;
        if let Err(error) = &written
            && error.is_about_the_data()
        {
            tracing::error!(%ward, %bridge, ?error, "an item cannot be written and is kept apart");
            let kept = job(Placed { place, item: spare });
            written = write::all(hands, ward, &[kept]).await;
        }
        let (outcomes, head) = written?;
        hands.bell.ring(ward, head);
        answers.extend(outcomes.into_iter().flatten());
    }
    Ok(answers)
}
