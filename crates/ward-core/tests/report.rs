//! Every line of every figure against a slow oracle that counts minute by minute and reads definitions as they are
//! written; and the proof that it can fail.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a place that is not there fails the test, as it should"
)]

#[path = "report/faults.rs"]
mod faults;
#[path = "report/oracle.rs"]
mod oracle;
#[path = "report/world.rs"]
mod world;

use ward_core::report::report;

#[test]
fn every_figure_is_what_its_definition_says() {
    let mut lines = 0;
    for seed in 0..120 {
        let facts = world::facts(seed);
        let made = report(&facts);
        oracle::check(&made, &facts).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        lines += made
            .figures()
            .map(|figure| figure.lines.len())
            .sum::<usize>();
    }
    // Worlds in which nothing happens would prove nothing.
    assert!(lines > 30_000, "{lines}");
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in faults::ALL {
        let caught = (0..120).any(|seed| {
            let facts = world::facts(seed);
            oracle::check(&fault.report(&facts), &facts).is_err()
        });
        assert!(caught, "{fault:?}");
    }
}
