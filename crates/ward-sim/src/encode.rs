//! Values to bytes, as real devices send them. The other direction is `ward-oximeter`.

use ward_oximeter::date_time::DateTime;
use ward_oximeter::pc60::checksum;

/// An SFLOAT of `mantissa × 10^-decimals`; what does not fit into twelve bits loses decimals, then is "too large".
#[must_use]
pub fn sfloat(mantissa: u16, decimals: u8) -> [u8; 2] {
    const LARGEST: u16 = 2045;
    const TOO_LARGE: u16 = 0x07FE;
    let bits = match (mantissa, decimals) {
        (0..=LARGEST, 0..=8) => u16::from(decimals).wrapping_neg() << 12 | mantissa,
        (_, 1..) => return sfloat(mantissa / 10, decimals - 1),
        (_, 0) => TOO_LARGE,
    };
    bits.to_le_bytes()
}

/// SFLOAT "not a number".
pub const NOT_A_NUMBER: [u8; 2] = [0xFF, 0x07];

/// A value that PLX sends, or "not a number".
fn tenths(value: Option<u16>) -> [u8; 2] {
    value.map_or(NOT_A_NUMBER, |tenths| sfloat(tenths, 1))
}

/// What both PLX measurements carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlxValues {
    /// Tenths of a percent.
    pub spo2_tenths_percent: Option<u16>,
    /// Tenths of a beat a minute.
    pub pulse_tenths_bpm: Option<u16>,
    /// Hundredths of a percent.
    pub perfusion_hundredths_percent: u16,
    /// Measurement status bits.
    pub measurement_status: u16,
    /// Device and sensor status bits, 24 of them.
    pub device_status: u32,
}

impl PlxValues {
    fn statuses_and_perfusion(&self) -> impl Iterator<Item = u8> + use<> {
        let [low, middle, high, _] = self.device_status.to_le_bytes();
        let perfusion = sfloat(self.perfusion_hundredths_percent, 2);
        self.measurement_status
            .to_le_bytes()
            .into_iter()
            .chain([low, middle, high])
            .chain(perfusion)
    }
}

/// A PLX continuous measurement (2A5F), 12 bytes.
#[must_use]
pub fn plx_continuous(values: &PlxValues) -> Vec<u8> {
    const STATUSES_AND_PERFUSION: u8 = 0b1_1100;
    [STATUSES_AND_PERFUSION]
        .into_iter()
        .chain(tenths(values.spo2_tenths_percent))
        .chain(tenths(values.pulse_tenths_bpm))
        .chain(values.statuses_and_perfusion())
        .collect()
}

/// A PLX spot-check measurement (2A5E), 19 bytes.
#[must_use]
pub fn plx_spot_check(values: &PlxValues, time: DateTime, clock_not_set: bool) -> Vec<u8> {
    const EVERYTHING: u8 = 0b1111;
    const CLOCK_NOT_SET: u8 = 0b1_0000;
    [if clock_not_set {
        EVERYTHING | CLOCK_NOT_SET
    } else {
        EVERYTHING
    }]
    .into_iter()
    .chain(tenths(values.spo2_tenths_percent))
    .chain(tenths(values.pulse_tenths_bpm))
    .chain(time.year.to_le_bytes())
    .chain([time.month, time.day, time.hour, time.minute, time.second])
    .chain(values.statuses_and_perfusion())
    .collect()
}

/// A PC-60 frame around its data. More than 253 bytes of data do not fit: the rest is cut off.
#[must_use]
pub fn pc60_frame(token: u8, kind: u8, data: &[u8]) -> Vec<u8> {
    let data = data.get(..253).unwrap_or(data);
    let length = u8::try_from(data.len() + 2).unwrap_or(u8::MAX);
    let mut frame = vec![0xAA, 0x55, token, length, kind];
    frame.extend(data);
    frame.push(checksum(&frame));
    frame
}

/// The PC-60 parameters frame, once a second; 0 is "none".
#[must_use]
pub fn pc60_parameters(
    spo2_percent: u8,
    pulse_bpm: u16,
    perfusion_tenths_percent: u8,
    status: u8,
) -> Vec<u8> {
    let [pulse_low, pulse_high] = pulse_bpm.to_le_bytes();
    const BATTERY_FULL: u8 = 0xC0;
    pc60_frame(
        0x0F,
        0x01,
        &[
            spo2_percent,
            pulse_low,
            pulse_high,
            perfusion_tenths_percent,
            status,
            BATTERY_FULL,
        ],
    )
}

