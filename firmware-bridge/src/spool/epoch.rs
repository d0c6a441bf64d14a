//! What was confirmed, and may be lost with the service that confirmed it: it waits again.
//!
//! A service that was restored from a backup, or whose database went back at a failover, tells another epoch. The note
//! says under which epoch everything stands that is confirmed here; it changes in the very transaction that lets all of
//! that wait again, so that no power cut comes between the two.

use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Spool, SpoolError, queue};
use crate::clock::Clock;

/// What is older is no news to a ward.
const SENT_AGAIN: SignedDuration = SignedDuration::from_hours(72);

const NOTED: &str = "select said from note where name = 'epoch'";
const NOTE: &str = "insert or replace into note (name, said) values ('epoch', $1)";

/// Within one start of the box the steady clock says how long ago it was confirmed: the wall clock may have jumped.
const SEND_AGAIN: &str = "update reading set state = 0, answer = null, settled_at_ms = null, settled_boot = null, \
    settled_steady_ms = null where state = 1 and case when settled_boot = $1 then settled_steady_ms >= $2 else settled_at_ms >= $3 end";

impl Spool {
    /// What the service has confirmed since then, within the last 72 hours, waits again. How many these were. Never
    /// needed where the service tells its epoch.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send_again(&self, since: Timestamp) -> Result<u64, SpoolError> {
        let span = self.clock.wall().duration_since(since).min(SENT_AGAIN);
        let count = wait_again(&mut *self.pool.acquire().await?, &self.clock, span).await?;
        self.appended.notify_one();
        Ok(count)
    }

    /// The service says in which epoch it is. When it was in another, all that it has confirmed within the last 72 hours
    /// waits again: how many these were.
    ///
    /// # Errors
    /// When it is not on disk; nothing has changed then.
    pub async fn seen_epoch(&self, epoch: Uuid) -> Result<u64, SpoolError> {
        self.settle_in(&[], Some(epoch)).await
    }
}

/// Part of the transaction in which an answer is written down, and before it: what that answer confirms stands under the
/// new epoch. A first epoch is believed to be that of everything before.
pub(super) async fn follow(
    transaction: &mut SqliteConnection,
    clock: &Clock,
    epoch: Uuid,
) -> Result<u64, SpoolError> {
    let noted = sqlx::query(NOTED).fetch_optional(&mut *transaction).await?;
    // One that cannot be read is another.
    let noted = noted.map(|row| queue::text(&row, "said").unwrap_or_default());
    let epoch = epoch.to_string();
    if noted.as_ref() == Some(&epoch) {
        return Ok(0);
    }
    sqlx::query(NOTE)
        .bind(epoch)
        .execute(&mut *transaction)
        .await?;
    if noted.is_none() {
        return Ok(0);
    }
    wait_again(transaction, clock, SENT_AGAIN).await
}

async fn wait_again(
    connection: &mut SqliteConnection,
    clock: &Clock,
    span: SignedDuration,
) -> Result<u64, SpoolError> {
    let steady = clock.steady();
    let span_ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    let done = sqlx::query(SEND_AGAIN)
        .bind(steady.boot)
        .bind(steady.ms_signed().saturating_sub(span_ms))
        .bind(clock.wall().as_millisecond().saturating_sub(span_ms))
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
