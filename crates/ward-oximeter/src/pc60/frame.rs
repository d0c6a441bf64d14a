//! One PC-60 frame: marker, token, length, type, body, checksum.

use super::body::Body;
use crate::error::DecodeError;

/// The two bytes that start a frame.
pub(super) const MARKER: [u8; 2] = [0xAA, 0x55];
/// Marker, token and length: what the length byte does not count.
pub(super) const HEADER: usize = 4;
/// Type and checksum: a frame cannot be shorter.
pub(super) const SHORTEST: u8 = 2;

/// One frame whose checksum fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pc60Frame {
    /// 0x0F: measurements; 0xF0: the device itself.
    pub token: u8,
    /// Which frame of that token; 0x80 and above are answers to, or copies of, commands.
    pub kind: u8,
    /// What it says.
    pub body: Body,
    /// Extra bytes after the frame that were ignored. Always 0 out of a stream.
    pub trailing: usize,
}

impl Pc60Frame {
    /// Decodes bytes that start with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::Length`] for an impossible length byte,
    /// [`DecodeError::FrameTruncated`] when bytes are missing, [`DecodeError::Crc`] when the checksum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let marked = bytes
            .iter()
            .zip(MARKER)
            .all(|(byte, marker)| *byte == marker);
        if !marked {
            return Err(DecodeError::Sync);
        }
        let [_, _, token, length, rest @ ..] = bytes else {
            return Err(DecodeError::FrameTruncated);
        };
        if *length < SHORTEST {
            return Err(DecodeError::Length);
        }
        let whole = bytes
            .get(..HEADER + usize::from(*length))
            .ok_or(DecodeError::FrameTruncated)?;
        if checksum(whole) != 0 {
            return Err(DecodeError::Crc);
        }
        let Some([kind, data @ .., _crc]) = rest.get(..usize::from(*length)) else {
            return Err(DecodeError::FrameTruncated);
        };
        let body = Body::decode(*token, *kind, data)?;
        Ok(Self {
            token: *token,
            kind: *kind,
            body,
            trailing: bytes.len() - whole.len(),
        })
    }
}

/// CRC-8/MAXIM (polynomial 0x31 reflected, start 0). Over a frame and its own checksum it is 0.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0x8C
            } else {
                crc >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b"123456789"), 0xA1);
        assert_eq!(checksum(&[0xAA, 0x55, 0xF0, 0x03, 0x03, 0x01]), 0x4A);
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| Pc60Frame::decode(bytes).unwrap_err().to_string();
        assert_eq!(error(&[0xAA, 0x56, 0, 0]), "sync");
        assert_eq!(error(&[0xAA]), "truncated");
        assert_eq!(error(&[0xAA, 0x55, 0x0F, 1, 0]), "length");
        assert_eq!(error(&[0xAA, 0x55, 0xF0, 3, 3, 1, 0x4B]), "crc");
        // The checksum fits, and yet a parameters frame needs six bytes of data.
        let mut short = vec![0xAA, 0x55, 0x0F, 3, 1, 98];
        short.push(checksum(&short));
        assert_eq!(error(&short), "truncated");
    }
}
