//! The services that carry PC-60 frames.

use crate::family::{Family, Wiring, Write};
use crate::uuids;

/// The devices stream by themselves: a place for commands is nothing that they need.
pub(crate) const WIRINGS: &[Wiring] = &[
    Wiring {
        service: uuids::NORDIC_UART_SERVICE,
        notify: &[uuids::NORDIC_UART_NOTIFY],
        write: Write::IfThere(uuids::NORDIC_UART_WRITE),
        ..Wiring::of(Family::Pc60)
    },
    Wiring {
        service: uuids::PC60_FFF0_SERVICE,
        notify: &[uuids::PC60_FFF0_NOTIFY],
        write: Write::IfThere(uuids::PC60_FFF0_WRITE),
        ..Wiring::of(Family::Pc60)
    },
    Wiring {
        service: uuids::PC60_FFB0_SERVICE,
        notify: &[uuids::PC60_FFB0_BOTH],
        write: Write::IfThere(uuids::PC60_FFB0_BOTH),
        ..Wiring::of(Family::Pc60)
    },
];
