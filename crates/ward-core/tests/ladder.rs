//! A random walk over everything that can happen to one alert while nobody, or somebody, has it: levels, snoozes, outages,
//! shifts. Watched by an oracle that shares no code with the rules; and the proof that it can fail.

#![expect(clippy::indexing_slicing, reason = "what the walk cannot do ends it")]

#[path = "ladder/oracle.rs"]
mod oracle;
#[path = "ladder/walk.rs"]
mod walk;

use walk::{Fault, walk};

#[test]
fn forty_thousand_steps_keep_every_promise() {
    let tally = walk(None, 80_000, 20_261_122).unwrap();
    for what in [
        "escalated",
        "escalated_by_hand",
        "left_at_shift_end",
        "snoozed",
        "snooze_ended",
        "severity_rose",
        "fell_further",
        "acknowledged",
        "let_go",
        "not_shown",
    ] {
        assert!(
            tally.get(what).is_some_and(|count| *count >= 20),
            "{what}: {tally:?}"
        );
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in Fault::ALL {
        assert!(walk(Some(fault), 60_000, 1).is_err(), "{fault:?}");
    }
}
