//! Every contact that is due stands on exactly one list: patients who are admitted, tried, reached, paused, discharged
//! and given other plans at random, in zones whose days have 23 and 25 hours, watched by an oracle that knows no state but
//! reads everything that happened from the beginning; and the proof that it can fail.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a place that is not there fails the test, as it should"
)]

mod common;
#[path = "call_list/faults.rs"]
mod faults;
#[path = "call_list/oracle.rs"]
mod oracle;
#[path = "call_list/world.rs"]
mod world;

use faults::{ALL, Faulty};
use world::{Real, Tally, run};

#[test]
fn nobody_falls_off_the_list_and_nobody_is_on_it_for_nothing() {
    let mut tally = Tally::default();
    for seed in 0..250 {
        run(&Real, seed, &mut tally).unwrap();
    }
    // Worlds that never got there would prove nothing about it.
    for (what, count) in tally.counts() {
        assert!(count >= 40, "{what}: {count}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in ALL {
        let caught = (0..250).any(|seed| run(&Faulty(fault), seed, &mut Tally::default()).is_err());
        assert!(caught, "{fault:?}");
    }
}
