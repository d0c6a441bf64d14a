//! A diary that was begun at home and not sent, kept beside the token that it was begun with. What is in it the caller says.

use ward_core::id::EntryId;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::statements::{DROP_OLD_UNFINISHED, DROP_UNFINISHED, KEEP_UNFINISHED, UNFINISHED};
use crate::store::Store;

impl Store {
    /// Keeps it in the place of an older one, unless the token has ended or the entry was sent meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_unfinished(
        &self,
        token_hash: &[u8],
        entry: EntryId,
        body: &str,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(KEEP_UNFINISHED)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(body)
            .bind(at.as_millis())
            .bind(until.as_millis())
            .bind(entry.0)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// What is kept for a token, while its day lasts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unfinished(
        &self,
        token_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(UNFINISHED)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(now.as_millis())
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|(body,)| body))
    }

    /// It was sent, or is begun anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_unfinished(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(DROP_UNFINISHED).bind(self.organisation.0).bind(token_hash).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Whatever has outlived its day goes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_old_unfinished(&self, now: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(DROP_OLD_UNFINISHED).bind(self.organisation.0).bind(now.as_millis()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
