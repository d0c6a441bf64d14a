//! Readings that a person gave: with a diary, on the telephone, or alone. Stored and judged as any other, within the
//! ledger of the verb that took them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ward_core::assess::PAGES_UP_TO_AGE;
use ward_core::entry::{Author, Means};
use ward_core::hand::{HandRefused, Odd, Typed, stated_time};
use ward_core::id::{BridgeId, ClinicianId, DeviceId, ReadingId, StayId};
use ward_core::moment::Moment;
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{
    Context, Doubt, Measured, ObservationSet, Reading, Source, Timing, Values,
};
use ward_core::stay::StayState;
use ward_core::time::Timestamp;
use ward_store::{KeptReading, Ledger, StoreError, StoredReading};

use crate::judge::judge;
use crate::on_sheet::{is_the_same, reading_at};

/// A reading that a person gave.
#[derive(Clone, Debug, PartialEq)]
pub struct HandReading {
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
    /// The carer who gave it, by name.
    pub carer: Option<String>,
    /// The member of staff who typed it.
    pub typed_by: Option<ClinicianId>,
}

/// What became of a reading that a person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Which.
    pub reading: ReadingId,
    /// As it counts.
    pub values: Values,
    /// How low it is, by the stay's plan.
    pub band: Band,
    /// What is asked about it, and not answered yet.
    pub odd: Option<Odd>,
    /// It is of the past: behind a newer good one, or more than a day old.
    pub is_over: bool,
    /// It was there already.
    pub is_repeat: bool,
}

/// Why readings were not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HandError {
    /// Not on this ward.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Values or a time that cannot be.
    #[error(transparent)]
    Refused(#[from] HandRefused),
    /// Another reading has this id.
    #[error("another reading has this id")]
    UsedId,
    /// Another reading stands at its place of a paper sheet.
    #[error("another reading was typed off this place of the sheet")]
    TypedBefore(ReadingId),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What stands beside a reading by hand in its row: what was typed, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Beside {
    pub(crate) typed: Typed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) carer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) typed_by: Option<ClinicianId>,
}

impl Beside {
    pub(crate) fn of(kept: &KeptReading) -> Option<Self> {
        serde_json::from_slice(kept.raw.as_deref()?).ok()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Records readings within a ledger that is open on the stay's ward. All of them are stored before any is judged; nothing
/// is written before the ledger commits.
pub(crate) async fn record_by_hand(
    ledger: &mut Ledger,
    stay: StayId,
    readings: Vec<HandReading>,
    author: Author,
    means: Means,
    now: Timestamp,
) -> Result<Vec<Recorded>, HandError> {
    let record = ledger.stay(stay).await?.ok_or(HandError::NoSuchStay)?;
    let (admitted_at, plan) = (record.stay.admitted_at, record.stay.plan.clone());
    let mut stored = Vec::new();
    let mut recorded = Vec::with_capacity(readings.len());
    let mut ids = BTreeSet::new();
    for reading in readings {
        let mut taken = reading.typed.taken()?;
        taken.values.observations = reading.observations;
        if !ids.insert(reading.id) {
            return Err(HandError::UsedId);
        }
        if let Some(kept) = ledger.hand_reading(stay, reading.id).await? {
            let same = Beside::of(&kept).is_some_and(|beside| beside.typed == reading.typed);
            if !same || observed(&kept.reading) != reading.observations {
                return Err(HandError::UsedId);
            }
            recorded.push((kept.reading, taken.odd, true));
            continue;
        }
        let at = stated_time(reading.at, admitted_at, now)?;
        let on_sheet = match means {
            Means::Paper => reading_at(ledger, stay, at).await?,
            Means::Page | Means::Telephone | Means::Video | Means::Visit | Means::Bridge => None,
        };
        if let Some(there) = on_sheet {
            if !is_the_same(&there, reading.typed, &taken.values) {
                return Err(HandError::TypedBefore(there.reading.id));
            }
            recorded.push((there.reading, taken.odd, true));
            continue;
        }
        let beside = Beside {
            typed: reading.typed,
            carer: reading.carer,
            typed_by: reading.typed_by,
        };
        let reading = Reading {
            id: reading.id,
            device: DeviceId(stay.0),
            bridge: BridgeId(stay.0),
            measured_at: at,
            received_at: now,
            effective_at: at,
            timing: Timing::Stated,
            measured: Measured::Values(taken.values),
            context: reading.context,
            source: Source::ByHand { author, means },
        };
        recorded.push((reading.clone(), taken.odd, false));
        stored.push(StoredReading {
            reading,
            stay,
            copy_of: None,
            raw: Some(beside.bytes()),
        });
    }
    let rows: Vec<&StoredReading> = stored.iter().collect();
    if !rows.is_empty() {
        ledger.insert_readings(&rows).await?;
        let new: Vec<&Reading> = stored.iter().map(|stored| &stored.reading).collect();
        if !judge(ledger, stay, new, now).await? {
            return Err(HandError::NoSuchStay);
        }
    }
    let record = ledger.stay(stay).await?.ok_or(HandError::NoSuchStay)?;
    let state = &record.state;
    Ok(recorded
        .into_iter()
        .filter_map(|(reading, odd, is_repeat)| {
            told_of(&reading, odd, is_repeat, &plan, state, now)
        })
        .collect())
}

/// What was taken beside a reading.
pub(crate) fn observed(reading: &Reading) -> ObservationSet {
    match &reading.measured {
        Measured::Values(values) => values.observations,
        Measured::Attempt { .. } => ObservationSet::default(),
    }
}

pub(crate) fn told_of(
    reading: &Reading,
    odd: Option<Odd>,
    is_repeat: bool,
    plan: &MonitoringPlan,
    state: &StayState,
    now: Timestamp,
) -> Option<Recorded> {
    let Measured::Values(values) = &reading.measured else {
        return None;
    };
    let is_asked = values.doubts.contains(&Doubt::TypedNotConfirmed);
    Some(Recorded {
        reading: reading.id,
        values: values.clone(),
        band: match reading.context {
            Context::Exertion => Band::Green,
            Context::Rest | Context::Recovery => plan.band(values.spo2),
        },
        odd: odd.filter(|_| is_asked),
        is_over: state.newest_good.any_surely_after(&Moment::of(reading))
            || reading.effective_at < now.minus(PAGES_UP_TO_AGE),
        is_repeat,
    })
}
