//! Packets out of the stream, and one a second of them: what counts values elsewhere counts on that rhythm.
//!
//! There is no checksum, so a packet counts when the next one begins where it must, and what it says counts when five
//! packets in a row (50 ms) say it.

use uuid::Uuid;

use super::Packet;
use crate::doubts::Doubts;
use crate::driver::Decoder;
use crate::error::DecodeError;
use crate::frame::{Frame, Meaning};
use crate::judge::{self, Reason, Value};
use crate::stream::{Framing, Front, Reassembler};
use crate::uuids;

/// So many packets in a row must say the same before it is said.
const STEADY: u8 = 5;
/// What stays the same is said again after so many packets: a second.
const AGAIN: u8 = 100;
/// Other values are said after so many packets at the earliest; a flag at once.
const BETWEEN: u8 = 50;
/// A wave that does not move for a second is none.
const FLAT: u8 = 100;
/// What the maker says its devices measure. Without a checksum, what is outside is a damaged packet.
const SPO2_PERCENT: std::ops::RangeInclusive<u8> = 35..=100;
const PULSE_BPM: std::ops::RangeInclusive<u8> = 25..=250;

/// Five bytes, the first with bit 7, followed by the next first one.
#[derive(Clone, Debug)]
pub struct Bci;

/// Packets in a row that said the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The last of them.
    pub packet: Packet,
    /// The pulse wave has not moved for a second: values beside it are repeats of the last true one.
    pub is_flat: bool,
}

/// The decoder over one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thinned {
    stream: Reassembler<Bci>,
    run: Run,
}

/// What the packets have said so far.
#[derive(Clone, Debug, Default)]
struct Run {
    says: [u8; 4],
    same: u8,
    said: Option<[u8; 4]>,
    since_said: u8,
    pleth: Option<u8>,
    pleth_same: u8,
}

impl Framing for Bci {
    const NOTIFY: &'static [Uuid] = &[uuids::BERRY_NOTIFY];

    fn front(bytes: &[u8]) -> Front {
        const V15_LENGTH: usize = 20;
        match bytes {
            [first, ..] if first & 0x80 == 0 => Front::junk_until(bytes, |byte| byte & 0x80 != 0),
            [0xFF, 0xAA, ..] if bytes.len() < V15_LENGTH => Front::Unfinished,
            // Cut out whole: bytes inside it could pass for the older packets.
            [0xFF, 0xAA, ..] => Front::Whole(V15_LENGTH),
            [packet @ .., next, after] if packet.len() == Packet::LENGTH => {
                let is_followed = next & 0x80 != 0 && after & 0x80 == 0;
                match Packet::decode(packet) {
                    Ok(_) if is_followed => Front::Whole(Packet::LENGTH),
                    Ok(_) => Front::Bad(DecodeError::Sync),
                    Err(error) => Front::Bad(error),
                }
            }
            _ if bytes.len() > Packet::LENGTH + 2 => {
                Self::front(bytes.get(..Packet::LENGTH + 2).unwrap_or_default())
            }
            // A second marker too early: no need to wait for the rest.
            [_, rest @ ..] if rest.iter().take(4).any(|byte| byte & 0x80 != 0) => {
                Front::Bad(DecodeError::Sync)
            }
            _ => Front::Unfinished,
        }
    }

    fn read(raw: &[u8]) -> Result<Frame, DecodeError> {
        if raw.len() != Packet::LENGTH {
            return Err(DecodeError::Unsupported);
        }
        let packet = Packet::decode(raw)?;
        Ok(Frame::Berry(Stretch {
            packet,
            is_flat: false,
        }))
    }
}

impl Decoder for Thinned {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        let found = self.stream.decode(characteristic, bytes)?;
        let thinned = found.into_iter().filter_map(|frame| match frame {
            Ok(Frame::Berry(Stretch { packet, .. })) => self
                .run
                .push(packet)
                .map(|stretch| Ok(Frame::Berry(stretch))),
            other => Some(other),
        });
        Some(thinned.collect())
    }
}

