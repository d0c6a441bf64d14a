//! ACCARE WS20A.
//!
//! `FE 5A`, length of the whole frame, command, bytes, sum from the length on. `12 00` starts the values, which then come as
//! `10`: pulse (2 bytes, big-endian), saturation, perfusion (2 bytes, big-endian), battery, eight bytes that nobody has
//! described, a counter. Source: one public project. Evidence: thin.
//!
//! Values and commands have two services: FFE0 with FFE4, FFE5 with FFE9.
//!
//! Only a device on a bench can settle: the units of perfusion and battery (neither is used), the eight bytes (one of them
//! will say "no finger"), and what is sent when the finger has gone.

mod talk;

pub(crate) use talk::Start;

use uuid::Uuid;

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::family::{Family, Wiring, Write};
use crate::fe::sum_of;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::stream::{Framing, Front};
use crate::uuids;

const MARKER: [u8; 2] = [0xFE, 0x5A];
/// Marker, length, command and sum.
const SHORTEST: u8 = 5;
/// What the source takes for values.
const SPO2_PERCENT: std::ops::RangeInclusive<u8> = 50..=100;
const PULSE_BPM: std::ops::RangeInclusive<u16> = 25..=250;

/// Where commands go tells it from the others that use FFE0 and FFE4.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::FFE0_SERVICE,
    notify: &[uuids::FFE4_NOTIFY],
    write: Write::MustIn(uuids::FFE5_SERVICE, uuids::FFE9_WRITE),
    ..Wiring::of(Family::Accare)
}];

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accare {
    /// `10`.
    Values(Values),
    /// Anything else, by its command.
    Other(u8),
}

/// The measured values, as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Beats a minute.
    pub pulse_bpm: u16,
    /// Percent.
    pub spo2_percent: u8,
    /// In a unit that nobody has described.
    pub perfusion_raw: u16,
    /// In a unit that nobody has described.
    pub battery_raw: u8,
    /// One more for each.
    pub counter: u8,
}

/// The bytes of a command.
fn sealed(command: &[u8]) -> Vec<u8> {
    let length = u8::try_from(command.len()).unwrap_or(u8::MAX);
    let body = [&[length.saturating_add(SHORTEST - 1)], command].concat();
    [&MARKER[..], &body, &[sum_of(&body)]].concat()
}

impl Accare {
    const VALUES: u8 = 0x10;

    /// Decodes bytes that begin with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::Length`] for an impossible length byte,
    /// [`DecodeError::FrameTruncated`] when bytes are missing or the values are too short,
    /// [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match Self::front(bytes) {
            Front::Whole(length) => Self::of(bytes.get(..length).unwrap_or_default()),
            Front::Bad(error) => Err(error),
            Front::Junk(_) => Err(DecodeError::Sync),
            Front::Unfinished => Err(DecodeError::FrameTruncated),
        }
    }

    fn of(raw: &[u8]) -> Result<Self, DecodeError> {
        match raw {
            [_, _, _, Self::VALUES, values @ .., _] => Values::of(values).map(Self::Values),
            [_, _, _, command, ..] => Ok(Self::Other(*command)),
            _ => Err(DecodeError::FrameTruncated),
        }
    }

    pub(crate) fn meanings(self) -> Vec<Meaning> {
        match self {
            Self::Values(values) => vec![Meaning::Sample(values.judge())],
            Self::Other(_) => Vec::new(),
        }
    }
}

impl Values {
    fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [pulse_high, pulse_low, spo2, high, low, battery, rest @ ..] = bytes else {
            return Err(DecodeError::FrameTruncated);
        };
        Ok(Self {
            pulse_bpm: u16::from_be_bytes([*pulse_high, *pulse_low]),
            spo2_percent: *spo2,
            perfusion_raw: u16::from_be_bytes([*high, *low]),
            battery_raw: *battery,
            counter: *rest.get(8).ok_or(DecodeError::FrameTruncated)?,
        })
    }

    /// The values, if they are a patient's: as the source does, none unless both are in range.
    ///
    /// # Errors
    /// [`Reason::NoValue`].
    pub fn judge(&self) -> Result<Value, Reason> {
        if !SPO2_PERCENT.contains(&self.spo2_percent) || !PULSE_BPM.contains(&self.pulse_bpm) {
            return Err(Reason::NoValue);
        }
        judge::whole_numbers(self.spo2_percent, Some(self.pulse_bpm), None, Doubts::NONE)
    }
}

