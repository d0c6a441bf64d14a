//! Small values beside the measurements: Battery Level (2A19), System ID (2A23), the texts of Device Information (180A).

use std::fmt;

use crate::error::DecodeError;
use crate::fields::Fields;

/// Battery Level (2A19; Battery Service 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatteryLevel {
    /// The byte as sent.
    pub raw: u8,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl BatteryLevel {
    /// Decodes a Battery Level value.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] when it is empty.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        Ok(Self {
            raw: fields.u8("level")?,
            trailing: fields.trailing(),
        })
    }

    /// Percent; `None` over 100, which some devices send for "not known".
    #[must_use]
    pub fn percent(self) -> Option<u8> {
        (self.raw <= 100).then_some(self.raw)
    }
}

/// System ID (2A23): a 40-bit manufacturer number and a 24-bit OUI, least significant byte first.
///
/// Not an identity by itself: some vendors send zeros, or the same for every unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SystemId(pub [u8; 8]);

impl SystemId {
    /// Decodes a System ID value.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] when there are fewer than eight bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self(Fields::new(bytes).take("system_id")?))
    }
}

impl fmt::Display for SystemId {
    /// As EUI-64: sixteen hex digits, the reverse of the order on the air (HL7 PHD, Nonin example).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .rev()
            .try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// A text of the Device Information Service, without the zeros and blanks that pad it. Longer than 248 bytes no value can be.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let bytes = bytes.get(..248).unwrap_or(bytes);
    String::from_utf8_lossy(bytes)
        .trim_matches(|c: char| c == '\0' || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_battery_over_a_hundred_percent_is_not_known() {
        assert_eq!(BatteryLevel::decode(&[100]).unwrap().percent(), Some(100));
        assert_eq!(BatteryLevel::decode(&[255]).unwrap().percent(), None);
    }

    #[test]
    fn a_text_loses_its_padding_and_survives_bad_utf8() {
        assert_eq!(text(b"PC-60FW\0\0\0"), "PC-60FW");
        assert_eq!(text(&[b'A', 0xFF]), "A\u{FFFD}");
    }
}
