//! A person as fields of a form, both ways.

use serde::Deserialize;
use ward_core::patient::{NEXT_OF_KIN_AT_MOST, Patient};
use ward_wire::pathway::{
    GpPractice, HomeCheck, NextOfKin, Person, PersonDetails, ReachedThrough, Relay, Sex,
};

use crate::pages::form::FormErrors;
use crate::pages::patient::words::wire_name;

/// The fields, as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonFields {
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
    pub(super) relay: String,
    pub(super) communication_needs: String,
    pub(super) through_name: String,
    pub(super) through_organisation: String,
    pub(super) through_phone: String,
    pub(super) through_place: String,
    pub(super) gp_code: String,
    pub(super) gp_name: String,
    pub(super) gp_phone: String,
    pub(super) heating_works: String,
    pub(super) mobile_signal: String,
    pub(super) power_cut_plan: String,
    pub(super) remarks: String,
    // One of each for every row; a tick comes as the number of its row.
    pub(super) kin_name: Vec<String>,
    pub(super) kin_relation: Vec<String>,
    pub(super) kin_phone: Vec<String>,
    pub(super) kin_told: Vec<String>,
    pub(super) kin_key: Vec<String>,
}

/// One row of whom to ring.
#[derive(Clone, Debug, Default)]
pub(super) struct KinFields {
    pub(super) name: String,
    pub(super) relation: String,
    pub(super) phone: String,
    pub(super) may_be_told: bool,
    pub(super) has_key: bool,
}

