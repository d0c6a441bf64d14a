//! The disk of the service is full, and then not: what was confirmed meanwhile is there.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;

use uuid::Uuid;
use ward_service::Clock;
use ward_store::Database;
use ward_tests::{Bridge, Kind, TestWard, spo2};
use ward_wire::bridge::BatchReply;

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

    fn fill(&self) {
        let log = self.log();
        let mut file = File::options().create(true).append(true).open(log).unwrap();
        loop {
            match file.write(&[0x20; 4096]) {
                Ok(_) => {}
                Err(why) if why.kind() == ErrorKind::StorageFull => return,
                Err(why) => panic!("{why}"),
            }
        }
    }

    fn clear(&self) {
        std::fs::remove_file(self.log()).unwrap();
    }

    fn log(&self) -> std::path::PathBuf {
        self.0.path().join("somebody.log")
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

/// Readings of one minute after the other; the ids of those that were confirmed.
async fn measures(
    bridge: &Bridge,
    ward: &TestWard,
    oximeter: &ward_core::device::DeviceAddress,
    times: usize,
) -> (Vec<Uuid>, usize) {
    let (mut confirmed, mut refused) = (Vec::new(), 0);
    for _ in 0..times {
        ward.clock.advance(ward_core::time::minutes(1));
        let batch: Vec<_> = (0..20)
            .map(|number| {
                ward.clock.advance(ward_core::time::seconds(1));
                bridge.spools(oximeter, spo2(95.0 + f64::from(number % 4)))
            })
            .collect();
        let reply = bridge.try_post(&batch).await.unwrap();
        if reply.status.is_success() {
            let reply: BatchReply = reply.json();
            assert_eq!(reply.answers.len(), batch.len());
            confirmed.extend(batch.iter().map(|reading| reading.id.0));
        } else {
            assert!(reply.status.is_server_error(), "{reply}");
            refused += 1;
        }
    }
    (confirmed, refused)
}

async fn stored(file: &Path) -> BTreeSet<Uuid> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let rows: Vec<(Uuid,)> = sqlx::query_as("select reading_id from reading")
        .fetch_all(&pool)
        .await
        .unwrap();
    pool.close().await;
    rows.into_iter().map(|(id,)| id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_was_full_for_a_while_leaves_no_false_confirmation_behind() {
    let Some(disk) = SmallDisk::of(16 << 10) else {
        return;
    };
    let file = disk.0.path().join("ward.db");
    let mut ward = TestWard::with(
        Kind::Sqlite,
        Clock::moved(ward_tests::desk::EIGHT),
        |config| {
            config.database = Database::Sqlite(file.clone());
            config.http.batches_per_second = 1_000;
        },
    )
    .await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let (mut confirmed, refused) = measures(&bridge, &ward, &patient.oximeter, 5).await;
    assert_eq!((confirmed.len(), refused), (100, 0));
    let mut refused_in_all = 0;
    for _ in 0..3 {
        disk.fill();
        let (more, refused) = measures(&bridge, &ward, &patient.oximeter, 60).await;
        confirmed.extend(more);
        refused_in_all += refused;
        disk.clear();
        let (more, _) = measures(&bridge, &ward, &patient.oximeter, 10).await;
        confirmed.extend(more);
    }
    assert!(refused_in_all > 0, "the disk was never full");
    ward.stop().await;
    let stored = stored(&file).await;
    let lost: Vec<_> = confirmed.iter().filter(|id| !stored.contains(id)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} were confirmed and are lost",
        lost.len(),
        confirmed.len()
    );
}
