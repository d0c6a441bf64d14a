//! When somebody watches the board.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use uuid::Uuid;
use ward_core::day::{StaffedHours, Zone};
use ward_core::id::WardId;
use ward_core::permit::Verb;
use ward_wire::problem::Problem;
use ward_wire::staffed::{Hours, StaffedRequest, StaffedView};

use crate::extract::{Acting, Ids, JsonBody, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// The hours in which somebody watches the board, and whether somebody does now.
#[utoipa::path(get, path = "/api/wards/{ward}/staffed-hours", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "The hours", body = StaffedView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn hours(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<StaffedView>, ApiError> {
    signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    Ok(Json(now(&app, WardId(ward)).await?))
}

/// Changes the hours. Outside them a red goes to whoever is on call by the patient's plan, or the patient is told to use
/// 111 and 999.
#[utoipa::path(put, path = "/api/wards/{ward}/staffed-hours", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path)), request_body = StaffedRequest, responses(
    (status = 200, description = "The hours as they are now", body = StaffedView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_hours(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StaffedRequest>,
) -> Result<Json<StaffedView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SetWardDefaults)
        .await?;
    let each = request.days.map(|day| day.map(|day| (day.from, day.until)));
    app.wards
        .set_staffed_hours(&permit, StaffedHours(each))
        .await?;
    Ok(Json(now(&app, WardId(ward)).await?))
}

async fn now(app: &App, ward: WardId) -> Result<StaffedView, ApiError> {
    let ward = app.wards.store().ward(ward).await;
    let ward = ward
        .map_err(ward_service::Unavailable::from)?
        .ok_or_else(ApiError::not_found)?;
    let zone = Zone::named(&ward.time_zone).unwrap_or_else(|_| Zone::greenwich());
    let now = app.wards.clock().now();
    let staffed = &ward.staffed;
    Ok(StaffedView {
        days: staffed
            .0
            .map(|day| day.map(|(from, until)| Hours { from, until })),
        staffed_now: staffed.is_staffed(&zone, now),
        next_staffed_at: staffed.next_staffed(&zone, now).map(view::time),
    })
}
