//! Referrals: made, looked at, answered.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::ReferralId;
use ward_core::pathway::referral::{self, Consent, Referral, Step};
use ward_core::patient::Patient;
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_service::{NewReferral, ReferError};

use super::alike::{AlikeRow, alike_rows};
use super::choices::{ANSWERS, DECLINES, SOURCES, URGENCIES, choices, meant, words_for};
use super::person_form::{PersonForm, field_of};
use super::rooms::{Office, Room, round};
use super::when::{When, day, typed_day};
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/referrals", get(list))
        .route(
            "/wards/{ward}/office/referrals/new",
            get(new_form).post(refer),
        )
        .route("/wards/{ward}/office/referrals/{referral}", get(one))
        .route("/wards/{ward}/office/referrals/{referral}/step", post(step))
}

/// A referral as the list shows it.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) nhs_number: String,
    pub(super) made_at: String,
    pub(super) source: &'static str,
    pub(super) referred_by: String,
    pub(super) reason: String,
    pub(super) consent: String,
    pub(super) state: String,
    pub(super) is_open: bool,
    pub(super) stay: Option<Uuid>,
}

pub(super) fn row(referral: &Referral, patient: &Patient, when: &When) -> Row {
    let (state, stay) = match referral.state {
        referral::State::Referred => ("Not looked at yet".to_owned(), None),
        referral::State::Triaged { urgency, .. } => {
            let how_soon = words_for(URGENCIES, &urgency).to_lowercase();
            (format!("Triaged: {how_soon}"), None)
        }
        referral::State::Accepted { .. } => ("Accepted, not admitted yet".to_owned(), None),
        referral::State::Admitted { at, stay, .. } => {
            (format!("Admitted {}", when.at(at)), Some(stay.0))
        }
        referral::State::Declined { reason, .. } => {
            (format!("Declined: {}", words_for(DECLINES, &reason)), None)
        }
        referral::State::Withdrawn { .. } => ("Withdrawn".to_owned(), None),
    };
    let consent = match referral.consent {
        Consent::NotAsked => "Not asked yet".to_owned(),
        Consent::Given { at, .. } => format!("Agreed, {}", when.at(at)),
        Consent::BestInterests { at, .. } => format!("Best interests, {}", when.at(at)),
        Consent::Refused { at, .. } => format!("Refused, {}", when.at(at)),
    };
    Row {
        id: referral.id.0,
        name: patient.display_name(),
        born: patient.birth_date.on_screen(),
        nhs_number: patient.nhs_number.to_string(),
        made_at: when.at(referral.made_at),
        source: words_for(SOURCES, &referral.source),
        referred_by: referral.referred_by.clone(),
        reason: referral.reason.clone(),
        consent,
        is_open: referral.state.is_open(),
        state,
        stay,
    }
}

#[derive(Template)]
#[template(path = "office/referrals.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    rows: Vec<Row>,
    all: bool,
    older: Option<String>,
    may_refer: bool,
    may_admit: bool,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    all: String,
    before: Option<i64>,
}

