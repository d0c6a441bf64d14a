//! The power goes at every single write, sync and change of a name that the spool makes: nothing that it has promised is
//! lost, nothing is there twice, and it opens again.
//!
//! The real spool runs in a process of its own, over a disk that forgets what was not synced (`calls.c`). What that
//! process has said on its standard output is what the spool has promised by then.

mod checks;
mod child;
mod runs;

use checks::Promises;
use child::Story;
use runs::{Lies, Run, at_every_point};

/// In how many ways the un-synced writes go at each point: `WARDLIGHT_POWER_CUT_SEEDS=100` for a long night.
fn seeds() -> u64 {
    std::env::var("WARDLIGHT_POWER_CUT_SEEDS").map_or(3, |text| text.parse().unwrap())
}

#[test]
fn a_day_of_a_spool_survives_a_power_cut_at_every_write() {
    let outcome = at_every_point(Story::Day, Lies::None, seeds(), 1);
    assert_eq!(outcome.broken, [""; 0]);
    assert!(outcome.points > 200, "{} points", outcome.points);
    println!("{} points, {} power cuts", outcome.points, outcome.cuts);
}

#[test]
fn the_gaps_of_a_full_spool_and_their_marks_survive_a_power_cut_at_every_write() {
    let outcome = at_every_point(Story::Full, Lies::None, seeds(), 1);
    assert_eq!(outcome.broken, [""; 0]);
    assert!(outcome.points > 20, "{} points", outcome.points);
    println!("{} points, {} power cuts", outcome.points, outcome.cuts);
}

#[test]
fn a_damaged_spool_is_set_aside_and_rescued_whenever_the_power_goes() {
    let outcome = at_every_point(Story::Damaged, Lies::None, seeds(), 1);
    assert_eq!(outcome.broken, [""; 0]);
    assert!(outcome.points > 20, "{} points", outcome.points);
    println!("{} points, {} power cuts", outcome.points, outcome.cuts);
}

/// `synchronous=OFF` is a spool that never syncs: for the disk, one whose syncs are not real.
#[test]
fn planted_a_spool_without_syncs_is_caught() {
    let outcome = at_every_point(Story::Day, Lies::All, 1, 7);
    assert!(
        outcome.broken.iter().any(|broken| broken.contains("lost")),
        "{:?}",
        outcome.broken
    );
}

/// `synchronous=NORMAL` syncs at checkpoints only, not the log at each commit.
#[test]
fn planted_a_spool_that_does_not_sync_its_log_at_each_commit_is_caught() {
    let outcome = at_every_point(Story::Day, Lies::Log, 1, 7);
    assert!(
        outcome.broken.iter().any(|broken| broken.contains("lost")),
        "{:?}",
        outcome.broken
    );
}

#[test]
fn planted_broken_promises_are_each_caught() {
    let run = Run::whole(Story::Day);
    let promised = Promises::heard(&run.said);
    assert_eq!(checks::of_a_day(run.folder.path(), &promised), [""; 0]);
    for (change, expected) in [
        (
            "delete from reading where seq = (select max(seq) from reading)",
            "lost",
        ),
        (
            "update reading set id = randomblob(16) where seq = (select max(seq) from reading)",
            "is there as",
        ),
        (
            "insert into reading (id, device, routine, item) select randomblob(16), device, routine, item \
             from reading order by seq desc limit 1",
            "twice",
        ),
        (
            "update note set said = 'another' where name = 'epoch'",
            "epoch",
        ),
    ] {
        let run = Run::whole(Story::Day);
        runs::plant(run.folder.path(), change);
        let broken = checks::of_a_day(run.folder.path(), &Promises::heard(&run.said));
        assert!(
            broken.iter().any(|broken| broken.contains(expected)),
            "{change}: {broken:?}"
        );
    }
}