/// Five samples of the PC-60 pulse wave, 0 to 127 each; `beat` marks one of them.
#[must_use]
pub fn pc60_pleth(mut samples: [u8; 5], beat: Option<usize>) -> Vec<u8> {
    for (index, sample) in samples.iter_mut().enumerate() {
        *sample = *sample & 0x7F | if beat == Some(index) { 0x80 } else { 0 };
    }
    pc60_frame(0x0F, 0x02, &samples)
}

/// The PC-60 working status: mode, stage and two parameters.
#[must_use]
pub fn pc60_working_status(mode: u8, stage: u8, parameters: [u8; 2]) -> Vec<u8> {
    let [first, second] = parameters;
    pc60_frame(0x0F, 0x21, &[mode, stage, first, second])
}

/// The PC-60 battery in quarters, 0 to 3.
#[must_use]
pub fn pc60_battery(quarters: u8) -> Vec<u8> {
    pc60_frame(0xF0, 0x03, &[quarters])
}

#[cfg(test)]
mod tests {
    use ward_oximeter::judge;
    use ward_oximeter::pc60::{Body, Pc60Frame};
    use ward_oximeter::plx::{Continuous, SpotCheck};
    use ward_oximeter::sfloat::Sfloat;

    use super::*;

    #[test]
    fn every_number_that_fits_is_read_back_exactly() {
        for mantissa in 0..=2045 {
            for decimals in 0..=3 {
                let number = Sfloat::from_le_bytes(sfloat(mantissa, decimals))
                    .number()
                    .unwrap();
                assert_eq!(number.scaled(decimals), i64::from(mantissa));
            }
        }
        // 300 beats in tenths do not fit; the decimal goes, not the number.
        assert_eq!(
            Sfloat::from_le_bytes(sfloat(3000, 1))
                .number()
                .unwrap()
                .to_string(),
            "300"
        );
    }

    #[test]
    fn plx_measurements_are_read_back_as_they_were_meant() {
        for spo2 in 500..=1000 {
            let values = PlxValues {
                spo2_tenths_percent: Some(spo2),
                pulse_tenths_bpm: Some(spo2 + 1000),
                perfusion_hundredths_percent: spo2,
                measurement_status: 0x20,
                device_status: 0x20,
            };
            let time = DateTime {
                year: 2026,
                month: 11,
                day: 21,
                hour: 14,
                minute: 5,
                second: 9,
            };
            let live = Continuous::decode(&plx_continuous(&values)).unwrap();
            let check = SpotCheck::decode(&plx_spot_check(&values, time, true)).unwrap();
            for judged in [judge::continuous(&live), judge::spot_check(&check)] {
                let value = judged.unwrap();
                assert_eq!(value.spo2_tenths_percent, spo2);
                assert_eq!(value.pulse_tenths_bpm, Some(spo2 + 1000));
                assert_eq!(value.perfusion_hundredths_percent, Some(spo2));
                assert_eq!(value.doubts.names().collect::<Vec<_>>(), ["low_perfusion"]);
            }
            assert_eq!(check.timestamp.unwrap().valid(), Some(time));
            assert!(check.clock_not_set());
        }
    }

    #[test]
    fn pc60_frames_are_read_back_as_they_were_meant() {
        let body = |bytes: Vec<u8>| Pc60Frame::decode(&bytes).unwrap().body;
        for spo2 in 1..=100 {
            let Body::Parameters(read) =
                body(pc60_parameters(spo2, 250 + u16::from(spo2), spo2, 0x20))
            else {
                panic!("not parameters")
            };
            assert_eq!(read.spo2_percent, Some(spo2));
            assert_eq!(read.pulse_bpm, Some(250 + u16::from(spo2)));
            assert_eq!(read.perfusion_tenths_percent, Some(spo2));
            assert_eq!(read.status_names().collect::<Vec<_>>(), ["low_perfusion"]);
        }
        let Body::Pleth(pleth) = body(pc60_pleth([1, 2, 127, 4, 0], Some(2))) else {
            panic!("not a wave")
        };
        assert_eq!(
            (pleth.samples(), pleth.beats().collect::<Vec<_>>()),
            ([1, 2, 127, 4, 0], vec![2])
        );
        assert_eq!(body(pc60_battery(3)), Body::Battery(3));
        assert!(
            matches!(body(pc60_working_status(1, 3, [97, 72])), Body::WorkingStatus(status) if status.result() == Some([97, 72]))
        );
    }
}
