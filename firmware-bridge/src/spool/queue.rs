//! In at one end, out at the other: append, the next to send, and what the service said.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::{Uuid, uuid};
use ward_wire::bridge::{Answer, MeasuredItem, ReadingItem};

use super::{Spool, SpoolError, epoch, schema, session};
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

const APPEND: &str = "insert into reading (id, device, boot, steady_ms, routine, item, seal) \
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing";

/// The newest of each device that nothing confirmed is newer than, and of each device the newest that is not routine,
/// which a good reading right after it must not put behind all that waits; low ones first.
const NEWEST: &str = "select r.seq, r.id, r.device, r.boot, r.steady_ms, r.routine, r.item, r.seal from reading r \
    join (select max(seq) as seq from reading where state = 0 group by device, routine) n on n.seq = r.seq \
    where r.seq > $2 and not exists (select 1 from reading c where c.state = 1 and c.device = r.device \
    and c.routine = r.routine and c.seq > r.seq) order by r.routine, r.seq desc limit $1";

const OLDEST: &str = "select seq, id, device, boot, steady_ms, routine, item, seal from reading where state = 0 \
    order by seq limit $1";

const SETTLE: &str = "update reading set state = $2, answer = $3, settled_at_ms = $4, settled_boot = $5, \
    settled_steady_ms = $6 where seq = $1 and state <> 1";

const ANOTHER_TRY: &str = "update reading set state = 0 where state = 2";

const ABOUT_TO_BE_REFUSED: &str = "select seq, id, device, boot, steady_ms, routine, item, seal from reading \
    where seq = $1 and state <> 1";

impl Spool {
    /// Puts a reading on disk. When this returns, a power cut does not lose it.
    ///
    /// # Errors
    /// When it is not on disk. The reading is still the caller's.
    pub async fn append(&self, reading: &NewReading) -> Result<Appended, SpoolError> {
        match self.try_append(reading).await {
            Err(why) if why.is_full_disk() => {
                tracing::error!(%why, "the disk is full: room is made for a reading");
                self.make_room().await?;
                self.try_append(reading).await
            }
            appended => appended,
        }
    }

    async fn try_append(&self, reading: &NewReading) -> Result<Appended, SpoolError> {
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
        let newest = self.newest(limit, 0).await?;
        if !newest.is_empty() {
            return Ok(newest);
        }
        let rows = sqlx::query(OLDEST)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(waiting).collect()
    }

    /// Of what came after this place in the spool, what overtakes all that waits: the newest of each device, and the
    /// newest of each that is not routine, low ones first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest(&self, limit: usize, after: i64) -> Result<Vec<Waiting>, SpoolError> {
        let rows = sqlx::query(NEWEST)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(after)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(waiting).collect()
    }

    /// Writes down what the service said. A reading once confirmed stays confirmed.
    ///
    /// # Errors
    /// When it is not on disk: the readings will be sent again, which does no harm.
    pub async fn settle(&self, settled: &[(i64, Settled)]) -> Result<(), SpoolError> {
        self.settle_in(settled, None).await.map(drop)
    }

    /// As [`Spool::settle`], of a service that tells its epoch. When that is another than before, what it has confirmed
    /// within the last 72 hours waits again: how many these were.
    ///
    /// # Errors
    /// As [`Spool::settle`]; nothing waits again then.
    pub async fn settle_in(
        &self,
        settled: &[(i64, Settled)],
        epoch: Option<Uuid>,
    ) -> Result<u64, SpoolError> {
        let (wall, steady) = (self.clock.wall().as_millisecond(), self.clock.steady());
        let mut transaction = self.pool.begin().await?;
        let again = match epoch {
            Some(epoch) => epoch::follow(&mut transaction, &self.clock, epoch).await?,
            None => 0,
        };
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
                .bind(wall)
                .bind(steady.boot)
                .bind(steady.ms_signed())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        if again > 0 {
            self.appended.notify_one();
        }
        Ok(again)
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
    let text = serde_json::to_string(item)?;
    let seal = schema::seal(item.id, &item.device_address, measured, routine, &text);
    let done = sqlx::query(APPEND)
        .bind(item.id)
        .bind(&item.device_address)
        .bind(measured.map(|steady| steady.boot))
        .bind(measured.map(Steady::ms_signed))
        .bind(routine)
        .bind(text)
        .bind(seal)
        .execute(transaction)
        .await?;
    if done.rows_affected() == 0 {
        Ok(Appended::Again(item.id))
    } else {
        Ok(Appended::New(item.id))
    }
}

/// A reading that may be a low one, or of which nobody can say what it was, is not set aside without a word to the ward,
/// said once for each. A marker is never marked itself.
async fn mark_refusal(
    transaction: &mut SqliteConnection,
    seq: i64,
    clock: &Clock,
) -> Result<(), SpoolError> {
    let row = sqlx::query(ABOUT_TO_BE_REFUSED)
        .bind(seq)
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(row) = row else {
        return Ok(()); // a repeat of one that was confirmed
    };
    let item = waiting(&row)?.item;
    let is_marker =
        matches!(&item, Some(item) if matches!(item.measured, MeasuredItem::Attempt { .. }));
    if is_marker || (item.is_some() && row.try_get("routine").unwrap_or(false)) {
        return Ok(());
    }
    let Some(device) = text(&row, "device").and_then(|text| text.parse().ok()) else {
        return Ok(());
    };
    let refused: Uuid = row.try_get("id").unwrap_or_default();
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

/// The row, with its reading if it is the one that was put there. What a bit that has fallen over makes of a text may be
/// no text at all: that is no reason to hold up all other rows.
pub(super) fn waiting(row: &SqliteRow) -> Result<Waiting, SpoolError> {
    let boot: Option<Uuid> = row.try_get("boot").ok().flatten();
    let ms: Option<i64> = row.try_get("steady_ms").ok().flatten();
    let measured = boot.zip(ms).map(|(boot, ms)| Steady {
        boot,
        ms: u64::try_from(ms).unwrap_or(0),
    });
    Ok(Waiting {
        seq: row.try_get("seq")?,
        measured,
        item: item(row, measured),
    })
}

fn item(row: &SqliteRow, measured: Option<Steady>) -> Option<ReadingItem> {
    let id: Uuid = row.try_get("id").ok()?;
    let (device, text) = (text(row, "device")?, text(row, "item")?);
    // What an earlier version wrote has no seal.
    let seal: Option<Uuid> = row.try_get("seal").ok()?;
    let routine = row.try_get("routine").ok()?;
    let item: ReadingItem = serde_json::from_str(&text).ok()?;
    let is_whole =
        seal.is_none_or(|seal| seal == schema::seal(id, &device, measured, routine, &text));
    (is_whole && item.id == id && item.device_address == device).then_some(item)
}

pub(super) fn text(row: &SqliteRow, column: &str) -> Option<String> {
    let bytes: Vec<u8> = row.try_get(column).ok()?;
    String::from_utf8(bytes).ok()
}
