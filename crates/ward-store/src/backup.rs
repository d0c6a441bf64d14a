//! Backup and restore of the embedded database. PostgreSQL has tools of its own; the runbook says which.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::error::StoreError;
use crate::store::{Pools, Store};

/// A backup that has been read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// The file.
    pub path: PathBuf,
    /// Readings in it.
    pub readings: i64,
    /// Events in it.
    pub events: i64,
}

impl Store {
    /// Writes a copy of the embedded database while it is in use, and reads the copy back.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also when the file is there already or the copy does not pass its check;
    /// [`StoreError::WrongVersion`] for PostgreSQL.
    pub async fn backup(&self, to: &Path) -> Result<BackupReport, StoreError> {
        let Pools::Sqlite { read, .. } = &self.pools else {
            return Err(StoreError::WrongVersion(
                "PostgreSQL is backed up with its own tools: see the runbook".to_owned(),
            ));
        };
        if to.exists() {
            return Err(StoreError::AlreadyThere(
                "file of this name: choose another, a backup is never written over",
            ));
        }
        let target = to.to_str().ok_or_else(|| {
            StoreError::Unavailable("the path of the backup is not valid text".to_owned())
        })?;
        sqlx::query("vacuum into $1")
            .bind(target)
            .execute(read)
            .await?;
        check_sqlite(to).await
    }
}

/// Opens a copy on its own, checks every page and counts what is in it. A copy that is damaged is said to be; it is not
/// the database that the service runs on, and no reason to stop.
async fn check_sqlite(path: &Path) -> Result<BackupReport, StoreError> {
    let unsound = |why: sqlx::Error| not_sound(&why.to_string());
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(unsound)?;
    let (verdict,): (String,) = sqlx::query_as("pragma integrity_check")
        .fetch_one(&pool)
        .await
        .map_err(unsound)?;
    if verdict != "ok" {
        return Err(not_sound(&verdict));
    }
    let (readings,): (i64,) = sqlx::query_as("select count(*) from reading")
        .fetch_one(&pool)
        .await
        .map_err(unsound)?;
    let (events,): (i64,) = sqlx::query_as("select count(*) from ward_event")
        .fetch_one(&pool)
        .await
        .map_err(unsound)?;
    pool.close().await;
    Ok(BackupReport {
        path: path.to_owned(),
        readings,
        events,
    })
}

fn not_sound(why: &str) -> StoreError {
    StoreError::Unavailable(format!("the copy is not sound: {why}"))
}

/// Puts a backup in the place of the embedded database. The service must be stopped. What was there is set aside beside
/// it, never deleted. Start a new epoch afterwards: numbers on the log may be given anew.
///
/// # Errors
/// [`StoreError::Unavailable`] when the backup is not sound or the files cannot be moved.
pub async fn restore_sqlite(
    from: &Path,
    to: &Path,
    aside: &Path,
) -> Result<BackupReport, StoreError> {
    let report = check_sqlite(from).await?;
    let moved = |why: std::io::Error| {
        StoreError::Unavailable(format!("the files could not be moved: {why}"))
    };
    for suffix in ["", "-wal", "-shm"] {
        let with_suffix = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        if with_suffix(to).exists() {
            std::fs::rename(with_suffix(to), with_suffix(aside)).map_err(moved)?;
        }
    }
    std::fs::copy(from, to).map_err(moved)?;
    std::fs::File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(moved)?;
    Ok(report)
}
