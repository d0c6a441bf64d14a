//! The answer to an odd value: it is so, the two were swapped, or these are right. What was typed stays as what it was.

use uuid::Uuid;
use ward_core::alert::Subject;
use ward_core::event::{DiaryEvent, WardEvent};
use ward_core::hand::{HandRefused, OddAnswer, answered, judged_anew};
use ward_core::id::ReadingId;
use ward_core::pathway::out_of_phase::assess;
use ward_core::reading::{Doubt, Measured, Reading, Source};
use ward_store::{KeptReading, StoredReading};

use crate::enter_reading::{ReadingEntered, situation_of};
use crate::entering::{Entering, EntryError, advice_lines, answered_in};
use crate::error::to_the_end;
use crate::exertion::judged_with_answer;
use crate::record_by_hand::{Beside, observed, told_of};
use crate::tell::append_and_tell;
use crate::wards::Wards;

impl Wards {
    /// Answers what was asked about a reading that was entered by hand: another takes its place on the chart, and is
    /// judged.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn answer_question(
        &self,
        entering: Entering,
        reading: ReadingId,
        answer: OddAnswer,
    ) -> Result<ReadingEntered, EntryError> {
        let wards = self.clone();
        to_the_end(async move { wards.append_answer(entering, reading, answer).await }).await
    }

    async fn append_answer(
        &self,
        entering: Entering,
        id: ReadingId,
        answer: OddAnswer,
    ) -> Result<ReadingEntered, EntryError> {
        let ward = entering.ward;
        let mut ledger = self
            .store
            .open_ledger(ward)
            .await?
            .ok_or(EntryError::NoSuchStay)?;
        let now = self.clock.now();
        let record = ledger
            .stay(entering.stay)
            .await?
            .ok_or(EntryError::NoSuchStay)?
            .clone();
        let kept = ledger
            .hand_reading(entering.stay, id)
            .await?
            .filter(|kept| kept.stay == entering.stay)
            .ok_or(EntryError::NoSuchReading)?;
        let beside = asked_about(&kept)?;
        let mut taken =
            answered(beside.typed, answer).map_err(|why| EntryError::Hand { why, first: None })?;
        // What was taken beside them was not in question.
        taken.values.observations = observed(&kept.reading);
        let typed = match answer {
            OddAnswer::Corrected(typed) => typed,
            OddAnswer::AsTyped | OddAnswer::Swapped => beside.typed,
        };
        let right = Reading {
            id: answer_to(id),
            received_at: now,
            measured: Measured::Values(taken.values),
            source: Source::ByHand {
                author: entering.author,
                means: entering.means,
            },
            ..kept.reading.clone()
        };
        let stored = StoredReading {
            reading: right.clone(),
            stay: entering.stay,
            copy_of: None,
            raw: Some(
                Beside {
                    typed,
                    carer: entering.carer.clone(),
                    typed_by: entering.typed_by,
                }
                .bytes(),
            ),
        };
        ledger.insert_readings(&[&stored]).await?;
        let struck = serde_json::json!({
            "reason": "asked about and answered",
            "at": now,
            "by": entering.typed_by,
            "replaced_by": right.id,
        });
        ledger
            .strike_reading(&kept.reading, &struck.to_string())
            .await?;

        let state = record
            .state
            .as_of(now)
            .replacing(&kept.reading)
            .with(&right, &record.stay.plan);
        let open = ledger
            .open_alerts_about(&[Subject::Stay(entering.stay)])
            .await?;
        let follows = assess(&record.stay, &state, &open, &right, now);
        let follows = judged_anew(&record.stay, &open, &kept.reading, &right, follows, now);
        ledger.append(
            WardEvent::Diary(DiaryEvent::ReadingAnswered {
                stay: entering.stay,
                reading: id,
                replaced_by: right.id,
            }),
            now,
        );
        append_and_tell(&mut ledger, &record.stay, follows, now).await?;
        // The value may be half of an exertion test.
        let of_test = judged_with_answer(&mut ledger, entering.stay, &right, now).await?;
        let open = ledger
            .open_alerts_about(&[Subject::Stay(entering.stay)])
            .await?;
        let of_test = judged_anew(&record.stay, &open, &kept.reading, &right, of_test, now);
        append_and_tell(&mut ledger, &record.stay, of_test, now).await?;
        let recorded = told_of(&right, taken.odd, false, &record.stay.plan, &state, now)
            .ok_or(EntryError::NoSuchReading)?;
        ledger.set_state(entering.stay, state);
        let situation = situation_of(&record.stay, std::slice::from_ref(&recorded));
        let language = answered_in(&mut ledger, &entering).await?;
        let advice = advice_lines(ledger.ward(), &record.stay.plan, situation, language, now);
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        tracing::info!(%ward, stay = %entering.stay, "odd reading answered");
        Ok(ReadingEntered { recorded, advice })
    }
}

/// The reading that takes the place of one that was asked about.
pub(crate) fn answer_to(asked: ReadingId) -> ReadingId {
    ReadingId(Uuid::new_v5(&asked.0, b"answer"))
}

/// What was typed, if it is still asked about.
fn asked_about(kept: &KeptReading) -> Result<Beside, EntryError> {
    if kept.struck.is_some() {
        return Err(EntryError::AlreadyAnswered);
    }
    let is_asked = match &kept.reading.measured {
        Measured::Values(values) => values.doubts.contains(&Doubt::TypedNotConfirmed),
        Measured::Attempt { .. } => false,
    };
    if !is_asked {
        return Err(EntryError::NotAsked);
    }
    Beside::of(kept).ok_or(EntryError::Hand {
        why: HandRefused::NotSwapped,
        first: None,
    })
}
