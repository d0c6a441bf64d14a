//! Pages, and the plain forms by which they work without a script.
//!
//! A page is thin: it parses what was sent, calls the verb that the API calls, and draws. [`frame`] is what stands round
//! every page of the staff, [`staff`] says who opens it, [`form`] how a form comes in and goes back.

mod account;
mod alert;
mod board;
mod calls;
mod form;
mod frame;
mod handover;
mod home;
mod observed;
mod office;
mod paper;
mod password;
mod patient;
mod reach;
mod rule_fields;
mod staff;
mod upload;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};

use crate::problem::ApiError;
use crate::routes::App;
use frame::PageError;
pub(crate) use patient::next_steps;
pub(crate) use words::problem_named;

/// Every page.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(account::routes())
        .merge(alert::routes())
        .merge(board::routes())
        .merge(calls::routes())
        .merge(handover::routes())
        .merge(home::routes())
        .merge(office::routes())
        .merge(paper::routes())
        .merge(password::routes())
        .merge(patient::routes())
        .merge(reach::routes())
}

pub(crate) async fn not_found(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        ApiError::not_found().into_response()
    } else {
        PageError::from(ApiError::not_found()).into_response()
    }
}
