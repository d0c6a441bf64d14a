//! Readings come in. Each is confirmed only when it is on disk and what follows from it is too.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::{ReadingId, WardId};
use ward_core::pathway::out_of_phase::Advice;
use ward_core::reading::{Context, Measured, effective_time};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;
use ward_store::Bridge;

use crate::error::Unavailable;
use crate::lane::{Done, Job, LaneError};
use crate::wards::Wards;

/// One item of a batch.
#[derive(Clone, Debug)]
pub enum Item {
    /// A reading.
    Reading(IncomingReading),
    /// Something that cannot be a reading.
    Unreadable(Unreadable),
}

/// A reading as it came in.
#[derive(Clone, Debug)]
pub struct IncomingReading {
    /// Given by the bridge; the same at every try.
    pub id: ReadingId,
    /// The oximeter.
    pub device_address: DeviceAddress,
    /// By the bridge's wall clock.
    pub measured_at: Timestamp,
    /// How long ago, by the bridge's steady clock.
    pub age: Option<Duration>,
    /// What was measured.
    pub measured: Measured,
    /// In what circumstances.
    pub context: Context,
    /// The frame it came from.
    pub raw: Option<Vec<u8>>,
    /// The whole item as it came, in case it has to be kept apart.
    pub text: Vec<u8>,
}

/// Something that cannot be a reading, and whatever could be made out of it.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// So that a repeat meets itself.
    pub id: ReadingId,
    /// Why it cannot be read, and where.
    pub reason: String,
    /// The oximeter it names.
    pub device_address: Option<DeviceAddress>,
    /// A saturation that could be made out: it may be a low.
    pub spo2: Option<Spo2>,
    /// As it came.
    pub text: Vec<u8>,
}

/// What became of one item. All of it is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has a wearer and is on their chart.
    Stored,
    /// It is on the chart of somebody whose stay is paused or over, and the sender must know. A repeat is answered alike: the
    /// first answer may have been lost.
    Unwatched {
        /// What to do, and that nobody watches.
        advice: Advice,
    },
    /// It was there already.
    Duplicate,
    /// Kept with its bytes and shown to the ward.
    Quarantined {
        /// Why.
        reason: String,
    },
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedBatch {
    /// One for each item, in their order.
    pub answers: Vec<Answer>,
    /// The epoch in which all of it was written; of an empty batch, the one of now.
    pub epoch: Uuid,
}

/// Why a batch was not taken. Nothing of it is confirmed; send it again.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Too much is waiting for this ward.
    #[error("too many readings are waiting for this ward: send them again in a moment")]
    Full,
    /// The store did not do it.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// An oximeter moved to another ward while its reading was on the way.
    #[error("an oximeter has just changed wards: send the readings again")]
    Moved,
    /// The database went back, or was put back, while the batch was written: nobody can say what is still there.
    #[error("the records have just gone back to an earlier state: send the readings again")]
    EpochChanged,
}

/// The bridge's ward first, then where the ledger sends an item on to. An oximeter that changes wards meanwhile may need
/// another turn.
const WARDS_ASKED: usize = 3;

/// An item with its place in the batch.
pub(crate) struct Placed {
    pub(crate) place: usize,
    pub(crate) item: Item,
}

impl Wards {
    /// Records what a bridge sent. One answer for each item, in their order, given only after the commit.
    ///
    /// # Errors
    /// [`RecordError`]: nothing is confirmed, although a part may be stored; a repeat does no harm.
    pub async fn record_readings(
        &self,
        bridge: &Bridge,
        items: Vec<Item>,
    ) -> Result<Vec<Answer>, RecordError> {
        let received_at = self.clock.now();
        let recorded = self.record_readings_received(bridge, items, received_at);
        Ok(recorded.await?.answers)
    }

