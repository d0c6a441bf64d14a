//! One write lane a ward: whatever is waiting goes into the next transaction.
//!
//! A ward's ledger is held by one writer at a time anyway. Doing all the waiting work in one commit is what makes a busy
//! morning cheap, and nobody waits for company: an idle lane writes at once.

mod whose;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use ward_core::id::{BridgeId, WardId};
use ward_core::time::Timestamp;
use ward_store::{Store, StoreError};

use crate::bell::Bell;
use crate::clock::Clock;
use crate::record_readings::{Answer, Placed};
use crate::seeded::Seeded;

/// Requests that may wait for a ward. A full lane says so; it does not grow.
const QUEUE: usize = 512;

/// Items that go into one transaction, so that the last to come does not wait for all that came before.
const ITEMS_PER_LEDGER: usize = 2_000;

/// Why an item is kept apart that the database refuses, or whose rows cannot be read.
const NOT_HELD: &str = "the records cannot hold this item as it is";

/// What became of a job.
pub(crate) type Outcome = Result<Done, LaneError>;

/// Each item of a job is in one of the two.
#[derive(Default)]
pub(crate) struct Done {
    /// An answer for each place in the batch: it is on disk.
    pub(crate) answers: Vec<(usize, Answer)>,
    /// What is another ward's, and which. Nothing was done with it.
    pub(crate) elsewhere: BTreeMap<WardId, Vec<Placed>>,
    /// In which epochs it was written: one, but while it changes.
    pub(crate) epochs: BTreeSet<Uuid>,
}

/// What became of one item, or where it belongs.
pub(crate) enum Found {
    Answered(Answer),
    Elsewhere(WardId),
}

/// One request's share of one ward.
pub(crate) struct Job {
    pub(crate) bridge: BridgeId,
    /// The bridge's own ward: it hears of what is nobody's.
    pub(crate) home: WardId,
    pub(crate) received_at: Timestamp,
    pub(crate) items: Vec<Placed>,
    pub(crate) reply: oneshot::Sender<Outcome>,
}

impl Done {
    fn of(items: Vec<Placed>, found: Vec<(usize, Found)>, epoch: Uuid) -> Self {
        let mut answers = Vec::with_capacity(found.len());
        let mut wards = HashMap::new();
        for (place, found) in found {
            match found {
                Found::Answered(answer) => answers.push((place, answer)),
                Found::Elsewhere(ward) => {
                    wards.insert(place, ward);
                }
            }
        }
        let mut elsewhere: BTreeMap<WardId, Vec<Placed>> = BTreeMap::new();
        if !wards.is_empty() {
            for placed in items {
                if let Some(ward) = wards.get(&placed.place) {
                    elsewhere.entry(*ward).or_default().push(placed);
                }
            }
        }
        Self {
            answers,
            elsewhere,
            epochs: BTreeSet::from([epoch]),
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.answers.extend(other.answers);
        self.epochs.extend(other.epochs);
        for (ward, items) in other.elsewhere {
            self.elsewhere.entry(ward).or_default().extend(items);
        }
    }
}

impl Job {
    /// The same request with one item only, which nobody waits for.
    fn with(&self, item: Placed) -> Self {
        Self {
            bridge: self.bridge,
            home: self.home,
            received_at: self.received_at,
            items: vec![item],
            reply: oneshot::channel().0,
        }
    }
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
    seeded: Arc<Seeded>,
    lanes: Mutex<HashMap<WardId, mpsc::Sender<Job>>>,
}

impl Lanes {
    pub(crate) fn new(store: Store, bell: Arc<Bell>, clock: Clock, seeded: Arc<Seeded>) -> Self {
        Self {
            store,
            bell,
            clock,
            seeded,
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
            seeded: Arc::clone(&self.seeded),
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
    seeded: Arc<Seeded>,
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
            Ok(written) => {
                hands.bell.ring(ward, written.head);
                for (job, found) in jobs.into_iter().zip(written.outcomes) {
                    answer(job, found, written.epoch);
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

/// Nobody may be waiting any more; what is stored is stored.
fn answer(job: Job, found: Vec<(usize, Found)>, epoch: Uuid) {
    let _ = job.reply.send(Ok(Done::of(job.items, found, epoch)));
}

async fn alone(hands: &Hands, ward: WardId, job: Job) {
    match write::all(hands, ward, std::slice::from_ref(&job)).await {
        Ok(written) => {
            hands.bell.ring(ward, written.head);
            let found = written.outcomes.into_iter().flatten().collect();
            answer(job, found, written.epoch);
        }
        Err(error) => after_failing(hands, ward, job, error).await,
    }
}

/// What a job that failed alone is answered. When its data are at fault, a repeat would fail for ever and hold up a red
/// beside them: then each item is tried by itself.
async fn after_failing(hands: &Hands, ward: WardId, mut job: Job, error: LaneError) {
    let outcome = if error.is_about_the_data() {
        tracing::error!(%ward, bridge = %job.bridge, ?error, "a batch cannot be written as it is; each item is tried alone");
        let items = std::mem::take(&mut job.items);
        item_by_item(hands, ward, &job, items).await
    } else {
        Err(error)
    };
    let _ = job.reply.send(outcome);
}

/// The newest first, so that a low behind a newer good reading of the same batch is late, as in one go.
async fn item_by_item(hands: &Hands, ward: WardId, of: &Job, mut items: Vec<Placed>) -> Outcome {
    items.sort_by_key(|placed| std::cmp::Reverse(placed.item.effective_at(of.received_at)));
    let mut done = Done::default();
    for placed in items {
        let spare = Placed {
            place: placed.place,
            item: placed.item.clone().kept_apart(NOT_HELD),
        };
        let mut job = of.with(placed);
        let mut written = write::all(hands, ward, std::slice::from_ref(&job)).await;
        if let Err(error) = &written
            && error.is_about_the_data()
        {
            tracing::error!(%ward, bridge = %of.bridge, ?error, "an item cannot be written and is kept apart");
            job = of.with(spare);
            written = write::all(hands, ward, std::slice::from_ref(&job)).await;
        }
        let written = written?;
        hands.bell.ring(ward, written.head);
        done.add(Done::of(
            job.items,
            written.outcomes.into_iter().flatten().collect(),
            written.epoch,
        ));
    }
    Ok(done)
}
