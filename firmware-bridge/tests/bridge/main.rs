//! The bridge against a service that misbehaves, a Bluetooth service that is only pretended, and a disk that is damaged.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod bluez;
mod damage;
mod decode;
mod door;
mod full_disk;
mod identity;
mod power;
mod process;
mod replay;
mod service;
mod spool;
mod spool_said;
mod stage;
mod status;
mod support;
mod tls;
mod told;
mod uplink;
mod whole;
