//! Pages, and the plain forms by which they work without a script.

mod words;

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{Seq, WardId};
use ward_core::permit::Verb;
use ward_service::{SignInError, normalised_username};
use ward_wire::board::WardView;
use ward_wire::session::WardMembership;

use crate::extract::{ClientAddress, Ids, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::{origin, session_api, ward_api};
use words::{PageAlert, PageRow, Words};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    signed_in_as: Option<String>,
    csrf_token: String,
    username: String,
    next: String,
    error: Option<String>,
    username_error: Option<String>,
    password_error: Option<String>,
}

#[derive(Template)]
#[template(path = "wards.html")]
struct WardsPage {
    signed_in_as: Option<String>,
    csrf_token: String,
    wards: Vec<WardMembership>,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    signed_in_as: Option<String>,
    csrf_token: String,
    ward: WardView,
    may_act: bool,
    wall: bool,
    as_of: i64,
    drawn_at: String,
    said: Option<String>,
    rows: Vec<PageRow>,
    technical: Vec<PageAlert>,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    signed_in_as: Option<String>,
    csrf_token: String,
    status: u16,
    title: String,
    detail: String,
    back: Option<(String, String)>,
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            ApiError::unavailable().into_response()
        }
    }
}

/// An error as a page; somebody who is not signed in is sent to do so.
pub(crate) struct PageError(ApiError, Option<String>);

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        Self(error, None)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(error, next) = self;
        if error.status() == StatusCode::UNAUTHORIZED {
            let next = next.map(|next| format!("?next={next}")).unwrap_or_default();
            return Redirect::to(&format!("/sign-in{next}")).into_response();
        }
        let template = ErrorPage {
            signed_in_as: None,
            csrf_token: String::new(),
            status: error.status().as_u16(),
            title: error.title().to_owned(),
            detail: error.detail().to_owned(),
            back: Some(("/wards".to_owned(), "Your wards".to_owned())),
        };
        page(error.status(), &template)
    }
}

pub(crate) async fn home() -> Redirect {
    Redirect::to("/wards")
}

pub(crate) async fn not_found(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        ApiError::not_found().into_response()
    } else {
        PageError::from(ApiError::not_found()).into_response()
    }
}

