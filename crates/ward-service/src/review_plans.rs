//! A plan that nobody has reviewed by its date stops counting, and the ward is told.

use ward_core::event::{PlanEvent, WardEvent};
use ward_core::id::StayId;
use ward_core::plan_change::{Origin, ProposalState, StayPlan, review_due, review_passed};
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use crate::set_plan::Standing;

/// Does what is due with the plan of a stay. When it is next to be looked at comes back.
pub(crate) async fn review_plan(
    ledger: &mut Ledger,
    stay: StayId,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let is_open = ledger
        .stay(stay)
        .await?
        .is_some_and(|record| record.stay.phase.is_open());
    if !is_open {
        return Ok(None);
    }
    let Some(standing) = Standing::read(ledger, stay).await? else {
        return Ok(None);
    };
    let ward = ledger.ward();
    let default = StayPlan {
        limits: ward.default_plan.clone(),
        care: ward.default_care.clone(),
    };
    let Some(next) = review_passed(&standing.plan, &default, &standing.setting(now)) else {
        return Ok(review_due(&standing.plan.care, standing.zone()));
    };
    let waiting = ledger.newest_proposal(stay).await?;
    let waiting = waiting.filter(|proposal| proposal.state == ProposalState::Waiting);
    standing.put(ledger, &next, waiting, now).await?;
    let version = next.plan.care.version;
    let event = match next.origin {
        Origin::FellBack { review_by } => PlanEvent::FellBack {
            stay,
            version,
            review_by,
        },
        Origin::ReviewOverdue { review_by } => PlanEvent::ReviewOverdue {
            stay,
            version,
            review_by,
        },
        Origin::Admission | Origin::Set | Origin::Approved { .. } => return Ok(None),
    };
    tracing::warn!(%stay, version, what = event.name(), "nobody reviewed a plan by its date");
    ledger.append(WardEvent::Plan(event), now);
    Ok(None)
}
