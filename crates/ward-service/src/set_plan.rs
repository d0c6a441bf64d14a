//! A clinician changes the plan of a stay, or proposes what a colleague must approve.

use ward_core::call_list;
use ward_core::day::{NotAZone, Zone};
use ward_core::event::{PlanEvent, WardEvent};
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Permit;
use ward_core::plan_change::{
    self, Change, ChangeRefused, DecideRefused, Proposal, ProposalState, Setting, StayPlan,
    Version, Wanted,
};
use ward_core::stay::Phase;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// What became of a plan that a clinician wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanSet {
    /// It is in force.
    InForce(Version),
    /// It waits for a second person; the plan goes on as it was.
    Waits(Proposal),
}

/// Why a plan is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The stay.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Over.
    #[error("this stay is over since {0}: its plan is on record and changes no more")]
    StayOver(Timestamp),
    /// What is wanted.
    #[error(transparent)]
    Change(#[from] ChangeRefused),
    /// The proposal.
    #[error("there is no proposal {0} for this stay")]
    NoSuchProposal(u32),
    /// The decision.
    #[error(transparent)]
    Decide(#[from] DecideRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for PlanError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Changes the plan of a stay. A limit outside the ward's safe range waits for a second person.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn set_plan(
        &self,
        permit: &Permit,
        stay: StayId,
        wanted: Wanted,
    ) -> Result<PlanSet, PlanError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(PlanError::NoSuchStay)?;
            let now = wards.clock.now();
            let at = Standing::of(&mut ledger, stay).await?;
            let before = ledger.newest_proposal(stay).await?;
            let so_far = before.as_ref().map_or(0, |proposal| proposal.number);
            let done = plan_change::change(&at.plan, wanted, by, so_far, &at.setting(now))?;
            let waiting = before.filter(|proposal| proposal.state == ProposalState::Waiting);
            let answer = match done {
                Change::InForce(version) => {
                    at.put(&mut ledger, &version, waiting, now).await?;
                    let event = PlanEvent::Changed {
                        stay,
                        version: version.plan.care.version,
                        by,
                        approved_by: None,
                    };
                    ledger.append(WardEvent::Plan(event), now);
                    PlanSet::InForce(version)
                }
                Change::Waits(proposal) => {
                    if let Some(waiting) = waiting {
                        let replaced = plan_change::replaced(&waiting, &proposal);
                        ledger.put_proposal(stay, &replaced).await?;
                    }
                    ledger.put_proposal(stay, &proposal).await?;
                    let number = proposal.number;
                    let event = PlanEvent::Proposed {
                        stay,
                        proposal: number,
                        by,
                    };
                    ledger.append(WardEvent::Plan(event), now);
                    PlanSet::Waits(proposal)
                }
            };
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, "plan set or proposed");
            Ok(answer)
        })
        .await
    }

    /// A second clinician agrees to a proposal: it is in force.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn approve_plan(
        &self,
        permit: &Permit,
        stay: StayId,
        number: u32,
    ) -> Result<Version, PlanError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(PlanError::NoSuchStay)?;
            let now = wards.clock.now();
            let at = Standing::of(&mut ledger, stay).await?;
            let proposal = ledger.proposal(stay, number).await?;
            let proposal = proposal.ok_or(PlanError::NoSuchProposal(number))?;
            let setting = at.setting(now);
            let (approved, version) = plan_change::approve(&proposal, &at.plan, by, &setting)?;
            at.put(&mut ledger, &version, None, now).await?;
            ledger.put_proposal(stay, &approved).await?;
            let event = PlanEvent::Changed {
                stay,
                version: version.plan.care.version,
                by: proposal.by,
                approved_by: Some(by),
            };
            ledger.append(WardEvent::Plan(event), now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, proposal = number, "plan approved");
            Ok(version)
        })
        .await
    }

    /// A clinician says no to a proposal, or takes their own back.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn reject_plan(
        &self,
        permit: &Permit,
        stay: StayId,
        number: u32,
        reason: String,
    ) -> Result<Proposal, PlanError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(PlanError::NoSuchStay)?;
            let now = wards.clock.now();
            ledger.stay(stay).await?.ok_or(PlanError::NoSuchStay)?;
            let proposal = ledger.proposal(stay, number).await?;
            let proposal = proposal.ok_or(PlanError::NoSuchProposal(number))?;
            let rejected = plan_change::reject(&proposal, by, &reason, now)?;
            ledger.put_proposal(stay, &rejected).await?;
            let event = PlanEvent::Rejected {
                stay,
                proposal: number,
                by,
            };
            ledger.append(WardEvent::Plan(event), now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, proposal = number, "plan rejected");
            Ok(rejected)
        })
        .await
    }
}

