//! A person, as the ward needs to know them to reach them and to act.

mod details;

use serde::{Deserialize, Serialize};

pub use details::{
    Details, DetailsRefused, GpPractice, HomeCheck, LINE, NEXT_OF_KIN_AT_MOST, NextOfKin,
    PARAGRAPH, ReachedThrough, Relay, Sex, TooLong, fits,
};

use crate::id::PatientId;

/// A patient. Beside every red alert stands what a person needs to act: who, where, how to get in, who else is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Ours; the only identifier that events, logs and addresses of pages carry.
    pub id: PatientId,
    /// Checked.
    pub nhs_number: NhsNumber,
    /// As the person writes it.
    pub family_name: String,
    /// As the person writes it.
    pub given_name: String,
    /// Year, month, day.
    pub birth_date: BirthDate,
    /// Where the person is reached.
    pub phone: String,
    /// Where the person is.
    pub address: String,
    /// How to get in: key safe, side door.
    pub door_access: String,
    /// Who else is at home.
    pub others_at_home: String,
    /// Oxygen at home: flow and device, or none.
    pub oxygen_at_home: String,
    /// The treatment-escalation plan, and the person's wishes.
    pub escalation_plan: String,
    /// How to talk to them, through whom they are reached, what their home can carry.
    pub details: Details,
}

impl Patient {
    /// The name as NHS services write it: family name in capitals first, so that it is not taken for the given name.
    #[must_use]
    pub fn display_name(&self) -> String {
        format!("{}, {}", self.family_name.to_uppercase(), self.given_name)
    }
}

/// A day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BirthDate(pub jiff::civil::Date);

impl std::str::FromStr for BirthDate {
    type Err = jiff::Error;

    /// Year-month-day, `1948-03-09`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl BirthDate {
    /// As NHS screens write it: `09-Mar-1948`, with the month in letters so that it cannot be read the other way round.
    #[must_use]
    pub fn on_screen(self) -> String {
        self.0.strftime("%d-%b-%Y").to_string()
    }
}

/// An NHS number whose check digit is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NhsNumber(String);

/// Why a text is not an NHS number, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnNhsNumber {
    /// Not ten digits.
    #[error("an NHS number has 10 digits, for example 999 123 4560: check that none is missing")]
    NotTenDigits,
    /// A digit is wrong or two have changed places.
    #[error("the check digit does not fit: one of the digits is wrong, or two have changed places")]
    CheckDigit,
    /// All ten digits are the same.
    #[error("ten equal digits are not an NHS number")]
    AllTheSame,
}

impl std::str::FromStr for NhsNumber {
    type Err = NotAnNhsNumber;

    /// Ten digits, with or without the 3-3-4 spacing. The check is modulus 11 with weights 10 to 2 (NHS Data
    /// Dictionary, NHS NUMBER); a check value of 10 is never issued.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '\u{a0}'))
            .collect();
        let digits: Vec<u32> = bare
            .chars()
            .map(|c| c.to_digit(10))
            .collect::<Option<_>>()
            .ok_or(NotAnNhsNumber::NotTenDigits)?;
        let [body @ .., check] = digits.as_slice() else {
            return Err(NotAnNhsNumber::NotTenDigits);
        };
        if body.len() != 9 {
            return Err(NotAnNhsNumber::NotTenDigits);
        }
        if body.iter().all(|digit| digit == check) {
            return Err(NotAnNhsNumber::AllTheSame);
        }
        let sum: u32 = body
            .iter()
            .zip((2..=10).rev())
            .map(|(digit, weight)| digit * weight)
            .sum();
        let expected = (11 - sum % 11) % 11;
        if expected == *check {
            Ok(Self(bare))
        } else {
            Err(NotAnNhsNumber::CheckDigit)
        }
    }
}

impl NhsNumber {
    /// The ten digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for NhsNumber {
    /// With the 3-3-4 spacing of NHS screens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0.get(..3), self.0.get(3..6), self.0.get(6..)) {
            (Some(first), Some(second), Some(third)) => write!(f, "{first} {second} {third}"),
            _ => f.write_str(&self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_with_and_without_spaces() {
        for text in ["943 476 5919", "9434765919", "943-476-5919"] {
            assert_eq!(
                text.parse::<NhsNumber>().unwrap().to_string(),
                "943 476 5919"
            );
        }
    }

    #[test]
    fn a_wrong_digit_or_two_swapped_neighbours_are_always_noticed() {
        let good = "9434765919";
        for place in 0..10 {
            for digit in '0'..='9' {
                let mut other: Vec<char> = good.chars().collect();
                other[place] = digit;
                let other: String = other.into_iter().collect();
                assert_eq!(other.parse::<NhsNumber>().is_ok(), other == good, "{other}");
            }
        }
        for place in 0..9 {
            let mut other: Vec<char> = good.chars().collect();
            other.swap(place, place + 1);
            let other: String = other.into_iter().collect();
            assert_eq!(other.parse::<NhsNumber>().is_ok(), other == good, "{other}");
        }
    }

    #[test]
    fn ten_equal_digits_short_ones_and_letters_are_refused_each_with_its_reason() {
        assert_eq!(
            "0000000000".parse::<NhsNumber>(),
            Err(NotAnNhsNumber::AllTheSame)
        );
        assert_eq!(
            "943476591".parse::<NhsNumber>(),
            Err(NotAnNhsNumber::NotTenDigits)
        );
        assert_eq!(
            "94347659l9".parse::<NhsNumber>(),
            Err(NotAnNhsNumber::NotTenDigits)
        );
        assert_eq!(
            "9434765918".parse::<NhsNumber>(),
            Err(NotAnNhsNumber::CheckDigit)
        );
    }

    #[test]
    fn a_birth_date_on_screen_cannot_be_read_the_american_way() {
        assert_eq!(
            "1948-03-09".parse::<BirthDate>().unwrap().on_screen(),
            "09-Mar-1948"
        );
    }
}
