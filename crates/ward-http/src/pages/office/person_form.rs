//! A person as a form has them: what is known comes from the record, what was typed goes into it.

use serde::Deserialize;
use ward_core::patient::Patient;
use ward_wire::pathway as wire;

use super::when::{day, typed_day};
use crate::pages::form::{Choice, FormErrors};
use crate::pathway_view;
use crate::problem::ApiError;

/// The fields of a person.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonForm {
    pub(super) nhs_number: String,
    pub(super) family_name: String,
    pub(super) given_name: String,
    pub(super) birth_date: String,
    pub(super) sex: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) door_access: String,
    pub(super) others_at_home: String,
    pub(super) oxygen_at_home: String,
    pub(super) escalation_plan: String,
    pub(super) language: String,
    pub(super) interpreter: String,
    pub(super) communication_needs: String,
    pub(super) gp_name: String,
    pub(super) gp_code: String,
    pub(super) gp_phone: String,
    pub(super) kin_name: String,
    pub(super) kin_relation: String,
    pub(super) kin_phone: String,
    pub(super) kin_may_be_told: String,
    pub(super) kin_has_key: String,
}

const SEXES: [(&str, wire::Sex, &str); 3] = [
    ("female", wire::Sex::Female, "Female"),
    ("male", wire::Sex::Male, "Male"),
    (
        "indeterminate",
        wire::Sex::Indeterminate,
        "Neither of these",
    ),
];

fn ticked(yes: bool) -> String {
    if yes { "1".to_owned() } else { String::new() }
}

impl PersonForm {
    /// What is on record.
    pub(super) fn of(patient: Patient) -> Self {
        let known = pathway_view::patient(patient).known;
        let details = known.details;
        let sex = SEXES.iter().find(|(_, sex, _)| Some(*sex) == details.sex);
        let gp = details.gp_practice.unwrap_or_default();
        let kin = details.next_of_kin.into_iter().next().unwrap_or_default();
        Self {
            nhs_number: known.nhs_number,
            family_name: known.family_name,
            given_name: known.given_name,
            birth_date: day(known.birth_date),
            sex: sex.map_or_else(String::new, |(value, _, _)| (*value).to_owned()),
            phone: known.phone,
            address: known.address,
            door_access: known.door_access,
            others_at_home: known.others_at_home,
            oxygen_at_home: known.oxygen_at_home,
            escalation_plan: known.escalation_plan,
            language: details.language,
            interpreter: ticked(details.interpreter),
            communication_needs: details.communication_needs,
            gp_name: gp.name,
            gp_code: gp.ods_code,
            gp_phone: gp.phone,
            kin_name: kin.name,
            kin_relation: kin.relation,
            kin_phone: kin.phone,
            kin_may_be_told: ticked(kin.may_be_told),
            kin_has_key: ticked(kin.has_key),
        }
    }

    pub(super) fn sexes(&self) -> Vec<Choice> {
        let choices = SEXES.map(|(value, _, words)| Choice::new(value, words, &self.sex));
        std::iter::once(Choice::new("", "Not known", &self.sex))
            .chain(choices)
            .collect()
    }

    /// What is missing.
    pub(super) fn missing(&self, errors: &mut FormErrors) {
        for (field, value, message) in [
            ("nhs_number", &self.nhs_number, "Enter the NHS number"),
            ("family_name", &self.family_name, "Enter the family name"),
            ("given_name", &self.given_name, "Enter the given name"),
        ] {
            if value.trim().is_empty() {
                errors.add(field, message);
            }
        }
        if typed_day(&self.birth_date).is_none() {
            errors.add(
                "birth_date",
                "Enter the date of birth, for example 09-Mar-1948",
            );
        }
    }

