//! Whether the service is there, and whether it can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::problem::ApiError;
use crate::routes::App;

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "The process answers", body = String)))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers and takes what is written: requests may be sent here.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "The database answers, and the last write went through", body = String),
    (status = 503, description = "It does not, or the service is stopping", body = ward_wire::problem::Problem, content_type = "application/problem+json")))]
pub(crate) async fn readyz(
    State(app): State<Arc<App>>,
) -> Result<(StatusCode, &'static str), ApiError> {
    if app.wards.stopping().is_cancelled() {
        return Err(ApiError::unavailable());
    }
    if app.wards.store().writes_failing_for().is_some() {
        return Err(ApiError::unavailable());
    }
    app.wards
        .store()
        .ping()
        .await
        .map_err(ward_service::Unavailable::from)?;
    Ok((StatusCode::OK, "ready\n"))
}
