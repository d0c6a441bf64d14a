//! What is known of a stay's plan: in force, before, and waiting.

use ward_core::id::StayId;
use ward_core::permit::Permit;
use ward_core::plan_change::{Origin, Proposal, StayPlan, Version};
use ward_core::ward::Ward;
use ward_store::StayRecord;

use crate::error::Unavailable;
use crate::wards::Wards;

/// Proposals that are shown at most.
const PROPOSALS_AT_MOST: u32 = 50;

/// The plan of a stay, and what there is beside it.
#[derive(Clone, Debug)]
pub struct PlanOf {
    /// The ward, with its safe range and phone.
    pub ward: Ward,
    /// The stay.
    pub record: StayRecord,
    /// What is in force, and how it came to be.
    pub version: Version,
    /// The proposals, newest first.
    pub proposals: Vec<Proposal>,
}

impl Wards {
    /// The plan of a stay of this ward, open or over; `None` when there is none.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn plan_of(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<Option<PlanOf>, Unavailable> {
        let (Some(ward), Some(record)) = (
            self.store.ward(permit.ward).await?,
            self.store.stay(stay).await?,
        ) else {
            return Ok(None);
        };
        if record.stay.ward != permit.ward {
            return Ok(None);
        }
        let care = self.store.own_care(stay).await?;
        let care = care.unwrap_or_else(|| ward.default_care.clone());
        let newest = self.store.plan_versions(stay, u32::MAX, 1).await?;
        let version = newest
            .into_iter()
            .next()
            .filter(|newest| newest.plan.care.version == care.version);
        let version = version.unwrap_or_else(|| Version {
            plan: StayPlan {
                limits: record.stay.plan.clone(),
                care,
            },
            origin: Origin::Admission,
        });
        Ok(Some(PlanOf {
            proposals: self.store.proposals(stay, PROPOSALS_AT_MOST).await?,
            ward,
            record,
            version,
        }))
    }

    /// The versions of a stay's plan before `before`, newest first; `None` when there is no such stay on this ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn plan_history(
        &self,
        permit: &Permit,
        stay: StayId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Option<Vec<Version>>, Unavailable> {
        let Some(known) = self.plan_of(permit, stay).await? else {
            return Ok(None);
        };
        let before_this = before.unwrap_or(u32::MAX);
        let versions = self.store.plan_versions(stay, before_this, limit).await?;
        // A plan that was never changed stands with the stay alone.
        let unchanged = versions.is_empty() && known.version.plan.care.version < before_this;
        Ok(Some(if unchanged {
            vec![known.version]
        } else {
            versions
        }))
    }
}
