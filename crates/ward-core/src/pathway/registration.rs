//! What must be known of a person before the ward writes them down, and before it takes them on.

use jiff::civil::Date;

use crate::patient::{DetailsRefused, LINE, PARAGRAPH, Patient, TooLong, fits};

/// Why a person is not written down as they were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonRefused {
    /// Must be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A day that nobody now alive was born on.
    #[error("birth_date lies after today or more than 130 years ago: check day, month and year")]
    BirthDate,
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// One of the details.
    #[error(transparent)]
    Details(#[from] DetailsRefused),
    /// The ward must be able to reach them, or somebody who can.
    #[error(
        "nobody can be rung: give a phone number, whom they are reached through, or a next of kin"
    )]
    Unreachable,
}

/// The oldest people on record lived for less than this many years.
const OLDEST: i16 = 130;

/// A person as they can be written down: names without blanks around them, every text within its field. `today` is the
/// ward's day.
///
/// # Errors
/// [`PersonRefused`] names the field.
pub fn checked(mut person: Patient, today: Date) -> Result<Patient, PersonRefused> {
    for (field, text) in [
        ("family_name", &mut person.family_name),
        ("given_name", &mut person.given_name),
        ("phone", &mut person.phone),
    ] {
        *text = text.trim().to_owned();
        if text.is_empty() && field != "phone" {
            return Err(PersonRefused::Missing(field));
        }
        fits(field, text, LINE)?;
    }
    let born = person.birth_date.0;
    if born > today || today.year().saturating_sub(born.year()) > OLDEST {
        return Err(PersonRefused::BirthDate);
    }
    for (field, text) in [
        ("address", &person.address),
        ("door_access", &person.door_access),
        ("others_at_home", &person.others_at_home),
        ("oxygen_at_home", &person.oxygen_at_home),
        ("escalation_plan", &person.escalation_plan),
    ] {
        fits(field, text, PARAGRAPH)?;
    }
    person.details = person.details.checked()?;
    Ok(person)
}

/// Whether the ward can reach a person, or somebody who can.
///
/// # Errors
/// [`PersonRefused::Unreachable`].
pub fn reachable(person: &Patient) -> Result<(), PersonRefused> {
    let details = &person.details;
    let is_reached = !person.phone.trim().is_empty()
        || details.reached_through.is_some()
        || !details.next_of_kin.is_empty();
    if is_reached {
        Ok(())
    } else {
        Err(PersonRefused::Unreachable)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::id::PatientId;
    use crate::patient::{Details, ReachedThrough};

    fn ada() -> Patient {
        Patient {
            id: PatientId(Uuid::from_u128(1)),
            nhs_number: "943 476 5919".parse().unwrap(),
            family_name: " Example ".to_owned(),
            given_name: "Ada".to_owned(),
            birth_date: "1948-03-09".parse().unwrap(),
            phone: String::new(),
            address: String::new(),
            door_access: String::new(),
            others_at_home: String::new(),
            oxygen_at_home: String::new(),
            escalation_plan: String::new(),
            details: Details::default(),
        }
    }

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn a_person_has_names_and_a_day_of_birth_that_can_be() {
        let person = checked(ada(), TODAY).unwrap();
        assert_eq!(person.family_name, "Example");
        let nameless = Patient {
            given_name: " ".to_owned(),
            ..ada()
        };
        let refused = checked(nameless, TODAY).unwrap_err();
        assert_eq!(refused.to_string(), "given_name is missing");
        for (born, fits) in [
            ("2026-11-21", true),
            ("2026-11-22", false),
            ("1895-12-31", false),
        ] {
            let person = Patient {
                birth_date: born.parse().unwrap(),
                ..ada()
            };
            assert_eq!(checked(person, TODAY).is_ok(), fits, "{born}");
        }
    }

    #[test]
    fn somebody_without_phone_or_address_is_reached_through_a_worker_or_not_taken_on() {
        assert_eq!(reachable(&ada()), Err(PersonRefused::Unreachable));
        let mut found = ada();
        found.details.reached_through = Some(ReachedThrough {
            name: "Sam".to_owned(),
            phone: "01254 222 222".to_owned(),
            ..ReachedThrough::default()
        });
        assert!(reachable(&found).is_ok() && checked(found, TODAY).is_ok());
    }
}
