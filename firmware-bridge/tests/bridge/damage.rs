//! Bits that have fallen over, and files that end too soon: in every page of a real spool.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use firmware_bridge::clock::Clock;
use firmware_bridge::spool::{Settled, Spool};
use uuid::Uuid;
use ward_wire::bridge::{Answer, DeviceList, EnrolledDevice, MeasuredItem, ReadingItem};

use crate::stage::{ALICE, BERTA};
use crate::support::{append, in_memory, open};

const PAGE: usize = 4096;
/// Bits that fall over in each page, one at a time.
const FLIPS: u64 = 6;
/// More readings than this are not on one page.
const ON_A_PAGE: usize = 12;

struct Whole {
    bytes: Vec<u8>,
    items: HashMap<Uuid, ReadingItem>,
}

/// What came out of a damaged file.
#[derive(Debug)]
struct Outcome {
    lost: usize,
    /// The ward was told that something is missing.
    is_told: bool,
}

fn list() -> DeviceList {
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

/// Some three hundred readings of two oximeters in one file.
async fn whole() -> Whole {
    let folder = in_memory();
    let spool = open(folder.path()).await;
    spool.remember_devices(&list()).await.unwrap();
    for number in 0..300 {
        let device = if number % 3 == 0 { BERTA } else { ALICE };
        append(&spool, device, if number % 10 == 0 { 84.0 } else { 97.0 }).await;
    }
    let mut items = HashMap::new();
    for row in crate::support::all_waiting(&spool).await {
        let item = row.item.unwrap();
        items.insert(item.id, item);
    }
    let file = spool.file().to_owned();
    spool.close().await;
    assert_eq!(items.len(), 300);
    Whole {
        bytes: fs::read(file).unwrap(),
        items,
    }
}

/// Opens what is left, and sends all of it: whatever it says is what was put there.
async fn outcome(folder: &Path, bytes: &[u8], whole: &Whole, what: &str) -> Outcome {
    let file = folder.join("spool.sqlite");
    fs::write(&file, bytes).unwrap();
    let opened = Spool::open(&file, Clock::of_this_machine()).await;
    let (spool, aside) = opened.unwrap_or_else(|why| panic!("{what}: {why}"));
    if let Some(aside) = &aside {
        assert_eq!(
            fs::read(&aside.file).unwrap(),
            bytes,
            "{what}: it was changed"
        );
    }
    // The service answers again, with the list.
    spool.remember_devices(&list()).await.unwrap();
    let (mut there, mut told) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let next = spool.next(500).await.unwrap();
        if next.is_empty() {
            break;
        }
        let mut settled = Vec::new();
        for row in next {
            let Some(item) = row.item else {
                let why = "the row in the spool cannot be read".to_owned();
                settled.push((row.seq, Settled::Refused(why)));
                continue;
            };
            settled.push((row.seq, Settled::Confirmed(Answer::Stored)));
            match &item.measured {
                MeasuredItem::Attempt { .. } => drop(told.insert(item.device_address)),
                MeasuredItem::Window(_) | MeasuredItem::SpotCheck(_) => {
                    assert_eq!(
                        Some(&item),
                        whole.items.get(&item.id),
                        "{what}: it says something else"
                    );
                    assert!(there.insert(item.id), "{what}: twice");
                }
            }
        }
        spool.settle(&settled).await.unwrap();
    }
    spool.close().await;
    let is_told = if aside.is_some() {
        told.len() == 2
    } else {
        !told.is_empty()
    };
    Outcome {
        lost: whole.items.len() - there.len(),
        is_told,
    }
}

#[tokio::test]
async fn a_bit_that_falls_over_in_any_page_changes_no_value_and_what_is_lost_by_it_is_said() {
    let whole = whole().await;
    let mut chance = 7_u64;
    let mut below = |limit: usize| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(chance >> 33).unwrap() % limit
    };
    let (mut cases, mut much_lost) = (0, Vec::new());
    for page in 0..whole.bytes.len() / PAGE {
        for _ in 0..FLIPS {
            let (at, bit) = (page * PAGE + below(PAGE), below(8));
            let mut bytes = whole.bytes.clone();
            bytes[at] ^= 1 << bit;
            let what = format!("bit {bit} of byte {at}");
            let outcome = outcome(in_memory().path(), &bytes, &whole, &what).await;
            assert!(outcome.lost == 0 || outcome.is_told, "{what}: {outcome:?}");
            cases += 1;
            if outcome.lost > ON_A_PAGE {
                much_lost.push((what, outcome.lost));
            }
        }
    }
    println!("{cases} cases, more than a page was lost in {much_lost:?}");
    assert!(much_lost.len() * 50 <= cases, "{much_lost:?}");
}

#[tokio::test]
async fn a_file_that_ends_at_any_page_gives_what_lies_before_its_end() {
    let whole = whole().await;
    let pages = whole.bytes.len() / PAGE;
    let mut lost = Vec::new();
    for page in 1..pages {
        let bytes = &whole.bytes[..page * PAGE - usize::from(page % 2 == 0) * 100];
        let what = format!("{page} pages of {pages}");
        let outcome = outcome(in_memory().path(), bytes, &whole, &what).await;
        assert!(outcome.is_told, "{what}");
        lost.push(outcome.lost);
    }
    println!("lost when it ends after so many pages: {lost:?}");
    // What is in the first half of the file is not lost with the second.
    assert!(lost[pages / 2] < whole.items.len() * 7 / 10, "{lost:?}");
    assert!(lost[pages - 2] <= ON_A_PAGE, "{lost:?}");
}

/// The first page holds the names of the tables: another of the same layout will do.
#[tokio::test]
async fn a_spool_without_its_first_page_is_read_by_that_of_the_new_one() {
    let whole = whole().await;
    let mut bytes = whole.bytes.clone();
    bytes[..PAGE].fill(0xA5);
    let outcome = outcome(in_memory().path(), &bytes, &whole, "no first page").await;
    assert_eq!(outcome.lost, 0);
    assert!(outcome.is_told);
}
