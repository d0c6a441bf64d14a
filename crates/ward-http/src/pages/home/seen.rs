//! What the ward has received, and when somebody there has looked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ward_core::spo2::Pulse;
use ward_service::{Received, What};
use ward_text::args;

use super::error::HomeError;
use super::frame::Frame;
use super::person::Person;
use super::{hours, number};
use crate::pages::frame::page;
use crate::routes::App;

#[derive(Template)]
#[template(path = "home/seen.html")]
struct SeenPage {
    frame: Frame,
    lines: Vec<Line>,
}

/// One thing that came in.
struct Line {
    what: String,
    at: String,
    received: String,
    seen: Option<String>,
    /// Where its question is answered, if it has one.
    question: Option<String>,
}

pub(crate) async fn shown(
    State(app): State<Arc<App>>,
    person: Person,
) -> Result<Response, HomeError> {
    let received = app.wards.received_at_home(&person.home).await?;
    let frame = Frame::of(&person, "/seen");
    let lines = received
        .iter()
        .map(|it| line(&person, &frame, it))
        .collect();
    Ok(page(StatusCode::OK, &SeenPage { frame, lines }))
}

fn line(person: &Person, frame: &Frame, received: &Received) -> Line {
    let home = &person.home;
    let when = hours::when(frame.language, home, received.at);
    let mut question = None;
    let (what, at) = match &received.what {
        What::Reading(id, values, _, odd) => {
            if odd.is_some() {
                question = Some(person.path(&format!("/result/{id}")));
            }
            let oxygen = number::shown(values.spo2.percent());
            let what = match values.pulse.map(Pulse::bpm) {
                Some(pulse) => frame.language.say(
                    "home-seen-reading-pulse",
                    &args!["oxygen" => oxygen, "pulse" => number::shown(pulse)],
                ),
                None => frame.t1("home-seen-reading", "oxygen", &oxygen),
            };
            (what, "home-seen-at")
        }
        What::NoValue(_) => (frame.t("home-seen-none"), "home-seen-at"),
        What::Diary(_) => (frame.t("home-seen-diary"), "home-seen-answered-at"),
    };
    let clock = |at| hours::clock(&home.zone, at);
    Line {
        what,
        at: frame.t1(at, "when", &when),
        received: frame.t1("home-seen-received", "time", &clock(received.received_at)),
        seen: received
            .seen_at
            .map(|at| frame.t1("home-seen-seen", "time", &clock(at))),
        question,
    }
}
