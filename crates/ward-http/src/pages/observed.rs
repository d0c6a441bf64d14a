//! The part of a form where staff write down a whole set of observations, and a set in words.

use ward_core::hand::HandRefused;
use ward_core::observed::Part;
use ward_core::reading::{Consciousness, ObservationSet, Oxygen};
use ward_wire::observations as wire;

use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::sentence;
use crate::view::observations::observations;

/// As typed. The names of the fields are the same in every form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed<'a> {
    pub(crate) breaths: &'a str,
    pub(crate) systolic: &'a str,
    pub(crate) diastolic: &'a str,
    pub(crate) temperature: &'a str,
    pub(crate) consciousness: &'a str,
    pub(crate) breathing: &'a str,
    pub(crate) litres: &'a str,
}

/// Every field of it.
pub(crate) const FIELDS: [&str; 7] = [
    "breaths",
    "systolic",
    "diastolic",
    "temperature",
    "consciousness",
    "breathing-on",
    "litres",
];

const LEVELS: [(&str, wire::Consciousness, &str); 5] = [
    ("alert", wire::Consciousness::Alert, "Alert"),
    ("confusion", wire::Consciousness::Confusion, "New confusion"),
    ("voice", wire::Consciousness::Voice, "Responds to voice"),
    ("pain", wire::Consciousness::Pain, "Responds to pain"),
    (
        "unresponsive",
        wire::Consciousness::Unresponsive,
        "Unresponsive",
    ),
];

/// The levels of consciousness, the first of them: nobody looked.
pub(crate) fn levels(now: &str) -> Vec<Choice> {
    let none = Choice::new("", "Not assessed", now);
    let all = LEVELS
        .iter()
        .map(|(value, _, words)| Choice::new(*value, *words, now));
    std::iter::once(none).chain(all).collect()
}

/// What was breathed, the first of them: nobody wrote it down.
pub(crate) fn breathing(now: &str) -> Vec<Choice> {
    let all = [("", "Not known"), ("air", "Air"), ("oxygen", "Oxygen")];
    all.into_iter()
        .map(|(value, words)| Choice::new(value, words, now))
        .collect()
}

/// `37,5`, `37.5`.
fn number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

const fn field(part: Part) -> &'static str {
    match part {
        Part::RespirationRate => "breaths",
        Part::SystolicBp => "systolic",
        Part::DiastolicBp => "diastolic",
        Part::Temperature => "temperature",
        Part::OxygenFlow => "litres",
    }
}

impl Observed<'_> {
    /// Something was typed or chosen.
    pub(crate) fn is_begun(&self) -> bool {
        let all = [
            self.breaths,
            self.systolic,
            self.diastolic,
            self.temperature,
            self.consciousness,
            self.breathing,
            self.litres,
        ];
        all.iter().any(|text| !text.trim().is_empty())
    }

    /// As the treaty has it; what cannot be is said in `errors`, at its field.
    pub(crate) fn read(&self, errors: &mut FormErrors) -> Option<wire::Observations> {
        let mut typed = |field: &'static str, text: &str, example: &str| {
            let found = number(text);
            if found.is_none() && !text.trim().is_empty() {
                errors.add(
                    field,
                    format!("Enter a number, for example {example}, or leave it empty"),
                );
            }
            found
        };
        let mut read = wire::Observations {
            respiration_rate: typed("breaths", self.breaths, "16"),
            systolic_bp: typed("systolic", self.systolic, "120"),
            diastolic_bp: typed("diastolic", self.diastolic, "80"),
            temperature: typed("temperature", self.temperature, "37.2"),
            ..wire::Observations::default()
        };
        let litres = typed("litres", self.litres, "2");
        let level = LEVELS
            .iter()
            .find(|(value, ..)| *value == self.consciousness);
        read.consciousness = level.map(|(_, level, _)| *level);
        read.oxygen = match (self.breathing, litres) {
            ("oxygen", litres_per_minute) => Some(wire::Oxygen::Supplemental { litres_per_minute }),
            (breathing, Some(_)) => {
                let told = if breathing == "air" {
                    "You wrote litres of oxygen: choose Oxygen, or clear them"
                } else {
                    "Choose Oxygen, since you wrote its litres"
                };
                errors.add("breathing-on", told);
                None
            }
            ("air", None) => Some(wire::Oxygen::Air {}),
            (_, None) => None,
        };
        match observations(Some(read)) {
            Ok(set) => (!set.is_empty()).then_some(read),
            Err(HandRefused::Observation(why)) => {
                errors.add(field(why.part()), sentence(&why.to_string()));
                None
            }
            Err(why) => {
                errors.add("breaths", sentence(&why.to_string()));
                None
            }
        }
    }
}

