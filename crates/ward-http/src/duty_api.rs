//! The shift over the API: alerts from hand to hand, duty, notes for those who come next, quiet, who is looking at whom.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;
use ward_core::duty::{Console, Post};
use ward_core::id::{ClinicianId, NoteId, Seq, StayId, WardId};
use ward_core::permit::{Permit, Verb};
use ward_service::{HandTo, SoundTest};
use ward_wire::board::Done;
use ward_wire::duty::{
    AcceptDutyRequest, AssignRequest, BoardFilter, ColleagueView, DutyView, HandToView,
    HandoverNoteRequest, LeaveDutyRequest, LookRequest, LookedAt, SoundTestRequest,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::{view, ward_api};

/// The setting that keeps somebody's filter of a board.
const FILTER: &str = "board-filter";

/// Takes an alert over from a colleague, or gives one that somebody has to a colleague.
#[utoipa::path(post, path = "/api/wards/{ward}/alerts/{number}/assign", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), request_body = AssignRequest, responses(
    (status = 200, description = "Who has it now, and since when", body = Done),
    (status = 409, description = "Nobody has it yet, it is over, or it has worsened since `seen`", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn assign(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AssignRequest>,
) -> Result<Json<Done>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::AcknowledgeAlert)
        .await?;
    let to = request.to.map_or(permit.clinician, ClinicianId);
    let assigned = app
        .wards
        .assign_alert(&permit, Seq(number), to, Seq(request.seen));
    match assigned.await {
        Ok(taken) => Ok(Json(ward_api::done(&app, taken.by, taken.at).await?)),
        Err(error) => Err(ward_api::with_name(&app, error.into()).await),
    }
}

/// Who is on duty, and what is handed over.
#[utoipa::path(get, path = "/api/wards/{ward}/duty", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "The shift and its notes", body = DutyView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn duty(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<DutyView>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    let board = app.wards.board(&permit).await?;
    let board = board.ok_or_else(ApiError::not_found)?;
    let notes = app.wards.handover_notes(&permit).await?;
    Ok(Json(DutyView {
        shift: view::shift::of(&board, app.wards.clock().now()),
        notes: notes.iter().map(view::shift::note).collect(),
    }))
}

/// Comes on duty, or goes on in another post.
#[utoipa::path(post, path = "/api/wards/{ward}/duty/accept", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = AcceptDutyRequest, responses(
    (status = 200, description = "Who is on duty, and since when", body = Done),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AcceptDutyRequest>,
) -> Result<Json<Done>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    let post = Post::named(&request.post).ok_or_else(|| {
        ApiError::malformed("`post` is one of: lead, clinician, call_handler, on_call")
    })?;
    let since = app.wards.accept_duty(&permit, post).await?;
    Ok(Json(ward_api::done(&app, permit.clinician, since).await?))
}

/// Leaves duty. Whoever still has alerts says who takes them.
#[utoipa::path(post, path = "/api/wards/{ward}/duty/leave", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = LeaveDutyRequest, responses(
    (status = 204, description = "Not on duty any more"),
    (status = 409, description = "Not on duty, or still has alerts", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<LeaveDutyRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    let hand_to = request.hand_to.map(|to| match to {
        HandToView::Colleague { clinician } => HandTo::Colleague(ClinicianId(clinician)),
        HandToView::Ward => HandTo::Ward,
    });
    app.wards.leave_duty(&permit, hand_to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes something down for those who come next.
#[utoipa::path(post, path = "/api/wards/{ward}/handover-notes", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = HandoverNoteRequest, responses(
    (status = 204, description = "Written"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn write_note(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<HandoverNoteRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    let stay = request.stay.map(StayId);
    app.wards
        .write_handover_note(&permit, stay, without_nul(request.body))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was handed over is done.
#[utoipa::path(post, path = "/api/wards/{ward}/handover-notes/{note}/done", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("note" = Uuid, Path)), responses(
    (status = 204, description = "Done, now or before"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn note_done(
    State(app): State<Arc<App>>,
    Ids((ward, note)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    app.wards.do_handover_note(&permit, NoteId(note)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pauses the sound of all the ward's boards for two minutes. Whatever speaks after it ends the pause.
#[utoipa::path(put, path = "/api/wards/{ward}/audio-pause", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 204, description = "Paused"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn pause_audio(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    app.wards.pause_audio(&permit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the pause.
#[utoipa::path(delete, path = "/api/wards/{ward}/audio-pause", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 204, description = "The boards sound again"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn resume_audio(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    app.wards.resume_audio(&permit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes down whether somebody heard the sound of their screen as they started the shift. It arms nothing by itself.
#[utoipa::path(post, path = "/api/wards/{ward}/sound-tests", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = SoundTestRequest, responses(
    (status = 204, description = "Written, now or before"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sound_tested(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<SoundTestRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    let console = Console::named(&request.console).ok_or_else(|| {
        ApiError::malformed("`console` is four to eight capital letters and digits")
    })?;
    let test = SoundTest {
        id: request.test,
        console,
        heard: request.heard,
        waited: Duration::from_millis(request.waited_ms),
    };
    app.wards.sound_tested(&permit, test).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that whoever is signed in has a patient's page open: colleagues' boards show it.
#[utoipa::path(put, path = "/api/wards/{ward}/presence", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = LookRequest, responses(
    (status = 200, description = "Noted; who else has it open", body = LookedAt),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn look(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<LookRequest>,
) -> Result<Json<LookedAt>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let stay = StayId(request.stay);
    app.wards.look_at(&permit, stay).await?;
    let present = app.wards.present(permit.ward).await?;
    let mut others = Vec::new();
    for one in present.iter().filter(|one| one.stay == stay) {
        if one.clinician != permit.clinician {
            let name = app.wards.clinician_name(one.clinician).await?;
            others.push(ColleagueView {
                clinician: one.clinician.0,
                name: name.unwrap_or_default(),
            });
        }
    }
    Ok(Json(LookedAt { others }))
}

/// Keeps what somebody has narrowed their board down to, for when they open it again.
#[utoipa::path(put, path = "/api/wards/{ward}/board-filter", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = BoardFilter, responses(
    (status = 204, description = "Kept"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_filter(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(filter): JsonBody<BoardFilter>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    let body = serde_json::to_string(&filter).unwrap_or_default();
    let body = without_nul(body);
    app.wards.set_setting(&permit, FILTER, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody has narrowed their board down to. One that cannot be read is none: the whole ward is shown.
pub(crate) async fn filter_of(app: &App, permit: &Permit) -> BoardFilter {
    let kept = app.wards.setting(permit, FILTER).await;
    kept.ok()
        .flatten()
        .and_then(|body| serde_json::from_str(&body).ok())
        .unwrap_or_default()
}