const fn said(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn known(said: &str) -> Option<bool> {
    match said {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl PersonFields {
    pub(super) fn of(patient: &Patient) -> Self {
        let details = patient.details.clone();
        let through = details.reached_through.unwrap_or_default();
        let practice = details.gp_practice.unwrap_or_default();
        let ticks = |of: fn(&ward_core::patient::NextOfKin) -> bool| {
            let rows = details.next_of_kin.iter().enumerate();
            rows.filter(|(_, kin)| of(kin))
                .map(|(place, _)| (place + 1).to_string())
                .collect()
        };
        Self {
            kin_told: ticks(|kin| kin.may_be_told),
            kin_key: ticks(|kin| kin.has_key),
            kin_name: details
                .next_of_kin
                .iter()
                .map(|kin| kin.name.clone())
                .collect(),
            kin_relation: details
                .next_of_kin
                .iter()
                .map(|kin| kin.relation.clone())
                .collect(),
            kin_phone: details
                .next_of_kin
                .iter()
                .map(|kin| kin.phone.clone())
                .collect(),
            nhs_number: patient.nhs_number.to_string(),
            family_name: patient.family_name.clone(),
            given_name: patient.given_name.clone(),
            birth_date: patient.birth_date.to_string(),
            sex: details.sex.map(|sex| wire_name(&sex)).unwrap_or_default(),
            phone: patient.phone.clone(),
            address: patient.address.clone(),
            door_access: patient.door_access.clone(),
            others_at_home: patient.others_at_home.clone(),
            oxygen_at_home: patient.oxygen_at_home.clone(),
            escalation_plan: patient.escalation_plan.clone(),
            language: details.language,
            interpreter: if details.interpreter { "yes" } else { "" }.to_owned(),
            relay: details
                .relay
                .map(|relay| wire_name(&relay))
                .unwrap_or_default(),
            communication_needs: details.communication_needs,
            through_name: through.name,
            through_organisation: through.organisation,
            through_phone: through.phone,
            through_place: through.place,
            gp_code: practice.ods_code,
            gp_name: practice.name,
            gp_phone: practice.phone,
            heating_works: said(details.home.heating_works).to_owned(),
            mobile_signal: said(details.home.mobile_signal).to_owned(),
            power_cut_plan: details.home.power_cut_plan,
            remarks: details.home.remarks,
        }
    }

    /// The rows of whom to ring, with empty ones up to the most that there can be.
    pub(super) fn kin(&self) -> Vec<KinFields> {
        let text = |list: &[String], place: usize| list.get(place).cloned().unwrap_or_default();
        let ticked = |list: &[String], place: usize| list.contains(&(place + 1).to_string());
        (0..NEXT_OF_KIN_AT_MOST)
            .map(|place| KinFields {
                name: text(&self.kin_name, place),
                relation: text(&self.kin_relation, place),
                phone: text(&self.kin_phone, place),
                may_be_told: ticked(&self.kin_told, place),
                has_key: ticked(&self.kin_key, place),
            })
            .collect()
    }

    /// The person that the fields make; what is missing is said at its field.
    pub(super) fn read(&self, errors: &mut FormErrors) -> Option<Person> {
        let birth_date = self.birth_date.trim().parse().ok();
        if birth_date.is_none() {
            errors.add("birth_date", "Enter the day of birth");
        }
        for (field, words, text) in [
            ("family_name", "Enter the family name", &self.family_name),
            ("given_name", "Enter the given name", &self.given_name),
        ] {
            if text.trim().is_empty() {
                errors.add(field, words);
            }
        }
        let through = ReachedThrough {
            name: self.through_name.clone(),
            organisation: self.through_organisation.clone(),
            phone: self.through_phone.clone(),
            place: self.through_place.clone(),
        };
        let practice = GpPractice {
            ods_code: self.gp_code.clone(),
            name: self.gp_name.clone(),
            phone: self.gp_phone.clone(),
        };
        let is_said = |texts: &[&String]| texts.iter().any(|text| !text.trim().is_empty());
        let kin = self
            .kin()
            .into_iter()
            .filter(|kin| is_said(&[&kin.name, &kin.relation, &kin.phone]));
        let details = PersonDetails {
            sex: match self.sex.as_str() {
                "female" => Some(Sex::Female),
                "male" => Some(Sex::Male),
                "indeterminate" => Some(Sex::Indeterminate),
                _ => None,
            },
            language: self.language.trim().to_owned(),
            interpreter: self.interpreter == "yes",
            relay: match self.relay.as_str() {
                "text_relay" => Some(Relay::TextRelay),
                "sign_language" => Some(Relay::SignLanguage),
                _ => None,
            },
            communication_needs: self.communication_needs.clone(),
            reached_through: is_said(&[
                &through.name,
                &through.organisation,
                &through.phone,
                &through.place,
            ])
            .then_some(through),
            gp_practice: is_said(&[&practice.ods_code, &practice.name, &practice.phone])
                .then_some(practice),
            next_of_kin: kin
                .map(|kin| NextOfKin {
                    name: kin.name,
                    relation: kin.relation,
                    phone: kin.phone,
                    may_be_told: kin.may_be_told,
                    has_key: kin.has_key,
                })
                .collect(),
            home: HomeCheck {
                heating_works: known(&self.heating_works),
                power_cut_plan: self.power_cut_plan.clone(),
                mobile_signal: known(&self.mobile_signal),
                remarks: self.remarks.clone(),
            },
        };
        Some(Person {
            nhs_number: self.nhs_number.clone(),
            family_name: self.family_name.trim().to_owned(),
            given_name: self.given_name.trim().to_owned(),
            birth_date: birth_date?,
            phone: self.phone.trim().to_owned(),
            address: self.address.clone(),
            door_access: self.door_access.clone(),
            others_at_home: self.others_at_home.clone(),
            oxygen_at_home: self.oxygen_at_home.clone(),
            escalation_plan: self.escalation_plan.clone(),
            details,
        })
    }
}

/// The field that a refusal names first.
pub(super) fn field_of(detail: &str) -> &'static str {
    const FIELDS: [(&str, &str); 18] = [
        ("next_of_kin", "kin_name-1"),
        ("reached_through", "through_name"),
        ("gp_practice", "gp_name"),
        ("communication_needs", "communication_needs"),
        ("power_cut_plan", "power_cut_plan"),
        ("remarks", "remarks"),
        ("language", "language"),
        ("family_name", "family_name"),
        ("given_name", "given_name"),
        ("birth_date", "birth_date"),
        ("phone", "phone"),
        ("address", "address"),
        ("door_access", "door_access"),
        ("others_at_home", "others_at_home"),
        ("oxygen_at_home", "oxygen_at_home"),
        ("escalation_plan", "escalation_plan"),
        ("NHS number", "nhs_number"),
        ("nhs_number", "nhs_number"),
    ];
    let named = FIELDS.iter().find(|(word, _)| detail.contains(word));
    named.map_or("family_name", |(_, field)| field)
}
