//! Who is about to ring whom: claimed, taken over, let go.

use ward_core::contact::{self, Claimed, Ticket};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;

use super::{ContactError, active, commit, open};
use crate::error::to_the_end;
use crate::wards::Wards;

/// A claim that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claiming {
    /// Whose.
    pub by: ClinicianId,
    /// Since when: for a repeat by the same person, the first time.
    pub at: Timestamp,
    /// From whom it was taken over just now.
    pub from: Option<ClinicianId>,
}

impl Wards {
    /// Claims the call of a stay. `over` is the claim on the screen of somebody who takes it over.
    ///
    /// # Errors
    /// [`ContactError::Claim`] with who has it and since when.
    pub async fn claim_call(
        &self,
        permit: &Permit,
        stay: StayId,
        over: Option<Ticket>,
    ) -> Result<Claiming, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, record) = open(&wards, permit.ward, stay).await?;
            active(&record)?;
            let state = ledger.contact_state(stay).await?;
            let (by, now) = (permit.clinician, wards.clock.now());
            match contact::claim(&state, permit.ward, by, over, now)? {
                Claimed::Already { at } => Ok(Claiming { by, at, from: None }),
                Claimed::Now { state, from } => {
                    ledger.set_contact_state(stay, &state).await?;
                    let claimed = ContactEvent::Claimed { stay, by, from };
                    ledger.append(WardEvent::Contact(claimed), now);
                    commit(&wards, ledger).await?;
                    Ok(Claiming { by, at: now, from })
                }
            }
        })
        .await
    }

    /// Lets go of a claim.
    ///
    /// # Errors
    /// [`ContactError::Claim`] when it is a colleague's, or nobody's.
    pub async fn release_call(&self, permit: &Permit, stay: StayId) -> Result<(), ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, _) = open(&wards, permit.ward, stay).await?;
            let state = ledger.contact_state(stay).await?;
            let (by, now) = (permit.clinician, wards.clock.now());
            let state = contact::release(&state, permit.ward, by, now)?;
            ledger.set_contact_state(stay, &state).await?;
            let released = ContactEvent::Released { stay, by };
            ledger.append(WardEvent::Contact(released), now);
            commit(&wards, ledger).await?;
            Ok(())
        })
        .await
    }
}
