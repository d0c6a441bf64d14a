//! Room on the disk, which other programs fill too.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use sqlx::Row;

use super::{Spool, SpoolError};

/// Kept as a file, and given up when the disk is full: enough to write down what goes.
const BALLAST_BYTES: usize = 1 << 20;

const SPARE: &str = "select (select freelist_count from pragma_freelist_count), (select page_size from pragma_page_size)";
/// The log goes into the file, and gives its room back.
const CHECKPOINT: &str = "pragma wal_checkpoint(truncate)";

impl Spool {
    /// Bytes that are left for the spool: free on the disk, or in its own file.
    pub(super) async fn spare_bytes(&self) -> Result<u64, SpoolError> {
        let row = sqlx::query(SPARE).fetch_one(&self.pool).await?;
        let (pages, size): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let in_file = u64::try_from(pages.saturating_mul(size)).unwrap_or(0);
        // Where the system does not tell, the spool's own limit has to do.
        let on_disk = match rustix::fs::statvfs(&self.file) {
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
            Err(why) => {
                tracing::warn!(%why, "the system does not tell how full the disk is");
                u64::MAX
            }
        };
        Ok(on_disk.saturating_add(in_file))
    }

    pub(super) async fn checkpoint(&self) -> Result<(), SpoolError> {
        sqlx::query(CHECKPOINT).fetch_all(&self.pool).await?;
        Ok(())
    }

    /// Keeps some room for bad times. That there is none is no reason to stop.
    pub(super) fn load_ballast(&self) {
        let file = self.ballast();
        if file.exists() {
            return;
        }
        let loaded = File::create(&file).and_then(|mut ballast| {
            ballast.write_all(&vec![0xA5; BALLAST_BYTES])?;
            ballast.sync_all()
        });
        if let Err(why) = loaded {
            tracing::warn!(%why, "no room can be kept for when the disk is full");
            self.drop_ballast();
        }
    }

    /// Whether there was any.
    pub(super) fn drop_ballast(&self) -> bool {
        match fs::remove_file(self.ballast()) {
            Ok(()) => true,
            Err(why) if why.kind() == io::ErrorKind::NotFound => false,
            Err(why) => {
                tracing::error!(%why, "the room that was kept for a full disk cannot be given up");
                false
            }
        }
    }

    fn ballast(&self) -> PathBuf {
        self.file.with_extension("ballast")
    }
}
