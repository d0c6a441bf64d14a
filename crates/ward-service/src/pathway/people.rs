//! People: who may be the same, who is found, what is changed. A ward finds, sees and changes only whom it reaches.

use ward_core::event::{PathwayEvent, WardEvent};
use ward_core::id::PatientId;
use ward_core::pathway::duplicates::{Likeness, Person, likeness, phone_digits, search_name};
use ward_core::pathway::registration::{PersonRefused, checked};
use ward_core::patient::{BirthDate, NhsNumber, Patient};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{Ledger, Looking, StayOf, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// People that a search shows at most.
const FOUND_AT_MOST: i64 = 50;

/// Nobody types more than so many bytes to find somebody.
const TYPED_AT_MOST: usize = 200;

/// People that are compared with a new one at most: those of one birthday or one phone.
const COMPARED_AT_MOST: i64 = 500;

/// Somebody who was found, and their stays, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The person.
    pub patient: Patient,
    /// Their stays, on whichever ward: whoever looked after them finds out where they are now.
    pub stays: Vec<StayOf>,
}

/// Somebody of the organisation who may be the person who was asked about. A second record of one person is a hazard, so
/// people of other wards are shown too, by no more than they are recognised by.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Why they may be the same.
    pub likeness: Likeness,
    /// `FAMILY NAME, Given`.
    pub name: String,
    /// Day of birth.
    pub birth_date: BirthDate,
    /// The names of the wards that know them, the one where they are first.
    pub wards: Vec<String>,
    /// All of them, if the ward that asks reaches them.
    pub here: Option<Found>,
}

/// Why a person was not written down.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// What was told.
    #[error(transparent)]
    Person(#[from] PersonRefused),
    /// Somebody else has this NHS number, by name and day of birth.
    #[error(
        "this NHS number is on record with another name or day of birth: check the number, then the record"
    )]
    AnotherPerson,
    /// The number of a person is looked after by their record: it is not another's.
    #[error(
        "this NHS number is on record for another patient: check it, then compare the two under …/patients/duplicates"
    )]
    NumberTaken,
    /// Somebody on record may be the same person.
    #[error(
        "{count} on record may be this person: compare them under …/patients/duplicates, then take the one who is, or send \
         again with confirmed_new"
    )]
    PossibleDuplicates {
        /// How many.
        count: usize,
    },
    /// Nobody.
    #[error(
        "there is no such patient on this ward. Possible now: look for them by name, or refer them, with NHS number, name and day \
         of birth"
    )]
    NoSuchPatient,
    /// Too little to look for.
    #[error(
        "look for at least 3 letters of a name, 4 digits of a phone number, or a whole NHS number"
    )]
    TooLittle,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyThere(_) => Self::NumberTaken,
            other => Self::Unavailable(other.into()),
        }
    }
}

fn person(patient: &Patient) -> Person {
    Person {
        nhs_number: patient.nhs_number.clone(),
        family_name: patient.family_name.clone(),
        given_name: patient.given_name.clone(),
        birth_date: patient.birth_date,
        phone: patient.phone.clone(),
    }
}

/// What a text that somebody typed looks for.
fn looking(text: &str) -> Option<Looking> {
    if text.len() > TYPED_AT_MOST {
        return None;
    }
    if let Ok(number) = text.parse::<NhsNumber>() {
        return Some(Looking::ByNhsNumber(number));
    }
    let letters = text.chars().any(char::is_alphabetic);
    let digits = phone_digits(text);
    if !letters && digits.len() >= 4 {
        return Some(Looking::ByPhone(digits));
    }
    let mut words = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .map(search_name)
        .filter(|word| !word.is_empty());
    let (one, other) = (words.next()?, words.next().unwrap_or_default());
    (one.chars().count() + other.chars().count() >= 3).then_some(Looking::ByName(one, other))
}

/// Writes down what is told of a person, in an open ledger.
pub(super) async fn edit_in(
    ledger: &mut Ledger,
    permit: &Permit,
    known: &Patient,
    mut told: Patient,
    now: Timestamp,
) -> Result<Patient, RegisterError> {
    let id = known.id;
    told.id = id;
    told.details.home.checked = known.details.home.checked;
    if told.details.home != known.details.home {
        told.details.home.checked = Some((permit.clinician, now));
    }
    let told = checked(told, ledger.ward().zone().day_of(now))?;
    ledger.put_patient(&told).await?;
    let stays = ledger.stays_of(id).await?;
    let stay = stays
        .iter()
        .find(|stay| stay.phase.is_open() && stay.ward == permit.ward);
    let event = PathwayEvent::PatientEdited {
        patient: id,
        stay: stay.map(|stay| stay.id),
        by: permit.clinician,
    };
    ledger.append(WardEvent::Pathway(event), now);
    Ok(told)
}

