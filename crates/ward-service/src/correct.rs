//! What was entered in error is struck through, or moved to whom it belongs, and judged again on both sides.

mod exertion;
mod take_away;

use uuid::Uuid;
use ward_core::contact::folded;
use ward_core::correction::{Reason, ReasonRefused, Strike};
use ward_core::event::{CorrectionEvent, WardEvent};
use ward_core::id::{BridgeId, ClinicianId, ContactId, DeviceId, EntryId, ReadingId, StayId};
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Reading, Source};
use ward_core::time::Timestamp;
use ward_store::{KeptReading, Ledger, StoreError, StoredReading};

use crate::error::{Unavailable, to_the_end};
use crate::exertion::is_of_a_test;
use crate::judge::judge;
use crate::wards::Wards;

pub(crate) use take_away::{take_away, take_entry_away};

/// Versions of a plan that are looked at.
const PLANS_AT_MOST: u32 = 1_000;

/// Why nothing was corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// Not on this ward.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Where it was to go.
    #[error("there is no such stay to move it to on the ward that you name")]
    NoSuchTarget,
    /// Not of this stay.
    #[error("this stay has no such record: it may stand on another stay of the same person")]
    NoSuchRecord,
    /// Somebody was first.
    #[error(
        "this was struck through before: it does not count any more, and stays visible as what it was"
    )]
    AlreadyStruck,
    /// To where it is.
    #[error("it stands on this stay already: move it to another, or strike it out")]
    SameStay,
    /// The person was not on the ward then.
    #[error(
        "it was measured before that stay began: strike it out, and write to whoever looked after them then"
    )]
    BeforeStay,
    /// It is one half of a pair: by itself it would be judged by nobody.
    #[error(
        "this value belongs to an exertion test: strike out the test itself (Readings, Exertion tests), then enter what was measured for whom it belongs to"
    )]
    OfATest,
    /// The reason.
    #[error(transparent)]
    Reason(#[from] ReasonRefused),
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for CorrectError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

pub(crate) type Plans = Vec<(Timestamp, MonitoringPlan)>;

impl Wards {
    /// Strikes a reading out, and with it another bridge's copies of the same measurement.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn strike_out_reading(
        &self,
        permit: &Permit,
        stay: StayId,
        reading: ReadingId,
        reason: Reason,
    ) -> Result<(), CorrectError> {
        permit.allows(Verb::Correct)?;
        let now = self.clock.now();
        let strike = reason.struck(permit.clinician, now, None)?;
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let plans = wards.plans_over_time(stay).await?;
            let opened = wards.store.open_ledger(ward).await?;
            let mut ledger = opened.ok_or(CorrectError::NoSuchStay)?;
            if is_of_a_test(&mut ledger, stay, reading).await? {
                return Err(CorrectError::OfATest);
            }
            take_away(&mut ledger, stay, &[reading], &strike, plans).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, %reading, "a reading was struck out");
            Ok(())
        })
        .await
    }

    /// Moves a reading to whom it belongs: struck on the one stay, and on the other a reading of its own time. The id that
    /// it has there comes back.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn move_reading(
        &self,
        permit: &Permit,
        stay: StayId,
        reading: ReadingId,
        there: &Permit,
        to: StayId,
        reason: Reason,
    ) -> Result<ReadingId, CorrectError> {
        permit.allows(Verb::Correct)?;
        there.allows(Verb::Correct)?;
        if stay == to {
            return Err(CorrectError::SameStay);
        }
        let now = self.clock.now();
        let strike = reason.struck(permit.clinician, now, Some(to))?;
        let (wards, ward, other) = (self.clone(), permit.ward, there.ward);
        to_the_end(async move {
            let plans = wards.plans_over_time(stay).await?;
            if ward == other {
                let opened = wards.store.open_ledger(ward).await?;
                let mut ledger = opened.ok_or(CorrectError::NoSuchStay)?;
                if is_of_a_test(&mut ledger, stay, reading).await? {
                    return Err(CorrectError::OfATest);
                }
                let taken = take_away(&mut ledger, stay, &[reading], &strike, plans).await?;
                let moved = bring_in(&mut ledger, to, taken, &strike).await?;
                let head = ledger.commit().await?;
                wards.bell.ring(ward, head);
                tracing::info!(%ward, %stay, %to, "a reading was moved");
                return Ok(moved);
            }
            let opened = wards.store.open_two_ledgers(ward, other).await?;
            let (mut ledger, parked) = opened.ok_or(CorrectError::NoSuchTarget)?;
            if is_of_a_test(&mut ledger, stay, reading).await? {
                return Err(CorrectError::OfATest);
            }
            let taken = take_away(&mut ledger, stay, &[reading], &strike, plans).await?;
            let (mut ledger, head) = ledger.hand_over(parked).await?;
            let moved = bring_in(&mut ledger, to, taken, &strike).await?;
            let head_there = ledger.commit().await?;
            wards.bell.ring(ward, head);
            wards.bell.ring(other, head_there);
            tracing::info!(%ward, %stay, %other, %to, "a reading was moved to another ward");
            Ok(moved)
        })
        .await
    }

    /// Strikes a diary entry out, and the readings that came with it. An alert that its words raised says so and stays
    /// open, for a person to end; what it hid is told.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn strike_out_entry(
        &self,
        permit: &Permit,
        stay: StayId,
        entry: EntryId,
        reason: Reason,
    ) -> Result<(), CorrectError> {
        permit.allows(Verb::Correct)?;
        let now = self.clock.now();
        let strike = reason.struck(permit.clinician, now, None)?;
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let plans = wards.plans_over_time(stay).await?;
            let opened = wards.store.open_ledger(ward).await?;
            let mut ledger = opened.ok_or(CorrectError::NoSuchStay)?;
            take_entry_away(&mut ledger, stay, entry, &strike, plans).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, %entry, "a diary entry was struck out");
            Ok(())
        })
        .await
    }

    /// Strikes a contact out: where the stay stands with its contacts is what the others say. Who was only reached in
    /// error is on the call list again.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn strike_out_contact(
        &self,
        permit: &Permit,
        stay: StayId,
        contact: ContactId,
        reason: Reason,
    ) -> Result<(), CorrectError> {
        permit.allows(Verb::Correct)?;
        let now = self.clock.now();
        let strike = reason.struck(permit.clinician, now, None)?;
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let opened = wards.store.open_ledger(ward).await?;
            let mut ledger = opened.ok_or(CorrectError::NoSuchStay)?;
            if ledger.stay(stay).await?.is_none() {
                return Err(CorrectError::NoSuchStay);
            }
            let kept = ledger.contact(stay, contact).await?;
            if kept.ok_or(CorrectError::NoSuchRecord)?.struck.is_some() {
                return Err(CorrectError::AlreadyStruck);
            }
            ledger.strike_contact(stay, contact, &strike).await?;
            let others = ledger.contacts_that_count(stay).await?;
            let before = ledger.contact_state(stay).await?;
            let state = folded(&before, &others);
            ledger.set_contact_state(stay, &state).await?;
            let event = CorrectionEvent::ContactStruck {
                stay,
                contact,
                code: strike.code,
                by: strike.by,
            };
            ledger.append(WardEvent::Correction(event), strike.at);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, %contact, "a contact was struck out");
            Ok(())
        })
        .await
    }

    /// Which limits counted when, for values that were judged by them.
    pub(crate) async fn plans_over_time(&self, stay: StayId) -> Result<Plans, StoreError> {
        let versions = self
            .store
            .plan_versions(stay, u32::MAX, PLANS_AT_MOST)
            .await?;
        let since = versions.into_iter().filter_map(|version| {
            let set_at = version.plan.care.set_at?;
            Some((set_at, version.plan.limits))
        });
        Ok(since.collect())
    }
}

