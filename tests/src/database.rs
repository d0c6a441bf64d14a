//! A database of its own for each test, gone at the end.

use std::any::Any;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;
use ward_core::id::OrganisationId;
use ward_store::{Database, Store, StoreOptions};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

/// A database of one test.
pub struct TestDatabase {
    /// As the store opens it.
    pub database: Database,
    /// Goes when the test is over.
    _keep: Box<dyn Any + Send + Sync>,
}

/// A database on the server, dropped with its test.
struct OnServer {
    maintenance: String,
    name: String,
}

/// The organisation of every test.
pub const ORGANISATION: OrganisationId =
    OrganisationId(Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0001));

/// The variable under which `cargo xtask test` says where its throw-away PostgreSQL is.
pub const POSTGRES_VARIABLE: &str = "WARDLIGHT_TEST_POSTGRES";

impl TestDatabase {
    /// A new, empty one.
    ///
    /// # Panics
    /// When there is no PostgreSQL: a test that did not run must not look like one that passed.
    pub async fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::in_folder(temporary_folder()),
            Kind::Postgres => {
                let maintenance = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
                    panic!("{POSTGRES_VARIABLE} is not set: run `cargo xtask test`, which starts a throw-away PostgreSQL")
                });
                let name = format!("ward_{}", Uuid::new_v4().simple());
                let mut server = PgConnection::connect(&maintenance).await.unwrap();
                execute_on(&mut server, format!("create database {name}")).await;
                Self {
                    database: Database::Postgres(of_name(&maintenance, &name)),
                    _keep: Box::new(OnServer { maintenance, name }),
                }
            }
        }
    }

    /// A new, empty one; the embedded one on a real disk, where a write takes its time.
    pub async fn on_disk(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::in_folder(tempfile::tempdir().unwrap()),
            Kind::Postgres => Self::empty(kind).await,
        }
    }

    fn in_folder(folder: TempDir) -> Self {
        Self {
            database: Database::Sqlite(folder.path().join("ward.db")),
            _keep: Box::new(folder),
        }
    }

    /// A new one with its tables.
    pub async fn with_tables(kind: Kind) -> Self {
        let database = Self::empty(kind).await;
        let store = database.store().await;
        store.migrate().await.unwrap();
        store.close().await;
        database
    }

    /// Opens it.
    pub async fn store(&self) -> Store {
        Store::open(
            &StoreOptions {
                database: self.database.clone(),
                max_connections: 8,
            },
            ORGANISATION,
        )
        .await
        .unwrap()
    }

    /// A connection beside the store's own.
    pub async fn look_behind(&self) -> Behind {
        match &self.database {
            Database::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(path)
                    .foreign_keys(true)
                    .busy_timeout(std::time::Duration::from_secs(10));
                Behind::Sqlite(
                    SqliteConnection::connect_with(&options)
                        .await
                        .expect("the file is there"),
                )
            }
            Database::Postgres(url) => Behind::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    /// The embedded file.
    ///
    /// # Panics
    /// On PostgreSQL.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        match &self.database {
            Database::Sqlite(path) => path.clone(),
            Database::Postgres(_) => panic!("PostgreSQL is no file"),
        }
    }
}

/// A connection beside the store's own: for rows that no verb would write, and questions that no verb asks.
pub enum Behind {
    /// To the file.
    Sqlite(SqliteConnection),
    /// To the server.
    Postgres(PgConnection),
}

impl Behind {
    /// Runs a statement; the rows that it touched.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&mut self, text: &str) -> Result<u64, sqlx::Error> {
        let query = AssertSqlSafe(text.to_owned());
        Ok(match self {
            Self::Sqlite(conn) => sqlx::query(query).execute(conn).await?.rows_affected(),
            Self::Postgres(conn) => sqlx::query(query).execute(conn).await?.rows_affected(),
        })
    }

    /// One number.
    pub async fn count(&mut self, text: &str) -> i64 {
        let query = AssertSqlSafe(text.to_owned());
        let (count,): (i64,) = match self {
            Self::Sqlite(conn) => sqlx::query_as(query).fetch_one(conn).await.unwrap(),
            Self::Postgres(conn) => sqlx::query_as(query).fetch_one(conn).await.unwrap(),
        };
        count
    }
}

/// In memory where the machine has such a folder: that the disk keeps its word is another test's business.
#[must_use]
pub fn temporary_folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let mut named = tempfile::Builder::new();
    let named = named.prefix("wardlight-test");
    named
        .tempdir_in(memory)
        .or_else(|_| named.tempdir())
        .unwrap()
}

fn of_name(maintenance: &str, name: &str) -> String {
    let (before, parameters) = maintenance.split_once('?').unwrap_or((maintenance, ""));
    let (server, _) = before.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}?{parameters}")
}

async fn execute_on(conn: &mut PgConnection, text: String) {
    sqlx::query(AssertSqlSafe(text))
        .execute(conn)
        .await
        .unwrap();
}

impl Drop for OnServer {
    fn drop(&mut self) {
        let (maintenance, name) = (self.maintenance.clone(), self.name.clone());
        // A thread of its own: the test's runtime may be on its way out.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let options = sqlx::postgres::PgConnectOptions::from_str(&maintenance)?;
                let mut server = PgConnection::connect_with(&options).await?;
                let text = format!("drop database if exists {name} with (force)");
                sqlx::query(AssertSqlSafe(text))
                    .execute(&mut server)
                    .await?;
                Ok::<_, anyhow::Error>(())
            })
        })
        .join();
        if !matches!(dropped, Ok(Ok(()))) {
            eprintln!("the database {} was left behind: {dropped:?}", self.name);
        }
    }
}
