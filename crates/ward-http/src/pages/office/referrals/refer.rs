//! Somebody is referred by hand.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use ward_core::permit::Verb;
use ward_service::{NewReferral, ReferError};

use crate::extract::without_nul;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::office::alike::{AlikeRow, alike_rows};
use crate::pages::office::choices::{ANSWERS, SOURCES, choices, meant};
use crate::pages::office::person_form::{PersonForm, field_of};
use crate::pages::office::rooms::{Office, Room, round};
use crate::pages::office::when::{When, typed_day};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(
        "/wards/{ward}/office/referrals/new",
        get(new_form).post(refer),
    )
}

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
