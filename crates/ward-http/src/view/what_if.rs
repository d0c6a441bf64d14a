//! What a plan would have raised, for the wire and for the page of the plan.

use std::collections::BTreeSet;

use ward_core::replay::OnlyOne;
use ward_service::{Compared, WHAT_IF_DAYS, WhatIf};
use ward_wire::plan::{WhatIfAlert, WhatIfCount, WhatIfOf, WhatIfReply};

use super::time;

/// Alerts that are told one by one.
const TOLD_AT_MOST: usize = 50;

pub(crate) fn what_if(found: &WhatIf) -> WhatIfReply {
    let (new, more_new) = newest(&found.difference.new);
    let (gone, more_gone) = newest(&found.difference.gone);
    WhatIfReply {
        from: time(found.from),
        until: time(found.until),
        reds_gone: count(found.difference.reds_gone()),
        warnings: warnings(found),
        patient: compared(&found.patient),
        ward: compared(&found.ward),
        stays: found.stays,
        stays_left_out: found.stays_left_out,
        stays_on_other_scale: found.stays_on_other_scale,
        new,
        gone,
        more_new,
        more_gone,
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What nobody may overlook, the worst first.
fn warnings(found: &WhatIf) -> Vec<String> {
    let mut words = Vec::new();
    match found.difference.reds_gone() {
        0 => {}
        1 => words.push(format!(
            "1 red of the last {WHAT_IF_DAYS} days would not have been raised."
        )),
        reds => words.push(format!(
            "{reds} reds of the last {WHAT_IF_DAYS} days would not have been raised."
        )),
    }
    if found.patient.is_cut {
        words.push(format!(
            "Not all readings of this patient were looked at: the first {} of these days were.",
            found.patient.readings
        ));
    }
    if found.stays_left_out > 0 || (found.ward.is_cut && !found.patient.is_cut) {
        words.push(format!(
            "Not all readings of the ward were looked at: {} of {} stays were, with {} readings.",
            found.stays,
            found.stays.saturating_add(found.stays_left_out),
            found.ward.readings
        ));
    }
    words
}

fn compared(both: &Compared) -> WhatIfOf {
    let days = both.patient_days();
    let which: BTreeSet<_> = both.in_force.keys().chain(both.proposed.keys()).collect();
    let of = |tally: &ward_core::replay::Tally, key| tally.get(key).copied().unwrap_or_default();
    let all = |tally: &ward_core::replay::Tally| {
        let alerts: u32 = tally.values().sum();
        (days > 0.0).then(|| (f64::from(alerts) / days * 1000.0).round() / 1000.0)
    };
    let mut alerts: Vec<_> = which.into_iter().collect();
    // Reds first.
    alerts.sort_by_key(|(problem, severity)| (std::cmp::Reverse(*severity), *problem));
    WhatIfOf {
        patient_days: (days * 100.0).round() / 100.0,
        readings: both.readings,
        is_cut: both.is_cut,
        alerts: alerts
            .into_iter()
            .map(|key| WhatIfCount {
                problem: key.0.name().to_owned(),
                severity: key.1.name().to_owned(),
                in_force: of(&both.in_force, key),
                proposed: of(&both.proposed, key),
            })
            .collect(),
        per_patient_day_in_force: all(&both.in_force),
        per_patient_day_proposed: all(&both.proposed),
    }
}

/// The newest, and how many more there are.
fn newest(only: &[OnlyOne]) -> (Vec<WhatIfAlert>, u32) {
    let told = only.iter().rev().take(TOLD_AT_MOST);
    let told = told.map(|only| WhatIfAlert {
        problem: only.raised.problem.name().to_owned(),
        severity: only.raised.severity.name().to_owned(),
        instead: only.instead.map(|severity| severity.name().to_owned()),
        raised_at: time(only.raised.raised_at),
        cleared_at: only.raised.cleared_at.map(time),
        worst_percent: only.raised.worst_spo2.map(ward_core::spo2::Spo2::percent),
        readings: only.raised.readings,
    });
    (
        told.collect(),
        count(only.len().saturating_sub(TOLD_AT_MOST)),
    )
}
