//! The questions of the day, one on each page. What was answered so far travels with the form; a red symptom is not
//! carried on to the next question: what there is goes to the ward at once, and 999 is said. The ward keeps the rest, too,
//! for whoever leaves half way and comes back.

mod question;
mod unfinished;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::EntryId;
use ward_core::questionnaire::{Answers, Questionnaire, Urgency};
use ward_service::{EntryError, NewEntry};

use super::card::{Offline, offline};
use super::error::HomeError;
use super::frame::Frame;
use super::person::{Person, Sent};
use crate::pages::frame::page;
use crate::problem::ApiError;
use crate::routes::App;
use question::{Answered, Asked, Given, asked};
pub(crate) use unfinished::{begun, decide, unfinished};

#[derive(Template)]
#[template(path = "home/diary.html")]
struct DiaryPage {
    frame: Frame,
    id: Uuid,
    /// The name and the version that these are the questions of.
    version: String,
    /// Where in the row this page stands, from 0.
    at: usize,
    /// How many there are.
    of: usize,
    /// All of them: this page's, and for a script those of the other pages.
    questions: Vec<Asked>,
    /// What was answered on other pages: field and value.
    carried: Vec<(String, String)>,
    /// It was begun before: a script goes on from here, with the same entry.
    goes_on: bool,
    error: Option<String>,
    offline: Offline,
}

impl DiaryPage {
    /// A page that was not sent yet has nothing wrong.
    fn none_yet(&self) -> Option<String> {
        None
    }

    fn progress(&self, place: &usize) -> String {
        let mut args = ward_text::args![];
        args.set("number", (place + 1).to_string());
        args.set("of", self.of.to_string());
        self.frame.language.say("home-diary-progress", &args)
    }

    const fn is_here(&self, place: &usize) -> bool {
        *place == self.at
    }

    const fn is_last(&self, place: &usize) -> bool {
        *place + 1 >= self.of
    }
}

#[derive(Template)]
#[template(path = "home/no_diary.html")]
struct NoDiaryPage {
    frame: Frame,
}

