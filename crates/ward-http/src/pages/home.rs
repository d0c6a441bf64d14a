//! Patients' own pages, and those of who cares for them: readings, questions, what to do now, and "ask us to call you".
//!
//! Everything works as a plain form. Whoever comes in by a code stays signed in on that device for as long as the stay
//! lasts; a device may know several people, and then each page is one person's by its address, never by what was open
//! last. What is entered carries an id of its own, so that what a device sends again after a lost answer is one entry.

mod app;
mod card;
mod code;
mod diary;
mod error;
mod frame;
mod help;
mod hours;
mod language;
mod number;
mod person;
mod reading;
mod result;
mod seen;
mod start;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/home", get(start::people))
        .route("/home/code", get(code::form).post(code::enter))
        .route("/home/language", get(language::form).post(language::choose))
        .route("/home/offline", get(app::offline))
        .route("/home/line", get(app::line))
        .route("/home/manifest.webmanifest", get(app::manifest))
        .route("/home/worker.js", get(app::worker))
        .route("/home/{stay}", get(start::start))
        .route("/home/{stay}/how", get(start::how))
        .route("/home/{stay}/leave", get(start::leaving).post(start::leave))
        .route(
            "/home/{stay}/reading",
            get(reading::form).post(reading::enter),
        )
        .route("/home/{stay}/reading/none", post(reading::none))
        .route("/home/{stay}/diary", get(diary::form).post(diary::step))
        .route(
            "/home/{stay}/diary/unfinished",
            get(diary::unfinished).post(diary::decide),
        )
        .route(
            "/home/{stay}/result/{entry}",
            get(result::shown).post(result::answer),
        )
        .route("/home/{stay}/help", get(help::form).post(help::ask))
        .route("/home/{stay}/help/{what}", get(help::asked))
        .route("/home/{stay}/seen", get(seen::shown))
        .layer(axum::middleware::from_fn(error::draw))
}
