//! Signing in and out, for programs. Browsers use the forms of [`crate::pages`].

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use ward_service::normalised_username;
use ward_wire::problem::Problem;
use ward_wire::session::{SessionView, SignInRequest, WardMembership};

use crate::extract::{Acting, ClientAddress, JsonBody, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;

/// Signs in: the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignInRequest, responses(
    (status = 200, description = "Signed in", body = SessionView),
    (status = 401, description = "The name or the password is not right", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: axum::http::HeaderMap,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<impl IntoResponse, ApiError> {
    crate::origin::check(&headers, &app.options)?;
    let username = normalised_username(&request.username);
    app.limits.try_password(address, &username)?;
    let signed_in = app.wards.sign_in(&username, &request.password).await?;
    let session = app.wards.session(&signed_in.token).await?;
    let view = view(&app, &session).await?;
    Ok((
        AppendHeaders([(header::SET_COOKIE, app.cookie(&signed_in)?)]),
        Json(view),
    ))
}

/// Who is signed in, and where they may look.
#[utoipa::path(get, path = "/api/session", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "The signed-in clinician", body = SessionView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<SessionView>, ApiError> {
    Ok(Json(view(&app, &signed_in.session).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "session", security(("session" = [])), responses(
    (status = 204, description = "Signed out"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
) -> Result<impl IntoResponse, ApiError> {
    app.wards.sign_out(&signed_in.token).await?;
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, app.no_cookie())]),
    ))
}

async fn view(app: &App, session: &ward_service::Session) -> Result<SessionView, ApiError> {
    Ok(SessionView {
        clinician: session.clinician.0,
        name: session.name.clone(),
        csrf_token: crate::origin::masked(&session.csrf_token),
        wards: memberships(app, session).await?,
    })
}

pub(crate) async fn memberships(
    app: &App,
    session: &ward_service::Session,
) -> Result<Vec<WardMembership>, ApiError> {
    let wards = app.wards.wards_of(session.clinician).await?;
    let view = |membership: ward_service::Membership| WardMembership {
        ward: membership.ward.0,
        code: membership.code.to_string(),
        name: membership.name,
        role: membership.role.as_str().to_owned(),
    };
    Ok(wards.into_iter().map(view).collect())
}

impl App {
    pub(crate) const fn cookie_name(&self) -> &'static str {
        self.options.cookie_name()
    }

    pub(crate) fn cookie(
        &self,
        signed_in: &ward_service::SignedIn,
    ) -> Result<HeaderValue, ApiError> {
        self.set_cookie(signed_in.token.reveal(), signed_in.lasts.as_secs())
            .ok_or_else(ApiError::unavailable)
    }

    pub(crate) fn no_cookie(&self) -> HeaderValue {
        self.set_cookie("", 0)
            .unwrap_or(HeaderValue::from_static(""))
    }

    fn set_cookie(&self, value: &str, seconds: u64) -> Option<HeaderValue> {
        let secure = if self.options.secure { "; Secure" } else { "" };
        let text = format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
            self.cookie_name()
        );
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
