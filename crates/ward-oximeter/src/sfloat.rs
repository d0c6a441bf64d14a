//! SFLOAT (medfloat16): 16-bit decimal numbers of IEEE 11073-20601, as the Bluetooth GATT Specification Supplement has them.

use std::fmt;

/// A 16-bit medical float: a decimal number, or a word that says why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sfloat {
    /// An exact decimal.
    Number(Decimal),
    /// A reserved word.
    Special(Special),
}

/// `mantissa × 10^exponent`, exact; a negative exponent is the number of decimals that the device sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// −2048 to 2047.
    pub mantissa: i16,
    /// −8 to 7.
    pub exponent: i8,
}

/// The reserved words of SFLOAT (IEEE 11073-20601; HL7 PHD, page FLOATS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Not a number: not available.
    NotANumber,
    /// Not at this resolution.
    NotAtThisResolution,
    /// Too large.
    PositiveInfinity,
    /// Too small.
    NegativeInfinity,
    /// Reserved for future use.
    Reserved,
}

impl Sfloat {
    /// Decodes the 16 bits of a value (already put together from its little-endian bytes).
    ///
    /// The reserved words have exponent 0; the same mantissa with another exponent is a plain number, as in the standard.
    #[must_use]
    pub fn from_bits(bits: u16) -> Self {
        match bits {
            0x07FF => Self::Special(Special::NotANumber),
            0x0800 => Self::Special(Special::NotAtThisResolution),
            0x07FE => Self::Special(Special::PositiveInfinity),
            0x0802 => Self::Special(Special::NegativeInfinity),
            0x0801 => Self::Special(Special::Reserved),
            _ => {
                let [high, _] = bits.to_be_bytes();
                let mantissa = (bits << 4).cast_signed() >> 4;
                Self::Number(Decimal {
                    mantissa,
                    exponent: high.cast_signed() >> 4,
                })
            }
        }
    }

    /// Decodes two little-endian bytes.
    #[must_use]
    pub fn from_le_bytes(bytes: [u8; 2]) -> Self {
        Self::from_bits(u16::from_le_bytes(bytes))
    }

    /// The number, when it is one.
    #[must_use]
    pub const fn number(self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(number),
            Self::Special(_) => None,
        }
    }

    /// The reserved word, when it is one.
    #[must_use]
    pub const fn special(self) -> Option<Special> {
        match self {
            Self::Number(_) => None,
            Self::Special(special) => Some(special),
        }
    }
}

impl Decimal {
    /// The value in units of `10^-places`, rounded down (towards minus infinity): `tenths` are `scaled(1)`.
    ///
    /// Down, because a rounded-up saturation could climb over a limit. `places` beyond 8 count as 8.
    #[must_use]
    pub fn scaled(self, places: u8) -> i64 {
        let power = i32::from(self.exponent) + i32::from(places.min(8));
        let factor = 10_i64.saturating_pow(power.unsigned_abs());
        let mantissa = i64::from(self.mantissa);
        if power >= 0 {
            mantissa.saturating_mul(factor)
        } else {
            mantissa.div_euclid(factor)
        }
    }

    /// Whether the exact value lies in `low..=high`.
    #[must_use]
    pub fn is_within(self, low: u16, high: u16) -> bool {
        const EXACT_PLACES: u8 = 8;
        const ONE: i64 = 100_000_000;
        (i64::from(low) * ONE..=i64::from(high) * ONE).contains(&self.scaled(EXACT_PLACES))
    }
}

impl fmt::Display for Decimal {
    /// All digits that the device sent, and no others: `98`, `98.0`, `0.00000098`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(decimals) = usize::try_from(-i32::from(self.exponent)) else {
            return write!(f, "{}", self.scaled(0));
        };
        if decimals == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let factor = 10_u64.saturating_pow(self.exponent.unsigned_abs().into());
        let digits = u64::from(self.mantissa.unsigned_abs());
        write!(
            f,
            "{sign}{}.{:0decimals$}",
            digits / factor,
            digits % factor
        )
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "NaN",
            Self::NotAtThisResolution => "NRes",
            Self::PositiveInfinity => "+INF",
            Self::NegativeInfinity => "-INF",
            Self::Reserved => "RFU",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(bits: u16) -> Decimal {
        Sfloat::from_bits(bits).number().unwrap()
    }

    #[test]
    fn one_number_has_several_encodings_and_each_keeps_its_decimals() {
        let shown: Vec<_> = [0x0064, 0xF3E8, 0x100A, 0x8062]
            .map(|bits| decimal(bits).to_string())
            .into();
        assert_eq!(shown, ["100", "100.0", "100", "0.00000098"]);
        assert_eq!(decimal(0xFFFF).to_string(), "-0.1");
    }

    #[test]
    fn tenths_are_cut_off_never_rounded_up() {
        // 92.97, sent with two decimals, does not fit twelve bits; 9.29 does.
        assert_eq!(
            Decimal {
                mantissa: 929,
                exponent: -2
            }
            .scaled(1),
            92
        );
        assert_eq!(
            Decimal {
                mantissa: -1,
                exponent: -2
            }
            .scaled(1),
            -1
        );
        assert_eq!(
            Decimal {
                mantissa: 98,
                exponent: 0
            }
            .scaled(1),
            980
        );
    }

    #[test]
    fn a_range_is_judged_exactly() {
        assert!(decimal(0x0064).is_within(1, 100));
        assert!(
            !Decimal {
                mantissa: 1001,
                exponent: -1
            }
            .is_within(1, 100)
        );
        assert!(!decimal(0x8062).is_within(1, 100));
    }

    proptest! {
        #[test]
        fn every_word_is_shown_as_the_number_it_is(bits: u16) {
            if let Some(number) = Sfloat::from_bits(bits).number() {
                let shown: f64 = number.to_string().parse().unwrap();
                let exact = f64::from(number.mantissa) * 10_f64.powi(number.exponent.into());
                prop_assert!((shown - exact).abs() <= exact.abs() * 1e-12);
            }
        }
    }
}
