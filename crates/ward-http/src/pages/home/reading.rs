//! A reading: both numbers are read off one display at one moment, so they are asked together, beside a picture of it.
//!
//! Nothing that an oximeter may show is refused. What looks odd is stored as it was typed and asked about afterwards;
//! what no oximeter shows is kept as a try without a value, and asked for again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::hand::{HandRefused, Typed};
use ward_core::id::ReadingId;
use ward_core::reading::{Context, ObservationSet};
use ward_core::time::Timestamp;
use ward_service::{EntryError, NewReading, NewTry, NoValue};

use super::card::{Offline, offline};
use super::error::HomeError;
use super::frame::{Frame, name};
use super::number;
use super::person::{Person, Sent};
use crate::pages::frame::page;
use crate::problem::ApiError;
use crate::routes::App;

#[derive(Clone, Deserialize)]
pub(crate) struct ReadingForm {
    id: Uuid,
    #[serde(default)]
    oxygen: String,
    #[serde(default)]
    pulse: String,
}

#[derive(Template)]
#[template(path = "home/reading.html")]
struct ReadingPage {
    frame: Frame,
    id: Uuid,
    /// Of "I could not get a reading", which is another thing than the reading.
    none_id: Uuid,
    send: String,
    oxygen: String,
    pulse: String,
    oxygen_error: Option<String>,
    pulse_error: Option<String>,
    offline: Offline,
}

/// What is wrong: in which field, and by which text.
type Wrong = (Field, &'static str);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Oxygen,
    Pulse,
}

fn draw(app: &App, person: &Person, form: Option<&ReadingForm>, wrong: Option<Wrong>) -> Response {
    let frame = Frame::of(person, "/reading");
    let text_of = |field| {
        let wrong = wrong.filter(|(wrong, _)| *wrong == field);
        wrong.map(|(_, id)| frame.t(id))
    };
    let (oxygen_error, pulse_error) = (text_of(Field::Oxygen), text_of(Field::Pulse));
    let send = if person.tokens.are_several() || person.home.carer.is_some() {
        frame.t1("home-reading-send-for", "person", &name(&person.home))
    } else {
        frame.t("home-reading-send")
    };
    let typed = |value: fn(&ReadingForm) -> &String| form.map(value).cloned().unwrap_or_default();
    let template = ReadingPage {
        id: app.wards.clock().new_id(),
        none_id: app.wards.clock().new_id(),
        send,
        oxygen: typed(|form| &form.oxygen),
        pulse: typed(|form| &form.pulse),
        oxygen_error,
        pulse_error,
        offline: offline(&person.home, &frame),
        frame,
    };
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(status, &template)
}

pub(crate) async fn form(State(app): State<Arc<App>>, person: Person) -> Response {
    draw(&app, &person, None, None)
}

/// The two numbers, if they are numbers.
fn parse(form: &ReadingForm) -> Result<Typed, Wrong> {
    if form.oxygen.trim().is_empty() {
        return Err((Field::Oxygen, "home-reading-oxygen-missing"));
    }
    let not_a_number = (Field::Oxygen, "home-reading-oxygen-not-a-number");
    let spo2 = number::typed(&form.oxygen).ok_or(not_a_number)?;
    let pulse = match form.pulse.trim() {
        "" => None,
        text => {
            let not_a_number = (Field::Pulse, "home-reading-pulse-not-a-number");
            Some(number::typed(text).ok_or(not_a_number)?)
        }
    };
    Ok(Typed { spo2, pulse })
}

pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    sent: Sent<ReadingForm>,
) -> Result<Response, HomeError> {
    let (person, form) = (&sent.person, &sent.form);
    let wrong = match parse(form) {
        Ok(typed) => match store(&app, person, form.id, typed, sent.at).await? {
            None => return Ok(sent.stored(&person.path(&format!("/result/{}", form.id)))),
            Some(wrong) => wrong,
        },
        Err(wrong) => wrong,
    };
    if sent.by_script() {
        return Err(ApiError::malformed("Send the form of the page").into());
    }
    Ok(draw(&app, person, Some(form), Some(wrong)))
}

/// Stores a reading; what cannot be one is kept as a try, and what to say of it comes back.
async fn store(
    app: &App,
    person: &Person,
    id: Uuid,
    typed: Typed,
    at: Option<Timestamp>,
) -> Result<Option<Wrong>, HomeError> {
    let reading = NewReading {
        id: ReadingId(id),
        typed,
        at,
        context: Context::Rest,
        observations: ObservationSet::default(),
    };
    match app.wards.enter_reading(person.entering(), reading).await {
        Ok(_) => Ok(None),
        Err(EntryError::UsedId) => Ok(Some((Field::Oxygen, "home-reading-again"))),
        Err(EntryError::Hand { why, .. }) => match why {
            HandRefused::Spo2(_)
            | HandRefused::Pulse(_)
            | HandRefused::Observation(_)
            | HandRefused::NotSwapped => {
                let a_try = NewTry {
                    id: ReadingId(Uuid::new_v5(&id, b"try")),
                    why: NoValue::NotPossible(typed),
                    at,
                };
                app.wards
                    .could_not_measure(person.entering(), a_try)
                    .await?;
                let field = match why {
                    HandRefused::Pulse(_) => Field::Pulse,
                    HandRefused::Spo2(_)
                    | HandRefused::Observation(_)
                    | HandRefused::NotSwapped
                    | HandRefused::Future
                    | HandRefused::BeforeStay => Field::Oxygen,
                };
                Ok(Some((field, "home-reading-cannot-be")))
            }
            HandRefused::Future | HandRefused::BeforeStay => {
                Ok(Some((Field::Oxygen, "home-reading-time")))
            }
        },
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct NoneForm {
    id: Uuid,
}

/// "I could not get a reading" is taken as it is.
pub(crate) async fn none(
    State(app): State<Arc<App>>,
    sent: Sent<NoneForm>,
) -> Result<Response, HomeError> {
    let a_try = NewTry {
        id: ReadingId(sent.form.id),
        why: NoValue::ShowedNothing,
        at: sent.at,
    };
    app.wards
        .could_not_measure(sent.person.entering(), a_try)
        .await?;
    let next = sent.person.path(&format!("/result/{}", sent.form.id));
    Ok(sent.stored(&next))
}
