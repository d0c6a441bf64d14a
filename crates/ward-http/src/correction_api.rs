//! What was entered in error is struck out or moved; messages are looked at, and calls announced.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;
use ward_core::correction::{Code, Reason};
use ward_core::id::{ContactId, EntryId, ReadingId, StayId, WardId};
use ward_core::message::{Delivery, Outbound};
use ward_core::permit::Verb;
use ward_wire::correction::{
    AnnounceCallRequest, MessageList, MessageView, MoveReadingRequest, MovedReading, StrikeCode,
    StrikeRequest,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::time;

/// Strikes a reading out. It stays on the chart as what it was and counts no more; what it hid comes to light.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/readings/{reading}/strike-out", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("reading" = Uuid, Path)), request_body = StrikeRequest, responses(
    (status = 204, description = "Struck out, and the rest judged again"),
    (status = 409, description = "Struck out before", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn strike_reading(
    State(app): State<Arc<App>>,
    Ids((ward, stay, reading)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StrikeRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Correct).await?;
    let (stay, reading) = (StayId(stay), ReadingId(reading));
    let struck = app
        .wards
        .strike_out_reading(&permit, stay, reading, reason(request));
    struck.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves a reading to whom it belongs: struck out here, and there a reading of its own time, judged as such.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/readings/{reading}/move", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("reading" = Uuid, Path)), request_body = MoveReadingRequest, responses(
    (status = 200, description = "Moved, and both sides judged again", body = MovedReading),
    (status = 409, description = "Struck out before, the same stay, or of before that stay", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn move_reading(
    State(app): State<Arc<App>>,
    Ids((ward, stay, reading)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<MoveReadingRequest>,
) -> Result<Json<MovedReading>, ApiError> {
    let here = signed_in.permit(&app, WardId(ward), Verb::Correct).await?;
    let there = signed_in
        .permit(&app, WardId(request.to_ward), Verb::Correct)
        .await?;
    let reason = Reason {
        code: Code::WrongPatient,
        text: without_nul(request.text),
    };
    let moved = app
        .wards
        .move_reading(
            &here,
            StayId(stay),
            ReadingId(reading),
            &there,
            StayId(request.to_stay),
            reason,
        )
        .await?;
    Ok(Json(MovedReading { reading: moved.0 }))
}

/// Strikes a diary entry out, and the readings that came with it. An alert that its words raised stays open for a person
/// to end.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/diary/{entry}/strike-out", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("entry" = Uuid, Path)), request_body = StrikeRequest, responses(
    (status = 204, description = "Struck out"),
    (status = 409, description = "Struck out before", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn strike_entry(
    State(app): State<Arc<App>>,
    Ids((ward, stay, entry)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StrikeRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Correct).await?;
    let (stay, entry) = (StayId(stay), EntryId(entry));
    app.wards
        .strike_out_entry(&permit, stay, entry, reason(request))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Strikes a contact out. Who was only reached in error is on the call list again.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/contacts/{contact}/strike-out", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("contact" = Uuid, Path)), request_body = StrikeRequest, responses(
    (status = 204, description = "Struck out"),
    (status = 409, description = "Struck out before", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn strike_contact(
    State(app): State<Arc<App>>,
    Ids((ward, stay, contact)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StrikeRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Correct).await?;
    let (stay, contact) = (StayId(stay), ContactId(contact));
    app.wards
        .strike_out_contact(&permit, stay, contact, reason(request))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The messages of a stay: what was sent, what waits, what did not get through.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/messages", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "The newest first", body = MessageList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn messages(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<MessageList>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let messages = app.wards.messages(&permit, StayId(stay)).await?;
    Ok(Json(MessageList {
        messages: messages.iter().map(message).collect(),
    }))
}

/// Tells a patient when the ward will ring.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/announce-call", tag = "corrections", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = AnnounceCallRequest, responses(
    (status = 204, description = "Told, as soon as the message has gone out"),
    (status = 409, description = "This patient gets no messages: ring instead", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn announce_call(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AnnounceCallRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::WorkCallList)
        .await?;
    app.wards
        .announce_call(&permit, StayId(stay), request.at.into())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) fn reason(request: StrikeRequest) -> Reason {
    Reason {
        code: match request.code {
            StrikeCode::WrongPatient => Code::WrongPatient,
            StrikeCode::WrongValue => Code::WrongValue,
            StrikeCode::WrongTime => Code::WrongTime,
            StrikeCode::EnteredTwice => Code::EnteredTwice,
            StrikeCode::TriedOut => Code::TriedOut,
            StrikeCode::Other => Code::Other,
        },
        text: without_nul(request.text),
    }
}

fn message(outbound: &Outbound) -> MessageView {
    let message = &outbound.message;
    let (state, sent_at) = match outbound.delivery {
        Delivery::Queued => ("queued", None),
        Delivery::Leased { .. } => ("leased", None),
        Delivery::Failed { .. } => ("failed", None),
        Delivery::Sent { at } => ("sent", Some(time(at))),
        Delivery::Cancelled { .. } => ("cancelled", None),
        Delivery::Expired { .. } => ("expired", None),
        Delivery::GivenUp { .. } => ("given_up", None),
    };
    MessageView {
        id: message.id.0,
        recipient: message.to.name().to_owned(),
        kind: message.what.name().to_owned(),
        not_before: time(message.not_before),
        expires_at: time(message.expires_at),
        state: state.to_owned(),
        attempts: outbound.attempts,
        sent_at,
        trouble: outbound.trouble.map(|trouble| trouble.to_string()),
    }
}
