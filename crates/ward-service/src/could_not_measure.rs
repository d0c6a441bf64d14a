//! Somebody at home tried to measure and has no value to give, or numbers that no oximeter shows. It is kept as a try
//! without a value, as a bridge's is: the ward sees that they tried, and a row of such tries is an alert.

use ward_core::advice::{Advice, Situation};
use ward_core::entry::Author;
use ward_core::hand::{Typed, stated_time};
use ward_core::id::{BridgeId, DeviceId, ReadingId};
use ward_core::reading::{Context, Measured, Reading, Source, Timing};
use ward_core::time::Timestamp;
use ward_store::StoredReading;

use crate::entering::{AdviceLine, Entering, EntryError, advice_lines, answered_in};
use crate::error::to_the_end;
use crate::judge::judge;
use crate::record_by_hand::Beside;
use crate::wards::Wards;

/// Why somebody has no value to give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoValue {
    /// The oximeter showed nothing.
    ShowedNothing,
    /// What they typed is nothing that an oximeter shows.
    NotPossible(Typed),
}

impl NoValue {
    /// As it stands on boards and charts.
    const fn reason(self) -> &'static str {
        match self {
            Self::ShowedNothing => "showed_nothing",
            Self::NotPossible(_) => "typed_what_cannot_be",
        }
    }
}

/// A try without a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewTry {
    /// Given by the sender, so that a repeat meets itself.
    pub id: ReadingId,
    /// Why there is no value.
    pub why: NoValue,
    /// When it was; now, where not given.
    pub at: Option<Timestamp>,
}

impl Wards {
    /// Keeps a try without a value, and says what to do.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn could_not_measure(
        &self,
        entering: Entering,
        new: NewTry,
    ) -> Result<Vec<AdviceLine>, EntryError> {
        let wards = self.clone();
        to_the_end(async move {
            let (ward, stay) = (entering.ward, entering.stay);
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(EntryError::NoSuchStay)?;
            let now = wards.clock.now();
            let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
            let record = record.stay.clone();
            let at = stated_time(new.at, record.admitted_at, now)
                .map_err(|why| EntryError::Hand { why, first: None })?;
            let situation = Situation {
                unwatched: record.phase != ward_core::stay::Phase::Active,
                ..Situation::default()
            };
            let language = answered_in(&mut ledger, &entering).await?;
            let mut advice = advice_lines(ledger.ward(), &record.plan, situation, language, now);
            // Who could not measure is not told that all is as it should be.
            advice.retain(|line| line.advice != Advice::CarryOn);
            if ledger.hand_reading(stay, new.id).await?.is_some() {
                ledger.close().await?;
                return Ok(advice);
            }
            let stored = a_try(&entering, &new, at, now);
            ledger.insert_readings(&[&stored]).await?;
            if !judge(&mut ledger, stay, vec![&stored.reading], now).await? {
                return Err(EntryError::NoSuchStay);
            }
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, why = new.why.reason(), "a try without a value");
            Ok(advice)
        })
        .await
    }
}

fn a_try(entering: &Entering, new: &NewTry, at: Timestamp, now: Timestamp) -> StoredReading {
    let stay = entering.stay;
    let beside = match new.why {
        NoValue::ShowedNothing => None,
        NoValue::NotPossible(typed) => Some(Beside {
            typed,
            carer: entering.carer.clone(),
            typed_by: entering.typed_by,
        }),
    };
    let author: Author = entering.author;
    StoredReading {
        reading: Reading {
            id: new.id,
            device: DeviceId(stay.0),
            bridge: BridgeId(stay.0),
            measured_at: at,
            received_at: now,
            effective_at: at,
            timing: Timing::Stated,
            measured: Measured::Attempt {
                reason: new.why.reason().to_owned(),
            },
            context: Context::Rest,
            source: Source::ByHand {
                author,
                means: entering.means,
            },
        },
        stay,
        copy_of: None,
        raw: beside.map(|beside| beside.bytes()),
    }
}
