//! Frames on FF02.

use uuid::Uuid;

use crate::date_time::Stamp;
use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::stream::{Framing, Front};
use crate::uuids;

/// No known frame is longer than 24 bytes.
const LONGEST: usize = 64;

/// One frame of a Contec or an EMAY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contec {
    /// `EB 01`.
    Values(Values),
    /// `EB 00`: the layout of its three bytes is not settled.
    Wave([u8; 3]),
    /// A command or an answer, by its first byte.
    Other(u8),
}

/// The measured values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Bit 1 is the pulse's bit 7; nobody has described the others.
    pub status: u8,
    /// Beats a minute.
    pub pulse_bpm: Option<u8>,
    /// Percent.
    pub spo2_percent: Option<u8>,
    /// Not settled: `7F 00` for none.
    pub perfusion: [u8; 2],
}

/// The stream on FF02, as a Contec sends it.
#[derive(Clone, Debug)]
pub struct Ff02;

/// The sum of all bytes, without bit 7.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) & 0x7F
}

/// The bytes with their sum.
pub(crate) fn sealed(bytes: &[u8]) -> Vec<u8> {
    [bytes, &[checksum(bytes)]].concat()
}

/// How long a frame is, by its first bytes; `None` when that is not known, and it ends where the next one begins.
const fn length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0xEB, 0x00, ..] => Some(6),
        [0xEB, 0x01, ..] => Some(8),
        [0xE0, ..] => Some(7),
        [0xE9, ..] => Some(24),
        [0xF2, ..] => Some(8),
        [0xF3, ..] => Some(3),
        [0xF9, ..] => Some(10),
        _ => None,
    }
}

fn is_first(byte: u8) -> bool {
    byte & 0x80 != 0
}

/// What stands at the front of the stream.
pub(crate) fn front(bytes: &[u8]) -> Front {
    let [first, rest @ ..] = bytes else {
        return Front::Unfinished;
    };
    if !is_first(*first) {
        return Front::junk_until(bytes, is_first);
    }
    // How long it is, the second byte says.
    if *first == 0xEB && rest.is_empty() {
        return Front::Unfinished;
    }
    let next = || {
        rest.iter()
            .take(LONGEST - 1)
            .position(|byte| is_first(*byte))
    };
    let end = length(bytes).or_else(|| next().map(|at| at + 1));
    match end.and_then(|end| bytes.get(..end)) {
        Some(whole) if is_sealed(whole) => Front::Whole(whole.len()),
        Some(_) => Front::Bad(DecodeError::Checksum),
        None if bytes.len() >= LONGEST => Front::Bad(DecodeError::Length),
        None => Front::Unfinished,
    }
}

fn is_sealed(whole: &[u8]) -> bool {
    matches!(whole, [body @ .., sum] if !body.is_empty() && checksum(body) == *sum)
}

/// The device's clock: the answer to `89 09`.
pub(crate) fn clock(raw: &[u8]) -> Option<Stamp> {
    let [0xF9, year, month, day, hour, minute, second, ..] = raw else {
        return None;
    };
    Some(Stamp::of_short_year([
        *year, *month, *day, *hour, *minute, *second,
    ]))
}

impl Contec {
    /// Decodes one whole frame, a command included.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] when the first byte begins no frame, [`DecodeError::FrameTruncated`] when bytes are missing,
    /// [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.first().is_some_and(|first| !is_first(*first)) {
            return Err(DecodeError::Sync);
        }
        let end = length(bytes).unwrap_or(bytes.len());
        let whole = bytes.get(..end).filter(|whole| whole.len() > 1);
        let whole = whole.ok_or(DecodeError::FrameTruncated)?;
        if !is_sealed(whole) {
            return Err(DecodeError::Checksum);
        }
        Ok(match whole {
            [0xEB, 0x01, status, pulse, spo2, perfusion @ .., _] => Self::Values(Values {
                status: *status,
                pulse_bpm: pulse_bpm(*status, *pulse),
                spo2_percent: Some(*spo2).filter(|spo2| !matches!(spo2, 0 | 127 | 255)),
                perfusion: perfusion.first_chunk().copied().unwrap_or_default(),
            }),
            [0xEB, 0x00, a, b, c, _] => Self::Wave([*a, *b, *c]),
            [first, ..] => Self::Other(*first),
            [] => return Err(DecodeError::FrameTruncated),
        })
    }

    pub(crate) fn meanings(self) -> Vec<Meaning> {
        match self {
            Self::Values(values) => vec![Meaning::Sample(values.judge())],
            Self::Wave(_) | Self::Other(_) => Vec::new(),
        }
    }
}

/// An EMAY sends 255 for none, with bit 7 in the byte itself.
fn pulse_bpm(status: u8, low: u8) -> Option<u8> {
    let high = if status & 0b10 == 0 { 0 } else { 0x80 };
    Some(low | high).filter(|pulse| !matches!(pulse, 0 | 255))
}

impl Values {
    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let spo2 = self.spo2_percent.ok_or(Reason::NoValue)?;
        judge::whole_numbers(spo2, self.pulse_bpm.map(u16::from), None, Doubts::NONE)
    }
}

