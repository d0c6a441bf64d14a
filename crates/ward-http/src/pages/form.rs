//! How a form comes in, and how it goes back to whoever filled it in when something is wrong with it.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::origin;
use crate::pages::frame::PageError;
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

/// A form of the staff: from our own page, with the session's token.
pub(crate) struct PageForm<T> {
    pub(crate) staff: Staff,
    pub(crate) form: T,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf_token: String,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for PageForm<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        origin::check(&parts.headers, &app.options)?;
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        let bytes = form_bytes(Request::from_parts(parts, body), app).await?;
        let Token { csrf_token } = read(&bytes)?;
        origin::check_csrf(Some(&csrf_token), &staff.signed_in.session.csrf_token)?;
        let form = read(&bytes)?;
        Ok(Self { staff, form })
    }
}

/// The bytes of a form that was sent as browsers send it.
pub(crate) async fn form_bytes(request: Request, app: &Arc<App>) -> Result<Bytes, ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_form = kind
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(ApiError::malformed(
            "Load the page again, and send its form",
        ));
    }
    Bytes::from_request(request, app)
        .await
        .map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::too_large(crate::routes::BODY_LIMIT)
            } else {
                ApiError::malformed("The form broke off: send it again")
            }
        })
}

/// The fields of a form. A field that comes several times is a list.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_html_form::from_bytes(bytes).map_err(|error| {
        ApiError::malformed(format!("The form is not what is expected here: {error}"))
    })
}

/// What is wrong with a form, field by field, in the order of the page.
#[derive(Debug, Default)]
pub(crate) struct FormErrors(Vec<FormError>);

/// One thing that is wrong.
#[derive(Debug)]
pub(crate) struct FormError {
    /// The id of the field that the summary leads to.
    pub(crate) field: Cow<'static, str>,
    /// What to do about it.
    pub(crate) message: String,
}

impl FormErrors {
    /// One that leads to `field`.
    pub(crate) fn one(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    pub(crate) fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        let (field, message) = (field.into(), message.into());
        self.0.push(FormError { field, message });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, FormError> {
        self.0.iter()
    }

    /// Whether anything is wrong with any of these fields.
    pub(crate) fn any_of(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.of(field).is_some())
    }

    /// What is wrong with this field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        let wrong = self.0.iter().find(|error| error.field == field);
        wrong.map(|error| error.message.as_str())
    }
}

/// A choice of a list, a row of buttons or boxes.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) words: String,
    pub(crate) chosen: bool,
}

impl Choice {
    /// One of those, chosen when it is `now`.
    pub(crate) fn new(value: impl Into<String>, words: impl Into<String>, now: &str) -> Self {
        let value = value.into();
        Self {
            chosen: value == now,
            words: words.into(),
            value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Shift {
        who: String,
        #[serde(default)]
        days: Vec<String>,
    }

    #[test]
    fn a_field_that_comes_several_times_is_a_list() {
        let shift: Shift = read(b"who=Asha+Rahman&days=mon&days=tue&csrf_token=x").unwrap();
        assert_eq!((shift.who.as_str(), shift.days.len()), ("Asha Rahman", 2));
        let shift: Shift = read(b"who=").unwrap();
        assert!(shift.who.is_empty() && shift.days.is_empty());
    }

    #[test]
    fn what_is_wrong_with_a_field_is_found_by_its_name() {
        let mut errors = FormErrors::default();
        assert!(errors.is_empty());
        errors.add("phone", "Enter a phone number");
        assert_eq!(errors.of("phone"), Some("Enter a phone number"));
        assert_eq!((errors.of("name"), errors.iter().count()), (None, 1));
    }
}
