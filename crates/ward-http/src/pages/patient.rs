//! The page of one patient, for the staff: what was measured, said and done, what is planned, who the person is.

mod alerts;
pub(in crate::pages) mod charts;
mod contacts;
mod correct;
mod diary;
mod enter;
mod exertion;
mod explain;
mod kit;
mod messages;
mod moves;
mod news2;
mod overview;
mod person;
mod plan;
mod plan_form;
mod readings;
mod summary;
mod top;
mod words;

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) use explain::next_steps;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(overview::routes())
        .merge(readings::routes())
        .merge(enter::routes())
        .merge(exertion::routes())
        .merge(alerts::routes())
        .merge(explain::routes())
        .merge(diary::routes())
        .merge(contacts::routes())
        .merge(correct::routes())
        .merge(plan::routes())
        .merge(plan_form::routes())
        .merge(kit::routes())
        .merge(person::routes())
        .merge(messages::routes())
        .merge(moves::routes())
        .merge(summary::routes())
}

/// A path below one stay.
macro_rules! stay_path {
    ($rest:literal) => {
        concat!("/wards/{ward}/stays/{stay}", $rest)
    };
}

use stay_path;
