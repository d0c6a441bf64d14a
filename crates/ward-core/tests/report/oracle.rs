//! What each line must say, worked out as slowly and plainly as its definition is written.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ward_core::alert::{Outcome, Severity};
use ward_core::id::StayId;
use ward_core::pathway::referral::Source;
use ward_core::report::{AgeBand, AlertFact, By, Facts, Line, Report, StayFact};
use ward_core::stay::Destination;
use ward_core::time::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: f64 = 86_400_000.0;

/// A line as it must be: value, n, people.
type Expected = (Option<f64>, u32, Option<u32>);

pub fn check(report: &Report, facts: &Facts) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for figure in report.figures() {
        let name = figure.definition.name;
        if !names.insert(name) {
            return Err(format!("{name} stands twice"));
        }
        let mut seen = BTreeSet::new();
        for line in &figure.lines {
            if !seen.insert((line.by, line.group.clone())) {
                return Err(format!("{name} says {} twice", line.group));
            }
            let expected = expected(name, line, facts);
            let close = match (line.value, expected.0) {
                (Some(one), Some(other)) => (one - other).abs() < 0.002,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            let people = expected.2.is_none_or(|people| people == line.people);
            if !close || line.n != expected.1 || !people {
                return Err(format!(
                    "{name} by {:?} {}: {line:?}, not {expected:?}",
                    line.by, line.group
                ));
            }
        }
        nobody_is_left_out(name, &figure.lines, facts)?;
    }
    for name in NAMES {
        if !names.contains(name) {
            return Err(format!("{name} is missing"));
        }
    }
    noisiest(report, facts)
}

const NAMES: [&str; 30] = [
    "alerts",
    "alerts_per_patient_day",
    "patient_days",
    "time_to_store_median",
    "time_to_show_p90",
    "time_to_acknowledge_worst",
    "time_to_resolve_median",
    "never_shown",
    "never_acknowledged",
    "never_resolved",
    "changed_care",
    "resolved_alerts",
    "alerts_of_noisiest_tenth",
    "share_of_alerts",
    "readings_due",
    "readings_kept",
    "readings_missed",
    "readings_missed_share",
    "contacts_due",
    "contacts_done",
    "contacts_done_share",
    "contacts_made",
    "contacts_tried",
    "occupancy_at_0800",
    "admissions",
    "transfers_in",
    "admitted_from",
    "discharged_to",
    "length_of_stay_median",
    "readmitted_within_30_days",
];

/// Alerts are in one group each, but for those about kit, which have no person.
fn nobody_is_left_out(name: &str, lines: &[Line], facts: &Facts) -> Result<(), String> {
    let sum = |by| {
        lines
            .iter()
            .filter(|line| line.by == by)
            .map(|line| line.n)
            .sum::<u32>()
    };
    if name == "alerts" {
        let of_people = facts
            .alerts
            .iter()
            .filter(|alert| alert.stay.is_some())
            .count();
        for (by, all) in [
            (By::Priority, facts.alerts.len()),
            (By::Problem, facts.alerts.len()),
            (By::Hour, facts.alerts.len()),
            (By::AgeBand, of_people),
            (By::Language, of_people),
            (By::Device, of_people),
        ] {
            if sum(by) != count(all) {
                return Err(format!("{by:?} has {} alerts of {all}", sum(by)));
            }
        }
    }
    if ["admitted_from", "discharged_to"].contains(&name) {
        for by in [By::AgeBand, By::Language, By::Device] {
            if sum(by) != sum(By::Whole) {
                return Err(format!("{name} by {by:?} leaves somebody out"));
            }
        }
    }
    Ok(())
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap()
}

fn language(stay: &StayFact) -> &str {
    match stay.language.trim() {
        "" => "English",
        other => other,
    }
}

