//! Waiting for things, and making readings.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use firmware_bridge::clock::Clock;
use firmware_bridge::reading::NewReading;
use firmware_bridge::spool::{Appended, Settled, Spool, Waiting};
use uuid::Uuid;
use ward_wire::bridge::{Answer, MeasuredItem, ValuesItem};

/// As long as a slow machine may take for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Looks again and again until there is something; fails with `what` after [`PATIENCE`].
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A folder in memory where the machine has one: that the disk keeps its word is another test's business.
pub fn in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub async fn open(folder: &Path) -> Spool {
    let (spool, aside) = Spool::open(&folder.join("spool.sqlite"), Clock::of_this_machine())
        .await
        .unwrap();
    assert_eq!(aside, None);
    spool
}

pub fn reading(device: &str, spo2_percent: f64) -> NewReading {
    let measured = MeasuredItem::Window(ValuesItem {
        spo2_percent,
        pulse_bpm: Some(72.0),
        perfusion_index_percent: None,
        summary: None,
        doubts: Vec::new(),
    });
    let routine = spo2_percent > 94.0;
    let clock = Clock::of_this_machine();
    NewReading {
        routine,
        ..NewReading::live(device.parse().unwrap(), measured, clock.steady())
    }
}

pub async fn append(spool: &Spool, device: &str, spo2_percent: f64) -> Uuid {
    match spool.append(&reading(device, spo2_percent)).await.unwrap() {
        Appended::New(id) => id,
        Appended::Again(id) => panic!("{id} was there"),
    }
}

/// Every reading that waits. Confirms them in a copy, since the spool only ever shows what is next.
pub async fn all_waiting(spool: &Spool) -> Vec<Waiting> {
    let folder = tempfile::tempdir().unwrap();
    let (copy, _) = Spool::open(&copied(spool, folder.path()), Clock::of_this_machine())
        .await
        .unwrap();
    confirm_all(&copy).await
}

/// A copy of a spool that is in use.
pub fn copied(spool: &Spool, folder: &Path) -> PathBuf {
    let copy = folder.join("copy.sqlite");
    std::fs::copy(spool.file(), &copy).unwrap();
    let wal = |file: &Path| file.with_extension("sqlite-wal");
    if wal(spool.file()).exists() {
        std::fs::copy(wal(spool.file()), wal(&copy)).unwrap();
    }
    copy
}

/// Confirms everything, and tells what it was.
pub async fn confirm_all(spool: &Spool) -> Vec<Waiting> {
    let mut rows = Vec::new();
    loop {
        let next = spool.next(1000).await.unwrap();
        if next.is_empty() {
            return rows;
        }
        let settled: Vec<_> = (next.iter())
            .map(|row| (row.seq, Settled::Confirmed(Answer::Stored)))
            .collect();
        spool.settle(&settled).await.unwrap();
        rows.extend(next);
    }
}
