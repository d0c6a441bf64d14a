//! The kit ledger, and readings that are nobody's until a person says whose.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::{KitId, ReadingId, StayId, WardId};
use ward_core::kit::{Holder, Step};
use ward_core::permit::Verb;
use ward_core::time::Timestamp;
use ward_service::{Item, Quarantined, Sticker, Whose};
use ward_wire::kit as wire;
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::parse_reading;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::{self, kit as kit_view};
use crate::ward_api::with_name;

/// Pieces of kit, or items, on one page.
const ON_A_PAGE: u32 = 200;

/// Characters of a model, a place or where a bridge stands.
const NAME_AT_MOST: usize = 200;

/// Characters of a sticker or a serial number.
const LABEL_AT_MOST: usize = 64;

#[derive(Deserialize)]
pub(crate) struct Which {
    kind: wire::Kind,
    after: Option<Uuid>,
}

/// The organisation's kit of one kind, by id.
#[utoipa::path(get, path = "/api/wards/{ward}/kit", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("kind" = wire::Kind, Query), ("after" = Option<Uuid>, Query, description = "What follows this id")), responses(
    (status = 200, description = "200 pieces at most", body = wire::KitPage),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    query: Result<Query<Which>, QueryRejection>,
    signed_in: SignedIn,
) -> Result<Json<wire::KitPage>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let Query(Which { kind, after }) = query.map_err(|_| {
        ApiError::malformed("`kind` is `oximeter` or `bridge`; `after` is an id, or left out")
    })?;
    let kind = kit_view::kind_of(kind);
    let page = app
        .wards
        .kit_page(&permit, kind, after.map(KitId), ON_A_PAGE)
        .await?;
    let is_full = u32::try_from(page.len()) == Ok(ON_A_PAGE);
    let last = page.last().map(|record| record.kit.id.0);
    Ok(Json(wire::KitPage {
        kit: page.iter().map(kit_view::kit).collect(),
        after: last.filter(|_| is_full),
    }))
}

/// A new oximeter, clean, on the shelf.
#[utoipa::path(post, path = "/api/wards/{ward}/kit/oximeters", tag = "kit", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = wire::NewOximeter, responses(
    (status = 201, description = "It is in the ledger", body = wire::KitView),
    (status = 409, description = "Its address is in the ledger already", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn receive_oximeter(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<wire::NewOximeter>,
) -> Result<(StatusCode, Json<wire::KitView>), ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let address: DeviceAddress = request
        .address
        .parse()
        .map_err(|why| ApiError::not_valid(format!("address: {why}")))?;
    let model = required("model", request.model, NAME_AT_MOST)?;
    let sticker = sticker(request.label, request.serial)?;
    let received = app.wards.receive_oximeter(&permit, address, model, sticker);
    let record = received.await?;
    Ok((StatusCode::CREATED, Json(kit_view::kit(&record))))
}

/// A new bridge, on the shelf, and the code to enrol it with.
#[utoipa::path(post, path = "/api/wards/{ward}/kit/bridges", tag = "kit", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = wire::NewBridge, responses(
    (status = 201, description = "It is in the ledger; the code is shown once", body = wire::NewBridgeReply),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn receive_bridge(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<wire::NewBridge>,
) -> Result<(StatusCode, Json<wire::NewBridgeReply>), ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let name = required("name", request.name, NAME_AT_MOST)?;
    let sticker = sticker(request.label, request.serial)?;
    let (record, code) = app.wards.receive_bridge(&permit, &name, sticker).await?;
    let reply = wire::NewBridgeReply {
        kit: kit_view::kit(&record),
        enrolment_code: code.code.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(reply)))
}

/// What was done with a piece of kit. What is not possible from where it is, is refused with what is.
#[utoipa::path(post, path = "/api/wards/{ward}/kit/{kit}/steps", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("kit" = Uuid, Path)), request_body = wire::StepRequest, responses(
    (status = 200, description = "Where it is now", body = wire::KitView),
    (status = 404, description = "No such kit", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Not possible from where it is: the answer says what is", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn step(
    State(app): State<Arc<App>>,
    Ids((ward, kit)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<wire::StepRequest>,
) -> Result<Json<wire::KitView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let now = app.wards.clock().now();
    let mut step = kit_view::step_of(request, now).ok_or_else(|| {
        ApiError::not_valid("issue: say who gets it: either `stay` or `place`, not both")
    })?;
    if let Step::Issue {
        to: Holder::Place(place),
        ..
    } = &mut step
    {
        *place = required("place", std::mem::take(place), NAME_AT_MOST)?;
    }
    let record = app.wards.step_kit(&permit, KitId(kit), step).await?;
    Ok(Json(kit_view::kit(&record)))
}