impl Framing for Accare {
    const NOTIFY: &'static [Uuid] = &[uuids::FFE4_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        let [first, second] = MARKER;
        let length = match bytes {
            [a, b, length, ..] if [*a, *b] == MARKER => *length,
            [a, b] if [*a, *b] == MARKER => return Front::Unfinished,
            [a] if *a == first => return Front::Unfinished,
            [] => return Front::Unfinished,
            [a, b, ..] if *a == first && *b != second => return Front::Bad(DecodeError::Sync),
            _ => return Front::junk_until(bytes, |byte| byte == first),
        };
        if length < SHORTEST {
            return Front::Bad(DecodeError::Length);
        }
        let length = usize::from(length);
        match bytes.get(..length) {
            None => Front::Unfinished,
            Some([_, _, body @ .., sum]) if sum_of(body) == *sum => Front::Whole(length),
            Some(_) => Front::Bad(DecodeError::Checksum),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        Self::of(raw).map(Frame::Accare)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    fn frame(pulse: u16, spo2: u8) -> Vec<u8> {
        let [high, low] = pulse.to_be_bytes();
        let values = [
            0x10, high, low, spo2, 0x01, 0xF4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 7,
        ];
        sealed(&values)
    }

    fn judged(pulse: u16, spo2: u8) -> Result<Value, Reason> {
        match Accare::decode(&frame(pulse, spo2)).unwrap() {
            Accare::Values(values) => values.judge(),
            Accare::Other(command) => panic!("{command}"),
        }
    }

    #[test]
    fn values_out_of_range_are_none_and_units_that_nobody_knows_are_left_away() {
        let value = judged(300 - 50, 97).unwrap();
        assert_eq!(
            (value.pulse_tenths_bpm, value.perfusion_hundredths_percent),
            (Some(2500), None)
        );
        for (pulse, spo2) in [(0, 0), (251, 97), (24, 97), (72, 49), (72, 101), (72, 127)] {
            assert_eq!(judged(pulse, spo2), Err(Reason::NoValue));
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| Accare::decode(bytes).unwrap_err();
        let good = frame(72, 97);
        assert_eq!(error(&[]), DecodeError::FrameTruncated);
        assert_eq!(error(&good[..good.len() - 1]), DecodeError::FrameTruncated);
        assert_eq!(error(&[0xFE, 0x0A, 0x55]), DecodeError::Sync);
        assert_eq!(error(&[0x5A]), DecodeError::Sync);
        assert_eq!(error(&[0xFE, 0x5A, 4, 0]), DecodeError::Length);
        let mut damaged = good;
        damaged[6] = 87;
        assert_eq!(error(&damaged), DecodeError::Checksum);
        // The sum fits, and yet the values end too early.
        assert_eq!(
            error(&sealed(&[0x10, 0, 72, 97])),
            DecodeError::FrameTruncated
        );
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (any::<u16>(), any::<u8>()).prop_map(|(pulse, spo2)| frame(pulse, spo2)),
            Just(MARKER.to_vec()),
            prop::collection::vec(any::<u8>(), 0..12),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_frames_come_out_however_the_stream_is_cut(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..30, 0..60),
        ) {
            cuts_do_not_matter::<Accare>(&bytes, &cuts, 255);
            for raw in Reassembler::<Accare>::default().push(&bytes).into_iter().flatten() {
                if let Ok(frame) = Accare::read(&raw) {
                    prop_assert!(frame.meanings().len() <= 1);
                }
            }
        }
    }
}
