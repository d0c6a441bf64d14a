//! The editor of a plan: a plain form, kept as it was typed until it can be worked by.

mod fields;
mod what_if;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::care::CareRefused;
use ward_core::id::StayId;
use ward_core::permit::Verb;
use ward_core::plan::PlanRefused;
use ward_core::plan_change::{ChangeRefused, Wanted};
use ward_core::template;
use ward_service::{PlanError, PlanSet, WhatIfError};

use crate::extract::{Ids, Query, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::plan::outside;
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::rule_fields::field_of;
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api::with_name;
use fields::PlanFields;
use what_if::Answer;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/plan/edit"), get(edit).post(set))
}

#[derive(Template)]
#[template(path = "patient/plan_edit.html")]
struct EditPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: PlanFields,
    scales: Vec<Choice>,
    modes: Vec<Choice>,
    diaries: Vec<Choice>,
    contacts: Vec<Choice>,
    unstaffed: Vec<Choice>,
    templates: Vec<Choice>,
    safe: Vec<String>,
    changes_after: Option<String>,
    what_if: Option<Answer>,
}

#[derive(Debug, Default, Deserialize)]
struct From {
    template: Option<String>,
}

async fn edit(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(from): Query<From>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::SetPlan)?;
    let opened = Opened::of(&app, staff, stay, "plan").await?;
    let current = &opened.plan.version.plan;
    let template = from.template.as_deref().and_then(template::named);
    let mut form = match template {
        Some(template) => PlanFields::of(&template.limits, &template.care),
        None => PlanFields::of(&current.limits, &current.care),
    };
    form.replaces = current.care.version;
    let errors = FormErrors::default();
    draw(&app, &opened, form, errors, None, StatusCode::OK).await
}

async fn draw(
    app: &App,
    opened: &Opened,
    form: PlanFields,
    errors: FormErrors,
    what_if: Option<Answer>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let safe = &opened.plan.ward.safe_range;
    let range = |name: &str, range: ward_core::safe_range::Range| {
        format!("{name} {} to {}", range.from, range.to)
    };
    let mut diaries = vec![Choice::new("", "No diary", &form.diary)];
    for asked in app.wards.questionnaires().await? {
        let value = format!("{}|{}", asked.name, asked.version);
        let words = format!(
            "{} ({}, version {})",
            asked.title, asked.name, asked.version
        );
        diaries.push(Choice::new(value, words, &form.diary));
    }
    let mut templates = vec![Choice::new("", "The plan as it is", "")];
    templates.extend(
        template::all()
            .iter()
            .map(|it| Choice::new(it.name.clone(), it.title.clone(), "")),
    );
    let version = opened.plan.version.plan.care.version;
    let drawn = EditPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        scales: vec![
            Choice::new("1", "Scale 1", &form.scale),
            Choice::new(
                "2",
                "Scale 2: only for a prescribed target, set by a clinician",
                &form.scale,
            ),
        ],
        modes: vec![
            Choice::new("active_calls", "The ward rings", &form.mode),
            Choice::new(
                "technology_enabled",
                "Readings come by themselves; the ward rings when it must",
                &form.mode,
            ),
            Choice::new(
                "self_escalation",
                "The patient rings when something is wrong",
                &form.mode,
            ),
        ],
        contacts: vec![
            Choice::new("daily", "Every day", &form.contact),
            Choice::new("days", "On certain days of the stay", &form.contact),
            Choice::new("every", "Every so many days", &form.contact),
        ],
        unstaffed: vec![
            Choice::new("on_call", "Somebody on call", &form.unstaffed),
            Choice::new(
                "advice_111",
                "Nobody: the patient is told to use 111 and 999",
                &form.unstaffed,
            ),
        ],
        safe: vec![
            range("Scale 1: red", safe.scale_one.red_at_or_below),
            range("Scale 1: amber", safe.scale_one.amber_at_or_below),
            range("Scale 2: red", safe.scale_two.red_at_or_below),
            range("Scale 2: amber", safe.scale_two.amber_at_or_below),
            range("Recheck of a red, seconds:", safe.recheck_red_seconds),
            range("Recheck of an amber, seconds:", safe.recheck_amber_seconds),
        ],
        changes_after: (form.replaces != version)
            .then(|| format!("Version {version} came into force meanwhile.")),
        diaries,
        templates,
        what_if,
        errors,
        form,
        top: opened.top(Tab::Plan),
    };
    Ok(opened.staff.answer(status, &drawn))
}

