//! What was asked for and came, who came and went.

use super::{By, Definition, Facts, Figure, Line, Section, StayFact, Unit, lines, number};
use crate::stay::Destination;
use crate::time::minutes;

const OF_PEOPLE: [By; 4] = [By::Whole, By::AgeBand, By::Language, By::Device];

/// A readmission is within this time.
const BACK_WITHIN: std::time::Duration = minutes(30 * 24 * 60);

fn of_stays(
    facts: &Facts,
    breakdowns: &[By],
    stays: &[StayFact],
    value: impl Fn(&[&StayFact]) -> (Option<f64>, u32),
) -> Vec<Line> {
    lines(
        facts,
        breakdowns,
        stays,
        StayFact::group,
        |stay| Some(stay.stay),
        |members, _| value(members),
    )
}

fn sum(stays: &[&StayFact], of: fn(&StayFact) -> u32) -> u32 {
    stays.iter().map(|stay| of(stay)).sum()
}

/// A figure that adds up a number of each stay. n: stays for which anything was due.
fn added(
    facts: &Facts,
    definition: Definition,
    of: fn(&StayFact) -> u32,
    n: fn(&StayFact) -> bool,
) -> Figure {
    let lines = of_stays(facts, &OF_PEOPLE, &facts.stays, |members| {
        let count = members.iter().filter(|stay| n(stay)).count();
        (Some(f64::from(sum(members, of))), number::count(count))
    });
    Figure { definition, lines }
}

fn share(
    facts: &Facts,
    definition: Definition,
    part: fn(&StayFact) -> u32,
    whole: fn(&StayFact) -> u32,
) -> Figure {
    let lines = of_stays(facts, &OF_PEOPLE, &facts.stays, |members| {
        let whole = sum(members, whole);
        (number::percent(sum(members, part), whole), whole)
    });
    Figure { definition, lines }
}

pub(super) fn readings(facts: &Facts) -> Section {
    let asked = |stay: &StayFact| stay.asked.due > 0;
    let missed = |stay: &StayFact| stay.asked.due.saturating_sub(stay.asked.kept);
    Section {
        name: "readings",
        title: "Missed readings",
        figures: vec![
            share(
                facts,
                Definition {
                    name: "readings_missed_share",
                    title: "Missed",
                    unit: Unit::Percent,
                    text: "Readings missed of readings due. n: readings due.",
                },
                missed,
                |stay| stay.asked.due,
            ),
            added(
                facts,
                Definition {
                    name: "readings_due",
                    title: "Due",
                    unit: Unit::Count,
                    text: "Times in the period at which the plan that counted then asked for a reading, while the patient was on \
                           the ward and not paused, that are over: the time that the plan allows, and two minutes for what is on \
                           its way. n: patients of whom any was asked.",
                },
                |stay| stay.asked.due,
                asked,
            ),
            added(
                facts,
                Definition {
                    name: "readings_kept",
                    title: "Kept",
                    unit: Unit::Count,
                    text: "Readings due for which a value was measured within the time that the plan allows, by whichever way it \
                           came and however late it came in. What was struck out does not count. n: patients of whom any was asked.",
                },
                |stay| stay.asked.kept,
                asked,
            ),
            added(
                facts,
                Definition {
                    name: "readings_missed",
                    title: "Not kept",
                    unit: Unit::Count,
                    text: "Readings due that were not kept. n: patients of whom any was asked.",
                },
                missed,
                asked,
            ),
        ],
    }
}

pub(super) fn contacts(facts: &Facts) -> Section {
    let due = |stay: &StayFact| stay.called.due > 0;
    Section {
        name: "contacts",
        title: "Contacts due and made",
        figures: vec![
            share(
                facts,
                Definition {
                    name: "contacts_done_share",
                    title: "Done",
                    unit: Unit::Percent,
                    text: "Contacts done of contacts due. n: contacts due.",
                },
                |stay| stay.called.done,
                |stay| stay.called.due,
            ),
            added(
                facts,
                Definition {
                    name: "contacts_due",
                    title: "Due",
                    unit: Unit::Count,
                    text: "Days of the ward's calendar that are over and on which a patient's plan asks for a contact, if the \
                           patient was on the ward at the end of that day and not paused. What was agreed or asked for beside the \
                           plan is not in it. n: patients with any.",
                },
                |stay| stay.called.due,
                due,
            ),
            added(
                facts,
                Definition {
                    name: "contacts_done",
                    title: "Days reached",
                    unit: Unit::Count,
                    text: "Contacts due on whose day the patient, or a carer who speaks for them, was reached by call, video or \
                           visit, whoever rang. No answer, a message left and next of kin are not done. n: patients with any due.",
                },
                |stay| stay.called.done,
                due,
            ),
            added(
                facts,
                Definition {
                    name: "contacts_made",
                    title: "Contacts made",
                    unit: Unit::Count,
                    text: "All calls and visits of the period that reached the patient or a carer who speaks for them, due or not, \
                           without those that were struck out. n: patients who were reached.",
                },
                |stay| stay.called.reached,
                |stay| stay.called.reached > 0,
            ),
            added(
                facts,
                Definition {
                    name: "contacts_tried",
                    title: "Tries without answer",
                    unit: Unit::Count,
                    text: "Calls and visits by the ward that did not reach the patient or a carer who speaks for them. n: patients \
                           whom one of them was meant for.",
                },
                |stay| stay.called.tried,
                |stay| stay.called.tried > 0,
            ),
        ],
    }
}

