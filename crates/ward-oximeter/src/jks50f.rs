//! JKS50F (`OXIMETER`).
//!
//! 69 bytes: `FF 44 01`, finger (0 is in), saturation, pulse, perfusion in hundredths of a percent (7 bits low, 6 bits high),
//! 60 bytes that nobody has described, and the sum of all before it and 1. 127 is none, 8191 for the perfusion. Source: one public
//! project. Evidence: thin.
//!
//! Only a device on a bench can settle: a pulse over 126 (the bytes have 7 bits; where the eighth one is, nobody has said, so
//! that such a pulse is left away), how soon the finger's byte says that it has gone, and the rate.

use uuid::Uuid;

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::family::{Family, Wiring};
use crate::fe::sum_of;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::stream::{Framing, Front};
use crate::uuids;

const MARKER: [u8; 3] = [0xFF, 0x44, 0x01];
const NONE: u8 = 127;
/// Higher ones are none: the source's own limit.
const MOST_PERFUSION_HUNDREDTHS: u16 = 2_000;

/// Streams by itself.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::FFE0_SERVICE,
    notify: &[uuids::FFE1_NOTIFY],
    ..Wiring::of(Family::Jks50f)
}];

/// One frame: the values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jks50f {
    /// The finger is in.
    pub has_finger: bool,
    /// Percent.
    pub spo2_percent: Option<u8>,
    /// Beats a minute.
    pub pulse_bpm: Option<u8>,
    /// Hundredths of a percent.
    pub perfusion_hundredths_percent: Option<u16>,
}

impl Jks50f {
    /// Bytes of a frame.
    pub const LENGTH: usize = 69;

    /// Decodes bytes that begin with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::FrameTruncated`] when bytes are missing,
    /// [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let is_marked = bytes
            .iter()
            .zip(MARKER)
            .all(|(byte, marker)| *byte == marker);
        if !is_marked {
            return Err(DecodeError::Sync);
        }
        let whole = bytes
            .get(..Self::LENGTH)
            .ok_or(DecodeError::FrameTruncated)?;
        let sum = |body: &[u8]| sum_of(body).wrapping_add(1);
        match whole {
            [body @ .., last] if sum(body) != *last => Err(DecodeError::Checksum),
            [_, _, _, finger, spo2, pulse, low, high, ..] => {
                let perfusion = u16::from(low & 0x7F) | u16::from(high & 0x3F) << 7;
                Ok(Self {
                    has_finger: *finger == 0,
                    spo2_percent: (*spo2 != NONE).then_some(*spo2),
                    pulse_bpm: (*pulse < NONE).then_some(*pulse),
                    perfusion_hundredths_percent: (perfusion <= MOST_PERFUSION_HUNDREDTHS)
                        .then_some(perfusion),
                })
            }
            _ => Err(DecodeError::FrameTruncated),
        }
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        if !self.has_finger {
            return Err(Reason::NoFinger);
        }
        let spo2 = self.spo2_percent.filter(|spo2| *spo2 != 0);
        let perfusion = self
            .perfusion_hundredths_percent
            .filter(|index| *index != 0);
        judge::whole_numbers(
            spo2.ok_or(Reason::NoValue)?,
            self.pulse_bpm.map(u16::from),
            perfusion,
            Doubts::NONE,
        )
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        vec![Meaning::Sample(self.judge())]
    }
}

impl Framing for Jks50f {
    const NOTIFY: &'static [Uuid] = &[uuids::FFE1_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        let [first, ..] = MARKER;
        match Self::decode(bytes) {
            Ok(_) => Front::Whole(Self::LENGTH),
            Err(DecodeError::FrameTruncated) => Front::Unfinished,
            Err(DecodeError::Sync) => Front::junk_until(bytes, |byte| byte == first),
            Err(error) => Front::Bad(error),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        Self::decode(raw).map(Frame::Jks50f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    fn frame(values: [u8; 5]) -> Vec<u8> {
        let body = [&MARKER[..], &values, &[0; 60]].concat();
        let sum = sum_of(&body).wrapping_add(1);
        [body, vec![sum]].concat()
    }

    fn judged(values: [u8; 5]) -> Result<Value, Reason> {
        Jks50f::decode(&frame(values)).unwrap().judge()
    }

    #[test]
    fn the_perfusion_is_put_together_of_seven_and_six_bits() {
        let value = judged([0, 97, 72, 0x24, 0x81]).unwrap();
        assert_eq!(
            (value.pulse_tenths_bpm, value.perfusion_hundredths_percent),
            (Some(720), Some(164))
        );
        let none = judged([0, 97, 72, 0x7F, 0x3F]).unwrap();
        assert_eq!(none.perfusion_hundredths_percent, None);
    }

    #[test]
    fn no_finger_none_and_zero_are_no_values_and_a_pulse_that_nobody_has_described_is_left_away() {
        assert_eq!(judged([1, 97, 72, 0, 0]), Err(Reason::NoFinger));
        assert_eq!(judged([0, 127, 127, 0, 0]), Err(Reason::NoValue));
        assert_eq!(judged([0, 0, 0, 0, 0]), Err(Reason::NoValue));
        for pulse in [127, 128, 255] {
            assert_eq!(judged([0, 97, pulse, 0, 0]).unwrap().pulse_tenths_bpm, None);
        }
        assert_eq!(
            judged([0, 97, 126, 0, 0]).unwrap().pulse_tenths_bpm,
            Some(1260)
        );
    }

    #[test]
    fn a_good_frame_behind_a_damaged_one_is_found() {
        let mut damaged = frame([0, 97, 72, 0, 0]);
        damaged[4] = 57;
        let bytes = [damaged, frame([0, 96, 72, 0, 0])].concat();
        let found = Reassembler::<Jks50f>::default().push(&bytes);
        assert_eq!(
            found,
            [Err(DecodeError::Checksum), Ok(frame([0, 96, 72, 0, 0]))]
        );
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<[u8; 5]>().prop_map(frame),
            Just(MARKER.to_vec()),
            prop::collection::vec(any::<u8>(), 0..12),
        ];
        prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..30, 0..60),
        ) {
            cuts_do_not_matter::<Jks50f>(&bytes, &cuts, Jks50f::LENGTH);
            for raw in Reassembler::<Jks50f>::default().push(&bytes).into_iter().flatten() {
                prop_assert_eq!(Jks50f::read(&raw).unwrap().meanings().len(), 1);
            }
        }
    }
}