/// Asks back everything that a patient has.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/kit/ask-back", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = wire::AskBackRequest, responses(
    (status = 200, description = "What the patient has", body = wire::KitPage),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn ask_back(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<wire::AskBackRequest>,
) -> Result<Json<wire::KitPage>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let asked = app.wards.ask_kit_back(&permit, StayId(stay), request.by);
    let kit = asked.await?;
    Ok(Json(wire::KitPage {
        kit: kit.iter().map(kit_view::kit).collect(),
        after: None,
    }))
}

/// Who wore an oximeter, from when to when.
#[utoipa::path(get, path = "/api/wards/{ward}/kit/{kit}/wearers", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("kit" = Uuid, Path)), responses(
    (status = 200, description = "Newest first, 200 at most", body = wire::Wearers),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn wearers(
    State(app): State<Arc<App>>,
    Ids((ward, kit)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<wire::Wearers>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ManageKit)
        .await?;
    let wearers = app.wards.wearers_of(&permit, KitId(kit), ON_A_PAGE).await?;
    Ok(Json(wire::Wearers {
        wearers: wearers.iter().map(kit_view::wearer).collect(),
    }))
}

#[derive(Deserialize)]
pub(crate) struct Apart {
    #[serde(default)]
    decided: bool,
    before: Option<jiff::Timestamp>,
}

/// What came in for this ward and is nobody's reading, or no reading.
#[utoipa::path(get, path = "/api/wards/{ward}/quarantine", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("decided" = Option<bool>, Query, description = "Also what a person has decided"),
        ("before" = Option<String>, Query, description = "Only what came in before this time")), responses(
    (status = 200, description = "Newest first, 200 at most", body = wire::QuarantinePage),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn quarantine(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    query: Result<Query<Apart>, QueryRejection>,
    signed_in: SignedIn,
) -> Result<Json<wire::QuarantinePage>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let Query(Apart { decided, before }) = query.map_err(|_| {
        ApiError::malformed("`decided` is true or false; `before` is a time, 2026-11-21T09:02:00Z")
    })?;
    let before = before.map(Timestamp::from);
    let items = app
        .wards
        .quarantined(&permit, decided, before, ON_A_PAGE)
        .await?;
    let is_full = u32::try_from(items.len()) == Ok(ON_A_PAGE);
    let last = items.last().map(|kept| view::time(kept.received_at));
    let shown = |kept: &Quarantined| kit_view::quarantined(kept, as_sent(kept).as_ref());
    Ok(Json(wire::QuarantinePage {
        items: items.iter().map(shown).collect(),
        before: last.filter(|_| is_full),
    }))
}

/// A person says whose a reading is: it goes on that patient's chart and is judged, by when it was measured.
#[utoipa::path(post, path = "/api/wards/{ward}/quarantine/{item}/decide", tag = "kit", security(("session" = [])),
    params(("ward" = Uuid, Path), ("item" = Uuid, Path)), request_body = wire::DecideRequest, responses(
    (status = 200, description = "What was decided", body = wire::DecidedView),
    (status = 409, description = "A colleague was first, or it cannot be this patient's", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    Ids((ward, item)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<wire::DecideRequest>,
) -> Result<Json<wire::DecidedView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::DecideReading)
        .await?;
    let item = ReadingId(item);
    let whose = match request.stay {
        None => Whose::Nobodys,
        Some(stay) => {
            let kept = app.wards.quarantined_item(&permit, item).await?;
            let reading = match kept.as_ref().and_then(as_sent) {
                Some(Item::Reading(reading)) => Some(Box::new(reading)),
                Some(Item::Unreadable(_)) | None => None,
            };
            Whose::Stays {
                stay: StayId(stay),
                reading,
            }
        }
    };
    let reason = without_nul(request.reason);
    match app.wards.decide_reading(&permit, item, whose, reason).await {
        Ok(decided) => Ok(Json(wire::DecidedView {
            stay: decided.stay.map(|stay| stay.0),
            by: decided.by.0,
            at: view::time(decided.at),
            reason: decided.reason,
        })),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// What was kept, read again as it came.
pub(crate) fn as_sent(kept: &Quarantined) -> Option<Item> {
    let text = std::str::from_utf8(&kept.raw).ok()?;
    let raw = RawValue::from_string(text.to_owned()).ok()?;
    Some(parse_reading::parse(kept.bridge, &raw).0)
}

fn sticker(label: String, serial: String) -> Result<Sticker, ApiError> {
    Ok(Sticker {
        label: at_most("label", label, LABEL_AT_MOST)?,
        serial: at_most("serial", serial, LABEL_AT_MOST)?,
    })
}

fn required(field: &str, text: String, limit: usize) -> Result<String, ApiError> {
    let text = at_most(field, text, limit)?;
    if text.is_empty() {
        return Err(ApiError::not_valid(format!("{field} is missing")));
    }
    Ok(text)
}

fn at_most(field: &str, text: String, limit: usize) -> Result<String, ApiError> {
    let text = without_nul(text).trim().to_owned();
    if text.chars().count() > limit {
        return Err(ApiError::not_valid(format!(
            "{field} may have {limit} characters"
        )));
    }
    Ok(text)
}
