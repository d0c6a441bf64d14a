//! "Ask us to call you", and "I have called 999".

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::questionnaire::Help;

use super::card::{Card, cards};
use super::error::HomeError;
use super::frame::Frame;
use super::person::{Person, Sent};
use super::start;
use crate::extract::Ids;
use crate::pages::frame::page;
use crate::problem::ApiError;
use crate::routes::App;

#[derive(Template)]
#[template(path = "home/help.html")]
struct HelpPage {
    frame: Frame,
    faster: String,
    not_sent: String,
}

pub(crate) async fn form(person: Person) -> Response {
    let frame = Frame::of(&person, "/help");
    let phone = &person.home.ward.phone;
    let template = HelpPage {
        faster: frame.t1("home-help-faster", "phone", phone),
        not_sent: frame.t1("home-offline-kept-help", "phone", phone),
        frame,
    };
    page(StatusCode::OK, &template)
}

#[derive(Deserialize)]
pub(crate) struct HelpForm {
    help: String,
}

/// A word of an address or a form.
fn named(help: &str) -> Result<Help, ApiError> {
    match help {
        "call" => Ok(Help::CallMe),
        "999" => Ok(Help::Called999),
        _ => Err(ApiError::not_found()),
    }
}

pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    sent: Sent<HelpForm>,
) -> Result<Response, HomeError> {
    let help = named(&sent.form.help)?;
    app.wards.ask_for_help(sent.person.entering(), help).await?;
    let next = sent.person.path(&format!("/help/{}", sent.form.help));
    Ok(sent.stored(&next))
}

#[derive(Template)]
#[template(path = "home/asked.html")]
struct AskedPage {
    frame: Frame,
    title: String,
    cards: Vec<Card>,
    call: String,
}

pub(crate) async fn asked(
    State(app): State<Arc<App>>,
    what: Result<Ids<(Uuid, String)>, ApiError>,
    person: Person,
) -> Result<Response, HomeError> {
    let Ids((_, what)) = what?;
    let help = named(&what)?;
    let advice = app
        .wards
        .told_about_help(&person.home, help, person.language);
    let today = app.wards.today_at_home(&person.home).await?;
    let frame = Frame::of(&person, &format!("/help/{what}"));
    let template = AskedPage {
        title: frame.t(match help {
            Help::CallMe => "home-help-asked",
            Help::Called999 => "home-help-called",
        }),
        cards: cards(&person.home, &frame, &advice),
        call: start::call(&person, &today),
        frame,
    };
    Ok(page(StatusCode::OK, &template))
}
