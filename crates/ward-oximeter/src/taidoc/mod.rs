//! TaiDoc TD-8255 and TD-8201, FORA (`TAIDOC TD8255`, `TNG SPO2`): one value when it is asked for.
//!
//! Eight bytes both ways: `51`, command, four bytes, `A3` for a request and `A5` for an answer, sum. `49` asks for the values:
//! saturation in byte 2, pulse in byte 5, both 0 until there is a result. `33` sets the clock, `50` switches off. `52` clears
//! the memory: it has no command here. Source: two public projects, which agree. Evidence: thin, since no capture is public
//! and the maker's document is not.
//!
//! Only a device on a bench can settle: bytes 3 and 4, whether the value is of now or the last one stored (so that a finger of
//! yesterday would answer today), a pulse over 255, and whether some models want a bond.

mod talk;

pub(crate) use talk::Ask;

use uuid::Uuid;

use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::family::{Family, Wiring, Write};
use crate::fe::sum_of;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::settle::Record;
use crate::stream::{Framing, Front};
use crate::uuids;

const MARKER: u8 = 0x51;
const REQUEST: u8 = 0xA3;
const ANSWER: u8 = 0xA5;

/// One characteristic for both ways.
pub(crate) const WIRINGS: &[Wiring] = &[Wiring {
    service: uuids::TAIDOC_SERVICE,
    notify: &[uuids::TAIDOC_BOTH],
    write: Write::Must(uuids::TAIDOC_BOTH),
    ..Wiring::of(Family::TaiDoc)
}];

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaiDoc {
    /// Which command, or which one is answered.
    pub command: u8,
    /// An answer of the device.
    pub is_answer: bool,
    /// Bytes 2 to 5.
    pub data: [u8; 4],
}

impl TaiDoc {
    /// Bytes of a frame.
    pub const LENGTH: usize = 8;
    pub(crate) const SET_CLOCK: u8 = 0x33;
    pub(crate) const VALUES: u8 = 0x49;
    pub(crate) const POWER_OFF: u8 = 0x50;

    /// Decodes bytes that begin with one whole frame.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] when a byte that marks a frame is another one, [`DecodeError::FrameTruncated`] when bytes are
    /// missing, [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let is_sync = |at: usize, wanted: &[u8]| {
            let byte = bytes.get(at);
            byte.is_none_or(|byte| wanted.contains(byte))
        };
        if !is_sync(0, &[MARKER]) || !is_sync(6, &[REQUEST, ANSWER]) {
            return Err(DecodeError::Sync);
        }
        let [_, command, a, b, c, d, direction, sum, ..] = bytes else {
            return Err(DecodeError::FrameTruncated);
        };
        let body = bytes.get(..Self::LENGTH - 1).unwrap_or_default();
        if sum_of(body) != *sum {
            return Err(DecodeError::Checksum);
        }
        Ok(Self {
            command: *command,
            is_answer: *direction == ANSWER,
            data: [*a, *b, *c, *d],
        })
    }

    /// The bytes of a request.
    pub(crate) fn request(command: u8, data: [u8; 4]) -> Vec<u8> {
        let [a, b, c, d] = data;
        let body = [MARKER, command, a, b, c, d, REQUEST];
        [&body[..], &[sum_of(&body)]].concat()
    }

    /// Saturation and pulse of an answer that carries them; each `None` when it is 0.
    #[must_use]
    pub fn values(&self) -> Option<[Option<u8>; 2]> {
        let [spo2, _, _, pulse] = self.data;
        let is_values = self.is_answer && self.command == Self::VALUES;
        is_values.then(|| [spo2, pulse].map(|value| (value != 0).then_some(value)))
    }

    /// A result: both are there.
    pub(crate) fn result(&self) -> Option<(u8, u8)> {
        let [spo2, pulse] = self.values()?;
        Some((spo2?, pulse?))
    }

    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let (spo2, pulse) = self.result().ok_or(Reason::NoValue)?;
        judge::whole_numbers(spo2, Some(pulse.into()), None, Doubts::NONE)
    }

    /// The device is asked again and again, and repeats its result: only the first one counts.
    pub(crate) fn meanings(&self, raw: &[u8]) -> Vec<Meaning> {
        if self.values().is_none() {
            return Vec::new();
        }
        let record = Record {
            raw: raw.to_vec(),
            ..Record::default()
        };
        let result = self.result().map(|_| (self.judge(), record));
        vec![Meaning::Stage {
            is_measuring: result.is_none(),
            result,
        }]
    }
}

