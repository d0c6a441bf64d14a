//! What is done with a stay: paused, resumed, moved, ended.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use uuid::Uuid;
use ward_core::id::{StayId, WardId};
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::Leaving;
use ward_core::permit::Verb;
use ward_core::stay::{Destination, PauseReason};
use ward_wire::pathway::{
    ChannelRequest, DeathRequest, DischargeRequest, HospitalRequest, PauseRequest, ResumeRequest,
    StayRecordView, StayView, TransferRequest,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::pathway_view::{self, Means};
use crate::problem::ApiError;
use crate::routes::App;

/// A stay of the ward, open or over, with the person, the papers, and what can be done now.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "The stay", body = StayRecordView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn stay(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<StayRecordView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let record = app.wards.stay_papers(&permit, StayId(stay)).await?;
    let record = record.ok_or(ward_service::StepError::NoSuchStay)?;
    Ok(Json(pathway_view::stay_record(record)))
}

async fn step(
    app: &App,
    signed_in: &SignedIn,
    (ward, stay): (Uuid, Uuid),
    step: Step,
    note: String,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(app, WardId(ward), Verb::MovePatient)
        .await?;
    let moved = app
        .wards
        .move_patient(&permit, StayId(stay), step, without_nul(note));
    Ok(Json(pathway_view::stay(&moved.await?)))
}

/// Somebody else looks after the patient for a while: nobody is prompted, and a low that is sent reaches the ward all the same.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/pause", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = PauseRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "An alert is open, or it is paused or over: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn pause(
    State(app): State<Arc<App>>,
    Ids(ids): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<PauseRequest>,
) -> Result<Json<StayView>, ApiError> {
    let pause = Step::Pause(request.reason.means());
    step(&app, &signed_in, ids, pause, request.note).await
}

/// The patient is back.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/resume", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ResumeRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "It is not paused: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resume(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ResumeRequest>,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let spell_ended_at = request.inpatient_spell_ended_at.map(Into::into);
    let note = without_nul(request.note);
    let resumed = app
        .wards
        .resume(&permit, StayId(stay), spell_ended_at, note);
    Ok(Json(pathway_view::stay(&resumed.await?)))
}

/// The stay ends as it should. Refused while an alert is open.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/discharge", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = DischargeRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "An alert is open, or it is over: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn discharge(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<DischargeRequest>,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let leaving = Leaving {
        destination: request.destination.means(),
        outcome: request.outcome.means(),
        summary: without_nul(request.summary),
        follow_up: without_nul(request.follow_up),
        kit_due_back: request.kit_due_back,
    };
    let discharged = app.wards.discharge(&permit, StayId(stay), leaving).await?;
    Ok(Json(pathway_view::stay(&discharged)))
}

/// The patient has died: every open alert is closed and every prompt stops at once. News that comes after the discharge is
/// taken too.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/death", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = DeathRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "It is recorded already", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn death(
    State(app): State<Arc<App>>,
    Ids(ids): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<DeathRequest>,
) -> Result<Json<StayView>, ApiError> {
    let died = Step::End(Destination::Died);
    step(&app, &signed_in, ids, died, request.note).await
}

/// The patient was admitted to hospital: every open alert is closed and every prompt stops at once. The stay is paused for
/// somebody who is expected back, and ends otherwise.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/hospital", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = HospitalRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "It is over: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn hospital(
    State(app): State<Arc<App>>,
    Ids(ids): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<HospitalRequest>,
) -> Result<Json<StayView>, ApiError> {
    let admitted = if request.expected_back {
        Step::Pause(PauseReason::InHospital)
    } else {
        Step::End(Destination::Hospital)
    };
    step(&app, &signed_in, ids, admitted, request.note).await
}

/// The patient goes to another ward of the organisation, with the chart, the kit and everything that is open: an open alert is
/// on exactly one board, and nobody's on the new one.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/transfer", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = TransferRequest, responses(
    (status = 200, description = "The stay, on its new ward", body = StayView),
    (status = 404, description = "No such stay on this ward, or no such ward to go to", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It is there already, or over: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn transfer(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<TransferRequest>,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let (to, note) = (WardId(request.to), without_nul(request.note));
    let moved = app.wards.transfer(&permit, StayId(stay), to, note).await?;
    Ok(Json(pathway_view::stay(&moved)))
}

/// Readings and diaries come another way from now on.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/channel", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ChannelRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "They come that way already, or it is over: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn channel(
    State(app): State<Arc<App>>,
    Ids(ids): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ChannelRequest>,
) -> Result<Json<StayView>, ApiError> {
    let channel = Step::Channel(request.channel.means());
    step(&app, &signed_in, ids, channel, request.note).await
}