/// The questions that the plan asks; those that are a reading are asked on a reading's own page.
async fn questions(app: &App, person: &Person) -> Result<Option<Questionnaire>, HomeError> {
    match app.wards.questions_for(&person.at).await {
        Ok(questionnaire) => Ok(Some(questionnaire)),
        Err(EntryError::NoDiary) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct Asking {
    /// The questions from the first on, whatever was begun: what a device keeps for when there is no internet.
    new: Option<String>,
}

pub(crate) async fn form(
    State(app): State<Arc<App>>,
    Query(asking): Query<Asking>,
    person: Person,
) -> Result<Response, HomeError> {
    let Some(questionnaire) = questions(&app, &person).await? else {
        let frame = Frame::of(&person, "/diary");
        return Ok(page(StatusCode::OK, &NoDiaryPage { frame }));
    };
    if asking.new.is_none() && begun(&app, &person).await?.is_some() {
        let ask = person.path("/diary/unfinished");
        return Ok(Redirect::to(&ask).into_response());
    }
    let step = Step {
        id: app.wards.clock().new_id(),
        at: 0,
        given: Given::default(),
        goes_on: false,
    };
    Ok(draw(&person, &questionnaire, &step, None))
}

/// Where somebody is in the row, with what they have answered.
struct Step {
    id: Uuid,
    at: usize,
    given: Given,
    /// They have just come back to what they had begun.
    goes_on: bool,
}

impl Step {
    const fn entry(&self) -> EntryId {
        EntryId(self.id)
    }
}

fn draw(
    person: &Person,
    questionnaire: &Questionnaire,
    step: &Step,
    wrong: Option<(StatusCode, String)>,
) -> Response {
    let frame = Frame::of(person, "/diary");
    let questions = asked(questionnaire, &frame, &step.given);
    let here = questions.get(step.at).map(|it| it.field.clone());
    let template = DiaryPage {
        id: step.id,
        version: format!("{} {}", questionnaire.name, questionnaire.version),
        at: step.at,
        of: questions.len(),
        carried: step.given.but(here.as_deref().unwrap_or_default()),
        questions,
        goes_on: step.goes_on,
        error: wrong.as_ref().map(|(_, text)| text.clone()),
        offline: offline(&person.home, &frame),
        frame,
    };
    page(
        wrong.map_or(StatusCode::OK, |(status, _)| status),
        &template,
    )
}

/// One step: on, back, or to the ward.
pub(crate) async fn step(
    State(app): State<Arc<App>>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, HomeError> {
    let person = &sent.person;
    let Some(questionnaire) = questions(&app, person).await? else {
        let frame = Frame::of(person, "/diary");
        return Ok(page(StatusCode::OK, &NoDiaryPage { frame }));
    };
    let field = |name: &str| sent.form.iter().find(|(field, _)| field == name);
    let value = |name: &str| field(name).map_or("", |(_, value)| value.as_str());
    let frame = Frame::of(person, "/diary");
    let of = asked(&questionnaire, &frame, &Given::default()).len();
    let mut step = Step {
        id: value("id").parse().map_err(|_| no_form())?,
        at: value("at")
            .parse::<usize>()
            .unwrap_or(0)
            .min(of.saturating_sub(1)),
        given: Given::of(&sent.form),
        goes_on: false,
    };
    let todo = value("do");
    if todo == "keep" {
        // The device's script, which goes from question to question by itself.
        unfinished::keep(&app, person, &questionnaire, &step, sent.at).await?;
        return Ok(sent.stored(&person.path("/diary")));
    }
    let here = asked(&questionnaire, &frame, &step.given);
    let here = here.get(step.at).ok_or_else(no_form)?;
    if todo == "skip" {
        step.given.forget(&here.field);
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    match here.check(&step.given, &frame) {
        Err(_) if todo == "back" => step.given.forget(&here.field),
        Err(text) => return refused(&sent, &questionnaire, &step, unprocessable, text),
        Ok(false) if todo == "next" => {
            let text = here.missing(&frame);
            return refused(&sent, &questionnaire, &step, unprocessable, text);
        }
        Ok(_) => {}
    }
    let answers = step.given.answers(&questionnaire);
    let red = questionnaire.listen(&answers).urgency() == Some(Urgency::Red);
    let is_last = step.at + 1 >= of;
    let goes_back = todo == "back";
    if !red && (goes_back || !(is_last || todo == "send")) {
        step.at = if goes_back {
            step.at.saturating_sub(1)
        } else {
            step.at + 1
        };
        unfinished::keep(&app, person, &questionnaire, &step, sent.at).await?;
        return Ok(draw(person, &questionnaire, &step, None));
    }
    submit(&app, &sent, &questionnaire, step, answers).await
}

async fn submit(
    app: &App,
    sent: &Sent<Vec<(String, String)>>,
    questionnaire: &Questionnaire,
    step: Step,
    answers: Answers,
) -> Result<Response, HomeError> {
    let frame = Frame::of(&sent.person, "/diary");
    if answers.is_empty() {
        let text = frame.t("home-diary-nothing");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return refused(sent, questionnaire, &step, status, text);
    }
    let entry = NewEntry {
        id: step.entry(),
        questionnaire: Some((questionnaire.name.clone(), questionnaire.version)),
        at: sent.at,
        answers,
    };
    let submitted = app.wards.submit_diary(sent.person.entering(), entry).await;
    match submitted {
        Ok(_) => {
            unfinished::drop(app, &sent.person).await?;
            let next = sent.person.path(&format!("/result/{}", step.id));
            Ok(sent.stored(&next))
        }
        // Sent before from this page, and answered otherwise since: another entry, then.
        Err(EntryError::UsedId) => {
            let id = app.wards.clock().new_id();
            let text = frame.t("home-reading-again");
            let step = Step { id, ..step };
            refused(sent, questionnaire, &step, StatusCode::CONFLICT, text)
        }
        Err(error) => Err(error.into()),
    }
}

/// The same page once more, with what was typed.
fn refused(
    sent: &Sent<Vec<(String, String)>>,
    questionnaire: &Questionnaire,
    step: &Step,
    status: StatusCode,
    text: String,
) -> Result<Response, HomeError> {
    if sent.by_script() {
        return Err(ApiError::malformed("Send the form of the page").into());
    }
    let wrong = Some((status, text));
    Ok(draw(&sent.person, questionnaire, step, wrong))
}

fn no_form() -> ApiError {
    ApiError::malformed("Load the page again, and send its form")
}
