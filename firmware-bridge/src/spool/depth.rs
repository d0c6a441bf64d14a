//! How much the spool holds, for the heartbeat.

use jiff::Timestamp;
use sqlx::Row;

use super::{Spool, SpoolError, devices, queue};
use crate::clock::{Clock, Steady};

/// What waits in the spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Readings that wait to be sent.
    pub waiting: u64,
    /// The one that waits longest.
    pub oldest: Option<Oldest>,
    /// Readings that the service has refused.
    pub refused: u64,
    /// Bytes in use.
    pub used_bytes: u64,
    /// The version of the list of oximeters that is remembered.
    pub list_version: Option<String>,
}

/// When the reading that waits longest was measured, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// By the steady one, when it is known.
    pub steady: Option<Steady>,
    /// By the wall clock of then; `None` when the item cannot be read.
    pub wall: Option<Timestamp>,
}

const COUNTS: &str = "select (select count(*) from reading where state = 0) as waiting, \
    (select count(*) from reading where state = 2) as refused";
const OLDEST: &str = "select seq, id, device, boot, steady_ms, routine, item, seal from reading where state = 0 order by seq limit 1";

impl Spool {
    /// How much the spool holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn depth(&self) -> Result<Depth, SpoolError> {
        let counts = sqlx::query(COUNTS).fetch_one(&self.pool).await?;
        let count = |name: &str| -> Result<u64, SpoolError> {
            Ok(u64::try_from(counts.try_get::<i64, _>(name)?).unwrap_or(0))
        };
        let oldest = sqlx::query(OLDEST).fetch_optional(&self.pool).await?;
        let oldest = oldest.as_ref().map(queue::waiting).transpose()?;
        let version = sqlx::query(devices::VERSION)
            .fetch_optional(&self.pool)
            .await?;
        Ok(Depth {
            waiting: count("waiting")?,
            oldest: oldest.map(|oldest| Oldest {
                steady: oldest.measured,
                wall: oldest.item.map(|item| item.measured_at),
            }),
            refused: count("refused")?,
            used_bytes: self.used_bytes().await?,
            list_version: version.map(|row| row.try_get("said")).transpose()?,
        })
    }
}

impl Depth {
    /// For how long the oldest has waited, in milliseconds: by the steady clock within one start of the box, by the wall
    /// clock across.
    #[must_use]
    pub fn oldest_waits_ms(&self, now: Steady, clock: &Clock) -> Option<u64> {
        let oldest = self.oldest?;
        let steady = oldest.steady.and_then(|steady| steady.age_ms(now));
        let wall = || {
            let since = clock.wall().as_millisecond() - oldest.wall?.as_millisecond();
            Some(u64::try_from(since).unwrap_or(0))
        };
        steady.or_else(wall)
    }
}
