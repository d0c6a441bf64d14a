//! The call list: everybody who is due, rung by one handler after the other; and how anybody is found.
//!
//! One page is the list, one is the call: who, why now, what to say, and the form that writes the call down. Whoever saves
//! comes to the next person, unless something has to be said first to the one who is still on the line.

mod act;
mod after;
mod claim;
mod contacts;
mod find;
mod form;
mod heard;
mod list;
mod person;
mod print;
mod record;
mod row;
mod script;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::routes::App;

/// A path of one person's call.
macro_rules! call {
    ($rest:literal) => {
        concat!("/wards/{ward}/call-list/{stay}", $rest)
    };
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/find", get(find::form).post(find::look))
        .route("/wards/{ward}/call-list", get(list::list))
        .route("/wards/{ward}/call-list/next", post(claim::next))
        .route("/wards/{ward}/call-list/print", get(print::print))
        .route(
            "/wards/{ward}/call-list/script",
            get(script::show).post(script::set),
        )
        .route(call!(""), get(person::show).post(record::write_down))
        .route(call!("/say"), post(record::say))
        .route(call!("/claim"), post(claim::claim))
        .route(call!("/release"), post(claim::release))
        .route(call!("/visit"), post(act::visit))
        .route(call!("/onward"), post(act::onward))
        .route(call!("/video"), post(act::video))
        .route(call!("/stop-ladder"), post(act::stop_ladder))
        .route(call!("/announce"), post(act::announce))
        .route(call!("/said/{contact}"), get(after::show))
        .route(call!("/said/{contact}/{reading}"), post(after::answer))
}
