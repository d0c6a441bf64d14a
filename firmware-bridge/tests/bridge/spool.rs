//! The spool under everything that can happen to a disk.

use std::fs;
use std::time::Duration;

use firmware_bridge::clock::Clock;
use firmware_bridge::reading::{NewReading, Stamp};
use firmware_bridge::spool::{Appended, Limits, Settled, Spool, SpoolError};
use ward_wire::bridge::{Answer, DeviceList, EnrolledDevice, MeasuredItem};

use crate::support::{all_waiting, append, confirm_all, open, reading};

const ALICE: &str = "00:1C:05:00:00:01";
const BERTA: &str = "00:1C:05:00:00:02";
/// However full this machine's disk is.
fn keep(keep_confirmed: Duration, limit_bytes: u64) -> Limits {
    Limits {
        keep_confirmed,
        limit_bytes,
        reserve_bytes: 0,
    }
}

const DAYS: Duration = Duration::from_secs(72 * 3600);

#[tokio::test]
async fn a_reading_waits_over_restarts_until_it_is_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let id = append(&spool, ALICE, 91.0).await;
    spool.close().await;
    let spool = open(folder.path()).await;
    let waiting = spool.next(10).await.unwrap();
    assert_eq!(waiting[0].item.as_ref().unwrap().id, id);
    assert!(waiting[0].measured.is_some());
    spool
        .settle(&[(waiting[0].seq, Settled::Confirmed(Answer::Stored))])
        .await
        .unwrap();
    assert!(spool.next(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stored_record_that_the_oximeter_sends_again_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let record = NewReading {
        raw: Some(vec![1, 95, 0, 68, 0, 0xEA, 7, 11, 21, 8, 30, 5]),
        stamp: Stamp::Stored { is_set: true },
        ..reading(ALICE, 95.0)
    };
    let Appended::New(id) = spool.append(&record).await.unwrap() else {
        panic!("new")
    };
    assert_eq!(spool.append(&record).await.unwrap(), Appended::Again(id));
    assert_eq!(spool.waiting().await.unwrap(), 1);
}

#[tokio::test]
async fn the_marker_of_a_refused_low_is_on_disk_with_the_refusal_and_is_not_marked_itself() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    append(&spool, BERTA, 97.0).await;
    append(&spool, ALICE, 83.8).await;
    for expected in [1, 0, 0] {
        let next = spool.next(10).await.unwrap();
        let refused: Vec<_> = (next.iter())
            .map(|row| (row.seq, Settled::Refused("not understood".to_owned())))
            .collect();
        spool.settle(&refused).await.unwrap();
        assert_eq!(spool.waiting().await.unwrap(), expected);
    }
    assert_eq!(spool.unconfirmed().await.unwrap(), 3);
    assert_eq!(spool.give_refused_another_try().await.unwrap(), 3);
    assert_eq!(spool.waiting().await.unwrap(), 3);
}

#[tokio::test]
async fn after_a_change_of_the_battery_a_low_of_an_old_device_time_is_a_new_reading() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let at = |device_seconds| NewReading {
        raw: Some(vec![1, 83, 0, 68, 0, 0xEA, 7, 1, 1, 8, 0, 0]),
        stamp: Stamp::Live { device_seconds },
        ..reading(ALICE, 83.0)
    };
    let hour_later = NewReading {
        raw: Some(vec![1, 95, 0, 68, 0, 0xEA, 7, 1, 1, 9, 0, 0]),
        ..at(3600)
    };
    let appended = async |reading: &NewReading| spool.append(reading).await.unwrap();
    let Appended::New(first) = appended(&at(0)).await else {
        panic!("new")
    };
    assert_eq!(appended(&at(0)).await, Appended::Again(first));
    assert!(matches!(appended(&hour_later).await, Appended::New(_)));
    let Appended::New(second) = appended(&at(0)).await else {
        panic!("the low after the change of the battery was dropped")
    };
    assert_ne!(first, second);
    assert_eq!(appended(&at(0)).await, Appended::Again(second));
    // A stored record is the past: it begins no session.
    let stored = NewReading {
        stamp: Stamp::Stored { is_set: false },
        ..at(0)
    };
    assert_eq!(appended(&stored).await, Appended::Again(second));
}