fn is_in(stay: &StayFact, by: By, group: &str) -> bool {
    let source = match stay.source {
        None => "not_recorded",
        Some(Source::CaseFinding) => "case_finding",
        Some(Source::GeneralPractice) => "general_practice",
        Some(Source::Nhs111) => "nhs_111",
        Some(Source::Ambulance) => "ambulance",
        Some(Source::EmergencyDepartment) => "emergency_department",
        Some(Source::HospitalWard) => "hospital_ward",
        Some(Source::CareHome) => "care_home",
        Some(Source::CommunityServices) => "community_services",
        Some(Source::SelfReferral) => "self_referral",
        Some(Source::Readmission) => "readmission",
    };
    match by {
        By::Whole => true,
        By::AgeBand => {
            group
                == match stay.age_band {
                    AgeBand::Under50 => "under 50",
                    AgeBand::From50 => "50 to 64",
                    AgeBand::From65 => "65 to 74",
                    AgeBand::From75 => "75 to 84",
                    AgeBand::From85 => "85 and over",
                }
        }
        By::Language => group == language(stay),
        By::Device => group == stay.device.as_deref().unwrap_or("none"),
        By::Source => group == source,
        By::Direction => {
            let hospital = stay.from_hospital_bed
                || ["hospital_ward", "emergency_department"].contains(&source);
            let unknown = !hospital && ["readmission", "not_recorded"].contains(&source);
            group
                == if hospital {
                    "step_down"
                } else if unknown {
                    "not_recorded"
                } else {
                    "step_up"
                }
        }
        By::Destination => stay.end.is_some_and(|(_, to)| {
            format!("{to:?}").to_lowercase().replace('_', "") == group.replace('_', "")
        }),
        By::Stay => stay.stay.to_string() == group,
        By::Priority | By::Problem | By::Hour | By::Day | By::Outcome => false,
    }
}

fn stays<'a>(facts: &'a Facts, by: By, group: &str) -> Vec<&'a StayFact> {
    facts
        .stays
        .iter()
        .filter(|stay| is_in(stay, by, group))
        .collect()
}

fn alerts<'a>(facts: &'a Facts, by: By, group: &str) -> Vec<&'a AlertFact> {
    let has = |alert: &&AlertFact| match by {
        By::Whole => true,
        By::Priority => {
            group
                == match alert.severity {
                    Severity::Red => "red",
                    Severity::Amber => "amber",
                    Severity::Low => "low",
                }
        }
        By::Problem => alert.problem == group,
        By::Hour => facts.zone.local(alert.raised_at).strftime("%H").to_string() == group,
        By::Outcome => alert.resolved.is_some_and(|(_, outcome)| {
            format!("{outcome:?}").to_lowercase() == group.replace('_', "")
        }),
        By::AgeBand
        | By::Language
        | By::Device
        | By::Source
        | By::Direction
        | By::Destination
        | By::Stay => facts
            .stays
            .iter()
            .any(|stay| alert.stay == Some(stay.stay) && is_in(stay, by, group)),
        By::Day => facts.zone.day_of(alert.raised_at).to_string() == group,
    };
    facts.alerts.iter().filter(has).collect()
}

/// Minute by minute.
fn minutes_there(facts: &Facts, stay: &StayFact) -> u32 {
    let until = facts.period.until.min(facts.now).as_millis();
    let within = |spans: &[(Timestamp, Timestamp)], at: i64| {
        spans
            .iter()
            .any(|(from, to)| from.as_millis() <= at && at < to.as_millis())
    };
    let mut at = facts.period.from.as_millis();
    let mut minutes = 0;
    while at < until {
        minutes += u32::from(within(&stay.spans, at) && !within(&stay.pauses, at));
        at += MINUTE;
    }
    minutes
}

fn patient_days(facts: &Facts, stays: &[&StayFact]) -> f64 {
    f64::from(
        stays
            .iter()
            .map(|stay| minutes_there(facts, stay))
            .sum::<u32>(),
    ) / 1_440.0
}

fn people(alerts: &[&AlertFact]) -> Option<u32> {
    let people: BTreeSet<StayId> = alerts.iter().filter_map(|alert| alert.stay).collect();
    Some(count(people.len()))
}

#[expect(clippy::cast_precision_loss, reason = "spans of days in milliseconds")]
fn float(millis: i64) -> f64 {
    millis as f64
}

