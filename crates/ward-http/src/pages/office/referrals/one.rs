//! One referral: looked at, and answered.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::ReferralId;
use ward_core::pathway::referral::Step;
use ward_core::permit::Verb;

use super::{Row, known, row};
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::office::choices::{ANSWERS, DECLINES, URGENCIES, choices, meant};
use crate::pages::office::rooms::{Office, Room, round};
use crate::pages::office::when::{When, day};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/referrals/{referral}", get(one))
        .route("/wards/{ward}/office/referrals/{referral}/step", post(step))
}

#[derive(Template)]
#[template(path = "office/referral.html")]
struct ReferralPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    referral: Row,
    phone: String,
    left_hospital: Option<String>,
    may_admit: bool,
    may_triage: bool,
    may_ask: bool,
    may_accept: bool,
    may_decline: bool,
    may_withdraw: bool,
    urgencies: Vec<Choice>,
    consents: Vec<Choice>,
    declines: Vec<Choice>,
}

type ReferralIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn one(
    State(app): State<Arc<App>>,
    ids: ReferralIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let nothing = FormErrors::default();
    draw(&app, &staff, ReferralId(id), StatusCode::OK, nothing).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    id: ReferralId,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let (referral, patient) = known(app, permit, id).await?;
    app.wards
        .note_look_at_person(permit, patient.id, "referral")
        .await;
    let when = When::of(app, staff);
    let possible = referral.possible();
    let may = |step: &str| staff.may(Verb::MovePatient) && possible.contains(&step);
    let (chrome, office) = round(staff, Room::Referrals);
    let spell = referral.inpatient_spell_ended_at;
    let drawn = ReferralPage {
        chrome,
        office,
        errors,
        phone: patient.phone.clone(),
        left_hospital: spell.map(|at| day(when.zone.day_of(at))),
        may_admit: staff.may(Verb::MovePatient) && referral.state.is_open(),
        may_triage: may("triage"),
        may_ask: may("record consent"),
        may_accept: may("accept"),
        may_decline: may("decline"),
        may_withdraw: may("withdraw"),
        urgencies: choices(URGENCIES, "today"),
        consents: choices(ANSWERS, ""),
        declines: choices(DECLINES, ""),
        referral: row(&referral, &patient, &when),
    };
    Ok(staff.answer(status, &drawn))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct StepForm {
    step: String,
    urgency: String,
    consent: String,
    decline: String,
}

/// The step, and what is said when it is done; or the field that is missing.
fn step_of(form: &StepForm) -> Result<(Step, &'static str), FormErrors> {
    let missing = |field, message: &str| FormErrors::one(field, message);
    match form.step.as_str() {
        "triage" => meant(URGENCIES, &form.urgency)
            .map(|urgency| (Step::Triage(urgency), "The referral is triaged."))
            .ok_or_else(|| missing("urgency", "Choose how soon")),
        "consent" => meant(ANSWERS, &form.consent)
            .map(|answer| (Step::Consent(answer), "What they said is recorded."))
            .ok_or_else(|| missing("consent", "Choose what they said")),
        "decline" => meant(DECLINES, &form.decline)
            .map(|reason| (Step::Decline(reason), "The referral is declined."))
            .ok_or_else(|| missing("decline", "Choose why")),
        "accept" => Ok((Step::Accept, "The referral is accepted.")),
        "withdraw" => Ok((Step::Withdraw, "The referral is withdrawn.")),
        _ => Err(missing("step", "Choose a step")),
    }
}

async fn step(
    State(app): State<Arc<App>>,
    ids: ReferralIds,
    PageForm { staff, form }: PageForm<StepForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let id = ReferralId(id);
    let permit = staff.needs(Verb::MovePatient)?;
    let (step, done) = match step_of(&form) {
        Ok(step) => step,
        Err(errors) => {
            return draw(&app, &staff, id, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
        }
    };
    match app.wards.step_referral(permit, id, step).await {
        Ok(_) => Ok(on_to(&staff.path(&format!("/office/referrals/{id}")), done)),
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() || error.status() == StatusCode::NOT_FOUND {
                return Err(error.into());
            }
            let errors = FormErrors::one("step", sentence(error.detail()));
            draw(&app, &staff, id, error.status(), errors).await
        }
    }
}
