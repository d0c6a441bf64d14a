//! The PC-60 frame family of Viatom, Lepu and Creative: PC-60FW, OxySmart, KS-60FW and many others.
//!
//! `AA 55 token length type data… crc`; the length counts type to crc; crc is CRC-8/MAXIM over the whole frame. Source:
//! the makers' public SDKs and captures; the checksum holds for 311 of 311 captured frames.

mod body;
mod frame;
mod meaning;
mod stream;
mod wiring;

pub use body::{Body, Parameters, Pleth, Version, WorkingStatus};
pub use frame::{Pc60Frame, checksum};
pub use stream::Pc60;
pub(crate) use wiring::WIRINGS;
