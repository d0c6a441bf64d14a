//! Exertion tests of a stay: entered whole, listed, struck out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;
use ward_core::id::{ExertionId, StayId, WardId};
use ward_core::permit::Verb;
use ward_service::EntryError;
use ward_wire::correction::StrikeRequest;
use ward_wire::exertion::{ExertionList, ExertionReply, ExertionRequest};
use ward_wire::problem::Problem;

use crate::correction_api::reason;
use crate::diary_api::{by_staff, entering_permit, names};
use crate::extract::{Acting, Ids, JsonBody, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::{diary, exertion as view};

/// An exertion test: its value at rest and the one after are judged as readings, its lowest only with the value at rest. A fall
/// of the plan's points raises an alert, and so does a lowest in the red band.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/exertion-tests", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ExertionRequest, responses(
    (status = 200, description = "What to tell the patient, the most urgent first", body = ExertionReply),
    (status = 409, description = "Asked about, or not to be tested: see the code, and send it again with the answer", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "What cannot be", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn enter_exertion(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ExertionRequest>,
) -> Result<Json<ExertionReply>, ApiError> {
    let permit = entering_permit(&app, &signed_in, ward).await?;
    let entering = by_staff(&permit, stay, Some(request.from.clone()))?;
    let new = view::new_exertion(request).map_err(|why| EntryError::Hand { why, first: None })?;
    let entered = app.wards.enter_exertion(entering, new).await?;
    let (record, _) = app.wards.exertions(&permit, StayId(stay)).await?;
    Ok(Json(view::reply(&entered, &record.stay.plan)))
}

/// The exertion tests of a stay, the newest first.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/exertion-tests", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "Struck ones are among them", body = ExertionList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn exertions(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<ExertionList>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let (record, lines) = app.wards.exertions(&permit, StayId(stay)).await?;
    let tests: Vec<_> = lines
        .iter()
        .map(|line| view::view(line, &record.stay.plan))
        .collect();
    let staff = names(&app, diary::staff(tests.iter().map(|it| &it.source))).await?;
    Ok(Json(ExertionList { tests, staff }))
}

/// Strikes an exertion test out, and its readings with it. An alert that it raised stays open for a person to end.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/exertion-tests/{test}/strike-out", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("test" = Uuid, Path)), request_body = StrikeRequest, responses(
    (status = 204, description = "Struck out, and the rest judged again"),
    (status = 409, description = "Struck out before", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn strike_exertion(
    State(app): State<Arc<App>>,
    Ids((ward, stay, test)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StrikeRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Correct).await?;
    app.wards
        .strike_out_exertion(&permit, StayId(stay), ExertionId(test), reason(request))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
