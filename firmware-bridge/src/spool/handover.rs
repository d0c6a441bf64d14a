//! Whether the service holds all that an oximeter has handed over, so that the oximeter may let go of it.

use sqlx::Row;

use super::{Spool, SpoolError};
use crate::address::Address;

const NEWEST: &str = "select coalesce(max(seq), 0) from reading";
const UNCONFIRMED: &str =
    "select count(*) from reading where state <> 1 and device = $1 and seq <= $2";

impl Spool {
    /// The place of the newest reading; 0 when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_place(&self) -> Result<i64, SpoolError> {
        Ok(sqlx::query(NEWEST)
            .fetch_one(&self.pool)
            .await?
            .try_get(0)?)
    }

    /// Whether the service has confirmed every reading of this oximeter up to that place. A refused one is not confirmed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_confirmed(&self, device: &Address, until: i64) -> Result<bool, SpoolError> {
        let unconfirmed: i64 = sqlx::query(UNCONFIRMED)
            .bind(device.as_str())
            .bind(until)
            .fetch_one(&self.pool)
            .await?
            .try_get(0)?;
        Ok(unconfirmed == 0)
    }
}
