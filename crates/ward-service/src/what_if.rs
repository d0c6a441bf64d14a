//! What a plan would have raised on the last thirty days of a patient and of the ward, before anybody sets it.
//!
//! It reads page by page and opens no ledger, so nothing waits for it; and a ward works out one answer at a time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;
use ward_core::id::{ReadingId, StayId, WardId};
use ward_core::permit::Permit;
use ward_core::plan::{MonitoringPlan, PlanRefused};
use ward_core::replay::{Difference, Ends, Raised, Replay, Tally, compare, tally};
use ward_core::stay::Stay;
use ward_core::time::{Timestamp, minutes};
use ward_store::StoreError;

use crate::error::Unavailable;
use crate::wards::Wards;

/// How far back is looked.
pub const WHAT_IF_DAYS: u64 = 30;

/// Readings of one stay that are looked at: one a minute for thirty days, and some.
const READINGS_OF_A_STAY: u64 = 45_000;
/// Readings of all stays together.
const READINGS_OF_A_WARD: u64 = 90_000;
/// Stays that are looked at.
const STAYS: usize = 500;
/// Readings that are fetched at once.
const PAGE: u32 = 1_000;
const DAY: Duration = minutes(24 * 60);

/// What a plan would have raised, beside what those in force raise on the same readings. On both sides each bout of a problem is
/// one alert: it is over when its condition is green again.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// From then …
    pub from: Timestamp,
    /// … until now.
    pub until: Timestamp,
    /// On this patient.
    pub patient: Compared,
    /// On every stay of the ward whose plan has the same NEWS2 scale, this one among them, if each had the proposed limits.
    pub ward: Compared,
    /// What would be new and what would go, on this patient.
    pub difference: Difference,
    /// Stays that were looked at.
    pub stays: u32,
    /// Stays that were not, since there was too much to look at.
    pub stays_left_out: u32,
    /// Stays on the other NEWS2 scale: this plan is not for them.
    pub stays_on_other_scale: u32,
}

/// Two plans over the same readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// By the plan in force.
    pub in_force: Tally,
    /// By the proposed one.
    pub proposed: Tally,
    /// How long the patients were on the ward in these days, in milliseconds.
    pub millis: u64,
    /// How many readings were looked at.
    pub readings: u64,
    /// There were more.
    pub is_cut: bool,
}

