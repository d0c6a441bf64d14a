//! Plans of stays, what waits for a second person, and the ward's defaults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{ClinicianId, StayId, WardId};
use ward_core::permit::Verb;
use ward_core::plan_change::Wanted;
use ward_core::template;
use ward_service::PlanSet;
use ward_wire::plan::{
    Defaults, HistoryReply, PlanReply, ProposalView, RejectRequest, SetPlanReply, SetPlanRequest,
    Templates, VersionView, WhatIfReply, WhatIfRequest,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::plan as view;
use crate::ward_api::with_name;

/// Versions on one page of the history.
const VERSIONS_ON_A_PAGE: u32 = 50;

/// The plan of a stay: what is in force, in the patient's words too, and what waits.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/plan", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "What is in force, and what waits for a second person", body = PlanReply),
    (status = 404, description = "No such stay on this ward", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn plan(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<PlanReply>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let plan = app.wards.plan_of(&permit, StayId(stay)).await?;
    let plan = plan.ok_or_else(ApiError::not_found)?;
    let people = view::people(std::slice::from_ref(&plan.version), &plan.proposals);
    let mut reply = view::plan_of(&plan);
    reply.staff = names(&app, people).await?;
    Ok(Json(reply))
}

/// Changes a plan. Limits outside the ward's safe range wait for another clinician; until then the plan goes on as it was.
/// What was judged before keeps the band it was judged by.
#[utoipa::path(put, path = "/api/wards/{ward}/stays/{stay}/plan", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = SetPlanRequest, responses(
    (status = 200, description = "It is in force", body = SetPlanReply),
    (status = 202, description = "It waits for a second person", body = SetPlanReply),
    (status = 409, description = "The stay is over, or the plan has changed since that version", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It cannot be worked by, or is not for this patient", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_plan(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<SetPlanRequest>,
) -> Result<(StatusCode, Json<SetPlanReply>), ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SetPlan).await?;
    let wanted = Wanted {
        replaces: request.replaces,
        limits: view::limits_of(&request.limits),
        care: view::care_of(request.care),
        reason: without_nul(request.reason),
    };
    match app.wards.set_plan(&permit, StayId(stay), wanted).await {
        Ok(PlanSet::InForce(version)) => {
            let reply = SetPlanReply {
                in_force: Some(view::version(&version)),
                waiting: None,
            };
            Ok((StatusCode::OK, Json(reply)))
        }
        Ok(PlanSet::Waits(proposal)) => {
            let reply = SetPlanReply {
                in_force: None,
                waiting: Some(view::proposal(&proposal)),
            };
            Ok((StatusCode::ACCEPTED, Json(reply)))
        }
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// What limits would have raised on the last thirty days of this patient and of the ward. It sets nothing.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/plan/what-if", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = WhatIfRequest, responses(
    (status = 200, description = "By the plan in force, and by these limits", body = WhatIfReply),
    (status = 404, description = "No such stay on this ward", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It cannot be worked by", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The answer for a colleague is being worked out", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn what_if(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<WhatIfRequest>,
) -> Result<Json<WhatIfReply>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SetPlan).await?;
    let limits = view::limits_of(&request.limits);
    let found = app.wards.what_if(&permit, StayId(stay), limits).await?;
    Ok(Json(crate::view::what_if::what_if(&found)))
}

/// A second clinician agrees to a proposal: it is in force.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/plan/proposals/{number}/approve", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("number" = u32, Path)), responses(
    (status = 200, description = "What is in force now", body = VersionView),
    (status = 403, description = "It is your own proposal", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It waits no longer, or no longer fits", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    Ids((ward, stay, number)): Ids<(Uuid, Uuid, u32)>,
    Acting(signed_in): Acting,
) -> Result<Json<VersionView>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SetPlan).await?;
    let done = app.wards.approve_plan(&permit, StayId(stay), number).await;
    match done {
        Ok(version) => Ok(Json(view::version(&version))),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// A clinician says no to a proposal, or takes their own back.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/plan/proposals/{number}/reject", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("number" = u32, Path)), request_body = RejectRequest, responses(
    (status = 200, description = "The proposal, over", body = ProposalView),
    (status = 409, description = "It waits no longer", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reject(
    State(app): State<Arc<App>>,
    Ids((ward, stay, number)): Ids<(Uuid, Uuid, u32)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<RejectRequest>,
) -> Result<Json<ProposalView>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SetPlan).await?;
    let reason = without_nul(request.reason);
    let done = app.wards.reject_plan(&permit, StayId(stay), number, reason);
    match done.await {
        Ok(proposal) => Ok(Json(view::proposal(&proposal))),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<u32>,
}

/// Every version of a plan, newest first.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/plan/history", tag = "plans", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("before" = Option<u32>, Query, description = "Only versions before this one")), responses(
    (status = 200, description = "50 versions at most", body = HistoryReply),
    (status = 404, description = "No such stay on this ward", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    query: Result<Query<Before>, QueryRejection>,
    signed_in: SignedIn,
) -> Result<Json<HistoryReply>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let Query(Before { before }) =
        query.map_err(|_| ApiError::malformed("`before` is the number of a version"))?;
    let stay = StayId(stay);
    let versions = app
        .wards
        .plan_history(&permit, stay, before, VERSIONS_ON_A_PAGE);
    let versions = versions.await?.ok_or_else(ApiError::not_found)?;
    let proposals = match before {
        Some(_) => Vec::new(),
        None => {
            let plan = app.wards.plan_of(&permit, stay).await?;
            plan.ok_or_else(ApiError::not_found)?.proposals
        }
    };
    let people = view::people(&versions, &proposals);
    let is_full = u32::try_from(versions.len()) == Ok(VERSIONS_ON_A_PAGE);
    let last = versions.last().map(|version| version.plan.care.version);
    Ok(Json(HistoryReply {
        before: last.filter(|last| is_full && *last > 1),
        versions: versions.iter().map(view::version).collect(),
        proposals: proposals.iter().map(view::proposal).collect(),
        staff: names(&app, people).await?,
    }))
}

/// The plans that the pathways begin with.
#[utoipa::path(get, path = "/api/wards/{ward}/plan-templates", tag = "plans", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "All of them", body = Templates),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn templates(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<Templates>, ApiError> {
    signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    Ok(Json(Templates {
        templates: template::all().iter().map(view::template).collect(),
    }))
}

/// What the ward admits patients with, and its safe range.
#[utoipa::path(get, path = "/api/wards/{ward}/defaults", tag = "plans", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "As they are", body = Defaults),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn defaults(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<Defaults>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    let ward = app.wards.ward_of(&permit).await?;
    let ward = ward.ok_or_else(ApiError::not_found)?;
    Ok(Json(view::defaults(&ward)))
}

/// Changes them. Plans that are in force stay as they are.
#[utoipa::path(put, path = "/api/wards/{ward}/defaults", tag = "plans", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = Defaults, responses(
    (status = 204, description = "They count from now on"),
    (status = 403, description = "The safe range is a senior clinician's to change", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "They cannot be worked by", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_defaults(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<Defaults>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SetWardDefaults)
        .await?;
    let defaults = view::defaults_of(request);
    app.wards.set_ward_defaults(&permit, defaults).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn names(
    app: &App,
    people: BTreeSet<ClinicianId>,
) -> Result<BTreeMap<Uuid, String>, ApiError> {
    let mut names = BTreeMap::new();
    for id in people {
        if let Some(name) = app.wards.clinician_name(id).await? {
            names.insert(id.0, name);
        }
    }
    Ok(names)
}
