//! The form of an exertion test, as it is typed.

use serde::Deserialize;
use uuid::Uuid;
use ward_core::exertion::{Effort, ExertionRefused, Part, Recovery, Told, may_be_tested};
use ward_core::hand::Typed;
use ward_core::id::ExertionId;
use ward_core::reading::{Context, ObservationSet, Oxygen};
use ward_service::{Entering, EntryError, NewExertion, NewReading};

use crate::extract::without_nul;
use crate::pages::form::{Choice, FormErrors};
use crate::pages::observed::{self, Observed};
use crate::pages::patient::enter::{entering, how, number, who};
use crate::pages::patient::top::Opened;
use crate::routes::App;
use crate::view::observations::observations;

/// As typed. Its id is drawn with the page, so that sending it twice makes one test.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct TestForm {
    pub(super) id: Option<Uuid>,
    pub(super) effort: String,
    pub(super) rest: String,
    pub(super) rest_pulse: String,
    pub(super) lowest: String,
    pub(super) lowest_pulse: String,
    pub(super) recovery: String,
    pub(super) after: String,
    pub(super) stopped: String,
    pub(super) breathing_on: String,
    pub(super) litres: String,
    pub(super) at: String,
    pub(super) means: String,
    pub(super) said_by: String,
    pub(super) carer: String,
    /// Which button was pressed: `so` for a lowest above the value at rest, `readings` for a person too low at rest.
    pub(super) go: String,
}

impl TestForm {
    pub(super) fn empty(app: &App, means: &str) -> Self {
        Self {
            id: Some(app.wards.clock().new_id()),
            effort: "sit-to-stand".to_owned(),
            means: means.to_owned(),
            said_by: "staff".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn efforts(&self) -> Vec<Choice> {
        [
            ("sit-to-stand", "Sit to stand, one minute"),
            ("steps", "Forty steps"),
        ]
        .into_iter()
        .map(|(value, words)| Choice::new(value, words, &self.effort))
        .collect()
    }

    pub(super) fn breathing(&self) -> Vec<Choice> {
        observed::breathing(&self.breathing_on)
    }

    pub(super) fn means(&self) -> Vec<Choice> {
        how(&self.means)
    }

    pub(super) fn said_by(&self) -> Vec<Choice> {
        who(&self.said_by)
    }

    pub(super) fn entering(&self, opened: &Opened) -> Result<Entering, EntryError> {
        entering(opened, (&self.means, &self.said_by, &self.carer))
    }

    /// The value at rest, where it says that nobody is to be tested.
    pub(super) fn too_low(&self) -> Option<ExertionRefused> {
        let typed = Typed {
            spo2: number(&self.rest)?,
            pulse: number(&self.rest_pulse),
        };
        let rest = typed.taken().ok()?.values.spo2;
        (!may_be_tested(rest)).then_some(ExertionRefused::RestTooLow { rest })
    }

    fn oxygen(&self, errors: &mut FormErrors) -> Option<Oxygen> {
        let nothing = Observed {
            breaths: "",
            systolic: "",
            diastolic: "",
            temperature: "",
            consciousness: "",
            breathing: &self.breathing_on,
            litres: &self.litres,
        };
        observations(nothing.read(errors)).ok()?.oxygen
    }

    fn typed(
        (spo2, pulse): (&str, &str),
        (field, pulse_field): (&'static str, &'static str),
        errors: &mut FormErrors,
    ) -> Option<Typed> {
        let read = number(spo2);
        if read.is_none() {
            errors.add(field, "Enter the oxygen in percent, for example 96");
        }
        let beats = number(pulse);
        if beats.is_none() && !pulse.trim().is_empty() {
            errors.add(
                pulse_field,
                "Enter the pulse as a number, for example 110, or leave it empty",
            );
        }
        Some(Typed {
            spo2: read?,
            pulse: beats,
        })
    }

    fn recovery(&self, errors: &mut FormErrors) -> Option<Recovery> {
        let (value, after) = (self.recovery.trim(), self.after.trim());
        if value.is_empty() && after.is_empty() {
            return None;
        }
        let spo2 = number(value);
        if spo2.is_none() {
            errors.add(
                "recovery",
                "Enter the oxygen after the rest, or clear the minutes",
            );
        }
        let after_minutes = after.parse().ok();
        if after_minutes.is_none() {
            errors.add("after", "Enter after how many whole minutes, for example 2");
        }
        Some(Recovery {
            spo2: spo2?,
            after_minutes: after_minutes?,
        })
    }

    /// The test; what is missing or cannot be is said in `errors`.
    pub(super) fn test(&self, opened: &Opened, errors: &mut FormErrors) -> Option<NewExertion> {
        let rest = (self.rest.as_str(), self.rest_pulse.as_str());
        let rest = Self::typed(rest, ("rest", "rest-pulse"), errors);
        let lowest = (self.lowest.as_str(), self.lowest_pulse.as_str());
        let lowest = Self::typed(lowest, ("lowest", "lowest-pulse"), errors);
        let recovery = self.recovery(errors);
        let oxygen = self.oxygen(errors);
        let at = opened.clock.of_field(&self.at);
        if at.is_none() && !self.at.trim().is_empty() {
            errors.add("at", "Enter day and time, or leave them empty");
        }
        if self.said_by == "carer" && self.carer.trim().is_empty() {
            errors.add("carer", "Enter the carer’s name");
        }
        let stopped = without_nul(self.stopped.clone()).trim().to_owned();
        let (rest, lowest, id) = (rest?, lowest?, self.id?);
        errors.is_empty().then_some(NewExertion {
            id: ExertionId(id),
            told: Told {
                effort: match self.effort.as_str() {
                    "steps" => Effort::FortySteps,
                    _ => Effort::OneMinuteSitToStand,
                },
                rest,
                lowest,
                recovery,
                stopped_early: Some(stopped).filter(|why| !why.is_empty()),
                oxygen,
                at,
            },
            is_so: self.go == "so",
            as_readings: self.go == "readings",
        })
    }

    /// The value at rest alone, of somebody who was rightly not tested.
    pub(super) fn rest_alone(
        &self,
        opened: &Opened,
        errors: &mut FormErrors,
    ) -> Option<NewReading> {
        let rest = (self.rest.as_str(), self.rest_pulse.as_str());
        let typed = Self::typed(rest, ("rest", "rest-pulse"), errors);
        let oxygen = self.oxygen(errors);
        let at = opened.clock.of_field(&self.at);
        if at.is_none() && !self.at.trim().is_empty() {
            errors.add("at", "Enter day and time, or leave them empty");
        }
        let (typed, id) = (typed?, self.id?);
        errors.is_empty().then_some(NewReading {
            id: Part::Rest.reading_of(ExertionId(id)),
            typed,
            at,
            context: Context::Rest,
            observations: ObservationSet {
                oxygen,
                ..ObservationSet::default()
            },
        })
    }
}
