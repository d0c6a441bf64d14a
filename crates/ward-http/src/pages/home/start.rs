//! The first page of a person, the choice between several, and what belongs to the device.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::civil::Date;
use ward_core::day::Zone;
use ward_core::id::StayId;
use ward_core::silence::Slot;
use ward_core::stay::Phase;
use ward_service::words::date_in;
use ward_service::{AccessError, NextCall, Today};
use ward_text::args;

use super::error::HomeError;
use super::frame::{Frame, name};
use super::hours;
use super::language;
use super::person::{Person, Sent};
use super::tokens::Tokens;
use crate::pages::frame::page;
use crate::routes::App;

#[derive(Template)]
#[template(path = "home/people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Somebody>,
}

struct Somebody {
    path: String,
    name: String,
    born: String,
    ward: String,
}

/// Nobody: the way in. One: their page. Several: the choice, each time.
pub(crate) async fn people(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, HomeError> {
    let tokens = Tokens::of(&headers, &app);
    if let Some(stay) = tokens.only() {
        return Ok(Redirect::to(&format!("/home/{stay}")).into_response());
    }
    let mut people = Vec::new();
    let mut gone: Vec<StayId> = Vec::new();
    for (stay, token) in tokens.iter() {
        let who = match app.wards.at_home(token.reveal()).await {
            Ok(who) => who,
            Err(AccessError::NotKnown | AccessError::Over(_)) => {
                gone.push(*stay);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let Some(home) = app.wards.home(&who).await? else {
            continue;
        };
        people.push(Somebody {
            path: format!("/home/{stay}"),
            name: name(&home),
            born: home.patient.birth_date.on_screen(),
            ward: home.ward.name.clone(),
        });
    }
    people.sort_by(|one, other| one.name.cmp(&other.name));
    let language = language::of(&headers, "");
    let template = PeoplePage {
        frame: Frame::of_nobody(language, "/home".to_owned()),
        people,
    };
    let drawn = page(StatusCode::OK, &template);
    if gone.is_empty() {
        return Ok(drawn);
    }
    let left = gone.into_iter().fold(tokens, Tokens::without);
    let cookie = AppendHeaders([(header::SET_COOKIE, left.cookie(&app)?)]);
    Ok((cookie, drawn).into_response())
}

#[derive(Template)]
#[template(path = "home/start.html")]
struct StartPage {
    frame: Frame,
    title: String,
    call_999: String,
    running: bool,
    reading: String,
    diary: Option<String>,
    /// How much of today's questions was answered and not sent.
    begun: Option<String>,
    call: String,
    caller_words: Option<String>,
    asked: Option<String>,
}

pub(crate) async fn start(
    State(app): State<Arc<App>>,
    person: Person,
) -> Result<Response, HomeError> {
    let today = app.wards.today_at_home(&person.home).await?;
    let frame = Frame::of(&person, "");
    let who = name(&person.home);
    let carer = person.home.carer.is_some();
    let title = if carer {
        frame.t1("home-start-title-carer", "person", &who)
    } else {
        frame.t("home-start-title")
    };
    let call_999 = frame.t(if carer {
        "home-start-999-title-carer"
    } else {
        "home-start-999-title"
    });
    let caller_words = match (&today.caller, today.call) {
        (_, NextCall::NotPlanned | NextCall::Visit(_)) => None,
        (Some(name), _) => Some(frame.t1("home-calls-by", "name", name)),
        (None, _) => Some(frame.t1("home-calls-by-team", "ward", &person.home.ward.name)),
    };
    let asked = today.asked.first();
    let begun = super::diary::begun(&app, &person).await?;
    let template = StartPage {
        title,
        call_999,
        running: person.home.stay.phase == Phase::Active,
        reading: due(
            &frame,
            &person,
            today.reading,
            today.reading_done,
            "home-start-reading",
        )
        .unwrap_or_else(|| frame.t("home-start-reading-any")),
        diary: person.home.care.diary.is_some().then(|| {
            due(
                &frame,
                &person,
                today.diary,
                today.diary_done,
                "home-start-diary",
            )
            .unwrap_or_default()
        }),
        call: call(&person, &today),
        begun: begun.map(|it| it.words),
        caller_words,
        asked: asked.map(|reading| person.path(&format!("/result/{reading}"))),
        frame,
    };
    Ok(page(StatusCode::OK, &template))
}

/// Whether it is time, was done, or when it is next.
fn due(frame: &Frame, person: &Person, slot: Option<Slot>, done: bool, id: &str) -> Option<String> {
    let slot = slot?;
    let home = &person.home;
    if home.now < slot.opens {
        let when = hours::when(frame.language, home, slot.at);
        return Some(frame.t1(&format!("{id}-next"), "when", &when));
    }
    let time = hours::clock(&home.zone, slot.at);
    let what = if done { "done" } else { "due" };
    Some(frame.t1(&format!("{id}-{what}"), "time", &time))
}

/// When the ward rings, as a sentence.
pub(crate) fn call(person: &Person, today: &Today) -> String {
    let (home, language) = (&person.home, person.language);
    let at = |id: &str, when| language.say(id, &args!["when" => hours::when(language, home, when)]);
    match today.call {
        NextCall::At(when) => at("home-calls-at", when),
        NextCall::Visit(when) => at("home-calls-visit", when),
        NextCall::On(day) => on(person, day),
        NextCall::NotPlanned => language.say(
            "home-calls-none",
            &args!["phone" => home.ward.phone.clone()],
        ),
    }
}

fn on(person: &Person, day: Date) -> String {
    let language = person.language;
    let today = person.home.zone.day_of(person.home.now);
    match Zone::days_between(today, day) {
        ..=0 => language.say("home-calls-today", &args![]),
        1 => language.say("home-calls-tomorrow", &args![]),
        _ => language.say("home-calls-on", &args!["date" => date_in(language, day)]),
    }
}

#[derive(Template)]
#[template(path = "home/how.html")]
struct HowPage {
    frame: Frame,
}

pub(crate) async fn how(person: Person) -> Response {
    let frame = Frame::of(&person, "/how");
    page(StatusCode::OK, &HowPage { frame })
}

#[derive(Template)]
#[template(path = "home/leave.html")]
struct LeavePage {
    frame: Frame,
    button: String,
}

pub(crate) async fn leaving(person: Person) -> Response {
    let frame = Frame::of(&person, "/leave");
    let button = frame.t1("home-leave-send", "person", &name(&person.home));
    page(StatusCode::OK, &LeavePage { frame, button })
}

/// Lets go of a person: their token is good for nothing any more, on this device or on a copy of it.
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    sent: Sent<Nothing>,
) -> Result<Response, HomeError> {
    let Person { at, tokens, .. } = sent.person;
    if let Some(token) = tokens.for_stay(at.stay) {
        app.wards.let_go(token.reveal()).await?;
    }
    let left = tokens.without(at.stay);
    let cookie = AppendHeaders([(header::SET_COOKIE, left.cookie(&app)?)]);
    Ok((cookie, Redirect::to("/home")).into_response())
}

/// A form whose button is all that there is.
#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}
