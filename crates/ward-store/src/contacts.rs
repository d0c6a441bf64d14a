//! What passed between the ward and its patients: the entries, and where each stay stands by them.

use std::collections::BTreeMap;

use ward_core::care::CarePlan;
use ward_core::contact::{ContactEntry, ContactState};
use ward_core::id::{ClinicianId, ContactId, StayId, WardId};

use crate::board::BoardSnapshot;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    CALL_SCRIPT, CALLS_OF_WARD, CONTACT, CONTACT_STATE, CONTACTS_OF_STAY, CONTACTS_THAT_COUNT,
    INSERT_CONTACT, NAMES_OF_STAFF, SET_CALL_SCRIPT, SET_CONTACT_STATE, VIDEO_LINK,
};
use crate::store::Store;

/// So many of a stay's newest entries are looked at to say where it stands: more than four weeks of thirty a day.
const ENTRIES_THAT_COUNT: i64 = 1_000;

/// An entry, and whether it was struck through: then as what, in JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredContact {
    /// As it was written.
    pub entry: ContactEntry,
    /// Struck through: by whom, when, why.
    pub struck: Option<String>,
}

/// What a call list is made from, all of it read from one state of the database.
#[derive(Clone, Debug)]
pub struct CallSnapshot {
    /// The ward, its stays, patients and alerts.
    pub board: BoardSnapshot,
    /// The plans and contacts of its stays.
    pub calls: BTreeMap<StayId, (CarePlan, ContactState)>,
    /// Names of the staff.
    pub staff: BTreeMap<ClinicianId, String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ContactRow {
    contact_id: uuid::Uuid,
    struck: Option<String>,
    body: String,
}

impl ContactRow {
    pub(crate) fn into_stored(self) -> Result<StoredContact, StoreError> {
        Ok(StoredContact {
            entry: from_json("contact", self.contact_id, &self.body)?,
            struck: self.struck,
        })
    }
}

/// A state that cannot be read is one of somebody who was never reached: they stand on the list, not beside it.
fn state_or_never_reached(stay: StayId, text: &str) -> ContactState {
    from_json("stay", stay, text).unwrap_or_else(|why| {
        tracing::error!(%stay, %why, "where a stay stands with its contacts cannot be read: the patient counts as never reached");
        ContactState::default()
    })
}

impl Ledger {
    /// Where a stay stands with its contacts; a new one, when there is no such stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact_state(&mut self, stay: StayId) -> Result<ContactState, StoreError> {
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(CONTACT_STATE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        Ok(row
            .map(|(text,)| state_or_never_reached(stay, &text))
            .unwrap_or_default())
    }

    /// Where a stay stands with its contacts from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_contact_state(
        &mut self,
        stay: StayId,
        state: &ContactState,
    ) -> Result<(), StoreError> {
        let state = to_json("stay", state)?;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_CONTACT_STATE)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(&state)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// One more entry.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_contact(&mut self, entry: &ContactEntry) -> Result<(), StoreError> {
        let body = to_json("contact", entry)?;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_CONTACT)
            .bind(self.organisation.0)
            .bind(entry.stay.0)
            .bind(entry.at.as_millis())
            .bind(entry.id.0)
            .bind(entry.ward.0)
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The entry of this id, if the stay has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact(
        &mut self,
        stay: StayId,
        id: ContactId,
    ) -> Result<Option<StoredContact>, StoreError> {
        let row: Option<ContactRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(CONTACT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(ContactRow::into_stored).transpose()
    }

    /// The entries by which a stay stands where it does: those that were not struck through.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts_that_count(
        &mut self,
        stay: StayId,
    ) -> Result<Vec<ContactEntry>, StoreError> {
        let rows: Vec<ContactRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(CONTACTS_THAT_COUNT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(ENTRIES_THAT_COUNT)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| row.into_stored().map(|stored| stored.entry))
            .collect()
    }

    /// The ward's own script for calls from now on; empty for the built-in one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_call_script(&mut self, text: &str) -> Result<(), StoreError> {
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_CALL_SCRIPT)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(text)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// What the call list of a ward is made from. `None` when there is no such ward. The number of statements does not
    /// depend on how many patients there are.
    ///
    /// Run it in a task of its own, like a ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calls(&self, ward: WardId) -> Result<Option<CallSnapshot>, StoreError> {
        let mut tx = self.begin_snapshot().await?;
        let organisation = self.organisation;
        let Some(board) = self.board_in(&mut tx, ward).await? else {
            return Ok(None);
        };
        let rows: Vec<(uuid::Uuid, String, String)> = in_tx!(&mut tx, conn => sqlx::query_as(CALLS_OF_WARD).bind(organisation.0).bind(ward.0).fetch_all(conn).await)?;
        let names: Vec<(uuid::Uuid, String)> = in_tx!(&mut tx, conn => sqlx::query_as(NAMES_OF_STAFF).bind(organisation.0).fetch_all(conn).await)?;
        tx.commit().await?;
        let calls = rows.into_iter().map(|(stay, care, contact)| {
            let stay = StayId(stay);
            let care: Option<CarePlan> = from_json("stay", stay, &care).unwrap_or_else(|why| {
                tracing::error!(%stay, %why, "the plan of a stay cannot be read: the ward's default counts");
                None
            });
            let care = care.unwrap_or_else(|| board.ward.default_care.clone());
            (stay, (care, state_or_never_reached(stay, &contact)))
        });
        Ok(Some(CallSnapshot {
            calls: calls.collect(),
            staff: names
                .into_iter()
                .map(|(id, name)| (ClinicianId(id), name))
                .collect(),
            board,
        }))
    }

    /// Where a stay stands with its contacts, without its ward's lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact_state(&self, stay: StayId) -> Result<ContactState, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(CONTACT_STATE).bind(self.organisation.0).bind(stay.0).fetch_optional(conn).await)?;
        Ok(row
            .map(|(text,)| state_or_never_reached(stay, &text))
            .unwrap_or_default())
    }

    /// The newest entries of a stay, struck through or not, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts_of(
        &self,
        stay: StayId,
        limit: u32,
    ) -> Result<Vec<StoredContact>, StoreError> {
        let rows: Vec<ContactRow> = reading!(self, conn => sqlx::query_as(CONTACTS_OF_STAY).bind(self.organisation.0).bind(stay.0).bind(i64::from(limit)).fetch_all(conn).await)?;
        rows.into_iter().map(ContactRow::into_stored).collect()
    }

    /// Names of all staff, also of those who have left.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn names_of_staff(&self) -> Result<BTreeMap<ClinicianId, String>, StoreError> {
        let rows: Vec<(uuid::Uuid, String)> = reading!(self, conn => sqlx::query_as(NAMES_OF_STAFF).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (ClinicianId(id), name))
            .collect())
    }

    /// The pattern of the ward's video links; empty when it has none. `None` when there is no such ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn video_link(&self, ward: WardId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(VIDEO_LINK).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row.map(|(pattern,)| pattern))
    }

    /// The ward's own script for calls; empty when it has none. `None` when there is no such ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn call_script(&self, ward: WardId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(CALL_SCRIPT).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row.map(|(text,)| text))
    }
}
