//! Whoever is signed in chooses a password of their own; with a one-time password this comes before everything else.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use ward_service::PasswordError;

use crate::extract::{ClientAddress, OnTheWayIn, SignedIn};
use crate::origin;
use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, Here, PageError, page, sentence};
use crate::problem::ApiError;
use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/password", get(form).post(choose))
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    chrome: Chrome,
    is_one_time: bool,
    errors: FormErrors,
}

fn drawn(signed_in: &SignedIn, errors: FormErrors) -> PasswordPage {
    PasswordPage {
        chrome: Chrome {
            signed_in_as: Some(signed_in.session.name.clone()),
            csrf_token: origin::masked(&signed_in.session.csrf_token),
            ward: None,
            here: Here::Elsewhere,
            said: None,
        },
        is_one_time: signed_in.session.must_choose_password,
        errors,
    }
}

async fn form(signed_in: Result<OnTheWayIn, ApiError>) -> Result<Response, PageError> {
    let OnTheWayIn(signed_in) = signed_in?;
    Ok(page(
        StatusCode::OK,
        &drawn(&signed_in, FormErrors::default()),
    ))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    csrf_token: String,
    present: String,
    wanted: String,
    again: String,
}

async fn choose(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    signed_in: Result<OnTheWayIn, ApiError>,
    form: Result<Form<Wanted>, FormRejection>,
) -> Result<Response, PageError> {
    origin::check(&headers, &app.options)?;
    let OnTheWayIn(signed_in) = signed_in?;
    let Form(form) = form.map_err(|_| ApiError::malformed("Load the page again"))?;
    origin::check_csrf(Some(&form.csrf_token), &signed_in.session.csrf_token)?;
    let again =
        |errors: FormErrors| page(StatusCode::UNPROCESSABLE_ENTITY, &drawn(&signed_in, errors));
    let mut errors = FormErrors::default();
    if form.present.is_empty() {
        errors.add("present", "Enter the password that you signed in with");
    }
    if form.wanted.is_empty() {
        errors.add("wanted", "Enter the password that you want");
    } else if form.wanted != form.again {
        errors.add("again", "Enter the same new password twice");
    }
    if !errors.is_empty() {
        return Ok(again(errors));
    }
    // A session that was left open must not become a way to try passwords.
    let guesser = signed_in.session.clinician.to_string();
    app.limits.try_password(address, &guesser)?;
    let chosen = app.wards.choose_password(
        &signed_in.session,
        &signed_in.token,
        &form.present,
        &form.wanted,
    );
    match chosen.await {
        Ok(()) => Ok(Redirect::to("/wards").into_response()),
        Err(PasswordError::Unavailable(error)) => Err(ApiError::from(error).into()),
        Err(error @ PasswordError::NotThePresentOne) => Ok(again(FormErrors::one(
            "present",
            sentence(&error.to_string()),
        ))),
        Err(error @ (PasswordError::TheSame | PasswordError::Refused(_))) => Ok(again(
            FormErrors::one("wanted", sentence(&error.to_string())),
        )),
    }
}
