//! One service to one embedded database: a restore under a running service would lose what it writes.

use std::fs::File;
use std::path::Path;

/// Held for as long as the service uses an embedded database.
#[derive(Debug)]
pub struct FolderLock(
    #[expect(
        dead_code,
        reason = "held, not read: closing the file gives the lock back"
    )]
    File,
);

impl FolderLock {
    /// Takes the lock beside a database file.
    ///
    /// # Errors
    /// When somebody has it, in words.
    pub fn take(database: &Path) -> anyhow::Result<Self> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let file = File::create(&name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(std::fs::TryLockError::WouldBlock) => anyhow::bail!(
                "a Wardlight service is running on {}: stop it first",
                database.display()
            ),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
