//! What bridges ask.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use ward_service::Answer;
use ward_wire::bridge::{
    self as wire, AdviceItem, BATCH_LIMIT, BatchReply, DeviceList, EnrolReply, EnrolRequest,
    EnrolledDevice, ReadingBatch,
};
use ward_wire::problem::Problem;

use crate::extract::{AsBridge, ClientAddress, JsonBody, ReceivedAt, without_nul};
use crate::parse_reading;
use crate::problem::ApiError;
use crate::routes::App;

/// A one-time code against the bridge's credential.
#[utoipa::path(post, path = "/api/bridge/enrol", tag = "bridges", request_body = EnrolRequest, responses(
    (status = 200, description = "The credential, shown once", body = EnrolReply),
    (status = 403, description = "The code is not known, was used before, or is too old", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn enrol(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolReply>, ApiError> {
    app.limits.try_code(address)?;
    let version = without_nul(request.version);
    let enrolled = app.wards.enrol_bridge(&request.code, &version).await?;
    Ok(Json(EnrolReply {
        bridge: enrolled.bridge.0,
        token: enrolled.token.reveal().to_owned(),
    }))
}

/// The oximeters that this bridge may connect to.
#[utoipa::path(get, path = "/api/bridge/devices", tag = "bridges", security(("bridge" = [])), responses(
    (status = 200, description = "Its oximeters; it connects to no other", body = DeviceList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn devices(
    State(app): State<Arc<App>>,
    AsBridge(bridge): AsBridge,
) -> Result<Json<DeviceList>, ApiError> {
    let devices = app.wards.devices_of(&bridge).await?;
    let devices = devices.into_iter().map(|device| EnrolledDevice {
        address: device.address,
        low_limit_percent: device.plan.red_at_or_below,
    });
    Ok(Json(DeviceList {
        devices: devices.collect(),
    }))
}

/// Up to 500 readings. Each item has its own answer, given only when what it says is on disk.
#[utoipa::path(post, path = "/api/bridge/readings", tag = "bridges", security(("bridge" = [])), request_body = ReadingBatch, responses(
    (status = 200, description = "One answer for each item, in their order", body = BatchReply),
    (status = 400, description = "The body is not JSON of the expected form: nothing was stored", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The credential was taken away", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too many items or bytes: send fewer", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too fast: wait for `Retry-After` seconds", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Nothing is confirmed: send the batch again after `Retry-After` seconds", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn readings(
    State(app): State<Arc<App>>,
    ReceivedAt(received_at): ReceivedAt,
    AsBridge(bridge): AsBridge,
    JsonBody(batch): JsonBody<ReadingBatch>,
) -> Result<Json<BatchReply>, ApiError> {
    let _permit = app.limits.batch(bridge.id)?;
    if batch.readings.len() > BATCH_LIMIT {
        return Err(ApiError::too_many_items(BATCH_LIMIT));
    }
    let items = batch
        .readings
        .iter()
        .map(|raw| parse_reading::parse(bridge.id, raw))
        .collect();
    let answers = app
        .wards
        .record_readings_received(&bridge, items, received_at)
        .await?;
    answers
        .iter()
        .for_each(|answer| app.metrics.answered(answer));
    let advice = answers.iter().enumerate().filter_map(|(item, answer)| {
        let Answer::Unwatched { advice } = answer else {
            return None;
        };
        let text = advice.text().to_owned();
        Some(AdviceItem { item, text })
    });
    Ok(Json(BatchReply {
        advice: advice.collect(),
        answers: answers.into_iter().map(answer).collect(),
    }))
}

fn answer(answer: Answer) -> wire::Answer {
    match answer {
        Answer::Stored | Answer::Unwatched { .. } => wire::Answer::Stored,
        Answer::Duplicate => wire::Answer::Duplicate,
        Answer::Quarantined { reason } => wire::Answer::Quarantined { reason },
    }
}
