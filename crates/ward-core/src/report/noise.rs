//! Who and what makes the noise: in the literature one patient in ten causes more than half of all alarms.

use std::collections::BTreeMap;

use super::{
    AlertFact, By, Definition, Facts, Figure, Line, Section, Unit, changed_care, lines, number,
};
use crate::id::StayId;

/// So many of the noisiest patients are listed at most.
pub const NAMED_AT_MOST: usize = 16;

/// A patient who had many alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Noisy {
    /// Whose. Who that is, only the ward's own page says.
    pub stay: StayId,
    /// How many alerts about the patient were raised.
    pub alerts: u32,
    /// For each of the patient's days; nothing for who was on the ward for no time.
    pub per_patient_day: Option<f64>,
    /// How many of them changed care.
    pub changed_care: u32,
}

const NOISIEST: Definition = Definition {
    name: "alerts_of_noisiest_tenth",
    title: "Alerts of the noisiest tenth of patients",
    unit: Unit::Percent,
    text: "Everybody who was on the ward in the period, ordered by alerts about them: the share of all alerts about patients that \
           the first tenth of them had. A tenth is rounded up to whole patients. Alerts about kit that is nobody's are not in it. \
           n: alerts about patients.",
};

const BY_RULE: Definition = Definition {
    name: "share_of_alerts",
    title: "Share of all alerts",
    unit: Unit::Percent,
    text: "Alerts of this problem, that is, by this rule, of all alerts raised in the period. n: alerts of this problem.",
};

/// One value of a noisy patient.
type Said = fn(&Noisy) -> Option<f64>;

/// What the list of the noisiest says, for a file: by the id of the stay, never by name.
const OF_STAYS: [(Definition, Said); 3] = [
    (
        Definition {
            name: "noisiest_alerts",
            title: "Alerts of one patient",
            unit: Unit::Count,
            text: "The noisiest tenth of patients one by one, sixteen at most, by the id of the stay and without a name: alerts about \
                   the patient that were raised in the period. n: the same.",
        },
        |noisy| Some(f64::from(noisy.alerts)),
    ),
    (
        Definition {
            name: "noisiest_alerts_per_patient_day",
            title: "Alerts per day of one patient",
            unit: Unit::PerPatientDay,
            text: "As the alerts of one patient, divided by that patient's own days on the ward. n: alerts.",
        },
        |noisy| noisy.per_patient_day,
    ),
    (
        Definition {
            name: "noisiest_changed_care",
            title: "Alerts of one patient that changed care",
            unit: Unit::Count,
            text: "How many of the alerts of one patient are resolved and changed care, as defined there. n: alerts.",
        },
        |noisy| Some(f64::from(noisy.changed_care)),
    ),
];

fn of_stays(facts: &Facts) -> Vec<Figure> {
    let noisiest = noisiest(facts);
    let figure = |(definition, value): (Definition, Said)| Figure {
        definition,
        lines: noisiest
            .iter()
            .map(|noisy| Line {
                by: By::Stay,
                group: noisy.stay.to_string(),
                value: value(noisy),
                n: noisy.alerts,
                people: 1,
                withheld: false,
            })
            .collect(),
    };
    OF_STAYS.map(figure).into()
}

pub(super) fn section(facts: &Facts) -> Section {
    let ranked = ranked(facts);
    let all: u32 = ranked.iter().map(|noisy| noisy.alerts).sum();
    let noisy: u32 = ranked
        .iter()
        .take(facts.stays.len().div_ceil(10))
        .map(|noisy| noisy.alerts)
        .sum();
    let share = Line {
        by: By::Whole,
        group: "all".to_owned(),
        value: number::percent(noisy, all).map(number::rounded),
        n: all,
        people: number::count(ranked.iter().filter(|noisy| noisy.alerts > 0).count()),
        withheld: false,
    };
    let total = number::count(facts.alerts.len());
    let group_of = |alert: &AlertFact, by| facts.group_of_alert(alert, by);
    let by_rule = lines(
        facts,
        &[By::Problem],
        &facts.alerts,
        group_of,
        |alert| alert.stay,
        |members, _| {
            let n = number::count(members.len());
            (number::percent(n, total), n)
        },
    );
    let mut figures = vec![
        Figure {
            definition: NOISIEST,
            lines: vec![share],
        },
        Figure {
            definition: BY_RULE,
            lines: by_rule,
        },
    ];
    figures.extend(of_stays(facts));
    Section {
        name: "noise",
        title: "Who and what makes the noise?",
        figures,
    }
}

/// The noisiest tenth of those who had alerts at all, as far as they are listed.
pub(super) fn noisiest(facts: &Facts) -> Vec<Noisy> {
    let tenth = facts.stays.len().div_ceil(10);
    let ranked = ranked(facts).into_iter().filter(|noisy| noisy.alerts > 0);
    ranked.take(tenth.min(NAMED_AT_MOST)).collect()
}

fn ranked(facts: &Facts) -> Vec<Noisy> {
    let mut alerts: BTreeMap<StayId, (u32, u32)> = BTreeMap::new();
    for alert in &facts.alerts {
        let Some(stay) = alert.stay else { continue };
        let counted = alerts.entry(stay).or_default();
        counted.0 += 1;
        counted.1 += u32::from(
            alert
                .resolved
                .is_some_and(|(_, outcome)| changed_care(outcome)),
        );
    }
    let mut ranked: Vec<Noisy> = facts
        .stays
        .iter()
        .map(|stay| {
            let (count, changed) = alerts.get(&stay.stay).copied().unwrap_or_default();
            let days = number::days(stay.looked_after(&facts.period, facts.now));
            Noisy {
                stay: stay.stay,
                alerts: count,
                per_patient_day: (days > 0.0).then(|| number::rounded(f64::from(count) / days)),
                changed_care: changed,
            }
        })
        .collect();
    ranked.sort_by_key(|noisy| (std::cmp::Reverse(noisy.alerts), noisy.stay));
    ranked
}