impl Framing for TaiDoc {
    const NOTIFY: &'static [Uuid] = &[uuids::TAIDOC_BOTH];

    fn front(bytes: &[u8]) -> Front {
        match Self::decode(bytes) {
            Ok(_) => Front::Whole(Self::LENGTH),
            Err(DecodeError::FrameTruncated) => Front::Unfinished,
            Err(_) if bytes.first() != Some(&MARKER) => {
                Front::junk_until(bytes, |byte| byte == MARKER)
            }
            Err(error) => Front::Bad(error),
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        let frame = Self::decode(raw)?;
        let raw = raw.to_vec();
        Ok(Frame::TaiDoc { frame, raw })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    /// An answer with a good sum.
    pub(super) fn answer(command: u8, spo2: u8, pulse: u8) -> Vec<u8> {
        let body = [MARKER, command, spo2, 0, 0, pulse, ANSWER];
        [&body[..], &[sum_of(&body)]].concat()
    }

    fn stage(command: u8, spo2: u8, pulse: u8) -> Vec<Meaning> {
        TaiDoc::read(&answer(command, spo2, pulse))
            .unwrap()
            .meanings()
    }

    #[test]
    fn a_result_needs_both_values() {
        let waiting = [Meaning::Stage {
            is_measuring: true,
            result: None,
        }];
        assert_eq!(stage(TaiDoc::VALUES, 0, 0), waiting);
        assert_eq!(stage(TaiDoc::VALUES, 98, 0), waiting);
        assert_eq!(stage(TaiDoc::VALUES, 0, 72), waiting);
        let [
            Meaning::Stage {
                is_measuring: false,
                result: Some((Ok(value), _)),
            },
        ] = &stage(TaiDoc::VALUES, 98, 72)[..]
        else {
            panic!("no result");
        };
        assert_eq!(
            (value.spo2_tenths_percent, value.pulse_tenths_bpm),
            (980, Some(720))
        );
        assert_eq!(stage(TaiDoc::POWER_OFF, 98, 72), []);
    }

    #[test]
    fn an_impossible_result_is_none_and_a_request_is_no_answer() {
        let [
            Meaning::Stage {
                result: Some((judged, _)),
                ..
            },
        ] = &stage(TaiDoc::VALUES, 200, 72)[..]
        else {
            panic!("no result");
        };
        assert_eq!(*judged, Err(Reason::Implausible));
        let request = TaiDoc::request(TaiDoc::VALUES, [98, 0, 0, 72]);
        assert_eq!(TaiDoc::read(&request).unwrap().meanings(), []);
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| TaiDoc::decode(bytes).unwrap_err();
        let good = answer(TaiDoc::VALUES, 98, 72);
        assert_eq!(error(&[]), DecodeError::FrameTruncated);
        assert_eq!(error(&good[..7]), DecodeError::FrameTruncated);
        assert_eq!(error(&good[1..]), DecodeError::Sync);
        let changed = |at: usize, byte| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        assert_eq!(error(&changed(2, 97)), DecodeError::Checksum);
        assert_eq!(error(&changed(6, 0xA4)), DecodeError::Sync);
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (any::<u8>(), any::<u8>()).prop_map(|(spo2, pulse)| answer(
                TaiDoc::VALUES,
                spo2,
                pulse
            )),
            Just(vec![MARKER]),
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
            cuts_do_not_matter::<TaiDoc>(&bytes, &cuts, TaiDoc::LENGTH);
            for raw in Reassembler::<TaiDoc>::default().push(&bytes).into_iter().flatten() {
                prop_assert!(TaiDoc::read(&raw).unwrap().meanings().len() <= 1);
            }
        }
    }
}
