//! Lines through diary entries and contacts. Those through readings stand with the chart.

use ward_core::correction::Strike;
use ward_core::diary::DiaryEntry;
use ward_core::id::{ContactId, EntryId, StayId};

use crate::diary::EntryRow;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::to_json;
use crate::statements::{ENTRIES_THAT_COUNT, STRIKE_CONTACT, STRIKE_ENTRY};

impl Ledger {
    /// Strikes a diary entry through. It stays as what it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn strike_entry(
        &mut self,
        stay: StayId,
        entry: EntryId,
        strike: &Strike,
    ) -> Result<(), StoreError> {
        let struck = to_json("diary_entry", strike)?;
        in_tx!(&mut self.tx, conn => sqlx::query(STRIKE_ENTRY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(entry.0)
            .bind(&struck)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The diary entries of a stay that count, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries_that_count(
        &mut self,
        stay: StayId,
    ) -> Result<Vec<DiaryEntry>, StoreError> {
        let rows: Vec<EntryRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(ENTRIES_THAT_COUNT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| row.into_kept(stay).map(|kept| kept.entry))
            .collect()
    }

    /// Strikes a contact through. It stays as what it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn strike_contact(
        &mut self,
        stay: StayId,
        contact: ContactId,
        strike: &Strike,
    ) -> Result<(), StoreError> {
        let struck = to_json("contact", strike)?;
        in_tx!(&mut self.tx, conn => sqlx::query(STRIKE_CONTACT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(contact.0)
            .bind(&struck)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
