//! Yuwell YX110, FPO: [frames that begin with `FE`](crate::fe), the sum as it is.
//!
//! Source: one public project with one frame, whose sum fits; the layout of the other bytes is that of a VTM 20F. Evidence: thin.
//!
//! Only a device on a bench can settle: that it is indeed the same protocol (the perfusion and the wave frames were never
//! seen), what is sent without a finger, and whether it must be read once before it sends, as that project says.

use crate::family::{Family, Wiring};
use crate::fe::{Fe, Wrap};
use crate::frame::Frame;
use crate::uuids;

/// Streams by itself, after a read at the most.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::FFE0_SERVICE,
    notify: &[uuids::FFE4_NOTIFY],
    read: &[uuids::FFE4_NOTIFY],
    ..Wiring::of(Family::Yuwell)
}];

/// The plain sum.
#[derive(Clone, Debug)]
pub struct Yuwell;

impl Wrap for Yuwell {
    const EXTRA: u8 = 0;

    fn frame(frame: Fe) -> Frame {
        Frame::Yuwell(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::DecodeError;
    use crate::vtm20f::Vtm20f;

    /// Captured.
    const FRAME: [u8; 10] = [0xFE, 0x0A, 0x55, 0, 0x52, 0x5F, 0x17, 0x70, 0xCF, 0x64];

    #[test]
    fn the_captured_frame_is_a_value_and_nobody_elses() {
        let Ok(Fe::Values(values)) = Fe::decode::<Yuwell>(&FRAME) else {
            panic!("no values");
        };
        let value = values.judge().unwrap();
        assert_eq!(
            (
                value.spo2_tenths_percent,
                value.pulse_tenths_bpm,
                value.perfusion_hundredths_percent
            ),
            (950, Some(820), Some(600))
        );
        assert_eq!(Fe::decode::<Vtm20f>(&FRAME), Err(DecodeError::Checksum));
    }
}