impl Run {
    fn push(&mut self, packet: Packet) -> Option<Stretch> {
        let count = |same: bool, so_far: u8| if same { so_far.saturating_add(1) } else { 1 };
        self.same = count(self.says == packet.says(), self.same);
        self.says = packet.says();
        self.pleth_same = count(self.pleth == packet.pleth(), self.pleth_same);
        self.pleth = packet.pleth();
        self.since_said = self.since_said.saturating_add(1);
        let is_due = match self.said {
            None => true,
            Some(said) if said == self.says => self.since_said >= AGAIN,
            Some([first, third, ..]) => {
                let [first_now, third_now, ..] = self.says;
                let is_flag = [first, third] != [first_now, third_now];
                is_flag || self.since_said >= BETWEEN
            }
        };
        if self.same < STEADY || !is_due {
            return None;
        }
        self.said = Some(self.says);
        self.since_said = 0;
        Some(Stretch {
            packet,
            is_flat: self.pleth_same >= FLAT,
        })
    }
}

impl Stretch {
    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let packet = self.packet;
        if packet.is_probe_unplugged() {
            return Err(Reason::SensorDisconnected);
        }
        if packet.has_no_finger() {
            return Err(Reason::NoFinger);
        }
        if packet.has_no_signal() {
            return Err(Reason::Nonpulsatile);
        }
        let searching = packet.is_searching();
        let spo2 = match packet.spo2_percent() {
            None | Some(0) if searching => return Err(Reason::Searching),
            None | Some(0) => return Err(Reason::NoValue),
            Some(spo2) => spo2,
        };
        let pulse = packet.pulse_bpm();
        if !SPO2_PERCENT.contains(&spo2)
            || pulse.is_some_and(|pulse| pulse != 0 && !PULSE_BPM.contains(&pulse))
        {
            return Err(Reason::Implausible);
        }
        let doubts = Doubts::NONE
            .with_if(searching, Doubts::SEARCHING)
            .with_if(self.is_flat || packet.signal() == 0, Doubts::POOR_SIGNAL);
        judge::whole_numbers(spo2, pulse.map(u16::from), None, doubts)
    }

    pub(crate) fn meanings(&self) -> Vec<Meaning> {
        vec![Meaning::Sample(self.judge())]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::laws::cuts_do_not_matter;

    /// A packet of a finger that is in: signal 8, bar 5.
    const fn packet(pleth: u8, pulse: u8, spo2: u8) -> [u8; 5] {
        [0x88, pleth, 0x05, pulse, spo2]
    }

    fn wave(packets: u8, pulse: u8, spo2: u8) -> Vec<u8> {
        (0..packets)
            .flat_map(|at| packet(1 + at % 90, pulse, spo2))
            .collect()
    }

    fn heard(decoder: &mut Thinned, bytes: &[u8]) -> Vec<Result<Value, Reason>> {
        decoder
            .decode(uuids::BERRY_NOTIFY, bytes)
            .unwrap()
            .into_iter()
            .filter_map(|frame| match frame {
                Ok(Frame::Berry(stretch)) => Some(stretch.judge()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_hundred_packets_are_one_sample_and_a_change_is_told_within_half_a_second() {
        let mut decoder = Thinned::default();
        let samples = heard(&mut decoder, &wave(250, 72, 98));
        assert_eq!(samples.len(), 3);
        assert!(samples.iter().all(|sample| {
            sample.is_ok_and(|value| value.spo2_tenths_percent == 980 && value.doubts.is_empty())
        }));
        // The last packet waits for the next one.
        assert_eq!(heard(&mut decoder, &wave(5, 72, 90)).len(), 0);
        let fallen = heard(&mut decoder, &wave(20, 72, 90));
        assert_eq!(fallen.len(), 1);
        assert_eq!(fallen[0].unwrap().spo2_tenths_percent, 900);
        // Values that jump are two samples a second at the most.
        let jumping: Vec<_> = (0..50).flat_map(|at| wave(10, 72, 80 + at % 2)).collect();
        assert!(heard(&mut decoder, &jumping).len() <= 10);
    }

    #[test]
    fn a_single_damaged_packet_says_nothing() {
        let mut decoder = Thinned::default();
        let bytes = [wave(20, 72, 98), wave(1, 72, 34), wave(20, 72, 98)].concat();
        let samples = heard(&mut decoder, &bytes);
        assert!(!samples.is_empty());
        assert!(
            samples
                .iter()
                .all(|sample| sample.unwrap().spo2_tenths_percent == 980)
        );
    }

    #[test]
    fn a_finger_that_has_gone_says_so_though_the_values_stay() {
        let mut decoder = Thinned::default();
        heard(&mut decoder, &wave(28, 72, 98));
        let out = [0x88, 0, 0x15, 72, 98].repeat(7);
        assert_eq!(heard(&mut decoder, &out), [Err(Reason::NoFinger)]);
    }

    #[test]
    fn each_flag_has_its_reason_or_its_doubt() {
        let judged = |bytes: [u8; 5]| {
            let packet = Packet::decode(&bytes).unwrap();
            Stretch {
                packet,
                is_flat: false,
            }
            .judge()
        };
        assert_eq!(
            judged([0xA8, 50, 5, 72, 98]),
            Err(Reason::SensorDisconnected)
        );
        assert_eq!(judged([0x98, 50, 5, 72, 98]), Err(Reason::Nonpulsatile));
        assert_eq!(judged([0x88, 0, 0x25, 0x7F, 0x7F]), Err(Reason::Searching));
        assert_eq!(judged([0x88, 0, 5, 0x7F, 0x7F]), Err(Reason::NoValue));
        assert_eq!(judged([0x88, 0, 5, 0, 0]), Err(Reason::NoValue));
        assert_eq!(judged([0x88, 50, 5, 72, 34]), Err(Reason::Implausible));
        assert_eq!(judged([0x88, 50, 5, 24, 98]), Err(Reason::Implausible));
        assert_eq!(judged([0x88, 50, 0x45, 123, 98]), Err(Reason::Implausible));
        assert!(
            judged([0x88, 50, 0x25, 72, 98])
                .unwrap()
                .doubts
                .has(Doubts::SEARCHING)
        );
        assert!(
            judged([0x80, 50, 5, 72, 98])
                .unwrap()
                .doubts
                .has(Doubts::POOR_SIGNAL)
        );
        assert_eq!(
            judged([0x88, 50, 0x45, 0x7F, 98]).unwrap().pulse_tenths_bpm,
            None
        );
        assert_eq!(
            judged([0x88, 50, 0x45, 122, 98]).unwrap().pulse_tenths_bpm,
            Some(2500)
        );
    }

    #[test]
    fn a_wave_that_does_not_move_for_a_second_makes_its_values_doubtful() {
        let mut decoder = Thinned::default();
        let samples = heard(&mut decoder, &packet(40, 72, 98).repeat(151));
        let doubtful: Vec<_> = samples
            .into_iter()
            .map(|sample| sample.unwrap().doubts.has(Doubts::POOR_SIGNAL))
            .collect();
        assert_eq!(doubtful, [false, true]);
    }

    #[test]
    fn a_shifted_stream_is_found_again() {
        let mut bytes = wave(6, 72, 98);
        bytes.remove(7);
        bytes.extend(wave(12, 72, 98));
        let mut decoder = Thinned::default();
        assert!(!heard(&mut decoder, &bytes).is_empty());
    }

    #[test]
    fn the_newer_protocol_is_refused_and_never_read_as_the_older_one() {
        // Its bytes 14 to 18 (wave sample, battery, rate) would pass for a packet: pulse 100, saturation 90.
        let v15 = [
            0xFF, 0xAA, 7, 0, 97, 97, 72, 72, 120, 0, 42, 42, 50, 1, 2, 0x91, 3, 5, 100, 90,
        ];
        let mut stream = Reassembler::<Bci>::default();
        let bytes = v15.repeat(50);
        let found = stream.decode(uuids::BERRY_NOTIFY, &bytes).unwrap();
        assert_eq!(found, vec![Err(DecodeError::Unsupported); 50]);
        // Nor when the connection begins in the middle of one.
        let found = Reassembler::<Bci>::default().decode(uuids::BERRY_NOTIFY, &bytes[5..]);
        assert!(found.unwrap().iter().all(Result::is_err));
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (1..100_u8, 30..120_u8, 80..100_u8).prop_map(|(a, b, c)| packet(a, b, c).to_vec()),
            Just(wave(8, 72, 98)),
            Just(vec![0xFF, 0xAA]),
            prop::collection::vec(any::<u8>(), 0..9),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_packets_come_out_however_the_stream_is_cut(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..30, 0..60),
        ) {
            cuts_do_not_matter::<Bci>(&bytes, &cuts, 20);
            let whole = Thinned::default().decode(uuids::BERRY_NOTIFY, &bytes);
            let mut decoder = Thinned::default();
            let cut_up: Vec<_> = bytes
                .chunks(20)
                .filter_map(|chunk| decoder.decode(uuids::BERRY_NOTIFY, chunk))
                .flatten()
                .collect();
            prop_assert_eq!(whole, Some(cut_up));
        }
    }
}
