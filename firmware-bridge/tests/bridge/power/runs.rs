//! One child after the other, each over a disk whose power goes a point later.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::checks;
use super::child::{self, Story};
use crate::support::in_memory;

/// What the child ends with when the power has gone.
const GONE: i32 = 86;
/// No story has so many points: the disk would have lost count.
const POINTS_LIMIT: u64 = 20_000;

/// Which syncs are not real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    None,
    All,
    Log,
}

/// What came of all power cuts of a story.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Writes, syncs and changes of names in the whole story.
    pub points: u64,
    pub cuts: u64,
    /// Each with its point, so that it can be looked at.
    pub broken: Vec<String>,
}

/// The remains of a child.
pub struct Run {
    pub folder: TempDir,
    pub said: Vec<String>,
    pub is_whole: bool,
}

impl Run {
    /// With the power on until its end.
    pub fn whole(story: Story) -> Self {
        let run = start(story, 0, 0, Lies::None);
        assert!(run.is_whole, "{:?}", run.said);
        run
    }
}

/// Cuts the power at every point, or at every `step`-th, `seeds` times each, until a run comes to its end.
pub fn at_every_point(story: Story, lies: Lies, seeds: u64, step: u64) -> Outcome {
    let expected = checks::expected(story);
    let next = AtomicU64::new(1);
    let last = AtomicU64::new(u64::MAX);
    let work = || {
        let mut outcome = Outcome::default();
        loop {
            let point = next.fetch_add(step, Ordering::SeqCst);
            if point >= last.load(Ordering::SeqCst) {
                return outcome;
            }
            assert!(point < POINTS_LIMIT, "it never comes to an end");
            for seed in 1..=seeds {
                let run = start(story, point, seed, lies);
                if run.is_whole {
                    last.fetch_min(point, Ordering::SeqCst);
                    outcome.points = point - 1;
                } else {
                    outcome.cuts += 1;
                }
                let broken = checks::broken_promises(story, &run, &expected);
                let at = format!("{story:?}, point {point}, seed {seed}");
                outcome
                    .broken
                    .extend(broken.into_iter().map(|why| format!("{at}: {why}")));
            }
            if lies != Lies::None && !outcome.broken.is_empty() {
                last.store(0, Ordering::SeqCst); // caught
            }
        }
    };
    // A child waits more than it works.
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut all = Outcome::default();
    for one in outcomes {
        all.points = match (all.points, one.points) {
            (0, points) | (points, 0) => points,
            (one, other) => one.min(other),
        };
        all.cuts += one.cuts;
        all.broken.extend(one.broken);
    }
    all
}

fn start(story: Story, point: u64, seed: u64, lies: Lies) -> Run {
    let folder = in_memory();
    for prepared in fs::read_dir(prepared(story)).unwrap() {
        let prepared = prepared.unwrap();
        fs::copy(prepared.path(), folder.path().join(prepared.file_name())).unwrap();
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", child::NAME, "--ignored", "--nocapture"])
        .args(["--test-threads", "1"])
        .env(child::STORY, story.name())
        .env(child::FOLDER, folder.path())
        .env("LD_PRELOAD", disk())
        .env("FAULTY_DIR", folder.path())
        .env("FAULTY_AT", point.to_string())
        .env("FAULTY_SEED", seed.to_string())
        .stdin(Stdio::null());
    match lies {
        Lies::None => {}
        Lies::All => drop(command.env("FAULTY_LIES", "all")),
        Lies::Log => drop(command.env("FAULTY_LIES", "-wal")),
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let said: Vec<String> = text
        .lines()
        .filter_map(|line| Some(line.split_once('@')?.1.to_owned()))
        .collect();
    let is_whole = output.status.success();
    let is_as_planned = is_whole || output.status.code() == Some(GONE);
    assert!(
        is_as_planned && is_whole == (said.last().is_some_and(|last| last == "end")),
        "point {point}: {:?}\n{text}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Run {
        folder,
        said,
        is_whole,
    }
}

/// The faulty disk, compiled once.
fn disk() -> &'static Path {
    static BUILT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bridge/power/calls.c");
        let compiled = Command::new("cc")
            .args([
                "-std=gnu11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-O1",
                "-shared",
                "-fPIC",
                "-o",
            ])
            .args([&library, &source])
            .output()
            .expect("a C compiler, which SQLite needs anyway");
        assert!(
            compiled.status.success(),
            "{}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        (folder, library)
    });
    library
}

/// What is on the disk before the story begins.
fn prepared(story: Story) -> &'static Path {
    static DAY: OnceLock<TempDir> = OnceLock::new();
    static FULL: OnceLock<TempDir> = OnceLock::new();
    static DAMAGED: OnceLock<TempDir> = OnceLock::new();
    let folder = match story {
        Story::Day => DAY.get_or_init(in_memory),
        Story::Full => FULL.get_or_init(|| runtime().block_on(checks::prepare(story))),
        Story::Damaged => DAMAGED.get_or_init(|| runtime().block_on(checks::prepare(story))),
    };
    folder.path()
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Does to a spool what must be noticed.
pub fn plant(folder: &Path, statement: &'static str) {
    runtime().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(child::file(folder));
        let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query(statement).execute(&other).await.unwrap();
        other.close().await;
    });
}
