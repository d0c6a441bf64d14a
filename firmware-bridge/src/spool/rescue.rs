//! What can still be read from a damaged spool, row by row, into the new one. The damaged file is only read.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Row, SqliteConnection};
use ward_wire::bridge::{DeviceList, ReadingItem};

use super::{Spool, SpoolError, devices, queue, schema};

/// Rows that are read at once where nothing is damaged.
const CHUNK: i64 = 100;
/// A bridge that looks for what may be lost must not be deaf for longer.
const LONGEST: Duration = Duration::from_secs(20);
/// The size of SQLite's pages where nobody asks for another.
const FIRST_PAGE: usize = 4096;
/// Where the damaged file does not say how far it goes.
const FAR: i64 = 10_000;

/// The index holds these numbers itself: they are found when only the table is damaged.
const NUMBERS: &str = "select seq from reading indexed by reading_by_state where state in (0, 2)";

/// One row and many, in a spool of this version, and in one whose rows have no seal. Whether the service has confirmed a
/// row is not asked: a damaged file is not believed in that, and to send one again does no harm.
const SEALED: [&str; 2] = [
    "select seq, id, device, boot, steady_ms, routine, item, seal from reading not indexed where seq = $1",
    "select seq, id, device, boot, steady_ms, routine, item, seal from reading not indexed where seq >= $1 order by seq limit $2",
];
const WITHOUT_SEAL: [&str; 2] = [
    "select seq, id, device, boot, steady_ms, routine, item, null as seal from reading not indexed where seq = $1",
    "select seq, id, device, boot, steady_ms, routine, item, null as seal from reading not indexed where seq >= $1 order by seq limit $2",
];
const LEGIBLE: &str = "select count(*) from sqlite_schema";
const FIRST: &str = "select min(seq) from reading not indexed";
const LAST: [&str; 2] = [
    "select seq from sqlite_sequence where name = 'reading'",
    "select max(seq) from reading not indexed",
];

impl Spool {
    /// Takes over every reading, and the list of oximeters. How many readings these were.
    pub(super) async fn rescue(&self, damaged: &Path) -> u64 {
        match self.try_to_rescue(damaged).await {
            Ok(count) => count,
            Err(why) => {
                tracing::error!(%why, "nothing, or not all, could be read from the damaged spool");
                self.unconfirmed().await.unwrap_or_default()
            }
        }
    }

    async fn try_to_rescue(&self, damaged: &Path) -> Result<u64, SpoolError> {
        let mut from = match Damaged::open(damaged).await {
            Ok(from) => from,
            Err(why) => {
                tracing::warn!(%why, "the damaged spool's first page is taken from the new one");
                Damaged::open(&self.patched(damaged).await?).await?
            }
        };
        self.take_numbered(&mut from).await?;
        self.take_in_order(&mut from).await?;
        let count = self.unconfirmed().await?;
        // Last, since it tells the ward of the damage.
        if let Ok(devices) = devices::read(&mut from.file).await
            && !devices.is_empty()
        {
            let list = DeviceList {
                devices,
                version: None,
            };
            self.remember_devices(&list).await?;
        }
        Ok(count)
    }

    /// A copy of the damaged file with the first page of the new one: without the names of the tables nothing can be read,
    /// and they are the same in every spool of this version.
    async fn patched(&self, damaged: &Path) -> Result<PathBuf, SpoolError> {
        self.checkpoint().await?;
        let mut name = damaged.as_os_str().to_owned();
        name.push("-patched");
        let copy = PathBuf::from(name);
        let unreachable = |why| SpoolError::Unreachable {
            file: copy.clone(),
            why,
        };
        patch(damaged, &self.file, &copy).map_err(unreachable)?;
        Ok(copy)
    }

    /// Those that the index knows.
    async fn take_numbered(&self, from: &mut Damaged) -> Result<(), SpoolError> {
        let Ok(numbers) = sqlx::query(NUMBERS).fetch_all(&mut from.file).await else {
            return Ok(());
        };
        let numbers: Vec<i64> = numbers
            .iter()
            .filter_map(|row| row.try_get(0).ok())
            .collect();
        for numbers in numbers.chunks(usize::try_from(CHUNK).unwrap_or(1)) {
            let rows = from.one_by_one(numbers.iter().copied()).await;
            self.take(&rows).await?;
        }
        Ok(())
    }