/// By counting how many do not exceed each.
fn summed(how: &str, took: &[i64]) -> Option<f64> {
    let not_more = |than: i64| took.iter().filter(|one| **one <= than).count();
    let less = |than: i64| took.iter().filter(|one| **one < than).count();
    match how {
        "worst" => took.iter().max().map(|most| float(*most)),
        "p90" => took
            .iter()
            .filter(|one| not_more(**one) * 10 >= took.len() * 9)
            .min()
            .map(|one| float(*one)),
        _ => {
            let lower = took
                .iter()
                .filter(|one| not_more(**one) * 2 >= took.len())
                .min()?;
            let upper = took
                .iter()
                .filter(|one| less(**one) * 2 <= took.len())
                .max()?;
            Some((float(*lower) + float(*upper)) / 2.0)
        }
    }
}

fn took(step: &str, alert: &AlertFact) -> Option<i64> {
    let to = match step {
        "store" => {
            return alert
                .measured_at
                .map(|at| alert.raised_at.as_millis() - at.as_millis());
        }
        "show" => alert.shown_at,
        "acknowledge" => alert.acknowledged_at,
        _ => alert.resolved.map(|(at, _)| at),
    };
    to.map(|to| to.as_millis() - alert.raised_at.as_millis())
}

fn helped(alert: &AlertFact) -> bool {
    const CARE: [Outcome; 6] = [
        Outcome::AdviceGiven,
        Outcome::VisitArranged,
        Outcome::TreatmentChanged,
        Outcome::PassedOn,
        Outcome::AmbulanceCalled,
        Outcome::AdmittedToHospital,
    ];
    alert
        .resolved
        .is_some_and(|(_, outcome)| CARE.contains(&outcome))
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| 100.0 * f64::from(part) / f64::from(whole))
}

fn in_period(facts: &Facts, at: Timestamp) -> bool {
    let day = facts.zone.day_of(at);
    facts.period.first <= day && day <= facts.period.last
}

/// The first minute of the day at which the wall says 08:00.
fn eight(facts: &Facts, day: Date) -> Timestamp {
    let mut at = facts.zone.start_of(day);
    while facts.zone.local(at).strftime("%H:%M").to_string() != "08:00" {
        at = Timestamp::from_millis(at.as_millis() + MINUTE);
    }
    at
}

fn there_at(facts: &Facts, at: Timestamp) -> Option<u32> {
    let here = |stay: &&StayFact| stay.spans.iter().any(|(from, to)| *from <= at && at < *to);
    (at <= facts.now).then(|| count(facts.stays.iter().filter(here).count()))
}

fn occupancy(facts: &Facts, line: &Line) -> (Option<f64>, u32) {
    if line.by == By::Day {
        let there = there_at(facts, eight(facts, line.group.parse().unwrap()));
        return (there.map(f64::from), there.unwrap_or_default());
    }
    let each: Vec<u32> = facts
        .period
        .days()
        .filter_map(|day| there_at(facts, eight(facts, day)))
        .collect();
    let days = count(each.len());
    (
        (days > 0).then(|| f64::from(each.iter().sum::<u32>()) / f64::from(days)),
        days,
    )
}

/// When somebody came or went, and how.
fn ways(facts: &Facts, which: &str) -> Vec<Timestamp> {
    let mut times = Vec::new();
    for stay in &facts.stays {
        for (from, until) in &stay.spans {
            let came = if *from == stay.admitted_at {
                "admissions"
            } else {
                "transfers_in"
            };
            if came == which {
                times.push(*from);
            }
            let is_last = stay.spans.last() == Some(&(*from, *until));
            let went = match stay.end {
                Some((at, Destination::Died)) if at == *until && is_last => "deaths",
                Some((at, _)) if at == *until && is_last => "discharges",
                _ if until.as_millis() == i64::MAX => "stays",
                _ => "transfers_out",
            };
            if went == which {
                times.push(*until);
            }
        }
    }
    times.retain(|at| in_period(facts, *at));
    times
}

fn admitted<'a>(facts: &'a Facts, by: By, group: &str) -> Vec<&'a StayFact> {
    let mut all = stays(facts, by, group);
    all.retain(|stay| {
        in_period(facts, stay.admitted_at)
            && stay.spans.first().map(|span| span.0) == Some(stay.admitted_at)
    });
    all
}

fn ended<'a>(facts: &'a Facts, by: By, group: &str) -> Vec<&'a StayFact> {
    let mut all = stays(facts, by, group);
    all.retain(|stay| {
        stay.end.is_some_and(|(at, _)| {
            in_period(facts, at) && stay.spans.last().map(|span| span.1) == Some(at)
        })
    });
    all
}

