//! CRC-8 with the polynomial 0x07, start 0, not reflected: Viatom's oxy and OxyII frames, and Masimo's.

/// The checksum of these bytes; over bytes and their own checksum it is 0.
#[must_use]
pub(crate) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| {
            if crc & 0x80 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x07
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(crc8(b"123456789"), 0xF4);
        assert_eq!(crc8(&[0xAA, 0x17, 0xE8, 0, 0, 0, 0, 0x1B]), 0);
        assert_eq!(crc8(&[0xA5, 0xE1, 0x1E, 0, 2, 0, 0]), 0xBF);
    }
}
