//! A disk that other programs fill.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use firmware_bridge::spool::{Limits, Spool};
use ward_wire::bridge::MeasuredItem;

use crate::stage::{ALICE, BERTA};
use crate::support::{all_waiting, append, confirm_all, open};

const LIMITS: Limits = Limits {
    keep_confirmed: Duration::from_secs(72 * 3600),
    limit_bytes: 1 << 30,
    reserve_bytes: 32 << 20,
};

/// A file system of its own, so small; gone with this value.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, and said aloud, where this user may not mount one.
    fn of(kilobytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k,mode=0700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        // Past the test harness, which would keep it to itself.
        let mut aloud = std::io::stderr().lock();
        writeln!(
            aloud,
            "NOT TRIED: a full disk. Only root can mount a small one."
        )
        .unwrap();
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// As a log that nobody rotates.
    fn fill(&self) -> File {
        let mut options = File::options();
        let mut file = (options.create(true).append(true))
            .open(self.path().join("somebody.log"))
            .unwrap();
        loop {
            match file.write(&[0x20; 4096]) {
                Ok(_) => {}
                Err(why) if why.kind() == ErrorKind::StorageFull => return file,
                Err(why) => panic!("{why}"),
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(self.0.path())
            .status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

/// How many readings with a value are there, and how many the markers say were dropped.
async fn there_and_marked(spool: &Spool) -> (u64, u64) {
    let (mut there, mut marked) = (0, 0);
    for row in all_waiting(spool).await {
        match row.item.unwrap().measured {
            MeasuredItem::Attempt { reason } => {
                let words = reason.strip_prefix("the bridge's disk was full: ").unwrap();
                marked += words.split(' ').next().unwrap().parse::<u64>().unwrap();
            }
            MeasuredItem::Window(_) | MeasuredItem::SpotCheck(_) => there += 1,
        }
    }
    (there, marked)
}

#[tokio::test]
async fn on_a_disk_that_others_fill_routine_readings_are_thinned_and_marked_and_every_low_is_kept()
{
    let Some(disk) = SmallDisk::of(10 << 10) else {
        return;
    };
    let spool = open(disk.path()).await;
    spool.keep_house(&LIMITS).await.unwrap();
    let (mut lows, mut count) = (HashSet::new(), 0);
    for number in 0..6000 {
        append(&spool, if number % 2 == 0 { ALICE } else { BERTA }, 97.0).await;
        count += 1;
    }
    let room = spool.keep_house(&LIMITS).await.unwrap();
    assert_eq!(room.thinned, 0, "there is room yet: {room:?}");
    // What the spool can spare itself goes first; the others take that, too.
    let mut thinned = 0;
    for _ in 0..4 {
        drop(disk.fill());
        thinned += spool.keep_house(&LIMITS).await.unwrap().thinned;
    }
    assert!(thinned > 2000, "{thinned}");
    // It goes on for days, and housekeeping comes once in a while.
    for number in 0..600 {
        append(&spool, ALICE, 97.0).await;
        count += 1;
        if number % 10 == 0 {
            lows.insert(append(&spool, BERTA, 84.0).await);
            count += 1;
        }
        if number % 50 == 0 {
            spool.keep_house(&LIMITS).await.unwrap();
        }
    }
    spool.close().await;
    let spool = open(disk.path()).await;
    let (there, marked) = there_and_marked(&spool).await;
    assert_eq!(there + marked, count, "{there} there, {marked} marked");
    let waiting: HashSet<_> = (all_waiting(&spool).await.into_iter())
        .map(|row| row.item.unwrap().id)
        .collect();
    assert!(lows.is_subset(&waiting));
}

#[tokio::test]
async fn a_disk_that_fills_between_two_rounds_of_housekeeping_takes_the_next_lows_all_the_same() {
    let Some(disk) = SmallDisk::of(5 << 10) else {
        return;
    };
    let spool = open(disk.path()).await;
    for _ in 0..800 {
        append(&spool, ALICE, 97.0).await;
    }
    confirm_all(&spool).await;
    spool.keep_house(&LIMITS).await.unwrap();
    drop(disk.fill());
    let mut lows = HashSet::new();
    for _ in 0..500 {
        lows.insert(append(&spool, BERTA, 84.0).await);
    }
    let waiting: HashSet<_> = (all_waiting(&spool).await.into_iter())
        .map(|row| row.item.unwrap().id)
        .collect();
    assert_eq!(waiting, lows);
    // The others make room again: so does the spool for next time.
    std::fs::remove_file(disk.path().join("somebody.log")).unwrap();
    spool.keep_house(&LIMITS).await.unwrap();
    assert!(disk.path().join("spool.ballast").exists());
}
