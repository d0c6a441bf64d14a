//! What bridges ask.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use tracing::warn;
use ward_service::{Answer, BridgeKeyId, KeyProof, KeyTaken};
use ward_wire::bridge::{
    self as wire, AdviceItem, BATCH_LIMIT, BatchReply, DeviceList, EnrolReply, EnrolRequest,
    EnrolledDevice, KeyItem, KeyReply, NoteItem, ReadingBatch, SamplingItem, SamplingMode,
};
use ward_wire::problem::Problem;
use ward_wire::signature::{self, KeyId, unhex};

use crate::as_bridge::{AsBridge, BySignature};
use crate::extract::{ClientAddress, JsonBody, ReceivedAt, without_nul};
use crate::parse_reading;
use crate::problem::ApiError;
use crate::routes::App;

/// A one-time code, and the key by which the bridge will be known.
#[utoipa::path(post, path = "/api/bridge/enrol", tag = "bridges", request_body = EnrolRequest, responses(
    (status = 200, description = "Enrolled. The same code with the same key is answered alike while the code is good; a bridge without a key is given a token, shown once", body = EnrolReply),
    (status = 403, description = "The code is not known, was used before, or is too old", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The key does not prove itself", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn enrol(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolReply>, ApiError> {
    app.limits.try_code(address)?;
    let (code, version) = (request.code, without_nul(request.version));
    let Some(key) = &request.key else {
        let enrolled = app.wards.enrol_bridge(&code, &version).await?;
        return Ok(Json(EnrolReply {
            bridge: enrolled.bridge.0,
            token: Some(enrolled.token.reveal().to_owned()),
            key: None,
        }));
    };
    let key = proof(key, |public_key| {
        signature::enrolment_proof(&code, public_key)
    })?;
    let id = key.id;
    let taken = app.wards.enrol_bridge_with_key(&code, &version, key);
    let taken = taken.await?;
    Ok(Json(EnrolReply {
        bridge: taken.bridge.0,
        token: None,
        key: Some(key_reply(id, &taken)),
    }))
}

/// The bridge's next key, in a request that its key of now has signed. Sent again, it is answered alike.
#[utoipa::path(post, path = "/api/bridge/key", tag = "bridges", security(("bridge" = [])), request_body = KeyItem, responses(
    (status = 200, description = "Kept; the key of now is good until a day after this one was first used", body = KeyReply),
    (status = 409, description = "The key that has signed this was replaced: sign by its successor", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The key does not prove itself", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn renew_key(
    State(app): State<Arc<App>>,
    AsBridge(bridge): AsBridge,
    BySignature(by): BySignature,
    JsonBody(request): JsonBody<KeyItem>,
) -> Result<Json<KeyReply>, ApiError> {
    let key = proof(&request, |public_key| {
        signature::rotation_proof(bridge.id.0, by, public_key)
    })?;
    let id = key.id;
    let renewing = app.wards.renew_bridge_key(&bridge, BridgeKeyId(by.0), key);
    let taken = renewing.await?;
    Ok(Json(key_reply(id, &taken)))
}

fn proof(item: &KeyItem, said: impl FnOnce(&[u8; 32]) -> String) -> Result<KeyProof, ApiError> {
    let public_key = unhex(&item.public_key)
        .ok_or_else(|| ApiError::malformed("public_key: 64 small hexadecimal digits"))?;
    let proof = unhex(&item.proof)
        .ok_or_else(|| ApiError::malformed("proof: 128 small hexadecimal digits"))?;
    Ok(KeyProof {
        id: BridgeKeyId(KeyId::of(&public_key).0),
        said: said(&public_key),
        public_key,
        proof,
    })
}

fn key_reply(id: BridgeKeyId, taken: &KeyTaken) -> KeyReply {
    KeyReply {
        id: id.to_string(),
        expires_at: crate::view::time(taken.expires_at),
    }
}

/// The oximeters that this bridge may connect to.
#[utoipa::path(get, path = "/api/bridge/devices", tag = "bridges", security(("bridge" = []), ("bridge_token" = [])), responses(
    (status = 200, description = "Its oximeters; it connects to no other", body = DeviceList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn devices(
    State(app): State<Arc<App>>,
    AsBridge(bridge): AsBridge,
) -> Result<Json<DeviceList>, ApiError> {
    let list = app.wards.devices_of(&bridge).await?;
    let devices = list.devices.into_iter().map(|device| EnrolledDevice {
        address: device.address,
        low_limit_percent: device.low_limit_percent,
        slot: Some(device.slot),
        sampling: Some(SamplingItem {
            mode: if device.is_continuous {
                SamplingMode::Continuous
            } else {
                SamplingMode::Spot
            },
            window_seconds: device.window_seconds,
        }),
    });
    Ok(Json(DeviceList {
        devices: devices.collect(),
        version: Some(list.version),
    }))
}

/// Up to 500 readings. Each item has its own answer, given only when what it says is on disk.
#[utoipa::path(post, path = "/api/bridge/readings", tag = "bridges", security(("bridge" = []), ("bridge_token" = [])), request_body = ReadingBatch, responses(
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
    let parsed = batch
        .readings
        .iter()
        .map(|raw| parse_reading::parse(bridge.id, raw));
    let (items, left_out): (Vec<_>, Vec<_>) = parsed.unzip();
    let notes = left_out.into_iter().enumerate();
    let notes: Vec<_> = notes
        .filter_map(|(item, text)| Some(NoteItem { item, text: text? }))
        .collect();
    if let Some(first) = notes.first() {
        warn!(bridge = %bridge.id, items = notes.len(), first = %first.text, "summaries of windows were left out; their readings are stored");
    }
    let recorded = app
        .wards
        .record_readings_received(&bridge, items, received_at)
        .await?;
    let answers = recorded.answers;
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
        notes,
        answers: answers.into_iter().map(answer).collect(),
        epoch: Some(recorded.epoch),
    }))
}

fn answer(answer: Answer) -> wire::Answer {
    match answer {
        Answer::Stored | Answer::Unwatched { .. } => wire::Answer::Stored,
        Answer::Duplicate => wire::Answer::Duplicate,
        Answer::Quarantined { reason } => wire::Answer::Quarantined { reason },
    }
}
