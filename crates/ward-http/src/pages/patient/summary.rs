//! The stay on paper and as plain text: what is copied into the GP's or the hospital's record, and what is printed.

use std::fmt::Write;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;
use ward_core::plan::Band;
use ward_core::time::{Timestamp, minutes};
use ward_service::{ChartLine, Trend};

use crate::extract::Ids;
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::charts::{self, Drawn, Span, in_units};
use crate::pages::patient::contacts::{self, Line};
use crate::pages::patient::diary::{self, Entry};
use crate::pages::patient::plan::{Fact, facts, lines};
use crate::pages::patient::readings::{Row, row};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{readable, wire_name};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/summary"), get(summary))
        .route(stay_path!("/print"), get(print))
}

/// How far back the text and the print look.
const DAYS: u64 = 14;

/// Alerts, contacts and entries in them at most.
const RECENT: u32 = 10;

#[derive(Template)]
#[template(path = "patient/summary.html")]
struct SummaryPage {
    chrome: Chrome,
    top: Top,
    text: String,
    rows: usize,
}

#[derive(Template)]
#[template(path = "patient/print.html")]
struct PrintPage {
    chrome: Chrome,
    top: Top,
    printed: String,
    spo2: Drawn,
    pulse: Drawn,
    rows: Vec<Row>,
    plan: Vec<Fact>,
    alerts: Vec<String>,
    contacts: Vec<Line>,
    entries: Vec<Entry>,
}

/// What both are made of.
struct Stuff {
    trend: Trend,
    span: Span,
    alerts: Vec<String>,
    contacts: Vec<Line>,
    entries: Vec<Entry>,
}

impl Stuff {
    async fn of(app: &App, opened: &Opened) -> Result<Self, PageError> {
        let (permit, stay) = (opened.staff.permit, opened.stay());
        let end = opened
            .record
            .stay
            .phase
            .ended_at()
            .unwrap_or(opened.clock.now);
        let from = end
            .minus(minutes(DAYS * 24 * 60))
            .max(opened.record.stay.admitted_at);
        let until = end.plus(minutes(60));
        let trend = app.wards.trend(&permit, stay, (from, until)).await?;
        let alerts = app.wards.alerts_behind(&permit, stay, None, RECENT).await?;
        let alerts = alerts.unwrap_or_default();
        let alert = |stored: &ward_service::StoredAlert| {
            let said = opened.alert(stored);
            let state = match stored.alert.is_open() {
                true => format!("open. {}", said.has_it),
                false => "over".to_owned(),
            };
            let raised = opened.clock.dated(stored.alert.raised_at);
            format!(
                "{raised} {} {}: {}, {state}",
                said.spoken, said.word, said.problem
            )
        };
        let contacts = app
            .wards
            .contacts_before(&permit, stay, None, RECENT)
            .await?;
        let contacts = contacts.unwrap_or_default();
        let kept = app.wards.diary(&permit, stay, None, RECENT).await?;
        let questionnaires = app.wards.questionnaires().await?;
        Ok(Self {
            span: Span { from, until },
            trend,
            alerts: alerts.iter().map(alert).collect(),
            contacts: contacts
                .iter()
                .map(|stored| contacts::line(opened, stored))
                .collect(),
            entries: kept
                .iter()
                .map(|kept| diary::entry(opened, &questionnaires, kept))
                .collect(),
        })
    }
}

async fn summary(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "summary").await?;
    let stuff = Stuff::of(&app, &opened).await?;
    let text = text(&opened, &stuff);
    let drawn = SummaryPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        top: opened.top(Tab::Summary),
        rows: text.lines().count() + 2,
        text,
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

async fn print(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "print").await?;
    let stuff = Stuff::of(&app, &opened).await?;
    let clock = &opened.clock;
    let by = &opened.staff.signed_in.session.name;
    let drawn = PrintPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        printed: format!("Printed {} by {by}", clock.dated(clock.now)),
        spo2: charts::spo2(&stuff.trend, stuff.span, clock),
        pulse: charts::pulse(&stuff.trend, stuff.span, clock),
        rows: stuff
            .trend
            .lines
            .iter()
            .take(100)
            .map(|line| row(&opened, &stuff.trend, line))
            .collect(),
        plan: facts(&opened.plan.version.plan, None),
        alerts: stuff.alerts,
        contacts: stuff.contacts,
        entries: stuff.entries,
        top: opened.top(Tab::Print),
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

/// Plain letters and short lines: what EMIS and SystmOne take as it is pasted. Nothing in it says more than the pages do.
fn text(opened: &Opened, stuff: &Stuff) -> String {
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = write_text(&mut out, opened, stuff);
    out
}

