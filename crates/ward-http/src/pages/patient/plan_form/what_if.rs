//! What the typed plan would have raised, above the form that asks for it.

use ward_core::time::Timestamp;
use ward_service::WhatIf;
use ward_wire::plan::{WhatIfAlert, WhatIfOf};

use crate::pages::patient::words::PageClock;
use crate::pages::words::problem_named;
use crate::view::what_if::what_if;

/// The answer, in words.
pub(super) struct Answer {
    pub(super) from: String,
    pub(super) until: String,
    pub(super) warnings: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) sums: Vec<Sum>,
    pub(super) about_ward: String,
    pub(super) gone: Vec<String>,
    pub(super) new: Vec<String>,
}

/// A problem and a severity, as often as each plan raises it.
pub(super) struct Row {
    pub(super) problem: String,
    pub(super) severity: Level,
    pub(super) patient: (u32, u32),
    pub(super) ward: (u32, u32),
}

/// The board's word, mark and class for a severity.
pub(super) struct Level {
    pub(super) class: &'static str,
    pub(super) words: &'static str,
}

/// A line under the table.
pub(super) struct Sum {
    pub(super) name: &'static str,
    pub(super) patient: (String, String),
    pub(super) ward: (String, String),
}

impl Answer {
    pub(super) fn of(found: &WhatIf, clock: &PageClock) -> Self {
        let reply = what_if(found);
        let mut rows: Vec<Row> = reply
            .ward
            .alerts
            .iter()
            .map(|count| {
                let own = reply.patient.alerts.iter();
                let mut own = own
                    .filter(|it| it.problem == count.problem && it.severity == count.severity)
                    .map(|it| (it.in_force, it.proposed));
                Row {
                    problem: problem_named(&count.problem).to_owned(),
                    severity: level(&count.severity),
                    patient: own.next_back().unwrap_or_default(),
                    ward: (count.in_force, count.proposed),
                }
            })
            .collect();
        rows.truncate(ROWS_AT_MOST);
        let mut about_ward = format!(
            "The ward: {} on the same NEWS2 scale, each by its own plan and by this one.",
            stays(reply.stays)
        );
        if reply.stays_on_other_scale > 0 {
            about_ward.push_str(&format!(
                " Left out: {} on the other scale.",
                stays(reply.stays_on_other_scale)
            ));
        }
        let mut gone: Vec<String> = reply
            .gone
            .iter()
            .map(|it| line(it, "this plan", clock))
            .collect();
        let mut new: Vec<String> = reply
            .new
            .iter()
            .map(|it| line(it, "the plan in force", clock))
            .collect();
        for (lines, more) in [(&mut gone, reply.more_gone), (&mut new, reply.more_new)] {
            if more > 0 {
                lines.push(format!("and {more} older"));
            }
        }
        Self {
            from: clock.dated(found.from),
            until: clock.dated(found.until),
            warnings: reply.warnings,
            rows,
            sums: sums(&reply.patient, &reply.ward),
            about_ward,
            gone,
            new,
        }
    }

    /// Both plans raise the same on this patient.
    pub(super) fn nothing_changes(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }
}

/// There are fewer problems than that.
const ROWS_AT_MOST: usize = 60;

fn stays(count: u32) -> String {
    if count == 1 {
        "1 stay".to_owned()
    } else {
        format!("{count} stays")
    }
}

fn level(severity: &str) -> Level {
    match severity {
        "red" => Level {
            class: "red",
            words: "*** Red",
        },
        "amber" => Level {
            class: "amber",
            words: "** Amber",
        },
        _ => Level {
            class: "low",
            words: "* Low",
        },
    }
}

fn sums(patient: &WhatIfOf, ward: &WhatIfOf) -> Vec<Sum> {
    let a_day = |days: Option<f64>| days.map_or_else(|| "–".to_owned(), |it| format!("{it:.2}"));
    let both = |of: &WhatIfOf| {
        (
            a_day(of.per_patient_day_in_force),
            a_day(of.per_patient_day_proposed),
        )
    };
    vec![Sum {
        name: "Alerts on a day of a patient",
        patient: both(patient),
        ward: both(ward),
    }]
}

/// `20-Nov-2026 09:02: Low oxygen, red, lowest 91 %, 2 readings; amber by this plan`.
fn line(alert: &WhatIfAlert, other_plan: &str, clock: &PageClock) -> String {
    let mut words = format!(
        "{}: {}, {}",
        clock.dated(Timestamp::from(alert.raised_at)),
        problem_named(&alert.problem),
        alert.severity
    );
    if let Some(worst) = alert.worst_percent {
        words.push_str(&format!(", lowest {worst} %"));
    }
    match alert.readings {
        0 => {}
        1 => words.push_str(", 1 reading"),
        readings => words.push_str(&format!(", {readings} readings")),
    }
    match &alert.instead {
        Some(other) => words.push_str(&format!("; {other} by {other_plan}")),
        None => words.push_str(&format!("; nothing by {other_plan}")),
    }
    words
}
