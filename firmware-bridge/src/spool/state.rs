//! How much waits, and how much room it takes.

use sqlx::Row;

use super::{Spool, SpoolError};

const WAITING: &str = "select count(*) from reading where state = 0";
const UNCONFIRMED: &str = "select count(*) from reading where state <> 1";
const USED: &str = "select (select page_count from pragma_page_count) - (select freelist_count from pragma_freelist_count), \
    (select page_size from pragma_page_size)";

impl Spool {
    /// How many readings wait to be sent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting(&self) -> Result<u64, SpoolError> {
        self.count(WAITING).await
    }

    /// How many readings the service has not confirmed: those that wait, and those that it has refused.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unconfirmed(&self) -> Result<u64, SpoolError> {
        self.count(UNCONFIRMED).await
    }

    async fn count(&self, statement: &'static str) -> Result<u64, SpoolError> {
        let row = sqlx::query(statement).fetch_one(&self.pool).await?;
        let count: i64 = row.try_get(0)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    pub(super) async fn used_bytes(&self) -> Result<u64, SpoolError> {
        let row = sqlx::query(USED).fetch_one(&self.pool).await?;
        let (pages, size): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(u64::try_from(pages.saturating_mul(size)).unwrap_or(0))
    }
}
