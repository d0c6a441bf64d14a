//! One message.

use uuid::Uuid;

use super::parameters::Parameters;
use crate::crc8::crc8;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{Framing, Front};
use crate::uuids;

const MARKER: u8 = 0x77;
/// Marker and length: what the length byte does not count.
const HEADER: usize = 2;
/// Message number and checksum: a frame cannot be shorter.
const SHORTEST: u8 = 2;
const PARAMETERS: u8 = 5;
pub(super) const ACKNOWLEDGED: u8 = 0xFE;
pub(super) const REFUSED: u8 = 0xFF;

/// One message whose checksum fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasimoFrame {
    /// 1 info, 2 set clock, 3 start, 5 parameters, 6 trend, 254 acknowledged, 255 refused.
    pub message: u8,
    /// What follows the message's number.
    pub data: Vec<u8>,
    /// Of message 5.
    pub parameters: Option<Parameters>,
    /// Extra bytes after the frame that were ignored.
    pub trailing: usize,
}

impl MasimoFrame {
    /// Decodes bytes that start with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::Length`] for an impossible length byte,
    /// [`DecodeError::FrameTruncated`] when bytes are missing, [`DecodeError::Crc`] when the checksum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.first().is_some_and(|byte| *byte != MARKER) {
            return Err(DecodeError::Sync);
        }
        let [_, length, rest @ ..] = bytes else {
            return Err(DecodeError::FrameTruncated);
        };
        if *length < SHORTEST {
            return Err(DecodeError::Length);
        }
        let payload = rest
            .get(..usize::from(*length))
            .ok_or(DecodeError::FrameTruncated)?;
        if crc8(payload) != 0 {
            return Err(DecodeError::Crc);
        }
        let [message, data @ .., _crc] = payload else {
            return Err(DecodeError::FrameTruncated);
        };
        Ok(Self {
            message: *message,
            data: data.to_vec(),
            parameters: (*message == PARAMETERS)
                .then(|| Parameters::decode(data))
                .transpose()?,
            trailing: rest.len() - payload.len(),
        })
    }
}

/// A request with its checksum.
pub(super) fn request(payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len() + 1).unwrap_or(u8::MAX);
    [&[MARKER, length], payload, &[crc8(payload)]].concat()
}

/// Marker, length, CRC-8; a frame is never longer than 257 bytes.
#[derive(Clone, Debug)]
pub struct Masimo;

impl Framing for Masimo {
    const NOTIFY: &'static [Uuid] = &[uuids::MASIMO_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        match bytes {
            [MARKER] => Front::Unfinished,
            [MARKER, length, ..] if *length < SHORTEST => Front::Bad(DecodeError::Length),
            [MARKER, length, rest @ ..] => match rest.get(..usize::from(*length)) {
                None => Front::Unfinished,
                Some(payload) if crc8(payload) == 0 => Front::Whole(HEADER + payload.len()),
                Some(_) => Front::Bad(DecodeError::Crc),
            },
            _ => Front::junk_until(bytes, |byte| byte == MARKER),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        MasimoFrame::decode(raw).map(Frame::Masimo)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    const SENSOR_OFF: [u8; 19] = [
        0x77, 0x11, 5, 0, 0, 0x20, 0, 4, 0xFF, 4, 0xFF, 4, 0xFF, 4, 0xFF, 0xFF, 4, 0xFF, 0x95,
    ];

    #[test]
    fn what_we_write_is_what_is_documented() {
        assert_eq!(request(&[1]), [0x77, 2, 1, 7]);
        assert_eq!(request(&[3, 0x1F, 0, 3]), [0x77, 5, 3, 0x1F, 0, 3, 0xD6]);
    }

    #[test]
    fn a_marker_inside_a_wave_does_not_hide_the_frame_after_it() {
        let mut bytes = vec![1, 2, 0x77, 3, 0x77, 9];
        bytes.extend(SENSOR_OFF);
        let found = Reassembler::<Masimo>::default().push(&bytes);
        assert!(found.contains(&Ok(SENSOR_OFF.to_vec())), "{found:?}");
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| MasimoFrame::decode(bytes).unwrap_err().to_string();
        assert_eq!(error(&[]), "truncated");
        assert_eq!(error(&[0x76]), "sync");
        assert_eq!(error(&[0x77, 1, 0]), "length");
        assert_eq!(error(&[0x77, 3, 1, 7]), "truncated");
        assert_eq!(error(&[0x77, 2, 1, 8]), "crc");
        assert_eq!(
            error(&request(&[5, 0, 0])),
            "truncated",
            "the checksum fits, and yet values are missing"
        );
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            pieces in prop::collection::vec(prop_oneof![
                Just(SENSOR_OFF.to_vec()),
                Just(vec![0x77]),
                prop::collection::vec(any::<u8>(), 0..24),
            ], 0..30),
            cuts in prop::collection::vec(1_usize..30, 0..100),
        ) {
            cuts_do_not_matter::<Masimo>(&pieces.concat(), &cuts, 257);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let framed = request(&bytes);
            if let Ok(frame) = MasimoFrame::decode(&framed) {
                prop_assert!(frame.parameters.is_none_or(|parameters| parameters.meanings().len() == 1));
            }
        }
    }
}
