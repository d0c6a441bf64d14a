//! Viatom "oxy": O2Ring, Checkme O2, SleepU, Oxylink and others. They are asked for each value.
//!
//! Request `AA command ~command block(2) length(2) data… crc`, answer `55 status ~status block length data… crc`, little-
//! endian; crc is CRC-8 (polynomial 0x07) over everything before it. Answers come in pieces. Sources: MackeyStingray/o2r,
//! ecostech/viatom-ble, home-health-hub/viatom-o2ring-ble, which agree. Evidence: real captures whose checksums fit.
//!
//! Command 0x18 resets the device to its factory state: it has no name here.

mod frame;
mod sensors;
mod talk;

use crate::family::{Family, Wiring, Write};
use crate::uuids;

pub use frame::{OxyFrame, ViatomOxy};
pub use sensors::{Sensors, State};
pub(crate) use talk::Requests;

pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::VIATOM_OXY_SERVICE,
    notify: &[uuids::VIATOM_OXY_NOTIFY],
    write: Write::Must(uuids::VIATOM_OXY_WRITE),
    ..Wiring::of(Family::ViatomOxy)
}];