#[tokio::test]
async fn what_cannot_be_marked_is_not_thinned() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    for _ in 0..100 {
        append(&spool, ALICE, 97.0).await;
    }
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(spool.file());
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(
        "create trigger full before insert on reading begin select raise(abort, 'disk full'); end",
    )
    .execute(&other)
    .await
    .unwrap();
    other.close().await;
    assert!(spool.keep_house(&keep(DAYS, 1)).await.is_err());
    assert_eq!(spool.waiting().await.unwrap(), 100);
}

#[tokio::test]
async fn what_was_confirmed_since_a_backup_waits_again() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let clock = Clock::of_this_machine();
    append(&spool, ALICE, 83.0).await;
    confirm_all(&spool).await;
    let hour = jiff::SignedDuration::from_hours(1);
    assert_eq!(spool.send_again(clock.wall() + hour).await.unwrap(), 0);
    assert_eq!(spool.send_again(clock.wall() - hour).await.unwrap(), 1);
    assert_eq!(spool.waiting().await.unwrap(), 1);
}

#[tokio::test]
async fn two_bridges_cannot_use_one_spool() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let second = Spool::open(spool.file(), Clock::of_this_machine()).await;
    let why = second.unwrap_err();
    assert!(matches!(why, SpoolError::InUse { .. }));
    assert!(why.to_string().contains("data_dir"), "{why}");
}

#[tokio::test]
async fn a_damaged_spool_is_set_aside_whole_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spool.sqlite");
    let spool = open(folder.path()).await;
    for _ in 0..200 {
        append(&spool, ALICE, 91.0).await;
    }
    spool.close().await;
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xA5);
    fs::write(&file, &bytes).unwrap();

    let (spool, aside) = Spool::open(&file, Clock::of_this_machine()).await.unwrap();
    let aside = aside.expect("it tells of the damage");
    assert_eq!(
        fs::read(&aside.file).unwrap(),
        bytes,
        "nothing of it is changed"
    );
    assert!(aside.file.to_string_lossy().contains(".damaged-"));
    append(&spool, ALICE, 91.0).await;
    assert_eq!(spool.waiting().await.unwrap(), 1);
}

#[tokio::test]
async fn what_a_damaged_spool_still_gives_is_taken_over_and_the_ward_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spool.sqlite");
    let spool = open(folder.path()).await;
    spool
        .remember_devices(&list(&[ALICE, BERTA]))
        .await
        .unwrap();
    // A damaged file is not believed when it says that the service has this one.
    let confirmed = append(&spool, BERTA, 97.0).await;
    confirm_all(&spool).await;
    let mut ids = Vec::new();
    for _ in 0..200 {
        ids.push(append(&spool, ALICE, 83.0).await);
    }
    spool.close().await;
    // One page of the table goes, the one with the hundredth reading.
    let mut bytes = fs::read(&file).unwrap();
    let text = ids[100].to_string();
    let at = (bytes.windows(36))
        .position(|window| window == text.as_bytes())
        .unwrap();
    bytes[at / 4096 * 4096..][..4096].fill(0xA5);
    fs::write(&file, &bytes).unwrap();

    let (spool, aside) = Spool::open(&file, Clock::of_this_machine()).await.unwrap();
    let aside = aside.unwrap();
    assert_eq!(fs::read(&aside.file).unwrap(), bytes);
    let rows = confirm_all(&spool).await;
    let (markers, readings): (Vec<_>, Vec<_>) = (rows.into_iter())
        .map(|row| (row.measured, row.item.unwrap()))
        .partition(|(_, item)| matches!(&item.measured, MeasuredItem::Attempt { .. }));
    assert_eq!(aside.rescued, u64::try_from(readings.len()).unwrap());
    assert!((161..201).contains(&readings.len()), "{}", readings.len());
    for (measured, item) in &readings {
        assert!((ids.contains(&item.id) || item.id == confirmed) && measured.is_some());
    }
    for id in [confirmed, ids[0], ids[199]] {
        assert!(readings.iter().any(|(_, item)| item.id == id));
    }
    let mut told: Vec<_> = (markers.iter())
        .map(|(_, item)| item.device_address.as_str())
        .collect();
    told.sort_unstable();
    assert_eq!(told, [ALICE, BERTA]);
}

