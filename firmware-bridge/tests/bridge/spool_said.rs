//! What the spool says of itself, and what it remembers of the service's list.

use firmware_bridge::clock::{Clock, Steady};
use firmware_bridge::reading::NewReading;
use firmware_bridge::spool::Settled;
use ward_wire::bridge::{DeviceList, EnrolledDevice, MeasuredItem, SamplingItem, SamplingMode};

use crate::support::open;

const ALICE: &str = "00:1C:05:00:00:01";
const BERTA: &str = "00:1C:05:00:00:02";

#[tokio::test]
async fn slot_sampling_and_version_are_remembered_and_an_earlier_bridge_passes_them_over() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let device = |address: &str, mode| EnrolledDevice {
        address: address.to_owned(),
        low_limit_percent: 92,
        slot: Some(uuid::Uuid::new_v4()),
        sampling: Some(SamplingItem {
            mode,
            window_seconds: 30,
        }),
    };
    let list = DeviceList {
        devices: vec![
            device(BERTA, SamplingMode::Continuous),
            device(ALICE, SamplingMode::Spot),
        ],
        version: Some("00ff00ff00ff00ff".to_owned()),
    };
    spool.remember_devices(&list).await.unwrap();
    let file = spool.file().to_owned();
    assert_eq!(spool.depth().await.unwrap().list_version, list.version);
    spool.close().await;
    let spool = open(folder.path()).await;
    assert_eq!(spool.device_list().await.unwrap(), list);
    spool.close().await;
    // As an earlier bridge writes it: Berta has another limit, and a new wearer perhaps.
    let earlier =
        sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&file))
            .await
            .unwrap();
    for statement in [
        "delete from device",
        "insert into device (address, low_limit_percent) values ('00:1C:05:00:00:02', 85)",
    ] {
        sqlx::query(statement).execute(&earlier).await.unwrap();
    }
    earlier.close().await;
    let spool = open(folder.path()).await;
    let [berta] = &spool.devices().await.unwrap()[..] else {
        panic!("one device");
    };
    assert_eq!((berta.slot, berta.sampling), (None, None));
}

#[tokio::test]
async fn the_spool_says_how_much_waits_and_for_how_long() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let clock = Clock::of_this_machine();
    let empty = spool.depth().await.unwrap();
    assert_eq!((empty.waiting, empty.oldest), (0, None));
    assert_eq!(empty.oldest_waits_ms(clock.steady(), &clock), None);
    let then = clock.steady();
    let measured = MeasuredItem::Attempt {
        reason: "no finger".to_owned(),
    };
    let reading = NewReading::live(ALICE.parse().unwrap(), measured, then);
    spool.append(&reading).await.unwrap();
    let depth = spool.depth().await.unwrap();
    assert_eq!((depth.waiting, depth.refused), (1, 0));
    assert!(depth.used_bytes > 0);
    let later = Steady {
        ms: then.ms + 90_000,
        ..then
    };
    assert_eq!(depth.oldest_waits_ms(later, &clock), Some(90_000));
    // After a start of the box only the wall clock is left.
    let restarted = Steady {
        boot: uuid::Uuid::nil(),
        ..later
    };
    assert!(depth.oldest_waits_ms(restarted, &clock).unwrap() < 10_000);
    let [row] = &spool.next(10).await.unwrap()[..] else {
        panic!("one waits");
    };
    spool
        .settle(&[(row.seq, Settled::Refused("no".to_owned()))])
        .await
        .unwrap();
    let depth = spool.depth().await.unwrap();
    assert_eq!(depth.refused, 1);
}