fn write_text(out: &mut String, opened: &Opened, stuff: &Stuff) -> std::fmt::Result {
    let (clock, patient) = (&opened.clock, &opened.record.patient);
    let top = opened.top(Tab::Summary);
    let ward = &opened.staff.ward;
    writeln!(out, "VIRTUAL WARD SUMMARY - {} ({})", ward.name, ward.phone)?;
    writeln!(
        out,
        "As at {}, by {}",
        clock.dated(clock.now),
        opened.staff.signed_in.session.name
    )?;
    writeln!(
        out,
        "{}  born {}  NHS {}",
        patient.display_name(),
        top.born,
        top.nhs_number
    )?;
    writeln!(
        out,
        "{}{}",
        top.day_of_stay,
        top.away.map(|away| format!(". {away}")).unwrap_or_default()
    )?;
    writeln!(out, "\nOXYGEN AND PULSE (home oximeter, a guide)")?;
    oxygen(out, opened, &stuff.trend)?;
    writeln!(
        out,
        "Air or oxygen with each reading: not recorded. Oxygen at home: {}",
        said(&patient.oxygen_at_home)
    )?;
    writeln!(
        out,
        "\nPLAN (version {})",
        opened.plan.version.plan.care.version
    )?;
    for (name, line) in lines(&opened.plan.version.plan) {
        writeln!(out, "{name}: {line}")?;
    }
    list(
        out,
        "ALERTS (newest first)",
        stuff.alerts.iter().map(String::as_str),
    )?;
    let contacts: Vec<String> = stuff
        .contacts
        .iter()
        .filter(|line| line.struck.is_none())
        .map(|line| {
            let note = if line.note.is_empty() {
                String::new()
            } else {
                format!(" - {}", line.note)
            };
            format!(
                "{} {}. {}{note}",
                clock.dated(Timestamp::from_millis(line.at)),
                line.what,
                line.by
            )
        })
        .collect();
    list(
        out,
        "CONTACTS (newest first)",
        contacts.iter().map(String::as_str),
    )?;
    let entries: Vec<String> = stuff
        .entries
        .iter()
        .filter(|entry| entry.struck.is_none())
        .map(|entry| {
            let symptoms: Vec<&str> = entry
                .symptoms
                .iter()
                .map(|(_, words)| words.as_str())
                .collect();
            let heard = if symptoms.is_empty() {
                "no symptom told".to_owned()
            } else {
                symptoms.join(", ")
            };
            format!(
                "{} {heard}. {}",
                clock.dated(Timestamp::from_millis(entry.at)),
                entry.from
            )
        })
        .collect();
    list(
        out,
        "DIARY (newest first)",
        entries.iter().map(String::as_str),
    )?;
    writeln!(
        out,
        "\nEscalation plan and wishes: {}",
        said(&patient.escalation_plan)
    )?;
    if let Some(end) = &opened.record.papers.end {
        let to = readable(&wire_name(&end.destination));
        writeln!(out, "\nDISCHARGE {}: {to}", clock.dated(end.at))?;
        for text in [&end.summary, &end.follow_up] {
            if !text.is_empty() {
                writeln!(out, "{text}")?;
            }
        }
    }
    writeln!(
        out,
        "\nOne parameter is not a NEWS2 score. Oximeters can read high in darker skin."
    )
}

fn oxygen(out: &mut String, opened: &Opened, trend: &Trend) -> std::fmt::Result {
    let counts = |line: &&ChartLine| {
        let at_rest = line.kept.reading.context != ward_core::reading::Context::Exertion;
        line.kept.struck.is_none() && at_rest
    };
    let all: Vec<(&ChartLine, &ward_core::reading::Values)> = trend
        .lines
        .iter()
        .filter(counts)
        .filter_map(|line| Some((line, charts::values(line)?)))
        .collect();
    let Some((newest, values)) = all.first() else {
        return writeln!(out, "No readings in the last {DAYS} days.");
    };
    let at = newest.kept.reading.effective_at;
    let pulse = values
        .pulse
        .map(|pulse| format!(", pulse {}", in_units(pulse.tenths())))
        .unwrap_or_default();
    let doubtful = if values.is_doubtful() {
        " (doubtful)"
    } else {
        ""
    };
    writeln!(
        out,
        "Newest: SpO2 {} %{doubtful}{pulse}, {}",
        in_units(values.spo2.tenths()),
        opened.clock.dated(at)
    )?;
    for (name, days) in [("Last 24 hours", 1), ("In all shown", DAYS)] {
        let since = at.minus(minutes(days * 24 * 60));
        let held: Vec<u16> = all
            .iter()
            .filter(|(line, _)| line.kept.reading.effective_at >= since)
            .map(|(_, values)| values.spo2.tenths())
            .collect();
        let band = |wanted: Band| {
            let judged = |(line, values): &&(&ChartLine, &ward_core::reading::Values)| {
                line.kept.reading.effective_at >= since
                    && trend
                        .limits_at(line.kept.reading.received_at)
                        .band(values.spo2)
                        == wanted
            };
            all.iter().filter(judged).count()
        };
        if let (Some(lowest), Some(highest)) = (held.iter().min(), held.iter().max()) {
            writeln!(
                out,
                "{name}: {} readings, {} to {} %, {} red, {} amber by the plan of the time",
                held.len(),
                in_units(*lowest),
                in_units(*highest),
                band(Band::Red),
                band(Band::Amber)
            )?;
        }
    }
    Ok(())
}

fn list<'a>(
    out: &mut String,
    title: &str,
    lines: impl Iterator<Item = &'a str>,
) -> std::fmt::Result {
    writeln!(out, "\n{title}")?;
    let mut is_empty = true;
    for line in lines {
        is_empty = false;
        writeln!(out, "- {line}")?;
    }
    if is_empty {
        writeln!(out, "None")?;
    }
    Ok(())
}

fn said(text: &str) -> &str {
    match text.trim() {
        "" => "not recorded",
        text => text,
    }
}
