//! The ward's own script for its calls: shown to everybody, changed by who sets what the ward works by.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::call_script::{BUILT_IN, Cue};
use ward_core::permit::Verb;

use crate::extract::without_nul;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

#[derive(Template)]
#[template(path = "calls/script.html")]
struct ScriptPage {
    chrome: Chrome,
    ward: Uuid,
    may_write: bool,
    is_built_in: bool,
    conditions: String,
    text: String,
    errors: FormErrors,
}

#[derive(Deserialize)]
pub(super) struct ScriptForm {
    #[serde(default)]
    text: String,
    /// Back to the one that every ward begins with.
    #[serde(default)]
    built_in: String,
}

pub(super) async fn show(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let text = app.wards.call_script(permit).await?;
    Ok(draw(&staff, StatusCode::OK, text, FormErrors::default()))
}

fn draw(staff: &Staff, status: StatusCode, text: String, errors: FormErrors) -> Response {
    let page = ScriptPage {
        chrome: staff.chrome(Here::CallList),
        ward: staff.ward.id.0,
        may_write: staff.may(Verb::SetWardDefaults),
        is_built_in: text == BUILT_IN,
        conditions: Cue::ALL.map(Cue::name).join(", "),
        text,
        errors,
    };
    staff.answer(status, &page)
}

pub(super) async fn set(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<ScriptForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let text = if form.built_in.is_empty() {
        // As browsers send it.
        without_nul(form.text.replace("\r\n", "\n"))
    } else {
        String::new()
    };
    match app.wards.set_call_script(permit, text.clone()).await {
        Ok(()) => Ok(on_to(
            &staff.path("/call-list/script"),
            "The script is saved. Every call shows it from now on.",
        )),
        Err(error) => {
            let error: ApiError = error.into();
            let errors = FormErrors::one("text", sentence(error.detail()));
            Ok(draw(&staff, error.status(), text, errors))
        }
    }
}