async fn set(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<PlanFields>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::SetPlan)?;
    let mut errors = FormErrors::default();
    let read = form.read(&mut errors);
    let asks = form.ask == "what_if";
    if !asks && form.reason.trim().is_empty() {
        errors.add("reason", "Write why: who reads it in a week must know");
    }
    let Some((limits, care)) = read.filter(|_| errors.is_empty()) else {
        let opened = Opened::of(&app, staff, stay, "plan").await?;
        return draw(
            &app,
            &opened,
            form,
            errors,
            None,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    if asks {
        let found = app.wards.what_if(&permit, StayId(stay), limits).await;
        let opened = Opened::of(&app, staff, stay, "plan").await?;
        let (errors, answer, status) = match found {
            Ok(found) => (
                FormErrors::default(),
                Some(Answer::of(&found, &opened.clock)),
                StatusCode::OK,
            ),
            Err(why) => {
                let (field, words) = not_answered(&why);
                let error = ApiError::from(why);
                let words = words.unwrap_or_else(|| sentence(error.detail()));
                (FormErrors::one(field, words), None, error.status())
            }
        };
        return draw(&app, &opened, form, errors, answer, status).await;
    }
    let wanted = Wanted {
        replaces: form.replaces,
        limits,
        care,
        reason: without_nul(form.reason.clone()),
    };
    match app.wards.set_plan(&permit, StayId(stay), wanted).await {
        Ok(done) => {
            let said = match done {
                PlanSet::InForce(version) => {
                    format!("Version {} is in force.", version.plan.care.version)
                }
                PlanSet::Waits(proposal) => {
                    let outside: Vec<String> = proposal.outside.iter().map(outside).collect();
                    format!(
                        "Waits for a second clinician. {}. Until then the plan is as it was.",
                        outside.join("; ")
                    )
                }
            };
            Ok(on_to(&path(&staff, StayId(stay), "/plan"), &said))
        }
        Err(error) => {
            let (field, words) = fault(&error);
            let error = with_name(&app, error.into()).await;
            let message = words.unwrap_or_else(|| sentence(error.detail()));
            let opened = Opened::of(&app, staff, stay, "plan").await?;
            draw(
                &app,
                &opened,
                form,
                FormErrors::one(field, message),
                None,
                error.status(),
            )
            .await
        }
    }
}

/// As [`fault`], for a question.
fn not_answered(error: &WhatIfError) -> (&'static str, Option<String>) {
    match error {
        WhatIfError::Limits(refused) => of_limits(refused),
        WhatIfError::NoSuchStay | WhatIfError::Busy | WhatIfError::Unavailable(_) => ("red", None),
    }
}

/// Which field it is about, and words for it where the verb's own name fields of the wire.
fn fault(error: &PlanError) -> (&'static str, Option<String>) {
    let PlanError::Change(refused) = error else {
        return ("reason", None);
    };
    match refused {
        ChangeRefused::Limits(refused) => of_limits(refused),
        ChangeRefused::Care(care) => of_care(care),
        ChangeRefused::ReviewPassed(_) => (
            "review_by",
            Some("Review by: choose today or a later day".to_owned()),
        ),
        ChangeRefused::ChangedSince { .. } => ("reason", None),
        ChangeRefused::TooYoung(_) => ("red", None),
    }
}

fn of_limits(refused: &PlanRefused) -> (&'static str, Option<String>) {
    match refused {
        PlanRefused::LimitsOutOfOrder { .. } => (
            "red",
            Some("Red must be 50 or more and under amber; amber must be under 100".to_owned()),
        ),
        PlanRefused::RecheckOutOfRange => (
            "recheck_red",
            Some("A recheck must be within 10 seconds to 24 hours".to_owned()),
        ),
        PlanRefused::Rules(rules) => (field_of(*rules), Some(rules.to_string())),
    }
}

fn of_care(refused: &CareRefused) -> (&'static str, Option<String>) {
    let own = |words: &str| Some(words.to_owned());
    match refused {
        CareRefused::TimesOutOfOrder("diary") => ("diary_times", None),
        CareRefused::TimesOutOfOrder(_) => ("times", None),
        CareRefused::SlotsOverlap {
            which,
            first,
            second,
        } => (
            if *which == "diary" {
                "diary_times"
            } else {
                "times"
            },
            Some(format!(
                "The times around {} and {} overlap: move them apart, or shorten the minutes before and after",
                first.strftime("%H:%M"),
                second.strftime("%H:%M")
            )),
        ),
        CareRefused::Questionnaire => ("diary", None),
        CareRefused::ContactDays(_) => ("contact_days", None),
        CareRefused::ContactEvery => ("contact_every", None),
        CareRefused::Days => ("days", None),
        CareRefused::Target => ("target_from", None),
        CareRefused::ScaleTwoWithoutTarget => (
            "target_from",
            own("Scale 2 is for a prescribed oxygen target: give the target"),
        ),
        CareRefused::AmberWithinTarget { from, .. } => (
            "amber",
            Some(format!(
                "Amber must lie under the oxygen target, {from}: a value on target is not low"
            )),
        ),
        CareRefused::OnCall => (
            "on_call_name",
            own("Give the name and the phone of whoever is on call"),
        ),
        CareRefused::Reason => ("reason", None),
    }
}
