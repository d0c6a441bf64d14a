//! What a clinician's console asks about a ward.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use uuid::Uuid;
use ward_core::id::{ClinicianId, Seq, WardId};
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_wire::board::{AcknowledgeRequest, Board, Done, ResolveRequest, You};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::{duty_api, view};

/// The state of a ward, as of one event of its log. Follow its feed from there.
#[utoipa::path(get, path = "/api/wards/{ward}/board", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "Open stays, the most urgent first, and their alerts", body = Board),
    (status = 404, description = "No such ward, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn board(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<Board>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    Ok(Json(load(&app, &permit, &signed_in).await?))
}

pub(crate) async fn load(
    app: &App,
    permit: &Permit,
    signed_in: &SignedIn,
) -> Result<Board, ApiError> {
    let board = app
        .wards
        .board(permit)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let you = You {
        clinician: permit.clinician.0,
        name: signed_in.session.name.clone(),
        may_act: permit.role.is_clinician(),
        may_take_duty: permit.allows(Verb::TakeDuty).is_ok(),
        filter: duty_api::filter_of(app, permit).await,
    };
    Ok(view::board(&board, you, app.wards.clock().now()))
}

/// Takes an alert. A repeat by the same clinician answers with the first time; for another there is 409 with the name
/// and time of the first.
#[utoipa::path(post, path = "/api/wards/{ward}/alerts/{number}/acknowledge", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), request_body = AcknowledgeRequest, responses(
    (status = 200, description = "Who has it, and since when", body = Done),
    (status = 409, description = "A colleague has it, it is over, or it has worsened since `seen`", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn acknowledge(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AcknowledgeRequest>,
) -> Result<Json<Done>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::AcknowledgeAlert)
        .await?;
    match app
        .wards
        .acknowledge_alert(&permit, Seq(number), Seq(request.seen))
        .await
    {
        Ok(taken) => Ok(Json(done(&app, taken.by, taken.at).await?)),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// Ends an alert and says what changed in care.
#[utoipa::path(post, path = "/api/wards/{ward}/alerts/{number}/resolve", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), request_body = ResolveRequest, responses(
    (status = 200, description = "Who ended it, and when", body = Done),
    (status = 409, description = "Nobody has it yet, it is over, or it has worsened since `seen`", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resolve(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ResolveRequest>,
) -> Result<Json<Done>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ResolveAlert)
        .await?;
    match app
        .wards
        .resolve_alert(
            &permit,
            Seq(number),
            view::outcome(request.outcome),
            without_nul(request.note),
            Seq(request.seen),
        )
        .await
    {
        Ok(ended) => Ok(Json(done(&app, ended.by, ended.at).await?)),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

pub(crate) async fn done(app: &App, by: ClinicianId, at: Timestamp) -> Result<Done, ApiError> {
    let name = app.wards.clinician_name(by).await?.unwrap_or_default();
    Ok(Done {
        clinician: by.0,
        name,
        at: view::time(at),
    })
}

/// Somebody was first: the one who comes second is told who and when.
pub(crate) async fn with_name(app: &App, error: ApiError) -> ApiError {
    match error.first() {
        None => error,
        Some((by, at)) => match done(app, by, at).await {
            Ok(first) => error.named(first),
            Err(_) => error,
        },
    }
}
