//! A ward's report as files: JSON, and one long table.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::WardId;
use ward_core::permit::Verb;
use ward_core::report::{FEWEST, Figure, Line, withheld};
use ward_service::WardReport;
use ward_wire::problem::Problem;
use ward_wire::report::{FigureLine, FigureView, ReportView};

use crate::csv;
use crate::extract::{Ids, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// The days, as they stand in the address; the last thirty where they do not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    from: Option<Date>,
    until: Option<Date>,
}

const WHICH_DAYS: &str =
    "`from` and `until` are days such as 2026-11-22, or left out; nothing else can be asked for";

/// What is said of withheld groups, in files and on the page.
pub(crate) const ABOUT_WITHHELD: &str = "Groups by age, language, oximeter, source, direction and destination with one to four \
    people are withheld in files, and where only one is, the next smallest with it, so that it cannot be worked out. The ward's own \
    page shows them.";

async fn made(
    app: &App,
    ward: Uuid,
    days: Result<Query<Days>, QueryRejection>,
    signed_in: &SignedIn,
) -> Result<WardReport, ApiError> {
    let permit = signed_in
        .permit(app, WardId(ward), Verb::SeeReports)
        .await?;
    let Query(Days { from, until }) = days.map_err(|_| ApiError::malformed(WHICH_DAYS))?;
    Ok(app.wards.report(&permit, (from, until)).await?)
}

/// Whether the ward helps: alerts and how soon they were heard, whether they changed care, missed readings, contacts,
/// occupancy, who came and went. 400 days at most.
#[utoipa::path(get, path = "/wards/{ward}/reports.json", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("from" = Option<String>, Query, description = "The first day, by the ward's calendar"),
        ("until" = Option<String>, Query, description = "The last day")), responses(
    (status = 200, description = "Every figure with its definition", body = ReportView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn as_json(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    days: Result<Query<Days>, QueryRejection>,
    signed_in: SignedIn,
) -> Result<Json<ReportView>, ApiError> {
    Ok(Json(of(&made(&app, ward, days, &signed_in).await?)))
}

/// The same as one long table: figure, breakdown, group, value, unit, n, note.
#[utoipa::path(get, path = "/wards/{ward}/reports.csv", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("from" = Option<String>, Query, description = "The first day, by the ward's calendar"),
        ("until" = Option<String>, Query, description = "The last day")), responses(
    (status = 200, description = "A line for each value; texts are quoted, and none is read as a formula", body = String, content_type = "text/csv"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn as_csv(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    days: Result<Query<Days>, QueryRejection>,
    signed_in: SignedIn,
) -> Result<Response, ApiError> {
    let made = made(&app, ward, days, &signed_in).await?;
    let period = made.report.period;
    let name = format!(
        "attachment; filename=\"report-{}-{}-to-{}.csv\"",
        made.ward.code, period.first, period.last
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, table(&of(&made))).into_response())
}

fn of(made: &WardReport) -> ReportView {
    let sections = made.report.sections.iter();
    let figures = sections.flat_map(|section| {
        let figure = |figure: &Figure| FigureView {
            section: section.name.to_owned(),
            name: figure.definition.name.to_owned(),
            title: figure.definition.title.to_owned(),
            unit: figure.definition.unit.name().to_owned(),
            definition: figure.definition.text.to_owned(),
            lines: figure.lines.iter().map(line).collect(),
        };
        section.figures.iter().map(figure)
    });
    ReportView {
        ward: made.ward.id.0,
        code: made.ward.code.to_string(),
        from: made.report.period.first,
        until: made.report.period.last,
        time_zone: made.ward.time_zone.clone(),
        made_at: view::time(made.made_at),
        capacity: made.capacity,
        unreadable_alerts: made.report.unreadable_alerts,
        withheld_below: FEWEST,
        about_withheld: ABOUT_WITHHELD.to_owned(),
        figures: figures.collect(),
    }
}

fn line(line: &Line) -> FigureLine {
    let (value, n) = withheld(line);
    FigureLine {
        breakdown: line.by.name().to_owned(),
        group: line.group.clone(),
        value,
        n,
        withheld: line.withheld,
    }
}

fn table(report: &ReportView) -> String {
    let mut text = csv::line(["figure", "breakdown", "group", "value", "unit", "n", "note"]);
    for figure in &report.figures {
        for line in &figure.lines {
            let value = line
                .value
                .map_or_else(String::new, |value| value.to_string());
            let n = line.n.map_or_else(String::new, |n| n.to_string());
            let note = if line.withheld {
                "withheld: few people"
            } else {
                ""
            };
            text.push_str(&csv::line([
                &figure.name,
                &line.breakdown,
                &line.group,
                &value,
                &figure.unit,
                &n,
                note,
            ]));
        }
    }
    text
}
