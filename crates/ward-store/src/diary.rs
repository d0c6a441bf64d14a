//! Diary entries and the questionnaires that they answer.

use ward_core::diary::DiaryEntry;
use ward_core::id::{EntryId, StayId};
use ward_core::questionnaire::Questionnaire;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    DIARY_ENTRY, DIARY_OF_STAY, INSERT_DIARY_ENTRY, INSERT_QUESTIONNAIRE, QUESTIONNAIRE,
    QUESTIONNAIRES,
};
use crate::store::Store;

/// A diary entry as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptEntry {
    /// The entry.
    pub entry: DiaryEntry,
    /// Struck through: by whom and why, as JSON.
    pub struck: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct EntryRow {
    body: String,
    struck: Option<String>,
}

impl EntryRow {
    pub(crate) fn into_kept(self, stay: StayId) -> Result<KeptEntry, StoreError> {
        Ok(KeptEntry {
            entry: from_json("diary_entry", stay, &self.body)?,
            struck: self.struck,
        })
    }
}

impl Ledger {
    /// The entry of a stay with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn diary_entry(
        &mut self,
        stay: StayId,
        id: EntryId,
    ) -> Result<Option<KeptEntry>, StoreError> {
        let row: Option<EntryRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(DIARY_ENTRY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(|row| row.into_kept(stay)).transpose()
    }

    /// Stores a diary entry. Look first whether it is there: see [`Ledger::diary_entry`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_diary_entry(&mut self, entry: &DiaryEntry) -> Result<(), StoreError> {
        let body = to_json("diary_entry", entry)?;
        let ward = self.ward().id;
        let inserted = in_tx!(&mut self.tx, conn => sqlx::query(INSERT_DIARY_ENTRY)
            .bind(self.organisation.0)
            .bind(entry.stay.0)
            .bind(entry.at.as_millis())
            .bind(entry.id.0)
            .bind(ward.0)
            .bind(entry.recorded_at.as_millis())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()));
        self.health.step(inserted.map_err(StoreError::from))
    }

    /// One version of a questionnaire that the organisation has written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn questionnaire(
        &mut self,
        name: &str,
        version: u32,
    ) -> Result<Option<Questionnaire>, StoreError> {
        let row: Option<(String,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(QUESTIONNAIRE)
            .bind(self.organisation.0)
            .bind(name)
            .bind(i32::try_from(version).unwrap_or(i32::MAX))
            .fetch_optional(conn)
            .await)?;
        row.map(|(body,)| from_json("questionnaire", name, &body))
            .transpose()
    }

    /// Stores a new version of a questionnaire.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when that version was written before.
    pub async fn insert_questionnaire(
        &mut self,
        questionnaire: &Questionnaire,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let body = to_json("questionnaire", questionnaire)?;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_QUESTIONNAIRE)
            .bind(self.organisation.0)
            .bind(&questionnaire.name)
            .bind(i32::try_from(questionnaire.version).unwrap_or(i32::MAX))
            .bind(at.as_millis())
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "version of this questionnaire"))
    }
}

impl Store {
    /// The diary of a stay, the newest first, `limit` at most, of before `before` where that is given. Struck entries are
    /// among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn diary_of(
        &self,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<KeptEntry>, StoreError> {
        let before = before.map_or(i64::MAX, Timestamp::as_millis);
        let rows: Vec<EntryRow> = reading!(self, conn => sqlx::query_as(DIARY_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(|row| row.into_kept(stay)).collect()
    }

    /// Every version of every questionnaire that the organisation has written, by name and version.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn questionnaires(&self) -> Result<Vec<Questionnaire>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self, conn => sqlx::query_as(QUESTIONNAIRES).bind(self.organisation.0).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(name, body)| from_json("questionnaire", name, &body))
            .collect()
    }
}