fn counted(facts: &Facts, definition: Definition, breakdowns: &[By], stays: &[StayFact]) -> Figure {
    let lines = of_stays(facts, breakdowns, stays, |members| {
        let n = number::count(members.len());
        (Some(f64::from(n)), n)
    });
    Figure { definition, lines }
}

pub(super) fn coming(facts: &Facts) -> Section {
    let admitted: Vec<StayFact> = facts
        .stays
        .iter()
        .filter(|stay| stay.was_admitted_in(&facts.period))
        .cloned()
        .collect();
    let definition = Definition {
        name: "admitted_from",
        title: "Admissions",
        unit: Unit::Count,
        text: "Stays that began on this ward in the period, by where the referral came from. Step-down: from hospital, that is, \
               referred by a hospital ward or an emergency department, or after a hospital bed was left (the end of the inpatient \
               spell is on record). Step-up: from home or community instead of hospital, that is, referred by case finding, general \
               practice, 111, ambulance, care home, community services or the person. Not recorded: no referral, or a readmission \
               without a hospital bed before it. A return that counts emergency departments as step-up can be made from the table \
               by source. n: admissions.",
    };
    let by = [
        By::Whole,
        By::Direction,
        By::Source,
        By::AgeBand,
        By::Language,
        By::Device,
    ];
    Section {
        name: "admissions_from",
        title: "Where patients came from",
        figures: vec![counted(facts, definition, &by, &admitted)],
    }
}

pub(super) fn going(facts: &Facts) -> Section {
    let ended: Vec<StayFact> = facts
        .stays
        .iter()
        .filter(|stay| stay.ended_in(&facts.period).is_some())
        .cloned()
        .collect();
    let alive: Vec<StayFact> = ended
        .iter()
        .filter(|stay| {
            stay.end.is_some_and(|(at, to)| {
                to != Destination::Died && at.plus(BACK_WITHIN) <= facts.now
            })
        })
        .cloned()
        .collect();
    let length = |definition, sum: fn(&[i64]) -> Option<i64>| Figure {
        definition,
        lines: of_stays(facts, &OF_PEOPLE, &ended, |members| {
            let mut lengths: Vec<i64> = members
                .iter()
                .filter_map(|stay| {
                    stay.end
                        .map(|(at, _)| number::between(stay.admitted_at, at))
                })
                .collect();
            lengths.sort_unstable();
            (
                sum(&lengths).map(number::days),
                number::count(lengths.len()),
            )
        }),
    };
    let is_back = |stay: &&&StayFact| {
        let end = stay.end.map(|(at, _)| at);
        end.zip(stay.back_at)
            .is_some_and(|(end, back)| back <= end.plus(BACK_WITHIN))
    };
    let back = of_stays(facts, &OF_PEOPLE, &alive, |members| {
        let n = number::count(members.len());
        (
            number::percent(number::count(members.iter().filter(is_back).count()), n),
            n,
        )
    });
    let by = [
        By::Whole,
        By::Destination,
        By::AgeBand,
        By::Language,
        By::Device,
    ];
    Section {
        name: "going",
        title: "Length of stay, destination and return",
        figures: vec![
            counted(
                facts,
                Definition {
                    name: "discharged_to",
                    title: "Stays ended",
                    unit: Unit::Count,
                    text: "Stays that ended on this ward in the period, by where the patient went, as it is on record now. Transfers to \
                           another ward of the organisation are not among them. n: stays ended.",
                },
                &by,
                &ended,
            ),
            length(
                Definition {
                    name: "length_of_stay_median",
                    title: "Median days",
                    unit: Unit::Days,
                    text: "From admission, on whichever ward, to the end of stays that ended on this ward in the period, in days of \
                           24 hours, pauses included. The middle of all. n: stays ended.",
                },
                number::median,
            ),
            length(
                Definition {
                    name: "length_of_stay_p90",
                    title: "Nine of ten within",
                    unit: Unit::Days,
                    text: "As the median; the shortest length that nine of ten stays did not exceed. n: stays ended.",
                },
                number::ninetieth,
            ),
            length(
                Definition {
                    name: "length_of_stay_worst",
                    title: "Longest",
                    unit: Unit::Days,
                    text: "As the median; the longest. n: stays ended.",
                },
                |sorted| sorted.last().copied(),
            ),
            Figure {
                definition: Definition {
                    name: "readmitted_within_30_days",
                    title: "Back within 30 days",
                    unit: Unit::Percent,
                    text: "Of the stays that ended on this ward in the period, but not with a death, and at least 30 days ago: those \
                           whose patient had another stay on any ward of this organisation that began within 30 days of the end. \
                           Admissions to a hospital that this service is not told of are not known. n: stays ended at least 30 days ago.",
                },
                lines: back,
            },
        ],
    }
}
