//! Who the person is and how they are reached: looked at, and changed.

mod fields;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::permit::Verb;

use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::staff::{Staff, on_to};
use crate::pathway_view;
use crate::problem::ApiError;
use crate::routes::App;
use fields::{KinFields, PersonFields};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/person"), get(person).post(edit))
}

/// Somebody to ring, as a row of the form.
struct KinRow {
    number: usize,
    kin: KinFields,
}

#[derive(Template)]
#[template(path = "patient/person.html")]
struct PersonPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: PersonFields,
    sexes: Vec<Choice>,
    relays: Vec<Choice>,
    heating: Vec<Choice>,
    signal: Vec<Choice>,
    interpreter: Vec<Choice>,
    kin: Vec<KinRow>,
    checked: Option<String>,
    may_edit: bool,
}

async fn person(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "person").await?;
    let form = PersonFields::of(&opened.record.patient);
    Ok(draw(&opened, form, FormErrors::default(), StatusCode::OK))
}

fn draw(opened: &Opened, form: PersonFields, errors: FormErrors, status: StatusCode) -> Response {
    let yes_no = |now: &str| {
        vec![
            Choice::new("", "Not known", now),
            Choice::new("yes", "Yes", now),
            Choice::new("no", "No", now),
        ]
    };
    let checked = opened.record.patient.details.home.checked;
    let drawn = PersonPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        sexes: vec![
            Choice::new("", "Not stated", &form.sex),
            Choice::new("female", "Female", &form.sex),
            Choice::new("male", "Male", &form.sex),
            Choice::new("indeterminate", "Neither of these", &form.sex),
        ],
        relays: vec![
            Choice::new("", "None", &form.relay),
            Choice::new("text_relay", "Text relay: dial 18001 first", &form.relay),
            Choice::new(
                "sign_language",
                "British Sign Language (BSL) video relay",
                &form.relay,
            ),
        ],
        interpreter: vec![
            Choice::new("", "No", &form.interpreter),
            Choice::new("yes", "Yes", &form.interpreter),
        ],
        heating: yes_no(&form.heating_works),
        signal: yes_no(&form.mobile_signal),
        kin: form
            .kin()
            .into_iter()
            .enumerate()
            .map(|(place, kin)| KinRow {
                number: place + 1,
                kin,
            })
            .collect(),
        checked: checked
            .map(|(by, at)| format!("{}, {}", opened.name_of(by), opened.clock.when(at))),
        may_edit: opened.staff.may(Verb::EditPatient),
        top: opened.top(Tab::Person),
        errors,
        form,
    };
    opened.staff.answer(status, &drawn)
}

async fn edit(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<PersonFields>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::EditPatient)?;
    let opened = Opened::of(&app, staff, stay, "person").await?;
    let id = opened.record.patient.id;
    let mut errors = FormErrors::default();
    let told = form.read(&mut errors);
    let Some(told) = told.filter(|_| errors.is_empty()) else {
        return Ok(draw(
            &opened,
            form,
            errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        ));
    };
    let told = match pathway_view::person(told, id.0) {
        Ok(told) => told,
        Err(error) => {
            let errors = FormErrors::one("nhs_number", sentence(error.detail()));
            return Ok(draw(&opened, form, errors, error.status()));
        }
    };
    match app.wards.edit_patient(&permit, id, told).await {
        Ok(_) => {
            let said = "What is known of the person is changed.";
            Ok(on_to(&path(&opened.staff, StayId(stay), "/person"), said))
        }
        Err(error) => {
            let error = ApiError::from(error);
            let field = fields::field_of(error.detail());
            let errors = FormErrors::one(field, sentence(error.detail()));
            Ok(draw(&opened, form, errors, error.status()))
        }
    }
}
