//! Does it help? A ward's report for people: tables with their drawings, and what each figure means.

mod drawn;
mod tables;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use serde::Deserialize;
use ward_core::permit::Verb;
use ward_core::report::PeriodRefused;
use ward_service::{ReportError, WardReport};

use self::tables::{Part, parts};
use super::rooms::{Office, Room, round};
use super::when::{When, day, typed_day};
use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::Staff;
use crate::reports_api::ABOUT_WITHHELD;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/wards/{ward}/reports", get(reports))
}

/// The days as they were typed: nothing that names anybody.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    from: String,
    until: String,
}

/// A patient who had many alerts.
struct NoisyRow {
    name: String,
    path: String,
    alerts: u32,
    per_day: String,
    changed: u32,
}

/// What was made, as the page shows it.
struct Shown {
    days: String,
    made_at: String,
    parts: Vec<Part>,
    noisy: Vec<NoisyRow>,
    unreadable: u32,
    csv: String,
    json: String,
}

#[derive(Template)]
#[template(path = "office/reports.html")]
struct ReportsPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    from: String,
    until: String,
    shown: Option<Shown>,
    about_withheld: &'static str,
}

fn typed(asked: &Asked) -> Result<(Option<Date>, Option<Date>), FormErrors> {
    let mut errors = FormErrors::default();
    let mut of = |field: &'static str, text: &str| {
        let typed = typed_day(text);
        if typed.is_none() && !text.trim().is_empty() {
            errors.add(field, "Enter a day, for example 22-Nov-2026");
        }
        typed
    };
    let days = (of("from", &asked.from), of("until", &asked.until));
    if errors.is_empty() {
        Ok(days)
    } else {
        Err(errors)
    }
}

async fn reports(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeeReports)?;
    let when = When::of(&app, &staff);
    let made = match typed(&asked) {
        Ok(days) => match app.wards.report(permit, days).await {
            Ok(made) => Ok(made),
            Err(ReportError::Period(why)) => {
                let field = match why {
                    PeriodRefused::Backwards | PeriodRefused::TooLong => "until",
                    PeriodRefused::NotYet => "from",
                };
                Err(FormErrors::one(field, sentence(&why.to_string())))
            }
            Err(other) => return Err(other.into()),
        },
        Err(errors) => Err(errors),
    };
    let (chrome, office) = round(&staff, Room::Reports);
    let (status, drawn) = match made {
        Ok(made) => {
            let period = made.report.period;
            let names = app.wards.names_in_report(permit, &made.report).await?;
            let names = names
                .into_iter()
                .map(|named| (named.stay, named.name))
                .collect();
            let page = ReportsPage {
                chrome,
                office,
                errors: FormErrors::default(),
                from: day(period.first),
                until: day(period.last),
                shown: Some(shown(&staff, &when, &made, &names)),
                about_withheld: ABOUT_WITHHELD,
            };
            (StatusCode::OK, page)
        }
        Err(errors) => {
            let page = ReportsPage {
                chrome,
                office,
                errors,
                from: asked.from,
                until: asked.until,
                shown: None,
                about_withheld: ABOUT_WITHHELD,
            };
            (StatusCode::UNPROCESSABLE_ENTITY, page)
        }
    };
    Ok(staff.answer(status, &drawn))
}

fn shown(
    staff: &Staff,
    when: &When,
    made: &WardReport,
    names: &BTreeMap<ward_core::id::StayId, String>,
) -> Shown {
    let period = made.report.period;
    let file = |kind: &str| {
        staff.path(&format!(
            "/reports.{kind}?from={}&until={}",
            period.first, period.last
        ))
    };
    let noisy = made.report.noisiest.iter().map(|noisy| NoisyRow {
        name: names
            .get(&noisy.stay)
            .cloned()
            .unwrap_or_else(|| "Not this ward's any more".to_owned()),
        path: staff.path(&format!("/stays/{}", noisy.stay)),
        alerts: noisy.alerts,
        per_day: noisy
            .per_patient_day
            .map_or_else(|| "–".to_owned(), |rate| format!("{rate:.2}")),
        changed: noisy.changed_care,
    });
    Shown {
        days: format!("{} to {}", day(period.first), day(period.last)),
        made_at: when.at(made.made_at),
        parts: parts(made),
        noisy: noisy.collect(),
        unreadable: made.report.unreadable_alerts,
        csv: file("csv"),
        json: file("json"),
    }
}
