//! One request or answer.

use uuid::Uuid;

use super::live::Live;
use crate::crc8::crc8;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{Framing, Front};
use crate::uuids;

const MARKER: u8 = 0xA5;
/// Marker, command, its complement, flag, sequence, length.
const HEADER: usize = 7;
/// The longest known answer carries 922 bytes: more is a false marker.
const LONGEST_DATA: usize = 1024;
/// The values of now.
pub(super) const LIVE: u8 = 0x04;

/// One frame whose checksum fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OxyIIFrame {
    /// What is asked, or answered.
    pub command: u8,
    /// 0 in a request, 1 in an answer.
    pub flag: u8,
    /// An answer repeats that of its request.
    pub sequence: u8,
    /// What it carries.
    pub data: Vec<u8>,
    /// Extra bytes after the frame that were ignored.
    pub trailing: usize,
}

impl OxyIIFrame {
    /// Decodes bytes that start with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without marker or complement, [`DecodeError::FrameTruncated`] when bytes are missing,
    /// [`DecodeError::Crc`] when the checksum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let is_marked = bytes.first().is_none_or(|byte| *byte == MARKER);
        let is_mirrored = match bytes {
            [_, command, mirror, ..] => *mirror == !command,
            _ => true,
        };
        if !is_marked || !is_mirrored {
            return Err(DecodeError::Sync);
        }
        let [_, command, _, flag, sequence, low, high, rest @ ..] = bytes else {
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
            command: *command,
            flag: *flag,
            sequence: *sequence,
            data: rest.get(..length).unwrap_or_default().to_vec(),
            trailing: bytes.len() - whole.len(),
        })
    }

    /// The values, when it is an answer to the question for them.
    #[must_use]
    pub fn live(&self) -> Option<Live> {
        if self.command != LIVE || self.flag == 0 {
            return None;
        }
        Live::decode(&self.data).ok()
    }
}

/// A request with its checksum.
pub(super) fn request(command: u8, sequence: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let [low, high] = length.to_le_bytes();
    let mut bytes = [&[MARKER, command, !command, 0, sequence, low, high], data].concat();
    bytes.push(crc8(&bytes));
    bytes
}

/// Marker, complement, length, CRC-8.
#[derive(Clone, Debug)]
pub struct OxyII;

impl Framing for OxyII {
    const NOTIFY: &'static [Uuid] = &[uuids::OXYII_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        let is_marker = |byte: u8| byte == MARKER;
        match bytes {
            [marker, ..] if !is_marker(*marker) => return Front::junk_until(bytes, is_marker),
            [_, command, mirror, ..] if *mirror != !command => {
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
        OxyIIFrame::decode(raw).map(Frame::OxyII)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::laws::cuts_do_not_matter;

    #[test]
    fn what_we_write_is_what_was_captured() {
        let captured = [0xA5, 0xE1, 0x1E, 0, 2, 0, 0, 0xBF];
        assert_eq!(request(0xE1, 2, &[]), captured);
        let frame = OxyIIFrame::decode(&captured).unwrap();
        assert_eq!(
            (frame.command, frame.sequence, frame.live()),
            (0xE1, 2, None)
        );
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| OxyIIFrame::decode(bytes).unwrap_err().to_string();
        assert_eq!(error(&[]), "truncated");
        assert_eq!(error(&[0xA4]), "sync");
        assert_eq!(error(&[0xA5, 4, 4]), "sync");
        assert_eq!(error(&[0xA5, 0xE1, 0x1E, 0, 2, 1, 0, 0xBF]), "truncated");
        assert_eq!(error(&[0xA5, 0xE1, 0x1E, 0, 2, 0, 0, 0xBE]), "crc");
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            pieces in prop::collection::vec(prop_oneof![
                prop::collection::vec(any::<u8>(), 0..30).prop_map(|data| request(LIVE, 1, &data)),
                Just(vec![0xA5, 4, 0xFB]),
                prop::collection::vec(any::<u8>(), 0..24),
            ], 0..30),
            cuts in prop::collection::vec(1_usize..30, 0..100),
        ) {
            cuts_do_not_matter::<OxyII>(&pieces.concat(), &cuts, HEADER + LONGEST_DATA);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(frame) = OxyIIFrame::decode(&bytes) {
                prop_assert!(frame.data.len() < bytes.len());
            }
        }
    }
}
