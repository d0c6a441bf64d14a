//! "You answered 3 of 7 questions at 09:02": what was begun on this device, and whether to go on with it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use ward_core::questionnaire::Questionnaire;
use ward_core::time::Timestamp;
use ward_service::UnfinishedDiary;
use ward_text::args;

use super::{Given, Step, asked, draw, questions};
use crate::pages::frame::page;
use crate::pages::home::error::HomeError;
use crate::pages::home::frame::Frame;
use crate::pages::home::hours;
use crate::pages::home::person::{Person, Sent};
use crate::routes::App;

/// What was begun and not sent.
pub(crate) struct Begun {
    /// How many answers of how many, and when.
    pub(crate) words: String,
    /// When, on the ward's clock.
    pub(crate) time: String,
    diary: UnfinishedDiary,
    questionnaire: Questionnaire,
}

/// What whoever is at this page has begun.
pub(crate) async fn begun(app: &App, person: &Person) -> Result<Option<Begun>, HomeError> {
    let Some(token) = person.tokens.for_stay(person.at.stay) else {
        return Ok(None);
    };
    let Some(diary) = app.wards.unfinished_diary(token.reveal()).await? else {
        return Ok(None);
    };
    let Some(questionnaire) = questions(app, person).await? else {
        return Ok(None);
    };
    if diary.answers.is_empty() || !diary.answers_to(&questionnaire) {
        return Ok(None);
    }
    let given = Given::again(&diary.answers);
    let row = asked(&questionnaire, &Frame::of(person, ""), &given);
    let time = hours::clock(&person.home.zone, diary.at);
    let args = args![
        "count" => row.iter().filter(|it| !it.value.is_empty()).count(),
        "of" => row.len().to_string(),
        "time" => time.clone(),
    ];
    Ok(Some(Begun {
        words: person.language.say("home-unfinished-text", &args),
        time,
        diary,
        questionnaire,
    }))
}

/// Keeps what was answered so far.
pub(super) async fn keep(
    app: &App,
    person: &Person,
    questionnaire: &Questionnaire,
    step: &Step,
    at: Option<Timestamp>,
) -> Result<(), HomeError> {
    let Some(token) = person.tokens.for_stay(person.at.stay) else {
        return Ok(());
    };
    let diary = UnfinishedDiary {
        id: step.entry(),
        questionnaire: (questionnaire.name.clone(), questionnaire.version),
        place: step.at,
        at: at.unwrap_or(person.home.now),
        answers: step.given.answers(questionnaire),
    };
    let home = &person.home;
    Ok(app
        .wards
        .keep_unfinished_diary(home, token.reveal(), diary)
        .await?)
}

/// It was sent, or is begun anew.
pub(super) async fn drop(app: &App, person: &Person) -> Result<(), HomeError> {
    if let Some(token) = person.tokens.for_stay(person.at.stay) {
        app.wards.drop_unfinished_diary(token.reveal()).await?;
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "home/unfinished.html")]
struct UnfinishedPage {
    frame: Frame,
    words: String,
    changed: String,
}

pub(crate) async fn unfinished(
    State(app): State<Arc<App>>,
    person: Person,
) -> Result<Response, HomeError> {
    let Some(begun) = begun(&app, &person).await? else {
        return Ok(Redirect::to(&person.path("/diary")).into_response());
    };
    let frame = Frame::of(&person, "/diary/unfinished");
    let template = UnfinishedPage {
        words: begun.words,
        changed: frame.t1("home-unfinished-changed", "time", &begun.time),
        frame,
    };
    Ok(page(StatusCode::OK, &template))
}

#[derive(Deserialize)]
pub(crate) struct Decision {
    #[serde(rename = "do", default)]
    todo: String,
}

/// On with the question that comes next, or once more from the first.
pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    sent: Sent<Decision>,
) -> Result<Response, HomeError> {
    let person = &sent.person;
    let from_the_first = Redirect::to(&person.path("/diary"));
    let Some(begun) = begun(&app, person).await? else {
        return Ok(from_the_first.into_response());
    };
    if sent.form.todo == "again" {
        drop(&app, person).await?;
        return Ok(from_the_first.into_response());
    }
    let Begun {
        diary,
        questionnaire,
        ..
    } = begun;
    let given = Given::again(&diary.answers);
    let of = asked(&questionnaire, &Frame::of(person, ""), &given).len();
    let step = Step {
        id: diary.id.0,
        at: diary.place.min(of.saturating_sub(1)),
        given,
        goes_on: true,
    };
    Ok(draw(person, &questionnaire, &step, None))
}