async fn list(
    State(app): State<Arc<App>>,
    Query(Listed { all, before }): Query<Listed>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let all = !all.is_empty();
    let before = before.map(Timestamp::from_millis);
    let found = app.wards.referrals(permit, !all, before).await?;
    let when = When::of(&app, &staff);
    let is_full = i64::try_from(found.len()) == Ok(REFERRALS_ON_A_PAGE);
    let last = found.last().filter(|_| all && is_full);
    let older = last.map(|(referral, _)| {
        let before = referral.made_at.as_millis();
        staff.path(&format!("/office/referrals?all=1&before={before}"))
    });
    let (chrome, office) = round(&staff, Room::Referrals);
    let rows = found
        .iter()
        .map(|(referral, patient)| row(referral, patient, &when));
    let drawn = ListPage {
        chrome,
        office,
        rows: rows.collect(),
        all,
        older,
        may_refer: staff.may(Verb::Refer),
        may_admit: staff.may(Verb::MovePatient),
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

const REFERRALS_ON_A_PAGE: i64 = 200;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ReferForm {
    nhs_number: String,
    family_name: String,
    given_name: String,
    birth_date: String,
    phone: String,
    address: String,
    source: String,
    referred_by: String,
    reason: String,
    consent: String,
    left_hospital: String,
    confirmed_new: String,
    then: String,
}

#[derive(Template)]
#[template(path = "office/refer.html")]
struct ReferPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    alike: Vec<AlikeRow>,
    form: ReferForm,
    sources: Vec<Choice>,
    consents: Vec<Choice>,
    may_admit: bool,
}

fn refer_page(
    staff: &Staff,
    form: ReferForm,
    errors: FormErrors,
    alike: Vec<AlikeRow>,
) -> ReferPage {
    let (chrome, office) = round(staff, Room::Referrals);
    let none = Choice::new("", "Choose where it comes from", &form.source);
    let not_asked = Choice::new("", "Not asked yet", &form.consent);
    ReferPage {
        chrome,
        office,
        errors,
        alike,
        sources: std::iter::once(none)
            .chain(choices(SOURCES, &form.source))
            .collect(),
        consents: std::iter::once(not_asked)
            .chain(choices(ANSWERS, &form.consent))
            .collect(),
        may_admit: staff.may(Verb::MovePatient),
        form,
    }
}

async fn new_form(staff: Staff) -> Result<Response, PageError> {
    staff.needs(Verb::Refer)?;
    let nothing = FormErrors::default();
    let drawn = refer_page(&staff, ReferForm::default(), nothing, Vec::new());
    Ok(staff.answer(StatusCode::OK, &drawn))
}

/// The referral that a form asks for, if it is complete.
fn wanted(form: &ReferForm, app: &App, when: &When) -> Result<NewReferral, FormErrors> {
    let person = PersonForm {
        nhs_number: form.nhs_number.clone(),
        family_name: form.family_name.clone(),
        given_name: form.given_name.clone(),
        birth_date: form.birth_date.clone(),
        phone: form.phone.clone(),
        address: form.address.clone(),
        ..PersonForm::default()
    };
    let mut errors = FormErrors::default();
    person.missing(&mut errors);
    let source = meant(SOURCES, &form.source);
    if source.is_none() {
        errors.add("source", "Choose where the referral comes from");
    }
    if form.referred_by.trim().is_empty() {
        errors.add("referred_by", "Enter who refers");
    }
    if form.reason.trim().is_empty() {
        errors.add("reason", "Enter why they are referred");
    }
    let left_hospital = typed_day(&form.left_hospital);
    if left_hospital.is_none() && !form.left_hospital.trim().is_empty() {
        errors.add("left_hospital", "Enter a day, for example 20-Nov-2026");
    }
    let (Some(source), true) = (source, errors.is_empty()) else {
        return Err(errors);
    };
    let person = person.person(None, app.wards.clock().new_id());
    let person = person.map_err(|error| {
        let field = field_of(error.detail(), "nhs_number");
        FormErrors::one(field, sentence(error.detail()))
    })?;
    Ok(NewReferral {
        person,
        source,
        referred_by: without_nul(form.referred_by.clone()),
        reason: without_nul(form.reason.clone()),
        consent: meant(ANSWERS, &form.consent),
        inpatient_spell_ended_at: left_hospital.map(|day| when.zone.start_of(day).min(when.now)),
        confirmed_new: !form.confirmed_new.is_empty(),
    })
}

async fn refer(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<ReferForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::Refer)?;
    let again = |status, errors, alike| {
        let drawn = refer_page(&staff, form.clone(), errors, alike);
        Ok(staff.answer(status, &drawn))
    };
    let new = match wanted(&form, &app, &When::of(&app, &staff)) {
        Ok(new) => new,
        Err(errors) => return again(StatusCode::UNPROCESSABLE_ENTITY, errors, Vec::new()),
    };
    let person = new.person.clone();
    match app.wards.refer(permit, new).await {
        Ok(referral) => {
            let said = format!("{} is referred.", person.display_name());
            let path = if form.then == "admit" && staff.may(Verb::MovePatient) {
                format!("/office/admit/{}", referral.id)
            } else {
                format!("/office/referrals/{}", referral.id)
            };
            Ok(on_to(&staff.path(&path), &said))
        }
        Err(error) => {
            let is_alike = matches!(&error, ReferError::Register(_));
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let alike = if is_alike {
                let alike = app.wards.possible_duplicates(permit, &person).await?;
                alike_rows(alike)
            } else {
                Vec::new()
            };
            let field = field_of(error.detail(), "nhs_number");
            let errors = FormErrors::one(field, sentence(error.detail()));
            again(error.status(), errors, alike)
        }
    }
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

/// A referral to this ward, and whose it is.
pub(super) async fn known(
    app: &App,
    permit: &Permit,
    id: ReferralId,
) -> Result<(Referral, Patient), PageError> {
    let unavailable = ward_service::Unavailable::from;
    let store = app.wards.store();
    let referral = store.referral(permit.ward, id).await.map_err(unavailable)?;
    let referral = referral.ok_or_else(ApiError::not_found)?;
    let patient = store.patient(referral.patient).await.map_err(unavailable)?;
    let patient = patient.ok_or_else(ApiError::not_found)?;
    Ok((referral, patient))
}

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
