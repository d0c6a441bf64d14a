//! Berry BM1000B, C and E (`BerryMed`): a hundred packets a second, five bytes each, four in a notification.
//!
//! Byte 1: bit 7 set (only here), bits 0 to 3 signal 0 to 8, bit 4 no signal, bit 5 probe unplugged, bit 6 beep. Byte 2:
//! pulse wave, 0 for none. Byte 3: bits 0 to 3 bar, bit 4 no finger, bit 5 searching, **bit 6 the pulse's bit 7**. Byte 4: the
//! pulse's other bits, 255 for none. Byte 5: saturation, 127 for none. No checksum, no battery, no commands. Source: the
//! maker's BCI Protocol V1.2, and several public projects. Evidence: documented; no capture is public.
//!
//! Newer firmwares send 20 bytes that begin with `FF AA` ("V1.5", one public project, whose own device breaks the
//! checksum that it describes). They are told apart and refused: read as the old packets, they would give values.
//!
//! Only a device on a bench can settle: whether values stay when the finger has gone and how soon bit 4 of byte 3 says so;
//! whether a missing signal keeps old values; which units send V1.5.

mod packet;
mod stream;

pub use packet::Packet;
pub(crate) use stream::Thinned;
pub use stream::{Bci, Stretch};

use crate::family::{Family, Wiring};
use crate::uuids;

/// Streams by itself.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::BERRY_SERVICE,
    notify: &[uuids::BERRY_NOTIFY],
    ..Wiring::of(Family::Berry)
}];
