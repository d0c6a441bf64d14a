//! What PC-60 frames say, by token and type.

use crate::device_info::text;
use crate::error::DecodeError;
use crate::plx::set_names;

/// The body of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `0F/01`, once a second.
    Parameters(Parameters),
    /// `0F/02`, about ten times a second.
    Pleth(Pleth),
    /// `0F/03`.
    Version(Version),
    /// `0F/21`.
    WorkingStatus(WorkingStatus),
    /// `F0/03`: battery in quarters, 0 to 3.
    Battery(u8),
    /// Anything else: commands, answers, and what nobody has described.
    Other(Vec<u8>),
}

/// The measured values. The device goes on sending the last ones for 2 to 3 s after the finger has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Percent; 0 is sent for "none".
    pub spo2_percent: Option<u8>,
    /// Beats a minute; 0 is sent for "none".
    pub pulse_bpm: Option<u16>,
    /// Tenths of a percent; 0 is sent for "none".
    pub perfusion_tenths_percent: Option<u8>,
    /// Status bits.
    pub status: u8,
    /// Bits 6 and 7 look like the battery quarter; the rest is not known.
    pub last_byte: u8,
}

/// Five samples of the pulse wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pleth(pub [u8; 5]);

/// Versions and the name of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// One digit each half byte: 0x20 is 2.0.
    pub software: u8,
    /// The same.
    pub hardware: u8,
    /// Such as `PC-60NW`.
    pub name: String,
}

/// What a device with a spot mode is doing (SDK of the maker: mode, step, two parameters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingStatus {
    /// 1 spot check, 2 continuous.
    pub mode: u8,
    /// In spot mode: 0 idle, 1 preparing, 2 measuring, 3 result, 4 analysing, 5 finished.
    pub stage: u8,
    /// Stage 2: seconds left. Stage 3: SpO2 and pulse.
    pub parameters: [u8; 2],
}

impl Parameters {
    /// Reserved by the maker; taken as it reads.
    pub const PROBE_DISCONNECTED: u8 = 1 << 0;
    /// No finger (a real removal was captured).
    pub const PROBE_OFF: u8 = 1 << 1;
    /// Searching for the pulse.
    pub const PULSE_SEARCHING: u8 = 1 << 2;
    /// The probe sits badly.
    pub const CHECK_PROBE: u8 = 1 << 3;
    /// Motion.
    pub const MOTION: u8 = 1 << 4;
    /// Low perfusion.
    pub const LOW_PERFUSION: u8 = 1 << 5;

    const NAMES: [&'static str; 8] = [
        "probe_disconnected",
        "probe_off",
        "pulse_searching",
        "check_probe",
        "motion",
        "low_perfusion",
        "rfu6",
        "rfu7",
    ];

    /// Whether a status bit is set.
    #[must_use]
    pub const fn has(&self, bit: u8) -> bool {
        self.status & bit != 0
    }

    /// Names of the set status bits, lowest first.
    pub fn status_names(&self) -> impl Iterator<Item = &'static str> {
        set_names(self.status.into(), &Self::NAMES)
    }
}

impl Pleth {
    /// The five 7-bit samples.
    #[must_use]
    pub fn samples(self) -> [u8; 5] {
        self.0.map(|byte| byte & 0x7F)
    }

    /// Indices of the samples that carry a beat mark (bit 7).
    pub fn beats(self) -> impl Iterator<Item = usize> {
        self.0
            .into_iter()
            .enumerate()
            .filter(|(_, byte)| byte & 0x80 != 0)
            .map(|(index, _)| index)
    }

    /// No pulse wave at all: what is sent once the finger has gone.
    #[must_use]
    pub fn is_flat(self) -> bool {
        self.samples() == [0; 5]
    }
}

impl WorkingStatus {
    /// A spot measurement is under way: its result comes by itself.
    #[must_use]
    pub const fn is_measuring(self) -> bool {
        self.mode == 1 && matches!(self.stage, 1 | 2)
    }

    /// The device's own final values of a spot measurement, SpO2 in percent and pulse: stage 3.
    #[must_use]
    pub const fn result(self) -> Option<[u8; 2]> {
        if self.mode == 1 && self.stage == 3 {
            Some(self.parameters)
        } else {
            None
        }
    }
}

impl Body {
    pub(super) fn decode(token: u8, kind: u8, data: &[u8]) -> Result<Self, DecodeError> {
        Ok(match (token, kind, data) {
            (
                0x0F,
                0x01,
                [
                    spo2,
                    pulse_low,
                    pulse_high,
                    perfusion,
                    status,
                    last_byte,
                    ..,
                ],
            ) => {
                let pulse = u16::from_le_bytes([*pulse_low, *pulse_high]);
                Self::Parameters(Parameters {
                    spo2_percent: (*spo2 != 0).then_some(*spo2),
                    pulse_bpm: (pulse != 0).then_some(pulse),
                    perfusion_tenths_percent: (*perfusion != 0).then_some(*perfusion),
                    status: *status,
                    last_byte: *last_byte,
                })
            }
            (0x0F, 0x02, [a, b, c, d, e, ..]) => Self::Pleth(Pleth([*a, *b, *c, *d, *e])),
            (0x0F, 0x03, [software, hardware, name @ ..]) => Self::Version(Version {
                software: *software,
                hardware: *hardware,
                name: text(name),
            }),
            (0x0F, 0x21, [mode, stage, rest @ ..]) => {
                let at = |index: usize| rest.get(index).copied().unwrap_or(0);
                Self::WorkingStatus(WorkingStatus {
                    mode: *mode,
                    stage: *stage,
                    parameters: [at(0), at(1)],
                })
            }
            (0xF0, 0x03, [level, ..]) => Self::Battery(*level),
            (0x0F, 0x01 | 0x02 | 0x03 | 0x21, _) | (0xF0, 0x03, _) => {
                return Err(DecodeError::FrameTruncated);
            }
            _ => Self::Other(data.to_vec()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wave_and_its_beat_marks_share_a_byte() {
        let pleth = Pleth([0x55, 0x5E, 0x61, 0xE0, 0x5A]);
        assert_eq!(pleth.samples(), [0x55, 0x5E, 0x61, 0x60, 0x5A]);
        assert_eq!(pleth.beats().collect::<Vec<_>>(), [3]);
        assert!(Pleth([0, 0, 0, 0x80, 0]).is_flat());
    }

    #[test]
    fn a_version_frame_carries_the_models_name() {
        let body = Body::decode(0x0F, 0x03, b"\x20\x10PC-60NW").unwrap();
        assert!(
            matches!(body, Body::Version(Version { software: 0x20, name, .. }) if name == "PC-60NW")
        );
    }

    #[test]
    fn only_stage_three_of_spot_mode_is_a_result() {
        let at = |mode, stage| {
            WorkingStatus {
                mode,
                stage,
                parameters: [97, 70],
            }
            .result()
        };
        assert_eq!(
            [at(1, 3), at(1, 2), at(1, 5), at(2, 3)],
            [Some([97, 70]), None, None, None]
        );
    }
}