#[derive(Deserialize)]
pub(crate) struct Next {
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

pub(crate) async fn sign_in_form(Query(Next { next }): Query<Next>) -> Response {
    page(
        StatusCode::OK,
        &SignInPage {
            signed_in_as: None,
            csrf_token: String::new(),
            username: String::new(),
            next,
            error: None,
            username_error: None,
            password_error: None,
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Result<Response, PageError> {
    origin::check(&headers, &app.options)?;
    let Form(form) = form.map_err(|_| ApiError::malformed("Fill in the form and send it again"))?;
    let again = |status: StatusCode, error: Option<String>| {
        let missing = |value: &str, message: &str| value.is_empty().then(|| message.to_owned());
        let template = SignInPage {
            signed_in_as: None,
            csrf_token: String::new(),
            username: form.username.clone(),
            next: form.next.clone(),
            error,
            username_error: missing(&form.username, "Enter your name to sign in with"),
            password_error: missing(&form.password, "Enter your password"),
        };
        page(status, &template)
    };
    if form.username.is_empty() || form.password.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, None));
    }
    let username = normalised_username(&form.username);
    if let Err(error) = app.limits.try_password(address, &username) {
        return Ok(again(error.status(), Some(error.detail().to_owned())));
    }
    match app.wards.sign_in(&username, &form.password).await {
        Ok(signed_in) => Ok((
            AppendHeaders([(header::SET_COOKIE, app.cookie(&signed_in)?)]),
            Redirect::to(safe_next(&form.next)),
        )
            .into_response()),
        Err(error @ SignInError::WrongNameOrPassword) => {
            Ok(again(StatusCode::UNAUTHORIZED, Some(error.to_string())))
        }
        Err(error) => Err(ApiError::from(error).into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct CsrfForm {
    #[serde(default)]
    csrf_token: String,
}

pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    signed_in: Result<SignedIn, ApiError>,
    form: Result<Form<CsrfForm>, FormRejection>,
) -> Result<Response, PageError> {
    origin::check(&headers, &app.options)?;
    let Form(form) = form.map_err(|_| ApiError::malformed("Load the page again, then sign out"))?;
    if let Ok(signed_in) = signed_in {
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

pub(crate) async fn wards(
    State(app): State<Arc<App>>,
    signed_in: Result<SignedIn, ApiError>,
) -> Result<Response, PageError> {
    let signed_in = signed_in?;
    let wards = session_api::memberships(&app, &signed_in.session).await?;
    let template = WardsPage {
        signed_in_as: Some(signed_in.session.name.clone()),
        csrf_token: signed_in.session.csrf_token.clone(),
        wards,
    };
    Ok(page(StatusCode::OK, &template))
}

#[derive(Deserialize)]
pub(crate) struct Wall {
    wall: Option<String>,
}

pub(crate) async fn board(
    State(app): State<Arc<App>>,
    ward: Result<Ids<Uuid>, ApiError>,
    Query(Wall { wall }): Query<Wall>,
    signed_in: Result<SignedIn, ApiError>,
) -> Result<Response, PageError> {
    let Ids(ward) = ward?;
    let signed_in = signed_in.map_err(|error| PageError(error, Some(format!("/wards/{ward}"))))?;
    Ok(page(
        StatusCode::OK,
        &draw(&app, WardId(ward), &signed_in, wall.is_some(), None).await?,
    ))
}

async fn draw(
    app: &App,
    ward: WardId,
    signed_in: &SignedIn,
    wall: bool,
    said: Option<String>,
) -> Result<BoardPage, ApiError> {
    let permit = signed_in.permit(app, ward, Verb::SeeBoard).await?;
    let board = ward_api::load(app, &permit, signed_in).await?;
    let words = Words::of(&board);
    Ok(BoardPage {
        signed_in_as: Some(signed_in.session.name.clone()),
        csrf_token: signed_in.session.csrf_token.clone(),
        may_act: board.you.may_act,
        wall,
        as_of: board.as_of,
        drawn_at: words.time_and_day(board.server_time),
        said,
        rows: board.rows.iter().map(|row| words.row(row)).collect(),
        technical: board
            .technical
            .iter()
            .map(|alert| words.alert(alert))
            .collect(),
        ward: board.ward,
    })
}

#[derive(Deserialize)]
pub(crate) struct AcknowledgeForm {
    #[serde(default)]
    csrf_token: String,
    seen: i64,
}

/// The plain form. What went wrong is said on the board itself, beside what is true now.
pub(crate) async fn acknowledge(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    headers: HeaderMap,
    signed_in: Result<SignedIn, ApiError>,
    form: Result<Form<AcknowledgeForm>, FormRejection>,
) -> Result<Response, PageError> {
    let Ids((ward, number)) = ids?;
    origin::check(&headers, &app.options)?;
    let signed_in = signed_in?;
    let Form(form) =
        form.map_err(|_| ApiError::malformed("Load the board again, then acknowledge"))?;
    origin::check_csrf(Some(&form.csrf_token), &signed_in.session.csrf_token)?;
    let permit = signed_in
        .permit(&app, WardId(ward), Verb::AcknowledgeAlert)
        .await?;
    match app
        .wards
        .acknowledge_alert(&permit, Seq(number), Seq(form.seen))
        .await
    {
        Ok(_) => Ok(Redirect::to(&format!("/wards/{ward}")).into_response()),
        Err(error) => {
            let error = ward_api::with_name(&app, error.into()).await;
            Ok(page(
                error.status(),
                &draw(
                    &app,
                    WardId(ward),
                    &signed_in,
                    false,
                    Some(sentence(error.detail())),
                )
                .await?,
            ))
        }
    }
}

/// `a colleague has it` becomes `A colleague has it.`
fn sentence(detail: &str) -> String {
    let mut letters = detail.chars();
    let first = letters.next().map(char::to_uppercase);
    let end = if detail.ends_with('.') { "" } else { "." };
    format!(
        "{}{}{end}",
        first.into_iter().flatten().collect::<String>(),
        letters.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::{safe_next, sentence};

    #[test]
    fn what_went_wrong_is_said_in_a_sentence() {
        assert_eq!(sentence("nobody has it yet"), "Nobody has it yet.");
        assert_eq!(sentence("Try again."), "Try again.");
    }

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
