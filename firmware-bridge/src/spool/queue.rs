//! In at one end, out at the other: append, the next to send, and what the service said.

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::{Uuid, uuid};
use ward_wire::bridge::{Answer, MeasuredItem, ReadingItem};

use super::{Spool, SpoolError, session};
use crate::clock::{Clock, Steady};
use crate::reading::NewReading;

/// The space of ids of markers that stand for a refused reading: one for each, however often it is refused.
const REFUSED: Uuid = uuid!("0e0d8f5c-6b1b-5c0e-8a3e-4c1d7f20b9a4");

/// What became of a reading that was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk, and will be sent.
    New(Uuid),
    /// It was there already: the oximeter sent a stored record again.
    Again(Uuid),
}

/// A reading that waits for the service's answer.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its place in the spool.
    pub seq: i64,
    /// When it was measured, by the steady clock, for the age at the time of sending.
    pub measured: Option<Steady>,
    /// As it is sent, but for the age. `None`: this row cannot be read.
    pub item: Option<ReadingItem>,
}

/// The end of a reading's way.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// The service holds it.
    Confirmed(Answer),
    /// The service cannot take it: kept, and sent again after [`Spool::give_refused_another_try`].
    Refused(String),
}

const APPEND: &str = "insert into reading (id, device, boot, steady_ms, routine, item) \
    values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing";

/// The newest of each device that nothing confirmed is newer than; low ones first.
const NEWEST: &str = "select r.seq, r.boot, r.steady_ms, r.item from reading r \
    join (select device, max(seq) as seq from reading where state = 0 group by device) n on n.seq = r.seq \
    where not exists (select 1 from reading c where c.state = 1 and c.device = r.device and c.seq > r.seq) \
    order by r.routine, r.seq desc limit $1";

const OLDEST: &str =
    "select seq, boot, steady_ms, item from reading where state = 0 order by seq limit $1";

const SETTLE: &str =
    "update reading set state = $2, answer = $3, settled_at_ms = $4 where seq = $1 and state <> 1";

const ANOTHER_TRY: &str = "update reading set state = 0 where state = 2";

const SEND_AGAIN: &str = "update reading set state = 0, answer = null, settled_at_ms = null where state = 1 and settled_at_ms >= $1";

/// What is older is no news to a ward.
const SENT_AGAIN: SignedDuration = SignedDuration::from_hours(72);

/// What is about to be set aside, if it is worth a word to the ward: a repeat of it comes to nothing, and a marker is
/// never marked itself.
const WORTH_A_MARKER: &str =
    "select id, device, item from reading where seq = $1 and state <> 1 and routine = 0";

impl Spool {
    /// Puts a reading on disk. When this returns, a power cut does not lose it.
    ///
    /// # Errors
    /// When it is not on disk. The reading is still the caller's.
    pub async fn append(&self, reading: &NewReading) -> Result<Appended, SpoolError> {
        let mut transaction = self.pool.begin().await?;
        let session = session::of(&mut transaction, reading).await?;
        let item = reading.to_item(&self.clock, session);
        let appended = put(&mut transaction, &item, reading.steady, reading.routine).await?;
        transaction.commit().await?;
        self.appended.notify_one();
        Ok(appended)
    }