    /// All that the table gives, past the places where it gives nothing.
    async fn take_in_order(&self, from: &mut Damaged) -> Result<(), SpoolError> {
        let began = self.clock.steady();
        let mut next = from.number(FIRST).await.unwrap_or(1);
        let mut last = None;
        for statement in LAST {
            last = last.or(from.number(statement).await);
        }
        let last = last.unwrap_or(next.saturating_add(FAR));
        while next <= last {
            let rows = sqlx::query(from.many)
                .bind(next)
                .bind(CHUNK)
                .fetch_all(&mut from.file)
                .await;
            match rows {
                Ok(rows) => {
                    let Some(at) = rows
                        .last()
                        .and_then(|row| row.try_get::<i64, _>("seq").ok())
                    else {
                        return Ok(());
                    };
                    self.take(&rows).await?;
                    next = at.saturating_add(1);
                }
                Err(_) => {
                    let end = next.saturating_add(CHUNK);
                    let rows = from.one_by_one(next..end).await;
                    self.take(&rows).await?;
                    next = end;
                }
            }
            let spent = began.age_ms(self.clock.steady()).unwrap_or(0);
            if u128::from(spent) > LONGEST.as_millis() {
                tracing::error!("the damaged spool is too large to be looked through now");
                return Ok(());
            }
        }
        Ok(())
    }

    async fn take(&self, rows: &[SqliteRow]) -> Result<(), SpoolError> {
        let mut transaction = self.pool.begin().await?;
        for row in rows {
            let Some((item, waiting)) = sound(row) else {
                continue;
            };
            queue::put(&mut transaction, &item, waiting.measured, routine(row)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// The file, open to be read.
struct Damaged {
    file: SqliteConnection,
    one: &'static str,
    many: &'static str,
}

impl Damaged {
    async fn open(damaged: &Path) -> Result<Self, SpoolError> {
        let mut file = legible(damaged).await?;
        // Where even that cannot be read, it is believed to be of this version.
        let [one, many] = if schema::has_seal(&mut file).await.unwrap_or(true) {
            SEALED
        } else {
            WITHOUT_SEAL
        };
        Ok(Self { file, one, many })
    }

    async fn number(&mut self, statement: &'static str) -> Option<i64> {
        let row = sqlx::query(statement).fetch_optional(&mut self.file);
        row.await.ok()??.try_get(0).ok()
    }

    async fn one_by_one(&mut self, numbers: impl Iterator<Item = i64>) -> Vec<SqliteRow> {
        let mut rows = Vec::new();
        for number in numbers {
            let row = sqlx::query(self.one)
                .bind(number)
                .fetch_optional(&mut self.file)
                .await;
            rows.extend(row.ok().flatten());
        }
        rows
    }
}

fn patch(damaged: &Path, new: &Path, copy: &Path) -> io::Result<()> {
    let bytes = fs::copy(damaged, copy)?;
    let mut first = [0; FIRST_PAGE];
    File::open(new)?.read_exact(&mut first)?;
    // How many pages there are, and that none is free.
    let pages = u32::try_from(bytes / FIRST_PAGE as u64).unwrap_or(u32::MAX);
    let (_, rest) = first.split_at_mut(28);
    let (count, rest) = rest.split_at_mut(4);
    count.copy_from_slice(&pages.to_be_bytes());
    rest.split_at_mut(8).0.fill(0);
    File::options().write(true).open(copy)?.write_all(&first)
}

async fn legible(damaged: &Path) -> Result<SqliteConnection, SpoolError> {
    let options = SqliteConnectOptions::new()
        .filename(damaged)
        .read_only(true);
    let mut plain = options.clone().connect().await?;
    if sqlx::query(LEGIBLE).fetch_one(&mut plain).await.is_ok() {
        return Ok(plain);
    }
    // Without what lay in the log beside it.
    let mut alone = options.immutable(true).connect().await?;
    sqlx::query(LEGIBLE).fetch_one(&mut alone).await?;
    Ok(alone)
}

/// The row, if it holds the reading that was put there.
fn sound(row: &SqliteRow) -> Option<(ReadingItem, queue::Waiting)> {
    let mut waiting = queue::waiting(row).ok()?;
    Some((waiting.item.take()?, waiting))
}

/// Where that cannot be read: no.
fn routine(row: &SqliteRow) -> bool {
    row.try_get("routine").unwrap_or(false)
}
