//! What the spool does while the power may go: run as a process of its own, over the faulty disk.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use firmware_bridge::clock::Clock;
use firmware_bridge::reading::{NewReading, Stamp};
use firmware_bridge::spool::{Appended, Limits, Settled, Spool};
use uuid::Uuid;
use ward_wire::bridge::{Answer, DeviceList, EnrolledDevice, MeasuredItem, ValuesItem};

use crate::stage::{ALICE, BERTA};

/// Which story is told, and where.
pub const STORY: &str = "POWER_STORY";
pub const FOLDER: &str = "POWER_FOLDER";
/// How the program that is the child finds itself.
pub const NAME: &str = "power::child::tells_its_story";

pub const BEFORE: Uuid = Uuid::from_u128(1);
pub const AFTER: Uuid = Uuid::from_u128(2);
/// The one whose device has stamped it: the same record comes again under the same id.
pub const STAMPED: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Readings come, are confirmed, refused and forgotten; the service is restored; the box is started again.
    Day,
    /// There is no room.
    Full,
    /// The file is damaged.
    Damaged,
}

impl Story {
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Full => "full",
            Self::Damaged => "damaged",
        }
    }
}

#[tokio::test]
#[ignore = "a child of the tests beside it, which give it a disk whose power fails"]
async fn tells_its_story() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("started by the tests beside it"));
    match std::env::var(STORY).unwrap().as_str() {
        "day" => day(&folder).await,
        "full" => {
            let spool = opened(&folder).await;
            spool
                .keep_house(&limits(Duration::from_secs(3600), 1))
                .await
                .unwrap();
            spool.close().await;
        }
        "damaged" => opened(&folder).await.close().await,
        other => panic!("no such story: {other}"),
    }
    say("end");
}

async fn day(folder: &Path) {
    let spool = opened(folder).await;
    spool.remember_devices(&list()).await.unwrap();
    say("devices");
    for number in 1..=6 {
        append(&spool, &reading(number)).await;
    }
    for _ in 0..2 {
        confirm(&spool, BEFORE).await;
    }
    append(&spool, &reading(7)).await;
    let refused = spool.next(1).await.unwrap().remove(0);
    let why = Settled::Refused("not understood".to_owned());
    spool.settle(&[(refused.seq, why)]).await.unwrap();
    append(&spool, &reading(STAMPED)).await;
    spool.close().await;
    let spool = opened(folder).await;
    for number in 9..=10 {
        append(&spool, &reading(number)).await;
    }
    say("restoring");
    spool.seen_epoch(AFTER).await.unwrap();
    say("restored");
    confirm(&spool, AFTER).await;
    say("forgetting");
    spool
        .keep_house(&limits(Duration::ZERO, 1 << 30))
        .await
        .unwrap();
    append(&spool, &reading(11)).await;
    spool.close().await;
}

/// By the same file name everywhere.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("spool.sqlite")
}

async fn opened(folder: &Path) -> Spool {
    let (spool, _) = Spool::open(&file(folder), Clock::of_this_machine())
        .await
        .unwrap();
    spool
}

async fn append(spool: &Spool, reading: &NewReading) {
    let (Appended::New(id) | Appended::Again(id)) = spool.append(reading).await.unwrap();
    say(&format!(
        "appended {} {id}",
        number_of(&reading.measured).unwrap()
    ));
}

/// What the service says to the next two.
async fn confirm(spool: &Spool, epoch: Uuid) {
    let next = spool.next(2).await.unwrap();
    let ids: Vec<String> = (next.iter())
        .map(|row| row.item.as_ref().unwrap().id.to_string())
        .collect();
    say(&format!("confirming {}", ids.join(" ")));
    let settled: Vec<_> = (next.iter())
        .map(|row| (row.seq, Settled::Confirmed(Answer::Stored)))
        .collect();
    spool.settle_in(&settled, Some(epoch)).await.unwrap();
    say(&format!("confirmed {}", ids.join(" ")));
}

fn limits(keep_confirmed: Duration, limit_bytes: u64) -> Limits {
    Limits {
        keep_confirmed,
        limit_bytes,
        reserve_bytes: 0,
    }
}

pub fn list() -> DeviceList {
    let device = |address: &str| EnrolledDevice {
        address: address.to_owned(),
        low_limit_percent: 92,
        ..EnrolledDevice::default()
    };
    DeviceList {
        devices: vec![device(ALICE), device(BERTA)],
        ..DeviceList::default()
    }
}

/// The pulse is its number, by which it is known whatever its id. Every fifth is low.
pub fn reading(number: u32) -> NewReading {
    let low = number.is_multiple_of(5);
    let measured = MeasuredItem::Window(ValuesItem {
        spo2_percent: if low { 83.0 } else { 97.0 },
        pulse_bpm: Some(f64::from(number)),
        perfusion_index_percent: None,
        doubts: Vec::new(),
        summary: None,
    });
    let device = if number.is_multiple_of(2) {
        ALICE
    } else {
        BERTA
    };
    let clock = Clock::of_this_machine();
    let reading = NewReading {
        routine: !low,
        ..NewReading::live(device.parse().unwrap(), measured, clock.steady())
    };
    if number != STAMPED {
        return reading;
    }
    NewReading {
        raw: Some(vec![1, 97, 0, 68, 0, 0xEA, 7, 1, 1, 8, 0, 0]),
        stamp: Stamp::Live {
            device_seconds: 28_800,
        },
        ..reading
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as it was put there"
)]
pub fn number_of(measured: &MeasuredItem) -> Option<u32> {
    match measured {
        MeasuredItem::Window(values) => values.pulse_bpm.map(|pulse| pulse as u32),
        MeasuredItem::SpotCheck(_) | MeasuredItem::Attempt { .. } => None,
    }
}

/// Said is promised.
fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{what}").unwrap();
    out.flush().unwrap();
}
