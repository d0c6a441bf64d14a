//! Passing an alert on, keeping one quiet for a while, and a browser's subscription to pushes, over the API.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;
use ward_core::alert::{SnoozeAsked, SnoozeReason};
use ward_core::id::{ClinicianId, Seq, WardId};
use ward_core::permit::Verb;
use ward_service::NewDetail;
use ward_wire::escalation::{
    DetailAdded, EscalateRequest, Escalated, PushKey, PushRequest, SnoozeRequest, Snoozed,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::{view, ward_api};

/// Passes an alert on, to the next level or to a colleague. Whoever has it still has it.
#[utoipa::path(post, path = "/api/wards/{ward}/alerts/{number}/escalate", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), request_body = EscalateRequest, responses(
    (status = 200, description = "The level that it has reached", body = Escalated),
    (status = 409, description = "It is over, or there is no level left", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn escalate(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<EscalateRequest>,
) -> Result<Json<Escalated>, ApiError> {
    let verb = Verb::AcknowledgeAlert;
    let permit = signed_in.permit(&app, WardId(ward), verb).await?;
    let (to, note) = (request.to.map(ClinicianId), without_nul(request.note));
    match app
        .wards
        .escalate_alert(&permit, Seq(number), to, note)
        .await
    {
        Ok(level) => Ok(Json(Escalated { level })),
        Err(error) => Err(ward_api::with_name(&app, error.into()).await),
    }
}

/// Keeps an alert quiet for a while: it is theirs, and speaks again at the end or when it worsens. Never a red.
#[utoipa::path(post, path = "/api/wards/{ward}/alerts/{number}/snooze", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), request_body = SnoozeRequest, responses(
    (status = 200, description = "Until when", body = Snoozed),
    (status = 409, description = "It is red, a colleague's, over, or has worsened since `seen`", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn snooze(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<SnoozeRequest>,
) -> Result<Json<Snoozed>, ApiError> {
    let verb = Verb::AcknowledgeAlert;
    let permit = signed_in.permit(&app, WardId(ward), verb).await?;
    let reason = SnoozeReason::named(&request.reason).ok_or_else(|| {
        ApiError::malformed(
            "`reason` is one of: visit_on_its_way, patient_resting, kit_seen_to, agreed_elsewhere, as_noted",
        )
    })?;
    let span = Duration::from_secs(u64::from(request.minutes) * 60);
    let asked = SnoozeAsked {
        until: app.wards.clock().now().plus(span),
        reason,
        note: without_nul(request.note),
    };
    let seen = Seq(request.seen);
    match app
        .wards
        .snooze_alert(&permit, Seq(number), asked, seen)
        .await
    {
        Ok(until) => Ok(Json(Snoozed {
            until: view::time(until),
        })),
        Err(error) => Err(ward_api::with_name(&app, error.into()).await),
    }
}

/// The key that a browser subscribes to pushes with.
#[utoipa::path(get, path = "/api/push-key", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "The key, or null when pushes are not set up", body = PushKey),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn push_key(
    State(app): State<Arc<App>>,
    _signed_in: SignedIn,
) -> Result<Json<PushKey>, ApiError> {
    Ok(Json(PushKey {
        key: app.options.push_key.clone(),
    }))
}

/// This browser is pushed to when its owner is told of an alert of this ward.
#[utoipa::path(post, path = "/api/wards/{ward}/push", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = PushRequest, responses(
    (status = 200, description = "Entered; the same one twice is there once", body = DetailAdded),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn subscribe(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<PushRequest>,
) -> Result<Json<DetailAdded>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    let push = NewDetail::Push {
        endpoint: request.endpoint,
        p256dh: request.p256dh,
        auth: request.auth,
    };
    let id = app.wards.add_own_detail(&permit, push).await?;
    Ok(Json(DetailAdded { id }))
}

/// A way to reach oneself is taken away, a browser's subscription among them.
#[utoipa::path(delete, path = "/api/wards/{ward}/push/{detail}", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("detail" = Uuid, Path)), responses(
    (status = 204, description = "Gone"),
    (status = 404, description = "Not among one's own", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn unsubscribe(
    State(app): State<Arc<App>>,
    Ids((ward, detail)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::TakeDuty).await?;
    app.wards.remove_own_detail(&permit, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}
