//! Frames out of a byte stream that notifications cut anywhere, for every family that frames its bytes.

use std::fmt;
use std::marker::PhantomData;

use uuid::Uuid;

use crate::driver::Decoder;
use crate::error::DecodeError;
use crate::frame::Frame;

/// How a family marks where its frames begin and end.
pub trait Framing: fmt::Debug + Send {
    /// The characteristics whose notifications carry the stream.
    const NOTIFY: &'static [Uuid];

    /// What stands at the front of these bytes. Must say `Junk` or `Bad` of bytes that can never begin a frame, and
    /// must know from the first few kilobytes that a frame is whole or bad.
    fn front(bytes: &[u8]) -> Front;

    /// Decodes one whole frame, as cut out by `front`.
    ///
    /// # Errors
    /// When its body does not fit its type.
    fn read(raw: &[u8]) -> Result<Frame, DecodeError>;
}

/// What stands at the front of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// These many bytes, one at the least, belong to no frame.
    Junk(usize),
    /// A marker, whose frame cannot be good.
    Bad(DecodeError),
    /// A frame of this length that is whole and whose checksum fits.
    Whole(usize),
    /// More bytes are needed.
    Unfinished,
}

impl Front {
    /// Bytes up to the next marker: none of them can begin a frame. The first byte is known not to.
    #[must_use]
    pub fn junk_until(bytes: &[u8], is_marker: impl Fn(u8) -> bool) -> Self {
        let rest = bytes.get(1..).unwrap_or_default();
        let skip = rest.iter().position(|byte| is_marker(*byte));
        Self::Junk(1 + skip.unwrap_or(rest.len()))
    }
}

/// Puts frames together again; never holds more than one unfinished frame between two calls.
///
/// The frames that come out depend only on the bytes, not on how they were cut. After a bad frame it goes on one byte
/// after the false marker, so that a good frame inside a damaged one is found.
#[derive(Clone, Debug)]
pub struct Reassembler<F> {
    buffer: Vec<u8>,
    framing: PhantomData<F>,
}

impl<F> Default for Reassembler<F> {
    fn default() -> Self {
        Self {
            buffer: Vec::new(),
            framing: PhantomData,
        }
    }
}

impl<F: Framing> Reassembler<F> {
    /// Takes the bytes of one notification and returns what they complete: whole frames as they came, and an error for
    /// each false or damaged one.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Vec<u8>, DecodeError>> {
        self.buffer.extend_from_slice(bytes);
        let mut found = Vec::new();
        let mut used = 0;
        while let Some(rest) = self.buffer.get(used..).filter(|rest| !rest.is_empty()) {
            match F::front(rest) {
                Front::Junk(length) => used += length.max(1),
                Front::Bad(error) => {
                    found.push(Err(error));
                    used += 1;
                }
                Front::Whole(length) => {
                    found.push(Ok(rest.get(..length).unwrap_or(rest).to_vec()));
                    used += length.max(1);
                }
                Front::Unfinished => break,
            }
        }
        self.buffer.drain(..used.min(self.buffer.len()));
        found
    }

    /// How many bytes of an unfinished frame are held.
    #[must_use]
    pub const fn held(&self) -> usize {
        self.buffer.len()
    }
}

impl<F: Framing> Decoder for Reassembler<F> {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        if !F::NOTIFY.contains(&characteristic) {
            return None;
        }
        let found = self.push(bytes);
        let read = |raw: Result<Vec<u8>, _>| raw.and_then(|raw| F::read(&raw));
        Some(found.into_iter().map(read).collect())
    }
}

/// For the tests of the families.
#[cfg(test)]
pub(crate) mod laws {
    use super::{Framing, Reassembler};

    /// The same frames must come out of `bytes` whole and cut up, and no more than `most` bytes be held.
    pub(crate) fn cuts_do_not_matter<F: Framing>(bytes: &[u8], cuts: &[usize], most: usize) {
        let mut stream = Reassembler::<F>::default();
        let mut rest = bytes;
        let mut cut_up = Vec::new();
        for cut in cuts {
            let (chunk, after) = rest.split_at((*cut).min(rest.len()));
            cut_up.extend(stream.push(chunk));
            assert!(stream.held() <= most, "{} bytes held", stream.held());
            rest = after;
        }
        cut_up.extend(stream.push(rest));
        assert_eq!(cut_up, Reassembler::<F>::default().push(bytes));
    }
}
