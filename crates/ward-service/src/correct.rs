//! What was entered in error is struck through, or moved to whom it belongs, and judged again on both sides.

use uuid::Uuid;
use ward_core::alert::Subject;
use ward_core::assess::{PlansOverTime, rejudge};
use ward_core::contact::{What, folded};
use ward_core::correction::{Reason, ReasonRefused, Strike};
use ward_core::diary::{DiaryEntry, Word, assess_diary, rejudge_diary};
use ward_core::event::{CorrectionEvent, WardEvent};
use ward_core::id::{BridgeId, ClinicianId, ContactId, DeviceId, EntryId, ReadingId, StayId};
use ward_core::pathway::out_of_phase::assess;
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Reading, Source};
use ward_core::time::Timestamp;
use ward_store::{KeptReading, Ledger, StoreError, StoredReading};

use crate::error::{Unavailable, to_the_end};
use crate::judge::judge;
use crate::tell::append_and_tell;
use crate::wards::Wards;

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

type Plans = Vec<(Timestamp, MonitoringPlan)>;

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
                let taken = take_away(&mut ledger, stay, &[reading], &strike, plans).await?;
                let moved = bring_in(&mut ledger, to, taken, &strike).await?;
                let head = ledger.commit().await?;
                wards.bell.ring(ward, head);
                tracing::info!(%ward, %stay, %to, "a reading was moved");
                return Ok(moved);
            }
            let opened = wards.store.open_two_ledgers(ward, other).await?;
            let (mut ledger, parked) = opened.ok_or(CorrectError::NoSuchTarget)?;
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
            if ledger.stay(stay).await?.is_none() {
                return Err(CorrectError::NoSuchStay);
            }
            let kept = ledger.diary_entry(stay, entry).await?;
            let kept = kept.ok_or(CorrectError::NoSuchRecord)?;
            if kept.struck.is_some() {
                return Err(CorrectError::AlreadyStruck);
            }
            ledger.strike_entry(stay, entry, &strike).await?;
            let event = CorrectionEvent::EntryStruck {
                stay,
                entry,
                code: strike.code,
                by: strike.by,
            };
            ledger.append(WardEvent::Correction(event), strike.at);
            let still_there = not_struck(&mut ledger, stay, &kept.entry.readings).await?;
            if !still_there.is_empty() {
                take_away(&mut ledger, stay, &still_there, &strike, plans).await?;
            }
            hear_again(&mut ledger, stay, &kept.entry, strike.at).await?;
            ledger.set_next_due(stay, Some(strike.at)).await?;
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
    async fn plans_over_time(&self, stay: StayId) -> Result<Plans, StoreError> {
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

async fn not_struck(
    ledger: &mut Ledger,
    stay: StayId,
    asked: &[ReadingId],
) -> Result<Vec<ReadingId>, StoreError> {
    let all = ledger.all_readings(stay).await?;
    let counts = all.into_iter().filter(|kept| kept.struck.is_none());
    Ok(counts
        .map(|kept| kept.reading.id)
        .filter(|id| asked.contains(id))
        .collect())
}

/// Strikes readings of a stay of this ward, judges it again without them, and hands back the first of them.
async fn take_away(
    ledger: &mut Ledger,
    stay: StayId,
    readings: &[ReadingId],
    strike: &Strike,
    since: Plans,
) -> Result<KeptReading, CorrectError> {
    let now = strike.at;
    let record = ledger.stay(stay).await?.cloned();
    let record = record.ok_or(CorrectError::NoSuchStay)?;
    let all = ledger.all_readings(stay).await?;
    // Whoever points at a copy means the measurement.
    let asked: Vec<ReadingId> = all
        .iter()
        .filter(|kept| readings.contains(&kept.reading.id))
        .map(|kept| kept.copy_of.unwrap_or(kept.reading.id))
        .collect();
    let (out, left): (Vec<KeptReading>, Vec<KeptReading>) = all.into_iter().partition(|kept| {
        asked.contains(&kept.reading.id) || kept.copy_of.is_some_and(|of| asked.contains(&of))
    });
    let first = out.iter().find(|kept| kept.copy_of.is_none());
    let first = first.ok_or(CorrectError::NoSuchRecord)?.clone();
    if out
        .iter()
        .any(|kept| kept.copy_of.is_none() && kept.struck.is_some())
    {
        return Err(CorrectError::AlreadyStruck);
    }
    let text =
        serde_json::to_string(strike).map_err(|why| StoreError::Unavailable(why.to_string()))?;
    for kept in &out {
        ledger.strike_reading(&kept.reading, &text).await?;
        if kept.copy_of.is_none() {
            let event = CorrectionEvent::ReadingStruck {
                stay,
                reading: kept.reading.id,
                code: strike.code,
                by: strike.by,
                moved_to: strike.moved_to,
            };
            ledger.append(WardEvent::Correction(event), now);
        }
    }
    let counted = |kept: &KeptReading| kept.copy_of.is_none() && kept.struck.is_none();
    let remaining: Vec<Reading> = left
        .into_iter()
        .filter(counted)
        .map(|kept| kept.reading)
        .collect();
    let struck: Vec<Reading> = out
        .into_iter()
        .filter(counted)
        .map(|kept| kept.reading)
        .collect();
    let plans = PlansOverTime {
        now: &record.stay.plan,
        since,
    };
    let about = [Subject::Stay(stay)];
    let open = ledger.open_alerts_about(&about).await?;
    let again = rejudge(
        &record.stay,
        &record.state,
        &plans,
        &remaining,
        &struck,
        &open,
        now,
    );
    append_and_tell(ledger, &record.stay, again.events, now).await?;
    ledger.set_state(stay, again.state.clone());
    for low in &again.to_judge {
        let open = ledger.open_alerts_about(&about).await?;
        let follows = assess(&record.stay, &again.state, &open, low, now);
        append_and_tell(ledger, &record.stay, follows, now).await?;
    }
    ledger.set_next_due(stay, Some(now)).await?;
    Ok(first)
}

/// Judges what was said of a stay of this ward again, without an entry that is struck through by now.
async fn hear_again(
    ledger: &mut Ledger,
    stay: StayId,
    struck: &DiaryEntry,
    now: Timestamp,
) -> Result<(), CorrectError> {
    let record = ledger.stay(stay).await?.cloned();
    let record = record.ok_or(CorrectError::NoSuchStay)?;
    let entries = ledger.entries_that_count(stay).await?;
    let mut remaining: Vec<Word> = entries.iter().map(Word::from).collect();
    // Words on the telephone are words of the diary.
    for contact in ledger.contacts_that_count(stay).await? {
        let What::Call(call) = &contact.what else {
            continue;
        };
        let said = call.said(contact.at);
        if let Some(said) = said.filter(|said| !said.symptoms.is_empty()) {
            remaining.push(Word {
                at: said.at,
                heard_at: contact.written_at,
                symptoms: said.symptoms,
                complete: false,
            });
        }
    }
    let about = [Subject::Stay(stay)];
    let open = ledger.open_alerts_about(&about).await?;
    let again = rejudge_diary(
        &record.stay,
        &record.state,
        &remaining,
        &[Word::from(struck)],
        &open,
        now,
    );
    append_and_tell(ledger, &record.stay, again.events, now).await?;
    ledger.set_state(stay, again.state.clone());
    for said in &again.to_judge {
        let open = ledger.open_alerts_about(&about).await?;
        let follows = assess_diary(&record.stay, &again.state, &open, said, now);
        append_and_tell(ledger, &record.stay, follows, now).await?;
    }
    Ok(())
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