/// Puts a reading onto the chart of a stay of this ward, where it is judged as one of its own time.
async fn bring_in(
    ledger: &mut Ledger,
    to: StayId,
    taken: KeptReading,
    strike: &Strike,
) -> Result<ReadingId, CorrectError> {
    let now = strike.at;
    let record = ledger.stay(to).await?;
    let admitted_at = record.ok_or(CorrectError::NoSuchTarget)?.stay.admitted_at;
    if taken.reading.effective_at < admitted_at {
        return Err(CorrectError::BeforeStay);
    }
    let was = taken.reading.id;
    let id = ReadingId(Uuid::new_v5(
        &was.0,
        format!("{to} {}", now.as_millis()).as_bytes(),
    ));
    let (device, bridge) = match taken.reading.source {
        Source::Oximeter => (taken.reading.device, taken.reading.bridge),
        // A reading by hand stands on the time line of its stay.
        Source::ByHand { .. } => (DeviceId(to.0), BridgeId(to.0)),
    };
    let stored = StoredReading {
        reading: Reading {
            id,
            device,
            bridge,
            ..taken.reading
        },
        stay: to,
        copy_of: None,
        raw: taken.raw,
    };
    ledger.insert_readings(&[&stored]).await?;
    let by: ClinicianId = strike.by;
    let event = CorrectionEvent::ReadingMovedIn {
        stay: to,
        reading: id,
        was,
        from: taken.stay,
        by,
    };
    ledger.append(WardEvent::Correction(event), now);
    if !judge(ledger, to, vec![&stored.reading], now).await? {
        return Err(CorrectError::NoSuchTarget);
    }
    Ok(id)
}
