//! Beurer PO60: no live values, only the records in its memory (a hundred of them).
//!
//! It shares service, characteristics and framing with [Contec](crate::contec); its name decides, after the characteristics.
//! `89 09` asks for its clock, `90 05 15` how many records there are (`E0 05 low high …`), `99 00 19` for the first ten of
//! them, `99 01 1A` for the next ten, `99 7F 18` deletes them all, `83 YY MM DD hh mm ss 00 00` sets the clock. Source: five
//! public projects, one of them from the maker's app; three of them set the clock in the same way. Evidence: documented; no
//! capture is public.
//!
//! A record is one measurement from finger-in to finger-out: its average is the value, its end is the time. The pulse's
//! highest bits stand in byte 14 (bit 5 of the highest, bit 4 of the lowest, bit 3 of the average pulse): one project says
//! so, the others leave pulses from 128 on wrong. The three pulses prove it record by record: they must come out in order.
//! If they do not, or other high bits are set, the record has no pulse.
//!
//! A clock that was never set begins at 2019-01-01: records from before 2020 are from such a clock.
//!
//! Only a device on a bench can settle: which of bits 5 and 6 of byte 1 marks the last record (the count decides here), the
//! order of the records, whether deleting is answered, and whether it wants a bond (one SDK bonds first).

mod record;
mod talk;

pub(crate) use record::Stored;
pub use record::{Po60, Record};
pub(crate) use talk::Records;

use crate::family::{Family, Wiring, Write};
use crate::uuids;

/// Silence is no sign of anything here: there is nothing live.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::CONTEC_SERVICE,
    notify: &[uuids::CONTEC_NOTIFY],
    write: Write::Must(uuids::CONTEC_WRITE),
    streams: false,
    names: &["po60"],
    ..Wiring::of(Family::Po60)
}];
