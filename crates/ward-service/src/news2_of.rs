//! What the newest set of observations of a stay scores on NEWS2, if it is for this person at all.

use std::time::Duration;

use ward_core::day::Zone;
use ward_core::id::StayId;
use ward_core::news2::{self, ObservedSet, Score, TooYoung, news2_set};
use ward_core::permit::Permit;
use ward_core::reading::{Measured, Reading};
use ward_core::time::Timestamp;
use ward_store::{KeptReading, StayRecord};

use crate::entering::EntryError;
use crate::wards::Wards;

/// So many of the newest readings are looked through for the one that a set is of.
const LOOKED_THROUGH: u32 = 200;

/// So many readings are looked at within the longest spread: four hours of one a minute, each heard by two bridges.
const IN_ONE_SET: u32 = 500;

/// A set and what it scores.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredSet {
    /// What is known, and from when to when it reaches.
    pub set: ObservedSet,
    /// What it scores.
    pub score: Score,
}

/// What NEWS2 says of a stay.
#[derive(Clone, Debug, PartialEq)]
pub enum News2Of {
    /// It is not for this person.
    NotFor(TooYoung),
    /// The plan leaves it out.
    NotInPlan,
    /// Nothing was measured yet.
    NothingYet,
    /// The newest set.
    Scored {
        /// Of now.
        newest: Box<ScoredSet>,
        /// The last set that says more than saturation and pulse, where the newest one does not.
        fuller: Option<Box<ScoredSet>>,
        /// What the plan takes for one set at most.
        spread: Duration,
    },
}

impl Wards {
    /// What NEWS2 says of a stay of this ward. Nothing is written and nothing raised by looking.
    ///
    /// # Errors
    /// [`EntryError::NoSuchStay`].
    pub async fn news2_of(&self, permit: &Permit, stay: StayId) -> Result<News2Of, EntryError> {
        let record = self.stay_on(permit, stay).await?;
        let ward = self.store.ward(permit.ward).await?;
        let patient = self.store.patient(record.stay.patient).await?;
        let (Some(ward), Some(patient)) = (ward, patient) else {
            return Err(EntryError::NoSuchStay);
        };
        let now = self.clock.now();
        let zone = Zone::named(&ward.time_zone).unwrap_or_else(|_| Zone::utc());
        if let Err(too_young) = news2::suits(patient.birth_date, zone.day_of(now)) {
            return Ok(News2Of::NotFor(too_young));
        }
        let Some(rule) = record.stay.plan.rules.news2 else {
            return Ok(News2Of::NotInPlan);
        };
        let spread = Duration::from_secs(u64::from(rule.max_spread_minutes) * 60);
        let recent = self.store.chart_of(stay, None, LOOKED_THROUGH).await?;
        let Some(newest) = self.set_as_of(&record, &recent, spread, now).await? else {
            return Ok(News2Of::NothingYet);
        };
        let fuller = match fuller_than(&newest.set, &recent) {
            Some(at) => self.set_as_of(&record, &recent, spread, at).await?,
            None => None,
        };
        Ok(News2Of::Scored {
            newest: Box::new(newest),
            fuller: fuller.map(Box::new),
            spread,
        })
    }

    /// The newest set as of a time. Which reading is the newest, `recent` says; what lies near it is asked for.
    async fn set_as_of(
        &self,
        record: &StayRecord,
        recent: &[KeptReading],
        spread: Duration,
        at: Timestamp,
    ) -> Result<Option<ScoredSet>, EntryError> {
        let scale = record.stay.plan.spo2_scale;
        let Some(near) = news2_set(counting(recent), scale, spread, at) else {
            return Ok(None);
        };
        // To the end: what is newest decides how far back a set reaches, even where it is in doubt and not used.
        let span = (near.to.minus(spread), at);
        let kept = self
            .store
            .chart_between(record.stay.id, span, IN_ONE_SET)
            .await?;
        let set = news2_set(counting(&kept), scale, spread, at);
        // What cannot be scored was left out of the set.
        Ok(set.and_then(|set| {
            let score = set.score().ok()?;
            Some(ScoredSet { set, score })
        }))
    }
}

/// Readings that count: neither struck out nor copies.
fn counting(kept: &[KeptReading]) -> impl Iterator<Item = &Reading> {
    kept.iter()
        .filter(|kept| kept.struck.is_none() && kept.copy_of.is_none())
        .map(|kept| &kept.reading)
}

/// When the last reading was taken that says more than saturation and pulse, if the set holds nothing of that kind.
fn fuller_than(set: &ObservedSet, recent: &[KeptReading]) -> Option<Timestamp> {
    let seen = set.observations;
    let says_more = seen.respiration_rate.is_some()
        || seen.systolic_bp.is_some()
        || seen.temperature_tenths.is_some()
        || seen.consciousness.is_some();
    let holds = |reading: &&Reading| match &reading.measured {
        Measured::Values(values) => !values.observations.is_empty(),
        Measured::Attempt { .. } => false,
    };
    let last = counting(recent).find(holds).filter(|_| !says_more);
    last.map(|reading| reading.effective_at)
}
