//! What the spool has promised, beside what is there when it is opened again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use firmware_bridge::clock::Clock;
use firmware_bridge::spool::{Appended, Spool};
use tempfile::TempDir;
use uuid::Uuid;
use ward_wire::bridge::{MeasuredItem, ReadingItem};

use super::child::{AFTER, BEFORE, STAMPED, Story, file, list, number_of, reading};
use super::runs::{Run, runtime};
use crate::support::{copied, in_memory};

/// In the story of the full disk: that many, every fifth of them low.
const MANY: u32 = 130;

/// What a child has said.
#[derive(Debug, Default)]
pub struct Promises {
    appended: BTreeMap<u32, Uuid>,
    /// Confirmed before the restore, and after it; what was about to be, too.
    before: BTreeSet<Uuid>,
    after: BTreeSet<Uuid>,
    confirming_before: BTreeSet<Uuid>,
    confirming_after: BTreeSet<Uuid>,
    devices: bool,
    restoring: bool,
    restored: bool,
    forgetting: bool,
}

impl Promises {
    pub fn heard(said: &[String]) -> Self {
        let mut all = Self::default();
        for line in said {
            let words: Vec<&str> = line.split(' ').collect();
            let ids = || words[1..].iter().map(|id| id.parse::<Uuid>().unwrap());
            match words[0] {
                "appended" => {
                    let id = words[2].parse().unwrap();
                    all.appended.insert(words[1].parse().unwrap(), id);
                }
                "confirming" if all.restored => all.confirming_after.extend(ids()),
                "confirming" => all.confirming_before.extend(ids()),
                "confirmed" if all.restored => all.after.extend(ids()),
                "confirmed" => all.before.extend(ids()),
                "devices" => all.devices = true,
                "restoring" => all.restoring = true,
                "restored" => all.restored = true,
                "forgetting" => all.forgetting = true,
                "end" => {}
                other => panic!("what does it say? {other}"),
            }
        }
        all
    }
}

/// A row as it lies there.
struct Row {
    id: Uuid,
    state: i64,
    measured: MeasuredItem,
    device: String,
}

struct Found {
    spool: Spool,
    rows: Vec<Row>,
    epoch: Option<String>,
}

impl Found {
    /// Opens the spool again, as the next start of the box does.
    async fn at(folder: &Path, may_be_damaged: bool) -> Result<Self, String> {
        let opened = Spool::open(&file(folder), Clock::of_this_machine()).await;
        let (spool, aside) = opened.map_err(|why| format!("it does not open: {why}"))?;
        if let Some(aside) = aside.filter(|_| !may_be_damaged) {
            return Err(format!("it was damaged, lost and set aside: {}", aside.why));
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(spool.file());
        let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let (verdict,): (String,) = sqlx::query_as("pragma integrity_check")
            .fetch_one(&other)
            .await
            .unwrap();
        if verdict != "ok" {
            return Err(format!("its check says {verdict}"));
        }
        let rows: Vec<(Uuid, i64, String, String)> =
            sqlx::query_as("select id, state, item, device from reading order by seq")
                .fetch_all(&other)
                .await
                .unwrap();
        let epoch: Option<(String,)> = sqlx::query_as("select said from note where name = 'epoch'")
            .fetch_optional(&other)
            .await
            .unwrap();
        other.close().await;
        let rows = rows.into_iter().map(|(id, state, item, device)| Row {
            id,
            state,
            measured: serde_json::from_str::<ReadingItem>(&item).unwrap().measured,
            device,
        });
        Ok(Self {
            rows: rows.collect(),
            spool,
            epoch: epoch.map(|(said,)| said),
        })
    }

    fn by_number(&self) -> BTreeMap<u32, Vec<&Row>> {
        let mut all: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
        for row in &self.rows {
            if let Some(number) = number_of(&row.measured) {
                all.entry(number).or_default().push(row);
            }
        }
        all
    }

    /// What stands for what is not there.
    fn markers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().filter_map(|row| match &row.measured {
            MeasuredItem::Attempt { reason } => Some((row.device.as_str(), reason.as_str())),
            MeasuredItem::SpotCheck(_) | MeasuredItem::Window(_) => None,
        })
    }
}

/// Every way in which a promise was broken, in words. Empty when all were kept.
pub fn broken_promises(story: Story, run: &Run, expected: &BTreeSet<u32>) -> Vec<String> {
    let folder = run.folder.path();
    match story {
        Story::Day => Ok(of_a_day(folder, &Promises::heard(&run.said))),
        Story::Full => runtime().block_on(of_a_full_disk(folder)),
        Story::Damaged => runtime().block_on(of_a_damaged_one(folder, expected)),
    }
    .unwrap_or_else(|why| vec![why])
}

pub fn of_a_day(folder: &Path, promised: &Promises) -> Vec<String> {
    runtime().block_on(async {
        let found = match Found::at(folder, false).await {
            Ok(found) => found,
            Err(why) => return vec![why],
        };
        let mut broken = Vec::new();
        each_once(promised, &found, &mut broken);
        confirmed_once(promised, &found, &mut broken);
        if promised.devices && found.spool.devices().await.unwrap() != list().devices {
            broken.push("the list of oximeters is lost".to_owned());
        }
        if let Some(id) = promised.appended.get(&STAMPED)
            && found.rows.iter().any(|row| row.id == *id)
        {
            let again = found.spool.append(&reading(STAMPED)).await.unwrap();
            if again != Appended::Again(*id) {
                broken.push(format!("the stamped record came again as {again:?}"));
            }
        }
        broken
    })
}

