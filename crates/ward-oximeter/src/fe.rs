//! Frames that begin with `FE`, as two makers send them: [Yuwell](crate::yuwell) and [VTM 20F](crate::vtm20f).
//!
//! `FE 0A 55`, pulse (2 bytes, big-endian), saturation, perfusion in thousandths of a percent (2 bytes, big-endian), counter,
//! sum: once a second. `FE 08 56`, one sample of the pulse wave, status, bar, counter, sum: 50 times a second. The second
//! byte is the length. The sum is that of all bytes before it; a VTM 20F adds 2 (it fits all ten of its public frames, the
//! plain sum fits the one of a Yuwell), so that a frame shows whose it is.

use std::marker::PhantomData;

use uuid::Uuid;

use crate::doubts::Doubts;
use crate::driver::Decoder;
use crate::error::DecodeError;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::stream::{Framing, Front, Reassembler};
use crate::uuids;

const MARKER: u8 = 0xFE;
const VALUES: [u8; 2] = [0x0A, 0x55];
const WAVE: [u8; 2] = [0x08, 0x56];

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fe {
    /// `55`.
    Values(Values),
    /// `56`.
    Wave(Wave),
}

/// The measured values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Beats a minute; 511 and 0 are sent for "none".
    pub pulse_bpm: Option<u16>,
    /// Percent; 127 and 0 are sent for "none".
    pub spo2_percent: Option<u8>,
    /// Thousandths of a percent; 0 is sent for "none".
    pub perfusion_thousandths_percent: Option<u16>,
    /// One more for each.
    pub counter: u8,
    /// The status of the last wave frame before it; 0 when there was none.
    pub status: u8,
}

/// One sample of the pulse wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wave {
    /// 0 to 127.
    pub sample: u8,
    /// Bit 1 is "no finger" (two sources). The others are read off one source.
    pub status: u8,
}

/// One maker's way to wrap these frames.
pub trait Wrap: std::fmt::Debug + Clone + Send {
    /// What is added to the sum.
    const EXTRA: u8;
    /// As the maker's own.
    fn frame(frame: Fe) -> Frame;
}

/// The stream of one maker.
#[derive(Clone, Debug)]
pub struct Stream<W>(PhantomData<W>);

/// The decoder over one connection: it hands the wave's status on to the values.
#[derive(Clone, Debug)]
pub(crate) struct WithStatus<W> {
    stream: Reassembler<Stream<W>>,
    status: u8,
}

impl<W: Wrap> Default for WithStatus<W> {
    fn default() -> Self {
        Self {
            stream: Reassembler::default(),
            status: 0,
        }
    }
}

impl Fe {
    /// Decodes bytes that begin with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::Length`] for an unknown length and type,
    /// [`DecodeError::FrameTruncated`] when bytes are missing, [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode<W: Wrap>(bytes: &[u8]) -> Result<Self, DecodeError> {
        match Stream::<W>::front(bytes) {
            Front::Whole(length) => Self::of(bytes.get(..length).unwrap_or_default()),
            Front::Bad(error) => Err(error),
            Front::Junk(_) => Err(DecodeError::Sync),
            Front::Unfinished => Err(DecodeError::FrameTruncated),
        }
    }

    const fn of(raw: &[u8]) -> Result<Self, DecodeError> {
        match raw {
            [
                _,
                _,
                0x55,
                pulse_high,
                pulse_low,
                spo2,
                high,
                low,
                counter,
                _,
            ] => {
                let pulse = u16::from_be_bytes([*pulse_high, *pulse_low]);
                let perfusion = u16::from_be_bytes([*high, *low]);
                Ok(Self::Values(Values {
                    pulse_bpm: if matches!(pulse, 0 | 511) {
                        None
                    } else {
                        Some(pulse)
                    },
                    spo2_percent: if matches!(*spo2, 0 | 127) {
                        None
                    } else {
                        Some(*spo2)
                    },
                    perfusion_thousandths_percent: if perfusion == 0 {
                        None
                    } else {
                        Some(perfusion)
                    },
                    counter: *counter,
                    status: 0,
                }))
            }
            [_, _, 0x56, sample, status, ..] => Ok(Self::Wave(Wave {
                sample: *sample,
                status: *status,
            })),
            _ => Err(DecodeError::Length),
        }
    }

    pub(crate) fn meanings(self) -> Vec<Meaning> {
        match self {
            Self::Values(values) => vec![Meaning::Sample(values.judge())],
            Self::Wave(wave) => vec![Meaning::Wave {
                is_flat: wave.sample == 0 || wave.has_no_finger(),
            }],
        }
    }
}

impl Wave {
    const NO_PULSE: u8 = 1 << 0;
    const NO_FINGER: u8 = 1 << 1;
    const MOTION: u8 = 1 << 2;
    const LOW_PERFUSION: u8 = 1 << 3;

    /// The finger is out.
    #[must_use]
    pub const fn has_no_finger(&self) -> bool {
        self.status & Self::NO_FINGER != 0
    }
}

impl Values {
    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let has = |bit: u8| self.status & bit != 0;
        if has(Wave::NO_FINGER) {
            return Err(Reason::NoFinger);
        }
        let spo2 = self.spo2_percent.ok_or(Reason::NoValue)?;
        let doubts = Doubts::NONE
            .with_if(has(Wave::NO_PULSE), Doubts::POOR_SIGNAL)
            .with_if(has(Wave::MOTION), Doubts::MOTION)
            .with_if(has(Wave::LOW_PERFUSION), Doubts::LOW_PERFUSION);
        let perfusion = self.perfusion_thousandths_percent.map(|index| index / 10);
        judge::whole_numbers(spo2, self.pulse_bpm, perfusion, doubts)
    }
}

impl<W: Wrap> Framing for Stream<W> {
    const NOTIFY: &'static [Uuid] = &[uuids::FFE4_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        match bytes {
            [] | [MARKER] => return Front::Unfinished,
            [MARKER, length] if [VALUES[0], WAVE[0]].contains(length) => return Front::Unfinished,
            [MARKER, length, kind, ..] if [VALUES, WAVE].contains(&[*length, *kind]) => {}
            [MARKER, ..] => return Front::Bad(DecodeError::Length),
            _ => return Front::junk_until(bytes, |byte| byte == MARKER),
        }
        let length = bytes.get(1).copied().map_or(0, usize::from);
        match bytes.get(..length).and_then(<[u8]>::split_last) {
            None => Front::Unfinished,
            Some((sum, body)) if sum_of(body).wrapping_add(W::EXTRA) == *sum => {
                Front::Whole(length)
            }
            Some(_) => Front::Bad(DecodeError::Checksum),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        Fe::of(raw).map(W::frame)
    }
}

/// The sum of all bytes.
pub(crate) fn sum_of(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
}

impl<W: Wrap> Decoder for WithStatus<W> {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        if !Stream::<W>::NOTIFY.contains(&characteristic) {
            return None;
        }
        let found = self.stream.push(bytes).into_iter();
        let frames = found.map(|raw| match Fe::of(&raw?)? {
            Fe::Wave(wave) => {
                self.status = wave.status;
                Ok(W::frame(Fe::Wave(wave)))
            }
            Fe::Values(values) => Ok(W::frame(Fe::Values(Values {
                status: self.status,
                ..values
            }))),
        });
        Some(frames.collect())
    }
}