fn expected(name: &str, line: &Line, facts: &Facts) -> Expected {
    let (by, group) = (line.by, line.group.as_str());
    let of_alerts = alerts(facts, by, group);
    let of_stays = stays(facts, by, group);
    let all = count(of_alerts.len());
    let those = Some(count(of_stays.len()));
    let sum = |of: fn(&StayFact) -> u32| of_stays.iter().map(|stay| of(stay)).sum::<u32>();
    let with =
        |of: fn(&StayFact) -> u32| count(of_stays.iter().filter(|stay| of(stay) > 0).count());
    let due: fn(&StayFact) -> u32 = |stay| stay.asked.due;
    let kept: fn(&StayFact) -> u32 = |stay| stay.asked.kept;
    let wanted: fn(&StayFact) -> u32 = |stay| stay.called.due;
    match name {
        "alerts" => (Some(f64::from(all)), all, people(&of_alerts)),
        "alerts_per_patient_day" => {
            let is_theirs = [By::AgeBand, By::Language, By::Device].contains(&by);
            let whose = if is_theirs {
                of_stays
            } else {
                facts.stays.iter().collect()
            };
            let days = patient_days(facts, &whose);
            (
                (days > 0.0).then(|| f64::from(all) / days),
                all,
                people(&of_alerts),
            )
        }
        "patient_days" => {
            let there = of_stays
                .iter()
                .filter(|stay| minutes_there(facts, stay) > 0)
                .count();
            (Some(patient_days(facts, &of_stays)), count(there), those)
        }
        "never_shown" | "never_acknowledged" | "never_resolved" => {
            let step = match name {
                "never_shown" => "show",
                "never_acknowledged" => "acknowledge",
                _ => "resolve",
            };
            let never = of_alerts
                .iter()
                .filter(|alert| took(step, alert).is_none())
                .count();
            (Some(f64::from(count(never))), all, people(&of_alerts))
        }
        "changed_care" => {
            let mut resolved = of_alerts;
            resolved.retain(|alert| alert.resolved.is_some());
            let n = count(resolved.len());
            let changed = count(resolved.iter().filter(|alert| helped(alert)).count());
            (share(changed, n), n, people(&resolved))
        }
        "resolved_alerts" => {
            let mut resolved = of_alerts;
            resolved.retain(|alert| alert.resolved.is_some());
            let n = count(resolved.len());
            (Some(f64::from(n)), n, people(&resolved))
        }
        "alerts_of_noisiest_tenth" => {
            let counts = noise(facts);
            let tenth = facts.stays.len().div_ceil(10);
            let all: u32 = counts.iter().map(|(alerts, _)| alerts).sum();
            let first: u32 = counts.iter().take(tenth).map(|(alerts, _)| alerts).sum();
            (share(first, all), all, None)
        }
        "share_of_alerts" => (
            share(all, count(facts.alerts.len())),
            all,
            people(&of_alerts),
        ),
        "noisiest_alerts" => (Some(f64::from(all)), all, Some(1)),
        "noisiest_changed_care" => {
            let changed = of_alerts.iter().filter(|alert| helped(alert)).count();
            (Some(f64::from(count(changed))), all, Some(1))
        }
        "noisiest_alerts_per_patient_day" => {
            let days = patient_days(facts, &of_stays);
            ((days > 0.0).then(|| f64::from(all) / days), all, Some(1))
        }
        "readings_due" => (Some(f64::from(sum(due))), with(due), those),
        "readings_kept" => (Some(f64::from(sum(kept))), with(due), those),
        "readings_missed" => (Some(f64::from(sum(due) - sum(kept))), with(due), those),
        "readings_missed_share" => (share(sum(due) - sum(kept), sum(due)), sum(due), those),
        "contacts_due" => (Some(f64::from(sum(wanted))), with(wanted), those),
        "contacts_done" => (
            Some(f64::from(sum(|stay| stay.called.done))),
            with(wanted),
            those,
        ),
        "contacts_done_share" => (
            share(sum(|stay| stay.called.done), sum(wanted)),
            sum(wanted),
            those,
        ),
        "contacts_made" => (
            Some(f64::from(sum(|stay| stay.called.reached))),
            with(|stay| stay.called.reached),
            those,
        ),
        "contacts_tried" => (
            Some(f64::from(sum(|stay| stay.called.tried))),
            with(|stay| stay.called.tried),
            those,
        ),
        "occupancy_at_0800" => {
            let (value, n) = occupancy(facts, line);
            (value, n, None)
        }
        "occupied_at_0800" => {
            let (value, n) = occupancy(facts, line);
            let capacity = facts.capacity.map(f64::from);
            (
                value
                    .zip(capacity)
                    .map(|(value, capacity)| 100.0 * value / capacity),
                n,
                None,
            )
        }
        "admissions" | "transfers_in" | "discharges" | "deaths" | "transfers_out" => {
            let mut times = ways(facts, name);
            if by == By::Day {
                times.retain(|at| facts.zone.day_of(*at).to_string() == group);
            }
            (
                Some(f64::from(count(times.len()))),
                count(times.len()),
                None,
            )
        }
        "admitted_from" => {
            let n = count(admitted(facts, by, group).len());
            (Some(f64::from(n)), n, Some(n))
        }
        "discharged_to" => {
            let n = count(ended(facts, by, group).len());
            (Some(f64::from(n)), n, Some(n))
        }
        "length_of_stay_median" | "length_of_stay_p90" | "length_of_stay_worst" => {
            let how = name.trim_start_matches("length_of_stay_");
            let all = ended(facts, by, group);
            let lengths: Vec<i64> = all
                .iter()
                .map(|stay| stay.end.unwrap().0.millis_since(stay.admitted_at))
                .collect();
            (
                summed(how, &lengths).map(|millis| millis / DAY),
                count(all.len()),
                Some(count(all.len())),
            )
        }
        "readmitted_within_30_days" => {
            let month = 30 * 24 * 60 * MINUTE;
            let mut all = ended(facts, by, group);
            all.retain(|stay| {
                let (at, to) = stay.end.unwrap();
                to != Destination::Died && facts.now.millis_since(at) >= month
            });
            let back = all.iter().filter(|stay| {
                stay.back_at
                    .is_some_and(|back| back.millis_since(stay.end.unwrap().0) <= month)
            });
            let n = count(all.len());
            (share(count(back.count()), n), n, Some(n))
        }
        _ => {
            let rest = name.trim_start_matches("time_to_");
            let (step, how) = rest.rsplit_once('_').unwrap();
            let spans: Vec<i64> = of_alerts
                .iter()
                .filter_map(|alert| took(step, alert))
                .collect();
            let who: Vec<&AlertFact> = of_alerts
                .into_iter()
                .filter(|alert| step != "store" || alert.measured_at.is_some())
                .collect();
            (
                summed(how, &spans).map(|millis| millis / 1_000.0),
                count(spans.len()),
                people(&who),
            )
        }
    }
}

