//! A reading that a person gives, alone.

use ward_core::advice::Situation;
use ward_core::hand::Typed;
use ward_core::id::ReadingId;
use ward_core::plan::Band;
use ward_core::reading::{Context, ObservationSet};
use ward_core::stay::Stay;
use ward_core::time::Timestamp;

use crate::entering::{AdviceLine, Entering, EntryError, advice_lines, answered_in};
use crate::error::to_the_end;
use crate::on_sheet::make_room_for_reading;
use crate::record_by_hand::{HandReading, Recorded, record_by_hand};
use crate::wards::Wards;

/// A reading to be entered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewReading {
    /// Given by the sender, so that a repeat meets itself.
    pub id: ReadingId,
    /// As typed.
    pub typed: Typed,
    /// When it was measured, as they say; now, where they do not.
    pub at: Option<Timestamp>,
    /// In what circumstances.
    pub context: Context,
    /// What was taken beside it.
    pub observations: ObservationSet,
}

/// What became of a reading, and what to tell whoever gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingEntered {
    /// The reading.
    pub recorded: Recorded,
    /// The most urgent first.
    pub advice: Vec<AdviceLine>,
}

impl Wards {
    /// Enters a reading.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn enter_reading(
        &self,
        entering: Entering,
        new: NewReading,
    ) -> Result<ReadingEntered, EntryError> {
        let wards = self.clone();
        to_the_end(async move {
            let ward = entering.ward;
            let room = wards.room_for(&entering).await?;
            let makes_room = room.is_some();
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let now = wards.clock.now();
            let language = answered_in(&mut ledger, &entering).await?;
            make_room_for_reading(&mut ledger, entering.stay, room).await?;
            let reading = HandReading {
                id: new.id,
                typed: new.typed,
                at: new.at,
                context: new.context,
                observations: new.observations,
                carer: entering.carer,
                typed_by: entering.typed_by,
            };
            let recorded = record_by_hand(
                &mut ledger,
                entering.stay,
                vec![reading],
                entering.author,
                entering.means,
                now,
            )
            .await?
            .pop()
            .ok_or(EntryError::NoSuchReading)?;
            let record = ledger
                .stay(entering.stay)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let stay = record.stay.clone();
            let situation = situation_of(&stay, std::slice::from_ref(&recorded));
            let advice = advice_lines(ledger.ward(), &stay.plan, situation, language, now);
            if recorded.is_repeat && !makes_room {
                ledger.close().await?;
            } else {
                let head = ledger.commit().await?;
                wards.bell.ring(ward, head);
                tracing::info!(%ward, stay = %stay.id, "reading entered by hand");
            }
            Ok(ReadingEntered { recorded, advice })
        })
        .await
    }
}

/// What the advice depends on, as far as readings say it. What is of the past asks for nothing any more.
pub(crate) fn situation_of(stay: &Stay, recorded: &[Recorded]) -> Situation {
    let of_now = recorded.iter().filter(|it| !it.is_over);
    Situation {
        band: of_now
            .map(|it| it.band)
            .max()
            .or_else(|| (!recorded.is_empty()).then_some(Band::Green)),
        asked_back: recorded.iter().any(|it| it.odd.is_some()),
        unwatched: stay.phase != ward_core::stay::Phase::Active,
        ..Situation::default()
    }
}
