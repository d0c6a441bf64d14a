//! Frames of a PO60.

use uuid::Uuid;

use crate::contec;
use crate::date_time::Stamp;
use crate::doubts::Doubts;
use crate::error::DecodeError;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::settle;
use crate::stream::{Framing, Front};
use crate::uuids;

/// The first year that a clock which was set can say.
const FIRST_YEAR: u16 = 2020;
/// The average of a stretch that moved further than this says little about any moment of it.
const STEADY_SPO2_PERCENT: u8 = 4;

/// One frame of a PO60.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Po60 {
    /// How many records are stored; `None` when it says so in a way that nobody has described.
    Count(Option<u8>),
    /// One record.
    Record(Record),
    /// The clock was set, or not.
    ClockSet(bool),
    /// Anything else, by its first byte.
    Other(u8),
}

/// One record, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    bytes: [u8; Self::LENGTH],
}

/// The stream on FF02, as a PO60 sends it.
#[derive(Clone, Debug)]
pub struct Stored;

impl Record {
    /// Bytes, with marker and sum.
    pub const LENGTH: usize = 24;
    const MARKER: u8 = 0xE9;
    const LAST: u8 = 1 << 6;

    /// Decodes bytes that begin with a whole record.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] without the marker, [`DecodeError::FrameTruncated`] when bytes are missing,
    /// [`DecodeError::Checksum`] when the sum does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.first().is_some_and(|first| *first != Self::MARKER) {
            return Err(DecodeError::Sync);
        }
        let bytes: [u8; Self::LENGTH] = *bytes.first_chunk().ok_or(DecodeError::FrameTruncated)?;
        let [.., sum] = bytes;
        if bytes.split_last().map(|(_, body)| contec::checksum(body)) != Some(sum) {
            return Err(DecodeError::Checksum);
        }
        Ok(Self { bytes })
    }

    /// Number in its block of ten.
    #[must_use]
    pub const fn packet(&self) -> u8 {
        let [_, packet, ..] = self.bytes;
        packet & 0x0F
    }

    /// The last one in the device's memory, by its own word.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        let [_, packet, ..] = self.bytes;
        packet & Self::LAST != 0
    }

    /// Finger in, by the device's clock.
    #[must_use]
    pub fn start(&self) -> Stamp {
        let [_, _, a, b, c, d, e, f, ..] = self.bytes;
        Stamp::of_short_year([a, b, c, d, e, f])
    }

    /// Finger out, by the device's clock.
    #[must_use]
    pub fn end(&self) -> Stamp {
        let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, ..] = self.bytes;
        Stamp::of_short_year([a, b, c, d, e, f])
    }

    /// Highest, lowest and average saturation in percent.
    #[must_use]
    pub const fn spo2(&self) -> [u8; 3] {
        let [.., highest, lowest, average, _, _, _, _] = self.bytes;
        [highest, lowest, average]
    }

    /// Highest, lowest and average pulse, without their bit 7.
    #[must_use]
    pub const fn pulse_low_bits(&self) -> [u8; 3] {
        let [.., highest, lowest, average, _] = self.bytes;
        [highest, lowest, average]
    }

    /// Highest, lowest and average pulse, when the bits that are said to be their highest ones prove it.
    #[must_use]
    pub fn pulse_bpm(&self) -> Option<[u8; 3]> {
        const DURATION: u8 = 0b111;
        let [.., bits, _, _, _, _, _, _, _, _, _] = self.bytes;
        let [highest, lowest, average] = self.pulse_low_bits();
        let with = |low: u8, bit: u8| low | if bits & bit == 0 { 0 } else { 0x80 };
        let (high_bit, low_bit, average_bit) = (1 << 5, 1 << 4, 1 << 3);
        let described = DURATION | high_bit | low_bit | average_bit;
        let (highest, lowest, average) = (
            with(highest, high_bit),
            with(lowest, low_bit),
            with(average, average_bit),
        );
        let is_proved = bits & !described == 0 && highest >= average && average >= lowest;
        is_proved.then_some([highest, lowest, average])
    }

    /// The average, if it is a patient's value.
    ///
    /// # Errors
    /// The [`Reason`] why it is not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let [highest, lowest, average] = self.spo2();
        if matches!(average, 0 | 127) {
            return Err(Reason::NoValue);
        }
        if !(lowest..=highest).contains(&average) {
            return Err(Reason::Invalid);
        }
        let pulse = self.pulse_bpm().map(|[.., average]| u16::from(average));
        let moved = highest.saturating_sub(lowest) > STEADY_SPO2_PERCENT;
        let doubts = Doubts::NONE.with_if(moved, Doubts::UNSETTLED);
        judge::whole_numbers(average, pulse, None, doubts)
    }

    /// When and what it was, as far as it tells it apart from others: without its place in the memory, which changes.
    fn as_settled(&self) -> settle::Record {
        let time = self.end().valid().or_else(|| self.start().valid());
        settle::Record {
            raw: self.identity().to_vec(),
            device_time: time,
            clock_not_set: time.is_none_or(|time| time.year < FIRST_YEAR),
            from_storage: true,
        }
    }

    /// Times and values.
    pub(super) const fn identity(&self) -> [u8; 21] {
        let [_, _, identity @ .., _] = self.bytes;
        identity
    }
}

