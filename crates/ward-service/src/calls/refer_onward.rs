//! Somebody, or who cares for them, is referred onward: link worker, mental health, the carer's own need.

use ward_core::contact::{ContactEntry, Onward, What, checked_referral};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::id::StayId;
use ward_core::permit::Permit;

use super::{ContactError, commit, entry, open, write};
use crate::error::to_the_end;
use crate::wards::Wards;

impl Wards {
    /// Writes down that somebody was referred onward. Also at the end of a stay: that is when it often is.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn refer_onward(
        &self,
        permit: &Permit,
        stay: StayId,
        to: Onward,
        note: String,
    ) -> Result<ContactEntry, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, _) = open(&wards, permit.ward, stay).await?;
            checked_referral(to, &note)?;
            let entry = entry(&wards, &permit, stay, What::ReferredOnward { to, note });
            let referred = ContactEvent::ReferredOnward {
                stay,
                contact: entry.id,
                by: entry.by,
                to,
            };
            write(&mut ledger, &entry, WardEvent::Contact(referred)).await?;
            commit(&wards, ledger).await?;
            Ok(entry)
        })
        .await
    }
}
