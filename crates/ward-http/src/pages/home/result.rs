//! What to do now: the answer to everything that somebody at home sends, and the question about odd numbers. The address
//! stays good: it says what counts at the time that it is looked at.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::advice::Advice;
use ward_core::hand::{Odd, OddAnswer, Typed};
use ward_core::id::ReadingId;
use ward_service::{EntryError, Given, GivenReading, Told};
use ward_text::args;

use super::card::{Card, Look, cards};
use super::error::HomeError;
use super::frame::Frame;
use super::person::{Person, Sent};
use super::{hours, number, start};
use crate::extract::Ids;
use crate::pages::frame::page;
use crate::problem::ApiError;
use crate::routes::App;

#[derive(Template)]
#[template(path = "home/result.html")]
struct ResultPage {
    frame: Frame,
    title: String,
    /// The first card is an emergency: it stands before everything.
    emergency: bool,
    cards: Vec<Card>,
    notes: Vec<Card>,
    /// Oxygen and pulse as they count.
    numbers: Option<(String, String)>,
    question: Option<Question>,
    no_value: bool,
    no_value_3: String,
    incomplete: bool,
    received: String,
    seen: Option<String>,
    call: String,
    diary_is_due: bool,
    several: bool,
}

/// What is asked about odd numbers.
struct Question {
    typed: String,
    swapped: Option<String>,
    oxygen: String,
    pulse: String,
    error: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OddForm {
    it_is: String,
    oxygen: String,
    pulse: String,
}

async fn draw(
    app: &App,
    person: &Person,
    entry: Uuid,
    wrong: Option<(&OddForm, &str)>,
) -> Result<Response, HomeError> {
    let told = app
        .wards
        .told_at_home(&person.home, entry, person.language)
        .await?;
    let told = told.ok_or_else(ApiError::not_found)?;
    let today = app.wards.today_at_home(&person.home).await?;
    let frame = Frame::of(person, &format!("/result/{entry}"));
    let (home, zone) = (&person.home, &person.home.zone);
    let all = cards(home, &frame, &told.advice);
    let emergency = all.first().is_some_and(|card| card.look == Look::Emergency);
    let (mut notes, cards): (Vec<Card>, Vec<Card>) =
        all.into_iter().partition(|it| it.look.is_note());
    if emergency {
        // The question itself stands below, and 999 above.
        notes.retain(|note| note.advice != Advice::AskedBack);
    }
    let reading = match &told.given {
        Given::Reading(reading) => Some(reading),
        Given::NoValue(_) | Given::Diary { .. } => None,
    };
    let template = ResultPage {
        title: frame.t(title(&told)),
        emergency,
        cards,
        notes,
        numbers: reading.map(|reading| numbers(&frame, reading)),
        question: reading
            .filter(|reading| reading.odd.is_some())
            .and_then(|reading| question(&frame, reading, wrong)),
        no_value: matches!(told.given, Given::NoValue(_)),
        no_value_3: frame.t1("home-result-none-3", "phone", &home.ward.phone),
        incomplete: matches!(told.given, Given::Diary { complete: false }),
        received: frame.t1(
            "home-result-received",
            "time",
            &hours::clock(zone, told.received_at),
        ),
        seen: told
            .seen_at
            .map(|at| frame.t1("home-result-seen", "time", &hours::clock(zone, at))),
        call: start::call(person, &today),
        diary_is_due: !matches!(told.given, Given::Diary { .. })
            && !today.diary_done
            && today.diary.is_some_and(|slot| slot.opens <= home.now),
        several: person.tokens.are_several(),
        frame,
    };
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(page(status, &template))
}

const fn title(told: &Told) -> &'static str {
    match told.given {
        Given::Reading(_) => "home-result-reading",
        Given::NoValue(_) => "home-result-none",
        Given::Diary { .. } => "home-result-diary",
    }
}

fn numbers(frame: &Frame, reading: &GivenReading) -> (String, String) {
    let pulse = reading.values.pulse.map(|pulse| number::shown(pulse.bpm()));
    (
        number::shown(reading.values.spo2.percent()),
        pulse.unwrap_or_else(|| frame.t("home-result-no-pulse")),
    )
}

fn question(
    frame: &Frame,
    reading: &GivenReading,
    wrong: Option<(&OddForm, &str)>,
) -> Option<Question> {
    let typed = reading.typed?;
    let both = |id: &str, Typed { spo2, pulse }: Typed| {
        let pulse = pulse.map(number::shown).unwrap_or_default();
        let args = args!["oxygen" => number::shown(spo2), "pulse" => pulse];
        frame.language.say(id, &args)
    };
    let swapped = typed.pulse.map(|pulse| Typed {
        spo2: pulse,
        pulse: Some(typed.spo2),
    });
    let id = if typed.pulse.is_some() {
        "home-odd-typed"
    } else {
        "home-odd-typed-alone"
    };
    Some(Question {
        typed: both(id, typed),
        swapped: swapped
            .filter(|_| reading.odd == Some(Odd::Swapped))
            .map(|swapped| both("home-odd-swapped", swapped)),
        oxygen: wrong
            .map(|(form, _)| form.oxygen.clone())
            .unwrap_or_default(),
        pulse: wrong
            .map(|(form, _)| form.pulse.clone())
            .unwrap_or_default(),
        error: wrong.map(|(_, id)| frame.t(id)),
    })
}

pub(crate) async fn shown(
    State(app): State<Arc<App>>,
    entry: Entry,
    person: Person,
) -> Result<Response, HomeError> {
    draw(&app, &person, entry?.0.1, None).await
}

/// The person and the entry of an address.
type Entry = Result<Ids<(Uuid, Uuid)>, ApiError>;

/// The answer to odd numbers.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    entry: Entry,
    sent: Sent<OddForm>,
) -> Result<Response, HomeError> {
    let entry = entry?.0.1;
    let person = &sent.person;
    let told = app
        .wards
        .told_at_home(&person.home, entry, person.language)
        .await?;
    let told = told.ok_or_else(ApiError::not_found)?;
    let here = person.path(&format!("/result/{entry}"));
    let Given::Reading(GivenReading {
        id, odd: Some(_), ..
    }) = told.given
    else {
        // Somebody was first, on another page or on the telephone: the page says what counts.
        return Ok(sent.stored(&here));
    };
    let answer = match right(&sent.form) {
        Ok(answer) => answer,
        Err(wrong) => return draw(&app, person, entry, Some((&sent.form, wrong))).await,
    };
    let answered = app
        .wards
        .answer_question(person.entering(), ReadingId(id.0), answer)
        .await;
    match answered {
        Ok(_) | Err(EntryError::AlreadyAnswered | EntryError::NotAsked) => Ok(sent.stored(&here)),
        Err(EntryError::Hand { .. }) => {
            let wrong = Some((&sent.form, "home-reading-cannot-be"));
            draw(&app, person, entry, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

fn right(form: &OddForm) -> Result<OddAnswer, &'static str> {
    match form.it_is.as_str() {
        "as_typed" => Ok(OddAnswer::AsTyped),
        "swapped" => Ok(OddAnswer::Swapped),
        "corrected" => {
            let spo2 = number::typed(&form.oxygen).ok_or("home-reading-oxygen-not-a-number")?;
            let pulse = match form.pulse.trim() {
                "" => None,
                text => Some(number::typed(text).ok_or("home-reading-pulse-not-a-number")?),
            };
            Ok(OddAnswer::Corrected(Typed { spo2, pulse }))
        }
        _ => Err("home-odd-choose"),
    }
}
