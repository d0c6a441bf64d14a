//! Referrals: made, stepped through, ended in a stay.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{PatientId, ReferralId, WardId};
use ward_core::permit::Verb;
use ward_service::{NewReferral, Return};
use ward_wire::pathway::StayView;
use ward_wire::problem::Problem;
use ward_wire::referral::{
    AdmitRequest, ReadmitRequest, ReferRequest, ReferralList, ReferralStep, ReferralView,
};

use crate::extract::{Acting, Ids, JsonBody, Query, SignedIn, without_nul};
use crate::pathway_view::{self, Means};
use crate::problem::ApiError;
use crate::referral_view;
use crate::routes::App;

/// What a page of referrals is asked for by.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Page {
    all: bool,
    before: Option<jiff::Timestamp>,
}

/// Refers somebody to the ward. Who is on record already, on whichever ward, is recognised by NHS number, day of birth and
/// family name; from then on this ward reaches them.
#[utoipa::path(post, path = "/api/wards/{ward}/referrals", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path)), request_body = ReferRequest, responses(
    (status = 200, description = "The referral", body = ReferralView),
    (status = 409, description = "They are on a ward or referred already, or somebody on record may be the same person", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn refer(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ReferRequest>,
) -> Result<Json<ReferralView>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::Refer).await?;
    let new = NewReferral {
        person: pathway_view::person(request.person, app.wards.clock().new_id())?,
        source: request.source.means(),
        referred_by: without_nul(request.referred_by),
        reason: without_nul(request.reason),
        consent: request.consent.map(Means::means),
        inpatient_spell_ended_at: request.inpatient_spell_ended_at.map(Into::into),
        confirmed_new: request.confirmed_new,
    };
    let referral = app.wards.refer(&permit, new).await?;
    Ok(Json(referral_view::referral(&referral, None)))
}

/// Referrals that are still to be answered; with `all`, every one that was made before `before`.
#[utoipa::path(get, path = "/api/wards/{ward}/referrals", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("all" = Option<bool>, Query), ("before" = Option<String>, Query)), responses(
    (status = 200, description = "The newest first, up to 200", body = ReferralList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn referrals(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    Query(page): Query<Page>,
    signed_in: SignedIn,
) -> Result<Json<ReferralList>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let before = page.before.map(Into::into);
    let found = app.wards.referrals(&permit, !page.all, before).await?;
    let referrals = found
        .iter()
        .map(|(referral, patient)| referral_view::referral(referral, Some(patient)));
    Ok(Json(ReferralList {
        referrals: referrals.collect(),
    }))
}

/// Triage, consent, acceptance, refusal, withdrawal. What is not possible is refused with what is.
#[utoipa::path(post, path = "/api/wards/{ward}/referrals/{referral}/step", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("referral" = Uuid, Path)), request_body = ReferralStep, responses(
    (status = 200, description = "The referral", body = ReferralView),
    (status = 409, description = "Not possible as it stands: the answer says what is", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn step(
    State(app): State<Arc<App>>,
    Ids((ward, referral)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ReferralStep>,
) -> Result<Json<ReferralView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let step = referral_view::step(&request);
    let after = app
        .wards
        .step_referral(&permit, ReferralId(referral), step)
        .await?;
    Ok(Json(referral_view::referral(&after, None)))
}

/// The stay of an accepted referral begins.
#[utoipa::path(post, path = "/api/wards/{ward}/referrals/{referral}/admit", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("referral" = Uuid, Path)), request_body = AdmitRequest, responses(
    (status = 200, description = "The stay", body = StayView),
    (status = 409, description = "Not accepted, or on a ward already: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    Ids((ward, referral)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AdmitRequest>,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let terms = referral_view::terms(request.terms)?;
    let stay = app
        .wards
        .admit_referred(&permit, ReferralId(referral), terms)
        .await?;
    Ok(Json(pathway_view::stay(&stay)))
}

/// Somebody of the ward whose stay is over comes back; from another ward they are referred first. An oximeter that they still have of this ward's is the new stay's from now on.
#[utoipa::path(post, path = "/api/wards/{ward}/patients/{patient}/readmit", tag = "stays", security(("session" = [])),
    params(("ward" = Uuid, Path), ("patient" = Uuid, Path)), request_body = ReadmitRequest, responses(
    (status = 200, description = "The new stay", body = StayView),
    (status = 404, description = "The ward reaches nobody of this id", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "On a ward already, or recorded as having died: the answer says what is possible", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn readmit(
    State(app): State<Arc<App>>,
    Ids((ward, patient)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<ReadmitRequest>,
) -> Result<Json<StayView>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::MovePatient)
        .await?;
    let terms = referral_view::terms(request.terms)?;
    let back = Return {
        reason: without_nul(request.reason),
        death_was_wrong: request.death_was_wrong,
        inpatient_spell_ended_at: request.inpatient_spell_ended_at.map(Into::into),
    };
    let stay = app
        .wards
        .readmit(&permit, PatientId(patient), terms, back)
        .await?;
    Ok(Json(pathway_view::stay(&stay)))
}
