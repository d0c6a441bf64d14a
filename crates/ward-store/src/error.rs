//! What can go wrong with a store.

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or not in time, or is full. Nothing was written; try again.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database refuses what it was given: no use in trying again.
    #[error("the database refuses what it was given: {0}")]
    Refused(String),
    /// A row says what it cannot say. Somebody has to look.
    #[error("{table}: the row {key} cannot be read: {why}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which.
        key: String,
        /// How so.
        why: String,
    },
    /// There is something of that name already.
    #[error("{0} is there already")]
    AlreadyThere(&'static str),
    /// What was to be changed or referred to is not there.
    #[error("there is no such {0}")]
    NotThere(&'static str),
    /// The database is of another version than this program.
    #[error("{0}")]
    WrongVersion(String),
}

impl StoreError {
    /// Whether it lies in what was to be written, or in the rows that belong to it, and not in the database: the same
    /// again fails again, while other things can be written.
    #[must_use]
    pub const fn is_about_the_data(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Corrupt { .. })
    }

    pub(crate) fn corrupt(
        table: &'static str,
        key: impl std::fmt::Display,
        why: impl std::fmt::Display,
    ) -> Self {
        Self::Corrupt {
            table,
            key: key.to_string(),
            why: why.to_string(),
        }
    }

    /// What `what` names is unique: a second one is refused with its name.
    pub(crate) fn or_already_there(error: sqlx::Error, what: &'static str) -> Self {
        match error
            .as_database_error()
            .map(sqlx::error::DatabaseError::kind)
        {
            Some(sqlx::error::ErrorKind::UniqueViolation) => Self::AlreadyThere(what),
            Some(sqlx::error::ErrorKind::ForeignKeyViolation) => Self::NotThere(what),
            _ => error.into(),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        stop_on_io_error(&error);
        if is_about_what_was_given(&error) {
            Self::Refused(error.to_string())
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

/// PostgreSQL's classes 22 (data exception) and 23 (integrity); SQLite's "too big", "constraint" and "mismatch".
fn is_about_what_was_given(error: &sqlx::Error) -> bool {
    let Some(database) = error.as_database_error() else {
        return false;
    };
    let code = database.code().unwrap_or_default();
    if database
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some()
    {
        code.parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 18..=20))
    } else {
        code.starts_with("22") || code.starts_with("23")
    }
}

/// SQLite reports an I/O error for one transaction and goes on with the next one, on pages that may not be on disk.
/// The only safe answer is to stop at once and let the start-up checks look at the file.
fn stop_on_io_error(error: &sqlx::Error) {
    const SQLITE_IOERR: u32 = 10;
    const SQLITE_CORRUPT: u32 = 11;
    let Some(database) = error
        .as_database_error()
        .and_then(|e| e.try_downcast_ref::<sqlx::sqlite::SqliteError>())
    else {
        return;
    };
    let code = sqlx::error::DatabaseError::code(database).and_then(|code| code.parse::<u32>().ok());
    if code.is_some_and(|code| matches!(code & 0xff, SQLITE_IOERR | SQLITE_CORRUPT)) {
        tracing::error!(%error, "the disk under the database failed: stopping, so that nothing is confirmed that is not stored");
        std::process::abort();
    }
}