impl Compared {
    /// In days.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "thirty days of a ward are far from 2^53 milliseconds"
    )]
    pub fn patient_days(&self) -> f64 {
        self.millis as f64 / DAY.as_millis() as f64
    }

    fn add(&mut self, other: &Self) {
        for (mine, others) in [
            (&mut self.in_force, &other.in_force),
            (&mut self.proposed, &other.proposed),
        ] {
            for (which, count) in others {
                *mine.entry(*which).or_default() += count;
            }
        }
        self.millis += other.millis;
        self.readings += other.readings;
        self.is_cut |= other.is_cut;
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WhatIfError {
    /// The stay.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// The limits.
    #[error(transparent)]
    Limits(#[from] PlanRefused),
    /// One at a time.
    #[error(
        "the answer for a colleague on this ward is being worked out: ask again in a few seconds"
    )]
    Busy,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for WhatIfError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// The wards whose answer is being worked out.
#[derive(Debug, Default)]
pub(crate) struct Asking(Mutex<BTreeSet<WardId>>);

/// Until this is dropped nobody else asks on the ward.
struct Asked {
    asking: Arc<Asking>,
    ward: WardId,
}

impl Asking {
    fn on(self: &Arc<Self>, ward: WardId) -> Option<Asked> {
        let mut wards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wards.insert(ward).then(|| Asked {
            asking: Arc::clone(self),
            ward,
        })
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let mut wards = self.asking.0.lock().unwrap_or_else(PoisonError::into_inner);
        wards.remove(&self.ward);
    }
}

impl Wards {
    /// What these limits would have raised on the last [`WHAT_IF_DAYS`] days. Nothing is written.
    ///
    /// # Errors
    /// [`WhatIfError`].
    pub async fn what_if(
        &self,
        permit: &Permit,
        stay: StayId,
        proposed: MonitoringPlan,
    ) -> Result<WhatIf, WhatIfError> {
        let proposed = proposed.checked()?;
        let record = self.store.stay(stay).await?;
        let record = record.filter(|record| record.stay.ward == permit.ward);
        let asked_about = record.ok_or(WhatIfError::NoSuchStay)?.stay;
        let _asked = self.what_if.on(permit.ward).ok_or(WhatIfError::Busy)?;

        let until = self.clock.now();
        let span = (until.minus(DAY * 30), until);
        let (patient, difference) = self
            .of_stay(&asked_about, &proposed, span, READINGS_OF_A_STAY)
            .await?;
        let mut answer = WhatIf {
            from: span.0,
            until,
            ward: patient.clone(),
            patient,
            difference,
            stays: 1,
            stays_left_out: 0,
            stays_on_other_scale: 0,
        };
        for other in self.store.stays_of_ward_since(permit.ward, span.0).await? {
            if other == stay {
                continue;
            }
            let left = READINGS_OF_A_WARD.saturating_sub(answer.ward.readings);
            if left == 0 || usize::try_from(answer.stays).is_ok_and(|looked| looked >= STAYS) {
                answer.stays_left_out += 1;
                continue;
            }
            let Some(other) = self.store.stay(other).await? else {
                continue;
            };
            if other.stay.plan.spo2_scale != proposed.spo2_scale {
                answer.stays_on_other_scale += 1;
                continue;
            }
            let left = left.min(READINGS_OF_A_STAY);
            let (compared, _) = self.of_stay(&other.stay, &proposed, span, left).await?;
            answer.ward.add(&compared);
            answer.stays += 1;
        }
        Ok(answer)
    }

    /// Both plans over the readings of a stay that count, the oldest first.
    async fn of_stay(
        &self,
        stay: &Stay,
        proposed: &MonitoringPlan,
        (from, until): (Timestamp, Timestamp),
        at_most: u64,
    ) -> Result<(Compared, Difference), WhatIfError> {
        let replay =
            |plan: &MonitoringPlan| Replay::new(plan.clone(), stay.baseline_spo2, Ends::WhenGreen);
        let (mut now, mut then) = (replay(&stay.plan), replay(proposed));
        let mut compared = Compared {
            millis: on_the_ward(stay, from, until),
            ..Compared::default()
        };
        let mut after = (from, ReadingId(Uuid::nil()));
        loop {
            let left = at_most.saturating_sub(compared.readings);
            let page = self
                .store
                .readings_that_count(stay.id, after, until, PAGE)
                .await?;
            let Some(last) = page.last() else { break };
            if left == 0 {
                compared.is_cut = true;
                break;
            }
            after = (last.effective_at, last.id);
            let is_last = u32::try_from(page.len()) != Ok(PAGE);
            let few = usize::try_from(left).unwrap_or(usize::MAX);
            compared.is_cut = page.len() > few;
            for reading in page.iter().take(few) {
                now.take(reading);
                then.take(reading);
                compared.readings += 1;
            }
            if is_last || compared.is_cut {
                break;
            }
            // Others have their turn between two pages.
            tokio::task::yield_now().await;
        }
        let (in_force, proposed): (Vec<Raised>, Vec<Raised>) = (now.finish(), then.finish());
        compared.in_force = tally(&in_force);
        compared.proposed = tally(&proposed);
        Ok((compared, compare(&in_force, &proposed)))
    }
}

/// How long the patient was on the ward within the span, in milliseconds.
fn on_the_ward(stay: &Stay, from: Timestamp, until: Timestamp) -> u64 {
    let began = stay.admitted_at.max(from);
    let ended = stay.phase.ended_at().map_or(until, |at| at.min(until));
    u64::try_from(ended.millis_since(began)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ward_asks_once_at_a_time_and_again_when_the_first_is_done() {
        let asking = Arc::new(Asking::default());
        let (one, other) = (WardId(Uuid::from_u128(1)), WardId(Uuid::from_u128(2)));
        let first = asking.on(one).unwrap();
        assert!(asking.on(one).is_none());
        assert!(asking.on(other).is_some());
        drop(first);
        assert!(asking.on(one).is_some());
    }
}
