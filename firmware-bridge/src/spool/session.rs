//! How often a device's clock has begun anew: after a change of the battery the same time, and with it the same bytes, can
//! come again, and must not be taken for a repeat.

use sqlx::{Row, SqliteConnection};

use super::{SpoolError, queue};
use crate::clock::Clock;
use crate::reading::{NewReading, Stamp};

const LAST: &str = "select number, device_seconds, is_set from session where device = $1";
const KEEP: &str = "insert into session (device, number, device_seconds, is_set) values ($1, $2, $3, $4) \
    on conflict (device) do update set number = excluded.number, device_seconds = excluded.device_seconds, \
    is_set = excluded.is_set";
const FIRST: &str = "select said from note where name = 'first_session'";
const BEGIN: &str = "insert or replace into note (name, said) values ('first_session', $1)";

/// The session that this reading belongs to. A live one begins a new session when its time is earlier than the last, or
/// when the clock has lost its time since.
pub(super) async fn of(
    transaction: &mut SqliteConnection,
    reading: &NewReading,
) -> Result<i64, SpoolError> {
    let device = reading.device.as_str();
    let row = sqlx::query(LAST)
        .bind(device)
        .fetch_optional(&mut *transaction)
        .await?;
    let (number, last) = match row {
        Some(row) => {
            let (seconds, was_set): (i64, bool) = (row.try_get(1)?, row.try_get(2)?);
            (row.try_get(0)?, Some((seconds, was_set)))
        }
        None => (first(&mut *transaction).await?, None),
    };
    let (seconds, is_set) = match reading.stamp {
        Stamp::Absent | Stamp::Stored { .. } => return Ok(number),
        Stamp::Live { device_seconds } => (device_seconds, true),
        Stamp::Unset { device_seconds } => (device_seconds, false),
    };
    let begins = last.is_some_and(|(last, was_set)| seconds < last || (was_set && !is_set));
    let number = number.saturating_add(i64::from(begins));
    if last != Some((seconds, is_set)) {
        sqlx::query(KEEP)
            .bind(device)
            .bind(number)
            .bind(seconds)
            .bind(is_set)
            .execute(transaction)
            .await?;
    }
    Ok(number)
}

async fn first(transaction: &mut SqliteConnection) -> Result<i64, SpoolError> {
    let row = sqlx::query(FIRST).fetch_optional(transaction).await?;
    let said = row.and_then(|row| queue::text(&row, "said"));
    Ok(said.and_then(|said| said.parse().ok()).unwrap_or(0))
}

/// The sessions of an earlier spool are lost: these begin where those cannot have come to.
pub(super) async fn begin_high(
    connection: &mut SqliteConnection,
    clock: &Clock,
) -> Result<(), SpoolError> {
    sqlx::query(BEGIN)
        .bind(clock.wall().as_second().to_string())
        .execute(connection)
        .await?;
    Ok(())
}
