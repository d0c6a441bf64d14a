//! A random walk over everything that a patient may say and a ward may do about it, watched after every step by an
//! oracle that keeps all that was ever said; and the proof that it can fail.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what the walk cannot do ends it"
)]

#[path = "diary/oracle.rs"]
mod oracle;
#[path = "diary/walk.rs"]
mod walk;

use walk::{ALL_FAULTS, walk};

#[test]
fn forty_thousand_steps_are_as_the_oracle_says() {
    let tally = walk(None, 40_000, 20_261_121).unwrap();
    for wanted in [
        "Symptom Raised Red",
        "Symptom Raised Amber",
        "Symptom Raised Low",
        "Symptom SeverityRose Red",
        "Symptom SaidAgain Red",
        "Symptom SaidAgain Amber",
        "Symptom Continued Red",
        "Symptom Continued Low",
        "Silence Raised Red",
        "AskedForHelp Raised Amber",
        "AskedForHelp SeverityRose Red",
        "AskedForHelp SaidAgain Amber",
        "AskedForHelp Continued Red",
    ] {
        let often = tally.get(wanted).copied().unwrap_or_default();
        assert!(often >= 10, "{wanted}: {often} times in {tally:?}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in ALL_FAULTS {
        assert!(walk(Some(fault), 20_000, 1).is_err(), "{fault:?}");
    }
}