impl Framing for Ff02 {
    const NOTIFY: &'static [Uuid] = &[uuids::CONTEC_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        front(bytes)
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        match clock(raw) {
            Some(stamp) => Ok(Frame::DateTime(stamp)),
            None => Contec::decode(raw).map(Frame::Contec),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    fn values(status: u8, pulse: u8, spo2: u8) -> Vec<u8> {
        sealed(&[0xEB, 1, status, pulse, spo2, 0x7F, 0])
    }

    fn judged(status: u8, pulse: u8, spo2: u8) -> Result<Value, Reason> {
        match Contec::decode(&values(status, pulse, spo2)).unwrap() {
            Contec::Values(values) => values.judge(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_pulse_has_its_highest_bit_in_the_status() {
        let pulse = |status, low| judged(status, low, 97).unwrap().pulse_tenths_bpm;
        assert_eq!(pulse(0x04, 83), Some(830));
        assert_eq!(pulse(0x06, 10), Some(1380));
        // An EMAY counts up in the byte itself.
        assert_eq!(pulse(0x05, 0x8A), Some(1380));
        assert_eq!(pulse(0x04, 0), None);
        assert_eq!(pulse(0x05, 0xFF), None);
        assert_eq!(pulse(0x06, 0x7F), None);
    }

    #[test]
    fn each_way_to_say_none_is_none() {
        for none in [0, 0x7F, 0xFF] {
            assert_eq!(judged(0x04, 0, none), Err(Reason::NoValue));
        }
        assert_eq!(judged(0x04, 72, 101), Err(Reason::Implausible));
        assert!(judged(0x04, 72, 100).unwrap().doubts.is_empty());
    }

    #[test]
    fn every_known_command_has_a_good_sum() {
        for command in [
            &[0x89, 0x09][..],
            &[0x8E, 0x05, 0x13],
            &[0x9B, 0x01, 0x1C],
            &[0x9B, 0x00, 0x1B],
            &[0x9B, 0x7F, 0x1A],
            &[0x86, 0x06],
            &[0x9A, 0x1A],
            &[0x90, 0x05, 0x15],
            &[0x99, 0x00, 0x19],
            &[0x99, 0x01, 0x1A],
            &[0x99, 0x7F, 0x18],
        ] {
            let (body, sum) = command.split_at(command.len() - 1);
            assert_eq!(checksum(body), sum[0]);
            assert_eq!(Contec::decode(command), Ok(Contec::Other(command[0])));
        }
    }

    #[test]
    fn what_is_too_short_or_begins_wrong_is_refused() {
        let error = |bytes: &[u8]| Contec::decode(bytes).unwrap_err();
        assert_eq!(error(&[]), DecodeError::FrameTruncated);
        assert_eq!(error(&[0xEB]), DecodeError::FrameTruncated);
        assert_eq!(error(&values(4, 72, 97)[..7]), DecodeError::FrameTruncated);
        assert_eq!(error(&[0x04, 0x53]), DecodeError::Sync);
        let mut damaged = values(4, 72, 97);
        damaged[4] = 87;
        assert_eq!(error(&damaged), DecodeError::Checksum);
    }

    #[test]
    fn an_answer_of_unknown_length_ends_where_the_next_frame_begins() {
        let bytes = [sealed(&[0xF6, 1, 2, 3]), values(4, 72, 97), vec![0xEB]].concat();
        let found = Reassembler::<Ff02>::default().push(&bytes);
        assert_eq!(found, [Ok(sealed(&[0xF6, 1, 2, 3])), Ok(values(4, 72, 97))]);
    }

    #[test]
    fn the_clock_is_a_clock_whatever_it_says() {
        let at = |fields: [u8; 6]| Ff02::read(&sealed(&[&[0xF9][..], &fields, &[0, 0]].concat()));
        let Ok(Frame::DateTime(Stamp::Valid(time))) = at([26, 11, 21, 8, 30, 0]) else {
            panic!("no clock");
        };
        assert_eq!(time.to_string(), "2026-11-21T08:30:00");
        assert_eq!(at([0; 6]), Ok(Frame::DateTime(Stamp::Unknown)));
        assert_eq!(
            at([26, 2, 30, 0, 0, 0]),
            Ok(Frame::DateTime(Stamp::Invalid))
        );
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| values(a, b, c)),
            Just(vec![0xEB, 0x00, 0x03, 0x48, 0x09, 0x3F]),
            Just(sealed(&[0xF9, 26, 11, 21, 8, 30, 0, 0, 0])),
            Just(vec![0xEB]),
            prop::collection::vec(any::<u8>(), 0..12),
            prop::collection::vec(0..0x80_u8, 0..90),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..30, 0..100),
        ) {
            cuts_do_not_matter::<Ff02>(&bytes, &cuts, LONGEST);
            for raw in Reassembler::<Ff02>::default().push(&bytes).into_iter().flatten() {
                prop_assert!(Ff02::read(&raw).is_ok());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..30)) {
            if let Ok(frame) = Contec::decode(&bytes) {
                prop_assert!(frame.meanings().len() <= 1);
            }
        }
    }
}
