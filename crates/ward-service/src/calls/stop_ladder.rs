//! A senior clinician stops the contact ladder of somebody who does not answer, and says why.

use ward_core::contact::{ContactEntry, What};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::id::StayId;
use ward_core::ladder;
use ward_core::permit::Permit;

use super::{ContactError, active, commit, entry, open, write};
use crate::error::to_the_end;
use crate::wards::Wards;

impl Wards {
    /// Stops the ladder, until the next contact falls due.
    ///
    /// # Errors
    /// [`ContactError::Stop`] says what is missing.
    pub async fn stop_ladder(
        &self,
        permit: &Permit,
        stay: StayId,
        reason: String,
    ) -> Result<ContactEntry, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, record) = open(&wards, permit.ward, stay).await?;
            active(&record)?;
            let state = ledger.contact_state(stay).await?;
            ladder::may_stop(&state, permit.role, &reason)?;
            let entry = entry(&wards, &permit, stay, What::LadderStopped { reason });
            let stopped = ContactEvent::LadderStopped {
                stay,
                contact: entry.id,
                by: entry.by,
            };
            write(&mut ledger, &entry, WardEvent::Contact(stopped)).await?;
            commit(&wards, ledger).await?;
            tracing::info!(ward = %permit.ward, %stay, "contact ladder stopped");
            Ok(entry)
        })
        .await
    }
}
