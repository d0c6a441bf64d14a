//! Who is to be on duty when.

use uuid::Uuid;
use ward_core::duty::Post;
use ward_core::id::{ClinicianId, RotaId, WardId};
use ward_core::rota::Turn;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{CANCEL_TURN, INSERT_TURN, TURN, TURNS};
use crate::store::Store;

#[derive(sqlx::FromRow)]
struct TurnRow {
    rota_id: Uuid,
    clinician_id: Uuid,
    post: String,
    starts_at: i64,
    ends_at: i64,
}

impl TurnRow {
    fn into_turn(self) -> Result<Turn, StoreError> {
        let post = Post::named(&self.post);
        Ok(Turn {
            id: RotaId(self.rota_id),
            clinician: ClinicianId(self.clinician_id),
            post: post.ok_or_else(|| StoreError::corrupt("rota", self.rota_id, "no such post"))?,
            from: Timestamp::from_millis(self.starts_at),
            until: Timestamp::from_millis(self.ends_at),
        })
    }
}

impl Store {
    /// The turns of a ward that touch the time from `from` until `until` and are not cancelled, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn turns(
        &self,
        ward: WardId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Turn>, StoreError> {
        let rows: Vec<TurnRow> = reading!(self, conn => sqlx::query_as(TURNS)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(from.as_millis())
            .bind(until.as_millis())
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(TurnRow::into_turn).collect()
    }
}

impl Ledger {
    /// As [`Store::turns`], for the ward of this ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn turns(
        &mut self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Turn>, StoreError> {
        let ward = self.ward().id.0;
        let rows: Vec<TurnRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(TURNS)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(from.as_millis())
            .bind(until.as_millis())
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(TurnRow::into_turn).collect()
    }

    /// One turn of the ward, if it is not cancelled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn turn(&mut self, id: RotaId) -> Result<Option<Turn>, StoreError> {
        let ward = self.ward().id.0;
        let row: Option<TurnRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(TURN).bind(self.organisation.0).bind(ward).bind(id.0).fetch_optional(conn).await)?;
        row.map(TurnRow::into_turn).transpose()
    }

    /// One more turn.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_turn(
        &mut self,
        turn: &Turn,
        by: ClinicianId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_TURN)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(turn.from.as_millis())
            .bind(turn.id.0)
            .bind(turn.until.as_millis())
            .bind(turn.clinician.0)
            .bind(turn.post.as_str())
            .bind(by.0)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// A turn is cancelled; its row stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cancel_turn(&mut self, id: RotaId, at: Timestamp) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(CANCEL_TURN).bind(self.organisation.0).bind(ward).bind(id.0).bind(at.as_millis()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