#[tokio::test]
async fn where_no_oximeter_is_remembered_the_ward_is_told_with_the_next_list_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spool.sqlite");
    fs::write(&file, "a power cut".repeat(1000)).unwrap();
    let (spool, _) = Spool::open(&file, Clock::of_this_machine()).await.unwrap();
    assert_eq!(spool.waiting().await.unwrap(), 0);
    spool.remember_devices(&list(&[])).await.unwrap();
    spool.close().await;
    let spool = open(folder.path()).await;
    for _ in 0..2 {
        spool
            .remember_devices(&list(&[ALICE, BERTA]))
            .await
            .unwrap();
        assert_eq!(spool.waiting().await.unwrap(), 2);
    }
    let row = spool.next(1).await.unwrap().remove(0);
    let MeasuredItem::Attempt { reason } = row.item.unwrap().measured else {
        panic!("a marker")
    };
    assert_eq!(
        reason,
        "the bridge's spool was damaged; readings may be missing"
    );
}

fn list(addresses: &[&str]) -> DeviceList {
    let device = |address: &&str| EnrolledDevice {
        address: (*address).to_owned(),
        low_limit_percent: 92,
        ..EnrolledDevice::default()
    };
    DeviceList {
        devices: addresses.iter().map(device).collect(),
        ..DeviceList::default()
    }
}

#[tokio::test]
async fn what_is_no_database_at_all_is_set_aside_and_two_in_a_second_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spool.sqlite");
    let mut seen = Vec::new();
    for text in ["one cable too many".repeat(100), "power cut".repeat(500)] {
        fs::write(&file, &text).unwrap();
        let (spool, aside) = Spool::open(&file, Clock::of_this_machine()).await.unwrap();
        let aside = aside.unwrap().file;
        assert_eq!(fs::read_to_string(&aside).unwrap(), text);
        seen.push(aside);
        append(&spool, ALICE, 91.0).await;
        spool.close().await;
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_spool_of_a_later_version_and_a_strangers_database_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spool.sqlite");
    let spool = open(folder.path()).await;
    spool.close().await;
    let set = async |pragma: &'static str| {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query(pragma).execute(&pool).await.unwrap();
        pool.close().await;
    };
    set("pragma user_version = 99").await;
    let before = fs::read(&file).unwrap();
    let why = Spool::open(&file, Clock::of_this_machine())
        .await
        .unwrap_err();
    assert!(matches!(why, SpoolError::Newer { found: 99, .. }), "{why}");
    set("pragma application_id = 7").await;
    let why = Spool::open(&file, Clock::of_this_machine())
        .await
        .unwrap_err();
    assert!(matches!(why, SpoolError::Foreign { .. }), "{why}");
    assert_eq!(fs::read(&file).unwrap().len(), before.len());
}

#[tokio::test]
async fn confirmed_readings_are_kept_for_their_time_and_waiting_ones_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    append(&spool, ALICE, 97.0).await;
    append(&spool, BERTA, 97.0).await;
    let waiting = spool.next(10).await.unwrap();
    spool
        .settle(&[(waiting[0].seq, Settled::Confirmed(Answer::Stored))])
        .await
        .unwrap();
    assert_eq!(
        spool
            .keep_house(&keep(DAYS, 1 << 30))
            .await
            .unwrap()
            .forgotten,
        0
    );
    tokio::time::sleep(Duration::from_millis(5)).await; // so that the confirmation is older than nothing
    assert_eq!(
        spool
            .keep_house(&keep(Duration::ZERO, 1 << 30))
            .await
            .unwrap()
            .forgotten,
        1
    );
    assert_eq!(spool.waiting().await.unwrap(), 1);
}

#[tokio::test]
async fn a_full_spool_thins_routine_readings_marks_the_gap_and_keeps_every_low() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let mut lows = Vec::new();
    for n in 0..100 {
        append(&spool, ALICE, 97.0).await;
        if n % 10 == 0 {
            lows.push(append(&spool, ALICE, 85.0).await);
        }
    }
    let room = spool.keep_house(&keep(DAYS, 1)).await.unwrap();
    assert_eq!(
        room.thinned, 40,
        "every second one but for the twenty newest"
    );
    let left: Vec<_> = all_waiting(&spool)
        .await
        .into_iter()
        .filter_map(|row| row.item)
        .collect();
    for low in lows {
        assert!(left.iter().any(|item| item.id == low));
    }
    let marked = left.iter().any(|item| {
        matches!(&item.measured, MeasuredItem::Attempt { reason } if reason.contains("40 routine readings between"))
    });
    assert!(marked);
    assert_eq!(spool.waiting().await.unwrap(), 100 - 40 + 10 + 1);
}

