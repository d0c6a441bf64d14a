//! Readings come in. Each is confirmed only when it is on disk and what follows from it is too.

use std::collections::BTreeMap;
use std::time::Duration;

use ward_core::device::DeviceAddress;
use ward_core::id::{ReadingId, WardId};
use ward_core::reading::{Context, Measured, effective_time};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;
use ward_store::{Bridge, Worn};

use crate::error::Unavailable;
use crate::lane::{Job, LaneError};
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

/// What became of one item. All three are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has a wearer and is on their chart.
    Stored,
    /// It was there already.
    Duplicate,
    /// Kept with its bytes and shown to the ward.
    Quarantined {
        /// Why.
        reason: String,
    },
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
}

/// An item with its place in the batch, and when it was measured on the service's clock.
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
        self.record_readings_received(bridge, items, self.clock.now())
            .await
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
    ) -> Result<Vec<Answer>, RecordError> {
        let count = items.len();
        let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
        let by_ward = self.by_ward(bridge, items, received_at).await?;
        // All wards' shares are under way at once; most batches have one.
        let mut waiting = Vec::new();
        for (ward, items) in by_ward {
            let (reply, answer) = tokio::sync::oneshot::channel();
            let job = Job {
                bridge: bridge.id,
                received_at,
                items,
                reply,
            };
            self.lanes
                .submit(ward, job)
                .map_err(|_| RecordError::Full)?;
            waiting.push(answer);
        }
        for answer in waiting {
            let done = answer.await.unwrap_or(Err(LaneError::Broken));
            answers.extend(done.map_err(RecordError::from)?);
        }
        // An item without an answer would be forgotten by the bridge: better to send the batch again.
        if answers.len() == count {
            Ok(answers.into_values().collect())
        } else {
            Err(RecordError::Moved)
        }
    }

    /// Whose each item is decides the ward; what is nobody's, or not this bridge's to bring, goes to the bridge's ward.
    async fn by_ward(
        &self,
        bridge: &Bridge,
        items: Vec<Item>,
        received_at: Timestamp,
    ) -> Result<BTreeMap<WardId, Vec<Placed>>, Unavailable> {
        let mut worn: BTreeMap<DeviceAddress, Option<Worn>> = BTreeMap::new();
        let mut by_ward: BTreeMap<WardId, Vec<Placed>> = BTreeMap::new();
        for (place, item) in items.into_iter().enumerate() {
            let ward = match item.address() {
                None => bridge.ward,
                Some(address) => {
                    if !worn.contains_key(address) {
                        worn.insert(address.clone(), self.store.worn(address).await?);
                    }
                    let at = item.effective_at(received_at);
                    let wearer = worn
                        .get(address)
                        .and_then(Option::as_ref)
                        .filter(|worn| worn.was_read_by(bridge.id))
                        .and_then(|worn| worn.wearer_at(at));
                    wearer.and_then(|wearer| wearer.ward).unwrap_or(bridge.ward)
                }
            };
            by_ward
                .entry(ward)
                .or_default()
                .push(Placed { place, item });
        }
        Ok(by_ward)
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
