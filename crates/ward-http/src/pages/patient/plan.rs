//! The plan of a stay: what is in force, what waits for a second person, and every version there was.

mod lines;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::permit::Verb;
use ward_core::plan_change::{Origin, Proposal, ProposalState, StayPlan, Version};
use ward_service::{PlanError, words};
use ward_text::Language;

use crate::extract::{Ids, Query, without_nul};
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::on_screen;
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api::with_name;
pub(super) use lines::{Fact, facts, lines, outside};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/plan"), get(plan))
        .route(
            stay_path!("/plan/proposals/{number}/approve"),
            post(approve),
        )
        .route(stay_path!("/plan/proposals/{number}/reject"), post(reject))
}

/// Versions on one page of the history.
const VERSIONS: u32 = 20;

/// A version in words.
struct Told {
    number: u32,
    how: String,
    reason: String,
    facts: Vec<Fact>,
}

/// A proposal in words.
struct Proposed {
    number: u32,
    how: String,
    reason: String,
    outside: Vec<String>,
    facts: Vec<Fact>,
    /// Somebody else's: this person may agree to it.
    may_approve: bool,
}

#[derive(Template)]
#[template(path = "patient/plan.html")]
struct PlanPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    in_force: Told,
    waiting: Option<Proposed>,
    over: Vec<(String, String)>,
    bands: Vec<(String, String)>,
    target_words: Option<String>,
    guide: String,
    history: Vec<Told>,
    older: Option<String>,
    refusal: String,
    may_set: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Before {
    before: Option<u32>,
}

async fn plan(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(before): Query<Before>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "plan").await?;
    draw(&app, opened, before.before, None).await
}

/// A decision that was refused: what is wrong, and the reason that was typed.
struct Failed {
    field: &'static str,
    message: String,
    status: StatusCode,
    reason: String,
}

async fn draw(
    app: &App,
    opened: Opened,
    before: Option<u32>,
    failed: Option<Failed>,
) -> Result<Response, PageError> {
    let permit = opened.staff.permit;
    let versions = app
        .wards
        .plan_history(&permit, opened.stay(), before, VERSIONS);
    let versions = versions.await?.unwrap_or_default();
    let is_full = u32::try_from(versions.len()) == Ok(VERSIONS);
    let last = versions
        .last()
        .map(|version| version.plan.care.version)
        .filter(|last| is_full && *last > 1);
    let told = versions.iter().enumerate().map(|(place, version)| {
        let earlier = versions.get(place + 1).map(|version| &version.plan);
        told(&opened, version, earlier)
    });
    let current = &opened.plan.version;
    let waiting = opened
        .plan
        .proposals
        .iter()
        .find(|it| it.state == ProposalState::Waiting);
    let over = opened
        .plan
        .proposals
        .iter()
        .filter(|it| it.state != ProposalState::Waiting);
    let limits = &current.plan.limits;
    let is_open = opened.record.stay.phase.is_open();
    let (errors, status, refusal) = match failed {
        Some(failed) => (
            FormErrors::one(failed.field, failed.message),
            failed.status,
            failed.reason,
        ),
        None => (FormErrors::default(), StatusCode::OK, String::new()),
    };
    let drawn = PlanPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        errors,
        in_force: told_now(&opened, current),
        waiting: waiting.map(|proposal| proposed(&opened, proposal)),
        over: over
            .map(|proposal| {
                (
                    format!("Proposal {}", proposal.number),
                    became(&opened, proposal),
                )
            })
            .collect(),
        bands: words::bands(limits, &opened.plan.ward.phone, Language::English)
            .map(|band| (band.numbers, band.advice))
            .into(),
        target_words: words::target(limits, current.plan.care.oxygen_target, Language::English),
        guide: words::guide(Language::English),
        history: told.collect(),
        older: last.map(|last| opened.path(&format!("/plan?before={last}"))),
        refusal,
        may_set: opened.staff.may(Verb::SetPlan) && is_open,
        top: opened.top(Tab::Plan),
    };
    Ok(opened.staff.answer(status, &drawn))
}

fn told_now(opened: &Opened, version: &Version) -> Told {
    told(opened, version, Some(&version.plan))
}