impl Po60 {
    /// Decodes one whole frame.
    ///
    /// # Errors
    /// As [`Contec::decode`](contec::Contec::decode).
    pub fn decode(raw: &[u8]) -> Result<Self, DecodeError> {
        contec::Contec::decode(raw)?;
        Ok(match raw {
            [Record::MARKER, ..] => Self::Record(Record::decode(raw)?),
            [0xE0, 0x05, low, 0, ..] => Self::Count(Some(*low)),
            [0xE0, ..] => Self::Count(None),
            [0xF3, answer, ..] => Self::ClockSet(*answer == 0),
            [first, ..] => Self::Other(*first),
            [] => return Err(DecodeError::FrameTruncated),
        })
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        match self {
            Self::Record(record) => vec![Meaning::Final(record.judge(), record.as_settled())],
            Self::Count(_) | Self::ClockSet(_) | Self::Other(_) => Vec::new(),
        }
    }
}

impl Framing for Stored {
    const NOTIFY: &'static [Uuid] = &[uuids::CONTEC_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        contec::front(bytes)
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        match contec::clock(raw) {
            Some(stamp) => Ok(Frame::DateTime(stamp)),
            None => Po60::decode(raw).map(Frame::Po60),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::Reassembler;
    use crate::stream::laws::cuts_do_not_matter;

    const START: [u8; 6] = [26, 11, 21, 8, 30, 0];
    const END: [u8; 6] = [26, 11, 21, 8, 31, 0];

    /// A record with a good sum: bits 14 to 16, three saturations, three pulses.
    fn bytes(start: [u8; 6], end: [u8; 6], packed: [u8; 3], values: [u8; 6]) -> Vec<u8> {
        contec::sealed(&[&[0xE9, 0][..], &start, &end, &packed, &values].concat())
    }

    fn record(bits: u8, values: [u8; 6]) -> Record {
        Record::decode(&bytes(START, END, [bits, 0, 60], values)).unwrap()
    }

    /// The n-th of some records, as the talk's tests need them.
    pub(in crate::po60) fn numbered(number: u8, is_last: bool) -> Frame {
        let mut bytes = bytes(START, END, [0, 0, 60], [99, 97, 98, 80, 70, 60 + number]);
        bytes[1] = (number % 10) | if is_last { Record::LAST } else { 0 };
        bytes[7] = number % 60;
        let bytes = contec::sealed(&bytes[..23]);
        Frame::Po60(Po60::decode(&bytes).unwrap())
    }

    fn final_of(bytes: &[u8]) -> (Result<Value, Reason>, settle::Record) {
        match Po60::decode(bytes).unwrap().meanings().remove(0) {
            Meaning::Final(judged, record) => (judged, record),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_average_is_the_value_and_the_end_is_the_time() {
        let (judged, record) = final_of(&bytes(START, END, [0, 0, 60], [99, 95, 97, 80, 70, 72]));
        let value = judged.unwrap();
        assert_eq!(
            (value.spo2_tenths_percent, value.pulse_tenths_bpm),
            (970, Some(720))
        );
        assert!(value.doubts.is_empty());
        assert_eq!(
            record.device_time.unwrap().to_string(),
            "2026-11-21T08:31:00"
        );
        assert!(record.from_storage && !record.clock_not_set);
    }

    #[test]
    fn a_pulse_over_127_is_only_believed_when_the_three_pulses_come_out_in_order() {
        let pulse = |bits, values: [u8; 3]| {
            let [a, b, c] = values;
            record(bits, [99, 97, 98, a, b, c]).pulse_bpm()
        };
        // 140, 90, 110: only the highest one has the bit.
        assert_eq!(pulse(0b10_0000, [12, 90, 110]), Some([140, 90, 110]));
        assert_eq!(pulse(0b10_1000, [20, 120, 5]), Some([148, 120, 133]));
        assert_eq!(pulse(0b11_1000, [20, 2, 5]), Some([148, 130, 133]));
        assert_eq!(pulse(0b00_0111, [80, 70, 72]), Some([80, 70, 72]));
        // The bits of another order, or in another place: no pulse rather than a wrong one.
        assert_eq!(pulse(0b00_1000, [12, 90, 110]), None);
        assert_eq!(pulse(0b01_0000, [12, 90, 110]), None);
        assert_eq!(pulse(0, [12, 90, 110]), None);
        assert_eq!(pulse(0b100_0000, [80, 70, 72]), None);
        let value = record(0, [99, 97, 98, 12, 90, 110]).judge().unwrap();
        assert_eq!(value.pulse_tenths_bpm, None);
        assert!(value.doubts.has(Doubts::PULSE_UNUSABLE));
    }

    #[test]
    fn no_value_contradictions_and_a_stretch_that_moved_are_told_apart() {
        let judged = |spo2: [u8; 3]| {
            let [a, b, c] = spo2;
            record(0, [a, b, c, 80, 70, 72]).judge()
        };
        assert_eq!(judged([0, 0, 0]), Err(Reason::NoValue));
        assert_eq!(judged([127, 127, 127]), Err(Reason::NoValue));
        assert_eq!(judged([97, 99, 98]), Err(Reason::Invalid));
        assert_eq!(judged([110, 90, 105]), Err(Reason::Implausible));
        assert!(judged([98, 94, 96]).unwrap().doubts.is_empty());
        assert!(judged([98, 93, 96]).unwrap().doubts.has(Doubts::UNSETTLED));
    }

    #[test]
    fn a_clock_that_was_never_set_is_told_and_a_date_that_is_none_does_not_spoil_the_value() {
        let values = [99, 97, 98, 59, 58, 58];
        let unset = [19, 1, 1, 0, 0, 22];
        let (_, record) = final_of(&bytes([19, 1, 1, 0, 0, 19], unset, [0, 0, 4], values));
        assert!(record.clock_not_set && record.device_time.is_some());
        let (judged, record) = final_of(&bytes(START, [26, 2, 30, 0, 0, 0], [0; 3], values));
        assert_eq!(judged.unwrap().spo2_tenths_percent, 980);
        assert_eq!(record.device_time.unwrap().minute, 30, "the start is left");
        let (judged, record) = final_of(&bytes([0; 6], [0; 6], [0; 3], values));
        assert!(judged.is_ok() && record.device_time.is_none() && record.clock_not_set);
    }

    #[test]
    fn the_same_record_is_the_same_wherever_it_stands_in_the_memory() {
        let mut moved = bytes(START, END, [0, 0, 60], [99, 95, 97, 80, 70, 72]);
        let (_, here) = final_of(&moved);
        moved[1] = Record::LAST | 7;
        let (_, there) = final_of(&contec::sealed(&moved[..23]));
        assert_eq!(here.raw, there.raw);
    }

    #[test]
    fn a_count_that_nobody_has_described_is_none() {
        let count = |bytes: [u8; 6]| Po60::decode(&contec::sealed(&bytes)).unwrap();
        assert_eq!(count([0xE0, 5, 12, 0, 0, 0]), Po60::Count(Some(12)));
        assert_eq!(count([0xE0, 5, 0, 1, 0, 0]), Po60::Count(None));
        assert_eq!(count([0xE0, 4, 12, 0, 0, 0]), Po60::Count(None));
        assert_eq!(
            Po60::decode(&contec::sealed(&[0xF3, 0])),
            Ok(Po60::ClockSet(true))
        );
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (0..0x40_u8, any::<[u8; 6]>()).prop_map(|(bits, values)| {
                bytes(START, END, [bits, 0, 60], values.map(|value| value & 0x7F))
            }),
            Just(contec::sealed(&[0xE0, 5, 12, 0, 0, 0])),
            prop::collection::vec(any::<u8>(), 0..30),
        ];
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_records_come_out_however_the_stream_is_cut(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..30, 0..100),
        ) {
            cuts_do_not_matter::<Stored>(&bytes, &cuts, 64);
            for raw in Reassembler::<Stored>::default().push(&bytes).into_iter().flatten() {
                if let Ok(frame) = Stored::read(&raw) {
                    prop_assert!(frame.meanings().len() <= 1);
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(frame) = Po60::decode(&bytes) {
                prop_assert!(frame.meanings().len() <= 1);
            }
            if let Ok(record) = Record::decode(&bytes) {
                prop_assert!(record.packet() < 16 && record.as_settled().from_storage);
            }
        }
    }
}
