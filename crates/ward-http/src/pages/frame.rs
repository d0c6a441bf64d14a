//! What stands round every page of the staff, and how a page, an error or a way on is answered.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;
use ward_core::permit::{Permit, Verb};
use ward_core::ward::Ward;

use crate::problem::ApiError;

/// What `layout.html` expects of every page, as `chrome`.
pub(crate) struct Chrome {
    /// Who is signed in; nobody on the way in.
    pub(crate) signed_in_as: Option<String>,
    /// For every form of the page, and for its scripts.
    pub(crate) csrf_token: String,
    /// The ward whose page it is.
    pub(crate) ward: Option<WardChrome>,
    /// Which of the ward's pages it is.
    pub(crate) here: Here,
    /// What was just done, said once.
    pub(crate) said: Option<String>,
}

/// The ward in the frame.
pub(crate) struct WardChrome {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) phone: String,
    /// IANA name of its time zone.
    pub(crate) zone: String,
    /// Who is signed in.
    pub(crate) you: Uuid,
    permit: Permit,
}

/// Where in the ward's navigation a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    Elsewhere,
    Board,
    CallList,
    Find,
    Office,
    Handover,
}

/// A link of the navigation.
pub(crate) struct NavLink {
    pub(crate) path: String,
    pub(crate) words: &'static str,
    pub(crate) is_here: bool,
}

impl Chrome {
    /// Round a page that needs nobody signed in.
    pub(crate) const fn outside() -> Self {
        Self {
            signed_in_as: None,
            csrf_token: String::new(),
            ward: None,
            here: Here::Elsewhere,
            said: None,
        }
    }

    /// The ward's pages that this person may open.
    pub(crate) fn navigation(&self) -> Vec<NavLink> {
        let Some(ward) = &self.ward else {
            return Vec::new();
        };
        let link = |here, verb, path: &str, words| {
            ward.permit.allows(verb).is_ok().then(|| NavLink {
                path: format!("/wards/{}{path}", ward.id),
                words,
                is_here: self.here == here,
            })
        };
        [
            link(Here::Board, Verb::SeeBoard, "", "Board"),
            link(
                Here::CallList,
                Verb::WorkCallList,
                "/call-list",
                "Call list",
            ),
            link(Here::Find, Verb::SeePatient, "/find", "Find a patient"),
            link(Here::Office, Verb::SeePatient, "/office", "Ward office"),
            link(Here::Handover, Verb::TakeDuty, "/handover", "Handover"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl WardChrome {
    pub(crate) fn of(ward: &Ward, permit: Permit) -> Self {
        Self {
            id: ward.id.0,
            code: ward.code.to_string(),
            name: ward.name.clone(),
            phone: ward.phone.clone(),
            zone: ward.time_zone.clone(),
            you: permit.clinician.0,
            permit,
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    chrome: Chrome,
    status: u16,
    title: String,
    detail: String,
    back: Option<(String, String)>,
}

/// A drawn page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            ApiError::unavailable().into_response()
        }
    }
}

/// An error as a page; somebody who is not signed in is sent to do so, and comes back to `next`.
pub(crate) struct PageError {
    error: ApiError,
    next: Option<String>,
}

impl PageError {
    /// Who must sign in first comes back to this path.
    pub(crate) const fn coming_back_to(error: ApiError, next: String) -> Self {
        Self {
            error,
            next: Some(next),
        }
    }
}

impl<E: Into<ApiError>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            next: None,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self { error, next } = self;
        if error.is_about_password() {
            return Redirect::to("/password").into_response();
        }
        if error.status() == StatusCode::UNAUTHORIZED {
            let next = next.map(|next| format!("?next={next}")).unwrap_or_default();
            return Redirect::to(&format!("/sign-in{next}")).into_response();
        }
        let template = ErrorPage {
            chrome: Chrome::outside(),
            status: error.status().as_u16(),
            title: error.title().to_owned(),
            detail: error.detail().to_owned(),
            back: Some(("/wards".to_owned(), "Your wards".to_owned())),
        };
        page(error.status(), &template)
    }
}

/// `a colleague has it` becomes `A colleague has it.`
pub(crate) fn sentence(detail: &str) -> String {
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
    use super::sentence;

    #[test]
    fn what_went_wrong_is_said_in_a_sentence() {
        assert_eq!(sentence("nobody has it yet"), "Nobody has it yet.");
        assert_eq!(sentence("Try again."), "Try again.");
    }
}
