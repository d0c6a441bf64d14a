//! Who of the staff opens a page, on which ward, and how they are answered.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use ward_core::id::WardId;
use ward_core::permit::{Permit, Verb};
use ward_core::ward::Ward;

use crate::extract::{SignedIn, cookie};
use crate::origin;
use crate::pages::frame::{Chrome, Here, PageError, WardChrome, page};
use crate::problem::ApiError;
use crate::routes::App;

/// What was done is said on the next page, once: until then it waits in this cookie.
const SAID: &str = "wardlight-said";

/// Seconds that it waits at most.
const SAID_FOR_SECONDS: u32 = 60;

/// Longest that it may be, so that no cookie grows past what a browser keeps.
const SAID_LIMIT: usize = 1_000;

/// A member of the ward that the path names.
pub(crate) struct Staff {
    pub(crate) signed_in: SignedIn,
    /// The standing on this ward; each page asks it for its verb by [`Staff::needs`].
    pub(crate) permit: Permit,
    pub(crate) ward: Ward,
    said: Option<String>,
}

impl FromRequestParts<Arc<App>> for Staff {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, PageError> {
        let ward = ward_in_path(parts, app).await?;
        let signed_in = SignedIn::from_request_parts(parts, app)
            .await
            .map_err(|error| {
                let back = if parts.method == Method::GET {
                    parts.uri.path().to_owned()
                } else {
                    format!("/wards/{ward}")
                };
                PageError::coming_back_to(error, back)
            })?;
        let permit = signed_in.permit(app, ward, Verb::SeeBoard).await?;
        let ward = app.wards.store().ward(ward).await;
        let ward = ward
            .map_err(ward_service::Unavailable::from)?
            .ok_or_else(ApiError::not_found)?;
        let said = cookie(parts, SAID)
            .and_then(|said| URL_SAFE_NO_PAD.decode(said.reveal()).ok())
            .and_then(|said| String::from_utf8(said).ok())
            .filter(|said| !said.is_empty());
        Ok(Self {
            signed_in,
            permit,
            ward,
            said,
        })
    }
}

async fn ward_in_path(parts: &mut Parts, app: &Arc<App>) -> Result<WardId, ApiError> {
    let params = RawPathParams::from_request_parts(parts, app).await;
    let params = params.map_err(|_| ApiError::not_found())?;
    let named = params.iter().find(|(name, _)| *name == "ward");
    let ward: Option<Uuid> = named.and_then(|(_, value)| value.parse().ok());
    ward.map(WardId).ok_or_else(ApiError::not_found)
}

impl Staff {
    /// The permit, if it reaches as far as `verb`.
    ///
    /// # Errors
    /// A page that says whom to ask.
    pub(crate) fn needs(&self, verb: Verb) -> Result<&Permit, PageError> {
        self.permit
            .allows(verb)
            .map_err(ward_service::Refused::from)?;
        Ok(&self.permit)
    }

    /// Whether to offer something at all.
    pub(crate) const fn may(&self, verb: Verb) -> bool {
        self.permit.allows(verb).is_ok()
    }

    /// A path of this ward: `staff.path("/call-list")`.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/wards/{}{rest}", self.ward.id)
    }

    /// What stands round the page.
    pub(crate) fn chrome(&self, here: Here) -> Chrome {
        Chrome {
            signed_in_as: Some(self.signed_in.session.name.clone()),
            csrf_token: origin::masked(&self.signed_in.session.csrf_token),
            ward: Some(WardChrome::of(&self.ward, self.permit)),
            here,
            said: self.said.clone(),
        }
    }

    /// A drawn page. What was said on it is not said again.
    pub(crate) fn answer(&self, status: StatusCode, template: &impl Template) -> Response {
        let drawn = page(status, template);
        if self.said.is_some() {
            (AppendHeaders([(header::SET_COOKIE, saying("", 0))]), drawn).into_response()
        } else {
            drawn
        }
    }
}

/// On to another page, where `said` is said once.
pub(crate) fn on_to(path: &str, said: &str) -> Response {
    let end = said
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .take_while(|end| *end <= SAID_LIMIT)
        .last()
        .unwrap_or_default();
    let said = URL_SAFE_NO_PAD.encode(said.get(..end).unwrap_or_default());
    let cookie = saying(&said, SAID_FOR_SECONDS);
    (
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Redirect::to(path),
    )
        .into_response()
}

fn saying(said: &str, seconds: u32) -> HeaderValue {
    let text = format!("{SAID}={said}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
