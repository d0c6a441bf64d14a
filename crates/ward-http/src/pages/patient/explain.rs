//! Why an alert was raised: its rule, whose limits, the readings that it rests on, what comes next, who was told.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;
use ward_core::alert::Subject;
use ward_core::id::{ClinicianId, Seq};
use ward_core::plan_change::Origin;
use ward_core::time::Timestamp;
use ward_core::ward::Ward;
use ward_service::{Explained, PlanInForce, StoredAlert};

use crate::extract::Ids;
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::office::whom_words;
use crate::pages::patient::alerts::step;
use crate::pages::patient::readings::{Row, row};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{PageClock, capital, on_screen};
use crate::pages::staff::Staff;
use crate::pages::words::{PageAlert, Words};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/alerts/{number}"), get(show))
}

#[derive(Template)]
#[template(path = "patient/explain.html")]
struct ExplainPage {
    chrome: Chrome,
    top: Top,
    alert: PageAlert,
    raised: String,
    is_open: bool,
    rule: String,
    certainty: Vec<String>,
    /// Whose limits, in sentences.
    limits: Vec<String>,
    rests_on_readings: bool,
    rows: Vec<Row>,
    in_all: usize,
    next: Vec<String>,
    told: Vec<String>,
    story: Vec<(String, String)>,
    /// The page on which it is passed on or kept quiet.
    more: String,
}

async fn show(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, i64)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, number)) = ids?;
    let opened = Opened::of(&app, staff, stay, "alert explained").await?;
    let permit = opened.staff.permit;
    let explained = app.wards.explain_alert(&permit, Seq(number)).await?;
    let is_its = |it: &Explained| it.alert.subject == Subject::Stay(opened.stay());
    let explained = explained.filter(is_its).ok_or_else(ApiError::not_found)?;
    let Some(trend) = &explained.trend else {
        return Err(ApiError::not_found().into());
    };
    let ward = &opened.staff.ward;
    let stored = StoredAlert {
        ward: ward.id,
        code: ward.code.to_string(),
        alert: explained.alert.clone(),
    };
    let seen = view::alert(&ward.code, &explained.alert);
    let names = wire_names(&opened.names);
    let words = Words::new(&ward.time_zone, &names, view::time(opened.clock.now));
    let drawn = ExplainPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        alert: opened.alert(&stored),
        raised: opened.clock.when(explained.alert.raised_at),
        is_open: explained.alert.is_open(),
        rule: view::explain::rule(&explained),
        certainty: view::explain::certainty(&explained.alert),
        limits: explained
            .plan
            .iter()
            .flat_map(|plan| limits(&opened, plan, explained.plan_changed))
            .collect(),
        rests_on_readings: view::explain::rests_on_readings(&explained.alert),
        rows: explained
            .readings
            .iter()
            .map(|line| row(&opened, trend, line))
            .collect(),
        in_all: explained.readings_in_all,
        next: next_steps(ward, &explained, &opened.names, opened.clock.now),
        told: seen
            .told
            .iter()
            .map(|line| capital(&words.told(line)))
            .collect(),
        story: explained
            .story
            .iter()
            .filter_map(|logged| step(&opened, logged))
            .collect(),
        more: opened.staff.path(&format!("/alerts/{number}")),
        top: opened.top(Tab::Alerts),
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

fn wire_names(names: &BTreeMap<ClinicianId, String>) -> BTreeMap<Uuid, String> {
    let names = names.iter();
    names.map(|(id, name)| (id.0, name.clone())).collect()
}

/// What the ward does next about it, with whom it would be passed on to as things are now.
pub(crate) fn next_steps(
    ward: &Ward,
    explained: &Explained,
    names: &BTreeMap<ClinicianId, String>,
    now: Timestamp,
) -> Vec<String> {
    let clock = PageClock {
        zone: ward.zone(),
        now,
    };
    let name_of = |id: ClinicianId| {
        let name = names.get(&id).cloned();
        name.unwrap_or_else(|| "a colleague".to_owned())
    };
    let told = explained.next.as_ref();
    let whom = told.and_then(|told| whom_words(told, &explained.policy, name_of));
    view::explain::next(&explained.alert, |at| clock.when(at), whom)
}

/// Whose limits they were, who set them and why.
fn limits(opened: &Opened, plan: &PlanInForce, changed_since: bool) -> Vec<String> {
    let (limits, care) = (&plan.version.plan.limits, &plan.version.plan.care);
    let author = care.author.map(|by| opened.name_of(by));
    let since = opened.clock.when(plan.from);
    let set_by = author.map_or_else(String::new, |name| format!(", set by {name}"));
    let version = care.version;
    let origin = match &plan.version.origin {
        Origin::Admission => format!("The plan with which the stay began{set_by}, since {since}."),
        Origin::Set => {
            format!("Version {version} of this person's own plan{set_by}, since {since}.")
        }
        Origin::Approved { by, .. } => format!(
            "Version {version} of this person's own plan{set_by} and approved by {}, since {since}.",
            opened.name_of(*by)
        ),
        Origin::FellBack { review_by } => format!(
            "The ward's default, since {since}: nobody had reviewed the plan before by {}.",
            on_screen(*review_by)
        ),
        Origin::ReviewOverdue { review_by } => format!(
            "Version {version} of this person's own plan{set_by}, since {since}. It was to be reviewed by {} and was not.",
            on_screen(*review_by)
        ),
    };
    let scale = match limits.spo2_scale {
        ward_core::plan::Spo2Scale::One => 1,
        ward_core::plan::Spo2Scale::Two => 2,
    };
    let bands = format!(
        "Oxygen: red at {} % or less, amber at {} % or less. NEWS2 SpO2 scale {scale}.",
        limits.red_at_or_below, limits.amber_at_or_below
    );
    let reason = (!care.reason.is_empty()).then(|| format!("Reason given: {}", care.reason));
    let changed = changed_since
        .then(|| "The plan has been changed since: other limits count now.".to_owned());
    [Some(origin), Some(bands), reason, changed]
        .into_iter()
        .flatten()
        .collect()
}
