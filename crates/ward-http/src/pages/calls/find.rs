//! Anybody of the ward by name, phone or NHS number: who rings in, who is asked about.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::permit::Verb;
use ward_core::stay::Phase;
use ward_service::{Found, RegisterError};

use super::words::Times;
use crate::extract::without_nul;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

#[derive(Template)]
#[template(path = "calls/find.html")]
struct FindPage {
    chrome: Chrome,
    ward: Uuid,
    may_ring: bool,
    looked_for: String,
    people: Option<Vec<Person>>,
    errors: FormErrors,
}

/// Somebody who was found.
struct Person {
    name: String,
    birth_date: String,
    nhs_number: String,
    phone: String,
    address: String,
    stays: Vec<StayWords>,
}

/// A stay of theirs.
struct StayWords {
    stay: Uuid,
    /// Its pages are this ward's.
    here: bool,
    ward: String,
    phase: String,
}

#[derive(Deserialize)]
pub(super) struct FindForm {
    #[serde(default, rename = "look-for")]
    look_for: String,
}

pub(super) async fn form(staff: Staff) -> Result<Response, PageError> {
    staff.needs(Verb::SeePatient)?;
    let nothing = FormErrors::default();
    Ok(draw(&staff, StatusCode::OK, String::new(), None, nothing))
}

/// Looks. What was typed is a name or a number of somebody, so it travels in the body and never in the address.
pub(super) async fn look(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<FindForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let text = without_nul(form.look_for);
    match app.wards.look_for(permit, &text).await {
        Ok(found) => {
            let times = Times::new(staff.ward.zone(), app.wards.clock().now());
            let people = found.iter().map(|found| person(found, &staff, &times));
            let people = Some(people.collect());
            Ok(draw(
                &staff,
                StatusCode::OK,
                text,
                people,
                FormErrors::default(),
            ))
        }
        Err(error @ RegisterError::TooLittle) => {
            let errors = FormErrors::one("look-for", sentence(&error.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(draw(&staff, status, text, None, errors))
        }
        Err(error) => Err(ApiError::from(error).into()),
    }
}

fn draw(
    staff: &Staff,
    status: StatusCode,
    looked_for: String,
    people: Option<Vec<Person>>,
    errors: FormErrors,
) -> Response {
    let page = FindPage {
        chrome: staff.chrome(Here::Find),
        ward: staff.ward.id.0,
        may_ring: staff.may(Verb::WorkCallList),
        looked_for,
        people,
        errors,
    };
    staff.answer(status, &page)
}

fn person(found: &Found, staff: &Staff, times: &Times) -> Person {
    let patient = &found.patient;
    let stays = found.stays.iter().map(|stay| StayWords {
        stay: stay.stay.0,
        here: stay.ward == staff.ward.id,
        ward: stay.ward_name.clone(),
        phase: match stay.phase {
            Phase::Active => "At home, looked after".to_owned(),
            Phase::Paused { since, .. } => {
                format!("In hospital or away since {}", times.at(view::time(since)))
            }
            Phase::Ended { at, .. } => format!("Ended {}", times.at(view::time(at))),
        },
    });
    Person {
        name: patient.display_name(),
        birth_date: patient.birth_date.on_screen(),
        nhs_number: patient.nhs_number.to_string(),
        phone: patient.phone.clone(),
        address: patient.address.clone(),
        stays: stays.collect(),
    }
}
