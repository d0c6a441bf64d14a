//! How soon alerts were stored, shown, acknowledged and resolved.

use super::alerts::OF_ALERTS;
use super::{AlertFact, Definition, Facts, Figure, Section, Unit, lines, number};

/// One step of an alert's life, and its four figures.
struct Step {
    name: &'static str,
    title: &'static str,
    median: Definition,
    ninetieth: Definition,
    worst: Definition,
    never: Option<Definition>,
    /// In milliseconds; `None` when it was not taken.
    took: fn(&AlertFact) -> Option<i64>,
    /// Whether the step is there to be taken at all.
    applies: fn(&AlertFact) -> bool,
}

/// The definitions of a step's figures: what its time is, then how it is summed up.
macro_rules! step {
    ($name:literal, $title:literal, $what:literal, never: $never:expr, took: $took:expr, applies: $applies:expr) => {
        Step {
            name: concat!("time_to_", $name),
            title: $title,
            median: Definition {
                name: concat!("time_to_", $name, "_median"),
                title: "Median",
                unit: Unit::Seconds,
                text: concat!($what, " The middle of all that were; of an even number half way between the two in the middle. n: alerts that were."),
            },
            ninetieth: Definition {
                name: concat!("time_to_", $name, "_p90"),
                title: "Nine of ten within",
                unit: Unit::Seconds,
                text: concat!($what, " The 90th percentile: the shortest that nine of ten did not exceed. n: alerts that were."),
            },
            worst: Definition {
                name: concat!("time_to_", $name, "_worst"),
                title: "Worst",
                unit: Unit::Seconds,
                text: concat!($what, " The longest. n: alerts that were."),
            },
            never: $never,
            took: $took,
            applies: $applies,
        }
    };
}

macro_rules! never {
    ($name:literal, $title:literal, $text:literal) => {
        Some(Definition {
            name: concat!("never_", $name),
            title: $title,
            unit: Unit::Count,
            text: $text,
        })
    };
}

const STEPS: [Step; 4] = [
    step!("store", "From measured to stored and offered",
        "From the measurement of the first value that an alert rests on until the alert was raised. Raising it, storing it and \
         offering it to every console are one commit, so this is all the way from the finger to the log. Alerts that rest on no \
         value, such as silence, words or kit, are not in it; a value that came in hours late is, and makes the worst.",
        never: None,
        took: |alert| alert.measured_at.map(|at| number::between(at, alert.raised_at)),
        applies: |alert| alert.measured_at.is_some()),
    step!("show", "From raised to shown",
        "From first raised until a console first said that it shows the alert: a visible page with sound armed. An alert that \
         somebody acknowledged counts as shown by then. What is delivered to a console that cannot show it is not counted.",
        never: never!("shown", "Never shown", "Alerts that no console has shown and nobody has acknowledged until now. An alert \
            of low priority need not be shown in time. n: all alerts."),
        took: |alert| alert.shown_at.map(|at| number::between(alert.raised_at, at)),
        applies: |_| true),
    step!("acknowledge", "From raised to acknowledged",
        "From first raised until a named clinician first took the alert or was given it. That it worsened and was nobody's again \
         later does not change it.",
        never: never!("acknowledged", "Never acknowledged", "Alerts that nobody has acknowledged until now; among them those \
            that an admission, a death or a transfer closed before anybody took them. n: all alerts."),
        took: |alert| alert.acknowledged_at.map(|at| number::between(alert.raised_at, at)),
        applies: |_| true),
    step!("resolve", "From raised to resolved",
        "From first raised until it was resolved with an outcome.",
        never: never!("resolved", "Not resolved", "Alerts that are open until now. n: all alerts."),
        took: |alert| alert.resolved.map(|(at, _)| number::between(alert.raised_at, at)),
        applies: |_| true),
];

pub(super) fn sections(facts: &Facts) -> Vec<Section> {
    STEPS.iter().map(|step| step.section(facts)).collect()
}

impl Step {
    fn section(&self, facts: &Facts) -> Section {
        let summed = |definition: Definition, sum: fn(&[i64]) -> Option<i64>| Figure {
            definition,
            lines: self.lines(facts, |members| {
                let mut took: Vec<i64> = members
                    .iter()
                    .filter_map(|alert| (self.took)(alert))
                    .collect();
                took.sort_unstable();
                (sum(&took).map(number::seconds), number::count(took.len()))
            }),
        };
        let mut figures = vec![
            summed(self.median, number::median),
            summed(self.ninetieth, number::ninetieth),
            summed(self.worst, |sorted| sorted.last().copied()),
        ];
        figures.extend(self.never.map(|definition| Figure {
            definition,
            lines: self.lines(facts, |members| {
                let never = members.iter().filter(|alert| (self.took)(alert).is_none());
                let never = f64::from(number::count(never.count()));
                (Some(never), number::count(members.len()))
            }),
        }));
        Section {
            name: self.name,
            title: self.title,
            figures,
        }
    }

    fn lines(
        &self,
        facts: &Facts,
        value: impl Fn(&[&AlertFact]) -> (Option<f64>, u32),
    ) -> Vec<super::Line> {
        lines(
            facts,
            &OF_ALERTS,
            &facts.alerts,
            |alert, by| {
                facts
                    .group_of_alert(alert, by)
                    .filter(|_| (self.applies)(alert))
            },
            |alert| alert.stay,
            |members, _| value(members),
        )
    }
}
