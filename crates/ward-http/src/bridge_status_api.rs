//! Bridges say how they are.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use ward_core::device::DeviceAddress;
use ward_service::{OximeterReport, StatusReport};
use ward_wire::bridge::{OXIMETERS_LIMIT, OximeterItem, StatusReply, StatusRequest};
use ward_wire::problem::Problem;

use crate::as_bridge::AsBridge;
use crate::extract::JsonBody;
use crate::problem::ApiError;
use crate::routes::App;

/// A bridge speaks this often when nothing changes.
const AGAIN_IN_SECONDS: u32 = 60;

/// How the bridge is. It was heard of: silence is told apart from a radio that does not work and from a flat battery.
#[utoipa::path(post, path = "/api/bridge/status", tag = "bridges", security(("bridge" = []), ("bridge_token" = [])), request_body = StatusRequest, responses(
    (status = 200, description = "Kept", body = StatusReply),
    (status = 400, description = "Not of the expected form: nothing was kept, but the bridge was heard of", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Not kept: say it again after `Retry-After` seconds", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn status(
    State(app): State<Arc<App>>,
    AsBridge(bridge): AsBridge,
    JsonBody(request): JsonBody<StatusRequest>,
) -> Result<Json<StatusReply>, ApiError> {
    if request.oximeters.len() > OXIMETERS_LIMIT {
        return Err(ApiError::too_many_items(OXIMETERS_LIMIT));
    }
    let oximeters = request.oximeters.into_iter().enumerate();
    let report = StatusReport {
        radio_up: request.radio_up,
        oximeters: oximeters
            .map(|(place, item)| oximeter(place, &item))
            .collect::<Result<_, _>>()?,
    };
    app.wards.bridge_status(&bridge, report).await?;
    Ok(Json(StatusReply {
        again_in_seconds: AGAIN_IN_SECONDS,
    }))
}

fn oximeter(place: usize, item: &OximeterItem) -> Result<OximeterReport, ApiError> {
    let address: DeviceAddress = item
        .device_address
        .parse()
        .map_err(|why| ApiError::malformed(format!("oximeters[{place}].device_address: {why}")))?;
    if item.battery_percent.is_some_and(|percent| percent > 100) {
        return Err(ApiError::malformed(format!(
            "oximeters[{place}].battery_percent must lie between 0 and 100"
        )));
    }
    Ok(OximeterReport {
        address,
        battery_percent: item.battery_percent,
        heard_ago: item.heard_ago_ms.map(Duration::from_millis),
    })
}
