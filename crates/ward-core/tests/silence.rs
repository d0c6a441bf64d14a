//! Nobody's silence is passed over, said twice or invented: three days of a stay at random, minute by minute, also those
//! on which the clocks change, watched by an oracle that counts minutes; and the proof that it can fail.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is not as the story has it ends the test"
)]

mod common;
#[path = "silence/oracle.rs"]
mod oracle;
#[path = "silence/run.rs"]
mod run;
#[path = "silence/three_days.rs"]
mod three_days;

use oracle::complaint;
use run::{Fault, run};
use three_days::ThreeDays;

const NO_FAULT: Option<Fault> = None;

fn complaint_about(seed: u64, fault: Option<Fault>) -> Option<String> {
    let days = ThreeDays::thrown(seed);
    complaint(&days, &run(&days, fault)).map(|why| format!("seed {seed}: {why}\n{days:#?}"))
}

#[test]
fn what_is_missed_is_said_once_in_time_and_as_severe_as_what_came_before_it() {
    for seed in 0..2_000 {
        assert_eq!(complaint_about(seed, NO_FAULT), None);
    }
}

#[test]
fn the_days_have_seen_everything() {
    let all: Vec<_> = (0..600)
        .map(|seed| {
            let days = ThreeDays::thrown(seed);
            let said = run(&days, NO_FAULT);
            (days, said)
        })
        .collect();
    let often = |what: &dyn Fn(&ThreeDays, &run::Said) -> bool| {
        all.iter().filter(|(days, said)| what(days, said)).count() >= 30
    };
    assert!(often(&|days, _| days.down.is_some()));
    assert!(often(&|days, _| days.change.is_some()));
    assert!(often(&|days, _| days.has_23_hours()));
    assert!(often(&|days, _| days.has_25_hours()));
    assert!(often(&|_, said| said.missed.len() > 3));
    assert!(often(&|_, said| said.missed.is_empty()));
    for severity in ["Low", "Amber", "Red"] {
        let raised = |said: &run::Said| {
            said.raised
                .iter()
                .any(|alert| format!("{:?}", alert.severity) == severity)
        };
        assert!(often(&|_, said| raised(said)), "{severity}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in run::ALL {
        let caught = (0..600).any(|seed| complaint_about(seed, Some(fault)).is_some());
        assert!(caught, "{fault:?}");
    }
}
