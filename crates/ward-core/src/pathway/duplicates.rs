//! Who may be the same person: shown to whoever registers somebody, never decided by itself.

use serde::{Deserialize, Serialize};

use crate::patient::{BirthDate, NhsNumber};

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Checked.
    pub nhs_number: NhsNumber,
    /// As the person writes it.
    pub family_name: String,
    /// As the person writes it.
    pub given_name: String,
    /// Day of birth.
    pub birth_date: BirthDate,
    /// As it was given.
    pub phone: String,
}

/// Why two records may be one person, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same NHS number.
    SameNumber,
    /// Born on the same day, and the number differs in one digit or two neighbours have changed places.
    NearlyTheSameNumber,
    /// Born on the same day, and the names are the same, nearly the same, or the other way round.
    SameNameAndBirth,
    /// The same names and phone, born on another day: one of the dates may be wrong.
    SameNameAndPhone,
}

/// Why these two may be the same person, if they may.
#[must_use]
pub fn likeness(one: &Person, other: &Person) -> Option<Likeness> {
    let same_birth = one.birth_date == other.birth_date;
    if one.nhs_number == other.nhs_number {
        Some(Likeness::SameNumber)
    } else if same_birth && nearly(one.nhs_number.digits(), other.nhs_number.digits()) {
        Some(Likeness::NearlyTheSameNumber)
    } else if same_birth && names_are_alike(one, other) {
        Some(Likeness::SameNameAndBirth)
    } else if names_are_alike(one, other) && same_phone(&one.phone, &other.phone) {
        Some(Likeness::SameNameAndPhone)
    } else {
        None
    }
}

fn names_are_alike(one: &Person, other: &Person) -> bool {
    let (family, given) = (search_name(&one.family_name), search_name(&one.given_name));
    let (other_family, other_given) = (
        search_name(&other.family_name),
        search_name(&other.given_name),
    );
    let in_order = nearly(&family, &other_family) && first_names_are_alike(&given, &other_given);
    in_order || (family == other_given && given == other_family)
}

/// "Jo" and "Joanna", "Ada" and "Adda".
fn first_names_are_alike(one: &str, other: &str) -> bool {
    nearly(one, other) || one.starts_with(other) || other.starts_with(one)
}

fn same_phone(one: &str, other: &str) -> bool {
    let (one, other) = (phone_digits(one), phone_digits(other));
    !one.is_empty() && one == other
}

/// A name as it is searched by: small letters, without accents that a keyboard lacks, hyphens, apostrophes and blanks.
#[must_use]
pub fn search_name(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(plain)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The letters of Western and Central European names, as somebody in a hurry types them.
const fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ľ' | 'ł' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        other => other,
    }
}

/// A phone number as it is searched by: its digits, `+44` and `0044` written as `0`.
#[must_use]
pub fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = if phone.trim_start().starts_with('+') {
        digits.strip_prefix("44")
    } else {
        digits.strip_prefix("0044")
    };
    match national {
        // `+44 (0)1254`: some write both.
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => digits,
    }
}

/// The same but for one letter: wrong, missing, too many, or two neighbours the other way round.
fn nearly(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let front = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let longest_back = one.len().min(other.len()) - front;
    let back = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(longest_back);
    match (one.len() - front - back, other.len() - front - back) {
        (0 | 1, 0 | 1) => true,
        (2, 2) => one.get(front) == other.get(front + 1) && one.get(front + 1) == other.get(front),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Person {
        Person {
            nhs_number: "943 476 5919".parse().unwrap(),
            family_name: "O'Neill-Example".to_owned(),
            given_name: "Ada".to_owned(),
            birth_date: "1948-03-09".parse().unwrap(),
            phone: "01254 111 111".to_owned(),
        }
    }

    fn other() -> Person {
        Person {
            nhs_number: "999 000 0018".parse().unwrap(),
            ..ada()
        }
    }

    #[test]
    fn who_may_be_the_same_person_is_told_with_the_reason() {
        let born_elsewhen = "1948-09-03".parse().unwrap();
        for (person, expected) in [
            (ada(), Some(Likeness::SameNumber)),
            (other(), Some(Likeness::SameNameAndBirth)),
            (
                Person {
                    family_name: "oneil example".to_owned(),
                    given_name: "Adda".to_owned(),
                    ..other()
                },
                Some(Likeness::SameNameAndBirth),
            ),
            (
                Person {
                    family_name: "Ada".to_owned(),
                    given_name: "O’Neill Example".to_owned(),
                    ..other()
                },
                Some(Likeness::SameNameAndBirth),
            ),
            (
                Person {
                    birth_date: born_elsewhen,
                    phone: "+44 (0)1254 111111".to_owned(),
                    ..other()
                },
                Some(Likeness::SameNameAndPhone),
            ),
            (
                Person {
                    birth_date: born_elsewhen,
                    phone: String::new(),
                    ..other()
                },
                None,
            ),
            (
                Person {
                    family_name: "Elsewhere".to_owned(),
                    ..other()
                },
                None,
            ),
        ] {
            assert_eq!(likeness(&ada(), &person), expected, "{person:?}");
            assert_eq!(likeness(&person, &ada()), expected, "{person:?}");
        }
    }

    #[test]
    fn a_number_with_two_digits_swapped_is_nearly_the_same() {
        assert!(nearly("9434765919", "9437465919"));
        assert!(nearly("9434765919", "9434765910"));
        assert!(!nearly("9434765919", "9434756910"));
        assert!(nearly("", "a") && nearly("aa", "a") && !nearly("", "ab"));
    }

    #[test]
    fn names_and_numbers_are_found_however_they_are_typed() {
        assert_eq!(search_name("Ó Súilleabháin-Müller"), "osuilleabhainmuller");
        for phone in ["01254 111111", "+44 1254 111 111", "0044 (0) 1254-111111"] {
            assert_eq!(phone_digits(phone), "01254111111", "{phone}");
        }
        assert_eq!(phone_digits("ext. none"), "");
    }
}