    /// As [`Wards::record_readings`], for what began to come in at `received_at`: the ages in it count from then, however
    /// long the rest of it took.
    ///
    /// # Errors
    /// As [`Wards::record_readings`].
    pub async fn record_readings_received(
        &self,
        bridge: &Bridge,
        items: Vec<Item>,
        received_at: Timestamp,
    ) -> Result<RecordedBatch, RecordError> {
        let count = items.len();
        let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
        let mut epochs = BTreeSet::new();
        if items.is_empty() {
            epochs.insert(self.store.epoch().await.map_err(LaneError::Store)?);
        }
        let items = items.into_iter().enumerate();
        let mut to_do = self.found_before.by_ward(
            bridge.ward,
            items.map(|(place, item)| Placed { place, item }),
        );
        for _ in 0..WARDS_ASKED {
            let done = self.submit(bridge, received_at, to_do).await?;
            answers.extend(done.answers);
            epochs.extend(done.epochs);
            if done.elsewhere.is_empty() {
                break;
            }
            self.found_before.note(bridge.ward, &done.elsewhere);
            to_do = done.elsewhere;
        }
        // An item without an answer would be forgotten by the bridge: better to send the batch again.
        if answers.len() != count {
            return Err(RecordError::Moved);
        }
        let mut epochs = epochs.into_iter();
        let (Some(epoch), None) = (epochs.next(), epochs.next()) else {
            return Err(RecordError::EpochChanged);
        };
        Ok(RecordedBatch {
            answers: answers.into_values().collect(),
            epoch,
        })
    }

    /// All wards' shares are under way at once; most batches have one.
    async fn submit(
        &self,
        bridge: &Bridge,
        received_at: Timestamp,
        by_ward: BTreeMap<WardId, Vec<Placed>>,
    ) -> Result<Done, RecordError> {
        let mut waiting = Vec::with_capacity(by_ward.len());
        for (ward, items) in by_ward {
            let (reply, answer) = tokio::sync::oneshot::channel();
            let job = Job {
                bridge: bridge.id,
                home: bridge.ward,
                received_at,
                items,
                reply,
            };
            self.lanes
                .submit(ward, job)
                .map_err(|_| RecordError::Full)?;
            waiting.push(answer);
        }
        let mut done = Done::default();
        for answer in waiting {
            done.add(answer.await.unwrap_or(Err(LaneError::Broken))?);
        }
        Ok(done)
    }
}

/// Where readings were found to belong that are not their bridge's ward's. Spares them the way through it the next time;
/// the ledger asks again whose they are, so that what is wrong here costs time and nothing else.
#[derive(Debug, Default)]
pub(crate) struct FoundBefore(Mutex<HashMap<DeviceAddress, WardId>>);

impl FoundBefore {
    /// More than so many and all are forgotten.
    const AT_MOST: usize = 10_000;

    fn by_ward(
        &self,
        home: WardId,
        items: impl Iterator<Item = Placed>,
    ) -> BTreeMap<WardId, Vec<Placed>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut by_ward: BTreeMap<WardId, Vec<Placed>> = BTreeMap::new();
        for placed in items {
            let ward = placed.item.address().and_then(|address| known.get(address));
            by_ward
                .entry(ward.copied().unwrap_or(home))
                .or_default()
                .push(placed);
        }
        by_ward
    }

    fn note(&self, home: WardId, elsewhere: &BTreeMap<WardId, Vec<Placed>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > Self::AT_MOST {
            known.clear();
        }
        for (ward, items) in elsewhere {
            for address in items.iter().filter_map(|placed| placed.item.address()) {
                if *ward == home {
                    known.remove(address);
                } else {
                    known.insert(address.clone(), *ward);
                }
            }
        }
    }
}

impl Item {
    /// The same item as one that could not be read: for what the records do not hold.
    pub(crate) fn kept_apart(self, reason: &str) -> Self {
        let reason = reason.to_owned();
        Self::Unreadable(match self {
            Self::Unreadable(item) => Unreadable { reason, ..item },
            Self::Reading(item) => Unreadable {
                id: item.id,
                reason,
                spo2: match &item.measured {
                    Measured::Values(values) => Some(values.spo2),
                    Measured::Attempt { .. } => None,
                },
                device_address: Some(item.device_address),
                text: item.text,
            },
        })
    }

    pub(crate) const fn address(&self) -> Option<&DeviceAddress> {
        match self {
            Self::Reading(reading) => Some(&reading.device_address),
            Self::Unreadable(unreadable) => unreadable.device_address.as_ref(),
        }
    }

    pub(crate) fn effective_at(&self, received_at: Timestamp) -> Timestamp {
        match self {
            Self::Reading(reading) => {
                effective_time(reading.measured_at, reading.age, received_at).0
            }
            Self::Unreadable(_) => received_at,
        }
    }
}

impl From<LaneError> for RecordError {
    fn from(error: LaneError) -> Self {
        match error {
            LaneError::Store(error) => Self::Unavailable(Unavailable::from(error)),
            LaneError::Broken => Self::Unavailable(Unavailable::from(
                ward_store::StoreError::Unavailable("a write was broken off".to_owned()),
            )),
            LaneError::Moved => Self::Moved,
        }
    }
}
