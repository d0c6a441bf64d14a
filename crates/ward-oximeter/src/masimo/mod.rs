//! Masimo MightySat Rx.
//!
//! `77 length payload… crc`; the length counts payload and crc; crc is CRC-8 (polynomial 0x07) over the payload. 0x77 also
//! occurs inside wave data: only the checksum tells. Sources: two independent decoders that agree byte by byte, and the
//! maker's document. Evidence: documented; of captures only acknowledgements are public.
//!
//! Message 7 clears the stored trends: it has no name here. Trends are not read: how a record is laid out is not public.

mod frame;
mod parameters;
mod talk;

use crate::family::{Family, Wiring, Write};
use crate::uuids;

pub use frame::{Masimo, MasimoFrame};
pub use parameters::{Parameter, Parameters};
pub(crate) use talk::Start;

pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::MASIMO_SERVICE,
    notify: &[uuids::MASIMO_NOTIFY],
    write: Write::Must(uuids::MASIMO_WRITE),
    ..Wiring::of(Family::Masimo)
}];
