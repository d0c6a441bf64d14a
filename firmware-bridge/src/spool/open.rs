//! Opening: lock, damage, foreign and newer files, schema.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqlitePool};
use tokio::sync::Notify;

use super::{SetAside, Spool, SpoolError, session};
use crate::clock::Clock;

/// "WLsp": says in the file's header whose it is.
pub(super) const APPLICATION_ID: i64 = 0x574C_7370;
/// The layout that this version writes.
pub(super) const LAYOUT: i64 = 1;

/// `state`: 0 waiting, 1 confirmed by the service, 2 refused by it. `boot` and `steady_ms` are the steady clock's moment
/// of measuring; null when the device only told its own time. `routine` may be thinned when the disk is full.
const SCHEMA: &str = "
create table reading (
    seq integer primary key autoincrement,
    id blob not null unique check (length(id) = 16),
    device text not null,
    boot blob check (length(boot) = 16),
    steady_ms integer,
    routine integer not null check (routine in (0, 1)),
    item text not null,
    state integer not null default 0 check (state in (0, 1, 2)),
    answer text,
    settled_at_ms integer
) strict;
create index reading_by_state on reading (state, device, seq);
create table device (address text primary key, low_limit_percent integer not null) strict;
pragma application_id = 1464628080;
pragma user_version = 1;
";

/// What came later. An earlier bridge passes it over, so that going back stays possible.
const ADDED: &str = "
create table if not exists note (name text primary key, said text not null) strict;
create table if not exists session (
    device text primary key,
    number integer not null,
    device_seconds integer not null,
    is_set integer not null check (is_set in (0, 1))
) strict;
create table if not exists assigned (
    address text primary key,
    low_limit_percent integer not null,
    slot blob check (length(slot) = 16),
    is_continuous integer check (is_continuous in (0, 1)),
    window_seconds integer
) strict;
";
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
        make_private(file).map_err(unreachable)?;
        let lock = lock(file)?;
        let (pool, mut aside) = match connect(file).await {
            Ok(pool) => (pool, None),
            Err(SpoolError::Database(error)) if is_damage(&error) => {
                let aside = set_aside(file, &clock).map_err(unreachable)?;
                let why = error.to_string();
                tracing::error!(
                    moved_to = %aside.display(),
                    why,
                    "the spool is damaged: it was set aside and a new one begun. Readings that it held may not have \
                     reached the service: what can still be read is taken over now, more may come out with \
                     `sqlite3 FILE .recover`. Check this machine's disk"
                );
                make_private(file).map_err(unreachable)?;
                let pool = begin_anew(file, &why, &clock).await?;
                let aside = SetAside {
                    file: aside,
                    why,
                    rescued: 0,
                };
                (pool, Some(aside))
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
        if let Some(aside) = &mut aside {
            aside.rescued = spool.rescue(&aside.file).await;
            tracing::warn!(
                rescued = aside.rescued,
                "readings were taken over from the damaged spool"
            );
        }
        Ok((spool, aside))
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
        .pragma("journal_size_limit", "4194304")
        // Half a megabyte: the next readings to send are enough.
        .pragma("cache_size", "-512");
    // One connection: one writer is all that SQLite has, and the bridge runs on little memory.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    let checked = check(&pool, file).await;
    if checked.is_err() {
        pool.close().await;
    }
    checked.map(|()| pool)
}

/// A new spool that knows that the one before it was damaged.
async fn begin_anew(file: &Path, why: &str, clock: &Clock) -> Result<SqlitePool, SpoolError> {
    let pool = connect(file).await?;
    sqlx::query(NOTE_DAMAGE).bind(why).execute(&pool).await?;
    session::begin_high(&mut *pool.acquire().await?, clock).await?;
    Ok(pool)
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
        (0, 0) if objects == 0 => {
            let mut transaction = pool.begin().await?;
            sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
            sqlx::raw_sql(ADDED).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(())
        }
        (APPLICATION_ID, LAYOUT) => {
            let verdict: String = sqlx::query("pragma quick_check(1)")
                .fetch_one(pool)
                .await?
                .try_get(0)?;
            if verdict == "ok" {
                sqlx::raw_sql(ADDED).execute(pool).await?;
                Ok(())
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

/// Readings are about a person: the folder and the file are the bridge's alone.
fn make_private(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    private(file).map(drop)
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

/// Moves the file, and what SQLite keeps beside it, to a name that says when.
fn set_aside(file: &Path, clock: &Clock) -> io::Result<PathBuf> {
    let when = clock.wall().strftime("%Y%m%dT%H%M%SZ").to_string();
    let named = |end: &str, copy: u32| {
        let copy = if copy == 0 {
            String::new()
        } else {
            format!("-{copy}")
        };
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".damaged-{when}{copy}{end}"));
        PathBuf::from(name)
    };
    let copy = (0..u32::MAX)
        .find(|copy| !named("", *copy).exists())
        .unwrap_or(0);
    for end in ["", "-wal", "-shm"] {
        let mut from = file.as_os_str().to_owned();
        from.push(end);
        match fs::rename(&from, named(end, copy)) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
    }
    Ok(named("", copy))
}
