//! Contec CMS50D-BT and EMAY SleepO2, which share their service and their framing with the [PO60](crate::po60).
//!
//! A frame is a first byte with bit 7, bytes without it, and a 7-bit sum. Answers have the command's first byte with the three
//! bits of 0x70 turned round. `EB 01 status pulse saturation perfusion perfusion sum` once a second: bit 1 of the status is
//! the pulse's bit 7; none is 127, or 0 or 255 on an EMAY; 255 or 0 for the pulse. `EB 00 …` is the pulse wave, which is not
//! asked for. Source: public reverse engineering of the CMS50D-BT, the EMAY and their USB relatives, which agree; all known
//! frames and commands have good sums. Evidence: captured.
//!
//! The values must be started, and stop without a sign of life every five seconds. Stored data is known over USB only: it is
//! neither asked for nor deleted. The clock is read, for the log; nothing needs it set.
//!
//! Only a device on a bench can settle: the other status bits (one may well say "no finger"), how long the last values are
//! repeated, the perfusion's encoding (`7F 00` is none; no value is made of it), the battery's answer, and whether
//! `EB 00` comes without being asked for.

mod frame;
mod talk;

pub use frame::{Contec, Ff02, Values, checksum};
pub(crate) use frame::{clock, front, sealed};
pub(crate) use talk::Start;

use crate::family::{Family, Wiring, Write};
use crate::uuids;

/// Says nothing until it is asked. The PO60 has the same characteristics, and is tried before by its name.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::CONTEC_SERVICE,
    notify: &[uuids::CONTEC_NOTIFY],
    write: Write::Must(uuids::CONTEC_WRITE),
    ..Wiring::of(Family::Contec)
}];
