//! What else the ward knows of a person: how to talk to them, through whom they are reached, what their home can carry.

use serde::{Deserialize, Serialize};

use crate::id::ClinicianId;
use crate::time::Timestamp;

/// More of a person than stands beside every alert. Everything may be missing: what is not known is asked, not guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// As the person states it.
    pub sex: Option<Sex>,
    /// The language to speak with them; empty for English.
    pub language: String,
    /// An interpreter is needed on calls and visits.
    pub interpreter: bool,
    /// A relay service carries their calls.
    pub relay: Option<Relay>,
    /// Hearing, sight, speech, understanding: what staff must do about it (NHS Accessible Information Standard).
    pub communication_needs: String,
    /// For somebody without a fixed address: the worker or place that finds them.
    pub reached_through: Option<ReachedThrough>,
    /// Who gets the summary.
    pub gp_practice: Option<GpPractice>,
    /// Whom to ring when the person does not answer, in this order.
    pub next_of_kin: Vec<NextOfKin>,
    /// What the home can carry.
    pub home: HomeCheck,
}

/// As the person states it (NHS Data Dictionary, PERSON STATED GENDER CODE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of these.
    Indeterminate,
}

/// A service between the ward's phone and the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relay {
    /// Text to speech and back: dial 18001 first.
    TextRelay,
    /// A sign language interpreter on video.
    SignLanguage,
}

/// The worker or place through which a person without a fixed address is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReachedThrough {
    /// Who.
    pub name: String,
    /// For whom they work: outreach, a hostel, a day centre.
    pub organisation: String,
    /// Their phone.
    pub phone: String,
    /// Where the person is usually found, and when.
    pub place: String,
}

/// A general practice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GpPractice {
    /// `P81001`.
    pub ods_code: String,
    /// In full.
    pub name: String,
    /// Phone.
    pub phone: String,
}

/// Somebody to ring when the person does not answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NextOfKin {
    /// Who.
    pub name: String,
    /// Daughter, neighbour.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// Whether the person lets the ward talk with them about their health.
    pub may_be_told: bool,
    /// Whether they have a key.
    pub has_key: bool,
}

/// What the home can carry, as somebody has asked or seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomeCheck {
    /// Warm enough to take a reading, and to be ill in.
    pub heating_works: Option<bool>,
    /// What is done when the power is cut: oxygen concentrator, bridge, phone.
    pub power_cut_plan: String,
    /// Whether a mobile phone has signal there.
    pub mobile_signal: Option<bool>,
    /// Anything else that a visitor must know.
    pub remarks: String,
    /// Who has checked, and when.
    pub checked: Option<(ClinicianId, Timestamp)>,
}

/// People to ring at most: a longer list is read by nobody at night.
pub const NEXT_OF_KIN_AT_MOST: usize = 5;

/// A text that is longer than its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} may have {limit} characters")]
pub struct TooLong {
    /// As it is called on the wire.
    pub field: &'static str,
    /// Characters, not bytes.
    pub limit: usize,
}

/// Whether a text fits its field.
///
/// # Errors
/// [`TooLong`] names the field and its limit.
pub fn fits(field: &'static str, text: &str, limit: usize) -> Result<(), TooLong> {
    // No text has more characters than bytes.
    if text.len() <= limit || text.chars().count() <= limit {
        Ok(())
    } else {
        Err(TooLong { field, limit })
    }
}

/// Characters in a name, a phone number, a code.
pub const LINE: usize = 100;

/// Characters in an address, a remark, a plan.
pub const PARAGRAPH: usize = 1_000;

/// Why details were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsRefused {
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// Too many people.
    #[error("next_of_kin may have {NEXT_OF_KIN_AT_MOST} people")]
    TooManyKin,
    /// Nobody can be rung without a number.
    #[error("next_of_kin {place} has no {what}")]
    KinWithout {
        /// 1 for the first.
        place: usize,
        /// "name" or "phone".
        what: &'static str,
    },
    /// Nobody is found through a nameless place.
    #[error("reached_through has no {0}")]
    ReachedThroughNobody(&'static str),
}

impl Details {
    /// These details, if each text fits its field and whoever is to be rung can be.
    ///
    /// # Errors
    /// [`DetailsRefused`] names the field.
    pub fn checked(self) -> Result<Self, DetailsRefused> {
        fits("language", &self.language, LINE)?;
        fits("communication_needs", &self.communication_needs, PARAGRAPH)?;
        if let Some(through) = &self.reached_through {
            fits("reached_through.name", &through.name, LINE)?;
            fits("reached_through.organisation", &through.organisation, LINE)?;
            fits("reached_through.phone", &through.phone, LINE)?;
            fits("reached_through.place", &through.place, PARAGRAPH)?;
            for (what, text) in [("name", &through.name), ("phone", &through.phone)] {
                if text.trim().is_empty() {
                    return Err(DetailsRefused::ReachedThroughNobody(what));
                }
            }
        }
        if let Some(practice) = &self.gp_practice {
            fits("gp_practice.ods_code", &practice.ods_code, LINE)?;
            fits("gp_practice.name", &practice.name, LINE)?;
            fits("gp_practice.phone", &practice.phone, LINE)?;
        }
        if self.next_of_kin.len() > NEXT_OF_KIN_AT_MOST {
            return Err(DetailsRefused::TooManyKin);
        }
        for (place, kin) in (1..).zip(&self.next_of_kin) {
            fits("next_of_kin.name", &kin.name, LINE)?;
            fits("next_of_kin.relation", &kin.relation, LINE)?;
            fits("next_of_kin.phone", &kin.phone, LINE)?;
            for (what, text) in [("name", &kin.name), ("phone", &kin.phone)] {
                if text.trim().is_empty() {
                    return Err(DetailsRefused::KinWithout { place, what });
                }
            }
        }
        fits("home.power_cut_plan", &self.home.power_cut_plan, PARAGRAPH)?;
        fits("home.remarks", &self.home.remarks, PARAGRAPH)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_measured_in_characters_and_the_refusal_names_its_field() {
        let details = |language: String| Details {
            language,
            ..Details::default()
        };
        assert!(details("ü".repeat(LINE)).checked().is_ok());
        let refused = details("u".repeat(LINE + 1)).checked().unwrap_err();
        assert_eq!(refused.to_string(), "language may have 100 characters");
    }

    #[test]
    fn whoever_is_to_be_rung_has_a_name_and_a_number() {
        let kin = NextOfKin {
            name: "Ben".to_owned(),
            ..NextOfKin::default()
        };
        let details = Details {
            next_of_kin: vec![kin],
            ..Details::default()
        };
        let refused = details.checked().unwrap_err();
        assert_eq!(refused.to_string(), "next_of_kin 1 has no phone");
    }

    #[test]
    fn details_that_an_older_program_wrote_are_read() {
        let details: Details = serde_json::from_str("{}").unwrap();
        assert_eq!(details, Details::default());
    }
}
