//! After a call that asks for something: what to tell before anybody hangs up, and what is still asked about a value.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::entry::Means;
use ward_core::hand::{Odd, OddAnswer, Typed};
use ward_core::id::{ContactId, ReadingId, StayId};
use ward_core::permit::Verb;
use ward_service::{AfterCall, ChartLine, Entering, SaidBy};
use ward_wire::calls::{Way, WhatView, Whom};

use super::contacts::ContactLine;
use super::form::number;
use super::heard::Say;
use super::list::load;
use super::row::Drawn;
use super::words::{Why, of_band};
use crate::calls_view;
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::diary::chart_line;

#[derive(Template)]
#[template(path = "calls/after.html")]
struct AfterPage {
    chrome: Chrome,
    ward: Uuid,
    stay: Uuid,
    contact: Uuid,
    name: String,
    phone: String,
    line: ContactLine,
    say: Vec<Say>,
    why: Vec<Why>,
    readings: Vec<Reading>,
    errors: FormErrors,
    typed: AnswerForm,
    may_act: bool,
}

/// A reading that was told.
struct Reading {
    id: Uuid,
    percent: String,
    pulse: String,
    level: &'static str,
    mark: &'static str,
    word: &'static str,
    struck: bool,
    asked: Option<String>,
    answers: Vec<Choice>,
}

/// The answer to what was asked about a value.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct AnswerForm {
    answer: String,
    right_oxygen: String,
    right_pulse: String,
}

type CallIds = Result<Ids<(Uuid, Uuid, Uuid)>, ApiError>;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    ids: CallIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, contact)) = ids?;
    let (typed, errors) = (AnswerForm::default(), FormErrors::default());
    again(&app, &staff, (stay, contact), StatusCode::OK, typed, errors).await
}

async fn again(
    app: &App,
    staff: &Staff,
    (stay, contact): (Uuid, Uuid),
    status: StatusCode,
    typed: AnswerForm,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let after = after_call(app, staff, stay, contact).await?;
    let papers = app.wards.stay_papers(permit, StayId(stay)).await?;
    let papers = papers.ok_or_else(ApiError::not_found)?;
    let drawn = load(app, staff).await?;
    let plan = &papers.stay.plan;
    let readings = after
        .readings
        .iter()
        .map(|line| reading(line, plan, &typed));
    let page = AfterPage {
        chrome: staff.chrome(Here::CallList),
        ward: staff.ward.id.0,
        stay,
        contact,
        name: papers.patient.display_name(),
        phone: papers.patient.phone.clone(),
        line: line(&after, &drawn),
        say: Say::all(&after.advice),
        why: drawn
            .find(stay)
            .map(|(_, row)| drawn.why(row))
            .unwrap_or_default(),
        readings: readings.collect(),
        errors,
        typed,
        may_act: staff.may(Verb::AcknowledgeAlert),
    };
    Ok(staff.answer(status, &page))
}

async fn after_call(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    contact: Uuid,
) -> Result<AfterCall, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let after = app
        .wards
        .after_call(permit, StayId(stay), ContactId(contact))
        .await?;
    Ok(after.ok_or_else(ApiError::not_found)?)
}

fn line(after: &AfterCall, drawn: &Drawn) -> ContactLine {
    let names = drawn.calls.snapshot.staff.iter();
    let names = names.map(|(id, name)| (id.0, name.clone())).collect();
    ContactLine::of(&calls_view::stored(&after.contact), &names, &drawn.times)
}

fn reading(
    line: &ChartLine,
    plan: &ward_core::plan::MonitoringPlan,
    typed: &AnswerForm,
) -> Reading {
    let shown = chart_line(line, plan);
    let (level, mark, word) = shown.band.map(of_band).unwrap_or_default();
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    Reading {
        id: shown.reading,
        percent: number(shown.spo2_percent),
        pulse: number(shown.pulse_bpm),
        level,
        mark,
        word,
        struck: shown.struck.is_some(),
        asked: line.asked.map(|odd| {
            match odd {
                Odd::Swapped => "Oxygen and pulse look swapped. Ask them to look again.",
                Odd::VeryLow => "This is very low. Ask them to warm the hand and look again.",
                Odd::UnlikelyPulse => "This pulse is unusual. Ask them to look again.",
            }
            .to_owned()
        }),
        answers: [
            ("as-typed", "They looked again: it is so"),
            ("swapped", "The two were swapped"),
            ("corrected", "Neither: these are right"),
        ]
        .into_iter()
        .map(|(value, words)| Choice::new(value, words, &typed.answer))
        .collect(),
    }
}

/// Answers what was asked about a value that was kept in doubt.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<AnswerForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, contact, reading)) = ids?;
    let permit = staff.needs(Verb::EnterForPatient)?;
    let here = (stay, contact);
    let answer = match (form.answer.as_str(), number(&form.right_oxygen)) {
        ("as-typed", _) => OddAnswer::AsTyped,
        ("swapped", _) => OddAnswer::Swapped,
        ("corrected", Some(spo2)) => OddAnswer::Corrected(Typed {
            spo2,
            pulse: number(&form.right_pulse),
        }),
        ("corrected", None) => {
            let errors =
                FormErrors::one("right-oxygen", "Enter oxygen as a number, for example 94");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&app, &staff, here, status, form, errors).await;
        }
        _ => {
            let errors = FormErrors::one("answer", "Choose what they said");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&app, &staff, here, status, form, errors).await;
        }
    };
    let call = after_call(&app, &staff, stay, contact).await?;
    let (said_by, means) = who(&call);
    let entering = Entering::by_staff(permit, StayId(stay), said_by, means)?;
    let answered = app
        .wards
        .answer_question(entering, ReadingId(reading), answer)
        .await;
    match answered {
        Ok(_) => {
            let path = staff.path(&format!("/call-list/{stay}/said/{contact}"));
            Ok(on_to(&path, "The reading is as they said now."))
        }
        Err(error) => {
            let error: ApiError = error.into();
            let errors = FormErrors::one("answer", sentence(error.detail()));
            again(&app, &staff, here, error.status(), form, errors).await
        }
    }
}

/// Who told the values of a call, and how.
fn who(call: &AfterCall) -> (SaidBy, Means) {
    let view = calls_view::stored(&call.contact);
    let WhatView::Call {
        whom, name, way, ..
    } = view.what
    else {
        return (SaidBy::Patient, Means::Telephone);
    };
    let said_by = match whom {
        Whom::Patient => SaidBy::Patient,
        Whom::Carer | Whom::NextOfKin | Whom::WelfareCheck => SaidBy::Carer(name),
    };
    let means = match way {
        Way::Telephone => Means::Telephone,
        Way::Video => Means::Video,
        Way::Visit => Means::Visit,
    };
    (said_by, means)
}
