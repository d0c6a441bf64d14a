//! People: found, compared, changed; and the list of new positive results.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{CaseId, PatientId, WardId};
use ward_core::permit::Verb;
use ward_service::{RegisterError, Said};
use ward_wire::pathway::{PatientView, Person};
use ward_wire::problem::Problem;
use ward_wire::referral::{
    AlikeList, CaseList, CaseReview, CaseView, CasesImported, FoundList, FoundPerson,
};

use crate::extract::{Acting, CsvBody, Ids, JsonBody, Query, SignedIn, without_nul};
use crate::pathway_view::{self, Means};
use crate::problem::ApiError;
use crate::referral_view;
use crate::routes::App;

/// What people are looked for by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    q: String,
}

/// People of the ward by a part of the name, the end of a phone number, or the NHS number: who has or had a stay on it (also
/// one that went on to another ward), who is referred to it and not yet answered, and who stands on its list of new results to
/// be reviewed.
#[utoipa::path(get, path = "/api/wards/{ward}/patients", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("q" = String, Query)), responses(
    (status = 200, description = "In the order of their names, up to 50", body = FoundList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Query(search): Query<Search>,
    signed_in: SignedIn,
) -> Result<Json<FoundList>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let found = app.wards.look_for(&permit, &without_nul(search.q)).await?;
    Ok(Json(referral_view::found(found)))
}

/// Who on record in the organisation may be the same person, the likeliest first. Of somebody whom only other wards know it
/// says the name, the day of birth, whether the NHS number is theirs, and which wards to ring.
#[utoipa::path(post, path = "/api/wards/{ward}/patients/duplicates", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path)), request_body = Person, responses(
    (status = 200, description = "With the reason for each", body = AlikeList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn duplicates(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(person): JsonBody<Person>,
) -> Result<Json<AlikeList>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Refer).await?;
    let person = pathway_view::person(person, app.wards.clock().new_id())?;
    let alike = app.wards.possible_duplicates(&permit, &person).await?;
    Ok(Json(referral_view::alike(alike)))
}

/// A person of the ward with their stays. The ward reaches whom a search on it finds; anybody else is not there.
#[utoipa::path(get, path = "/api/wards/{ward}/patients/{patient}", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("patient" = Uuid, Path)), responses(
    (status = 200, description = "The person", body = FoundPerson),
    (status = 404, description = "The ward reaches nobody of this id", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn patient(
    State(app): State<Arc<App>>,
    Ids((ward, patient)): Ids<(Uuid, Uuid)>,
    signed_in: SignedIn,
) -> Result<Json<FoundPerson>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let found = app.wards.patient(&permit, PatientId(patient)).await?;
    let found = found.ok_or(RegisterError::NoSuchPatient)?;
    Ok(Json(referral_view::found_person(found)))
}

/// Changes what is known of a person of the ward: all of it, as it is sent.
#[utoipa::path(put, path = "/api/wards/{ward}/patients/{patient}", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("patient" = Uuid, Path)), request_body = Person, responses(
    (status = 200, description = "The person", body = PatientView),
    (status = 404, description = "The ward reaches nobody of this id", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The NHS number is another patient's", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    Ids((ward, patient)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(person): JsonBody<Person>,
) -> Result<Json<PatientView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::EditPatient)
        .await?;
    let told = pathway_view::person(person, patient)?;
    let known = app
        .wards
        .edit_patient(&permit, PatientId(patient), told)
        .await?;
    Ok(Json(pathway_view::patient(known)))
}

/// A list of people with a new positive result, as CSV: `nhs_number`, `family_name`, `given_name`, `birth_date`,
/// `result_date`, and `phone` and `address` if they are known. Each line is taken or refused on its own.
#[utoipa::path(post, path = "/api/wards/{ward}/cases", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path)), request_body(content = String, content_type = "text/csv"), responses(
    (status = 200, description = "What became of each line", body = CasesImported),
    (status = 422, description = "The columns are others, or there are too many lines: nothing was taken", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    CsvBody(list): CsvBody,
) -> Result<Json<CasesImported>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ReviewCases)
        .await?;
    let imported = app.wards.import_cases(&permit, list).await?;
    Ok(Json(referral_view::imported(imported)))
}

/// Which people of the list are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Listed {
    state: Option<ListedState>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ListedState {
    New,
    Deferred,
    Accepted,
    Declined,
}

/// People of the list who are to be looked at today; with `state`, everybody in it.
#[utoipa::path(get, path = "/api/wards/{ward}/cases", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("state" = Option<String>, Query)), responses(
    (status = 200, description = "The longest on it first, up to 500", body = CaseList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn cases(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Query(listed): Query<Listed>,
    signed_in: SignedIn,
) -> Result<Json<CaseList>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ReviewCases)
        .await?;
    let state = listed.state.map(|state| match state {
        ListedState::New => "new",
        ListedState::Deferred => "deferred",
        ListedState::Accepted => "accepted",
        ListedState::Declined => "declined",
    });
    let cases = app.wards.cases(&permit, state).await?;
    let today = app.wards.today(permit.ward).await?;
    let cases = cases
        .into_iter()
        .map(|case| referral_view::case(case, today));
    Ok(Json(CaseList {
        cases: cases.collect(),
    }))
}

/// Accepts, declines or defers one person of the list. An acceptance makes the referral.
#[utoipa::path(post, path = "/api/wards/{ward}/cases/{case}/review", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("case" = Uuid, Path)), request_body = CaseReview, responses(
    (status = 200, description = "The person, with the referral once accepted", body = CaseView),
    (status = 409, description = "Decided already, on a ward or referred already, or somebody on record may be the same person", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn review(
    State(app): State<Arc<App>>,
    Ids((ward, case)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<CaseReview>,
) -> Result<Json<CaseView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::ReviewCases)
        .await?;
    let said = match request {
        CaseReview::Accept {
            consent,
            confirmed_new,
        } => Said::Accept {
            consent: consent.map(Means::means),
            confirmed_new,
        },
        CaseReview::Decline { reason } => Said::Decline(reason.means()),
        CaseReview::Defer { until, reason } => Said::Defer {
            until,
            reason: without_nul(reason),
        },
    };
    let (case, _) = app.wards.review_case(&permit, CaseId(case), said).await?;
    let today = app.wards.today(permit.ward).await?;
    Ok(Json(referral_view::case(case, today)))
}
