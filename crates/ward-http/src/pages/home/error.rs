//! What does not work, as somebody at home is told it.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ward_service::{AccessError, EntryError, Unavailable};

use super::frame::Frame;
use super::language;
use super::person::wants_json;
use crate::pages::frame::page;
use crate::problem::ApiError;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum HomeError {
    /// The device does not know this person, or no more.
    SignedOut,
    /// The stay is over for so long that nothing is taken any more: what to do instead.
    Over(String),
    /// Anything else.
    Other(ApiError),
}

impl From<ApiError> for HomeError {
    fn from(error: ApiError) -> Self {
        Self::Other(error)
    }
}

impl From<AccessError> for HomeError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotKnown => Self::SignedOut,
            AccessError::Over(_) => Self::Over(error.to_string()),
            AccessError::NotThisCode | AccessError::Entry(_) | AccessError::Unavailable(_) => {
                Self::Other(error.into())
            }
        }
    }
}

impl From<EntryError> for HomeError {
    fn from(error: EntryError) -> Self {
        Self::Other(error.into())
    }
}

impl From<Unavailable> for HomeError {
    fn from(error: Unavailable) -> Self {
        Self::Other(error.into())
    }
}

impl HomeError {
    fn problem(&self) -> ApiError {
        match self {
            Self::SignedOut => AccessError::NotKnown.into(),
            Self::Over(_) => AccessError::Over(Vec::new()).into(),
            Self::Other(error) => error.clone(),
        }
    }
}

impl IntoResponse for HomeError {
    /// It is drawn by [`draw`], which knows in which language.
    fn into_response(self) -> Response {
        let mut response = self.problem().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "home/error.html")]
struct ErrorPage {
    frame: Frame,
    title: String,
    texts: Vec<String>,
    to_code: bool,
}

/// Draws what went wrong as a page, in the device's language; a script is answered as any other.
pub(crate) async fn draw(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (by_script, language) = (wants_json(&parts), language::of(&parts.headers, ""));
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = response.extensions().get::<HomeError>().cloned() else {
        return response;
    };
    if by_script {
        return response;
    }
    let frame = Frame::of_nobody(language, "/home".to_owned());
    let status = response.status();
    let said = |id: &str| vec![frame.t(id)];
    let (title, texts, to_code) = match error {
        HomeError::SignedOut => (
            "home-error-signed-out-title",
            said("home-error-signed-out-text"),
            true,
        ),
        HomeError::Over(advice) => ("home-error-over-title", vec![advice], false),
        HomeError::Other(_) if status == StatusCode::NOT_FOUND => (
            "home-error-not-found-title",
            said("home-error-not-found-text"),
            false,
        ),
        HomeError::Other(_) => (
            "home-error-again-title",
            said("home-error-again-text"),
            false,
        ),
    };
    let title = frame.t(title);
    let template = ErrorPage {
        frame,
        title,
        texts,
        to_code,
    };
    page(status, &template)
}
