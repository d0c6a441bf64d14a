//! Notices to staff that wait to go out, and those that did.

use uuid::Uuid;
use ward_core::escalation::Underway;
use ward_core::id::{AlertNumber, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::outbox::state_of;
use crate::rows::{from_json, to_json};
use crate::statements::{
    FORGET_NOTICES, NOTICE, NOTICES_DUE, NOTICES_OF_ALERT, PUT_NOTICE, QUEUE_NOTICE,
    SET_NOTICE_ASIDE, WARDS_WITH_NOTICES_DUE,
};
use crate::store::Store;

type Row = (Uuid, String);

fn read((id, body): Row) -> Result<Underway, StoreError> {
    from_json("notice", id, &body)
}

impl Ledger {
    /// Queues a notice in this transaction. `false` when the same one was queued before, whatever has become of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_notice(&mut self, notice: &Underway) -> Result<bool, StoreError> {
        let body = to_json("notice", notice)?;
        let message = &notice.out.message;
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(QUEUE_NOTICE)
            .bind(self.organisation.0)
            .bind(message.id)
            .bind(message.ward.0)
            .bind(message.alert.map(|number| number.0))
            .bind(notice.due_at().map(Timestamp::as_millis))
            .bind(state_of(notice.out.delivery))
            .bind(message.at.as_millis())
            .bind(&body)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// A notice as the rules say that it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_notice(&mut self, notice: &Underway) -> Result<(), StoreError> {
        let body = to_json("notice", notice)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_NOTICE)
            .bind(self.organisation.0)
            .bind(notice.out.message.id)
            .bind(notice.due_at().map(Timestamp::as_millis))
            .bind(state_of(notice.out.delivery))
            .bind(i32::from(notice.out.attempts))
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// One notice of this ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notice(&mut self, id: Uuid) -> Result<Option<Underway>, StoreError> {
        let ward = self.ward().id.0;
        let row: Option<Row> = in_tx!(&mut self.tx, conn => sqlx::query_as(NOTICE).bind(self.organisation.0).bind(id).bind(ward).fetch_optional(conn).await)?;
        row.map(read).transpose()
    }

    /// Notices of this ward that are due, the longest overdue first. One that cannot be read is set aside, so that it holds
    /// up no other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_notices(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Underway>, StoreError> {
        let ward = self.ward().id.0;
        let rows: Vec<Row> = in_tx!(&mut self.tx, conn => sqlx::query_as(NOTICES_DUE)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(now.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        let mut readable = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.0;
            match read(row) {
                Ok(notice) => readable.push(notice),
                Err(error) => {
                    tracing::error!(notice = %id, %error, "a notice cannot be read and is not sent: it is damaged, or a newer program wrote it");
                    in_tx!(&mut self.tx, conn => sqlx::query(SET_NOTICE_ASIDE).bind(self.organisation.0).bind(id).execute(conn).await.map(|_| ()))?;
                }
            }
        }
        Ok(readable)
    }
}

impl Store {
    /// Wards with notices that are due, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_with_notices_due(&self, now: Timestamp) -> Result<Vec<WardId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_WITH_NOTICES_DUE).bind(self.organisation.0).bind(now.as_millis()).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }

    /// Notices about an alert, the newest first, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notices_of(
        &self,
        ward: WardId,
        alert: AlertNumber,
        limit: u32,
    ) -> Result<Vec<Underway>, StoreError> {
        let rows: Vec<Row> = reading!(self, conn => sqlx::query_as(NOTICES_OF_ALERT).bind(self.organisation.0).bind(ward.0).bind(alert.0).bind(i64::from(limit)).fetch_all(conn).await)?;
        rows.into_iter().map(read).collect()
    }

    /// Forgets notices that were queued before `before` and have come to their end. How many comes back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_notices(&self, before: Timestamp) -> Result<u64, StoreError> {
        writing!(self, conn => sqlx::query(FORGET_NOTICES).bind(self.organisation.0).bind(before.as_millis()).execute(conn).await.map(|done| done.rows_affected()))
            .map_err(StoreError::from)
    }
}
