//! What staff enter for a patient, and what a stay's diary and chart say.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::hand::Typed;
use ward_core::id::{ClinicianId, EntryId, ReadingId, StayId, WardId};
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_service::{
    AdviceLine, DiarySubmitted, Entering, EntryError, NewEntry, NewReading, PAGE_LIMIT,
    ReadingEntered,
};
use ward_wire::diary::{
    AnswerRequest, ChartView, DiaryRequest, DiaryView, EnteredReply, From, HelpRequest,
    Questionnaire, QuestionnaireList, QuestionnaireName, ReadingRequest,
};
use ward_wire::problem::Problem;

use crate::extract::{Acting, Ids, JsonBody, SignedIn, without_nul};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::diary as view;
use crate::view::observations::observations;

/// Every version of every questionnaire that may be asked.
#[utoipa::path(get, path = "/api/wards/{ward}/questionnaires", tag = "diary", security(("session" = [])), params(("ward" = Uuid, Path)), responses(
    (status = 200, description = "By name and version", body = QuestionnaireList),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn questionnaires(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
) -> Result<Json<QuestionnaireList>, ApiError> {
    signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let all = app.wards.questionnaires().await?;
    let questionnaires = all.into_iter().map(|it| QuestionnaireName {
        name: it.name,
        version: it.version,
        title: it.title,
    });
    Ok(Json(QuestionnaireList {
        questionnaires: questionnaires.collect(),
    }))
}

/// One version of a questionnaire.
#[utoipa::path(get, path = "/api/wards/{ward}/questionnaires/{name}/{version}", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("name" = String, Path), ("version" = u32, Path)), responses(
    (status = 200, description = "Its questions", body = Questionnaire),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn questionnaire(
    State(app): State<Arc<App>>,
    Ids((ward, name, version)): Ids<(Uuid, String, u32)>,
    signed_in: SignedIn,
) -> Result<Json<Questionnaire>, ApiError> {
    signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let all = app.wards.questionnaires().await?;
    all.iter()
        .find(|it| it.name == name && it.version == version)
        .and_then(view::questionnaire)
        .map(Json)
        .ok_or_else(ApiError::not_found)
}

/// Adds the next version of a questionnaire. A version that there is never changes.
#[utoipa::path(put, path = "/api/wards/{ward}/questionnaires/{name}/{version}", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("name" = String, Path), ("version" = u32, Path)), request_body = Questionnaire, responses(
    (status = 200, description = "As it is kept", body = Questionnaire),
    (status = 409, description = "Not the next version", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "What cannot be asked, and where", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn put_questionnaire(
    State(app): State<Arc<App>>,
    Ids((ward, name, version)): Ids<(Uuid, String, u32)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<Questionnaire>,
) -> Result<Json<Questionnaire>, ApiError> {
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SetWardDefaults)
        .await?;
    if request.name != name || request.version != version {
        return Err(ApiError::another_name());
    }
    let questionnaire = view::questionnaire_from(&request)?;
    app.wards.add_questionnaire(&permit, questionnaire).await?;
    Ok(Json(request))
}

/// A diary entry that staff write down: told on the telephone, at a visit, or transcribed from paper.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/diary", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = DiaryRequest, responses(
    (status = 200, description = "What to tell the patient, the most urgent first", body = EnteredReply),
    (status = 422, description = "Which answer cannot be, and what can", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(mut request): JsonBody<DiaryRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let permit = entering_permit(&app, &signed_in, ward).await?;
    let entering = by_staff(&permit, stay, request.from.take())?;
    let submitted = app.wards.submit_diary(entering, new_entry(request)).await?;
    Ok(Json(diary_reply(&submitted)))
}

