//! What the service promises, kept while it is killed: the real program, and a checker of what was confirmed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a fault's test cannot do ends it"
)]

mod a_day_of_readings;
mod bad_line;
mod escalation;
mod full_disk;
mod history;
mod home;
mod kill_minus_9;
mod program;
mod sender;
