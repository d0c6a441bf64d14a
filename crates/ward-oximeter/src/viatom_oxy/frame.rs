//! One request or answer.

use uuid::Uuid;

use super::sensors::Sensors;
use crate::crc8::crc8;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{Framing, Front};
use crate::uuids;

const REQUEST: u8 = 0xAA;
const ANSWER: u8 = 0x55;
/// Marker, command, its complement, block, length.
const HEADER: usize = 7;
/// The longest answer that is known is the device's description, under 600 bytes: more is a false marker.
const LONGEST_DATA: usize = 2048;

/// One frame whose checksum fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OxyFrame {
    /// From the device.
    pub is_answer: bool,
    /// Of a request the command, of an answer how it went: 0 is well.
    pub code: u8,
    /// Which block of a longer answer.
    pub block: u16,
    /// What it carries.
    pub data: Vec<u8>,
    /// Extra bytes after the frame that were ignored.
    pub trailing: usize,
}

impl OxyFrame {
    /// Decodes bytes that start with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without marker or complement, [`DecodeError::FrameTruncated`] when bytes are missing,
    /// [`DecodeError::Crc`] when the checksum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let is_marked = bytes.first().is_none_or(|byte| is_marker(*byte));
        let is_mirrored = match bytes {
            [_, code, mirror, ..] => *mirror == !code,
            _ => true,
        };
        if !is_marked || !is_mirrored {
            return Err(DecodeError::Sync);
        }
        let [marker, code, _, block_low, block_high, low, high, rest @ ..] = bytes else {
            return Err(DecodeError::FrameTruncated);
        };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let whole = bytes
            .get(..=HEADER + length)
            .ok_or(DecodeError::FrameTruncated)?;
        if crc8(whole) != 0 {
            return Err(DecodeError::Crc);
        }
        Ok(Self {
            is_answer: *marker == ANSWER,
            code: *code,
            block: u16::from_le_bytes([*block_low, *block_high]),
            data: rest.get(..length).unwrap_or_default().to_vec(),
            trailing: bytes.len() - whole.len(),
        })
    }

    /// The values, when it is an answer to the question for them.
    #[must_use]
    pub fn sensors(&self) -> Option<Sensors> {
        if !self.is_answer || self.code != 0 || self.data.len() != Sensors::LENGTH {
            return None;
        }
        Sensors::decode(&self.data).ok()
    }
}

/// A request with its checksum.
pub(super) fn request(command: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let [low, high] = length.to_le_bytes();
    let mut bytes = [&[REQUEST, command, !command, 0, 0, low, high], data].concat();
    bytes.push(crc8(&bytes));
    bytes
}

const fn is_marker(byte: u8) -> bool {
    matches!(byte, REQUEST | ANSWER)
}

/// Marker, complement, length, CRC-8.
#[derive(Clone, Debug)]
pub struct ViatomOxy;

impl Framing for ViatomOxy {
    const NOTIFY: &'static [Uuid] = &[uuids::VIATOM_OXY_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        match bytes {
            [marker, ..] if !is_marker(*marker) => return Front::junk_until(bytes, is_marker),
            [_, code, mirror, ..] if *mirror != !code => {
                return Front::junk_until(bytes, is_marker);
            }
            _ => {}
        }
        let [_, _, _, _, _, low, high, ..] = bytes else {
            return Front::Unfinished;
        };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        if length > LONGEST_DATA {
            return Front::Bad(DecodeError::Length);
        }
        let length = HEADER + length + 1;
        match bytes.get(..length) {
            None => Front::Unfinished,
            Some(whole) if crc8(whole) == 0 => Front::Whole(length),
            Some(_) => Front::Bad(DecodeError::Crc),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        OxyFrame::decode(raw).map(Frame::ViatomOxy)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    const SENSORS: [u8; 21] = [
        0x55, 0, 0xFF, 0, 0, 13, 0, 98, 66, 0, 0, 0, 0, 0, 97, 0, 146, 10, 1, 0, 0x2F,
    ];

    #[test]
    fn what_we_ask_is_what_was_captured() {
        assert_eq!(request(0x17, &[]), [0xAA, 0x17, 0xE8, 0, 0, 0, 0, 0x1B]);
    }

    #[test]
    fn an_answer_in_two_pieces_is_one_frame() {
        let mut stream = Reassembler::<ViatomOxy>::default();
        assert_eq!(stream.push(&SENSORS[..20]), []);
        assert_eq!(stream.push(&SENSORS[20..]), [Ok(SENSORS.to_vec())]);
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| OxyFrame::decode(bytes).unwrap_err().to_string();
        assert_eq!(error(&[]), "truncated");
        assert_eq!(error(&[0x56]), "sync");
        assert_eq!(error(&[0x55, 0, 0]), "sync");
        assert_eq!(error(&SENSORS[..20]), "truncated");
        let mut damaged = SENSORS;
        damaged[8] ^= 1;
        assert_eq!(error(&damaged), "crc");
    }

    #[test]
    fn a_false_length_does_not_hold_up_the_stream_for_long() {
        let mut bytes = vec![0x55, 0, 0xFF, 0, 0, 0xFF, 0xFF];
        bytes.extend(SENSORS);
        let found = Reassembler::<ViatomOxy>::default().push(&bytes);
        assert_eq!(found, [Err(DecodeError::Length), Ok(SENSORS.to_vec())]);
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            pieces in prop::collection::vec(prop_oneof![
                Just(SENSORS.to_vec()),
                Just(vec![0x55, 0, 0xFF]),
                prop::collection::vec(any::<u8>(), 0..24),
            ], 0..30),
            cuts in prop::collection::vec(1_usize..30, 0..100),
        ) {
            cuts_do_not_matter::<ViatomOxy>(&pieces.concat(), &cuts, HEADER + LONGEST_DATA);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(frame) = OxyFrame::decode(&bytes) {
                prop_assert!(frame.data.len() < bytes.len());
            }
        }
    }
}