    /// What to send next: the newest of each device first, so that the ward sees at once how everybody is; then,
    /// oldest first, what waited.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&self, limit: usize) -> Result<Vec<Waiting>, SpoolError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        for statement in [NEWEST, OLDEST] {
            let rows = sqlx::query(statement)
                .bind(limit)
                .fetch_all(&self.pool)
                .await?;
            if !rows.is_empty() {
                return rows.iter().map(waiting).collect();
            }
        }
        Ok(Vec::new())
    }

    /// Writes down what the service said. A reading once confirmed stays confirmed.
    ///
    /// # Errors
    /// When it is not on disk: the readings will be sent again, which does no harm.
    pub async fn settle(&self, settled: &[(i64, Settled)]) -> Result<(), SpoolError> {
        let now = self.clock.wall().as_millisecond();
        let mut transaction = self.pool.begin().await?;
        for (seq, settled) in settled {
            let (state, answer) = match settled {
                Settled::Confirmed(answer) => (1, serde_json::to_string(answer)?),
                Settled::Refused(why) => {
                    mark_refusal(&mut transaction, *seq, &self.clock).await?;
                    (2, why.clone())
                }
            };
            sqlx::query(SETTLE)
                .bind(seq)
                .bind(state)
                .bind(answer)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// What the service has confirmed since then, within the last 72 hours, waits again, for a service that was restored
    /// from a backup. How many these were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send_again(&self, since: Timestamp) -> Result<u64, SpoolError> {
        let oldest = self.clock.wall() - SENT_AGAIN;
        let done = sqlx::query(SEND_AGAIN)
            .bind(since.max(oldest).as_millisecond())
            .execute(&self.pool)
            .await?;
        self.appended.notify_one();
        Ok(done.rows_affected())
    }

    /// What was refused waits again, for a service or a bridge that has learned something since. How many these were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_refused_another_try(&self) -> Result<u64, SpoolError> {
        let done = sqlx::query(ANOTHER_TRY).execute(&self.pool).await?;
        Ok(done.rows_affected())
    }
}

/// Puts a reading into the spool as a part of something larger.
pub(super) async fn put(
    transaction: &mut SqliteConnection,
    item: &ReadingItem,
    measured: Option<Steady>,
    routine: bool,
) -> Result<Appended, SpoolError> {
    let done = sqlx::query(APPEND)
        .bind(item.id)
        .bind(&item.device_address)
        .bind(measured.map(|steady| steady.boot))
        .bind(measured.map(|steady| i64::try_from(steady.ms).unwrap_or(i64::MAX)))
        .bind(routine)
        .bind(serde_json::to_string(item)?)
        .execute(transaction)
        .await?;
    if done.rows_affected() == 0 {
        Ok(Appended::Again(item.id))
    } else {
        Ok(Appended::New(item.id))
    }
}

/// A reading that may be a low one is not set aside without a word to the ward, said once for each.
async fn mark_refusal(
    transaction: &mut SqliteConnection,
    seq: i64,
    clock: &Clock,
) -> Result<(), SpoolError> {
    let row = sqlx::query(WORTH_A_MARKER)
        .bind(seq)
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let item: String = row.try_get("item")?;
    let item = serde_json::from_str::<ReadingItem>(&item).ok();
    if matches!(&item, Some(item) if matches!(item.measured, MeasuredItem::Attempt { .. })) {
        return Ok(());
    }
    let Ok(device) = row.try_get::<String, _>("device")?.parse() else {
        return Ok(());
    };
    let refused: Uuid = row.try_get("id")?;
    let at = item.map_or_else(|| "?".to_owned(), |item| item.measured_at.to_string());
    let reason = format!(
        "the service cannot take a reading that the bridge has kept, measured at {at}; it may be a low one. The bridge tries again"
    );
    let marker = NewReading::live(device, MeasuredItem::Attempt { reason }, clock.steady());
    let item = ReadingItem {
        id: Uuid::new_v5(&REFUSED, refused.as_bytes()),
        ..marker.to_item(clock, 0)
    };
    put(transaction, &item, marker.steady, marker.routine)
        .await
        .map(drop)
}

pub(super) fn waiting(row: &SqliteRow) -> Result<Waiting, SpoolError> {
    let boot: Option<Uuid> = row.try_get("boot")?;
    let ms: Option<i64> = row.try_get("steady_ms")?;
    let item: String = row.try_get("item")?;
    Ok(Waiting {
        seq: row.try_get("seq")?,
        measured: boot.zip(ms).map(|(boot, ms)| Steady {
            boot,
            ms: u64::try_from(ms).unwrap_or(0),
        }),
        item: serde_json::from_str(&item).ok(),
    })
}
