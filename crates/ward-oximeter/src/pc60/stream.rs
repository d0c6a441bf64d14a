//! PC-60 frames out of a byte stream that notifications cut anywhere.

use uuid::Uuid;

use super::frame::{HEADER, MARKER, Pc60Frame, SHORTEST, checksum};
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{Framing, Front};
use crate::uuids;

/// Marker, length byte, CRC-8/MAXIM; a frame is never longer than 259 bytes.
#[derive(Clone, Debug)]
pub struct Pc60;

impl Framing for Pc60 {
    const NOTIFY: &'static [Uuid] = &[
        uuids::NORDIC_UART_NOTIFY,
        uuids::PC60_FFF0_NOTIFY,
        uuids::PC60_FFB0_BOTH,
    ];

    fn front(bytes: &[u8]) -> Front {
        let [first, second] = MARKER;
        match bytes {
            [a, b, ..] if *a == first && *b == second => {}
            [a] if *a == first => return Front::Unfinished,
            _ => return Front::junk_until(bytes, |byte| byte == first),
        }
        let Some(length) = bytes.get(HEADER - 1) else {
            return Front::Unfinished;
        };
        if *length < SHORTEST {
            return Front::Bad(DecodeError::Length);
        }
        let length = HEADER + usize::from(*length);
        match bytes.get(..length) {
            None => Front::Unfinished,
            Some(whole) if checksum(whole) == 0 => Front::Whole(length),
            Some(_) => Front::Bad(DecodeError::Crc),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        let frame = Pc60Frame::decode(raw)?;
        let raw = raw.to_vec();
        Ok(Frame::Pc60 { frame, raw })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    const BATTERY: [u8; 7] = [0xAA, 0x55, 0xF0, 0x03, 0x03, 0x01, 0x4A];

    #[test]
    fn a_good_frame_inside_a_damaged_one_is_found() {
        let mut bytes = vec![0xAA, 0x55, 0x0F, 0x08, 0x01];
        bytes.extend(BATTERY);
        bytes.extend([0; 8]);
        let found = Reassembler::<Pc60>::default().push(&bytes);
        assert!(found.contains(&Ok(BATTERY.to_vec())));
        assert!(found.contains(&Err(DecodeError::Crc)));
    }

    /// Bytes as they come in bad air: good frames, damaged ones, junk, lone markers.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(BATTERY.to_vec()),
            Just(vec![
                0xAA, 0x55, 0x0F, 0x07, 0x02, 0x15, 0x1C, 0x27, 0x36, 0x46, 0x5E
            ]),
            Just(vec![0xAA]),
            Just(vec![0xAA, 0x55]),
            prop::collection::vec(any::<u8>(), 0..12),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(bytes in stream(), cuts in prop::collection::vec(1_usize..30, 0..200)) {
            cuts_do_not_matter::<Pc60>(&bytes, &cuts, 259);
        }
    }
}