    /// The person as they are told; what the form does not ask stays as it is in `known`.
    pub(super) fn person(
        &self,
        known: Option<Patient>,
        id: uuid::Uuid,
    ) -> Result<Patient, ApiError> {
        let birth_date = typed_day(&self.birth_date)
            .ok_or_else(|| ApiError::not_valid("birth_date: enter a day"))?;
        let known = known.map(|patient| pathway_view::patient(patient).known.details);
        let mut details = known.unwrap_or_default();
        let sex = SEXES.iter().find(|(value, _, _)| *value == self.sex);
        details.sex = sex.map(|(_, sex, _)| *sex);
        details.language.clone_from(&self.language);
        details.interpreter = !self.interpreter.is_empty();
        details
            .communication_needs
            .clone_from(&self.communication_needs);
        let gp_is_known = [&self.gp_name, &self.gp_code, &self.gp_phone]
            .iter()
            .any(|text| !text.trim().is_empty());
        details.gp_practice = gp_is_known.then(|| wire::GpPractice {
            ods_code: self.gp_code.trim().to_uppercase(),
            name: self.gp_name.clone(),
            phone: self.gp_phone.clone(),
        });
        let kin = wire::NextOfKin {
            name: self.kin_name.clone(),
            relation: self.kin_relation.clone(),
            phone: self.kin_phone.clone(),
            may_be_told: !self.kin_may_be_told.is_empty(),
            has_key: !self.kin_has_key.is_empty(),
        };
        let has_kin = !kin.name.trim().is_empty() || !kin.phone.trim().is_empty();
        match (details.next_of_kin.first_mut(), has_kin) {
            (Some(first), true) => *first = kin,
            (None, true) => details.next_of_kin.push(kin),
            (Some(_), false) => {
                details.next_of_kin.remove(0);
            }
            (None, false) => {}
        }
        let told = wire::Person {
            nhs_number: self.nhs_number.clone(),
            family_name: self.family_name.clone(),
            given_name: self.given_name.clone(),
            birth_date,
            phone: self.phone.clone(),
            address: self.address.clone(),
            door_access: self.door_access.clone(),
            others_at_home: self.others_at_home.clone(),
            oxygen_at_home: self.oxygen_at_home.clone(),
            escalation_plan: self.escalation_plan.clone(),
            details,
        };
        pathway_view::person(told, id)
    }
}

/// At which field a refusal of a person belongs, by the name that it begins with.
pub(super) fn field_of(detail: &str, otherwise: &'static str) -> &'static str {
    const FIELDS: [(&str, &str); 12] = [
        ("nhs_number", "nhs_number"),
        ("NHS number", "nhs_number"),
        ("birth_date", "birth_date"),
        ("date of birth", "birth_date"),
        ("family_name", "family_name"),
        ("given_name", "given_name"),
        ("phone", "phone"),
        ("address", "address"),
        ("gp_practice", "gp_code"),
        ("next_of_kin", "kin_name"),
        ("referred_by", "referred_by"),
        ("reason", "reason"),
    ];
    let found = FIELDS.iter().find(|(word, _)| detail.contains(word));
    found.map_or(otherwise, |(_, field)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> PersonForm {
        PersonForm {
            nhs_number: "999 000 0018".to_owned(),
            family_name: "Hargreaves".to_owned(),
            given_name: "Doreen".to_owned(),
            birth_date: "9/3/1948".to_owned(),
            kin_name: "Jean".to_owned(),
            kin_phone: "01282 555 010".to_owned(),
            kin_has_key: "1".to_owned(),
            ..PersonForm::default()
        }
    }

    #[test]
    fn a_person_comes_back_as_typed_and_what_is_not_asked_stays() {
        let id = uuid::Uuid::from_u128(1);
        let mut known = form().person(None, id).unwrap();
        known.details.home.remarks = "A dog".to_owned();
        let again = PersonForm::of(known.clone());
        assert_eq!(again.birth_date, "09-Mar-1948");
        assert_eq!(again.kin_has_key, "1");
        let after = again.person(Some(known.clone()), id).unwrap();
        assert_eq!(after, known);
    }

    #[test]
    fn what_is_missing_of_a_person_is_said_at_its_field() {
        let mut errors = FormErrors::default();
        PersonForm::default().missing(&mut errors);
        assert!(errors.of("nhs_number").is_some() && errors.of("birth_date").is_some());
        assert_eq!(field_of("nhs_number: its check digit", "x"), "nhs_number");
        assert_eq!(field_of("something else", "x"), "x");
    }
}
