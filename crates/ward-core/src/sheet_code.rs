//! The code that is printed on a sheet of somebody's paper diary: whose it is, and with which day it begins.
//!
//! It is no secret and names nobody: it is found again only among the stays of a ward, by somebody who may write for its
//! patients, and they compare name and date of birth with the sheet. One wrong or swapped letter makes it no code at all,
//! so that a slip of the hand does not end on a neighbour's chart (hazard H01).

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::id::StayId;

/// Thirty-one, a prime, so that every single slip and every swap shows in the sum. Without I, L, O and U, which are read
/// as other things, and without V.
const LETTERS: &str = "0123456789ABCDEFGHJKMNPQRSTWXYZ";
const BASE: u32 = 31;

const OF_STAY: usize = 6;
const OF_DAY: usize = 2;
const LENGTH: usize = OF_STAY + OF_DAY + 1;

/// Marks of stays are made in here.
const SHEETS: Uuid = Uuid::from_u128(0x5b7a_c3f2_90d6_4e1b_9f24_61aa_0c3d_7e58);

/// The code of one sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SheetCode {
    stay: u32,
    day: u16,
}

/// Why something is no code of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASheetCode {
    /// Too short or too long.
    #[error("a code has {LENGTH} letters and digits, such as 4K7-Q2M-01D")]
    Length,
    /// A letter that no code has.
    #[error("no code has the letter {0}: look at it again")]
    Letter(char),
    /// One of them is wrong, or two are swapped.
    #[error("this code has a slip in it: compare each letter with the sheet")]
    Slip,
}

impl SheetCode {
    /// Of the sheet of this stay that begins with this day of it; day 1 is the day of admission.
    #[must_use]
    pub fn of(stay: StayId, day: u16) -> Self {
        Self {
            stay: mark(stay),
            day: day % 961,
        }
    }

    /// Whether it may be a sheet of this stay: one in 887 million others would look the same.
    #[must_use]
    pub fn is_of(self, stay: StayId) -> bool {
        self.stay == mark(stay)
    }

    /// With which day of the stay the sheet begins.
    #[must_use]
    pub const fn day(self) -> u16 {
        self.day
    }

    fn digits(self) -> [u32; LENGTH] {
        let mut digits = [0; LENGTH];
        let (mut stay, mut day) = (self.stay, u32::from(self.day));
        let (of_stay, rest) = digits.split_at_mut(OF_STAY);
        for digit in of_stay.iter_mut().rev() {
            *digit = stay % BASE;
            stay /= BASE;
        }
        for digit in rest.iter_mut().take(OF_DAY).rev() {
            *digit = day % BASE;
            day /= BASE;
        }
        let sum = weighed(&digits);
        if let Some(check) = digits.last_mut() {
            *check = sum;
        }
        digits
    }
}

fn mark(stay: StayId) -> u32 {
    let made = Uuid::new_v5(&SHEETS, stay.0.as_bytes());
    let (_, marks) = made.as_u64_pair();
    let most = u64::from(BASE.pow(6));
    u32::try_from(marks % most).unwrap_or_default()
}

/// What the last letter must be.
fn weighed(digits: &[u32; LENGTH]) -> u32 {
    let weights = 2..;
    let sum: u32 = digits
        .iter()
        .take(LENGTH - 1)
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % BASE
}

impl fmt::Display for SheetCode {
    /// `4K7-Q2M-01D`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.digits().into_iter().enumerate() {
            if place > 0 && place.is_multiple_of(3) {
                f.write_str("-")?;
            }
            let letter = usize::try_from(digit)
                .ok()
                .and_then(|digit| LETTERS.chars().nth(digit));
            write!(f, "{}", letter.unwrap_or('0'))?;
        }
        Ok(())
    }
}

impl FromStr for SheetCode {
    type Err = NotASheetCode;

    /// However it is written: `4k7q2m01d`, with an O for a nought.
    fn from_str(typed: &str) -> Result<Self, NotASheetCode> {
        let letters = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–' | '.' | '_'));
        let mut digits = [0; LENGTH];
        let mut places = digits.iter_mut();
        for letter in letters {
            let place = places.next().ok_or(NotASheetCode::Length)?;
            *place = value(letter).ok_or(NotASheetCode::Letter(letter))?;
        }
        if places.next().is_some() {
            return Err(NotASheetCode::Length);
        }
        let [of_stay @ .., day_high, day_low, check] = digits;
        if weighed(&digits) != check {
            return Err(NotASheetCode::Slip);
        }
        let stay = of_stay.iter().fold(0, |sum, digit| sum * BASE + digit);
        let day = u16::try_from(day_high * BASE + day_low).unwrap_or_default();
        Ok(Self { stay, day })
    }
}

fn value(letter: char) -> Option<u32> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = LETTERS.chars().position(|known| known == letter)?;
    u32::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_code() -> SheetCode {
        SheetCode::of(StayId(Uuid::from_u128(0x00A5_7C01)), 8)
    }

    #[test]
    fn a_code_comes_back_as_it_was_printed_however_it_is_typed() {
        for stay in 0..2_000 {
            let stay = StayId(Uuid::from_u128(stay));
            for day in [1, 8, 15, 960] {
                let code = SheetCode::of(stay, day);
                let printed = code.to_string();
                assert_eq!(printed.len(), 11, "{printed}");
                let back: SheetCode = printed.parse().unwrap();
                assert_eq!((back, back.day()), (code, day));
                assert!(back.is_of(stay));
            }
        }
        let printed = a_code().to_string();
        for typed in [
            printed.to_lowercase(),
            printed.replace('-', ""),
            format!(" {} ", printed.replace('-', " ")),
            printed.replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(typed.parse(), Ok(a_code()), "{typed}");
        }
    }

    #[test]
    fn one_wrong_letter_or_two_swapped_ones_are_no_code() {
        let printed: Vec<char> = a_code().to_string().replace('-', "").chars().collect();
        for place in 0..printed.len() {
            for letter in LETTERS.chars().filter(|letter| *letter != printed[place]) {
                let mut wrong = printed.clone();
                wrong[place] = letter;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(wrong.parse::<SheetCode>(), Err(NotASheetCode::Slip));
            }
            for other in (0..place).filter(|other| printed[*other] != printed[place]) {
                let mut swapped = printed.clone();
                swapped.swap(place, other);
                let swapped: String = swapped.into_iter().collect();
                assert_eq!(swapped.parse::<SheetCode>(), Err(NotASheetCode::Slip));
            }
        }
    }

    #[test]
    fn what_cannot_be_a_code_says_what_is_wrong_with_it() {
        assert_eq!("4K7".parse::<SheetCode>(), Err(NotASheetCode::Length));
        assert_eq!("".parse::<SheetCode>(), Err(NotASheetCode::Length));
        let long = format!("{}0", a_code());
        assert_eq!(long.parse::<SheetCode>(), Err(NotASheetCode::Length));
        assert_eq!(
            "4K7-Q2M-0#D".parse::<SheetCode>(),
            Err(NotASheetCode::Letter('#'))
        );
    }
}
