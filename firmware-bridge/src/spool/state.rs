//! How the spool is: how much waits, for how long, and how much room it takes.

use std::time::Duration;

use sqlx::Row;

use super::{Spool, SpoolError, queue};

/// How the spool is, for whoever tells of the bridge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpoolState {
    /// Readings that wait to be sent.
    pub waiting: u64,
    /// Readings that the service cannot take. They are tried again, and are not among those that wait.
    pub refused: u64,
    /// How long ago the first of all these was measured: by the steady clock if that was within this start of the box,
    /// by the wall clock if not. `None`: there is none, or the clocks cannot tell.
    pub oldest: Option<Duration>,
    /// Bytes that the spool holds on disk, without what it has to spare.
    pub used_bytes: u64,
}

const WAITING: &str = "select count(*) from reading where state = 0";
const UNCONFIRMED: &str = "select count(*) from reading where state <> 1";
const REFUSED: &str = "select count(*) from reading where state = 2";
const OLDEST: &str = "select seq, id, device, boot, steady_ms, routine, item, seal from reading where state in (0, 2) order by seq limit 1";
const USED: &str = "select (select page_count from pragma_page_count) - (select freelist_count from pragma_freelist_count), \
    (select page_size from pragma_page_size)";

impl Spool {
    /// How the spool is just now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state(&self) -> Result<SpoolState, SpoolError> {
        Ok(SpoolState {
            waiting: self.waiting().await?,
            refused: self.count(REFUSED).await?,
            oldest: self.oldest().await?,
            used_bytes: self.used_bytes().await?,
        })
    }

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

    pub(super) async fn count(&self, statement: &'static str) -> Result<u64, SpoolError> {
        let row = sqlx::query(statement).fetch_one(&self.pool).await?;
        let count: i64 = row.try_get(0)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn oldest(&self) -> Result<Option<Duration>, SpoolError> {
        let row = sqlx::query(OLDEST).fetch_optional(&self.pool).await?;
        let Some(first) = row.as_ref().map(queue::waiting).transpose()? else {
            return Ok(None);
        };
        let now = self.clock.steady();
        if let Some(age) = first.measured.and_then(|measured| measured.age_ms(now)) {
            return Ok(Some(Duration::from_millis(age)));
        }
        let measured_at = first.item.map(|item| item.measured_at);
        Ok(measured_at.and_then(|at| self.clock.wall().duration_since(at).try_into().ok()))
    }

    pub(super) async fn used_bytes(&self) -> Result<u64, SpoolError> {
        let row = sqlx::query(USED).fetch_one(&self.pool).await?;
        let (pages, size): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(u64::try_from(pages.saturating_mul(size)).unwrap_or(0))
    }
}
