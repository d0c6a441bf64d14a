//! Who is at a page of a person, and what they send from it.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;
use ward_core::id::{BridgeId, StayId};
use ward_core::time::Timestamp;
use ward_service::{AtHome, Entering, Home};
use ward_text::Language;

use super::error::HomeError;
use super::language;
use super::tokens::Tokens;
use crate::extract::ReceivedAt;
use crate::origin;
use crate::pages::form::{form_bytes, read};
use crate::problem::ApiError;
use crate::routes::App;

/// Somebody whose device knows the person that the address names.
pub(crate) struct Person {
    pub(crate) at: AtHome,
    pub(crate) home: Home,
    pub(crate) tokens: Tokens,
    pub(crate) language: Language,
}

impl FromRequestParts<Arc<App>> for Person {
    type Rejection = HomeError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, HomeError> {
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(|_| ApiError::not_found())?;
        let stay = params.iter().find(|(name, _)| *name == "stay");
        let stay = stay.and_then(|(_, value)| Uuid::try_parse(value).ok());
        let stay = StayId(stay.ok_or_else(ApiError::not_found)?);
        let tokens = Tokens::of(&parts.headers, app);
        let token = tokens.for_stay(stay).ok_or(HomeError::SignedOut)?;
        let at = app.wards.at_home(token.reveal()).await?;
        // A token is one person's, whatever stands beside it in the cookie.
        if at.stay != stay {
            return Err(HomeError::SignedOut);
        }
        let home = app.wards.home(&at).await?.ok_or(HomeError::SignedOut)?;
        let language = language::of(&parts.headers, &home.patient.details.language);
        Ok(Self {
            at,
            home,
            tokens,
            language,
        })
    }
}

impl Person {
    pub(crate) fn entering(&self) -> Entering {
        Entering::at_home(&self.at).answered_in(self.language)
    }

    /// The address of one of this person's pages.
    pub(crate) fn path(&self, page: &str) -> String {
        format!("/home/{}{page}", self.at.stay)
    }
}

/// What somebody sends from a person's page: from our own origin, and not faster than a bridge may.
pub(crate) struct Sent<T> {
    pub(crate) person: Person,
    pub(crate) form: T,
    /// It waited on the device for so long before it was sent, by the device's own clock.
    pub(crate) at: Option<Timestamp>,
    by_script: bool,
    _place: OwnedSemaphorePermit,
}

#[derive(serde::Deserialize)]
struct Waited {
    #[serde(default)]
    waited_seconds: Option<u32>,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Sent<T> {
    type Rejection = HomeError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, HomeError> {
        let (mut parts, body) = request.into_parts();
        origin::check(&parts.headers, &app.options)?;
        let person = Person::from_request_parts(&mut parts, app).await?;
        let place = app.limits.batch(BridgeId(person.at.stay.0))?;
        let by_script = wants_json(&parts);
        let received = parts.extensions.get::<ReceivedAt>().copied();
        let bytes = form_bytes(Request::from_parts(parts, body), app).await?;
        let waited: Waited = read(&bytes)?;
        // Only how long it waited is asked of the device: its clock may be wrong by years.
        let at = waited.waited_seconds.zip(received).map(|(seconds, at)| {
            at.0.minus(std::time::Duration::from_secs(u64::from(seconds)))
        });
        Ok(Self {
            form: read(&bytes)?,
            person,
            at,
            by_script,
            _place: place,
        })
    }
}

impl<T> Sent<T> {
    /// The device's own script sent it: what is refused is shown when a person sends it again.
    pub(crate) const fn by_script(&self) -> bool {
        self.by_script
    }

    /// It is stored: where to go now. A script is told; a browser goes.
    pub(crate) fn stored(&self, next: &str) -> Response {
        if self.by_script {
            axum::Json(serde_json::json!({ "next": next })).into_response()
        } else {
            Redirect::to(next).into_response()
        }
    }
}

/// The device's own script sends what has waited; a person is shown pages.
pub(crate) fn wants_json(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"))
}
