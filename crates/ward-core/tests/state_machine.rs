//! A random walk over everything that can happen to a stay's alerts, watched by invariants and by an oracle after every
//! step; and the proof that both can fail.

mod common;
#[path = "state_machine/invariants.rs"]
mod invariants;
#[path = "state_machine/oracle.rs"]
mod oracle;
#[path = "state_machine/walk.rs"]
mod walk;

use common::Real;
use common::faults::{ALL, Fault, Faulty};
use walk::{Tally, Watch, walk};
use ward_core::alert::Problem;
use ward_core::technical::Cause;

#[test]
fn a_hundred_thousand_steps_keep_every_promise() {
    let tally = walk(&Real, Watch::Both, 100_000, 20_261_122).unwrap();
    // A walk that never got there would prove nothing about it.
    let kit = [Cause::PoorSignal, Cause::ClockWrong].map(Problem::Technical);
    let everything = [Problem::Oxygen, Problem::LateLow, Problem::Silence];
    for problem in everything.into_iter().chain(kit) {
        for change in ["Raised", "Acknowledged", "Resolved", "Shown"] {
            assert!(often(&tally, problem, change), "{problem:?} {change}");
        }
    }
    for change in ["SeverityRose", "FellFurther", "Continued", "NotShown"] {
        for problem in [Problem::Oxygen, Problem::Silence] {
            assert!(often(&tally, problem, change), "{problem:?} {change}");
        }
    }
    assert!(often(&tally, Problem::Oxygen, "Confirmed"));
    assert!(often(&tally, Problem::Oxygen, "Relapsed"));
    assert!(often(&tally, Problem::LateLow, "Continued"));
}

fn often(tally: &Tally, problem: Problem, change: &str) -> bool {
    tally
        .get(&(problem, change.to_owned()))
        .is_some_and(|count| *count >= 10)
}

/// `WARDLIGHT_SOAK_STEPS` says how many, `WARDLIGHT_SOAK_SEED` from where.
#[test]
#[ignore = "minutes long: the soak command runs it"]
fn soak() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name)
            .ok()
            .map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let steps = number("WARDLIGHT_SOAK_STEPS", 5_000_000);
    let seed = number("WARDLIGHT_SOAK_SEED", 1);
    let end = walk(&Real, Watch::Both, steps, seed).map(|_| ());
    assert_eq!(end, Ok(()), "seed {seed}");
}

fn is_caught(fault: Fault, watch: Watch) -> bool {
    walk(&Faulty(fault), watch, 20_000, 1).is_err()
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in ALL {
        assert!(is_caught(fault, Watch::Both), "{fault:?}");
    }
}

#[test]
fn the_oracle_alone_catches_all_but_what_it_does_not_look_at() {
    let not_its_business = [Fault::PatientIsNamed, Fault::WhatIsOverChanges];
    for fault in ALL {
        let its_business = !not_its_business.contains(&fault);
        assert!(
            !its_business || is_caught(fault, Watch::OnlyOracle),
            "{fault:?}"
        );
    }
}

#[test]
fn the_invariants_alone_catch_what_they_forbid() {
    for fault in [
        Fault::SeverityFalls,
        Fault::DoubtfulLowIsDropped,
        Fault::LateNewestWordIsDropped,
        Fault::LateLowPages,
        Fault::WorseStaysAcknowledged,
        Fault::FallUnderTheAcknowledgedIsSilent,
        Fault::RelapseIsSilent,
        Fault::FlappingSpeaks,
        Fault::SecondAlertIsOpened,
        Fault::NeedNotBeShown,
        Fault::SpeakingIsBeingSeen,
        Fault::RecheckIsForgotten,
        Fault::RecheckIsAwaitedForEver,
        Fault::MissedRecheckIsSilent,
        Fault::WhatIsOverChanges,
        Fault::PatientIsNamed,
        Fault::OldScreenIsBelieved,
        Fault::OldScreenEnds,
        Fault::NobodysAlertIsEnded,
        Fault::WrongClockIsBelieved,
        Fault::AttemptsAreForgotten,
    ] {
        assert!(is_caught(fault, Watch::OnlyInvariants), "{fault:?}");
    }
}
