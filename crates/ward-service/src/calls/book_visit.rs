//! A home visit is booked: it stands on the call list of its day until it is made.

use ward_core::contact::{ContactEntry, What, checked_visit};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::id::StayId;
use ward_core::permit::Permit;
use ward_core::time::Timestamp;

use super::{ContactError, active, commit, entry, open, write};
use crate::error::to_the_end;
use crate::wards::Wards;

impl Wards {
    /// Books a home visit.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn book_visit(
        &self,
        permit: &Permit,
        stay: StayId,
        at: Timestamp,
        purpose: String,
    ) -> Result<ContactEntry, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, record) = open(&wards, permit.ward, stay).await?;
            active(&record)?;
            checked_visit(at, &purpose, wards.clock.now())?;
            let entry = entry(&wards, &permit, stay, What::VisitBooked { at, purpose });
            let booked = ContactEvent::VisitBooked {
                stay,
                contact: entry.id,
                by: entry.by,
                at,
            };
            write(&mut ledger, &entry, WardEvent::Contact(booked)).await?;
            commit(&wards, ledger).await?;
            Ok(entry)
        })
        .await
    }
}
