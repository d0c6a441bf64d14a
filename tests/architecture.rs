//! The shape of the house, asserted: arrows point down only, each outside library has its one place, the rules read no
//! clock and wait for nothing. Each check is shown a planted fault and must catch it.

#![expect(clippy::unwrap_used, reason = "a check that cannot look must stop")]

#[path = "architecture/arrows.rs"]
mod arrows;
#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/libraries.rs"]
mod libraries;
#[path = "architecture/sources.rs"]
mod sources;
