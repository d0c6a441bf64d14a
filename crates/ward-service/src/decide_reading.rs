//! A person says whose a reading is that could not be tied to anybody: it becomes theirs, and is judged.

use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::event::{KitEvent, WardEvent};
use ward_core::id::{ClinicianId, DeviceId, ReadingId, StayId};
use ward_core::permit::Permit;
use ward_core::reading::{Reading, Source, effective_time};
use ward_core::time::Timestamp;
use ward_store::{Decided, Quarantined, StoreError, StoredReading};

use crate::error::{Unavailable, to_the_end};
use crate::judge::judge;
use crate::record_readings::IncomingReading;
use crate::wards::Wards;

/// Characters of a reason at most.
pub const DECISION_REASON_AT_MOST: usize = 500;

/// Whose something is that was kept apart.
#[derive(Clone, Debug)]
pub enum Whose {
    /// This patient's.
    Stays {
        /// Their stay.
        stay: StayId,
        /// What was kept, read again; `None` when it cannot be read as a reading.
        reading: Option<Box<IncomingReading>>,
    },
    /// It stays nobody's.
    Nobodys,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The item.
    #[error("nothing of this id is kept apart on this ward")]
    NoSuchItem,
    /// The stay.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Somebody was first.
    #[error("a colleague decided this at {at}")]
    AlreadyDecided {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// It holds no value that can be judged.
    #[error(
        "this cannot be read as a reading ({0}): it can only be left as nobody's, and a new reading taken"
    )]
    NotAReading(String),
    /// It was measured before the patient came.
    #[error(
        "this was measured at {measured_at}, before this patient was admitted at {admitted_at}: it cannot be theirs"
    )]
    BeforeStay {
        /// When it was measured.
        measured_at: Timestamp,
        /// When the stay began.
        admitted_at: Timestamp,
    },
    /// No reason.
    #[error("say how you know, in {DECISION_REASON_AT_MOST} characters at most")]
    Reason,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for DecideError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// What this ward keeps apart, newest first: only what nobody has decided yet, unless `decided_too`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn quarantined(
        &self,
        permit: &Permit,
        decided_too: bool,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Quarantined>, Unavailable> {
        let before = before.unwrap_or(Timestamp::from_millis(i64::MAX));
        let found = self
            .store
            .quarantined(permit.ward, decided_too, before, limit);
        Ok(found.await?)
    }

    /// One item that this ward keeps apart.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn quarantined_item(
        &self,
        permit: &Permit,
        item: ReadingId,
    ) -> Result<Option<Quarantined>, Unavailable> {
        Ok(self.store.quarantined_item(permit.ward, item).await?)
    }

    /// A person says whose something is that was kept apart. As somebody's it is stored on their chart and judged like any
    /// other reading, by when it was measured.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn decide_reading(
        &self,
        permit: &Permit,
        item: ReadingId,
        whose: Whose,
        reason: String,
    ) -> Result<Decided, DecideError> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() || reason.chars().count() > DECISION_REASON_AT_MOST {
            return Err(DecideError::Reason);
        }
        let known = match &whose {
            Whose::Stays {
                reading: Some(reading),
                ..
            } => self.store.device(&reading.device_address).await?,
            Whose::Stays { reading: None, .. } | Whose::Nobodys => None,
        };
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(DecideError::NoSuchItem)?;
            let kept = ledger.quarantined_item(item).await?;
            let kept = kept.ok_or(DecideError::NoSuchItem)?;
            if let Some(Decided { by, at, .. }) = kept.decided {
                return Err(DecideError::AlreadyDecided { by, at });
            }
            let now = wards.clock.now();
            let stay = match whose {
                Whose::Nobodys => None,
                Whose::Stays { stay, reading } => {
                    let reading =
                        reading.ok_or_else(|| DecideError::NotAReading(kept.reason.clone()))?;
                    let record = ledger.stay(stay).await?.ok_or(DecideError::NoSuchStay)?;
                    let admitted_at = record.stay.admitted_at;
                    let device = known.map_or_else(
                        || unlisted(&kept, &reading.device_address),
                        |device| device.id,
                    );
                    let reading = as_reading(&kept, device, *reading);
                    let measured_at = reading.effective_at;
                    if measured_at < admitted_at {
                        return Err(DecideError::BeforeStay {
                            measured_at,
                            admitted_at,
                        });
                    }
                    let stored = StoredReading {
                        reading,
                        stay,
                        copy_of: None,
                        raw: None,
                    };
                    let new = ledger.insert_readings(&[&stored]).await?;
                    if !new.is_empty()
                        && !judge(&mut ledger, stay, vec![&stored.reading], now).await?
                    {
                        return Err(DecideError::NoSuchStay);
                    }
                    Some(stay)
                }
            };
            let decided = Decided {
                stay,
                by,
                at: now,
                reason,
            };
            ledger.decide_quarantined(item, &decided).await?;
            ledger.append(WardEvent::Kit(KitEvent::Decided { item, stay, by }), now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %item, "whose a reading is was decided");
            Ok(decided)
        })
        .await
    }
}

/// Under the id that it was kept by, which is no other reading's.
fn as_reading(kept: &Quarantined, device: DeviceId, incoming: IncomingReading) -> Reading {
    let (effective_at, timing) =
        effective_time(incoming.measured_at, incoming.age, kept.received_at);
    Reading {
        id: kept.item,
        device,
        bridge: kept.bridge,
        measured_at: incoming.measured_at,
        received_at: kept.received_at,
        effective_at,
        timing,
        measured: incoming.measured,
        context: incoming.context,
        source: Source::Oximeter,
    }
}

/// An oximeter that is in no ledger has the same id whenever this bridge hears it.
fn unlisted(kept: &Quarantined, address: &DeviceAddress) -> DeviceId {
    DeviceId(Uuid::new_v5(&kept.bridge.0, address.as_str().as_bytes()))
}
