//! From the code on a sheet to its first day.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use ward_core::permit::Verb;
use ward_service::SheetError;

use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

/// A code is short. What is longer is not sent back.
const LONGEST: usize = 40;

#[derive(Deserialize)]
pub(super) struct Typed {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "paper/find.html")]
struct FindPage {
    chrome: Chrome,
    find_path: String,
    may_find: bool,
    code: String,
    errors: FormErrors,
}

pub(super) async fn find(
    State(app): State<Arc<App>>,
    typed: Result<Query<Typed>, axum::extract::rejection::QueryRejection>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Query(Typed { code }) =
        typed.map_err(|_| ApiError::malformed("Type the code from the sheet"))?;
    let permit = staff.needs(Verb::EnterForPatient)?;
    let draw = |code: &str, errors: FormErrors, status: StatusCode| {
        let page = FindPage {
            chrome: staff.chrome(Here::Elsewhere),
            find_path: staff.path("/find"),
            may_find: staff.may(Verb::SeePatient),
            code: code.chars().take(LONGEST).collect(),
            errors,
        };
        staff.answer(status, &page)
    };
    let Some(code) = code else {
        return Ok(draw("", FormErrors::default(), StatusCode::OK));
    };
    match app.wards.find_sheet(permit, &code).await {
        Ok(sheet) => {
            let path = staff.path(&format!("/transcribe/{}/{}", sheet.stay, sheet.day));
            Ok(Redirect::to(&path).into_response())
        }
        Err(SheetError::NotACode(_)) if code.trim().is_empty() => {
            let errors = FormErrors::one("code", "Enter the code from the sheet");
            Ok(draw("", errors, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error @ (SheetError::NotACode(_) | SheetError::Unknown)) => {
            let errors = FormErrors::one("code", sentence(&error.to_string()));
            Ok(draw(&code, errors, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(SheetError::Forbidden(why)) => Err(ward_service::Refused::from(why).into()),
        Err(SheetError::Unavailable(why)) => Err(why.into()),
    }
}
