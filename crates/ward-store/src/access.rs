//! How a patient, or who cares for them, comes to enter things: a one-time code, then a token. Only hashes are kept.

use uuid::Uuid;
use ward_core::id::{ClinicianId, StayId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{
    ACCESS_CODE, ACCESS_OF_TOKEN, COUNT_ACCESS_TRY, END_ACCESS_CODES, END_ACCESS_TOKEN,
    END_ACCESS_TOKENS, INSERT_ACCESS_CODE, INSERT_ACCESS_TOKEN, USE_ACCESS_CODE,
};
use crate::store::Store;

/// A code that a patient was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessCode {
    /// For which stay.
    pub stay: StayId,
    /// The carer it is for, by name; nobody: the patient.
    pub carer: Option<String>,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// How often it was tried with a wrong birth date.
    pub tries: u32,
    /// The patient's birth date, as it is on record.
    pub birth_date: String,
}

/// Who a token lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// For which stay.
    pub stay: StayId,
    /// The carer, by name; nobody: the patient.
    pub carer: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    stay_id: Uuid,
    carer: Option<String>,
    expires_at: i64,
    tries: i64,
    birth_date: String,
}

impl Ledger {
    /// A code for the patient of a stay, or for somebody who cares for them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_access_code(
        &mut self,
        stay: StayId,
        code_hash: &[u8],
        carer: Option<&str>,
        by: ClinicianId,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_ACCESS_CODE)
            .bind(self.organisation.0)
            .bind(code_hash)
            .bind(stay.0)
            .bind(carer)
            .bind(by.0)
            .bind(issued_at.as_millis())
            .bind(expires_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// No code and no token of this stay is good any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_access(&mut self, stay: StayId, at: Timestamp) -> Result<(), StoreError> {
        for statement in [END_ACCESS_CODES, END_ACCESS_TOKENS] {
            in_tx!(&mut self.tx, conn => sqlx::query(statement)
                .bind(self.organisation.0)
                .bind(stay.0)
                .bind(at.as_millis())
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }
}

impl Store {
    /// The code with this hash, if it was not used yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn access_code(&self, code_hash: &[u8]) -> Result<Option<AccessCode>, StoreError> {
        let row: Option<CodeRow> = reading!(self, conn => sqlx::query_as(ACCESS_CODE)
            .bind(self.organisation.0)
            .bind(code_hash)
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|row| AccessCode {
            stay: StayId(row.stay_id),
            carer: row.carer,
            expires_at: Timestamp::from_millis(row.expires_at),
            tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
            birth_date: row.birth_date,
        }))
    }

    /// Counts one try of a code with a wrong birth date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_access_try(&self, code_hash: &[u8]) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(COUNT_ACCESS_TRY).bind(self.organisation.0).bind(code_hash).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Uses a code up and gives a token for it. `false` when somebody was quicker.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_access_code(
        &self,
        code_hash: &[u8],
        token_hash: &[u8],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let used: Option<(Uuid, Option<String>)> = in_tx!(&mut tx, conn => sqlx::query_as(USE_ACCESS_CODE)
            .bind(self.organisation.0)
            .bind(code_hash)
            .bind(at.as_millis())
            .fetch_optional(conn)
            .await)?;
        let Some((stay, carer)) = used else {
            tx.rollback().await?;
            return Ok(false);
        };
        in_tx!(&mut tx, conn => sqlx::query(INSERT_ACCESS_TOKEN)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(stay)
            .bind(&carer)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who a token lets in, if it was not ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn access_of(&self, token_hash: &[u8]) -> Result<Option<Access>, StoreError> {
        let row: Option<(Uuid, Option<String>)> = reading!(self, conn => sqlx::query_as(ACCESS_OF_TOKEN)
            .bind(self.organisation.0)
            .bind(token_hash)
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|(stay, carer)| Access {
            stay: StayId(stay),
            carer,
        }))
    }
    /// This token is good no more: its phone or tablet was signed out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_access_token(
        &self,
        token_hash: &[u8],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(END_ACCESS_TOKEN)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