/// `breaths 18, BP 120/80, 37.5 °C, alert, on air`; empty where nothing was taken.
pub(crate) fn in_words(set: &ObservationSet) -> String {
    let pressure = |systolic: u16| match set.diastolic_bp {
        Some(diastolic) => format!("BP {systolic}/{diastolic}"),
        None => format!("BP {systolic} systolic"),
    };
    let parts = [
        set.respiration_rate
            .map(|breaths| format!("breaths {breaths} a minute")),
        set.systolic_bp.map(pressure),
        set.temperature_tenths
            .map(|it| format!("{}.{} °C", it / 10, it % 10)),
        set.consciousness.map(|level| level_words(level).to_owned()),
        set.oxygen.map(|oxygen| match oxygen {
            Oxygen::Air => "on air".to_owned(),
            Oxygen::Supplemental { flow_tenths: None } => "on oxygen".to_owned(),
            Oxygen::Supplemental {
                flow_tenths: Some(it),
            } => {
                format!("on oxygen, {}.{} l/min", it / 10, it % 10)
            }
        }),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// As staff say it.
pub(crate) const fn level_words(level: Consciousness) -> &'static str {
    match level {
        Consciousness::Alert => "alert",
        Consciousness::Confusion => "newly confused",
        Consciousness::Voice => "responds to voice",
        Consciousness::Pain => "responds to pain",
        Consciousness::Unresponsive => "unresponsive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Observed<'_> = Observed {
        breaths: "",
        systolic: "",
        diastolic: " ",
        temperature: "",
        consciousness: "",
        breathing: "",
        litres: "",
    };

    fn wrong(observed: Observed<'_>) -> Vec<String> {
        let mut errors = FormErrors::default();
        assert_eq!(observed.read(&mut errors), None);
        errors.iter().map(|it| it.field.to_string()).collect()
    }

    #[test]
    fn a_set_is_read_as_it_was_typed_and_said_in_words() {
        let typed = Observed {
            breaths: "18",
            systolic: "128",
            diastolic: "76",
            temperature: "37,85",
            consciousness: "confusion",
            breathing: "oxygen",
            litres: "1.5",
        };
        let mut errors = FormErrors::default();
        let read = typed.read(&mut errors);
        assert!(errors.is_empty() && typed.is_begun());
        let set = observations(read).unwrap();
        assert_eq!(
            in_words(&set),
            "breaths 18 a minute, BP 128/76, 37.9 °C, newly confused, on oxygen, 1.5 l/min"
        );
        let mut errors = FormErrors::default();
        assert_eq!(NOTHING.read(&mut errors), None);
        assert!(errors.is_empty() && !NOTHING.is_begun());
        assert_eq!(in_words(&ObservationSet::default()), "");
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        assert_eq!(
            wrong(Observed {
                breaths: "many",
                ..NOTHING
            }),
            ["breaths"]
        );
        assert_eq!(
            wrong(Observed {
                breaths: "101",
                ..NOTHING
            }),
            ["breaths"]
        );
        assert_eq!(
            wrong(Observed {
                temperature: "98.6",
                ..NOTHING
            }),
            ["temperature"]
        );
        assert_eq!(
            wrong(Observed {
                diastolic: "80",
                ..NOTHING
            }),
            ["systolic"]
        );
        assert_eq!(
            wrong(Observed {
                systolic: "80",
                diastolic: "120",
                ..NOTHING
            }),
            ["diastolic"]
        );
        assert_eq!(
            wrong(Observed {
                litres: "2",
                ..NOTHING
            }),
            ["breathing-on"]
        );
        assert_eq!(
            wrong(Observed {
                litres: "2",
                breathing: "air",
                ..NOTHING
            }),
            ["breathing-on"]
        );
        assert_eq!(
            wrong(Observed {
                litres: "200",
                breathing: "oxygen",
                ..NOTHING
            }),
            ["litres"]
        );
    }
}