/// Everybody's alerts, the most first, by looking for the most again and again.
fn noise(facts: &Facts) -> Vec<(u32, StayId)> {
    let mut left: Vec<(u32, StayId)> = facts
        .stays
        .iter()
        .map(|stay| {
            (
                count(
                    facts
                        .alerts
                        .iter()
                        .filter(|alert| alert.stay == Some(stay.stay))
                        .count(),
                ),
                stay.stay,
            )
        })
        .collect();
    let mut ranked = Vec::new();
    while !left.is_empty() {
        let most = left.iter().map(|(alerts, _)| *alerts).max().unwrap();
        let first = left
            .iter()
            .filter(|(alerts, _)| *alerts == most)
            .map(|(_, stay)| *stay)
            .min()
            .unwrap();
        left.retain(|(_, stay)| *stay != first);
        ranked.push((most, first));
    }
    ranked
}

fn noisiest(report: &Report, facts: &Facts) -> Result<(), String> {
    let tenth = facts.stays.len().div_ceil(10);
    let mut expected = noise(facts);
    expected.truncate(tenth);
    expected.retain(|(alerts, _)| *alerts > 0);
    let listed: Vec<(u32, StayId)> = report
        .noisiest
        .iter()
        .map(|noisy| (noisy.alerts, noisy.stay))
        .collect();
    if listed == expected {
        Ok(())
    } else {
        Err(format!("the noisiest are {expected:?}, not {listed:?}"))
    }
}
