//! Viatom OxyII: O2Ring-S (T8520), S8-AW, Band-WU and others. They are asked for each value, after a greeting.
//!
//! `A5 command ~command flag sequence length(2) data… crc`, little-endian; crc is CRC-8 (polynomial 0x07) from A5 on.
//! Sources: nglessner/o2ring-s-protocol, home-health-hub, and two firmware projects that read the live frame as it is read
//! here. Evidence: real captures whose checksums fit.
//!
//! Command 0xEE switches the ring off until it is on USB power; 0xE3 wipes settings and recordings. Neither has a name here.

mod frame;
mod live;
mod talk;

use crate::family::{Family, Wiring, Write};
use crate::uuids;

pub use frame::{OxyII, OxyIIFrame};
pub use live::Live;
pub(crate) use talk::Requests;

pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::OXYII_SERVICE,
    notify: &[uuids::OXYII_NOTIFY],
    write: Write::Must(uuids::OXYII_WRITE),
    ..Wiring::of(Family::OxyII)
}];
