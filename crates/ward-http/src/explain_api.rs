//! Why an alert was raised, over the API.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use uuid::Uuid;
use ward_core::alert::Subject;
use ward_core::id::{Seq, WardId};
use ward_core::permit::Verb;
use ward_wire::explanation::Explanation;
use ward_wire::problem::Problem;

use crate::extract::{Ids, SignedIn};
use crate::pages;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// Which rule raised an alert, by whose limits, on which readings of what quality; what the ward does next, and who was told when.
/// That somebody looked is kept.
#[utoipa::path(get, path = "/api/wards/{ward}/alerts/{number}/explanation", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("number" = i64, Path)), responses(
    (status = 200, description = "Of an alert that is open or over", body = Explanation),
    (status = 404, description = "No alert of this number on this ward", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn explanation(
    State(app): State<Arc<App>>,
    Ids((ward, number)): Ids<(Uuid, i64)>,
    signed_in: SignedIn,
) -> Result<Json<Explanation>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let explained = app.wards.explain_alert(&permit, Seq(number)).await?;
    let explained = explained.ok_or_else(ApiError::not_found)?;
    let ward = app.wards.ward_of(&permit).await?;
    let ward = ward.ok_or_else(ApiError::not_found)?;
    if let Subject::Stay(stay) = explained.alert.subject {
        // The patient has gone to another ward, and with them what was measured.
        if explained.trend.is_none() {
            return Err(ApiError::not_found());
        }
        app.wards.note_view(&permit, stay, "alert explained").await;
    }
    let names = app.wards.names_of_staff().await?;
    let next = pages::next_steps(&ward, &explained, &names, app.wards.clock().now());
    Ok(Json(view::explain::explanation(
        &ward.code, &explained, next,
    )))
}
