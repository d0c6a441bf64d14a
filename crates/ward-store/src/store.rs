//! Where the ward is kept: an embedded SQLite file, or PostgreSQL.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, SqlitePool};
use tokio::time::timeout;
use ward_core::id::OrganisationId;

use crate::error::StoreError;
use crate::tx::{Tx, in_time};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Which database.
#[derive(Clone, Debug)]
pub enum Database {
    /// An embedded file; its folder must be there.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Which database.
    pub database: Database,
    /// Connections at most. PostgreSQL: all; SQLite: those for reading, beside the one that writes.
    pub max_connections: u32,
}

/// The store of one organisation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) organisation: OrganisationId,
    pub(crate) health: crate::health::WriteHealth,
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// One connection writes, the others read.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres {
        pool: PgPool,
    },
}

/// How long a statement waits for a connection, and a writer for a ward's lock.
const WAIT_AT_MOST: Duration = Duration::from_secs(5);

/// A connection that has been idle for this long is asked whether it still stands.
const ASK_AFTER_IDLE: Duration = Duration::from_secs(5);

/// What any connection that still stands answers within.
const QUICKLY: Duration = Duration::from_secs(2);

/// Every text is prepared once a connection; there are fewer than this.
const PREPARED_STATEMENTS: usize = 256;

/// Rows that SQLite's thread may be ahead of whoever takes them: a board and a page of the log are read without one waiting
/// for the other.
const ROWS_AHEAD: usize = 1_024;

/// The writer's page cache, negative for KiB: what one commit of a busy morning changes fits in, with room.
const WRITER_CACHE: &str = "-16384";

/// Pages of the write-ahead log, 16 MiB, after which it is brought into the database. A page that many commits change is
/// then written back once.
const CHECKPOINT_AFTER: &str = "4096";

impl Store {
    /// Opens the database. It is not brought up to date: see [`Store::migrate`] and [`Store::check_version`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached or opened.
    pub async fn open(
        options: &StoreOptions,
        organisation: OrganisationId,
    ) -> Result<Self, StoreError> {
        let pools = match &options.database {
            Database::Sqlite(path) => open_sqlite(path, options.max_connections).await?,
            Database::Postgres(url) => open_postgres(url, options.max_connections).await?,
        };
        Ok(Self {
            pools,
            organisation,
            health: crate::health::WriteHealth::default(),
        })
    }

    /// The organisation whose store this is: every statement is within it.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Brings the tables up to date. Safe to run twice and from two nodes.
    ///
    /// # Errors
    /// [`StoreError::WrongVersion`] when the database was written by a newer program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let done = match &self.pools {
            Pools::Sqlite { write, .. } => SQLITE_MIGRATIONS.run(write).await,
            Pools::Postgres { pool } => POSTGRES_MIGRATIONS.run(pool).await,
        };
        done.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::WrongVersion(format!("the database does not fit this program: {other}. Run the version that wrote it, or restore a backup")),
        })
    }

    /// Whether the tables are those of this program.
    ///
    /// # Errors
    /// [`StoreError::WrongVersion`] says what to do.
    pub async fn check_version(&self) -> Result<(), StoreError> {
        let wanted = SQLITE_MIGRATIONS
            .iter()
            .map(|m| m.version)
            .max()
            .unwrap_or_default();
        let found: Result<Option<(i64,)>, sqlx::Error> = reading!(self, conn => sqlx::query_as(crate::statements::NEWEST_MIGRATION).fetch_optional(conn).await);
        match found {
            Ok(Some((version,))) if version == wanted => Ok(()),
            Ok(Some((version,))) if version > wanted => Err(StoreError::WrongVersion(format!(
                "the database is of version {version}, this program knows {wanted}: run the newer program"
            ))),
            Ok(_) => Err(StoreError::WrongVersion(
                "the database is older than this program: run `wardlight migrate`".to_owned(),
            )),
            Err(error) if error.as_database_error().is_some() => Err(StoreError::WrongVersion(
                "the database has no tables yet: run `wardlight migrate`".to_owned(),
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads something from the database, so that whoever asks knows that it answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        reading!(self, conn => sqlx::query(crate::statements::PING).bind(self.organisation.0).fetch_optional(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres { pool } => pool.close().await,
        }
    }

    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } => Tx::Sqlite(in_time(write.begin()).await?),
            Pools::Postgres { pool } => Tx::Postgres(in_time(pool.begin()).await?),
        })
    }

    /// A transaction that sees one state of the database from its first statement to its last.
    pub(crate) async fn begin_snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Tx::Sqlite(in_time(read.begin()).await?),
            Pools::Postgres { pool } => Tx::Postgres(
                in_time(pool.begin_with("begin isolation level repeatable read, read only"))
                    .await?,
            ),
        })
    }
}

async fn open_sqlite(path: &std::path::Path, readers: u32) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT_AT_MOST)
        .statement_cache_capacity(PREPARED_STATEMENTS)
        .row_buffer_size(ROWS_AHEAD);
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(WAIT_AT_MOST)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let write = pool()
        .max_connections(1)
        // SQLite itself rolls back when the disk is full, and the driver, which does not know, would then take every
        // further transaction for a part of one that is never committed. Such a connection is closed.
        .after_release(|conn, _| {
            Box::pin(async move {
                if conn.is_in_transaction() {
                    conn.ping().await?; // comes behind a rollback that is under way
                }
                Ok(!conn.is_in_transaction())
            })
        })
        .connect_with(
            options
                .clone()
                .pragma("cache_size", WRITER_CACHE)
                .pragma("wal_autocheckpoint", CHECKPOINT_AFTER),
        )
        .await?;
    let read = pool()
        .max_connections(readers.max(1))
        .connect_with(options.read_only(true))
        .await?;
    Ok(Pools::Sqlite { read, write })
}

async fn open_postgres(url: &str, max_connections: u32) -> Result<Pools, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .statement_cache_capacity(PREPARED_STATEMENTS)
        .application_name("wardlight")
        .options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "15s"),
            ("synchronous_commit", "on"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(WAIT_AT_MOST)
        .test_before_acquire(false)
        // A server that went away without a word is noticed before a connection is used, not by whoever waits for it.
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                let fresh = meta.idle_for < ASK_AFTER_IDLE;
                Ok(fresh
                    || timeout(QUICKLY, conn.ping())
                        .await
                        .is_ok_and(|ping| ping.is_ok()))
            })
        })
        // A cancelled `begin` can give back a connection that is still inside a transaction (seen with sqlx 0.9.0).
        .after_release(|conn, _| {
            Box::pin(async move {
                let clean = timeout(QUICKLY, sqlx::query("rollback").execute(conn)).await;
                Ok(clean.is_ok_and(|rolled_back| rolled_back.is_ok()))
            })
        })
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres { pool })
}
