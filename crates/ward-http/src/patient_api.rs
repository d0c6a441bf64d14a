//! What patients, and who cares for them, enter themselves, and how they come to do so.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use uuid::Uuid;
use ward_core::id::{BridgeId, ReadingId, StayId, WardId};
use ward_core::permit::Verb;
use ward_service::{AccessError, AtHome, Entering};
use ward_wire::diary::{
    AccessCode, AccessRequest, AnswerRequest, DiaryRequest, EnteredReply, From, HelpRequest,
    PatientSignIn, PatientToken, Questionnaire, ReadingRequest,
};
use ward_wire::problem::Problem;

use crate::diary_api::{advice_reply, diary_reply, new_entry, new_reading, reading_reply};
use crate::extract::{Acting, ClientAddress, Ids, JsonBody};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// A patient, or a named carer, with a token that is good.
pub(crate) struct AsPatient(AtHome);

impl FromRequestParts<Arc<App>> for AsPatient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or(AccessError::NotKnown)?;
        Ok(Self(app.wards.at_home(token).await?))
    }
}

impl AsPatient {
    fn entering(&self, from: Option<&From>) -> Result<Entering, ApiError> {
        match from {
            None => Ok(Entering::at_home(&self.0)),
            Some(_) => Err(ApiError::who_is_known()),
        }
    }

    /// A page gone wrong must not hold up a ward: it has a box's limits.
    fn in_measure(&self, app: &App) -> Result<tokio::sync::OwnedSemaphorePermit, ApiError> {
        app.limits.batch(BridgeId(self.0.stay.0))
    }
}

/// A one-time code for the patient, or for a carer by name, to be told or posted to them.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/access", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = AccessRequest, responses(
    (status = 200, description = "Shown once, good for seven days", body = AccessCode),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn give_access(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AccessRequest>,
) -> Result<Json<AccessCode>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::EnterForPatient)
        .await?;
    let given = app
        .wards
        .give_access(&permit, StayId(stay), request.carer)
        .await?;
    Ok(Json(AccessCode {
        code: given.code.reveal().to_owned(),
        expires_at: view::time(given.expires_at),
    }))
}

/// Ends every code and every token of a stay: a phone was lost, a carer has changed.
#[utoipa::path(delete, path = "/api/wards/{ward}/stays/{stay}/access", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), responses(
    (status = 204, description = "None opens anything any more"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end_access(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::EnterForPatient)
        .await?;
    app.wards.end_access(&permit, StayId(stay)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code and the patient's date of birth against a token.
#[utoipa::path(post, path = "/api/patient/session", tag = "patients", request_body = PatientSignIn, responses(
    (status = 200, description = "Shown once, good for as long as the stay", body = PatientToken),
    (status = 403, description = "The code is not good, or does not go with this date of birth", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<PatientSignIn>,
) -> Result<Json<PatientToken>, ApiError> {
    app.limits.try_code(address)?;
    let birth_date = request.birth_date.parse().map_err(|_| {
        ApiError::malformed("`birth_date` is year-month-day, for example 1948-03-09")
    })?;
    let token = app.wards.use_access_code(&request.code, birth_date).await?;
    Ok(Json(PatientToken {
        token: token.reveal().to_owned(),
    }))
}

/// The questions of this patient's diary.
#[utoipa::path(get, path = "/api/patient/questions", tag = "patients", security(("patient" = [])), responses(
    (status = 200, description = "Those that the plan asks", body = Questionnaire),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn questions(
    State(app): State<Arc<App>>,
    patient: AsPatient,
) -> Result<Json<Questionnaire>, ApiError> {
    let asked = app.wards.questions_for(&patient.0).await?;
    view::diary::questionnaire(&asked)
        .map(Json)
        .ok_or_else(ApiError::not_found)
}

/// A diary entry by the patient or a carer.
#[utoipa::path(post, path = "/api/patient/diary", tag = "patients", security(("patient" = [])), request_body = DiaryRequest, responses(
    (status = 200, description = "What to do, the most urgent first", body = EnteredReply),
    (status = 403, description = "The stay is over, and what to do", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "Which answer cannot be, and what can", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn diary(
    State(app): State<Arc<App>>,
    patient: AsPatient,
    JsonBody(request): JsonBody<DiaryRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let _place = patient.in_measure(&app)?;
    let entering = patient.entering(request.from.as_ref())?;
    let submitted = app.wards.submit_diary(entering, new_entry(request)).await?;
    Ok(Json(diary_reply(&submitted)))
}

/// A reading by the patient or a carer.
#[utoipa::path(post, path = "/api/patient/readings", tag = "patients", security(("patient" = [])), request_body = ReadingRequest, responses(
    (status = 200, description = "What to do, the most urgent first", body = EnteredReply),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reading(
    State(app): State<Arc<App>>,
    patient: AsPatient,
    JsonBody(request): JsonBody<ReadingRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let _place = patient.in_measure(&app)?;
    let entering = patient.entering(request.from.as_ref())?;
    // Whoever is confused does not know it.
    if request
        .observations
        .is_some_and(|it| it.consciousness.is_some())
    {
        return Err(ApiError::malformed(
            "The level of consciousness is for staff to judge: leave it out",
        ));
    }
    let entered = app
        .wards
        .enter_reading(entering, new_reading(&request)?)
        .await?;
    Ok(Json(reading_reply(&entered)))
}

/// The answer to an odd value.
#[utoipa::path(post, path = "/api/patient/readings/{reading}/answer", tag = "patients", security(("patient" = [])),
    params(("reading" = Uuid, Path)), request_body = AnswerRequest, responses(
    (status = 200, description = "The reading that counts now", body = EnteredReply),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Ids(reading): Ids<Uuid>,
    patient: AsPatient,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let _place = patient.in_measure(&app)?;
    let entering = patient.entering(request.from.as_ref())?;
    let right = view::diary::odd_answer(request.answer);
    let entered = app
        .wards
        .answer_question(entering, ReadingId(reading), right)
        .await?;
    Ok(Json(reading_reply(&entered)))
}

/// "Please call me", or "I have called 999".
#[utoipa::path(post, path = "/api/patient/help", tag = "patients", security(("patient" = [])), request_body = HelpRequest, responses(
    (status = 200, description = "What to do, the most urgent first", body = EnteredReply),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn help(
    State(app): State<Arc<App>>,
    patient: AsPatient,
    JsonBody(request): JsonBody<HelpRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let _place = patient.in_measure(&app)?;
    let entering = patient.entering(request.from.as_ref())?;
    let advice = app
        .wards
        .ask_for_help(entering, view::diary::help(request.help))
        .await?;
    Ok(Json(advice_reply(&advice)))
}
