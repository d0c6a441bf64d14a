//! Readings on their way, on disk: nothing is sent that is not here first, nothing goes that the service has not confirmed.
//!
//! One SQLite file in WAL mode with full synchronisation: when [`Spool::append`] returns, the reading survives a power
//! cut. A row waits until the service has answered for it, is then kept for a while, and only then deleted.

mod aside;
mod depth;
mod devices;
mod epoch;
mod handover;
mod keep;
mod look;
mod open;
mod queue;
mod rescue;
mod room;
mod schema;
mod session;
mod state;
mod told;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::SqlitePool;
use tokio::sync::Notify;

use crate::clock::Clock;

pub use depth::{Depth, Oldest};
pub use keep::{Limits, Room};
pub use look::{Looked, look};
pub use queue::{Appended, Settled, Waiting};
pub use told::{LastReading, Told};

/// The open spool. Cheap to clone; the file is locked against a second bridge until the last clone is gone.
#[derive(Clone, Debug)]
pub struct Spool {
    pool: SqlitePool,
    clock: Clock,
    file: PathBuf,
    /// Rings at each new reading, for the uplink.
    appended: Arc<Notify>,
    _lock: Arc<File>,
}

/// A damaged spool that was found at the start, and where it lies now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The damaged file under its new name. What it holds can often be recovered: `sqlite3 FILE .recover`.
    pub file: PathBuf,
    /// What SQLite said.
    pub why: String,
    /// Readings that the service had not confirmed, and that could still be read: they are in the new spool.
    pub rescued: u64,
}

/// Why the spool cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process holds it.
    #[error(
        "{file} is in use: another wardlight-bridge runs on this folder. Stop that one, or give this one its own data_dir."
    )]
    InUse {
        /// The spool.
        file: PathBuf,
    },
    /// A later version wrote it.
    #[error(
        "{file} was written by a later wardlight-bridge (its layout {found}, this one's {ours}). Install that version again; nothing was changed."
    )]
    Newer {
        /// The spool.
        file: PathBuf,
        /// Its layout's number.
        found: i64,
        /// The number this version writes.
        ours: i64,
    },
    /// It is a database of some other program.
    #[error(
        "{file} is not a spool of wardlight-bridge. Give another data_dir, or move the file away; nothing was changed."
    )]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// The folder or the file cannot be used.
    #[error("cannot use {file}: {why}. The bridge's user must be able to write there.")]
    Unreachable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// SQLite refused.
    #[error("the spool's database: {0}")]
    Database(#[from] sqlx::Error),
    /// A reading that does not become JSON.
    #[error("a reading cannot be written as JSON: {0}")]
    Unwritable(#[from] serde_json::Error),
}

impl SpoolError {
    /// The file itself is damaged: no use in trying again, the next start sets it aside.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Database(error) if open::is_damage(error))
    }

    /// The disk is full.
    #[must_use]
    pub fn is_full_disk(&self) -> bool {
        matches!(self, Self::Database(error) if open::is_full_disk(error))
    }
}

impl Spool {
    /// Waits until something was appended since the last wait.
    pub async fn appended(&self) {
        self.appended.notified().await;
    }

    /// The database file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Writes everything into the one file and closes it.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
