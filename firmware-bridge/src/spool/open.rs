//! Opening: lock, damage, foreign and newer files, schema.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Row, SqlitePool};
use tokio::sync::Notify;

use super::schema::{self, APPLICATION_ID, LAYOUT};
use super::{SetAside, Spool, SpoolError, aside, session};
use crate::clock::Clock;

/// The ward has not been told yet that a spool was damaged.
const NOTE_DAMAGE: &str = "insert or replace into note (name, said) values ('damaged', $1)";

impl Spool {
    /// Opens the spool, or makes it. A damaged one is set aside under a new name, never deleted, and a new one begun:
    /// the second value tells of it.
    ///
    /// # Errors
    /// Says what is in the way and what to do about it.
    pub async fn open(file: &Path, clock: Clock) -> Result<(Self, Option<SetAside>), SpoolError> {
        let unreachable = |why| SpoolError::Unreachable {
            file: file.to_owned(),
            why,
        };
        make_folder(file).map_err(unreachable)?;
        let lock = lock(file)?;
        let mut aside = aside::resume(file).map_err(unreachable)?;
        make_file(file).map_err(unreachable)?;
        let pool = match connect(file).await {
            Ok(pool) => pool,
            Err(SpoolError::Database(error)) if is_damage(&error) => {
                let why = error.to_string();
                let set = aside::begin(file, &why, &clock).map_err(unreachable)?;
                tracing::error!(
                    moved_to = %set.to.display(),
                    why,
                    "the spool is damaged: it was set aside and a new one begun. Readings that it held may not have \
                     reached the service: what can still be read is taken over now, more may come out with \
                     `sqlite3 FILE .recover`. Check this machine's disk"
                );
                aside = Some(set);
                make_file(file).map_err(unreachable)?;
                connect(file).await?
            }
            Err(error) => return Err(error),
        };
        let spool = Self {
            pool,
            clock,
            file: file.to_owned(),
            appended: Arc::new(Notify::new()),
            _lock: Arc::new(lock),
        };
        spool.give_refused_another_try().await?;
        let Some(aside) = aside else {
            return Ok((spool, None));
        };
        spool.note_damage(&aside.why).await?;
        let rescued = spool.rescue(&aside.to).await;
        aside::done(file).map_err(unreachable)?;
        tracing::warn!(rescued, "readings were taken over from the damaged spool");
        let set_aside = SetAside {
            file: aside.to,
            why: aside.why,
            rescued,
        };
        Ok((spool, Some(set_aside)))
    }

    /// The ward has to be told, and the sessions of the oximeters' clocks are lost.
    async fn note_damage(&self, why: &str) -> Result<(), SpoolError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(NOTE_DAMAGE)
            .bind(why)
            .execute(&mut *transaction)
            .await?;
        session::begin_high(&mut transaction, &self.clock).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Opens the file, checks it through and sees whose it is.
async fn connect(file: &Path) -> Result<SqlitePool, SpoolError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        // A megabyte of log at most: on a disk that is nearly full it has to find room.
        .pragma("journal_size_limit", "1048576")
        .pragma("wal_autocheckpoint", "250")
        // Half a megabyte: the next readings to send are enough.
        .pragma("cache_size", "-512");
    // One connection: one writer is all that SQLite has, and the bridge runs on little memory.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        // SQLite itself rolls back when the disk is full, and the driver, which does not know, would then take every
        // further transaction for a part of one that is never committed. Such a connection is closed.
        .after_release(|connection, _| {
            Box::pin(async move {
                if connection.is_in_transaction() {
                    connection.ping().await?; // comes behind a rollback that is under way
                }
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await?;
    let checked = check(&pool, file).await;
    if checked.is_err() {
        pool.close().await;
    }
    checked.map(|()| pool)
}

async fn check(pool: &SqlitePool, file: &Path) -> Result<(), SpoolError> {
    let number = async |pragma: &'static str| -> Result<i64, SpoolError> {
        Ok(sqlx::query(pragma).fetch_one(pool).await?.try_get(0)?)
    };
    let application = number("pragma application_id").await?;
    let layout = number("pragma user_version").await?;
    let objects = number("select count(*) from sqlite_schema").await?;
    let file = || file.to_owned();
    match (application, layout) {
        (0, 0) if objects == 0 => schema::create(pool).await,
        (APPLICATION_ID, LAYOUT) => {
            // With the indices: a row that only they tell as waiting would never be sent.
            let verdict: String = sqlx::query("pragma integrity_check(1)")
                .fetch_one(pool)
                .await?
                .try_get(0)?;
            if verdict == "ok" {
                schema::add(pool).await
            } else {
                Err(SpoolError::Database(sqlx::Error::Decode(Box::new(
                    Damaged(verdict),
                ))))
            }
        }
        (APPLICATION_ID, found) => Err(SpoolError::Newer {
            file: file(),
            found,
            ours: LAYOUT,
        }),
        _ => Err(SpoolError::Foreign { file: file() }),
    }
}

/// What the check of the whole file found.
#[derive(Debug, thiserror::Error)]
#[error("the file is damaged: {0}")]
struct Damaged(String);

/// SQLITE_CORRUPT and SQLITE_NOTADB, with their extended codes, and what the check found.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error
            .code()
            .and_then(|code| code.parse::<i64>().ok())
            .is_some_and(|code| matches!(code & 0xFF, 11 | 26)),
        sqlx::Error::Decode(error) => error.is::<Damaged>(),
        _ => false,
    }
}

/// The system says that there is no room: SQLITE_FULL, or none for the memory that connections share.
pub(super) fn is_full_disk(error: &sqlx::Error) -> bool {
    const SHMSIZE: i64 = 10 | (19 << 8);
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    let code = error.code().and_then(|code| code.parse::<i64>().ok());
    code.is_some_and(|code| code & 0xFF == 13 || code == SHMSIZE)
}

/// Readings are about a person: the folder and the file are the bridge's alone.
fn make_folder(file: &Path) -> io::Result<()> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    aside::sync_folder(folder)
}

/// SQLite itself would leave it to chance whether the new name outlives a power cut.
fn make_file(file: &Path) -> io::Result<()> {
    private(file)?;
    aside::sync_folder(file)
}

fn private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn lock(file: &Path) -> Result<File, SpoolError> {
    let unreachable = |why| SpoolError::Unreachable {
        file: file.to_owned(),
        why,
    };
    let lock = private(&file.with_extension("lock")).map_err(unreachable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(SpoolError::InUse {
            file: file.to_owned(),
        }),
        Err(TryLockError::Error(why)) => Err(unreachable(why)),
    }
}