/// A reading that staff write down.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/readings", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = ReadingRequest, responses(
    (status = 200, description = "What to tell the patient, the most urgent first", body = EnteredReply),
    (status = 422, description = "What cannot be a reading", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn enter_reading(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(mut request): JsonBody<ReadingRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let permit = entering_permit(&app, &signed_in, ward).await?;
    let entering = by_staff(&permit, stay, request.from.take())?;
    let entered = app
        .wards
        .enter_reading(entering, new_reading(&request)?)
        .await?;
    Ok(Json(reading_reply(&entered)))
}

/// The answer to an odd value: until it comes, the value counts as a doubtful reading of the lowest that it can mean.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/readings/{reading}/answer", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("reading" = Uuid, Path)), request_body = AnswerRequest, responses(
    (status = 200, description = "The reading that counts now", body = EnteredReply),
    (status = 409, description = "Nothing is asked, or it was answered before", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Ids((ward, stay, reading)): Ids<(Uuid, Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let permit = entering_permit(&app, &signed_in, ward).await?;
    let entering = by_staff(&permit, stay, request.from)?;
    let entered = app
        .wards
        .answer_question(
            entering,
            ReadingId(reading),
            view::odd_answer(request.answer),
        )
        .await?;
    Ok(Json(reading_reply(&entered)))
}

/// "Please call me", or "I have called 999", told to staff.
#[utoipa::path(post, path = "/api/wards/{ward}/stays/{stay}/help", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path)), request_body = HelpRequest, responses(
    (status = 200, description = "What to tell the patient, the most urgent first", body = EnteredReply),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn help(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    Acting(signed_in): Acting,
    JsonBody(request): JsonBody<HelpRequest>,
) -> Result<Json<EnteredReply>, ApiError> {
    let permit = entering_permit(&app, &signed_in, ward).await?;
    let entering = by_staff(&permit, stay, request.from)?;
    let advice = app
        .wards
        .ask_for_help(entering, view::help(request.help))
        .await?;
    Ok(Json(advice_reply(&advice)))
}

/// Which page of a list.
#[derive(Deserialize)]
pub(crate) struct Page {
    before: Option<jiff::Timestamp>,
    limit: Option<u32>,
}

type PageQuery = Result<Query<Page>, axum::extract::rejection::QueryRejection>;

fn page(query: PageQuery) -> Result<(Option<Timestamp>, u32), ApiError> {
    let Query(page) = query.map_err(|_| {
        ApiError::malformed(format!(
            "`before` is a time such as 2026-11-21T08:00:00Z, `limit` a number up to {PAGE_LIMIT}"
        ))
    })?;
    let limit = page.limit.unwrap_or(PAGE_LIMIT);
    Ok((page.before.map(Timestamp::from), limit))
}

/// The diary of a stay, the newest first, with who said it and how it came.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/diary", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("before" = Option<String>, Query, description = "Only entries about a time before this one"),
        ("limit" = Option<u32>, Query, description = "200 at most")), responses(
    (status = 200, description = "Struck entries are among them", body = DiaryView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn diary(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    query: PageQuery,
    signed_in: SignedIn,
) -> Result<Json<DiaryView>, ApiError> {
    let (before, limit) = page(query)?;
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let kept = app
        .wards
        .diary(&permit, StayId(stay), before, limit)
        .await?;
    let entries: Vec<_> = kept.iter().map(view::entry).collect();
    let staff = names(&app, view::staff(entries.iter().map(|it| &it.source))).await?;
    Ok(Json(DiaryView { entries, staff }))
}

/// The readings of a stay, the newest first, with who gave them and how they came.
#[utoipa::path(get, path = "/api/wards/{ward}/stays/{stay}/chart", tag = "diary", security(("session" = [])),
    params(("ward" = Uuid, Path), ("stay" = Uuid, Path), ("before" = Option<String>, Query, description = "Only what was measured before this time"),
        ("limit" = Option<u32>, Query, description = "200 at most")), responses(
    (status = 200, description = "Struck readings and copies are among them", body = ChartView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn chart(
    State(app): State<Arc<App>>,
    Ids((ward, stay)): Ids<(Uuid, Uuid)>,
    query: PageQuery,
    signed_in: SignedIn,
) -> Result<Json<ChartView>, ApiError> {
    let (before, limit) = page(query)?;
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::SeePatient)
        .await?;
    let (record, lines) = app
        .wards
        .chart(&permit, StayId(stay), before, limit)
        .await?;
    let readings: Vec<_> = lines
        .iter()
        .map(|line| view::chart_line(line, &record.stay.plan))
        .collect();
    let staff = names(&app, view::staff(readings.iter().map(|it| &it.source))).await?;
    Ok(Json(ChartView { readings, staff }))
}

pub(crate) async fn names(app: &App, staff: Vec<Uuid>) -> Result<BTreeMap<Uuid, String>, ApiError> {
    let mut names = BTreeMap::new();
    for id in staff {
        if let Some(name) = app.wards.clinician_name(ClinicianId(id)).await? {
            names.insert(id, name);
        }
    }
    Ok(names)
}

pub(crate) async fn entering_permit(
    app: &App,
    signed_in: &SignedIn,
    ward: Uuid,
) -> Result<Permit, ApiError> {
    signed_in
        .permit(app, WardId(ward), Verb::EnterForPatient)
        .await
}

pub(crate) fn by_staff(
    permit: &Permit,
    stay: Uuid,
    from: Option<From>,
) -> Result<Entering, ApiError> {
    let from = from.ok_or_else(ApiError::who_is_missing)?;
    let (said_by, means) = view::said_by(from)?;
    Ok(Entering::by_staff(permit, StayId(stay), said_by, means)?)
}

pub(crate) fn new_entry(request: DiaryRequest) -> NewEntry {
    let mut answers = request.answers;
    for answer in answers.values_mut() {
        if let ward_wire::diary::AnswerValue::Text(text) = answer {
            *text = without_nul(std::mem::take(text));
        }
    }
    NewEntry {
        id: EntryId(request.id),
        questionnaire: request.questionnaire.map(|it| (it.name, it.version)),
        at: request.at.map(Timestamp::from),
        answers: view::answers(answers),
    }
}

pub(crate) fn new_reading(request: &ReadingRequest) -> Result<NewReading, EntryError> {
    let observations =
        observations(request.observations).map_err(|why| EntryError::Hand { why, first: None })?;
    Ok(NewReading {
        id: ReadingId(request.id),
        typed: Typed {
            spo2: request.spo2_percent,
            pulse: request.pulse_bpm,
        },
        at: request.at.map(Timestamp::from),
        context: view::context(request.context),
        observations,
    })
}

pub(crate) fn diary_reply(submitted: &DiarySubmitted) -> EnteredReply {
    EnteredReply {
        advice: view::advice(&submitted.advice),
        repeated: submitted.is_repeat,
        readings: submitted.readings.iter().map(view::recorded).collect(),
        unanswered: submitted.unanswered,
    }
}

pub(crate) fn reading_reply(entered: &ReadingEntered) -> EnteredReply {
    EnteredReply {
        advice: view::advice(&entered.advice),
        repeated: entered.recorded.is_repeat,
        readings: vec![view::recorded(&entered.recorded)],
        unanswered: false,
    }
}

pub(crate) fn advice_reply(advice: &[AdviceLine]) -> EnteredReply {
    EnteredReply {
        advice: view::advice(advice),
        repeated: false,
        readings: Vec::new(),
        unanswered: false,
    }
}
