//! The box: its disk, its clock's keeper, its programs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::clock::{Clock, Steady};
use crate::spool::{Depth, Spool};

/// A spool that is slower is busy with readings; the heartbeat does not wait for it.
const SPOOL_ANSWERS_WITHIN: Duration = Duration::from_secs(2);
const KERNEL: &str = "/proc/sys/kernel/osrelease";
/// systemd's time synchronisation keeps this folder while it runs, and this file once the clock is right.
const TIME_SYNC: &str = "/run/systemd/timesync";
const TIME_IS_SYNCED: &str = "/run/systemd/timesync/synchronized";

/// Where to look how the box is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Machine {
    spool: Spool,
    limit_bytes: u64,
    started: Steady,
}

/// What the spool says of itself.
#[derive(Clone, Debug)]
pub(super) struct SpoolSays {
    pub depth: Depth,
    pub limit_bytes: u64,
    pub disk_free_bytes: Option<u64>,
}

impl Machine {
    /// The box, looked at from a program that starts now. `limit_bytes` is the size that the spool should not pass.
    #[must_use]
    pub fn new(spool: Spool, limit_bytes: u64, clock: &Clock) -> Self {
        Self {
            spool,
            limit_bytes,
            started: clock.steady(),
        }
    }

    /// `None` when the spool does not answer in time.
    pub(super) async fn spool(&self) -> Option<SpoolSays> {
        let asked = tokio::time::timeout(SPOOL_ANSWERS_WITHIN, self.spool.depth()).await;
        match asked {
            Ok(Ok(depth)) => Some(SpoolSays {
                depth,
                limit_bytes: self.limit_bytes,
                disk_free_bytes: free_bytes(self.spool.file()),
            }),
            Ok(Err(why)) => {
                tracing::debug!(%why, "the spool does not say how full it is");
                None
            }
            Err(_) => {
                tracing::debug!("the spool is too busy to say how full it is");
                None
            }
        }
    }

    pub(super) fn uptime_seconds(&self, now: Steady) -> Option<u64> {
        self.started.age_ms(now).map(|ms| ms / 1000)
    }
}

/// What is free where this file lies, for this user.
fn free_bytes(file: &Path) -> Option<u64> {
    let folder = file.parent().unwrap_or(file);
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether the clock is kept right over the network, as far as systemd's own keeper says. `None` when another one, or
/// none, is at work.
pub(super) fn is_time_synchronised() -> Option<bool> {
    synchronised(Path::new(TIME_SYNC), Path::new(TIME_IS_SYNCED))
}

fn synchronised(runs: &Path, is_synced: &Path) -> Option<bool> {
    runs.is_dir().then(|| is_synced.exists())
}

pub(super) fn kernel() -> Option<String> {
    let release = fs::read_to_string(KERNEL).ok()?;
    let release = release.trim();
    (!release.is_empty()).then(|| release.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_synchronised_when_its_keeper_runs_and_has_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let runs = folder.path().join("timesync");
        let is_synced = runs.join("synchronized");
        assert_eq!(synchronised(&runs, &is_synced), None);
        fs::create_dir(&runs).unwrap();
        assert_eq!(synchronised(&runs, &is_synced), Some(false));
        fs::write(&is_synced, "").unwrap();
        assert_eq!(synchronised(&runs, &is_synced), Some(true));
    }

    #[test]
    fn a_disk_says_what_is_free() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_bytes(&folder.path().join("spool.sqlite")).unwrap() > 0);
        assert_eq!(free_bytes(Path::new("/nowhere/at/all/spool.sqlite")), None);
    }
}
