//! One packet of five bytes.

use crate::error::DecodeError;

/// A hundredth of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet([u8; 5]);

impl Packet {
    /// Bytes.
    pub const LENGTH: usize = 5;

    const SYNC: u8 = 0x80;
    const NO_SIGNAL: u8 = 1 << 4;
    const PROBE_UNPLUGGED: u8 = 1 << 5;
    const BEEP: u8 = 1 << 6;
    const NO_FINGER: u8 = 1 << 4;
    const SEARCHING: u8 = 1 << 5;
    const PULSE_BIT_7: u8 = 1 << 6;

    /// Decodes bytes that begin with a packet.
    ///
    /// # Errors
    /// [`DecodeError::Sync`] when bit 7 is not set in the first byte and in no other, [`DecodeError::FrameTruncated`] when
    /// bytes are missing.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let begins = |at: usize, byte: u8| (byte & Self::SYNC != 0) == (at == 0);
        let sent = bytes.iter().take(Self::LENGTH).enumerate();
        if !sent.into_iter().all(|(at, byte)| begins(at, *byte)) {
            return Err(DecodeError::Sync);
        }
        let packet = bytes.first_chunk().ok_or(DecodeError::FrameTruncated)?;
        Ok(Self(*packet))
    }

    const fn first_has(self, bit: u8) -> bool {
        let [first, ..] = self.0;
        first & bit != 0
    }

    const fn third_has(self, bit: u8) -> bool {
        let [_, _, third, ..] = self.0;
        third & bit != 0
    }

    /// Strength of the signal, 0 to 8.
    #[must_use]
    pub const fn signal(self) -> u8 {
        let [first, ..] = self.0;
        first & 0x0F
    }

    /// No signal, or searched for too long.
    #[must_use]
    pub const fn has_no_signal(self) -> bool {
        self.first_has(Self::NO_SIGNAL)
    }

    /// The probe is not plugged in.
    #[must_use]
    pub const fn is_probe_unplugged(self) -> bool {
        self.first_has(Self::PROBE_UNPLUGGED)
    }

    /// The device beeps: a heart beat.
    #[must_use]
    pub const fn beeps(self) -> bool {
        self.first_has(Self::BEEP)
    }

    /// The finger is out.
    #[must_use]
    pub const fn has_no_finger(self) -> bool {
        self.third_has(Self::NO_FINGER)
    }

    /// Searching for the pulse.
    #[must_use]
    pub const fn is_searching(self) -> bool {
        self.third_has(Self::SEARCHING)
    }

    /// The pulse wave, 1 to 100.
    #[must_use]
    pub fn pleth(self) -> Option<u8> {
        let [_, pleth, ..] = self.0;
        (pleth != 0).then_some(pleth)
    }

    /// The bar on the display, 0 to 15.
    #[must_use]
    pub const fn bar(self) -> u8 {
        let [_, _, third, ..] = self.0;
        third & 0x0F
    }

    /// Beats a minute.
    #[must_use]
    pub fn pulse_bpm(self) -> Option<u8> {
        let [.., low, _] = self.0;
        let high = if self.third_has(Self::PULSE_BIT_7) {
            0x80
        } else {
            0
        };
        Some(low | high).filter(|pulse| *pulse != 255)
    }

    /// Percent.
    #[must_use]
    pub fn spo2_percent(self) -> Option<u8> {
        let [.., spo2] = self.0;
        (spo2 != 127).then_some(spo2)
    }

    /// What a new packet must say differently to be news: two of flags, then the values. The wave, the bar, the beep and the
    /// signal's strength are none.
    pub(super) const fn says(self) -> [u8; 4] {
        let [first, _, third, pulse, spo2] = self.0;
        [
            first & (Self::NO_SIGNAL | Self::PROBE_UNPLUGGED),
            third & (Self::NO_FINGER | Self::SEARCHING),
            pulse | (third & Self::PULSE_BIT_7) << 1,
            spo2,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pulse_has_its_highest_bit_in_another_byte() {
        let pulse = |third, low| {
            Packet::decode(&[0x88, 50, third, low, 97])
                .unwrap()
                .pulse_bpm()
        };
        assert_eq!(pulse(0x05, 72), Some(72));
        assert_eq!(pulse(0x45, 12), Some(140));
        assert_eq!(pulse(0x45, 0x7F), None);
        assert_eq!(pulse(0x05, 0x7F), Some(127));
    }

    #[test]
    fn a_shifted_or_short_packet_is_refused() {
        let error = |bytes: &[u8]| Packet::decode(bytes).unwrap_err();
        assert_eq!(error(&[0x32, 5, 0x48, 0x62, 0x88]), DecodeError::Sync);
        assert_eq!(error(&[0x88, 5, 0x48, 0x88, 50]), DecodeError::Sync);
        assert_eq!(error(&[0xFF, 0xAA, 1, 0, 97]), DecodeError::Sync);
        assert_eq!(error(&[0x88, 50, 5, 72]), DecodeError::FrameTruncated);
        assert_eq!(error(&[]), DecodeError::FrameTruncated);
    }
}