/// What a change of plan is made among, read under the ward's lock.
pub(crate) struct Standing {
    stay: StayId,
    pub(crate) plan: StayPlan,
    birth_date: ward_core::patient::BirthDate,
    zone: Zone,
    default: ward_core::plan::MonitoringPlan,
    safe: ward_core::safe_range::SafeRange,
}

impl Standing {
    async fn of(ledger: &mut Ledger, stay: StayId) -> Result<Self, PlanError> {
        let record = ledger.stay(stay).await?.ok_or(PlanError::NoSuchStay)?;
        if let Phase::Ended { at, .. } = record.stay.phase {
            return Err(PlanError::StayOver(at));
        }
        Self::read(ledger, stay).await?.ok_or(PlanError::NoSuchStay)
    }

    pub(crate) async fn read(
        ledger: &mut Ledger,
        stay: StayId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(patient) = ledger.stay(stay).await?.map(|record| record.stay.patient) else {
            return Ok(None);
        };
        let Some(plan) = ledger.stay_plan(stay).await? else {
            return Ok(None);
        };
        let birth_date = ledger.birth_date(patient).await?;
        let ward = ledger.ward();
        let zone = Zone::named(&ward.time_zone)
            .map_err(|why: NotAZone| StoreError::Refused(why.to_string()))?;
        Ok(Some(Self {
            stay,
            plan,
            birth_date,
            zone,
            default: ward.default_plan.clone(),
            safe: ward.safe_range,
        }))
    }

    pub(crate) fn setting(&self, now: Timestamp) -> Setting<'_> {
        Setting {
            birth_date: self.birth_date,
            ward_default: &self.default,
            safe: &self.safe,
            zone: &self.zone,
            now,
        }
    }

    /// Puts a version in force. What waited for the one before waits no longer, and the sweep looks at the stay anew: its
    /// times may be others now.
    pub(crate) async fn put(
        &self,
        ledger: &mut Ledger,
        version: &Version,
        waiting: Option<Proposal>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.keep_what_is_owed(ledger, now).await?;
        ledger.set_stay_plan(self.stay, version, now).await?;
        if let Some(waiting) = waiting {
            let over = plan_change::superseded(&waiting, version.plan.care.version, now);
            ledger.put_proposal(self.stay, &over).await?;
        }
        ledger.set_next_due(self.stay, Some(now)).await
    }

    /// A contact that the plan so far asked for and that was not made stays on the call list.
    async fn keep_what_is_owed(
        &self,
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(record) = ledger.stay(self.stay).await? else {
            return Ok(());
        };
        let stay = record.stay.clone();
        let contact = ledger.contact_state(self.stay).await?;
        let contact = call_list::plan_changes(&stay, &self.plan.care, contact, now, &self.zone);
        ledger.set_contact_state(self.stay, &contact).await
    }

    pub(crate) const fn zone(&self) -> &Zone {
        &self.zone
    }
}

impl PlanError {
    /// Who was first, and when: for whoever came second.
    #[must_use]
    pub const fn first(&self) -> Option<(ClinicianId, Timestamp)> {
        match self {
            Self::Change(ChangeRefused::ChangedSince {
                by: Some(by), at, ..
            })
            | Self::Decide(DecideRefused::Over {
                by: Some(by), at, ..
            }) => Some((*by, *at)),
            _ => None,
        }
    }
}
