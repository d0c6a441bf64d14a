//! Where staff are reached, for one ward each: their own to enter and to see.

use uuid::Uuid;
use ward_core::escalation::ChannelKind;
use ward_core::id::{ClinicianId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::escalation::channel_named;
use crate::ledger::Ledger;
use crate::statements::{PUT_STAFF_CONTACT, REMOVE_STAFF_CONTACT, STAFF_CONTACT, STAFF_CONTACTS};
use crate::store::Store;

/// One way in which somebody is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffContact {
    /// Ours.
    pub id: Uuid,
    /// By what.
    pub channel: ChannelKind,
    /// Where, as JSON: only the service and its owner know what is in it.
    pub body: String,
    /// When it was entered.
    pub added_at: Timestamp,
}

impl std::fmt::Debug for StaffContact {
    /// Without the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaffContact({}, {})", self.id, self.channel.name())
    }
}

type Row = (Uuid, String, String, i64);

fn read((id, channel, body, added_at): Row) -> Result<StaffContact, StoreError> {
    let channel = channel_named(&channel);
    Ok(StaffContact {
        id,
        channel: channel
            .ok_or_else(|| StoreError::corrupt("staff_contact", id, "no such channel"))?,
        body,
        added_at: Timestamp::from_millis(added_at),
    })
}

impl Store {
    /// Where somebody is reached for a ward, as they entered it, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_contacts(
        &self,
        ward: WardId,
        clinician: ClinicianId,
    ) -> Result<Vec<StaffContact>, StoreError> {
        let rows: Vec<Row> = reading!(self, conn => sqlx::query_as(STAFF_CONTACTS).bind(self.organisation.0).bind(ward.0).bind(clinician.0).fetch_all(conn).await)?;
        rows.into_iter().map(read).collect()
    }
}

impl Ledger {
    /// One of somebody's details for this ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_contact(
        &mut self,
        clinician: ClinicianId,
        id: Uuid,
    ) -> Result<Option<StaffContact>, StoreError> {
        let ward = self.ward().id.0;
        let row: Option<Row> = in_tx!(&mut self.tx, conn => sqlx::query_as(STAFF_CONTACT).bind(self.organisation.0).bind(ward).bind(clinician.0).bind(id).fetch_optional(conn).await)?;
        row.map(read).transpose()
    }

    /// Keeps one of somebody's details for this ward, or what it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_staff_contact(
        &mut self,
        clinician: ClinicianId,
        contact: &StaffContact,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_STAFF_CONTACT)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(clinician.0)
            .bind(contact.id)
            .bind(contact.channel.name())
            .bind(&contact.body)
            .bind(contact.added_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Forgets one of somebody's details. `false` when it was not there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_staff_contact(
        &mut self,
        clinician: ClinicianId,
        id: Uuid,
    ) -> Result<bool, StoreError> {
        let ward = self.ward().id.0;
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(REMOVE_STAFF_CONTACT).bind(self.organisation.0).bind(ward).bind(clinician.0).bind(id).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