/// Each that was appended is there under its id; of what was not, only the one that was under way.
fn each_once(promised: &Promises, found: &Found, broken: &mut Vec<String>) {
    let by_number = found.by_number();
    for (number, id) in &promised.appended {
        let may_be_gone = promised.forgetting && promised.confirming_after.contains(id);
        match by_number.get(number).map(Vec::as_slice) {
            None if may_be_gone => {}
            None => broken.push(format!("reading {number} is lost")),
            Some([row]) if row.id == *id => {}
            Some([row]) => broken.push(format!("reading {number} is there as {}", row.id)),
            Some(rows) => broken.push(format!(
                "reading {number} is there {} times, twice or more",
                rows.len()
            )),
        }
    }
    let under_way = promised.appended.keys().max().map_or(1, |last| last + 1);
    for (number, rows) in &by_number {
        if !promised.appended.contains_key(number) && (*number != under_way || rows.len() > 1) {
            broken.push(format!("reading {number} came from nowhere"));
        }
    }
}

/// What was confirmed does not wait, until the service has lost it; then all of it waits, and the note says why.
fn confirmed_once(promised: &Promises, found: &Found, broken: &mut Vec<String>) {
    let (before, after) = (BEFORE.to_string(), AFTER.to_string());
    let noted = found.epoch.as_deref();
    let is_noted = match (promised.restored, promised.restoring) {
        (true, _) => noted == Some(after.as_str()),
        (false, true) => noted == Some(after.as_str()) || noted == Some(before.as_str()),
        (false, false) => promised.before.is_empty() || noted == Some(before.as_str()),
    };
    if !is_noted {
        broken.push(format!("the epoch is lost: {noted:?}"));
    }
    let (confirmed, confirming) = if noted == Some(after.as_str()) {
        (&promised.after, &promised.confirming_after)
    } else {
        (&promised.before, &promised.confirming_before)
    };
    for row in &found.rows {
        let expected = match (confirmed.contains(&row.id), confirming.contains(&row.id)) {
            (true, _) => Some(true),
            (false, true) => None, // under way when the power went
            (false, false) => Some(false),
        };
        if let Some(expected) = expected
            && (row.state == 1) != expected
        {
            broken.push(format!(
                "{} has state {}, and its confirmation {}",
                row.id,
                row.state,
                if expected {
                    "is lost"
                } else {
                    "came from nowhere"
                }
            ));
        }
    }
}

async fn of_a_full_disk(folder: &Path) -> Result<Vec<String>, String> {
    let found = Found::at(folder, false).await?;
    let by_number = found.by_number();
    let mut broken = Vec::new();
    for low in (1..=MANY).filter(|number| number.is_multiple_of(5)) {
        if !by_number.contains_key(&low) {
            broken.push(format!("the low {low} is lost"));
        }
    }
    let marked: u32 = (found.markers())
        .map(|(_, reason)| {
            let words = reason.strip_prefix("the bridge's disk was full: ").unwrap();
            words.split(' ').next().unwrap().parse::<u32>().unwrap()
        })
        .sum();
    let there = u32::try_from(by_number.values().map(Vec::len).sum::<usize>()).unwrap();
    if there + marked != MANY {
        broken.push(format!(
            "{there} are there and {marked} are marked as dropped, of {MANY}"
        ));
    }
    Ok(broken)
}

async fn of_a_damaged_one(folder: &Path, expected: &BTreeSet<u32>) -> Result<Vec<String>, String> {
    let found = Found::at(folder, true).await?;
    let by_number = found.by_number();
    let mut broken = Vec::new();
    for number in expected {
        match by_number.get(number).map(Vec::len) {
            Some(1) => {}
            other => broken.push(format!(
                "reading {number} is lost, or there twice: {other:?}"
            )),
        }
    }
    for device in list().devices {
        let told = |(address, reason): (&str, &str)| {
            address == device.address && reason.contains("spool was damaged")
        };
        if !found.markers().any(told) {
            broken.push(format!(
                "nobody is told of the damage for {}",
                device.address
            ));
        }
    }
    Ok(broken)
}

/// What comes out of the damaged file when the power stays on.
pub fn expected(story: Story) -> BTreeSet<u32> {
    if story != Story::Damaged {
        return BTreeSet::new();
    }
    let run = Run::whole(story);
    let found = runtime()
        .block_on(Found::at(run.folder.path(), true))
        .unwrap();
    let numbers: BTreeSet<u32> = found.by_number().into_keys().collect();
    let count = u32::try_from(numbers.len()).unwrap();
    assert!((MANY / 2..MANY).contains(&count), "{count} were rescued");
    numbers
}

/// A spool with many readings; a damaged one has lost a page, and its log still lies beside it.
pub async fn prepare(story: Story) -> TempDir {
    let (folder, result) = (in_memory(), in_memory());
    let (spool, _) = Spool::open(&file(folder.path()), Clock::of_this_machine())
        .await
        .unwrap();
    spool.remember_devices(&list()).await.unwrap();
    let mut ids = Vec::new();
    for number in 1..=MANY {
        if let Appended::New(id) = spool.append(&reading(number)).await.unwrap() {
            ids.push(id);
        }
    }
    let copy = copied(&spool, result.path());
    for end in ["", "-wal"] {
        let named = |path: &Path| format!("{}{end}", path.display());
        fs::rename(named(&copy), named(&file(result.path()))).unwrap();
    }
    if story == Story::Damaged {
        let mut bytes = fs::read(file(result.path())).unwrap();
        let text = ids[4].to_string();
        // The last: the first page of a table keeps the shadows of what has moved on.
        let at = (bytes.windows(36))
            .rposition(|window| window == text.as_bytes())
            .unwrap();
        bytes[at / 4096 * 4096..][..4096].fill(0xA5);
        fs::write(file(result.path()), bytes).unwrap();
    }
    result
}