#[tokio::test]
async fn a_wall_clock_that_jumps_forgets_nothing_and_keeps_nothing_longer() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::of_this_machine();
    let file = folder.path().join("spool.sqlite");
    let (spool, _) = Spool::open(&file, clock.clone()).await.unwrap();
    append(&spool, ALICE, 97.0).await;
    confirm_all(&spool).await;
    for days in [40, -80] {
        clock.wall_jumps(jiff::SignedDuration::from_hours(24 * days));
        let room = spool.keep_house(&keep(DAYS, 1 << 30)).await.unwrap();
        assert_eq!(room.forgotten, 0, "{days} days");
        let epoch = uuid::Uuid::from_u128(days.unsigned_abs().into());
        spool.seen_epoch(epoch).await.unwrap();
    }
    assert_eq!(spool.waiting().await.unwrap(), 1, "sent again all the same");
    confirm_all(&spool).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let room = spool
        .keep_house(&keep(Duration::from_millis(1), 1 << 30))
        .await;
    assert_eq!(room.unwrap().forgotten, 1);
}

#[tokio::test]
async fn what_is_confirmed_goes_before_anything_is_thinned() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    for _ in 0..2000 {
        append(&spool, ALICE, 97.0).await;
    }
    confirm_all(&spool).await;
    for _ in 0..50 {
        append(&spool, ALICE, 97.0).await;
    }
    let room = spool.keep_house(&keep(DAYS, 200_000)).await.unwrap();
    assert!(room.forgotten > 1900 && room.thinned == 0, "{room:?}");
    assert!(room.used_bytes < 200_000, "{room:?}");
}

/// As the version before wrote it: without seals, and with what it had in them.
#[tokio::test]
async fn a_spool_of_an_earlier_version_goes_on_whole_or_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let low = append(&spool, ALICE, 83.0).await;
    let file = spool.file().to_owned();
    spool.close().await;
    let earlier = async || {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
        for statement in [
            "drop index reading_waiting",
            "alter table reading drop column seal",
            "alter table reading drop column settled_boot",
            "alter table reading drop column settled_steady_ms",
        ] {
            sqlx::query(statement).execute(&other).await.unwrap();
        }
        other.close().await;
    };
    earlier().await;
    let spool = open(folder.path()).await;
    let next = spool.next(10).await.unwrap().remove(0);
    assert_eq!(next.item.unwrap().id, low);
    let newer = append(&spool, ALICE, 84.0).await;
    spool.close().await;
    earlier().await;
    // The index with the ids, say, is worth nothing.
    let mut bytes = fs::read(&file).unwrap();
    let count = bytes.len() / 4096;
    let index = (1..count)
        .filter(|page| bytes[page * 4096] == 0x0A)
        .find(|page| {
            let page = &bytes[page * 4096..][..4096];
            page.windows(16).any(|part| part == low.as_bytes())
        });
    let at = index.unwrap() * 4096;
    bytes[at + 8..at + 4096].fill(0xA5);
    fs::write(&file, &bytes).unwrap();
    let (spool, aside) = Spool::open(&file, Clock::of_this_machine()).await.unwrap();
    assert_eq!(aside.unwrap().rescued, 2);
    let rescued: Vec<_> = (confirm_all(&spool).await.into_iter())
        .map(|row| row.item.unwrap().id)
        .collect();
    assert!(rescued.contains(&low) && rescued.contains(&newer));
}

#[tokio::test]
async fn the_list_of_oximeters_is_remembered_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path()).await;
    let device = |address: &str| EnrolledDevice {
        address: address.to_owned(),
        low_limit_percent: 92,
        ..EnrolledDevice::default()
    };
    let list = DeviceList {
        devices: vec![device(BERTA), device(ALICE)],
        ..DeviceList::default()
    };
    spool.remember_devices(&list).await.unwrap();
    spool.close().await;
    let spool = open(folder.path()).await;
    assert_eq!(spool.devices().await.unwrap(), list.devices);
}
