//! Messages that wait to go out, and those that did.
//!
//! A message belongs to its stay, and goes with it when the patient changes wards: whoever holds the ledger of the ward
//! that the stay is on may change it, and nobody else.

use uuid::Uuid;
use ward_core::id::{MessageId, StayId, WardId};
use ward_core::message::{Delivery, Message, Outbound, Stop};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    MESSAGE, MESSAGES_DUE, MESSAGES_OF_STAY, NEWEST_DIARY_AT, PHONE_OF_STAY, PUT_MESSAGE,
    QUEUE_MESSAGE, SET_MESSAGE_ASIDE, STAYS_WITHOUT_REMINDER, UNSENT_MESSAGES,
    WARDS_WITH_MESSAGES_DUE,
};
use crate::store::Store;

#[derive(sqlx::FromRow)]
struct MessageRow {
    message_id: Uuid,
    body: String,
}

impl MessageRow {
    fn into_outbound(self) -> Result<Outbound, StoreError> {
        from_json("outbox", self.message_id, &self.body)
    }
}

/// The name of a state, as it is searched for.
pub(crate) const fn state_of(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "queued",
        Delivery::Leased { .. } => "leased",
        Delivery::Failed { .. } => "failed",
        Delivery::Sent { .. } => "sent",
        Delivery::Cancelled { .. } => "cancelled",
        Delivery::Expired { .. } => "expired",
        Delivery::GivenUp { .. } => "given_up",
    }
}

impl Ledger {
    /// Queues a message in this transaction. `false` when the same one was queued before, whatever has become of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_message(&mut self, message: &Message) -> Result<bool, StoreError> {
        let body = to_json("outbox", &Outbound::queued(message.clone()))?;
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(QUEUE_MESSAGE)
            .bind(self.organisation.0)
            .bind(message.id.0)
            .bind(message.stay.0)
            .bind(message.to.name())
            .bind(message.what.name())
            .bind(message.not_before.as_millis())
            .bind(state_of(Delivery::Queued))
            .bind(&body)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Cancels everything of a stay that has not gone out: to the patient and to people on call. How many there were
    /// comes back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cancel_messages(&mut self, stay: StayId) -> Result<u64, StoreError> {
        let rows: Vec<MessageRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(UNSENT_MESSAGES)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_all(conn)
            .await)?;
        let mut cancelled = 0;
        for message in self.readable(rows).await? {
            if let Some(after) = message.cancel(Stop::StayEnded) {
                self.put_message(&after).await?;
                cancelled += 1;
            }
        }
        Ok(cancelled)
    }

    /// A message as the rules say that it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_message(&mut self, message: &Outbound) -> Result<(), StoreError> {
        let body = to_json("outbox", message)?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_MESSAGE)
            .bind(self.organisation.0)
            .bind(message.message.id.0)
            .bind(message.due_at().map(Timestamp::as_millis))
            .bind(state_of(message.delivery))
            .bind(i32::from(message.attempts))
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// One message.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn message(&mut self, id: MessageId) -> Result<Option<Outbound>, StoreError> {
        let row: Option<MessageRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(MESSAGE)
            .bind(self.organisation.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        row.map(MessageRow::into_outbound).transpose()
    }

    /// Messages of the stays on this ward that are due, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_messages(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Outbound>, StoreError> {
        let ward = self.ward().id;
        let rows: Vec<MessageRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(MESSAGES_DUE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(now.as_millis())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        self.readable(rows).await
    }

    /// One that cannot be read is set aside, so that it holds up nobody else's.
    async fn readable(&mut self, rows: Vec<MessageRow>) -> Result<Vec<Outbound>, StoreError> {
        let mut readable = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.message_id;
            match row.into_outbound() {
                Ok(message) => readable.push(message),
                Err(error) => {
                    tracing::error!(message = %id, %error, "a message cannot be read and is not sent: it is damaged, or a newer program wrote it");
                    in_tx!(&mut self.tx, conn => sqlx::query(SET_MESSAGE_ASIDE)
                        .bind(self.organisation.0)
                        .bind(id)
                        .execute(conn)
                        .await
                        .map(|_| ()))?;
                }
            }
        }
        Ok(readable)
    }

    /// The patient's phone and the language of their record; `None` when there is no such stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn addressee(&mut self, stay: StayId) -> Result<Option<Addressee>, StoreError> {
        let row: Option<(String, String)> = in_tx!(&mut self.tx, conn => sqlx::query_as(PHONE_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        let Some((phone, details)) = row else {
            return Ok(None);
        };
        // Only this one is looked for: what else stands there is not this crate's to know.
        let details: serde_json::Value = from_json("patient", stay, &details)?;
        let language = details.get("language").and_then(serde_json::Value::as_str);
        Ok(Some(Addressee {
            phone,
            language: language.unwrap_or_default().to_owned(),
        }))
    }

    /// When the newest diary entry of this stay that counts was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_diary_at(&mut self, stay: StayId) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(NEWEST_DIARY_AT)
            .bind(self.organisation.0)
            .bind(stay.0)
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|(at,)| Timestamp::from_millis(at)))
    }
}

/// Where a patient is reached, and in which language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// As it stands in the record.
    pub phone: String,
    /// As it stands in the record; empty when it does not.
    pub language: String,
}

impl Store {
    /// Wards with messages that are due, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_with_messages_due(&self, now: Timestamp) -> Result<Vec<WardId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_WITH_MESSAGES_DUE)
            .bind(self.organisation.0)
            .bind(now.as_millis())
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }

    /// Messages of a stay, the newest first, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages_of(&self, stay: StayId, limit: u32) -> Result<Vec<Outbound>, StoreError> {
        let rows: Vec<MessageRow> = reading!(self, conn => sqlx::query_as(MESSAGES_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(MessageRow::into_outbound).collect()
    }

    /// Stays that run, get messages and have no reminder waiting, each with its ward, in the order of their ids: after
    /// `after`, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stays_without_reminder(
        &self,
        after: Option<StayId>,
        limit: u32,
    ) -> Result<Vec<(StayId, WardId)>, StoreError> {
        let after = after.map_or(Uuid::nil(), |stay| stay.0);
        let rows: Vec<(Uuid, Uuid)> = reading!(self, conn => sqlx::query_as(STAYS_WITHOUT_REMINDER)
            .bind(self.organisation.0)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        Ok(rows
            .into_iter()
            .map(|(stay, ward)| (StayId(stay), WardId(ward)))
            .collect())
    }
}
