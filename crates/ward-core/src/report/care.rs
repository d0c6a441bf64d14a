//! How often an alert changed somebody's care: what NICE (HTE13) says nobody can show.

use super::{AlertFact, By, Definition, Facts, Figure, Section, Unit, lines, number};
use crate::alert::Outcome;

/// Whether an outcome says that the alert changed the care of the patient. A death closes whatever is open, so it says nothing
/// about the alert; a transfer only moves it to another ward, which will say; a wrong measurement and kit that was seen to are
/// work for the ward, but nobody's care.
#[must_use]
pub const fn changed_care(outcome: Outcome) -> bool {
    match outcome {
        Outcome::AdviceGiven
        | Outcome::VisitArranged
        | Outcome::TreatmentChanged
        | Outcome::PassedOn
        | Outcome::AmbulanceCalled
        | Outcome::AdmittedToHospital => true,
        Outcome::NoChange
        | Outcome::MeasurementFault
        | Outcome::Died
        | Outcome::KitSeenTo
        | Outcome::TransferredWard => false,
    }
}

pub(super) const fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoChange => "no_change",
        Outcome::MeasurementFault => "measurement_fault",
        Outcome::AdviceGiven => "advice_given",
        Outcome::VisitArranged => "visit_arranged",
        Outcome::TreatmentChanged => "treatment_changed",
        Outcome::PassedOn => "passed_on",
        Outcome::AmbulanceCalled => "ambulance_called",
        Outcome::AdmittedToHospital => "admitted_to_hospital",
        Outcome::Died => "died",
        Outcome::KitSeenTo => "kit_seen_to",
        Outcome::TransferredWard => "transferred_ward",
    }
}

const SHARE: Definition = Definition {
    name: "changed_care",
    title: "Changed care",
    unit: Unit::Percent,
    text: "Of the alerts raised in the period that are resolved by now: those whose outcome says that the patient's care changed. \
           These do: advice given, visit arranged, treatment changed, passed to the GP or 111, ambulance called, admitted to \
           hospital. These do not: no change; a measurement fault, which was no news of the patient; kit seen to, which is work \
           but nobody's care; transferred to another ward, where the alert goes on and will have its outcome; died, since a death \
           closes whatever is open and says nothing about the alert. n: resolved alerts.",
};

const OUTCOMES: Definition = Definition {
    name: "resolved_alerts",
    title: "Resolved alerts",
    unit: Unit::Count,
    text: "Alerts raised in the period that are resolved by now, by what whoever resolved them said that they led to. \
           n: resolved alerts.",
};

pub(super) fn section(facts: &Facts) -> Section {
    let resolved: Vec<AlertFact> = facts
        .alerts
        .iter()
        .filter(|alert| alert.resolved.is_some())
        .cloned()
        .collect();
    let group_of = |alert: &AlertFact, by| facts.group_of_alert(alert, by);
    let share_by = [
        By::Whole,
        By::Priority,
        By::Problem,
        By::AgeBand,
        By::Language,
        By::Device,
    ];
    let share = lines(
        facts,
        &share_by,
        &resolved,
        group_of,
        |alert| alert.stay,
        |members, _| {
            let changed = |alert: &&&AlertFact| {
                alert
                    .resolved
                    .is_some_and(|(_, outcome)| changed_care(outcome))
            };
            let n = number::count(members.len());
            (
                number::percent(number::count(members.iter().filter(changed).count()), n),
                n,
            )
        },
    );
    let outcomes = [By::Whole, By::Outcome];
    let counts = lines(
        facts,
        &outcomes,
        &resolved,
        group_of,
        |alert| alert.stay,
        |members, _| {
            let n = number::count(members.len());
            (Some(f64::from(n)), n)
        },
    );
    Section {
        name: "changed_care",
        title: "Did alerts change care?",
        figures: vec![
            Figure {
                definition: SHARE,
                lines: share,
            },
            Figure {
                definition: OUTCOMES,
                lines: counts,
            },
        ],
    }
}