fn told(opened: &Opened, version: &Version, earlier: Option<&StayPlan>) -> Told {
    let care = &version.plan.care;
    let author = care.author.map_or_else(
        || "the ward’s default".to_owned(),
        |author| opened.name_of(author),
    );
    let at = care.set_at.unwrap_or(opened.record.stay.admitted_at);
    let at = opened.clock.when(at);
    let how = match &version.origin {
        Origin::Admission => format!("With the admission, {at}"),
        Origin::Set => format!("Set by {author}, {at}"),
        Origin::Approved { by, .. } => format!(
            "Proposed by {author}, approved by {}, {at}",
            opened.name_of(*by)
        ),
        Origin::FellBack { review_by } => {
            format!(
                "Not reviewed by {}: the ward’s default since {at}",
                on_screen(*review_by)
            )
        }
        Origin::ReviewOverdue { review_by } => {
            format!(
                "Review was due {}: goes on, since the default is not for this patient",
                on_screen(*review_by)
            )
        }
    };
    Told {
        number: care.version,
        how,
        reason: care.reason.clone(),
        facts: facts(&version.plan, earlier),
    }
}

fn proposed(opened: &Opened, proposal: &Proposal) -> Proposed {
    let me = opened.staff.permit.clinician;
    Proposed {
        number: proposal.number,
        how: format!(
            "Proposed by {}, {}",
            opened.name_of(proposal.by),
            opened.clock.when(proposal.at)
        ),
        reason: proposal.plan.care.reason.clone(),
        outside: proposal.outside.iter().map(outside).collect(),
        facts: facts(&proposal.plan, Some(&opened.plan.version.plan)),
        may_approve: proposal.by != me,
    }
}

fn became(opened: &Opened, proposal: &Proposal) -> String {
    let when = |at| opened.clock.when(at);
    match &proposal.state {
        ProposalState::Waiting => "waits".to_owned(),
        ProposalState::Approved { by, at, version } => {
            format!(
                "approved by {}, {}, as version {version}",
                opened.name_of(*by),
                when(*at)
            )
        }
        ProposalState::Rejected { by, at, reason } => {
            format!(
                "rejected by {}, {}: {reason}",
                opened.name_of(*by),
                when(*at)
            )
        }
        ProposalState::Superseded { at, version } => {
            format!("superseded by version {version}, {}", when(*at))
        }
    }
}

#[derive(Deserialize)]
struct DecideForm {
    #[serde(default)]
    reason: String,
}

type ProposalIds = Result<Ids<(Uuid, Uuid, u32)>, ApiError>;

async fn approve(
    State(app): State<Arc<App>>,
    ids: ProposalIds,
    PageForm { staff, .. }: PageForm<DecideForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, number)) = ids?;
    let permit = *staff.needs(Verb::SetPlan)?;
    match app.wards.approve_plan(&permit, StayId(stay), number).await {
        Ok(version) => {
            let said = format!(
                "Approved: version {} is in force.",
                version.plan.care.version
            );
            Ok(on_to(&path(&staff, StayId(stay), "/plan"), &said))
        }
        Err(error) => refused(&app, staff, stay, error, "approve", String::new()).await,
    }
}

async fn reject(
    State(app): State<Arc<App>>,
    ids: ProposalIds,
    PageForm { staff, form }: PageForm<DecideForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, number)) = ids?;
    let permit = *staff.needs(Verb::SetPlan)?;
    let reason = without_nul(form.reason.clone());
    match app
        .wards
        .reject_plan(&permit, StayId(stay), number, reason)
        .await
    {
        Ok(_) => {
            let said = format!("Proposal {number} is rejected. The plan goes on as it was.");
            Ok(on_to(&path(&staff, StayId(stay), "/plan"), &said))
        }
        Err(error) => refused(&app, staff, stay, error, "reason", form.reason).await,
    }
}

async fn refused(
    app: &App,
    staff: Staff,
    stay: Uuid,
    error: PlanError,
    field: &'static str,
    reason: String,
) -> Result<Response, PageError> {
    let error = with_name(app, error.into()).await;
    let failed = Failed {
        field,
        message: sentence(error.detail()),
        status: error.status(),
        reason,
    };
    let opened = Opened::of(app, staff, stay, "plan").await?;
    draw(app, opened, None, Some(failed)).await
}
