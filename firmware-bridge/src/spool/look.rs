//! A look into a spool that no bridge runs on, without its lock and without a change.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::open::is_damage;
use super::schema::{APPLICATION_ID, LAYOUT};
use super::{SpoolError, told::UNCONFIRMED};

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// There is no spool yet.
    NotThere,
    /// Checked through.
    Sound {
        /// Readings that the service has not confirmed.
        waiting: u64,
    },
    /// What SQLite says.
    Damaged(String),
}

/// Looks.
///
/// # Errors
/// When it is no spool of this version, or cannot be read.
pub async fn look(file: &Path) -> Result<Looked, SpoolError> {
    match std::fs::metadata(file) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Looked::NotThere),
        Err(why) => {
            let file = file.to_owned();
            return Err(SpoolError::Unreachable { file, why });
        }
        Ok(found) if found.len() == 0 => return Ok(Looked::NotThere),
        Ok(_) => {}
    }
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        // Without a log beside it the file is all there is, and even SQLite's own helper files need not be made.
        .immutable(!has_log(file))
        .busy_timeout(Duration::from_secs(2));
    let looked = async {
        let mut connection = options.connect().await?;
        let looked = inside(&mut connection, file).await;
        connection.close().await?;
        looked
    };
    match looked.await {
        Err(SpoolError::Database(error)) if is_damage(&error) => {
            Ok(Looked::Damaged(error.to_string()))
        }
        looked => looked,
    }
}

fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|found| found.len() > 0)
}

async fn inside(connection: &mut SqliteConnection, file: &Path) -> Result<Looked, SpoolError> {
    let application = number(connection, "pragma application_id").await?;
    let layout = number(connection, "pragma user_version").await?;
    let file = || file.to_owned();
    if application != APPLICATION_ID {
        return Err(SpoolError::Foreign { file: file() });
    }
    if layout > LAYOUT {
        return Err(SpoolError::Newer {
            file: file(),
            found: layout,
            ours: LAYOUT,
        });
    }
    let verdict: String = sqlx::query("pragma quick_check(1)")
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    if verdict != "ok" {
        return Ok(Looked::Damaged(verdict));
    }
    let waiting = number(connection, UNCONFIRMED).await?;
    Ok(Looked::Sound {
        waiting: u64::try_from(waiting).unwrap_or(0),
    })
}

async fn number(
    connection: &mut SqliteConnection,
    statement: &'static str,
) -> Result<i64, SpoolError> {
    Ok(sqlx::query(statement)
        .fetch_one(connection)
        .await?
        .try_get(0)?)
}
