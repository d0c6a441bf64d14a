//! What a stay's chart and diary say, with who and how.

use ward_core::hand::{Odd, Typed};
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Permit;
use ward_core::reading::{Doubt, Measured};
use ward_core::time::Timestamp;
use ward_store::{KeptEntry, KeptReading, StayRecord};

use crate::entering::EntryError;
use crate::record_by_hand::Beside;
use crate::wards::Wards;

/// So many lines a page of a chart or a diary has at most.
pub const PAGE_LIMIT: u32 = 200;

/// A reading on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartLine {
    /// As it is kept.
    pub kept: KeptReading,
    /// As it was typed, where a person did.
    pub typed: Option<Typed>,
    /// The carer who gave it.
    pub carer: Option<String>,
    /// Who of the staff typed it.
    pub typed_by: Option<ClinicianId>,
    /// What is asked about it, and not answered yet.
    pub asked: Option<Odd>,
}

impl ChartLine {
    pub(crate) fn of(kept: KeptReading) -> Self {
        let beside = Beside::of(&kept);
        let is_asked = match &kept.reading.measured {
            Measured::Values(values) => values.doubts.contains(&Doubt::TypedNotConfirmed),
            Measured::Attempt { .. } => false,
        } && kept.struck.is_none();
        let odd = |beside: &Beside| beside.typed.taken().ok().and_then(|taken| taken.odd);
        Self {
            asked: beside.as_ref().and_then(odd).filter(|_| is_asked),
            typed: beside.as_ref().map(|beside| beside.typed),
            typed_by: beside.as_ref().and_then(|beside| beside.typed_by),
            carer: beside.and_then(|beside| beside.carer),
            kept,
        }
    }
}

impl Wards {
    /// The readings of a stay, the newest first, of before `before`; [`PAGE_LIMIT`] at most.
    ///
    /// # Errors
    /// [`EntryError::NoSuchStay`].
    pub async fn chart(
        &self,
        permit: &Permit,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<(StayRecord, Vec<ChartLine>), EntryError> {
        let record = self.stay_on(permit, stay).await?;
        let kept = self
            .store
            .chart_of(stay, before, limit.min(PAGE_LIMIT))
            .await?;
        Ok((record, kept.into_iter().map(ChartLine::of).collect()))
    }

    /// The diary of a stay, the newest first, of before `before`; [`PAGE_LIMIT`] at most.
    ///
    /// # Errors
    /// [`EntryError::NoSuchStay`].
    pub async fn diary(
        &self,
        permit: &Permit,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<KeptEntry>, EntryError> {
        self.stay_on(permit, stay).await?;
        Ok(self
            .store
            .diary_of(stay, before, limit.min(PAGE_LIMIT))
            .await?)
    }

    pub(crate) async fn stay_on(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<StayRecord, EntryError> {
        let record = self.store.stay(stay).await?;
        record
            .filter(|record| record.stay.ward == permit.ward)
            .ok_or(EntryError::NoSuchStay)
    }
}
