//! VTM 20F (Wellue FS20F, `Tv221u`): [frames that begin with `FE`](crate::fe), with 2 added to the sum.
//!
//! Source: a public logger with its output, two more projects and an SDK; the sum holds for all ten of the logger's
//! frames. They are better evidence than the family's mark says: it stays *thin* until a device has been on a bench.
//!
//! What a public SDK reads at bytes 11 to 15 of a notification is a wave frame of eight bytes with the values behind it.
//!
//! Only a device on a bench can settle: the status bits other than "no finger", how long the values stay when the finger
//! has gone (that bit is handed on to them), and whether a variant needs `FE 00 55 …` written before it sends.

use crate::family::{Family, Wiring, Write};
use crate::fe::{Fe, Wrap};
use crate::frame::Frame;
use crate::uuids;

/// A place for commands beside the values shows it; otherwise its name does.
pub(crate) const WIRINGS: &[Wiring] = &[
    Wiring {
        service: uuids::FFE0_SERVICE,
        notify: &[uuids::FFE4_NOTIFY],
        write: Write::Must(uuids::FFF2_WRITE),
        ..Wiring::of(Family::Vtm20f)
    },
    Wiring {
        service: uuids::FFE0_SERVICE,
        notify: &[uuids::FFE4_NOTIFY],
        names: &["vtm", "fs20f", "tv221u"],
        ..Wiring::of(Family::Vtm20f)
    },
];

/// The sum and two.
#[derive(Clone, Debug)]
pub struct Vtm20f;

impl Wrap for Vtm20f {
    const EXTRA: u8 = 2;

    fn frame(frame: Fe) -> Frame {
        Frame::Vtm20f(frame)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::driver::Decoder;
    use crate::error::DecodeError;
    use crate::fe::{Stream, WithStatus, sum_of};
    use crate::frame::Meaning;
    use crate::judge::Reason;
    use crate::stream::laws::cuts_do_not_matter;

    /// Captured: a wave frame and the values.
    const WAVE: [u8; 8] = [0xFE, 0x08, 0x56, 0x1F, 0x00, 0x05, 0x22, 0xA4];
    const VALUES: [u8; 10] = [0xFE, 0x0A, 0x55, 0x00, 0x4F, 0x63, 0x14, 0xBF, 0x39, 0x1D];

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        [bytes, &[sum_of(bytes).wrapping_add(2)]].concat()
    }

    fn meanings(decoder: &mut WithStatus<Vtm20f>, bytes: &[u8]) -> Vec<Meaning> {
        let frames = decoder.decode(uuids::FFE4_NOTIFY, bytes).unwrap();
        frames
            .into_iter()
            .flat_map(|frame| frame.unwrap().meanings())
            .collect()
    }

    #[test]
    fn captured_frames_are_a_wave_and_a_value() {
        let mut decoder = WithStatus::<Vtm20f>::default();
        let found = meanings(&mut decoder, &[&WAVE[..], &VALUES].concat());
        let [Meaning::Wave { is_flat: false }, Meaning::Sample(Ok(value))] = found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(
            (
                value.spo2_tenths_percent,
                value.pulse_tenths_bpm,
                value.perfusion_hundredths_percent
            ),
            (990, Some(790), Some(531))
        );
        assert!(value.doubts.is_empty());
    }

    #[test]
    fn all_frames_of_the_loggers_output_have_the_sum_that_it_could_not_explain() {
        for (body, sum) in [
            (&[0xFE, 8, 0x56, 54, 0, 8, 129][..], 29),
            (&[0xFE, 8, 0x56, 54, 0, 8, 130], 30),
            (&[0xFE, 8, 0x56, 54, 0, 8, 131], 31),
            (&[0xFE, 8, 0x56, 55, 0, 8, 132], 33),
            (&[0xFE, 10, 0x55, 0, 78, 99, 0x12, 0x5E, 18], 146),
            (&[0xFE, 8, 0x56, 56, 0, 8, 133], 35),
            (&[0xFE, 8, 0x56, 58, 0, 9, 134], 39),
            (&[0xFE, 8, 0x56, 61, 0, 9, 135], 43),
        ] {
            assert!(Fe::decode::<Vtm20f>(&[body, &[sum]].concat()).is_ok());
        }
    }

    #[test]
    fn values_after_no_finger_are_repeats_and_none_is_none() {
        let mut decoder = WithStatus::<Vtm20f>::default();
        let off = sealed(&[0xFE, 8, 0x56, 0, 2, 0, 1]);
        assert_eq!(
            meanings(&mut decoder, &[&off[..], &VALUES].concat()),
            [
                Meaning::Wave { is_flat: true },
                Meaning::Sample(Err(Reason::NoFinger))
            ]
        );
        let mut decoder = WithStatus::<Vtm20f>::default();
        let none = sealed(&[0xFE, 10, 0x55, 0x01, 0xFF, 127, 0, 0, 1]);
        let zero = sealed(&[0xFE, 10, 0x55, 0, 0, 0, 0, 0, 2]);
        for bytes in [none, zero] {
            assert_eq!(
                meanings(&mut decoder, &bytes),
                [Meaning::Sample(Err(Reason::NoValue))]
            );
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        let error = |bytes: &[u8]| Fe::decode::<Vtm20f>(bytes).unwrap_err();
        assert_eq!(error(&[]), DecodeError::FrameTruncated);
        assert_eq!(error(&VALUES[..9]), DecodeError::FrameTruncated);
        assert_eq!(error(&VALUES[1..]), DecodeError::Sync);
        assert_eq!(error(&[0xFE, 0x5A, 6]), DecodeError::Length);
        let mut damaged = VALUES;
        damaged[5] = 0x53;
        assert_eq!(error(&damaged), DecodeError::Checksum);
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(WAVE.to_vec()),
            Just(VALUES.to_vec()),
            Just(vec![0xFE, 0x0A]),
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
            cuts_do_not_matter::<Stream<Vtm20f>>(&bytes, &cuts, 10);
            for frame in WithStatus::<Vtm20f>::default().decode(uuids::FFE4_NOTIFY, &bytes).into_iter().flatten().flatten() {
                prop_assert_eq!(frame.meanings().len(), 1);
            }
        }
    }
}