impl Wards {
    /// People whom the permit's ward reaches, by a part of the name, the end of a phone number, or a whole NHS number.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn look_for(&self, permit: &Permit, text: &str) -> Result<Vec<Found>, RegisterError> {
        let looking = looking(text).ok_or(RegisterError::TooLittle)?;
        let people = self
            .store
            .look_for(permit.ward, &looking, FOUND_AT_MOST)
            .await?;
        tracing::info!(ward = %permit.ward, by = %permit.clinician, found = people.len(), "people were looked for");
        let mut found = Vec::with_capacity(people.len());
        for patient in people {
            found.push(Found {
                stays: self.store.where_is(patient.id).await?,
                patient,
            });
        }
        Ok(found)
    }

    /// Who on record in the organisation may be the same person, the likeliest first.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn possible_duplicates(
        &self,
        permit: &Permit,
        new: &Patient,
    ) -> Result<Vec<Alike>, Unavailable> {
        let new = person(new);
        let people = self
            .store
            .like(
                &new.nhs_number,
                new.birth_date,
                &new.phone,
                COMPARED_AT_MOST,
            )
            .await?;
        let mut alike = Vec::new();
        for patient in people {
            let Some(likeness) = likeness(&new, &person(&patient)) else {
                continue;
            };
            alike.push(Alike {
                likeness,
                name: patient.display_name(),
                birth_date: patient.birth_date,
                wards: self.store.wards_that_know(patient.id).await?,
                here: self.patient(permit, patient.id).await?,
            });
        }
        alike.sort_by_key(|alike| alike.likeness);
        Ok(alike)
    }

    /// The person on record with this NHS number, or the new one written down.
    pub(super) async fn register(
        &self,
        ledger: &mut Ledger,
        new: Patient,
        others: &[Alike],
        confirmed_new: bool,
    ) -> Result<Patient, RegisterError> {
        let now = self.clock.now();
        let new = checked(new, ledger.ward().zone().day_of(now))?;
        if let Some(known) = ledger.patient(&new.nhs_number).await? {
            let same = known.birth_date == new.birth_date
                && search_name(&known.family_name) == search_name(&new.family_name);
            return if same {
                Ok(known)
            } else {
                Err(RegisterError::AnotherPerson)
            };
        }
        if !others.is_empty() && !confirmed_new {
            let count = others.len();
            return Err(RegisterError::PossibleDuplicates { count });
        }
        ledger.insert_patient(&new, now).await?;
        Ok(new)
    }

    /// Changes what is known of a person whom the permit's ward reaches: all of it, as it is told. Who checked the home is whoever says something new of it.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn edit_patient(
        &self,
        permit: &Permit,
        id: PatientId,
        told: Patient,
    ) -> Result<Patient, RegisterError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(RegisterError::NoSuchPatient)?;
            let known = ledger.patient_of_ward(id).await?;
            let known = known.ok_or(RegisterError::NoSuchPatient)?;
            let now = wards.clock.now();
            let told = edit_in(&mut ledger, &permit, &known, told, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, patient = %id, "what is known of a patient was changed");
            Ok(told)
        })
        .await
    }

    /// A person by our own id, with their stays; `None` for whomever the permit's ward does not reach.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn patient(
        &self,
        permit: &Permit,
        id: PatientId,
    ) -> Result<Option<Found>, Unavailable> {
        let Some(patient) = self.store.patient_of_ward(permit.ward, id).await? else {
            return Ok(None);
        };
        let stays = self.store.where_is(id).await?;
        Ok(Some(Found { patient, stays }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_types_is_a_number_a_phone_or_a_name() {
        assert!(matches!(
            looking("943 476 5919"),
            Some(Looking::ByNhsNumber(_))
        ));
        assert_eq!(
            looking("01254 111"),
            Some(Looking::ByPhone("01254111".to_owned()))
        );
        let name = Looking::ByName("oneill".to_owned(), "ada".to_owned());
        assert_eq!(looking("O'NEILL, Ada"), Some(name));
        assert_eq!(looking("12"), None);
        assert_eq!(looking(" ' "), None);
        assert_eq!(looking("%%%"), None);
    }
}
