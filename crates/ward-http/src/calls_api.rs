//! The daily-contact call list, and what a call handler does from it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;
use ward_core::contact::Ticket;
use ward_core::id::{ClinicianId, StayId, WardId};
use ward_core::permit::{Permit, Verb};
use ward_wire::calls::{
    BookVisitRequest, CallListView, ClaimRequest, ClaimView, ContactView, ContactsView,
    LogContactRequest, LoggedView, ReferOnwardRequest, StopLadderRequest, VideoLinksRequest,
    VideoRoomView,
};
use ward_wire::problem::Problem;

use crate::calls_view as view;
use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api::with_name;

/// So many of the newest contacts are shown.
const CONTACTS: u32 = 200;

async fn may_call(signed_in: &SignedIn, app: &App, ward: Uuid) -> Result<Permit, ApiError> {
    signed_in
        .permit(app, WardId(ward), Verb::WorkCallList)
        .await
}

/// Whom the ward rings today, the most urgent first, each with the reasons; and who is not to be rung, and why not.
#[utoipa::path(get, path = "/api/wards/{ward}/call-list", tag = "calls", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "The call list", body = CallListView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn call_list(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<CallListView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let calls = app.wards.call_list(&permit).await?;
    let calls = calls.ok_or_else(ApiError::not_found)?;
    Ok(Json(view::call_list(&calls)))
}

/// Claims a call: nobody else rings this person meanwhile. With `over` it is taken over from a colleague.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/claim", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ClaimRequest, responses(
    (status = 200, description = "Who has it, and since when: for a repeat the first time", body = ClaimView),
    (status = 409, description = "A colleague has it: their name, and since when", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ClaimRequest>,
) -> Result<Json<ClaimView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let over = request.over.map(|over| Ticket {
        by: ClinicianId(over.clinician),
        at: view::at(over.at),
    });
    match app.wards.claim_call(&permit, StayId(stay), over).await {
        Ok(claim) => Ok(Json(ClaimView {
            clinician: claim.by.0,
            name: signed_in.session.name.clone(),
            at: crate::view::time(claim.at),
            old: false,
        })),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// Lets go of a claim.
#[utoipa::path(delete, path = "/api/wards/{ward}/calls/{stay}/claim", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 204, description = "Nobody has it now"),
    (status = 409, description = "A colleague has it, or nobody", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    match app.wards.release_call(&permit, StayId(stay)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// The newest contacts of a stay, the newest first; what was struck through is among them.
#[utoipa::path(get, path = "/api/wards/{ward}/calls/{stay}/contacts", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "200 at most", body = ContactsView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn contacts(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<ContactsView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let stored = app
        .wards
        .contacts_of(&permit, StayId(stay), CONTACTS)
        .await?;
    let staff = app.wards.names_of_staff().await?;
    let contacts: Vec<ContactView> = stored.iter().map(view::stored).collect();
    let staff = view::names(&staff, contacts.iter().map(|contact| contact.by));
    Ok(Json(ContactsView { contacts, staff }))
}

/// Writes down a call or a visit that the ward made or tried. A second one with the same `id` writes nothing.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/contacts", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = LogContactRequest, responses(
    (status = 200, description = "As it was written down, and the alerts that what was said has raised or changed", body = LoggedView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn log_contact(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<LogContactRequest>,
) -> Result<Json<LoggedView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let new = view::new_contact(request)?;
    let logged = app.wards.log_contact(&permit, StayId(stay), new).await?;
    Ok(Json(view::logged(&logged)))
}

/// Writes down a call that came in.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/incoming", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = LogContactRequest, responses(
    (status = 200, description = "As it was written down, and the alerts that what was said has raised or changed", body = LoggedView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn log_incoming(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<LogContactRequest>,
) -> Result<Json<LoggedView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let new = view::new_contact(request)?;
    let logged = app.wards.log_incoming_call(&permit, StayId(stay), new);
    Ok(Json(view::logged(&logged.await?)))
}

/// Stops the contact ladder of somebody who does not answer, until the next contact falls due. Senior clinicians only.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/stop-ladder", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = StopLadderRequest, responses(
    (status = 200, description = "As it was written down", body = ContactView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn stop_ladder(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<StopLadderRequest>,
) -> Result<Json<ContactView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::StopLadder)
        .await?;
    let reason = without_nul(request.reason);
    match app.wards.stop_ladder(&permit, StayId(stay), reason).await {
        Ok(entry) => Ok(Json(view::entry(&entry))),
        Err(error) => Err(with_name(&app, error.into()).await),
    }
}

/// Books a home visit: it stands on the call list of its day until it is made.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/visits", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = BookVisitRequest, responses(
    (status = 200, description = "As it was written down", body = ContactView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn book_visit(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<BookVisitRequest>,
) -> Result<Json<ContactView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let (at, purpose) = (view::at(request.at), without_nul(request.purpose));
    let booked = app.wards.book_visit(&permit, StayId(stay), at, purpose);
    Ok(Json(view::entry(&booked.await?)))
}

/// Writes down that the patient, or who cares for them, was referred onward.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/onward", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ReferOnwardRequest, responses(
    (status = 200, description = "As it was written down", body = ContactView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn refer_onward(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ReferOnwardRequest>,
) -> Result<Json<ContactView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let (to, note) = (view::onward_of(request.to), without_nul(request.note));
    let referred = app.wards.refer_onward(&permit, StayId(stay), to, note);
    Ok(Json(view::entry(&referred.await?)))
}

/// Makes a link for a video call, by the ward's pattern.
#[utoipa::path(post, path = "/api/wards/{ward}/calls/{stay}/video", tag = "calls", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 200, description = "The link, for the patient and for the clinician", body = VideoRoomView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn offer_video(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
) -> Result<Json<VideoRoomView>, ApiError> {
    let permit = may_call(&signed_in, &app, ward).await?;
    let room = app.wards.offer_video(&permit, StayId(stay)).await?;
    Ok(Json(VideoRoomView {
        contact: room.contact.0,
        link: room.link,
    }))
}

/// Sets the pattern of the ward's video links.
#[utoipa::path(put, path = "/api/wards/{ward}/video-links", tag = "calls", security(("session" = [])), params(("ward" = Uuid, Path)),
    request_body = VideoLinksRequest, responses(
    (status = 204, description = "Set"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_video_links(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<VideoLinksRequest>,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SetWardDefaults)
        .await?;
    app.wards.set_video_links(&permit, &request.pattern).await?;
    Ok(StatusCode::NO_CONTENT)
}
