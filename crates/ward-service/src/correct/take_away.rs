//! Strikes through what was entered in error, within an open ledger, and judges the stay again without it.

use ward_core::alert::Subject;
use ward_core::assess::{PlansOverTime, rejudge};
use ward_core::contact::What;
use ward_core::correction::Strike;
use ward_core::diary::{DiaryEntry, Word, assess_diary, rejudge_diary};
use ward_core::event::{CorrectionEvent, WardEvent};
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::pathway::out_of_phase::assess;
use ward_core::reading::Reading;
use ward_core::time::Timestamp;
use ward_store::{KeptReading, Ledger, StoreError};

use super::{CorrectError, Plans};
use crate::tell::append_and_tell;

/// Strikes a diary entry of a stay of this ward, and the readings that came with it, and hears the stay again without it.
pub(crate) async fn take_entry_away(
    ledger: &mut Ledger,
    stay: StayId,
    entry: EntryId,
    strike: &Strike,
    plans: Plans,
) -> Result<(), CorrectError> {
    if ledger.stay(stay).await?.is_none() {
        return Err(CorrectError::NoSuchStay);
    }
    let kept = ledger.diary_entry(stay, entry).await?;
    let kept = kept.ok_or(CorrectError::NoSuchRecord)?;
    if kept.struck.is_some() {
        return Err(CorrectError::AlreadyStruck);
    }
    ledger.strike_entry(stay, entry, strike).await?;
    let event = CorrectionEvent::EntryStruck {
        stay,
        entry,
        code: strike.code,
        by: strike.by,
    };
    ledger.append(WardEvent::Correction(event), strike.at);
    let still_there = not_struck(ledger, stay, &kept.entry.readings).await?;
    if !still_there.is_empty() {
        take_away(ledger, stay, &still_there, strike, plans).await?;
    }
    hear_again(ledger, stay, &kept.entry, strike.at).await?;
    ledger.set_next_due(stay, Some(strike.at)).await?;
    Ok(())
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
pub(crate) async fn take_away(
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
