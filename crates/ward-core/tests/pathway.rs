//! A random walk over everything that is done with people and their stays on two wards, watched by a slow oracle that knows
//! nothing but the list of what was done; and the proof that it can fail.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the walk cannot do ends it"
)]

#[path = "pathway/oracle.rs"]
mod oracle;
#[path = "pathway/referrals.rs"]
mod referrals;
#[path = "pathway/world.rs"]
mod world;

use world::{Fault, walk};

#[test]
fn twenty_thousand_steps_keep_every_promise() {
    let tally = walk(None, 20_000, 20_261_121).unwrap();
    // A walk that never got there would prove nothing about it.
    for (deed, done, refused) in [
        ("admit", true, true),
        ("readmit", true, true),
        ("pause", true, true),
        ("pause in hospital", true, true),
        ("resume", true, true),
        ("discharge", true, true),
        ("hospital", true, true),
        ("death", true, true),
        ("transfer", true, true),
        ("channel", true, true),
        ("read", true, false),
        ("acknowledge", true, false),
        ("resolve", true, false),
    ] {
        let count = |ok: bool| tally.get(&(deed, ok)).copied().unwrap_or_default();
        assert!(!done || count(true) >= 20, "{deed}: {tally:?}");
        assert!(!refused || count(false) >= 20, "{deed}: {tally:?}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in Fault::ALL {
        let caught = walk(Some(fault), 20_000, 1);
        assert!(caught.is_err(), "{fault:?}");
    }
}
