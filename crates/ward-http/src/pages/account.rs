//! Signing in and out, and the wards of whoever has.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use ward_service::{SignInError, normalised_username};
use ward_wire::session::WardMembership;

use crate::extract::{ClientAddress, OnTheWayIn, SignedIn};
use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, Here, PageError, page};
use crate::problem::ApiError;
use crate::routes::App;
use crate::{origin, session_api};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in_form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/wards", get(wards))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    username: String,
    next: String,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "wards.html")]
struct WardsPage {
    chrome: Chrome,
    wards: Vec<WardMembership>,
}

async fn home() -> Redirect {
    Redirect::to("/wards")
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// Only a path of this site is gone to after signing in.
fn safe_next(next: &str) -> &str {
    if next.starts_with("/wards")
        && !next.contains(|letter: char| letter == '\\' || letter.is_control())
    {
        next
    } else {
        "/wards"
    }
}

async fn sign_in_form(Query(Next { next }): Query<Next>) -> Response {
    page(
        StatusCode::OK,
        &SignInPage {
            chrome: Chrome::outside(),
            username: String::new(),
            next,
            errors: FormErrors::default(),
        },
    )
}

#[derive(Deserialize)]
struct SignInForm {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Result<Response, PageError> {
    origin::check(&headers, &app.options)?;
    let Form(form) = form.map_err(|_| ApiError::malformed("Fill in the form and send it again"))?;
    let again = |status: StatusCode, errors: FormErrors| {
        let template = SignInPage {
            chrome: Chrome::outside(),
            username: form.username.clone(),
            next: form.next.clone(),
            errors,
        };
        page(status, &template)
    };
    let mut missing = FormErrors::default();
    if form.username.is_empty() {
        missing.add("username", "Enter your name to sign in with");
    }
    if form.password.is_empty() {
        missing.add("password", "Enter your password");
    }
    if !missing.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, missing));
    }
    let username = normalised_username(&form.username);
    if let Err(error) = app.limits.try_password(address, &username) {
        return Ok(again(
            error.status(),
            FormErrors::one("username", error.detail()),
        ));
    }
    match app.wards.sign_in(&username, &form.password).await {
        Ok(signed_in) => Ok((
            AppendHeaders([(header::SET_COOKIE, app.cookie(&signed_in)?)]),
            Redirect::to(safe_next(&form.next)),
        )
            .into_response()),
        Err(error @ (SignInError::WrongNameOrPassword | SignInError::PasswordTooOld)) => Ok(again(
            StatusCode::UNAUTHORIZED,
            FormErrors::one("username", error.to_string()),
        )),
        Err(error) => Err(ApiError::from(error).into()),
    }
}

#[derive(Deserialize)]
struct CsrfForm {
    #[serde(default)]
    csrf_token: String,
}

async fn sign_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    signed_in: Result<OnTheWayIn, ApiError>,
    form: Result<Form<CsrfForm>, FormRejection>,
) -> Result<Response, PageError> {
    origin::check(&headers, &app.options)?;
    let Form(form) = form.map_err(|_| ApiError::malformed("Load the page again, then sign out"))?;
    if let Ok(OnTheWayIn(signed_in)) = signed_in {
        origin::check_csrf(Some(&form.csrf_token), &signed_in.session.csrf_token)?;
        app.wards
            .sign_out(&signed_in.token)
            .await
            .map_err(ApiError::from)?;
    }
    Ok((
        AppendHeaders([(header::SET_COOKIE, app.no_cookie())]),
        Redirect::to("/sign-in"),
    )
        .into_response())
}

async fn wards(
    State(app): State<Arc<App>>,
    signed_in: Result<SignedIn, ApiError>,
) -> Result<Response, PageError> {
    let signed_in = signed_in?;
    let wards = session_api::memberships(&app, &signed_in.session).await?;
    let chrome = Chrome {
        signed_in_as: Some(signed_in.session.name.clone()),
        csrf_token: origin::masked(&signed_in.session.csrf_token),
        ward: None,
        here: Here::Elsewhere,
        said: None,
    };
    Ok(page(StatusCode::OK, &WardsPage { chrome, wards }))
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        assert_eq!(safe_next("/wards/7"), "/wards/7");
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/wards\r\nSet-Cookie: x",
            "/wards\0",
            "/wards/\u{1b}7",
            "/wards\t",
            "/wards\u{7f}",
            "/sign-out",
        ] {
            assert_eq!(safe_next(elsewhere), "/wards");
        }
    }
}
