//! PC-60 frames out of a byte stream that notifications cut anywhere.

use super::frame::{HEADER, MARKER, Pc60Frame, SHORTEST, checksum};
use crate::error::DecodeError;

/// A frame and the bytes it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFrame {
    /// Decoded.
    pub frame: Pc60Frame,
    /// From marker to checksum.
    pub raw: Vec<u8>,
}

/// Puts frames together again; never holds more than one frame (259 bytes) between two calls.
///
/// The frames that come out depend only on the bytes, not on how they were cut. After a bad checksum it goes on one byte
/// after the false marker, so that a good frame inside a damaged one is found.
#[derive(Clone, Debug, Default)]
pub struct Reassembler {
    buffer: Vec<u8>,
}

enum Front {
    /// These many bytes belong to no frame.
    Junk(usize),
    /// A marker, whose frame cannot be good.
    Bad(DecodeError),
    /// A frame of this length with a good checksum.
    Whole(usize),
    /// More bytes are needed.
    Unfinished,
}

impl Reassembler {
    /// Takes the bytes of one notification and returns what they complete: frames, and an error for each false or
    /// damaged one.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<StreamFrame, DecodeError>> {
        self.buffer.extend_from_slice(bytes);
        let mut found = Vec::new();
        let mut used = 0;
        while let Some(rest) = self.buffer.get(used..) {
            match front(rest) {
                Front::Junk(length) => used += length,
                Front::Bad(error) => {
                    found.push(Err(error));
                    used += 1;
                }
                Front::Whole(length) => {
                    let raw = rest.get(..length).unwrap_or_default().to_vec();
                    found.push(Pc60Frame::decode(&raw).map(|frame| StreamFrame { frame, raw }));
                    used += length;
                }
                Front::Unfinished => break,
            }
        }
        self.buffer.drain(..used.min(self.buffer.len()));
        found
    }
}

fn front(bytes: &[u8]) -> Front {
    let [first, second] = MARKER;
    match bytes {
        [a, b, ..] if *a == first && *b == second => {}
        [a] if *a == first => return Front::Unfinished,
        [] => return Front::Unfinished,
        [_, rest @ ..] => {
            let skip = rest
                .iter()
                .position(|byte| *byte == first)
                .unwrap_or(rest.len());
            return Front::Junk(1 + skip);
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BATTERY: [u8; 7] = [0xAA, 0x55, 0xF0, 0x03, 0x03, 0x01, 0x4A];

    fn all(chunks: &[&[u8]]) -> Vec<Result<StreamFrame, DecodeError>> {
        let mut stream = Reassembler::default();
        chunks.iter().flat_map(|chunk| stream.push(chunk)).collect()
    }

    #[test]
    fn a_good_frame_inside_a_damaged_one_is_found() {
        let mut bytes = vec![0xAA, 0x55, 0x0F, 0x08, 0x01];
        bytes.extend(BATTERY);
        bytes.extend([0; 8]);
        let found = all(&[&bytes]);
        assert!(
            found
                .iter()
                .any(|frame| frame.as_ref().is_ok_and(|frame| frame.raw == BATTERY))
        );
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
            let mut stream = Reassembler::default();
            let mut rest = &bytes[..];
            let mut cut_up = Vec::new();
            for cut in cuts {
                let (chunk, after) = rest.split_at(cut.min(rest.len()));
                cut_up.extend(stream.push(chunk));
                prop_assert!(stream.buffer.len() <= 259);
                rest = after;
            }
            cut_up.extend(stream.push(rest));
            prop_assert_eq!(cut_up, all(&[&bytes]));
        }
    }
}
