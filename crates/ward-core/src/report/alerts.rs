//! How many alerts there were, and how many that is for each day of each patient.

use super::{AlertFact, By, Definition, Facts, Figure, Section, StayFact, Unit, lines, number};

pub(super) const OF_ALERTS: [By; 7] = [
    By::Whole,
    By::Priority,
    By::Problem,
    By::Hour,
    By::AgeBand,
    By::Language,
    By::Device,
];

const ALERTS: Definition = Definition {
    name: "alerts",
    title: "Alerts",
    unit: Unit::Count,
    text: "Alerts that were first raised in the period, about patients and about kit. One alert is one problem of one patient \
           from raised to resolved, however often it spoke. Priority is the worst that it reached, problem the rule that \
           raised it, hour that of the ward's clock when it was raised. n: alerts.",
};

const PER_PATIENT_DAY: Definition = Definition {
    name: "alerts_per_patient_day",
    title: "Alerts per patient-day",
    unit: Unit::PerPatientDay,
    text: "Alerts that were raised in the period, divided by patient-days. By age, language and oximeter: alerts about those \
           patients divided by their own patient-days; elsewhere divided by those of all patients. n: alerts.",
};

const PATIENT_DAYS: Definition = Definition {
    name: "patient_days",
    title: "Patient-days",
    unit: Unit::Days,
    text: "Time that patients were on this ward and looked after by it, in days of 24 hours: from admission or transfer to \
           it until the end or a transfer away, without pauses, up to now. n: patients.",
};

pub(super) fn section(facts: &Facts) -> Section {
    let alerts = &facts.alerts;
    let group_of = |alert: &AlertFact, by| facts.group_of_alert(alert, by);
    let whose = |alert: &AlertFact| alert.stay;
    let count = lines(facts, &OF_ALERTS, alerts, group_of, whose, |members, _| {
        let n = number::count(members.len());
        (Some(f64::from(n)), n)
    });
    let rate = lines(
        facts,
        &OF_ALERTS,
        alerts,
        group_of,
        whose,
        |members, scope| {
            let n = number::count(members.len());
            let days = patient_days(facts, scope.stays.iter().copied());
            ((days > 0.0).then(|| f64::from(n) / days), n)
        },
    );
    let of_people = [By::Whole, By::AgeBand, By::Language, By::Device];
    let stay_group = StayFact::group;
    let days = lines(
        facts,
        &of_people,
        &facts.stays,
        stay_group,
        |stay| Some(stay.stay),
        |members, _| {
            let there = members
                .iter()
                .filter(|stay| stay.looked_after(&facts.period, facts.now) > 0);
            let n = number::count(there.count());
            (Some(patient_days(facts, members.iter().copied())), n)
        },
    );
    Section {
        name: "alerts",
        title: "Alerts",
        figures: vec![
            Figure {
                definition: PER_PATIENT_DAY,
                lines: rate,
            },
            Figure {
                definition: ALERTS,
                lines: count,
            },
            Figure {
                definition: PATIENT_DAYS,
                lines: days,
            },
        ],
    }
}

pub(super) fn patient_days<'a>(facts: &Facts, stays: impl Iterator<Item = &'a StayFact>) -> f64 {
    number::days(
        stays
            .map(|stay| stay.looked_after(&facts.period, facts.now))
            .sum(),
    )
}
